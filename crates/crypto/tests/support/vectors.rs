//! Reading published vectors: JSON with bytes in hexadecimal.

use serde_json::Value;

/// The bytes of a field; an absent one has none.
pub fn bytes(case: &Value, field: &str) -> Vec<u8> {
    hex::decode(case[field].as_str().unwrap_or_default()).expect("vectors are hexadecimal")
}

/// The bytes of a field of fixed length.
pub fn array<const N: usize>(case: &Value, field: &str) -> [u8; N] {
    bytes(case, field)
        .try_into()
        .unwrap_or_else(|found: Vec<u8>| unreachable!("{field} has {} bytes, not {N}, in {case}", found.len()))
}

/// The cases of a list.
pub fn cases(text: &str) -> Vec<Value> {
    serde_json::from_str(text).expect("vectors are JSON")
}

/// The cases of a Wycheproof file, each with its group.
pub fn wycheproof(text: &str) -> Vec<(Value, Value)> {
    let file: Value = serde_json::from_str(text).expect("vectors are JSON");
    let groups = file["testGroups"].as_array().expect("a Wycheproof file has groups");
    let pairs = groups.iter().flat_map(|group| {
        let tests = group["tests"].as_array().expect("a group has tests");
        tests.iter().map(|test| (group.clone(), test.clone()))
    });
    let pairs: Vec<_> = pairs.collect();
    assert_eq!(pairs.len() as u64, file["numberOfTests"].as_u64().expect("a file counts its tests"));
    pairs
}
