//! A car changes hands: seller and buyer, each in a browser of their own, and a later reader with a link.

use carnet_e2e::{Browser, PASSPHRASE, Relay, Step};

#[tokio::test]
async fn a_car_is_sold_and_a_later_reader_sees_both_owners() -> Step {
    let relay = Relay::start().await?;
    let seller = Browser::start().await?;
    let page = seller.page();
    page.start_with_sample_car(&relay.origin()).await?;
    let old = page.share_by_link("Maria", None, None).await?;

    page.click("link", "Overview").await?;
    page.click("link", "Sell this car").await?;
    page.sees("A sale cannot be undone").await?;
    page.keep("sell").await?;
    page.fill("Odometer", "999 000").await?;
    page.fill("Price", "12500").await?;
    // Who finds the wallet open sells nothing.
    page.fill("Passphrase", "not the passphrase").await?;
    page.click("button", "Make the offer").await?;
    // The sample car has nowhere near as much; who means it presses once more.
    page.sees("too far for the days between").await?;
    page.keep("sell-asked").await?;
    page.click("button", "Make the offer").await?;
    page.sees("That is not the passphrase").await?;
    assert!(!page.text().await?.contains("too far for the days between"), "it was answered and is not asked again");
    page.fill("Passphrase", PASSPHRASE).await?;
    page.click("button", "Make the offer").await?;
    page.find("heading", "The car is offered").await?;
    page.keep("sell-code").await?;
    let field = page.find("textbox", "Code").await?;
    let code = field.prop("value").await?.ok_or("the code field has a value")?;

    let buyer = Browser::start().await?;
    let taking = buyer.page();
    taking.open(&code).await?;
    taking.find("heading", "Take this car over").await?;
    taking.sees("Stays with the seller").await?;
    taking.keep("takeover").await?;
    taking.click("link", "Create a wallet").await?;
    taking.create_wallet().await?;
    taking.fill("What you read on the odometer", "998 000").await?;
    taking.click("button", "Sign and take the car over").await?;
    taking.sees("The seller signed 999,000 km").await?;
    taking.fill("What you read on the odometer", "999 000").await?;
    taking.click("button", "Sign and take the car over").await?;
    taking.find("heading", "Owners").await?;
    taking.sees("2 owners so far").await?;
    taking.keep("takeover-done").await?;

    // The seller hears of it, keeps the archive, and what was shared before is over.
    page.sees("This is your archive").await?;
    page.click("link", "Overview").await?;
    page.sees("This is your archive").await?;
    page.keep("archive").await?;
    assert!(!page.has("link", "Sell this car").await?, "a car is sold once");
    page.sees_no_more("link", "Add").await?;
    let late = Browser::start().await?;
    late.page().open(&old).await?;
    late.page().sees("This link has ended").await?;

    // A reader of the buyer's link sees the chain.
    let link = taking.share_by_link("Jo", None, None).await?;
    late.page().open("about:blank").await?;
    late.page().open(&link).await?;
    late.page().find("heading", "Owners").await?;
    late.page().sees("2 owners so far").await?;
    late.page().sees("Odometer signed by seller and buyer").await?;
    late.page().keep("reader-chain").await?;

    // The seller erases the archive; what was handed over stays with the buyer, and the receipt says so.
    page.click("link", "Car settings").await?;
    page.find("heading", "Erase this archive").await?;
    assert!(!page.has("button", "Erase this category").await?, "an archive goes as a whole");
    page.click("button", "Erase this archive").await?;
    page.fill("Your passphrase", PASSPHRASE).await?;
    page.keep("erase-archive").await?;
    page.click("button", "Erase for good").await?;
    page.sees("What was handed over at the sale is the buyer’s").await?;
    page.keep("archive-receipt").await?;
    late.page().open("about:blank").await?;
    late.page().open(&link).await?;
    late.page().sees("Odometer signed by seller and buyer").await
}

#[tokio::test]
async fn an_offer_is_taken_back_and_nothing_is_erased_before() -> Step {
    let relay = Relay::start().await?;
    let browser = Browser::start().await?;
    let page = browser.page();
    page.start_with_sample_car(&relay.origin()).await?;
    let car = page.address().await?;
    page.open(&format!("{}/settings", relay.origin())).await?;
    page.click("radio", "Français").await?;
    page.find("heading", "Réglages").await?;
    page.open(&format!("{car}/sell")).await?;
    page.fill("Phrase secrète", PASSPHRASE).await?;
    page.click("button", "Déverrouiller").await?;
    page.find("heading", "Vendre cette voiture").await?;
    page.keep("sell-fr").await?;
    // No sample car has as much; it is asked about, and offered when it is pressed again.
    page.fill("Compteur", "999 000").await?;
    page.fill("Phrase secrète", PASSPHRASE).await?;
    page.click("button", "Faire l’offre").await?;
    page.sees("appuyez encore une fois").await?;
    page.keep("sell-asked-fr").await?;
    page.click("button", "Faire l’offre").await?;
    page.find("heading", "La voiture est proposée").await?;
    page.keep("sell-code-fr").await?;
    page.open(&format!("{car}/theft")).await?;
    page.fill("Phrase secrète", PASSPHRASE).await?;
    page.click("button", "Déverrouiller").await?;
    // Nothing is added while it is for sale, but a theft can be declared.
    page.find("heading", "Volée, ou retrouvée").await?;
    assert!(!page.text().await?.contains("Cette voiture est en vente"));
    page.open(&format!("{car}/settings")).await?;
    page.fill("Phrase secrète", PASSPHRASE).await?;
    page.click("button", "Déverrouiller").await?;
    page.sees("Rien ne s’efface tant que la voiture est en vente").await?;
    page.click("link", "Voir l’offre").await?;
    page.click("button", "Reprendre l’offre").await?;
    page.click("button", "Reprendre").await?;
    page.find("heading", "Vendre cette voiture").await?;
    page.find("button", "Faire l’offre").await.map(drop)
}
