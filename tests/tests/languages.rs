//! The same screens in other languages, and without a mouse.

use carnet_e2e::{Browser, PASSPHRASE, Page, Relay, Step};
use thirtyfour::Key;

/// Chooses a language in the settings, by what it is called in itself, and waits for the translated heading.
async fn speak(page: &Page, origin: &str, endonym: &str, settings: &str) -> Step {
    page.open(&format!("{origin}/settings")).await?;
    page.click("radio", endonym).await?;
    page.find("heading", settings).await.map(drop)
}

#[tokio::test]
async fn the_screens_speak_french() -> Step {
    let relay = Relay::start().await?;
    let browser = Browser::start().await?;
    let page = browser.page();
    page.start_with_sample_car(&relay.origin()).await?;
    let car = page.address().await?;
    speak(&page, &relay.origin(), "Français", "Réglages").await?;
    assert_eq!(page.script("return document.documentElement.lang").await?, "fr");

    page.open(&car).await?;
    page.find("heading", "Votre portefeuille est verrouillé").await?;
    page.keep("unlock-fr").await?;
    page.fill("Phrase secrète", PASSPHRASE).await?;
    page.click("button", "Déverrouiller").await?;
    page.find("heading", "En bref").await?;
    page.find("heading", "Kilométrage").await?;
    page.sees("164 entrées sur 164 sont là et concordent avec le registre").await?;
    page.keep("passport-fr").await?;
    let whole = "return [...document.querySelectorAll('nav.tabs a')].every((tab) => \
                 tab.getBoundingClientRect().right <= window.innerWidth)";
    assert_eq!(page.script(whole).await?, true, "a tab is cut off on a phone");
    page.click("link", "Chronologie").await?;
    page.find("heading", "Chronologie").await?;
    page.click("link", "Partager").await?;
    page.find("heading", "Partager cette voiture").await?;
    page.keep("share-fr").await?;
    page.click("link", "Conservés").await?;
    page.find("heading", "Passeports conservés").await?;
    page.click("link", "Voitures").await?;
    page.find("heading", "Vos voitures").await?;
    page.open(&format!("{}/desk", relay.origin())).await?;
    page.fill("Phrase secrète", PASSPHRASE).await?;
    page.click("button", "Déverrouiller").await?;
    page.find("heading", "Guichet du personnel").await.map(drop)
}

#[tokio::test]
async fn the_screens_speak_traditional_chinese() -> Step {
    let relay = Relay::start().await?;
    let browser = Browser::start().await?;
    let page = browser.page();
    page.start_with_sample_car(&relay.origin()).await?;
    let car = page.address().await?;
    speak(&page, &relay.origin(), "繁體中文", "設定").await?;
    assert_eq!(page.script("return document.documentElement.lang").await?, "zh-Hant");

    page.open(&car).await?;
    page.find("heading", "錢包已鎖定").await?;
    page.fill("密語", PASSPHRASE).await?;
    page.click("button", "解鎖").await?;
    page.find("link", "時間軸").await?;
    page.keep("passport-zh").await?;
    page.click("link", "分享").await?;
    page.find("heading", "分享這輛車").await?;
    page.keep("share-zh").await?;
    page.click("link", "車輛").await?;
    page.find("heading", "您的車輛").await?;
    page.open(&format!("{}/desk", relay.origin())).await?;
    page.fill("密語", PASSPHRASE).await?;
    page.click("button", "解鎖").await?;
    page.find("heading", "成員工作台").await.map(drop)
}

/// Presses Tab until the focus is on what has this name; fails when it comes round without meeting it.
async fn tab_to(page: &Page, name: &str) -> Step {
    // The heading of a step takes the focus as well, and may be called like a field.
    let focused = "const e = document.activeElement; if (!e || /^H[1-6]$/.test(e.tagName)) return ''; \
                   const label = e.labels && e.labels.length ? e.labels[0].textContent : e.textContent; \
                   return (label || '').trim()";
    for _ in 0..40 {
        if page.script(focused).await?.as_str().is_some_and(|text| text == name) {
            return Ok(());
        }
        page.press(Key::Tab).await?;
    }
    Err(format!("Tab never comes to “{name}”").into())
}

#[tokio::test]
async fn a_wallet_is_made_with_the_keyboard_alone() -> Step {
    let relay = Relay::start().await?;
    let browser = Browser::start().await?;
    let page = browser.page();
    page.open(&relay.origin()).await?;
    page.find("link", "Create a wallet").await?;
    tab_to(&page, "Create a wallet").await?;
    page.press(Key::Enter).await?;
    page.find("checkbox", "I have written all 24 words on paper").await?;
    let words =
        page.script("return [...document.querySelectorAll('ol.words > li')].map((li) => li.textContent)").await?;
    tab_to(&page, "I have written all 24 words on paper").await?;
    page.press(Key::Space).await?;
    tab_to(&page, "Continue").await?;
    page.press(Key::Enter).await?;
    for position in [3, 11, 20] {
        let word = words[position - 1].as_str().ok_or("the page shows 24 words")?;
        page.find("textbox", &format!("Word {position}")).await?;
        tab_to(&page, &format!("Word {position}")).await?;
        page.press(word).await?;
    }
    page.press(Key::Enter).await?;
    page.find("textbox", "Passphrase again").await?;
    for label in ["Passphrase", "Passphrase again"] {
        tab_to(&page, label).await?;
        page.press(PASSPHRASE).await?;
    }
    page.press(Key::Enter).await?;
    page.sees("No car yet").await
}
