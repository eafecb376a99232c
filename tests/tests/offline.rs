//! Without a connection, and without a relay.

use carnet_e2e::{Browser, Relay, Step};

#[tokio::test]
async fn the_app_opens_and_takes_records_offline_and_sends_them_later() -> Step {
    let relay = Relay::start().await?;
    let browser = Browser::start().await?;
    let page = browser.page();
    page.start_with_car(&relay.origin(), "Family car", "", "").await?;
    page.sees("1 of 1 records are here and match the ledger").await?;
    page.is_kept().await?;
    relay.cut(true);
    page.offline(true).await?;
    page.open(&relay.origin()).await?;
    page.sees("You are offline.").await?;
    page.unlock().await?;
    page.click("link", "Family car").await?;
    page.type_reading("2024-03-05", 45_200, "read on the road", None).await?;
    page.sees("Waits on this device").await?;
    page.sees("1 change is kept on this device").await?;
    page.keep("offline").await?;
    relay.cut(false);
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
    page.type_reading("2024-03-05", 45_200, "read on the road", None).await?;
    page.sees("Waits on this device").await?;
    relay.restart().await?;
    page.sees_no_more("text", "Waits on this device").await?;
    page.click("link", "Overview").await?;
    page.sees("2 of 2 records are here and match the ledger").await
}
