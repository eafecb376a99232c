//! Screens that no other journey keeps a picture of; each fails when something sticks out sideways.

use carnet_e2e::{Browser, PASSPHRASE, Relay, Step};
use std::path::Path;

#[tokio::test]
async fn every_step_of_making_a_wallet_fits_the_screen() -> Step {
    let relay = Relay::start().await?;
    let browser = Browser::start().await?;
    let page = browser.page();
    page.open(&format!("{}/welcome/restore", relay.origin())).await?;
    page.find("textbox", "The 24 words").await?;
    page.keep("restore").await?;
    page.open(&format!("{}/welcome/new", relay.origin())).await?;
    page.sees("They are shown only now").await?;
    let words =
        page.script("return [...document.querySelectorAll('ol.words > li')].map((li) => li.textContent)").await?;
    page.click("checkbox", "I have written all 24 words on paper").await?;
    page.click("button", "Continue").await?;
    page.fill("Word 3", "wrong").await?;
    page.click("button", "Continue").await?;
    page.sees("This is not the word that was shown.").await?;
    page.keep("create-check").await?;
    for position in [3, 11, 20] {
        let word = words[position - 1].as_str().ok_or("the page shows 24 words")?;
        page.fill(&format!("Word {position}"), word).await?;
    }
    page.click("button", "Continue").await?;
    page.fill("Passphrase", PASSPHRASE).await?;
    page.fill("Passphrase again", "another one").await?;
    page.click("button", "Open my wallet").await?;
    page.sees("The two are not the same.").await?;
    page.keep("create-passphrase").await
}

#[tokio::test]
async fn every_screen_of_a_car_fits_the_screen() -> Step {
    let relay = Relay::start().await?;
    let browser = Browser::start().await?;
    let page = browser.page();
    page.open(&format!("{}/no/such/page", relay.origin())).await?;
    page.sees("There is nothing at this address").await?;
    page.keep("not-found").await?;

    page.start_with_sample_car(&relay.origin()).await?;
    page.click("link", "Timeline").await?;
    page.find("heading", "Timeline").await?;
    page.keep("timeline").await?;
    page.click("link", "Who looks").await?;
    page.sees("Nobody can see this car but you").await?;
    page.keep("shares-none").await?;
    page.click("link", "Add").await?;
    page.find("heading", "Add to the passport").await?;
    page.keep("add").await?;
    page.click("link", "Import a file").await?;
    let list = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/import/tests/fixtures/day_month_year_columns.csv");
    page.give_file("Choose a file", &list).await?;
    page.find("heading", "What was understood").await?;
    page.keep("import").await?;
    page.click("link", "Saved").await?;
    page.sees("No passport is kept here yet").await?;
    page.keep("saved-none").await
}
