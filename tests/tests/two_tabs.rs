//! Two tabs of one profile show the same wallet.

use carnet_e2e::{Browser, Relay, Step};

#[tokio::test]
async fn what_one_tab_adds_the_other_shows_and_locking_one_locks_both() -> Step {
    let relay = Relay::start().await?;
    let browser = Browser::start().await?;
    let page = browser.page();
    page.set_up_wallet(&relay.origin()).await?;
    page.add_first_car("Family car").await?;
    page.click("link", "Timeline").await?;
    page.find("heading", "Timeline").await?;
    let (timeline, first) = (page.address().await?, page.driver().window().await?);

    browser.new_tab().await?;
    page.open(&timeline).await?;
    page.unlock().await?;
    page.type_reading("2024-03-05", 45_678, "read at the garage", None).await?;
    page.sees("45,678").await?;
    let second = page.driver().window().await?;

    page.driver().switch_to_window(first).await?;
    page.sees("45,678").await?;

    page.click("link", "Settings").await?;
    page.click("button", "Lock now").await?;
    page.sees_no_more("button", "Lock now").await?;
    page.click("link", "Cars").await?;
    page.sees("Your wallet is locked").await?;
    page.driver().switch_to_window(second).await?;
    page.sees("Your wallet is locked").await
}
