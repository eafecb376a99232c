//! From the start of a navigation to a page that answers: the app and a bare Leptos counter, from the same server, in
//! turn. Cold is a browser with an empty profile; warm is the same address again.

use crate::{evaluate, folder, median};
use carnet_e2e::{Browser, Page, Relay, Step};
use serde_json::{Value, json};

const ROUNDS: usize = 5;

/// What a page is waited for by: its first control with a handler.
struct Site {
    relay: Relay,
    /// Selects it.
    ready: &'static str,
}

pub async fn measure() -> Step<Value> {
    let app = Site { relay: Relay::start().await?, ready: "main a[href], main button" };
    let shell = "header a[href]";
    let counter = Site { relay: Relay::serving(folder("CARNET_COUNTER_DIR")?).await?, ready: "button" };
    let (mut shells, mut firsts, mut counters) = (Rounds::default(), Rounds::default(), Rounds::default());
    for _ in 0..ROUNDS {
        visits(&app, &[shell, app.ready], &mut [&mut shells, &mut firsts]).await?;
        visits(&counter, &[counter.ready], &mut [&mut counters]).await?;
    }
    Ok(json!({ "shell": shells.json(), "first_screen": firsts.json(), "counter": counters.json() }))
}

#[derive(Default)]
struct Rounds {
    cold: Vec<f64>,
    warm: Vec<f64>,
}

impl Rounds {
    fn json(self) -> Value {
        json!({ "cold_ms": median(self.cold), "warm_ms": median(self.warm) })
    }
}

/// One browser: the first visit and a second one.
async fn visits(site: &Site, selectors: &[&str], rounds: &mut [&mut Rounds]) -> Step {
    let browser = Browser::start().await?;
    let page = browser.page();
    let origin = site.relay.direct_origin();
    // Runs before anything of the page: the page itself says when a control came.
    let watch = format!("({})({})", include_str!("arrivals.js"), json!(selectors));
    page.driver().cdp().send_raw("Page.addScriptToEvaluateOnNewDocument", json!({ "source": watch })).await?;
    let cold = visit(&page, &origin).await?;
    // The service worker takes the files in; what is measured next is the visit after that.
    let body = "if (navigator.serviceWorker?.controller || document.querySelector('link[rel=manifest]')) \
                await navigator.serviceWorker.ready";
    evaluate(&page, body, Vec::new()).await?;
    page.open("about:blank").await?;
    let warm = visit(&page, &origin).await?;
    for ((rounds, cold), warm) in rounds.iter_mut().zip(cold).zip(warm) {
        rounds.cold.push(cold);
        rounds.warm.push(warm);
    }
    Ok(())
}

/// Milliseconds from the start of the navigation until each control was there and painted.
async fn visit(page: &Page, origin: &str) -> Step<Vec<f64>> {
    page.open(origin).await?;
    Ok(serde_json::from_value(evaluate(page, "return window.arrivals", Vec::new()).await?)?)
}
