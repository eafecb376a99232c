//! Cars of several sizes: written and sent, opened, checked, shared; and the references on the same bytes.

use crate::{evaluate, folder, median};
use carnet_e2e::{Browser, PASSPHRASE, Page, Relay, Step};
use serde_json::{Map, Value, json};
use std::time::{Duration, Instant};

const SIZES: [u32; 3] = [100, 1_000, 10_000];
const ROUNDS: usize = 5;

/// Whose shares stand when one is taken back.
const GRANTEES: u32 = 50;

/// Kilometres between two records of a benched car.
const KM_EACH: u32 = 20;

/// Preparing and running the references on 10,000 records takes about a minute.
const PATIENCE: Duration = Duration::from_secs(900);

/// All sizes, or only one.
pub async fn measure(only: Option<u32>) -> Step<Value> {
    let relay = Relay::start().await?;
    let references = Relay::serving(folder("CARNET_REFERENCE_DIR")?).await?;
    let mut figures = Map::new();
    for records in only.map_or(SIZES.to_vec(), |records| vec![records]) {
        eprintln!("  {records} records");
        figures.insert(records.to_string(), of_size(records, &relay, &references).await?);
    }
    Ok(figures.into())
}

async fn of_size(records: u32, relay: &Relay, references: &Relay) -> Step<Value> {
    let browser = Browser::start().await?;
    let page = browser.page();
    page.set_up_wallet(&relay.origin()).await?;
    page.driver().set_script_timeout(PATIENCE).await?;
    let (vehicle, append) = append(records, &page, relay).await?;
    let (mut opened, mut again) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        // Something changed since it was shown, or nothing: without the screen that was kept, and with it.
        keep_screen(&page, &vehicle, false).await?;
        opened.push(open(&page, relay, &vehicle).await?);
        settled(&page).await?;
        keep_screen(&page, &vehicle, true).await?;
        again.push(open(&page, relay, &vehicle).await?);
        settled(&page).await?;
    }
    let journals = again.iter().filter(|round| round["parts"]["open journal"].is_number()).count();
    if journals > 0 {
        return Err(format!("{journals} of {ROUNDS} times the kept screen was not shown").into());
    }
    let check = check(&page, &vehicle).await?;
    let grant = grant(&page, &vehicle).await?;
    let revocation = revocation(&page, &vehicle).await?;
    let sale = sale(&page, relay, &vehicle, records).await?;
    let sizes = evaluate(&page, "return window.wasmBindings.bench_sizes(given[0])", vec![json!(vehicle)]).await?;
    let sizes = json!({ "sealed": sizes[0], "header": sizes[1], "text": sizes[2] });
    page.open(&references.direct_origin()).await?;
    page.driver().set_script_timeout(PATIENCE).await?;
    let body = "while (!window.reference) await new Promise((go) => setTimeout(go, 20)); \
                return window.reference(...given)";
    let reference = evaluate(&page, body, vec![json!(records), sizes.clone(), json!(ROUNDS)]).await?;
    Ok(
        json!({ "append": append, "open": summary(&opened), "again": summary(&again), "check": check, "grant": grant, "revocation": revocation, "sale": sale, "sizes": sizes, "reference": reference }),
    )
}

/// Writes the car and waits until its outbox is empty; gives its id.
async fn append(records: u32, page: &Page, relay: &Relay) -> Step<(String, Value)> {
    settled(page).await?;
    let before = requests(relay);
    let start = Instant::now();
    let vehicle = evaluate(page, "return window.wasmBindings.bench_add(given[0])", vec![json!(records)]).await?;
    let local_ms = milliseconds(start);
    settled(page).await?;
    let sent_ms = milliseconds(start) - local_ms;
    let requests = requests(relay) - before;
    let vehicle = vehicle.as_str().ok_or("no id")?.to_owned();
    Ok((vehicle, json!({ "local_ms": local_ms, "sent_ms": sent_ms, "requests": requests })))
}

/// Waits until nothing waits to be sent.
async fn settled(page: &Page) -> Step {
    let body = "while (window.wasmBindings.bench_waiting() !== 0) await new Promise((go) => setTimeout(go, 10))";
    evaluate(page, body, Vec::new()).await.map(drop)
}

/// Requests that went through the recording proxy: only their first lines end so.
fn requests(relay: &Relay) -> usize {
    relay.traffic().windows(11).filter(|window| window == b" HTTP/1.1\r\n").count()
}

#[allow(clippy::cast_precision_loss)]
fn milliseconds(since: Instant) -> f64 {
    since.elapsed().as_micros() as f64 / 1_000.0
}

/// Has the first screen of the car kept, or dropped, for the next time that its page is loaded.
async fn keep_screen(page: &Page, vehicle: &str, keep: bool) -> Step {
    let body = "return window.wasmBindings.bench_screen(...given)";
    evaluate(page, body, vec![json!(vehicle), json!(keep)]).await.map(drop)
}

/// Loads the car's page, opens the wallet, and gives what the worker and the page noted.
async fn open(page: &Page, relay: &Relay, vehicle: &str) -> Step<Value> {
    page.open(&format!("{}/cars/{vehicle}", relay.origin())).await?;
    page.driver().set_script_timeout(PATIENCE).await?;
    page.fill("Passphrase", PASSPHRASE).await?;
    page.script(include_str!("watch.js")).await?;
    page.script("window.watchFrames()").await?;
    page.click("button", "Unlock").await?;
    let seen = evaluate(page, "return window.watched()", Vec::new()).await?;
    let marks: Vec<(String, f64)> = serde_json::from_value(seen["marks"].clone())?;
    // The command that opened it: from the last `before` ahead of `views` to the `answer` behind it.
    let views = marks.iter().position(|(name, _)| name == "views").ok_or("the worker did not open the passport")?;
    let begin =
        marks.iter().position(|(name, _)| ["proof", "journal", "leaves", "screen"].iter().any(|of| name.contains(of)));
    let begin = begin.ok_or("the worker read nothing")?.saturating_sub(1);
    let start = marks[begin].1;
    let answer = marks[views..].iter().find(|(name, _)| name == "answer").ok_or("the worker did not answer")?.1;
    let rendered = seen["rendered"].as_f64().ok_or("nothing was rendered")?;
    let long: Vec<(f64, f64)> = serde_json::from_value(seen["long"].clone())?;
    let long = long.iter().filter(|(at, _)| *at >= start).count();
    let parts = parts(&marks[begin..], answer);
    Ok(json!({
        "worker_ms": answer - start,
        "page_ms": rendered - answer,
        "screen_ms": rendered - start,
        "long_tasks": long,
        "frame_gap_ms": seen["gap"],
        "parts": parts,
    }))
}

/// Milliseconds by name, up to a moment.
fn parts(marks: &[(String, f64)], until: f64) -> Map<String, Value> {
    let mut sums = Map::new();
    for pair in marks.windows(2).filter(|pair| pair[1].1 <= until) {
        let so_far = sums.get(&pair[1].0).and_then(Value::as_f64).unwrap_or_default();
        sums.insert(pair[1].0.clone(), json!(so_far + pair[1].1 - pair[0].1));
    }
    sums
}

/// The median of every number in rounds of the same shape; of long tasks the most.
fn summary(rounds: &[Value]) -> Value {
    let Some(Value::Object(first)) = rounds.first() else { return Value::Null };
    let of = |name: &str| -> Vec<f64> { rounds.iter().filter_map(|round| round[name].as_f64()).collect() };
    let one = |(name, value): (&String, &Value)| match value {
        Value::Object(_) => {
            (name.clone(), summary(&rounds.iter().map(|round| round[name.as_str()].clone()).collect::<Vec<_>>()))
        }
        _ if name == "long_tasks" => (name.clone(), json!(of(name).into_iter().fold(0.0, f64::max))),
        _ => (name.clone(), json!(median(of(name)))),
    };
    Value::Object(first.iter().map(one).collect())
}

/// Checks all sealed records in the worker, part by part.
async fn check(page: &Page, vehicle: &str) -> Step<Value> {
    let mut rounds = Vec::new();
    for _ in 0..ROUNDS {
        let marks = evaluate(page, "return window.wasmBindings.bench_check(given[0])", vec![json!(vehicle)]).await?;
        let marks: Vec<(String, f64)> = serde_json::from_value(marks)?;
        rounds.push(Value::Object(parts(&marks, f64::MAX)));
    }
    Ok(summary(&rounds))
}

/// Takes back one share of everything while others stand, whose keys are wrapped anew: its commit, and its requests.
async fn revocation(page: &Page, vehicle: &str) -> Step<Value> {
    let body = "return window.wasmBindings.bench_revoke(given[0], given[1])";
    let marks = evaluate(page, body, vec![json!(vehicle), json!(GRANTEES)]).await?;
    let marks: Vec<(String, f64)> = serde_json::from_value(marks)?;
    let revocation = parts(&marks, f64::MAX);
    settled(page).await?;
    Ok(Value::Object(revocation))
}

/// Sells the car to somebody in another browser: the seller's part, until it is sent, and the buyer's.
async fn sale(page: &Page, relay: &Relay, vehicle: &str, records: u32) -> Step<Value> {
    let kilometres = records * KM_EACH;
    let start = Instant::now();
    let body = "return window.wasmBindings.bench_offer(...given)";
    let code = evaluate(page, body, vec![json!(vehicle), json!(kilometres), json!(PASSPHRASE)]).await?;
    settled(page).await?;
    let offer_ms = milliseconds(start);
    let browser = Browser::start().await?;
    let buyer = browser.page();
    buyer.set_up_wallet(&relay.origin()).await?;
    buyer.driver().set_script_timeout(PATIENCE).await?;
    settled(&buyer).await?;
    let before = requests(relay);
    let start = Instant::now();
    let body = "return window.wasmBindings.bench_take_over(...given)";
    let parts: Vec<f64> = serde_json::from_value(evaluate(&buyer, body, vec![code, json!(kilometres)]).await?)?;
    settled(&buyer).await?;
    let (buyer_ms, requests) = (milliseconds(start), requests(relay) - before);
    let &[open_ms, check_ms, accept_ms] = parts.as_slice() else { return Err("not three parts".into()) };
    Ok(json!({
        "offer_ms": offer_ms,
        "open_ms": open_ms,
        "check_ms": check_ms,
        "accept_ms": accept_ms,
        "buyer_ms": buyer_ms,
        "requests": requests,
    }))
}

/// Shares everything by a link: from the page's call to the answer, committed. The page shows the car anew after each share
/// and each sync; that is over before the next one begins.
async fn grant(page: &Page, vehicle: &str) -> Step<Value> {
    let body = "await new Promise((go) => setTimeout(go, 1000)); \
                await window.wasmBindings.bench_marks(); \
                const start = performance.now(); \
                const grant = await window.wasmBindings.bench_share(given[0]); \
                const ms = performance.now() - start; \
                const marks = await window.wasmBindings.bench_marks(); \
                return { ms, marks, bytes: await window.wasmBindings.bench_grant_bytes(grant) }";
    let mut rounds = Vec::new();
    for _ in 0..ROUNDS {
        let mut round = evaluate(page, body, vec![json!(vehicle)]).await?;
        let marks: Vec<(String, f64)> = serde_json::from_value(round["marks"].take())?;
        let begin = marks.iter().position(|(name, _)| name == "before").unwrap_or_default();
        let answer = marks[begin..].iter().find(|(name, _)| name == "answer").map_or(f64::MAX, |(_, at)| *at);
        round["parts"] = Value::Object(parts(&marks[begin..], answer));
        rounds.push(round);
        settled(page).await?;
    }
    Ok(summary(&rounds))
}
