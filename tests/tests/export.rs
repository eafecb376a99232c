//! Taking everything along, and bringing it into another wallet.

use carnet_e2e::{Browser, PASSPHRASE, Page, Relay, Step};
use std::{path::PathBuf, time::Duration};

/// How long a file may take to be written.
const PATIENCE: Duration = Duration::from_secs(30);

/// The file of a kind that the browser saved, once it is whole.
async fn saved(browser: &Browser, ending: &str) -> Step<PathBuf> {
    let began = std::time::Instant::now();
    loop {
        for entry in std::fs::read_dir(browser.downloads())? {
            let path = entry?.path();
            if path.to_string_lossy().ends_with(ending) {
                return Ok(path);
            }
        }
        if began.elapsed() > PATIENCE {
            return Err(format!("no {ending} was saved").into());
        }
        // A round trip to the browser, which meanwhile gets on with it.
        browser.page().text().await?;
    }
}

async fn begin(page: &Page) -> Step {
    page.click("link", "Overview").await?;
    page.click("link", "Car settings").await?;
    page.find("heading", "Take everything along").await.map(drop)
}

#[tokio::test]
async fn an_export_under_a_passphrase_comes_into_another_wallet_once() -> Step {
    let relay = Relay::start().await?;
    let first = Browser::start().await?;
    let page = first.page();
    page.set_up_wallet(&relay.origin()).await?;
    page.add_first_car("Family car").await?;
    page.type_reading("2025-03-14", 45_200, "the note that comes along", None).await?;
    begin(&page).await?;
    page.fill("Your passphrase, so that nobody else", "not the passphrase").await?;
    page.fill("Passphrase for the file", "a passphrase for the file").await?;
    page.click("button", "Save everything").await?;
    page.sees("That is not the passphrase").await?;
    page.fill("Your passphrase, so that nobody else", PASSPHRASE).await?;
    page.keep("export").await?;
    page.click("button", "Save everything").await?;
    let file = saved(&first, ".carnet-sealed").await?;

    let second = Browser::start().await?;
    let page = second.page();
    page.set_up_wallet(&relay.origin()).await?;
    page.add_first_car("Heir's car").await?;
    page.bring_in(&file).await?;
    page.find("heading", "The file leaves something open").await?;
    page.fill("The file is under a passphrase", "a passphrase for the file").await?;
    page.click("button", "Go on with these answers").await?;
    page.sees("Carnet export").await?;
    page.keep("import-export").await?;
    page.click("button", "Add ").await?;
    page.find("link", "See the passport").await?;
    page.click("link", "Timeline").await?;
    page.click("button", "Mar 14, 2025").await?;
    page.sees("the note that comes along").await?;
    page.click("button", "Close").await?;

    // Brought in again it doubles nothing.
    page.click("link", "Overview").await?;
    page.sees("45,200").await?;
    page.keep("imported-car").await?;
    page.bring_in(&file).await?;
    page.fill("The file is under a passphrase", "a passphrase for the file").await?;
    page.click("button", "Go on with these answers").await?;
    page.sees("nothing new in this file").await?;

    // What is no whole export is refused in words.
    let whole = std::fs::read(&file)?;
    let cut = file.with_file_name("cut.carnet-sealed");
    std::fs::write(&cut, &whole[..whole.len() / 2])?;
    page.bring_in(&cut).await?;
    page.sees("The export is cut off").await?;
    page.keep("import-cut").await
}

#[tokio::test]
async fn a_category_is_saved_as_a_table() -> Step {
    let relay = Relay::start().await?;
    let browser = Browser::start().await?;
    let page = browser.page();
    page.set_up_wallet(&relay.origin()).await?;
    page.add_first_car("Family car").await?;
    page.type_reading("2025-03-14", 45_200, "=SUM(1)", None).await?;
    begin(&page).await?;
    page.choose("One category as a table", "Mileage").await?;
    // What is missing is said beside its field.
    page.click("button", "Save the table").await?;
    page.sees("Type the passphrase of this wallet first").await?;
    page.fill("Your passphrase, so that nobody else", PASSPHRASE).await?;
    page.click("button", "Save the table").await?;
    let table = std::fs::read_to_string(saved(&browser, ".csv").await?)?;
    if table.contains("'=SUM(1)") && table.contains("2025-03-14,odometer,45200,") { Ok(()) } else { Err(table.into()) }
}
