#![no_main]

#[path = "../../crates/crypto/tests/support/parsers.rs"]
mod parsers;

libfuzzer_sys::fuzz_target!(|data: &[u8]| parsers::invitation_code(data));
