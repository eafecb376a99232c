//! The exact bytes of every wire type: what was written once must be readable for good.
//!
//! `CARNET_WRITE_GOLDEN=1 cargo test -p carnet-protocol --test golden` writes the files of types that have none yet or
//! that changed on purpose.

#![allow(clippy::unwrap_used, missing_docs)]

#[path = "wire/api.rs"]
mod api;
#[path = "wire/erasure.rs"]
mod erasure;
#[path = "wire/grant.rs"]
mod grant;
#[path = "wire/holder.rs"]
mod holder;
#[path = "wire/ledger.rs"]
mod ledger;
#[path = "wire/pairing.rs"]
mod pairing;
#[path = "wire/payload.rs"]
mod payload;
#[path = "wire/proof.rs"]
mod proof;
#[path = "wire/record.rs"]
mod record;

use carnet_protocol::encoding;
use serde::{Serialize, de::DeserializeOwned};
use std::path::Path;

/// Compares a value's encoding with its golden file and sees to it that nothing shorter, longer or other decodes.
#[track_caller]
fn golden<T: Serialize + DeserializeOwned>(name: &str, value: &T) {
    let bytes = encoding::encode(value);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(format!("{name}.hex"));
    if std::env::var_os("CARNET_WRITE_GOLDEN").is_some() {
        std::fs::write(&path, hex::encode(&bytes) + "\n").unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_else(|error| unreachable!("{}: {error}", path.display()));
    assert_eq!(hex::encode(&bytes), kept.trim(), "{name}");
    let back: T = encoding::decode(&bytes).unwrap();
    assert_eq!(encoding::encode(&back), bytes, "{name}");
    assert_eq!(serde_ipld_dagcbor::to_vec(value).unwrap(), bytes, "{name} as an independent encoder writes it");

    for length in 0..bytes.len() {
        assert!(encoding::decode::<T>(&bytes[..length]).is_err(), "{name} cut to {length}");
    }
    assert!(encoding::decode::<T>(&[bytes.as_slice(), &[0]].concat()).is_err(), "{name} with a byte too many");
    // One flipped bit gives no value or another value, never the same one again.
    for bit in 0..bytes.len() * 8 {
        let mut changed = bytes.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        let read = encoding::read::<T>(&changed).map(|other| encoding::encode(&other));
        if let Ok(other) = &read {
            assert_eq!(*other, changed, "{name} with bit {bit} flipped: read strictly without comparing");
        }
        // An independent decoder, which compares, takes and refuses the same.
        let independent = serde_ipld_dagcbor::from_slice::<T>(&changed).ok();
        let independent = independent.map(|other| encoding::encode(&other)).filter(|other| *other == changed);
        assert_eq!(read.ok(), independent, "{name} with bit {bit} flipped");
    }
}
