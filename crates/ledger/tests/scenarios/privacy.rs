//! The ledger has no place for what says whose car it is.

use super::{
    host::Host,
    world::{self, World},
};
use carnet_crypto::hash;
use carnet_protocol::{
    domain::Domain,
    encoding,
    ledger::{Action, LeafEntry},
};

const CANARIES: [&str; 4] = ["WVWZZZ1KZ6W000001", "Marguerite Canari", "CA-NARI-42", "note: left door scratched"];

/// The names of members are public; they are all the text there is.
pub fn nothing_of_car_or_owner_is_on_the_ledger(host: impl Host) {
    let mut world = World::with_stream(host);
    let (owner, stream) = (world::owner(1), world::stream(1));
    // Records whose contents are the canaries reach the ledger as hashes only.
    let entries = CANARIES.iter().zip(0..).map(|(canary, n)| LeafEntry {
        commitment: hash::digest(Domain::HASH_RECORD, canary.as_bytes()),
        ..world::entry(n, 0)
    });
    world.accepts(&owner, Action::AppendRecords { stream, entries: entries.collect() });
    world.accepts(&owner, world::issue(stream, 1));
    world.accepts(&world::acceptor(1), Action::AcceptGrant { stream, grant: world::grant(1) });
    world.accepts(&owner, Action::CloseStream { stream });

    let mut bytes = Vec::new();
    for (key, value) in world.host.state().entries() {
        bytes.extend_from_slice(key);
        bytes.extend_from_slice(value);
    }
    for signed in world.host.log() {
        bytes.extend_from_slice(&encoding::encode(&signed));
    }
    let found = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    for canary in CANARIES {
        assert!(!found(canary), "{canary}");
    }
    assert!(found("Garage 1"), "the search itself works");
    let member = world::source(1).verifying_key();
    let grants = world.host.log().into_iter().skip(4);
    for signed in grants {
        let text = encoding::encode(&signed);
        assert!(!text.windows(32).any(|window| window == member.as_bytes()), "a grant names a member");
    }
}
