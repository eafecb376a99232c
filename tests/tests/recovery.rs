//! Coming back from the words alone, in an empty browser.

use carnet_e2e::{Browser, PASSPHRASE, Page, Relay, Step};

async fn passport(page: &Page) -> Step<String> {
    page.find("heading", "In short").await?;
    page.sees("164 of 164 records are here and match the ledger").await?;
    page.sees_no_more("text", "Signatures being checked").await?;
    page.sees("confirms that nothing shared was left out.").await?;
    page.text().await
}

#[tokio::test]
async fn the_words_bring_the_same_passport_back_in_an_empty_browser() -> Step {
    let relay = Relay::start().await?;
    let first = Browser::start().await?;
    let page = first.page();
    let words = page.start_with_sample_car(&relay.origin()).await?;
    let before = passport(&page).await?;
    let second = Browser::start().await?;
    let empty = second.page();
    empty.open(&relay.origin()).await?;
    empty.click("link", "I have 24 words").await?;
    empty.fill("The 24 words", &words.join(" ")).await?;
    empty.fill("Passphrase", PASSPHRASE).await?;
    empty.fill("Passphrase again", PASSPHRASE).await?;
    empty.click("button", "Open my wallet").await?;
    empty.sees("Sample car").await?;
    empty.open(&page.address().await?).await?;
    empty.unlock().await?;
    let after = passport(&empty).await?;
    let story = |text: &str| -> Vec<String> {
        // What each browser says of its last look at the ledger is not the passport.
        text.lines()
            .take_while(|line| *line != "Checked")
            .filter(|line| {
                let of_the_ledger = ["confirmed", "newer than the last confirmation", "hold the same ledger"];
                !line.is_empty() && !of_the_ledger.iter().any(|words| line.to_lowercase().contains(words))
            })
            .map(str::to_owned)
            .collect()
    };
    assert_eq!(story(&after), story(&before));

    empty.click("link", "Settings").await?;
    empty.click("link", "See the devices").await?;
    empty.sees("This device").await?;
    empty.keep("devices").await
}
