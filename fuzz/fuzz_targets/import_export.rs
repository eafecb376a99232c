#![no_main]

// The targets share it and use one part each.
#[allow(dead_code)]
#[path = "../../crates/import/tests/support/whole_file.rs"]
mod whole_file;

libfuzzer_sys::fuzz_target!(|data: &[u8]| whole_file::import_export(data));
