//! Ranges of binary keys.

use indexed_db_futures::KeyRange;
use js_sys::Uint8Array;
use wasm_bindgen::JsValue;

/// A key or a value as the database has it.
pub(crate) fn to_js(bytes: &[u8]) -> JsValue {
    Uint8Array::from(bytes).into()
}

/// Keys that start with a prefix and come after a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Range {
    from: Vec<u8>,
    /// `from` itself is left out.
    open: bool,
    /// The first key behind; `None`: there is no such key, the range goes to the end.
    until: Option<Vec<u8>>,
}

impl Range {
    /// The range; `None` when no key can be in it.
    pub(crate) fn new(prefix: &[u8], after: Option<&[u8]>) -> Option<Range> {
        let until = successor(prefix);
        let (from, open) = match after {
            Some(after) if after >= prefix => (after.to_vec(), true),
            _ => (prefix.to_vec(), false),
        };
        // The platform throws on an empty range.
        if until.as_ref().is_some_and(|until| *until <= from) {
            return None;
        }
        Some(Range { from, open, until })
    }

    /// As the library wants it.
    pub(crate) fn to_js(&self) -> KeyRange<JsValue> {
        let from = to_js(&self.from);
        match &self.until {
            Some(until) => KeyRange::Bound(from, self.open, to_js(until), true),
            None => KeyRange::LowerBound(from, self.open),
        }
    }
}

/// The smallest byte string greater than every string that starts with `prefix`; `None` for one of 0xff only.
fn successor(prefix: &[u8]) -> Option<Vec<u8>> {
    let last = prefix.iter().rposition(|byte| *byte != u8::MAX)?;
    let mut out = prefix[..=last].to_vec();
    out[last] += 1;
    Some(out)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn a_prefix_ends_before_its_successor() {
        assert_eq!(successor(b"ab"), Some(b"ac".to_vec()));
        assert_eq!(successor(&[1, 0xff, 0xff]), Some(vec![2]));
        assert_eq!(successor(&[0xff, 0xff]), None);
        assert_eq!(successor(&[]), None);
    }

    #[test]
    fn after_narrows_the_range_and_can_empty_it() {
        let range = Range::new(b"ab", Some(b"abc")).unwrap();
        assert_eq!(range, Range { from: b"abc".to_vec(), open: true, until: Some(b"ac".to_vec()) });
        // Before the prefix: no effect.
        assert_eq!(Range::new(b"ab", Some(b"a")), Range::new(b"ab", None));
        // The prefix itself is a key that can be left out.
        assert!(Range::new(b"ab", Some(b"ab")).unwrap().open);
        assert_eq!(Range::new(b"ab", Some(b"ac")), None);
        assert_eq!(Range::new(b"ab", Some(b"zz")), None);
    }
}
