//! Nothing that was planted is found where it must not be.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use carnet_e2e::{Browser, PASSPHRASE, Relay, Search, Step};
use std::path::Path;

const VIN: &str = "WVGZZZ5NZAW064552";
const NAME: &str = "Canary-Cabriolet";
const PLATE: &str = "CN-4242-RY";
const DESCRIPTION: &str = "Canary-clutch-replaced";
const NOTE: &str = "canary-note-under-the-repair";
const IMPORTED: &str = "Canary-oil-from-the-list";
const IMPORTED_NOTE: &str = "canary-note-in-the-list";
const FILE: &str = "canary-inside-the-invoice";
const MESSAGE: &str = "canary-message-for-maria";
const PIN: &str = "CANARY4711";

/// Every file below a folder.
fn below(folder: &Path) -> Step<Vec<(String, Vec<u8>)>> {
    let (mut found, mut folders) = (Vec::new(), vec![folder.to_path_buf()]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(bytes) = std::fs::read(&path) {
                // Sockets and locks of the browser cannot be read, and hold nothing.
                found.push((path.display().to_string(), bytes));
            }
        }
    }
    Ok(found)
}

#[tokio::test]
async fn no_planted_text_reaches_the_relay_or_the_disk() -> Step {
    let relay = Relay::start().await?;
    let owner = Browser::start().await?;
    let page = owner.page();
    let words = page.start_with_car(&relay.origin(), NAME, VIN, PLATE).await?;
    page.click("link", "Add").await?;
    page.click("link", "Type a record").await?;
    page.choose("What happened", "Repair").await?;
    page.fill("Description", DESCRIPTION).await?;
    page.fill("Note", NOTE).await?;
    let folder = tempfile::tempdir()?;
    let paper = folder.path().join("paper.pdf");
    std::fs::write(&paper, format!("%PDF-1.4 {FILE}"))?;
    page.give_file("Add photos or PDFs", &paper).await?;
    page.sees("paper.pdf").await?;
    page.click("button", "Save the record").await?;
    page.sees(DESCRIPTION).await?;
    let list = folder.path().join("service.csv");
    let row = format!("2024-04-13,45000,{IMPORTED},{IMPORTED_NOTE},20.60");
    std::fs::write(&list, format!("Date,Odometer,Description,Notes,Cost\n{row}\n"))?;
    page.bring_in(&list).await?;
    page.find("heading", "The file leaves something open").await?;
    page.click("radio", "Kilometres").await?;
    page.click("radio", "EUR").await?;
    page.click("button", "Go on with these answers").await?;
    page.click("button", "Add 2 records").await?;
    page.sees("2 records were added").await?;
    page.click("link", "Timeline").await?;
    page.sees(IMPORTED).await?;
    page.click("link", "Share").await?;
    page.fill("Message", MESSAGE).await?;
    let link = page.share_by_link("Maria Canary", Some(PIN), None).await?;
    let secret = link.rsplit('.').next().ok_or("a link has a secret")?.to_owned();

    let buyer = Browser::start().await?;
    let reader = buyer.page();
    reader.open(&link).await?;
    reader.fill("PIN", PIN).await?;
    reader.click("button", "Open").await?;
    reader.sees(MESSAGE).await?;
    reader.sees(VIN).await?;
    reader.sees(IMPORTED).await?;

    let mut places = vec![("traffic".to_owned(), relay.traffic())];
    places.extend(relay.files()?.into_iter().map(|(path, bytes)| (path.display().to_string(), bytes)));
    for profile in [owner.quit(), buyer.quit()] {
        for kept in ["IndexedDB", "Local Storage", "Session Storage", "Service Worker"] {
            let folder = profile.path().join("Default").join(kept);
            if folder.is_dir() {
                places.extend(below(&folder)?);
            }
        }
    }
    let mut control = Search::default();
    control.text("path", "/v1/ledger/transactions");
    assert!(places.iter().any(|(_, bytes)| control.found_in(bytes).next().is_some()), "the search sees the traffic");
    assert!(places.iter().any(|(path, _)| path.contains("IndexedDB")), "the search sees the browsers' databases");
    let search = planted(&words, &secret)?;
    for (place, bytes) in &places {
        assert_eq!(search.found_in(bytes).next(), None, "found in {place}");
    }
    Ok(())
}

/// All that was planted, and the secrets that the journey came by.
fn planted(words: &[String], secret: &str) -> Step<Search> {
    let mut search = Search::default();
    for text in
        [VIN, NAME, PLATE, DESCRIPTION, NOTE, FILE, IMPORTED, IMPORTED_NOTE, MESSAGE, PIN, "Maria Canary", PASSPHRASE]
    {
        search.text(text, text);
    }
    // The first words are enough to tell; what they all stand for is looked for by halves, as is the link's secret.
    search.text("the words", &words[..3].join(" "));
    search.text("the words", &words[..3].join(","));
    let entropy = bip39::Mnemonic::parse_normalized(&words.join(" ")).map_err(|error| error.to_string())?.to_entropy();
    search.text("the secret of the link", secret);
    let secret = URL_SAFE_NO_PAD.decode(secret)?;
    for (name, bytes) in [("what the words stand for", entropy), ("the secret of the link", secret)] {
        let (first, second) = bytes.split_at(bytes.len() / 2);
        for half in [first, second] {
            search.bytes(name, half);
        }
    }
    Ok(search)
}
