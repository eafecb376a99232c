//! Ways to unlock: a passkey, another passphrase, and the words rehearsed.

use carnet_e2e::{Browser, PASSPHRASE, Page, Relay, Step};
use serde_json::json;

/// Gives the tab an authenticator that verifies its user and evaluates the function that unlocking takes.
async fn plug_in_authenticator(page: &Page) -> Step {
    let tools = page.driver().cdp();
    tools.send_raw("WebAuthn.enable", json!({})).await?;
    let options = json!({
        "protocol": "ctap2", "ctap2Version": "ctap2_1", "transport": "internal", "hasResidentKey": true,
        "hasUserVerification": true, "isUserVerified": true, "automaticPresenceSimulation": true, "hasPrf": true,
    });
    tools.send_raw("WebAuthn.addVirtualAuthenticator", json!({ "options": options })).await?;
    Ok(())
}

async fn lock(page: &Page) -> Step {
    page.click("link", "Settings").await?;
    page.click("button", "Lock now").await?;
    page.sees_no_more("button", "Lock now").await?;
    page.click("link", "Cars").await?;
    page.sees("Your wallet is locked").await
}

#[tokio::test]
async fn a_passkey_opens_the_wallet_beside_the_passphrase() -> Step {
    let (relay, browser) = (Relay::start().await?, Browser::start().await?);
    let page = browser.page();
    page.set_up_wallet(&relay.origin()).await?;
    page.add_first_car("Family car").await?;
    page.click("link", "Settings").await?;
    page.click("button", "Add a passkey").await?;
    page.keep("settings-passkey").await?;
    plug_in_authenticator(&page).await?;
    page.fill("Name", "This phone").await?;
    page.fill("Passphrase", PASSPHRASE).await?;
    page.click("button", "Add the passkey").await?;
    page.find("button", "Remove This phone").await?;

    lock(&page).await?;
    page.click("button", "Unlock with a passkey").await?;
    page.sees("Family car").await?;

    page.click("link", "Settings").await?;
    page.click("button", "Remove This phone").await?;
    page.sees_no_more("button", "Remove This phone").await?;
    lock(&page).await?;
    page.unlock().await?;
    page.sees("Family car").await
}

#[tokio::test]
async fn another_passphrase_takes_the_place_of_the_first_and_the_words_are_rehearsed() -> Step {
    const NEXT: &str = "quite another passphrase";
    let (relay, browser) = (Relay::start().await?, Browser::start().await?);
    let page = browser.page();
    let words = page.set_up_wallet(&relay.origin()).await?;

    page.click("link", "Settings").await?;
    page.click("button", "Check your recovery words").await?;
    page.fill("The 24 words", &words[1..].join(" ")).await?;
    page.click("button", "Check").await?;
    page.sees("These words do not belong together").await?;
    page.fill("The 24 words", &words.join(" ")).await?;
    page.click("button", "Check").await?;
    page.sees("These words bring this wallet back").await?;

    page.click("button", "Change the passphrase").await?;
    page.fill("Passphrase in force", "not the one in force").await?;
    page.fill("Passphrase", NEXT).await?;
    page.fill("Passphrase again", NEXT).await?;
    page.click("button", "Change").await?;
    page.sees("That is not the passphrase").await?;
    page.fill("Passphrase in force", PASSPHRASE).await?;
    page.click("button", "Change").await?;
    page.sees("The passphrase is changed in this browser").await?;

    lock(&page).await?;
    page.fill("Passphrase", PASSPHRASE).await?;
    page.click("button", "Unlock").await?;
    page.sees("That is not the passphrase").await?;
    page.fill("Passphrase", NEXT).await?;
    page.click("button", "Unlock").await?;
    page.sees("Add your first car").await
}
