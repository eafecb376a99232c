//! Bringing in files.

use carnet_e2e::{Browser, Page, Relay, Step};
use std::path::PathBuf;

fn fixture(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name)
}

/// Adds all new records of a file whose dry run is on screen, and goes back to the passport.
async fn commit(page: &Page) -> Step {
    page.sees("What was understood").await?;
    page.click("button", "Add ").await?;
    page.find("link", "See the passport").await.map(drop)
}

/// A file of the importers' own tests.
fn format_fixture(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../crates/import/tests/fixtures").join(name)
}

#[tokio::test]
async fn an_ambiguous_file_is_asked_about_then_imported_then_known_then_undone() -> Step {
    let relay = Relay::start().await?;
    let browser = Browser::start().await?;
    let page = browser.page();
    page.start_with_car(&relay.origin(), "Family car", "", "").await?;
    page.bring_in(&fixture("service.csv")).await?;
    page.find("heading", "The file leaves something open").await?;
    page.sees("wait for your answer below").await?;
    page.keep("import-questions").await?;
    page.click("radio", "Day/month/year").await?;
    page.click("radio", "Kilometres").await?;
    page.click("radio", "EUR").await?;
    page.click("button", "Go on with these answers").await?;
    page.sees_no_more("heading", "The file leaves something open").await?;
    page.has_focus("What was understood").await?;
    page.sees("is not a date").await?;
    page.keep("import-outcome").await?;
    page.click("button", "Add 4 records").await?;
    page.sees("4 records were added").await?;
    page.click("link", "Timeline").await?;
    page.sees("Brake pads").await?;
    page.sees("Jun 5, 2024").await?;

    page.bring_in(&fixture("service.csv")).await?;
    page.click("radio", "Day/month/year").await?;
    page.click("radio", "Kilometres").await?;
    page.click("radio", "EUR").await?;
    page.click("button", "Go on with these answers").await?;
    page.sees("There is nothing new in this file").await?;
    page.keep("import-nothing-new").await?;
    page.click("button", "Cancel").await?;

    page.click("button", "Undo").await?;
    page.click("button", "Undo the import").await?;
    page.sees("Undone").await?;
    page.click("link", "Overview").await?;
    page.sees("4 records were withdrawn").await
}

#[tokio::test]
async fn tesla_data_is_tried_first_then_brought_in_once_and_undone_as_a_whole() -> Step {
    let relay = Relay::start().await?;
    let browser = Browser::start().await?;
    let page = browser.page();
    page.set_up_wallet(&relay.origin()).await?;
    page.add_first_car("Family car").await?;

    page.bring_in(&format_fixture("tesla_envelope.json")).await?;
    page.sees("new record").await?;
    commit(&page).await?;
    page.click("link", "See the passport").await?;
    page.click("link", "Timeline").await?;
    page.sees("Tesla data").await?;

    page.bring_in(&format_fixture("tesla_envelope.json")).await?;
    page.sees("There is nothing new in this file").await?;
    page.sees("already there").await?;

    page.click("button", "Undo").await?;
    page.sees("Undo the whole import?").await?;
    page.click("button", "Undo the import").await?;
    page.sees("Undone").await
}

#[tokio::test]
async fn a_histovec_report_fills_the_timeline() -> Step {
    let relay = Relay::start().await?;
    let browser = Browser::start().await?;
    let page = browser.page();
    page.set_up_wallet(&relay.origin()).await?;
    page.add_first_car("Family car").await?;

    page.bring_in(&format_fixture("histovec_full.json")).await?;
    commit(&page).await?;
    page.click("link", "See the passport").await?;
    page.click("link", "Timeline").await?;
    page.sees("HistoVec").await?;
    page.sees("First registration").await
}
