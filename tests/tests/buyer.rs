//! A second-hand buyer with a link.

use carnet_e2e::{Browser, Relay, Step};

/// A printer that tells whether it got all entries: more than are fetched at first, and as many as the list says.
const PRINTER: &str = "window.print = () => { \
    const entries = document.querySelectorAll('ol.timeline > li').length; \
    const all = Number(document.querySelector('.timeline__count').textContent.match(/[0-9]+/)[0]); \
    document.querySelector('main').append(entries > 50 && entries === all ? 'every record is on paper' : `only ${entries}`); \
}";

#[tokio::test]
async fn a_buyer_opens_a_link_with_its_pin_and_keeps_the_passport() -> Step {
    let relay = Relay::start().await?;
    let owner = Browser::start().await?;
    let page = owner.page();
    page.start_with_sample_car(&relay.origin()).await?;
    page.keep("passport").await?;
    page.click("link", "Share").await?;
    page.sees("They will not see").await?;
    page.keep("share").await?;
    let link = page.share_by_link("Maria", Some("4711"), Some("5 times")).await?;
    page.keep("share-link").await?;
    assert!(link.contains("/s#"), "{link}");

    let buyer = Browser::start().await?;
    let reader = buyer.page();
    reader.open(&link).await?;
    reader.sees("This link asks for a PIN").await?;
    assert!(!reader.address().await?.contains('#'), "the secret has left the address bar");
    reader.keep("reader-pin").await?;
    reader.fill("PIN", "0000").await?;
    reader.click("button", "Open").await?;
    reader.sees("That is not the PIN.").await?;
    reader.sees("9 tries are left").await?;
    reader.fill("PIN", "4711").await?;
    reader.click("button", "Open").await?;
    reader.find("heading", "Terms of this share").await?;
    reader.find("heading", "In short").await?;
    reader.keep("reader").await?;
    let text = reader.text().await?;
    assert!(text.contains("Not shared"), "what stays closed is named");
    reader.script(PRINTER).await?;
    reader.click("button", "Print or save as PDF").await?;
    reader.sees("every record is on paper").await?;

    reader.click("link", "Create a wallet").await?;
    reader.create_wallet().await?;
    reader.click("button", "Keep in my wallet").await?;
    reader.find("heading", "Mileage").await?;
    reader.click("link", "Saved").await?;
    reader.find("link", "Open the passport").await?;
    reader.keep("saved").await?;

    let late = Browser::start().await?;
    late.page().open(&link).await?;
    late.page().sees("This link was taken over into a wallet").await?;
    late.page().sees("Ask the owner for a new one.").await?;
    Ok(())
}

#[tokio::test]
async fn a_page_loaded_anew_says_that_the_link_must_be_opened_again() -> Step {
    let relay = Relay::start().await?;
    let owner = Browser::start().await?;
    owner.page().start_with_sample_car(&relay.origin()).await?;
    let link = owner.page().share_by_link("Jo", None, None).await?;
    let buyer = Browser::start().await?;
    let reader = buyer.page();
    reader.open(&link).await?;
    reader.find("heading", "In short").await?;
    let without_its_secret = reader.address().await?;
    assert!(!without_its_secret.contains('#'));
    reader.open(&without_its_secret).await?;
    reader.sees("Open the link once more").await?;
    reader.keep("reader-gone").await?;
    reader.open(&link).await?;
    reader.find("heading", "In short").await?;
    // Who never had a link open in a tab is asked for one, no more.
    let late = Browser::start().await?;
    late.page().open(&without_its_secret).await?;
    late.page().sees("Open a share link").await?;
    assert!(!late.page().text().await?.contains("Open the link once more"));
    Ok(())
}

#[tokio::test]
async fn a_link_that_was_taken_back_says_so_and_the_owner_sees_who_looked() -> Step {
    let relay = Relay::start().await?;
    let owner = Browser::start().await?;
    let page = owner.page();
    page.start_with_sample_car(&relay.origin()).await?;
    let link = page.share_by_link("Jo", None, None).await?;
    let buyer = Browser::start().await?;
    buyer.page().open(&link).await?;
    buyer.page().find("heading", "In short").await?;

    page.click("link", "Who looks").await?;
    page.sees("Opened the link").await?;
    page.keep("shares").await?;
    page.click("button", "Take back").await?;
    page.click("button", "Take it back now").await?;
    page.sees("The share was taken back.").await?;
    // The button is gone; whoever pressed it with the keyboard is still at the share.
    page.has_focus("Jo").await?;

    let late = Browser::start().await?;
    late.page().open(&link).await?;
    late.page().sees("The owner took this link back").await
}

#[tokio::test]
async fn a_link_used_up_mangled_or_unknown_says_what_to_do() -> Step {
    let relay = Relay::start().await?;
    let owner = Browser::start().await?;
    owner.page().start_with_sample_car(&relay.origin()).await?;
    let link = owner.page().share_by_link("Once", None, Some("Once")).await?;
    let first = Browser::start().await?;
    first.page().open(&link).await?;
    first.page().find("heading", "In short").await?;
    let second = Browser::start().await?;
    let page = second.page();
    page.open(&link).await?;
    page.sees("This link was used up").await?;
    page.open("about:blank").await?;
    page.open(&link[..link.len() - 5]).await?;
    page.sees("The link is incomplete").await?;
    page.open("about:blank").await?;
    let unknown = format!("{}/s#{}.{}", relay.origin(), "A".repeat(22), "A".repeat(43));
    page.open(&unknown).await?;
    page.sees("This link is not known here").await
}
