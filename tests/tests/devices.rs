//! A second device: by the code that the first one shows, with the same car; then removed.

use carnet_e2e::{Browser, PASSPHRASE, Relay, Step};

const OTHER_PASSPHRASE: &str = "the phone's own passphrase";

#[tokio::test]
async fn a_second_device_has_the_same_car_until_it_is_removed() -> Step {
    let relay = Relay::start().await?;
    let (first, second) = (Browser::start().await?, Browser::start().await?);
    let (page, phone) = (first.page(), second.page());
    page.set_up_wallet(&relay.origin()).await?;
    page.add_first_car("Family car").await?;
    page.click("link", "Settings").await?;
    page.click("link", "See the devices").await?;
    page.find("heading", "Device without a name").await?;
    page.click("button", "Give it a name").await?;
    page.fill("Name of the device", "Desk").await?;
    page.click("button", "Save the name").await?;
    page.find("heading", "Desk").await?;
    page.click("button", "Add a device").await?;
    page.sees("Waiting for the new device").await?;
    page.keep("device-code").await?;
    let link = page.find("textbox", "Link for the new device").await?.prop("value").await?.unwrap_or_default();
    assert!(link.contains("/welcome/device#"), "{link}");

    phone.open(&relay.origin()).await?;
    phone.click("link", "I have Carnet on another device").await?;
    phone.find("textbox", "Link for the new device").await?;
    phone.open(&link).await?;
    phone.sees("The code is read").await?;
    assert!(!phone.address().await?.contains('#'), "the secret has left the address bar");
    phone.keep("device-join").await?;
    phone.fill("Name of the device", "Phone").await?;
    phone.fill("Passphrase", OTHER_PASSPHRASE).await?;
    phone.fill("Passphrase again", OTHER_PASSPHRASE).await?;
    phone.click("button", "Ask the other device").await?;
    phone.sees("Type these six digits on your other device").await?;
    phone.keep("device-digits").await?;
    let digits = phone.script("return document.querySelector('.digits').textContent.trim()").await?;
    let digits = digits.as_str().unwrap_or_default().to_owned();
    assert_eq!(digits.len(), 6);

    page.sees("Phone asks to be added").await?;
    page.keep("device-approve").await?;
    page.fill("The six digits on the new device", &digits).await?;
    page.fill("Passphrase", "not the passphrase").await?;
    page.click("button", "Approve the device").await?;
    page.sees("That is not the passphrase").await?;
    page.fill("Passphrase", PASSPHRASE).await?;
    page.click("button", "Approve the device").await?;
    page.find("heading", "Phone").await?;
    phone.sees("Family car").await?;
    phone.keep("device-joined").await?;
    // Open, it would hear of its removal by itself, sooner or later.
    phone.open("about:blank").await?;

    page.click("button", "Remove Phone").await?;
    page.sees("At its next contact it wipes the wallet").await?;
    page.keep("device-remove").await?;
    page.fill("Passphrase", PASSPHRASE).await?;
    page.click("button", "Remove the device").await?;
    page.sees_no_more("heading", "Phone").await?;
    phone.open(&relay.origin()).await?;
    phone.fill("Passphrase", OTHER_PASSPHRASE).await?;
    phone.click("button", "Unlock").await?;
    phone.sees("This device was removed from its wallet").await?;
    phone.keep("device-removed").await?;
    let text = phone.text().await?;
    assert!(!text.contains("Family car"));
    Ok(())
}
