use crate::{Held, on_every_backend};
use carnet_protocol::{day::Day, key::VerifyingKey};

on_every_backend!(evaluations_are_counted_per_member_and_day);

async fn evaluations_are_counted_per_member_and_day(held: Held) {
    let (one, two) = (VerifyingKey([1; 32]), VerifyingKey([2; 32]));
    let count = |member, day| move |tables: &dyn carnet_server::store::Tables| tables.vin_evaluations(member, Day(day));
    assert_eq!(held.read(count(one, 7)).await, 0);
    for _ in 0..3 {
        held.write(move |tables| tables.count_vin_evaluation(one, Day(7))).await;
    }
    held.write(move |tables| tables.count_vin_evaluation(two, Day(7))).await;
    assert_eq!((held.read(count(one, 7)).await, held.read(count(two, 7)).await), (3, 1));
    held.write(move |tables| tables.count_vin_evaluation(one, Day(8))).await;
    assert_eq!((held.read(count(one, 8)).await, held.read(count(one, 7)).await), (1, 0), "days gone by are forgotten");
    assert_eq!(held.read(count(two, 7)).await, 1);
}
