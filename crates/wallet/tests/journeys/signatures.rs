//! Source signatures, verified after the passport is on the screen.

use crate::world::*;
use carnet_protocol::{category::Category, day::Day};
use carnet_wallet::{
    command::{Answer, Command, Subject},
    view::SignaturesView,
};

async fn check(person: &mut Person, subject: &Subject) -> SignaturesView {
    let command = Command::CheckSignatures { subject: subject.clone() };
    let Answer::Signatures(view) = person.ask(command).await.unwrap() else { panic!("how far it is") };
    view
}

#[tokio::test]
async fn a_reader_sees_the_passport_first_and_has_every_signature_verified_afterwards() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    let car = owner.add_car().await;
    for (day, km) in (19_000..).zip([10, 20, 30]) {
        owner.add_odometer(car, Day(day), km).await;
    }
    let link = owner.share(car, by_link(), all_days(&[Category::Mileage])).await.link.unwrap();
    owner.settle().await;
    let own = owner.passport(Subject::Own(car)).await.unwrap().signatures;
    assert_eq!(own.checked, own.total, "one's own need not be verified");

    let mut buyer = world.owner().await;
    buyer.open(&link, None).await.unwrap();
    let first = buyer.passport(Subject::Link).await.unwrap();
    assert_eq!((first.timeline.total, first.signatures.checked, first.signatures.total), (3, 0, 3));
    let checked = check(&mut buyer, &Subject::Link).await;
    assert_eq!((checked.checked, checked.forged.len()), (3, 0));
    assert_eq!(buyer.passport(Subject::Link).await.unwrap().signatures, checked);

    // Kept with the passport in the wallet: not verified twice when it is fetched anew, nor when it is read from the store.
    let Answer::Saved(saved) = buyer.ask(Command::ClaimLink).await.unwrap() else { panic!("saved") };
    let kept = Subject::Granted(saved[0].terms.grant);
    assert_eq!(buyer.passport(kept.clone()).await.unwrap().signatures.checked, 0);
    assert_eq!(check(&mut buyer, &kept).await.checked, 3);
    assert_eq!(buyer.passport(kept.clone()).await.unwrap().signatures.checked, 3);
    let mut later = buyer.tab();
    later.unlock().await;
    later.wire.cut(true);
    assert_eq!(later.passport(kept).await.unwrap().signatures, checked);
}
