//! The scenario suite on memory and on a host that behaves as Fabric does.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

// Loaded by path, so that its modules are found beside it from every crate that runs it.
#[path = "suite.rs"]
#[macro_use]
mod suite;

use suite::{fabric_like::FabricLike, host::MemoryHost};

mod memory {
    use super::*;
    scenario_tests!(MemoryHost::default);
}

mod fabric_like {
    use super::*;
    scenario_tests!(FabricLike::default);
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]

    #[test]
    fn random_lives_are_the_same_on_both(attempts in suite::random::attempts()) {
        suite::random::agree(&attempts, &mut [&mut FabricLike::default()]);
    }

    #[test]
    fn cars_stand_as_was_said_on_both(sayings in suite::random_cars::sayings()) {
        suite::random_cars::agree(&sayings, &mut [&mut FabricLike::default()]);
    }
}
