//! Without a connection, and without a relay.

use carnet_e2e::{Browser, Page, Relay, Step};

/// Types an odometer reading of the open car.
async fn type_reading(page: &Page, km: &str) -> Step {
    page.click("link", "Add").await?;
    page.click("link", "Type a record").await?;
    page.fill("Odometer", km).await?;
    page.click("button", "Save the record").await?;
    page.find("heading", "Timeline").await.map(drop)
}

#[tokio::test]
async fn the_app_opens_and_takes_records_offline_and_sends_them_later() -> Step {
    let relay = Relay::start().await?;
    let browser = Browser::start().await?;
    let page = browser.page();
    page.start_with_car(&relay.origin(), "Family car", "", "").await?;
    let script = "const done = arguments[0]; navigator.serviceWorker.ready.then(() => done(true));";
    page.driver().execute_async(script, vec![]).await?;
    page.offline(true).await?;
    page.open(&relay.origin()).await?;
    page.sees("You are offline.").await?;
    page.unlock().await?;
    page.click("link", "Family car").await?;
    type_reading(&page, "45200").await?;
    page.sees("Waits on this device").await?;
    page.keep("offline").await?;
    page.offline(false).await?;
    page.sees_no_more("text", "Waits on this device").await?;
    page.sees("45,200 km").await
}

#[tokio::test]
async fn a_relay_that_dies_loses_nothing() -> Step {
    let mut relay = Relay::start().await?;
    let browser = Browser::start().await?;
    let page = browser.page();
    page.start_with_car(&relay.origin(), "Family car", "", "").await?;
    page.sees("1 of 1 records are here and match the ledger").await?;
    relay.kill().await?;
    type_reading(&page, "45200").await?;
    page.sees("Waits on this device").await?;
    relay.restart().await?;
    page.sees_no_more("text", "Waits on this device").await?;
    page.click("link", "Overview").await?;
    page.sees("2 of 2 records are here and match the ledger").await
}
