#![no_main]

#[path = "../../crates/proofs/tests/support/readers.rs"]
#[allow(dead_code)]
mod readers;

libfuzzer_sys::fuzz_target!(|data: &[u8]| readers::proof_note(data));
