//! Bringing in files.

use carnet_e2e::{Browser, Page, Relay, Step};
use std::path::{Path, PathBuf};

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/import/tests/fixtures").join(name)
}

/// Adds all new records of a file whose dry run is on screen, and goes back to the passport.
async fn commit(page: &Page) -> Step {
    page.sees("What was understood").await?;
    page.click("button", "Add ").await?;
    page.find("link", "See the passport").await.map(drop)
}

#[tokio::test]
async fn tesla_data_is_tried_first_then_brought_in_once_and_undone_as_a_whole() -> Step {
    let relay = Relay::start().await?;
    let browser = Browser::start().await?;
    let page = browser.page();
    page.set_up_wallet(&relay.origin()).await?;
    page.add_first_car("Family car").await?;

    page.bring_in(&fixture("tesla_envelope.json")).await?;
    page.sees("new record").await?;
    commit(&page).await?;
    page.click("link", "See the passport").await?;
    page.click("link", "Timeline").await?;
    page.sees("Tesla data").await?;

    page.bring_in(&fixture("tesla_envelope.json")).await?;
    page.sees("There is nothing new in this file").await?;
    page.sees("already there").await?;

    page.click("button", "Undo").await?;
    page.sees("Undo the whole import?").await?;
    page.click("button", "Undo the import").await?;
    page.sees("Undone").await
}

#[tokio::test]
async fn a_lubelogger_list_asks_how_its_dates_are_meant() -> Step {
    let relay = Relay::start().await?;
    let browser = Browser::start().await?;
    let page = browser.page();
    page.set_up_wallet(&relay.origin()).await?;
    page.add_first_car("Family car").await?;

    page.bring_in(&fixture("records_ambiguous_dates.csv")).await?;
    page.sees("The file leaves something open").await?;
    for (question, answer) in [
        ("Which list is this?", "Service"),
        ("How are the dates", "Day/month/year"),
        ("In which unit is", "Kilometres"),
        ("In which currency", "I do not know"),
    ] {
        if page.has("text", question).await? {
            page.click("radio", answer).await?;
        }
    }
    page.click("button", "Go on with these answers").await?;
    page.sees("2 new records").await?;
    commit(&page).await?;
    page.click("link", "See the passport").await?;
    page.click("link", "Timeline").await?;
    page.sees("Wiper blades").await?;
    page.sees("Apr").await
}

#[tokio::test]
async fn a_histovec_report_fills_the_timeline() -> Step {
    let relay = Relay::start().await?;
    let browser = Browser::start().await?;
    let page = browser.page();
    page.set_up_wallet(&relay.origin()).await?;
    page.add_first_car("Family car").await?;

    page.bring_in(&fixture("histovec_full.json")).await?;
    commit(&page).await?;
    page.click("link", "See the passport").await?;
    page.click("link", "Timeline").await?;
    page.sees("HistoVec").await?;
    page.sees("First registration").await
}
