//! Members of the consortium.

use super::{
    host::Host,
    world::{self, World},
};
use carnet_ledger::query;
use carnet_protocol::{
    key::{SealingKey, VerifyingKey},
    ledger::{Action, Rejection},
    limits::NAME_MAX,
    member::Member,
};

pub fn the_directory_holds_what_was_signed(host: impl Host) {
    let mut world = World::new(host);
    for n in 1..=3 {
        world.accepts(&world::authority(), Action::AdmitMember(world::member(n)));
    }
    let state = world.host.state();
    let directory = query::directory(&state).unwrap().unwrap();
    let log = world.host.log();
    assert_eq!(directory.genesis, log[0]);
    assert_eq!(directory.admissions.len(), 3);
    assert!(directory.admissions.iter().all(|admission| log[1..].contains(admission)));
    assert_eq!(query::members(&state).unwrap().len(), 3);
    assert_eq!(query::member(&state, &world::member(2).sign).unwrap(), Some(world::member(2)));
    assert_eq!(query::member(&state, &world::stranger().verifying_key()).unwrap(), None);
}

pub fn admitting_the_same_member_again_changes_nothing(host: impl Host) {
    let mut world = World::new(host);
    world.accepts(&world::authority(), Action::AdmitMember(world::member(1)));
    world.accepts_without_effect(&world::authority(), Action::AdmitMember(world::member(1)));
    let other = Member { base_quality: 71, ..world::member(1) };
    world.refuses(&world::authority(), Action::AdmitMember(other), Rejection::MemberExists);
}

pub fn weak_keys_and_bad_names_are_refused(host: impl Host) {
    let mut world = World::new(host);
    let bad = [
        Member { name: String::new(), ..world::member(1) },
        Member { name: "  ".into(), ..world::member(1) },
        Member { name: "é".repeat(NAME_MAX / 2 + 1), ..world::member(1) },
        Member { name: "Garage\n1".into(), ..world::member(1) },
        Member { base_quality: 101, ..world::member(1) },
        Member { sign: VerifyingKey([0; 32]), ..world::member(1) },
        Member { seal: SealingKey([0; 32]), ..world::member(1) },
    ];
    for member in bad {
        world.refuses(&world::authority(), Action::AdmitMember(member), Rejection::BadField);
    }
    world.accepts(
        &world::authority(),
        Action::AdmitMember(Member { name: "é".repeat(NAME_MAX / 2), base_quality: 100, ..world::member(1) }),
    );
}
