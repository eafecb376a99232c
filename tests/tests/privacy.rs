//! Nobody but owner and reader sees what a passport says: not the wire, not the relay's disk, not the browser's.

use carnet_e2e::{Browser, PASSPHRASE, Relay, Step};
use std::path::{Path, PathBuf};

const VIN: &str = "5YJ3E7EB0MF000316";
const CAR: &str = "Canarycarname Blue";
const PLATE: &str = "QX-731-ZK";
const NOTE: &str = "canarynote seat heater whistles";
const FILE: &str = "canaryfile: the invoice says four hundred";
const PIN: &str = "7q4w9z2m";
const MESSAGE: &str = "canarymessage viewing on the eleventh";
const DESCRIPTION: &str = "Canarydescription of wiper blades";

/// Where a needle lies in a haystack, in UTF-8 or UTF-16LE.
fn holds(haystack: &[u8], needle: &str) -> bool {
    let wide: Vec<u8> = needle.encode_utf16().flat_map(u16::to_le_bytes).collect();
    [needle.as_bytes(), &wide].iter().any(|form| haystack.windows(form.len()).any(|window| window == *form))
}

fn files_below(folder: &Path, found: &mut Vec<(PathBuf, Vec<u8>)>) -> Step {
    let Ok(entries) = std::fs::read_dir(folder) else { return Ok(()) };
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            files_below(&path, found)?;
        } else {
            let bytes = std::fs::read(&path)?;
            found.push((path, bytes));
        }
    }
    Ok(())
}

/// What the browser keeps for pages, below a profile.
fn kept_by_browser(profile: &Path) -> Step<Vec<(PathBuf, Vec<u8>)>> {
    let mut found = Vec::new();
    for folder in ["IndexedDB", "Local Storage", "Session Storage", "Service Worker"] {
        files_below(&profile.join("Default").join(folder), &mut found)?;
    }
    Ok(found)
}

/// The secret of a link as it stands there, as hexadecimal digits, and in padded Base64.
fn forms_of(secret: &str) -> Vec<String> {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let (mut bits, mut held, mut bytes) = (0_u32, 0, Vec::new());
    for character in secret.bytes() {
        let Some(value) = ALPHABET.iter().position(|known| *known == character) else { continue };
        bits = (bits << 6) | value as u32;
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held) as u8);
            bits &= (1 << held) - 1;
        }
    }
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    vec![secret.to_owned(), secret.replace('-', "+").replace('_', "/"), hex.to_uppercase(), hex]
}

#[tokio::test]
async fn neither_wire_nor_relay_nor_browser_storage_holds_a_word_of_the_passport() -> Step {
    let relay = Relay::start().await?;
    let (owner, buyer) = (Browser::start().await?, Browser::start().await?);
    let page = owner.page();
    let words = page.set_up_wallet(&relay.origin()).await?;

    page.click("link", "Add your first car").await?;
    page.fill("Name", CAR).await?;
    page.fill("VIN optional", VIN).await?;
    page.fill("Plate", PLATE).await?;
    page.click("button", "Add the car").await?;
    page.find("link", "Timeline").await?;
    let folder = tempfile::tempdir()?;
    let invoice = folder.path().join("invoice.pdf");
    std::fs::write(&invoice, format!("%PDF-1.4\n{FILE}\n%%EOF"))?;
    page.type_reading("2024-03-05", 45_678, NOTE, Some(&invoice)).await?;
    let list = folder.path().join("service.csv");
    std::fs::write(
        &list,
        format!("Date,Description,Cost,Notes,Odometer,Tags\n01/15/2021,{DESCRIPTION},$89.90,,12000,\n"),
    )?;
    page.bring_in(&list).await?;
    for (question, answer) in [("In which unit is", "Kilometres"), ("In which currency", "I do not know")] {
        page.sees("What was understood").await?;
        if page.has("text", question).await? {
            page.click("radio", answer).await?;
        }
    }
    if page.has("text", "Which list is this?").await? {
        page.click("radio", "Service").await?;
    }
    if page.has("text", "The file leaves something open").await? {
        page.click("button", "Go on with these answers").await?;
    }
    page.click("button", "Add 1 record").await?;
    page.find("link", "See the passport").await?;

    page.begin_link("Ada").await?;
    for category in ["Identity", "Mileage", "Maintenance"] {
        if page.script(&checked(category)).await? == false {
            page.click("checkbox", category).await?;
        }
    }
    page.click("checkbox", "Ask for a PIN").await?;
    page.fill("PIN", PIN).await?;
    page.fill("Message", MESSAGE).await?;
    let link = page.finish_link().await?;
    let reader = buyer.page();
    reader.open(&link).await?;
    reader.fill("PIN", PIN).await?;
    reader.click("button", "Open").await?;
    reader.sees(MESSAGE).await?;
    reader.sees(CAR).await?;
    reader.sees("45,678").await?;

    // The search itself must find what is there: the relay serves the application's own text.
    assert!(holds(&relay.traffic(), "/api/"), "the search finds nothing at all on the wire");

    let secret = link.split_once('#').ok_or("a link has a secret part")?.1.to_owned();
    let mut canaries: Vec<String> =
        [VIN, CAR, PLATE, NOTE, FILE, PIN, MESSAGE, DESCRIPTION, PASSPHRASE].map(str::to_owned).to_vec();
    canaries.push(words[4..7].join(" "));
    canaries.extend(secret.split('.').filter(|part| part.len() > 15).flat_map(forms_of));

    let mut places = vec![(PathBuf::from("traffic"), relay.traffic())];
    places.extend(relay.files()?);
    for profile in [owner.quit().await?, buyer.quit().await?] {
        let kept = kept_by_browser(profile.path())?;
        assert!(kept.iter().any(|(path, _)| path.to_string_lossy().contains("IndexedDB")), "no IndexedDB was searched");
        places.extend(kept);
    }
    for (place, bytes) in &places {
        for canary in &canaries {
            assert!(!holds(bytes, canary), "{} holds “{canary}”", place.display());
        }
    }
    Ok(())
}

/// A script that says whether a category is ticked.
fn checked(category: &str) -> String {
    format!(
        "return [...document.querySelectorAll('input[type=checkbox]')]\
         .find((box) => box.labels[0].textContent.trim().startsWith('{category}')).checked"
    )
}

#[test]
fn the_search_finds_what_is_planted_in_either_encoding() {
    let wide: Vec<u8> = format!("..{NOTE}..").encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert!(holds(format!("..{NOTE}..").as_bytes(), NOTE));
    assert!(holds(&wide, NOTE));
    assert!(!holds(b"something else", NOTE));
    assert!(forms_of("SGVsbG8").contains(&"48656c6c6f".to_owned()));
}
