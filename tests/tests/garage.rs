//! A garage at the counter: paired by a code, it writes while the owner's browser is closed; the owner has a word.

use carnet_e2e::{Browser, Page, Relay, Staff, Step};

/// Opens an entry of the timeline in front by what it says; its name begins with its day.
async fn opens_entry(page: &Page, headline: &str) -> Step {
    page.sees(headline).await?;
    let text = page.text().await?;
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let at = lines.iter().rposition(|line| *line == headline).ok_or("the entry is in the timeline")?;
    let day = at.checked_sub(1).and_then(|before| lines.get(before)).ok_or("an entry has a day")?;
    page.click("button", &format!("{day}{headline}")).await
}

#[tokio::test]
async fn a_garage_writes_while_the_owner_is_away_an_insurer_reads_it_and_the_owner_disputes_it() -> Step {
    let relay = Relay::start().await?;
    let home = Browser::start().await?;
    let owner = home.page();
    let insurer = Staff::of(&relay.origin(), "Lakeside Insurance").await?;
    let garage = Staff::of(&relay.origin(), "Garage du Parc").await?;
    let (insurer, garage) = (insurer.page(), garage.page());

    owner.start_with_car(&relay.origin(), "Family car", "", "").await?;
    owner.click("link", "Share").await?;
    owner.click("radio", "A member of the consortium").await?;
    owner.click("radio", "Lakeside Insurance").await?;
    owner.choose("What for", "Insurance claim").await?;
    owner.click("button", "Share").await?;
    owner.sees("Shared with Lakeside Insurance").await?;
    owner.click("link", "Overview").await?;
    owner.click("link", "Garages").await?;
    owner.fill("For whom", "The garage at the corner").await?;
    owner.keep("sources-form").await?;
    owner.click("button", "Make a code").await?;
    owner.sees("Waiting for the garage").await?;
    let left = owner.find("textbox", "For whom").await?.prop("value").await?;
    assert_eq!(left.as_deref(), Some(""), "the form is free for the next garage");
    owner.keep("sources-code").await?;
    let link = owner.find("textbox", "Link for the garage").await?.prop("value").await?;
    let link = link.ok_or("the link field has a value")?;

    insurer.click("button", "Refresh").await?;
    insurer.click("button", "Accept").await?;
    insurer.find("link", "Open the passport").await?;

    // From here on the owner's browser is elsewhere.
    owner.open("about:blank").await?;
    let code = link.rsplit('#').next().ok_or("the link has a code")?.to_owned();
    garage.fill("Pairing code", &code.to_lowercase()).await?;
    garage.click("button", "Use the code").await?;
    garage.click("link", "Write a record").await?;
    garage.find("heading", "Family car").await?;
    garage.choose("What happened", "Service").await?;
    garage.fill("Description", "Oil and filters").await?;
    garage.fill("Odometer", "48200").await?;
    let folder = tempfile::tempdir()?;
    let invoice = folder.path().join("invoice.pdf");
    std::fs::write(&invoice, b"%PDF-1.4 an invoice")?;
    garage.give_file("Add photos or PDFs", &invoice).await?;
    garage.sees("invoice.pdf").await?;
    garage.keep("sources-write").await?;
    garage.click("button", "Save the record").await?;
    garage.find("heading", "Oil and filters").await?;
    garage.sees("On the ledger").await?;
    garage.keep("sources-written").await?;

    insurer.click("link", "Open the passport").await?;
    insurer.sees("Oil and filters").await?;
    insurer.click("button", "Refresh").await?;
    // Until it has looked, it takes no press.
    insurer.find("button", "Refresh").await?;
    opens_entry(insurer, "Oil and filters").await?;
    insurer.sees("invoice.pdf").await?;
    insurer.find("button", "Counter-sign").await?;

    owner.open(&relay.origin()).await?;
    owner.unlock().await?;
    owner.click("link", "Family car").await?;
    owner.click("link", "Timeline").await?;
    opens_entry(&owner, "Oil and filters").await?;
    owner.fill("Your reason", "It was never in the garage that day").await?;
    owner.keep("sources-answer").await?;
    owner.click("button", "Dispute").await?;
    owner.sees("Disputed").await?;
    owner.keep("sources-disputed").await?;

    // The desk is open all the while, and shows the answer by itself.
    garage.sees("It was never in the garage that day").await?;

    // To counter-sign, it has to be shown the records.
    garage.sees("To counter-sign what the owner typed").await?;
    owner.click("link", "Overview").await?;
    owner.click("link", "Garages").await?;
    owner.click("link", "Share with this garage").await?;
    owner.find("radio", "Garage du Parc").await?;
    owner.keep("share-with-garage").await?;
    owner.click("button", "Share").await?;
    owner.sees("Shared with Garage du Parc").await
}

#[tokio::test]
async fn a_garage_counter_signs_what_the_owner_typed_and_it_is_believed_more() -> Step {
    let relay = Relay::start().await?;
    let home = Browser::start().await?;
    let owner = home.page();
    owner.start_with_car(&relay.origin(), "Family car", "", "").await?;
    owner.type_reading("2025-05-02", 46_500, "", None).await?;
    owner.sees("Weakly backed").await?;
    let garage = Staff::of(&relay.origin(), "Garage du Parc").await?;
    garage.is_shown(&owner).await?;
    let desk = garage.page();
    desk.click("button", "May 2, 2025").await?;
    desk.keep("sources-counter-sign").await?;
    desk.click("button", "Counter-sign").await?;
    desk.sees("Your signature goes with the next sync").await?;

    // The garage was shown the car and has no leave to write; the owner takes its word in.
    owner.click("link", "Overview").await?;
    owner.click("link", "Garages").await?;
    owner.sees("Counter-signed").await?;
    owner.keep("sources-unanswered").await?;
    owner.click("button", "Accept").await?;
    owner.sees_no_more("button", "Accept").await?;
    owner.click("link", "Timeline").await?;
    owner.sees("Counter-signed").await?;
    owner.click("button", "May 2, 2025").await?;
    owner.sees("Garage du Parc").await?;
    owner.keep("sources-counter-signed").await?;

    // A correction starts with what the entry says.
    owner.click("button", "Correct this entry").await?;
    owner.find("heading", "Correct “Odometer reading” of May 2, 2025").await?;
    let odometer = owner.find("textbox", "Odometer").await?.prop("value").await?;
    assert_eq!(odometer.as_deref(), Some("46500"));
    owner.fill("Odometer", "46400").await?;
    owner.keep("correct-entry").await?;
    owner.click("button", "Save the record").await?;
    owner.sees("Corrected since").await?;
    owner.sees("46,400").await
}

#[tokio::test]
async fn an_accident_that_an_insurer_wrote_without_leave_shows_to_a_buyer_though_the_owner_never_came_back() -> Step {
    let relay = Relay::start().await?;
    let home = Browser::start().await?;
    let owner = home.page();
    owner.start_with_car(&relay.origin(), "Never hit anything", "", "").await?;
    let insurer = Staff::of(&relay.origin(), "Lakeside Insurance").await?;
    owner.click("link", "Share").await?;
    owner.click("radio", "A member of the consortium").await?;
    owner.click("radio", "Lakeside Insurance").await?;
    owner.choose("What for", "Insurance claim").await?;
    owner.click("button", "Share").await?;
    owner.sees("Shared with Lakeside Insurance").await?;
    owner.click("link", "Overview").await?;
    let link = owner.share_by_link("Lee", None, None).await?;
    let desk = insurer.page();
    desk.click("button", "Refresh").await?;
    desk.click("button", "Accept").await?;
    desk.click("link", "Open the passport").await?;
    desk.find("heading", "What you say of this car").await?;
    owner.click("link", "Who looks").await?;
    owner.sees("Accepted").await?;
    owner.open("about:blank").await?;

    desk.click("link", "Write a record").await?;
    desk.sees("nobody can hide that it is there").await?;
    desk.choose("What happened", "Accident").await?;
    desk.fill("Description", "Side impact, left").await?;
    desk.keep("sources-report").await?;
    desk.click("button", "Save the record").await?;
    desk.find("heading", "Write to a car").await?;
    desk.sees("Waits for the owner").await?;
    desk.keep("sources-waits").await?;

    let buyer = Browser::start().await?;
    let reader = buyer.page();
    reader.open(&link).await?;
    reader.sees("Written without the owner’s leave").await?;
    reader.sees("Lakeside Insurance").await?;
    reader.find("heading", "Written without the owner’s leave").await?;
    reader.keep("sources-quarantine").await
}
