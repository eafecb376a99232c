//! Two people with one car: invited by a code, both write, and the owner ends it.

use carnet_e2e::{Browser, Relay, Step};

#[tokio::test]
async fn a_partner_takes_a_car_in_both_write_and_the_owner_ends_it() -> Step {
    let relay = Relay::start().await?;
    let owner = Browser::start().await?;
    let page = owner.page();
    page.set_up_wallet(&relay.origin()).await?;
    page.add_first_car("Family car").await?;
    page.click("link", "People").await?;
    page.fill("Who is it?", "Robin").await?;
    page.click("button", "Make the invitation").await?;
    page.sees("Let Robin scan the code").await?;
    page.keep("people-invitation").await?;
    let link = page.script("return document.querySelector('.copy-field input').value").await?;
    let link = link.as_str().ok_or("no link")?.to_owned();
    assert!(link.contains("/join#"), "{link}");

    let partner = Browser::start().await?;
    let other = partner.page();
    other.open(&link).await?;
    other.sees("Someone wants to hold a car together with you.").await?;
    other.find("heading", "Family car").await?;
    assert!(!other.address().await?.contains('#'), "the secret has left the address bar");
    other.keep("join").await?;
    other.click("link", "Create a wallet").await?;
    other.create_wallet().await?;
    other.click("button", "Hold it together").await?;
    page.sees("Holds it with you").await?;
    page.keep("people").await?;
    other.sees("Held together").await?;
    other.keep("cars-together").await?;

    other.click("link", "Family car").await?;
    other.type_reading("2024-03-01", 12_345, "written by Robin", None).await?;
    page.click("link", "Timeline").await?;
    page.sees("12,345").await?;
    page.sees("Typed by Robin").await?;
    page.type_reading("2024-04-02", 13_000, "", None).await?;
    other.sees("13,000").await?;
    other.sees("Typed by you").await?;
    other.sees("Typed by another holder of this car").await?;
    // What is the owner's alone is said to be, and not offered.
    other.click("link", "Overview").await?;
    other.find("link", "Car settings").await?;
    other.find("link", "People").await?;
    assert!(!other.has("link", "Sell this car").await? && !other.has("link", "Garages").await?);
    other.click("link", "Car settings").await?;
    other.find("heading", "Take everything along").await?;
    assert!(!other.has("button", "Erase this car").await?);
    other.click("link", "Add").await?;
    other.find("heading", "By hand").await?;
    other.sees_no_more("link", "Share").await?;
    assert!(!other.has("link", "Who looks").await? && !other.has("link", "Declare or lift a theft").await?);
    other.click("link", "Overview").await?;
    other.click("link", "People").await?;
    other.sees("You hold this car together with its owner").await?;
    other.keep("owners-only").await?;
    assert!(!other.text().await?.contains("Only the owner does this"));
    // Whoever knows the address of an owner's page is told why it shows this one.
    other.open(&other.address().await?.replace("/people", "/sell")).await?;
    other.unlock().await?;
    other.sees("Only the owner does this").await?;
    other.keep("owners-only-by-address").await?;
    page.click("link", "Overview").await?;
    page.click("link", "People").await?;
    page.click("button", "Remove").await?;
    page.sees("this person writes nothing more").await?;
    page.click("button", "Remove now").await?;
    page.sees("The person was removed.").await?;

    other.click("link", "Overview").await?;
    other.click("link", "People").await?;
    other.sees("You no longer hold this car together").await?;
    other.keep("people-ended").await?;
    other.sees_no_more("link", "Add").await?;
    other.click("link", "Overview").await?;
    other.sees("You no longer hold this car together").await
}
