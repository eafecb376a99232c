//! Writes held back over a state that does not show them, as on hosts where a read inside a transaction sees only what
//! was committed before it.

use crate::state::{Entry, ReadState, State};
use std::{
    cell::RefCell,
    collections::{BTreeMap, btree_map},
    ops::Bound,
};

/// A state over a base: reads see the writes, the base does not.
///
/// Each key is asked of the base once: a read may be a round trip, and a host that checks for conflicts wants to see
/// one version of it only.
#[derive(Debug)]
pub struct Overlay<'a, S: ReadState> {
    base: &'a S,
    reads: RefCell<BTreeMap<Vec<u8>, Option<Vec<u8>>>>,
    writes: BTreeMap<Vec<u8>, Option<Vec<u8>>>,
}

impl<'a, S: ReadState> Overlay<'a, S> {
    /// Nothing written yet.
    pub fn new(base: &'a S) -> Self {
        Self { base, reads: RefCell::new(BTreeMap::new()), writes: BTreeMap::new() }
    }

    /// The keys asked of the base by `get`, in order.
    pub fn reads(&self) -> Vec<Vec<u8>> {
        self.reads.borrow().keys().cloned().collect()
    }

    /// What was written, in the order of keys: a value, or `None` for what was deleted.
    pub fn into_writes(self) -> btree_map::IntoIter<Vec<u8>, Option<Vec<u8>>> {
        self.writes.into_iter()
    }

    /// Writes between two keys, the first excluded, the last included.
    fn written(&self, prefix: &[u8], after: Option<&[u8]>, last: Option<&[u8]>) -> Vec<(Vec<u8>, Option<Vec<u8>>)> {
        let from = match after {
            Some(key) if key >= prefix => Bound::Excluded(key),
            _ => Bound::Included(prefix),
        };
        self.writes
            .range::<[u8], _>((from, Bound::Unbounded))
            .take_while(|(key, _)| key.starts_with(prefix) && last.is_none_or(|last| key.as_slice() <= last))
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect()
    }
}

impl<S: ReadState> ReadState for Overlay<'_, S> {
    type Error = S::Error;

    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, S::Error> {
        if let Some(written) = self.writes.get(key) {
            return Ok(written.clone());
        }
        if let Some(read) = self.reads.borrow().get(key) {
            return Ok(read.clone());
        }
        let value = self.base.get(key)?;
        self.reads.borrow_mut().insert(key.to_vec(), value.clone());
        Ok(value)
    }

    fn scan(&self, prefix: &[u8], after: Option<&[u8]>, limit: usize) -> Result<Vec<Entry>, S::Error> {
        let mut found = Vec::new();
        let mut after = after.map(<[u8]>::to_vec);
        // Deleted entries leave gaps in a page of the base, so it may take more than one.
        while found.len() < limit {
            let page = self.base.scan(prefix, after.as_deref(), limit)?;
            let last = if page.len() < limit { None } else { page.last().map(|(key, _)| key.clone()) };
            let mut merged: BTreeMap<_, _> = page.into_iter().map(|(key, value)| (key, Some(value))).collect();
            merged.extend(self.written(prefix, after.as_deref(), last.as_deref()));
            found.extend(merged.into_iter().filter_map(|(key, value)| Some((key, value?))));
            if last.is_none() {
                break;
            }
            after = last;
        }
        found.truncate(limit);
        Ok(found)
    }
}

impl<S: ReadState> State for Overlay<'_, S> {
    fn put(&mut self, key: Vec<u8>, value: Vec<u8>) -> Result<(), S::Error> {
        self.writes.insert(key, Some(value));
        Ok(())
    }

    fn delete(&mut self, key: &[u8]) -> Result<(), S::Error> {
        self.writes.insert(key.to_vec(), None);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::memory::MemoryState;
    use proptest::prelude::*;

    #[derive(Debug, Clone)]
    enum Step {
        Put(Vec<u8>, u8),
        Delete(Vec<u8>),
    }

    fn key() -> impl Strategy<Value = Vec<u8>> {
        prop::collection::vec(0..3_u8, 1..4)
    }

    fn steps() -> impl Strategy<Value = Vec<Step>> {
        let step = prop_oneof![
            (key(), any::<u8>()).prop_map(|(key, value)| Step::Put(key, value)),
            key().prop_map(Step::Delete)
        ];
        prop::collection::vec(step, 0..30)
    }

    fn take(state: &mut impl State, steps: &[Step]) {
        for step in steps {
            match step {
                Step::Put(key, value) => assert!(state.put(key.clone(), vec![*value]).is_ok()),
                Step::Delete(key) => assert!(state.delete(key).is_ok()),
            }
        }
    }

    proptest! {
        /// Reading through an overlay is reading a state that was written directly.
        #[test]
        fn an_overlay_reads_as_if_written(before in steps(), over in steps(), prefix in key(), after in key(), limit in 0..6_usize) {
            let mut base = MemoryState::default();
            take(&mut base, &before);
            let mut direct = base.clone();
            take(&mut direct, &over);
            let mut overlay = Overlay::new(&base);
            take(&mut overlay, &over);
            prop_assert_eq!(overlay.get(&prefix), direct.get(&prefix));
            for after in [None, Some(after.as_slice())] {
                for prefix in [prefix.as_slice(), &[]] {
                    prop_assert_eq!(overlay.scan(prefix, after, limit), direct.scan(prefix, after, limit));
                }
            }
            let written: Vec<_> = overlay.into_writes().collect();
            for (key, value) in written {
                match value {
                    Some(value) => base.put(key, value).unwrap(),
                    None => base.delete(&key).unwrap(),
                }
            }
            prop_assert_eq!(base, direct);
        }
    }

    #[test]
    fn a_key_is_asked_of_the_base_once_and_never_when_written() {
        let base = MemoryState::default();
        let mut overlay = Overlay::new(&base);
        overlay.put(b"written".to_vec(), vec![1]).unwrap();
        for key in [b"absent".as_slice(), b"absent", b"written"] {
            overlay.get(key).unwrap();
        }
        assert_eq!(overlay.reads(), [b"absent"]);
    }
}
