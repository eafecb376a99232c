//! Nothing that was planted is found where it must not be.

use carnet_e2e::{Browser, PASSPHRASE, Relay, Step};
use std::path::Path;

const VIN: &str = "WVGZZZ5NZAW064552";
const NAME: &str = "Canary-Cabriolet";
const PLATE: &str = "CN-4242-RY";
const DESCRIPTION: &str = "Canary-clutch-replaced";
const FILE: &str = "canary-inside-the-invoice";
const MESSAGE: &str = "canary-message-for-maria";
const PIN: &str = "CANARY4711";

/// Where a text stands among bytes, as UTF-8 or UTF-16.
fn holds(bytes: &[u8], text: &str) -> bool {
    let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    [text.as_bytes(), &wide].iter().any(|needle| bytes.windows(needle.len()).any(|window| window == *needle))
}

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
    let folder = tempfile::tempdir()?;
    let paper = folder.path().join("paper.pdf");
    std::fs::write(&paper, format!("%PDF-1.4 {FILE}"))?;
    page.give_file("Add photos or PDFs", &paper).await?;
    page.sees("paper.pdf").await?;
    page.click("button", "Save the record").await?;
    page.sees(DESCRIPTION).await?;
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
    assert!(places.iter().any(|(_, bytes)| holds(bytes, "/v1/ledger/transactions")), "the search sees the traffic");
    assert!(places.iter().any(|(path, _)| path.contains("IndexedDB")), "the search sees the browsers' databases");
    let phrase = words[..3].join(" ");
    for canary in [VIN, NAME, PLATE, DESCRIPTION, FILE, MESSAGE, PIN, "Maria Canary", PASSPHRASE, &phrase, &secret] {
        for (place, bytes) in &places {
            assert!(!holds(bytes, canary), "{canary} stands in {place}");
        }
    }
    Ok(())
}
