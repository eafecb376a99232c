//! What goes wrong says so, and leaves what was there.

use carnet_e2e::{Browser, PASSPHRASE, Page, Relay, Step};
use serde_json::json;
use std::{
    path::{Path, PathBuf},
    time::Duration,
};

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/import/tests/fixtures").join(name)
}

async fn owner_with_a_reading(page: &Page, relay: &Relay) -> Step {
    page.set_up_wallet(&relay.origin()).await?;
    page.add_first_car("Family car").await?;
    page.type_reading("2024-03-05", 45_678, "first reading", None).await?;
    page.sees("45,678").await
}

#[tokio::test]
async fn a_file_that_cannot_be_read_is_refused_with_its_reason() -> Step {
    let relay = Relay::start().await?;
    let browser = Browser::start().await?;
    let page = browser.page();
    owner_with_a_reading(&page, &relay).await?;

    let folder = tempfile::tempdir()?;
    let large = folder.path().join("large.json");
    std::fs::File::create(&large)?.set_len(50_000_000)?;
    let nothing = folder.path().join("nothing.json");
    std::fs::write(&nothing, "{}")?;
    for (file, message) in [
        (fixture("tesla_half.json"), "The file breaks off or is not valid JSON"),
        (fixture("json_of_something_else.json"), "Carnet does not know this kind of file"),
        (fixture("not_a_known_table.csv"), "Carnet does not know this kind of file"),
        (fixture("open_quote.csv"), "The table is broken"),
        (large, "The file is too large"),
        (nothing, "Nothing in it has a name that Carnet knows"),
    ] {
        page.bring_in(&file).await?;
        page.sees(message).await?;
        page.sees("What can be imported, with examples").await?;
    }
    page.click("link", "Timeline").await?;
    page.sees("45,678").await
}

#[tokio::test]
async fn a_wrong_passphrase_opens_nothing_and_the_right_one_still_does() -> Step {
    let relay = Relay::start().await?;
    let browser = Browser::start().await?;
    let page = browser.page();
    owner_with_a_reading(&page, &relay).await?;
    page.driver().refresh().await?;
    page.fill("Passphrase", "not the one I chose").await?;
    page.click("button", "Unlock").await?;
    page.sees("That is not the passphrase").await?;
    page.fill("Passphrase", PASSPHRASE).await?;
    page.click("button", "Unlock").await?;
    page.sees("45,678").await
}

#[tokio::test]
async fn a_link_that_is_mangled_unknown_or_used_up_says_which() -> Step {
    let relay = Relay::start().await?;
    let (owner, buyer) = (Browser::start().await?, Browser::start().await?);
    let page = owner.page();
    owner_with_a_reading(&page, &relay).await?;
    page.begin_link("Ada").await?;
    page.click("radio", "Once").await?;
    let link = page.finish_link().await?;

    let reader = buyer.page();
    reader.open(link.get(..link.len() - 9).ok_or("the link is ASCII")?).await?;
    reader.sees("The link is incomplete").await?;
    reader.open("about:blank").await?;
    reader.open(&link).await?;
    reader.sees("45,678").await?;
    reader.open("about:blank").await?;
    reader.open(&link).await?;
    reader.sees("This link was used up").await?;
    page.click("link", "Timeline").await?;
    page.sees("45,678").await?;

    // A relay that has never heard of the link.
    let other = Relay::start().await?;
    reader.open(&link.replace(&relay.origin(), &other.origin())).await?;
    reader.sees("This link is not known here").await
}

#[tokio::test]
async fn a_link_whose_time_is_over_says_so_and_opens_nothing() -> Step {
    let mut relay = Relay::start().await?;
    let (owner, buyer) = (Browser::start().await?, Browser::start().await?);
    let page = owner.page();
    owner_with_a_reading(&page, &relay).await?;
    page.begin_link("Ada").await?;
    let link = page.finish_link().await?;
    let reader = buyer.page();
    reader.open(&link).await?;
    reader.sees("45,678").await?;

    // A link ends after two weeks unless the owner says otherwise.
    relay.restart_after(Duration::from_secs(16 * 24 * 60 * 60)).await?;
    reader.open("about:blank").await?;
    reader.open(&link).await?;
    reader.sees("This link has ended").await?;
    reader.sees("Ask the owner for a new one").await?;
    assert!(!reader.text().await?.contains("45,678"), "nothing of the passport is shown");
    page.click("link", "Timeline").await?;
    page.sees("45,678").await
}

#[tokio::test]
async fn a_text_that_calls_itself_a_photo_is_refused_and_the_form_stays() -> Step {
    let relay = Relay::start().await?;
    let browser = Browser::start().await?;
    let page = browser.page();
    owner_with_a_reading(&page, &relay).await?;
    let folder = tempfile::tempdir()?;
    let photo = folder.path().join("photo.jpg");
    std::fs::write(&photo, "a shopping list")?;
    page.fill_reading("2024-04-05", 45_999, "", None).await?;
    page.give_file("Add photos or PDFs", &photo).await?;
    page.sees("“photo.jpg” is neither a photo").await?;
    page.click("button", "Save the record").await?;
    page.find("heading", "Timeline").await?;
    page.sees("45,999").await
}

#[tokio::test]
async fn full_storage_refuses_a_record_and_keeps_those_before() -> Step {
    let relay = Relay::start().await?;
    let browser = Browser::start().await?;
    let page = browser.page();
    // The app and a few records fit, the photo does not. Set before anything is stored, because Chromium remembers for a
    // while how much space was left.
    let quota = json!({ "origin": relay.origin(), "quotaSize": 10_000_000 });
    page.driver().cdp().send_raw("Storage.overrideQuotaForOrigin", quota).await?;
    owner_with_a_reading(&page, &relay).await?;
    let photo = browser.downloads().join("photo.pdf");
    std::fs::write(&photo, [b"%PDF-1.7\n".to_vec(), vec![b'x'; 15_000_000]].concat())?;
    page.fill_reading("2024-04-05", 45_999, "", None).await?;
    page.give_file("Add photos or PDFs", &photo).await?;
    page.sees("photo.pdf").await?;
    page.click("button", "Save the record").await?;
    page.sees("The browser’s storage is full").await?;
    page.click("link", "Timeline").await?;
    page.sees("45,678").await
}

#[tokio::test]
async fn a_record_added_while_the_relay_is_down_is_sent_when_it_is_back() -> Step {
    let mut relay = Relay::start().await?;
    let browser = Browser::start().await?;
    let page = browser.page();
    owner_with_a_reading(&page, &relay).await?;
    relay.kill().await?;
    page.type_reading("2024-04-05", 45_999, "while the relay was down", None).await?;
    page.sees("45,999").await?;
    page.sees("The relay does not answer").await?;
    relay.restart().await?;
    page.sees_no_more("text", "The relay does not answer").await?;
    page.sees("45,999").await?;
    page.sees("45,678").await
}
