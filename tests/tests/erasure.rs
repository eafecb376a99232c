//! Erasing for good, in the browser: a record, a category, a car, everything, and the receipts.

use carnet_e2e::{Browser, PASSPHRASE, Relay, Step};

#[tokio::test]
async fn a_record_and_a_category_go_for_good_and_leave_receipts() -> Step {
    let relay = Relay::start().await?;
    let browser = Browser::start().await?;
    let page = browser.page();
    page.set_up_wallet(&relay.origin()).await?;
    page.add_first_car("Family car").await?;
    page.type_reading("2025-03-14", 45_200, "canary note", None).await?;
    page.type_reading("2025-03-15", 45_300, "the other note", None).await?;

    page.click("button", "Mar 14, 2025").await?;
    page.sees("canary note").await?;
    page.click("button", "Erase for good").await?;
    page.find("dialog", "Erase for good?").await?;
    page.sees("a hash of a text that nobody has").await?;
    page.keep("erase-record").await?;
    page.click("button", "Erase for good").await?;
    page.sees_no_more("button", "Mar 14, 2025").await?;
    page.find("button", "Mar 15, 2025").await?;

    page.click("link", "Overview").await?;
    page.click("link", "Car settings").await?;
    page.choose("Category", "Mileage").await?;
    page.click("button", "Erase this category").await?;
    page.find("dialog", "Erase for good?").await?;
    page.keep("erase-category").await?;
    page.click("button", "Erase for good").await?;
    page.find("heading", "Category: Mileage").await?;
    page.find("heading", "One record").await?;
    page.sees("Last backup with old keys gone by").await?;
    page.sees_no_more("text", "Waiting for the relay").await?;
    page.click("button", "Save the receipt").await?;
    page.keep("receipts").await?;
    page.click("link", "Cars").await?;
    page.click("link", "Family car").await?;
    page.click("link", "Timeline").await?;
    page.sees_no_more("button", "Mar 15, 2025").await
}

#[tokio::test]
async fn a_car_and_then_everything_go_only_with_the_passphrase_and_the_receipt_stays() -> Step {
    let relay = Relay::start().await?;
    let browser = Browser::start().await?;
    let page = browser.page();
    let words = page.start_with_sample_car(&relay.origin()).await?;
    page.click("link", "Car settings").await?;
    page.click("button", "Erase this car").await?;
    page.fill("Your passphrase", "not the passphrase").await?;
    page.click("button", "Erase for good").await?;
    page.sees("That is not the passphrase").await?;
    page.fill("Your passphrase", PASSPHRASE).await?;
    page.keep("erase-car").await?;
    page.click("button", "Erase for good").await?;
    page.find("heading", "A car").await?;
    page.sees("Confirmed by the relay").await?;
    page.click("link", "Cars").await?;
    page.sees("No car yet").await?;

    page.click("link", "Settings").await?;
    page.click("link", "Erasing and receipts").await?;
    page.click("button", "Erase everything").await?;
    page.fill("Your passphrase", PASSPHRASE).await?;
    page.click("button", "Erase for good").await?;
    page.sees("Everything was erased").await?;
    page.sees("Confirmed by the relay").await?;
    page.keep("everything-erased").await?;
    page.click("button", "Save the receipt").await?;
    page.click("button", "Forget the receipt").await?;
    page.find("link", "Create a wallet").await?;

    // The words open nothing any more.
    page.open(&format!("{}/welcome/restore", relay.origin())).await?;
    page.fill("The 24 words", &words.join(" ")).await?;
    page.fill("Passphrase", PASSPHRASE).await?;
    page.fill("Passphrase again", PASSPHRASE).await?;
    page.click("button", "Open my wallet").await?;
    page.sees("This wallet was erased").await
}

#[tokio::test]
async fn another_browser_says_that_the_wallet_was_erased() -> Step {
    let relay = Relay::start().await?;
    let first = Browser::start().await?;
    let words = first.page().start_with_sample_car(&relay.origin()).await?;
    let second = Browser::start().await?;
    let page = second.page();
    page.open(&format!("{}/welcome/restore", relay.origin())).await?;
    page.fill("The 24 words", &words.join(" ")).await?;
    page.fill("Passphrase", PASSPHRASE).await?;
    page.fill("Passphrase again", PASSPHRASE).await?;
    page.click("button", "Open my wallet").await?;
    page.click("link", "Carnet Sample EV").await?;
    page.sees("164 of 164 records are here and match the ledger").await?;

    let page = first.page();
    page.open(&format!("{}/settings/erasure", relay.origin())).await?;
    page.unlock().await?;
    page.click("button", "Erase everything").await?;
    page.fill("Your passphrase", PASSPHRASE).await?;
    page.click("button", "Erase for good").await?;
    page.sees("Everything was erased").await?;

    second.page().sees("This wallet was erased on another of your devices").await?;
    second.page().find("link", "Create a wallet").await.map(drop)
}
