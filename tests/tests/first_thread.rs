//! The shortest way through everything: wallet, car, link, reader.

use carnet_e2e::{Browser, Relay, Step};

#[tokio::test]
async fn a_newcomer_sees_the_passport_of_the_sample_car() -> Step {
    let relay = Relay::start().await?;
    let browser = Browser::start().await?;
    let page = browser.page();
    page.open(&relay.origin()).await?;
    page.click("link", "Create a wallet").await?;
    page.find("heading", "Create a wallet").await?;
    page.sees("These 24 words are your wallet").await?;
    let words =
        page.script("return [...document.querySelectorAll('ol.words > li')].map((li) => li.textContent)").await?;
    page.click("checkbox", "I have written all 24 words on paper").await?;
    page.click("button", "Continue").await?;
    for position in [3, 11, 20] {
        let word = words[position - 1].as_str().ok_or("the page shows 24 words")?;
        page.fill(&format!("Word {position}"), word).await?;
    }
    page.click("button", "Continue").await?;
    page.fill("Passphrase", "a long enough passphrase").await?;
    page.fill("Passphrase again", "a long enough passphrase").await?;
    page.click("button", "Open my wallet").await?;
    page.click("button", "Try with a sample car").await?;
    page.sees("Carnet Sample EV").await?;
    page.find("heading", "Mileage").await?;
    page.sees("164 of 164 records are here and match the ledger").await?;
    page.keep("passport").await?;
    Ok(())
}
