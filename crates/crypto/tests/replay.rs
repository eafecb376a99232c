//! Replays the fuzz corpus, and every file of it with each byte cut off, on the stable compiler.

#![allow(clippy::unwrap_used, missing_docs)]
#![cfg(not(target_family = "wasm"))]

#[path = "support/parsers.rs"]
mod parsers;

use std::path::Path;

fn replay(target: &str, parse: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus").join(target);
    let mut files = 0;
    for entry in std::fs::read_dir(&folder).unwrap_or_else(|error| unreachable!("{}: {error}", folder.display())) {
        let data = std::fs::read(entry.unwrap().path()).unwrap();
        parse(&data);
        (0..data.len().min(2_000)).for_each(|length| parse(&data[..length]));
        files += 1;
    }
    assert!(files > 0, "{target} has no corpus");
}

macro_rules! replays {
    ($($target:ident),* $(,)?) => {
        $(#[test]
        fn $target() {
            replay(stringify!($target), parsers::$target);
        })*

        /// A target that is added to the fuzzer is added here too; those of the imports replay in their own crate.
        #[test]
        fn every_target_is_replayed() {
            let manifest = include_str!("../../../fuzz/Cargo.toml");
            let named = manifest.lines().filter_map(|line| line.strip_prefix("name = \"")?.strip_suffix('"'));
            let mut named: Vec<_> = named.filter(|name| *name != "carnet-fuzz" && !name.starts_with("import_")).collect();
            let mut replayed = vec![$(stringify!($target)),*];
            named.sort_unstable();
            replayed.sort_unstable();
            assert_eq!(named, replayed);
        }
    };
}

replays!(
    wire_record,
    wire_grant,
    wire_ledger,
    wire_payload,
    wire_api,
    link_fragment,
    authorization,
    passphrase,
    words,
    sealed_record,
    keyring,
);
