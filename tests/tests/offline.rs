//! Carnet without a connection.

use carnet_e2e::{Browser, Relay, Step};

#[tokio::test]
async fn a_record_added_offline_is_kept_and_sent_once_the_connection_is_back() -> Step {
    let mut relay = Relay::start().await?;
    let browser = Browser::start().await?;
    let page = browser.page();
    page.set_up_wallet(&relay.origin()).await?;
    page.add_first_car("Family car").await?;
    page.script("return navigator.serviceWorker.ready.then(() => true)").await?;

    // Nobody answers any more: only what the service worker kept can open the app.
    relay.kill().await?;
    page.offline(true).await?;
    page.driver().refresh().await?;
    page.sees("Your wallet is locked").await?;
    page.unlock().await?;
    page.type_reading("2024-03-05", 45_678, "typed in the garage", None).await?;
    page.sees("45,678").await?;
    page.sees("1 change").await?;

    relay.restart().await?;
    page.offline(false).await?;
    page.sees_no_more("text", "1 change").await?;
    page.sees_no_more("text", "Waits on this device").await?;
    page.driver().refresh().await?;
    page.unlock().await?;
    page.sees("45,678").await
}
