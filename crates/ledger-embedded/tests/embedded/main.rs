//! The ledger in a file: the rules' scenario suite, all three hosts side by side, crashes, damaged files, overload.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

#[path = "../../../ledger/tests/scenarios/suite.rs"]
#[macro_use]
mod suite;
mod crashes;
mod disk;
mod files;
mod host;
mod queue;

use host::EmbeddedHost;
use suite::fabric_like::FabricLike;

mod scenarios {
    use super::*;
    scenario_tests!(EmbeddedHost::in_memory);
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]

    #[test]
    fn random_lives_are_the_same_on_all_three(attempts in suite::random::attempts()) {
        suite::random::agree(&attempts, &mut [&mut FabricLike::default(), &mut EmbeddedHost::in_memory()]);
    }

    #[test]
    fn cars_stand_as_was_said_on_all_three(sayings in suite::random_cars::sayings()) {
        suite::random_cars::agree(&sayings, &mut [&mut FabricLike::default(), &mut EmbeddedHost::in_memory()]);
    }
}
