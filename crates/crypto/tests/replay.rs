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

        /// A fuzz target over these parsers is replayed here too.
        #[test]
        fn every_target_is_replayed() {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/fuzz_targets");
            let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
            let ours = files.filter(|path| std::fs::read_to_string(path).unwrap().contains("mod parsers;"));
            let mut named: Vec<_> =
                ours.map(|path| path.file_stem().unwrap().to_string_lossy().into_owned()).collect();
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
    invitation_code,
    authorization,
    receipt,
    passphrase,
    words,
    sealed_record,
    keyring,
);
