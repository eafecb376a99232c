//! Other languages, the keyboard, and what is nowhere else.

use carnet_e2e::{Browser, Relay, Step};

#[tokio::test]
async fn the_app_speaks_french_and_traditional_chinese() -> Step {
    let relay = Relay::start().await?;
    let browser = Browser::start().await?;
    let page = browser.page();
    page.open(&format!("{}/settings", relay.origin())).await?;
    page.click("radio", "Français").await?;
    page.find("heading", "Réglages").await?;
    page.keep("settings-fr").await?;
    page.open(&relay.origin()).await?;
    page.find("link", "Créer un portefeuille").await?;
    page.keep("welcome-fr").await?;
    page.open(&format!("{}/settings", relay.origin())).await?;
    page.click("radio", "繁體中文").await?;
    page.find("heading", "設定").await?;
    page.open(&relay.origin()).await?;
    page.find("link", "建立錢包").await?;
    page.keep("welcome-zh").await
}

#[tokio::test]
async fn an_address_that_leads_nowhere_says_so() -> Step {
    let relay = Relay::start().await?;
    let browser = Browser::start().await?;
    let page = browser.page();
    page.open(&format!("{}/no/such/page", relay.origin())).await?;
    page.find("heading", "").await?;
    page.keep("not-found").await
}

#[tokio::test]
async fn the_keyboard_alone_leads_to_the_words() -> Step {
    let relay = Relay::start().await?;
    let browser = Browser::start().await?;
    let page = browser.page();
    page.open(&relay.origin()).await?;
    let link = page.find("link", "Create a wallet").await?;
    // From the top of the page; the tab key must reach the link within the header's and the page's own stops.
    for _ in 0..12 {
        page.press("\u{e004}").await?;
        if page.driver().active_element().await? == link {
            page.press("\u{e007}").await?;
            return page.sees("These 24 words are your wallet").await;
        }
    }
    Err("the link cannot be reached with the tab key".into())
}
