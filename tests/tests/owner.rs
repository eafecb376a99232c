//! An owner's first hour.

use carnet_e2e::{Browser, Relay, Step};

#[tokio::test]
async fn an_owner_makes_a_wallet_adds_a_car_types_a_record_and_locks() -> Step {
    let relay = Relay::start().await?;
    let browser = Browser::start().await?;
    let page = browser.page();
    page.open(&relay.origin()).await?;
    page.find("heading", "Your car’s story, in your hands").await?;
    page.keep("welcome").await?;
    page.click("link", "Create a wallet").await?;
    page.sees("They are shown only now").await?;
    page.keep("create-words").await?;
    page.create_wallet().await?;
    page.sees("No car yet").await?;
    page.keep("cars-empty").await?;

    page.click("link", "Add your first car").await?;
    page.click("button", "Add the car").await?;
    page.sees("Give it a name.").await?;
    page.fill("Name", "Family car").await?;
    page.fill("VIN", "WVGZZZ5NZAW06455").await?;
    page.sees("1 character is missing.").await?;
    page.fill("VIN", "WVGZZZ5NZAW064552").await?;
    page.sees("The check digit does not fit, which is usual for European cars").await?;
    page.keep("new-car").await?;
    page.click("button", "Add the car").await?;
    page.sees("Bring in what you have").await?;

    page.click("link", "Type a record").await?;
    page.choose("What happened", "Service").await?;
    page.fill_date("Day", "2025-03-14").await?;
    page.click("button", "Save the record").await?;
    page.sees("Say in a few words what it was.").await?;
    page.fill("Description", "Oil and filters").await?;
    page.fill("Odometer", "45 200").await?;
    page.fill("Cost", "189,90").await?;
    let folder = tempfile::tempdir()?;
    let invoice = folder.path().join("invoice.pdf");
    std::fs::write(&invoice, b"%PDF-1.4 a paper")?;
    page.give_file("Add photos or PDFs", &invoice).await?;
    page.sees("invoice.pdf").await?;
    page.keep("new-record").await?;
    page.click("button", "Save the record").await?;
    page.find("heading", "Timeline").await?;
    page.click("button", "Mar 14, 2025").await?;
    page.find("dialog", "Oil and filters").await?;
    page.keep("record").await?;
    page.click("button", "invoice.pdf").await?;
    page.click("button", "Close").await?;

    page.click("link", "Settings").await?;
    page.keep("settings").await?;
    page.click("button", "Lock now").await?;
    page.sees_no_more("button", "Lock now").await?;
    page.click("link", "Cars").await?;
    page.find("heading", "Your wallet is locked").await?;
    page.keep("unlock").await?;
    page.fill("Passphrase", "not the passphrase").await?;
    page.click("button", "Unlock").await?;
    page.sees("That is not the passphrase").await?;
    page.unlock().await?;
    page.sees("Family car").await?;
    page.keep("cars").await?;
    Ok(())
}

#[tokio::test]
async fn a_word_typed_wrongly_stops_the_wallet_from_being_made() -> Step {
    let relay = Relay::start().await?;
    let browser = Browser::start().await?;
    let page = browser.page();
    page.open(&format!("{}/welcome/new", relay.origin())).await?;
    page.click("checkbox", "I have written all 24 words on paper").await?;
    page.click("button", "Continue").await?;
    page.fill("Word 3", "wrong").await?;
    page.click("button", "Continue").await?;
    page.sees("This is not the word that was shown.").await?;
    page.open(&relay.origin()).await?;
    page.find("link", "Create a wallet").await?;
    Ok(())
}

#[tokio::test]
async fn words_alone_bring_a_wallet_back_in_an_empty_browser() -> Step {
    let relay = Relay::start().await?;
    let first = Browser::start().await?;
    let words = first.page().start_with_sample_car(&relay.origin()).await?;
    drop(first);
    let second = Browser::start().await?;
    let page = second.page();
    page.open(&format!("{}/welcome/restore", relay.origin())).await?;
    page.fill("The 24 words", &words.join(" ")).await?;
    page.fill("Passphrase", carnet_e2e::PASSPHRASE).await?;
    page.fill("Passphrase again", carnet_e2e::PASSPHRASE).await?;
    page.click("button", "Open my wallet").await?;
    page.click("link", "Carnet Sample EV").await?;
    page.sees("164 of 164 records are here and match the ledger").await
}
