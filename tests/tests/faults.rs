//! What happens to browsers: killed, out of luck with their storage, with a wrong clock, with locks that do not hold.

use carnet_e2e::{Browser, PASSPHRASE, Relay, Step};
use std::time::Duration;

#[tokio::test]
async fn a_browser_killed_before_the_acknowledgement_sends_everything_once() -> Step {
    let relay = Relay::start().await?;
    let browser = Browser::start().await?;
    let page = browser.page();
    page.start_with_car(&relay.origin(), "Family car", "", "").await?;
    page.sees("1 of 1 records are here and match the ledger").await?;
    // The relay takes nothing: what is written lies in this browser alone.
    relay.cut(true);
    page.type_reading("2024-03-05", 45_200, "before the end", None).await?;
    page.sees("Waits on this device").await?;
    let profile = browser.kill().await?;
    relay.cut(false);
    let browser = Browser::start_on(profile).await?;
    let page = browser.page();
    page.open(&relay.origin()).await?;
    page.unlock().await?;
    page.click("link", "Family car").await?;
    page.sees("2 of 2 records are here and match the ledger").await?;
    page.click("link", "Timeline").await?;
    page.sees("45,200 km").await
}

#[tokio::test]
async fn a_clock_that_is_a_day_off_is_said_and_nothing_is_lost() -> Step {
    let mut relay = Relay::start().await?;
    let browser = Browser::start().await?;
    let page = browser.page();
    page.start_with_car(&relay.origin(), "Family car", "", "").await?;
    page.sees("1 of 1 records are here and match the ledger").await?;
    // Set against each other, the relay's clock and the browser's are a day apart.
    relay.restart_after(Duration::from_secs(24 * 60 * 60)).await?;
    page.type_reading("2024-03-05", 45_200, "by a wrong clock", None).await?;
    page.sees("clock is off").await?;
    page.sees("Waits on this device").await?;
    relay.restart_after(Duration::ZERO).await?;
    page.sees_no_more("text", "Waits on this device").await?;
    page.sees("45,200 km").await
}

/// Takes every lock that tabs of this origin hold or wait for, again and again.
const STEAL: &str = "
    setInterval(async () => {
        const { held, pending } = await navigator.locks.query();
        for (const { name } of [...held, ...pending]) {
            navigator.locks.request(name, { steal: true }, async () => {}).catch(() => {});
        }
    }, 20);";

#[tokio::test]
async fn two_tabs_whose_locks_are_stolen_lose_nothing() -> Step {
    let relay = Relay::start().await?;
    let browser = Browser::start().await?;
    let page = browser.page();
    page.start_with_car(&relay.origin(), "Family car", "", "").await?;
    page.sees("1 of 1 records are here and match the ledger").await?;
    let (car, first) = (page.address().await?, page.driver().window().await?);
    page.script(STEAL).await?;
    browser.new_tab().await?;
    page.open(&car).await?;
    page.unlock().await?;
    page.find("heading", "In short").await?;
    let second = page.driver().window().await?;
    for n in 0..3 {
        for (tab, kilometres) in [(&first, 45_000 + n), (&second, 46_000 + n)] {
            page.driver().switch_to_window(tab.clone()).await?;
            page.type_reading("2024-03-05", kilometres, "with stolen locks", None).await?;
        }
    }
    for tab in [first, second] {
        page.driver().switch_to_window(tab).await?;
        page.click("link", "Overview").await?;
        page.sees("7 of 7 records are here and match the ledger").await?;
    }
    Ok(())
}

/// As the browser does it when the disk is full and the origin was not made persistent.
const EVICT: &str = "
    const done = arguments[0];
    (async () => {
        for (const { name } of await indexedDB.databases()) {
            await new Promise((resolve, reject) => {
                const request = indexedDB.deleteDatabase(name);
                request.onsuccess = resolve;
                request.onerror = request.onblocked = reject;
            });
        }
        done(true);
    })().catch((error) => done(String(error)));";

/// Rows that say whose a wallet is.
const KEYRINGS: &str = "
    const done = arguments[0];
    (async () => {
        let rows = 0;
        for (const { name } of await indexedDB.databases()) {
            const database = await new Promise((resolve) => {
                const request = indexedDB.open(name);
                request.onsuccess = () => resolve(request.result);
            });
            for (const table of [...database.objectStoreNames].filter((name) => name === 'keyring')) {
                rows += await new Promise((resolve) => {
                    const request = database.transaction(table).objectStore(table).count();
                    request.onsuccess = () => resolve(request.result);
                });
            }
            database.close();
        }
        done(rows);
    })();";

#[tokio::test]
async fn storage_that_was_evicted_is_said_and_nothing_takes_its_place() -> Step {
    let relay = Relay::start().await?;
    let browser = Browser::start().await?;
    let page = browser.page();
    let words = page.start_with_car(&relay.origin(), "Family car", "", "").await?;
    page.type_reading("2024-03-05", 45_200, "before", None).await?;
    page.click("link", "Overview").await?;
    page.sees("2 of 2 records are here and match the ledger").await?;
    let evicted = page.driver().execute_async(EVICT, vec![]).await?;
    assert_eq!(evicted.json(), &serde_json::Value::Bool(true));
    page.click("link", "Cars").await?;
    page.sees("Create a wallet").await?;
    let rows = page.driver().execute_async(KEYRINGS, vec![]).await?;
    assert_eq!(rows.json(), &serde_json::json!(0), "nothing was made in its place");
    // The words bring back what the relay has.
    page.open(&format!("{}/welcome/restore", relay.origin())).await?;
    page.fill("The 24 words", &words.join(" ")).await?;
    page.fill("Passphrase", PASSPHRASE).await?;
    page.fill("Passphrase again", PASSPHRASE).await?;
    page.click("button", "Open my wallet").await?;
    page.click("link", "Family car").await?;
    page.sees("2 of 2 records are here and match the ledger").await
}
