//! An insurer's staff at the desk.

use carnet_e2e::{Browser, Relay, Step};

#[tokio::test]
async fn an_insurer_accepts_a_grant_reads_it_and_is_shut_out_when_it_is_taken_back() -> Step {
    let relay = Relay::start().await?;
    let staff = Browser::start().await?;
    let desk = staff.page();
    desk.open(&relay.origin()).await?;
    desk.click("link", "Desk").await?;
    desk.sees("The desk needs a wallet first").await?;
    desk.keep("desk-welcome").await?;
    desk.click("link", "Create a wallet").await?;
    desk.create_wallet().await?;
    desk.find("heading", "Staff desk").await?;
    desk.keep("desk-roles").await?;
    desk.click("button", "Act for Lakeside Insurance").await?;
    desk.sees("Nothing in the inbox yet").await?;

    let owner = Browser::start().await?;
    let page = owner.page();
    page.start_with_sample_car(&relay.origin()).await?;
    page.click("link", "Share").await?;
    page.click("radio", "A member of the consortium").await?;
    page.click("radio", "Lakeside Insurance").await?;
    page.sees("Tick it only for a quote by use").await?;
    page.click("radio", "Not until I take it back").await?;
    page.sees("renewed silently while you use Carnet").await?;
    page.keep("share-member").await?;
    page.click("button", "Share").await?;
    page.sees("Shared with Lakeside Insurance").await?;

    desk.click("button", "Refresh").await?;
    desk.find("button", "Accept").await?;
    desk.keep("desk-inbox").await?;
    desk.click("button", "Accept").await?;
    desk.click("link", "Open the passport").await?;
    desk.find("heading", "In short").await?;
    desk.keep("desk-passport").await?;

    page.click("link", "Who looks").await?;
    page.sees("Accepted").await?;
    page.sees("renewed while you use Carnet").await?;
    page.sees("Looked last on").await?;
    page.keep("shares-seen").await?;
    page.click("button", "Take back").await?;
    page.sees("What was seen stays seen").await?;
    page.click("button", "Take it back now").await?;
    page.sees("The share was taken back.").await?;

    desk.click("link", "Back to the desk").await?;
    desk.click("button", "Refresh").await?;
    desk.sees("Taken back, or car sold").await
}
