//! What a buyer sees of cars that are not what they seem, and of one that is.

use carnet_e2e::{Browser, Liar, Page, Relay, Staff, Step};
use carnet_hostile_relay::Lie;

const VIN: &str = "5YJ3E7EB0MF000001";

/// Types odometer readings into the car in front.
async fn readings(page: &Page, readings: &[(&str, u32)]) -> Step {
    for (day, kilometres) in readings {
        page.type_reading(day, *kilometres, "", None).await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_buyer_sees_that_an_honest_car_is_whole_and_its_vin_confirmed() -> Step {
    let relay = Relay::start().await?;
    let owner = Browser::start().await?;
    let page = owner.page();
    page.start_with_car(&relay.origin(), "Blue hatchback", VIN, "AB-123-CD").await?;
    readings(&page, &[("2023-05-02", 20_000), ("2024-05-03", 33_000), ("2025-05-02", 46_500)]).await?;
    let garage = Staff::of(&relay.origin(), "Garage du Parc").await?;
    garage.is_shown(&page).await?;
    garage.page().keep("desk-statements").await?;
    garage.page().click("button", "Confirm the VIN").await?;
    garage.page().sees("You have read 5YJ3E7EB0MF000001 on the car itself").await?;
    garage.page().keep("desk-attest").await?;
    garage.page().click("button", "Leave it").await?;
    garage.confirms_the_vin().await?;

    let link = page.share_by_link("Maria", None, None).await?;
    let buyer = Browser::start().await?;
    let reader = buyer.page();
    reader.opens_until(&link, "VIN confirmed by a member who saw the car").await?;
    let text = reader.text().await?;
    assert!(text.contains("The odometer readings follow from each other."), "{text}");
    assert!(text.contains("For you as a buyer"), "{text}");
    assert!(!text.contains("turned back") && !text.contains("Declared a wreck"), "{text}");
    reader.keep("buyer-honest").await
}

#[tokio::test]
async fn a_buyer_is_told_of_a_rolled_back_odometer_with_both_readings_and_compares_it_with_another() -> Step {
    let relay = Relay::start().await?;
    let owner = Browser::start().await?;
    let page = owner.page();
    page.start_with_car(&relay.origin(), "Bargain", "", "").await?;
    let before = [("2020-03-01", 84_000), ("2021-03-01", 96_000), ("2022-03-01", 109_000), ("2023-03-01", 121_000)];
    readings(&page, &before).await?;
    page.fill_reading("2024-03-01", 50_000, "", None).await?;
    page.click("button", "Save the record").await?;
    page.sees("On Mar 1, 2023 the odometer already showed 121,000 km").await?;
    page.keep("reading-asked").await?;
    page.click("button", "Both are right: keep it").await?;
    page.find("heading", "Timeline").await?;
    readings(&page, &[("2025-03-01", 57_000), ("2026-03-01", 64_000)]).await?;
    page.sees("Weakly backed").await?;
    page.keep("timeline-badges").await?;
    let bargain = page.share_by_link("Jo", None, None).await?;
    page.click("link", "Cars").await?;
    page.click("link", "Add a car").await?;
    page.fill("Name", "Family estate").await?;
    page.click("button", "Add the car").await?;
    page.find("heading", "In short").await?;
    readings(&page, &[("2023-04-01", 40_000), ("2024-04-01", 52_000), ("2025-04-01", 64_500)]).await?;
    let estate = page.share_by_link("Jo", None, None).await?;

    let buyer = Browser::start().await?;
    let reader = buyer.page();
    reader.open(&bargain).await?;
    reader.sees("The odometer was turned back").await?;
    reader.sees("121,000 km on Mar 1, 2023, then 50,000 km on Mar 1, 2024").await?;
    reader.sees("Do not pay anything, not even a deposit").await?;
    reader.keep("buyer-rolled-back").await?;
    reader.click("button", "Mar 1, 2024").await?;
    reader.sees("Why this figure").await?;
    reader.sees("Clashes with other odometer readings").await?;
    reader.keep("buyer-record").await?;
    reader.click("button", "Close").await?;

    reader.click("link", "Create a wallet").await?;
    reader.create_wallet().await?;
    reader.click("button", "Keep in my wallet").await?;
    reader.sees_no_more("button", "Keep in my wallet").await?;
    reader.click("link", "Saved").await?;
    reader.click("link", "Open a share link").await?;
    reader.fill("Share link", &estate).await?;
    reader.click("button", "Open").await?;
    reader.click("button", "Keep in my wallet").await?;
    reader.sees_no_more("button", "Keep in my wallet").await?;
    reader.click("link", "Saved").await?;
    reader.click("link", "Compare side by side").await?;
    reader.sees("Turned back").await?;
    reader.keep("compare").await
}

#[tokio::test]
async fn a_wreck_registered_anew_under_another_owner_is_the_first_thing_a_buyer_sees() -> Step {
    let relay = Relay::start().await?;
    let victim = Browser::start().await?;
    let page = victim.page();
    page.start_with_car(&relay.origin(), "Before the crash", VIN, "AB-123-CD").await?;
    let insurer = Staff::of(&relay.origin(), "Lakeside Insurance").await?;
    insurer.is_shown(&page).await?;
    insurer.confirms_the_vin().await?;
    insurer.says("Declare a wreck").await?;
    insurer.page().sees("Declared a wreck").await?;
    insurer.page().keep("desk-wreck").await?;

    let dealer = Browser::start().await?;
    let page = dealer.page();
    page.start_with_car(&relay.origin(), "As good as new", VIN, "ZZ-999-ZZ").await?;
    let expert = Staff::of(&relay.origin(), "Vauban Experts").await?;
    expert.is_shown(&page).await?;
    expert.page().click("button", "Confirm the VIN").await?;
    expert.page().click("button", "Put it on the ledger").await?;
    expert.page().sees("Another passport stands for this car").await?;
    expert.page().keep("desk-refused").await?;
    expert.page().click("button", "Re-open with its history").await?;
    expert.page().choose_first("Record that shows it").await?;
    expert.page().keep("desk-reopen").await?;
    expert.page().click("button", "Put it on the ledger").await?;
    expert.page().sees("This passport continues an earlier one").await?;

    let link = page.share_by_link("Ann", None, None).await?;
    let buyer = Browser::start().await?;
    let reader = buyer.page();
    reader.opens_until(&link, "Do not buy before a member has lifted the wreck declaration").await?;
    let text = reader.text().await?;
    let (flag, whole) = (text.find("Declared a wreck").unwrap_or(usize::MAX), text.find("Is it whole?").unwrap_or(0));
    assert!(flag < whole, "the wreck stands first: {text}");
    reader.keep("buyer-wreck").await
}

#[tokio::test]
async fn a_buyer_is_told_that_accidents_were_not_shared() -> Step {
    let relay = Relay::start().await?;
    let owner = Browser::start().await?;
    let page = owner.page();
    page.start_with_car(&relay.origin(), "Never hit anything", "", "").await?;
    page.click("link", "Add").await?;
    page.click("link", "Type a record").await?;
    page.choose("What happened", "Accident").await?;
    page.fill_date("Day", "2024-06-01").await?;
    page.fill("Description", "Front left, repaired").await?;
    page.click("button", "Save the record").await?;
    page.find("heading", "Timeline").await?;
    page.click("link", "Share").await?;
    page.sees("They will not see").await?;
    page.click("checkbox", "Incidents").await?;
    page.fill("Name of the person", "Lee").await?;
    let link = page.finish_link().await?;

    let buyer = Browser::start().await?;
    let reader = buyer.page();
    reader.open(&link).await?;
    reader.sees("Incidents: not shared. Ask for it.").await?;
    assert!(!reader.text().await?.contains("Front left"), "it was not shared");
    reader.keep("buyer-withheld").await
}

#[tokio::test]
async fn a_relay_that_leaves_records_out_is_found_out_before_a_buyer_reads_anything() -> Step {
    let relay = Relay::start().await?;
    let owner = Browser::start().await?;
    let page = owner.page();
    page.start_with_car(&relay.origin(), "Well kept", VIN, "AB-123-CD").await?;
    readings(&page, &[("2023-05-02", 20_000), ("2024-05-03", 33_000)]).await?;
    let link = page.share_by_link("Maria", None, None).await?;
    let liar = Liar::start(relay.address()).await?;
    let (_, fragment) = link.split_once("/s#").ok_or("a link has a fragment")?;
    let link = format!("{}/s#{fragment}", liar.origin());
    let buyer = Browser::start().await?;
    let reader = buyer.page();
    reader.opens_until(&link, "members of the consortium").await?;

    liar.lie(Lie::LeafDropped);
    reader.open("about:blank").await?;
    reader.open(&link).await?;
    reader.sees("Records of this passport are left out").await?;
    assert!(!reader.has("heading", "Mileage").await?, "nothing of it is shown");
    reader.keep("buyer-lying-relay").await?;

    liar.lie(Lie::RecordWithheld);
    reader.open("about:blank").await?;
    reader.open(&link).await?;
    reader.sees("1 missing").await?;
    reader.keep("buyer-record-missing").await?;
    assert!(liar.told() > 0, "the lie was told");
    Ok(())
}

#[tokio::test]
async fn an_owner_declares_a_theft_and_lifts_it_again() -> Step {
    let relay = Relay::start().await?;
    let owner = Browser::start().await?;
    let page = owner.page();
    page.start_with_car(&relay.origin(), "Red van", VIN, "AB-123-CD").await?;
    page.click("link", "Add").await?;
    page.keep("ways-to-add").await?;
    page.click("link", "Declare or lift a theft").await?;
    page.sees("No wreck, theft or lien is declared").await?;
    page.keep("theft").await?;
    page.click("button", "Declare a theft").await?;
    page.click("button", "Put it on the ledger").await?;
    page.sees("Choose the record that shows it.").await?;
    page.choose_first("Record that shows it").await?;
    page.keep("theft-form").await?;
    page.click("button", "Put it on the ledger").await?;
    page.click("button", "The car was found").await?;
    page.choose_first("Record that shows it").await?;
    page.click("button", "Put it on the ledger").await?;
    page.sees("No wreck, theft or lien is declared").await
}
