//! Opening many records together: what is the same for each is computed for four of them at once.

use super::{Opener, ScopeWalk};
use crate::{
    error::{Distrust, WalletError},
    journal::Entry,
};
use carnet_crypto::{
    header::BoundHeader,
    record::{ContentKey, commitments, open_bodies},
    tree::DayKeys,
    wrap::unwrap_days,
};
use carnet_protocol::{
    api::body::StoredRecord,
    day::Day,
    encoding,
    id::{CategoryLabel, Hash32},
    key::Signature,
    ledger::Leaf,
    payload::Payload,
    record::{RecordHeader, RecordWrap, Schema, SealedRecord},
    signed::Signed,
};
use std::collections::HashMap;

/// What came of a delivered record.
pub(crate) enum Delivered {
    /// It is what the ledger committed to (or not on the ledger yet), and opened.
    Opened(Box<Entry>),
    /// It is what the ledger committed to, but does not open with these keys, or says nothing sensible.
    Unreadable,
}

/// What came of a sealed record.
pub(crate) struct Unsealed {
    /// The generation under which it was wrapped.
    pub generation: u16,
    /// What is in it: `None` for attachments, which are opened when looked at, and where the body does not open.
    pub plain: Option<Vec<u8>>,
}

/// A delivered record that is what its leaf says.
enum Checked {
    /// Its bytes came with it.
    Whole(Box<Whole>),
    /// A large attachment; its bytes come, and are checked, when it is looked at.
    Large(Box<Entry>),
    /// Its bytes did not come, and should have.
    Unreadable,
}

struct Whole {
    sealed: SealedRecord,
    wraps: Vec<RecordWrap>,
    commitment: Hash32,
    size: u64,
}

impl Opener<'_> {
    /// Checks and opens records, each with its leaf where it has one. Whether its source signed a payload is not checked
    /// here: it takes longer than all the rest, and waits until the passport is on the screen (`signatures.rs`).
    ///
    /// # Errors
    /// [`Distrust::Record`] when one is not what the ledger committed to, or not of this stream: no key was used on it.
    pub fn open_page(&mut self, page: Vec<(StoredRecord, Option<&Leaf>)>) -> Result<Vec<Delivered>, WalletError> {
        let checked = self.check(page)?;
        let whole = checked.iter().filter_map(|checked| match checked {
            Checked::Whole(whole) => Some((&whole.sealed, whole.wraps.as_slice())),
            Checked::Large(_) | Checked::Unreadable => None,
        });
        let mut unsealed = self.unseal(&whole.collect::<Vec<_>>()).into_iter();
        let delivered = checked.into_iter().map(|checked| match checked {
            Checked::Unreadable => Delivered::Unreadable,
            Checked::Large(entry) => Delivered::Opened(entry),
            Checked::Whole(whole) => {
                let entry = unsealed.next().flatten().and_then(|unsealed| self.entry(*whole, unsealed));
                entry.map_or(Delivered::Unreadable, |entry| Delivered::Opened(Box::new(entry)))
            }
        });
        Ok(delivered.collect())
    }

    fn check(&self, page: Vec<(StoredRecord, Option<&Leaf>)>) -> Result<Vec<Checked>, WalletError> {
        let bytes: Vec<&[u8]> =
            page.iter().filter_map(|(stored, _)| Some(stored.record.as_ref()?.0.as_slice())).collect();
        let mut found = commitments(&bytes).into_iter();
        page.into_iter().map(|(stored, leaf)| self.check_one(stored, leaf, &mut found)).collect()
    }

    /// `found` has the commitments of those records whose bytes came.
    fn check_one(
        &self,
        stored: StoredRecord,
        leaf: Option<&Leaf>,
        found: &mut impl Iterator<Item = Hash32>,
    ) -> Result<Checked, WalletError> {
        let untrusted = WalletError::Untrusted { what: Distrust::Record };
        let StoredRecord { header, record, size, wraps, .. } = stored;
        if header.stream != self.keys.stream || leaf.is_some_and(|leaf| !is_of(&header, leaf)) {
            return Err(untrusted);
        }
        let Some(bytes) = record else {
            let Some(leaf) = leaf.filter(|_| header.schema == Schema::Attachment) else {
                return Ok(Checked::Unreadable);
            };
            let generation = wraps.first().map_or(0, |wrap| wrap.generation);
            let commitment = leaf.entry.commitment;
            let entry = Entry { header, commitment, size, generation, payload: None, wraps, unchecked: None };
            return Ok(Checked::Large(Box::new(entry)));
        };
        let commitment = found.next().ok_or_else(|| untrusted.clone())?;
        if leaf.is_some_and(|leaf| leaf.entry.commitment != commitment) {
            return Err(untrusted);
        }
        let sealed: SealedRecord = encoding::decode(&bytes).map_err(|_| untrusted.clone())?;
        if sealed.header != header {
            return Err(untrusted);
        }
        // Who signed it must be who committed it: else a member could commit in another's name.
        let of_another = header.schema == Schema::Payload && leaf.is_some_and(|leaf| leaf.source != header.source);
        if of_another {
            return Ok(Checked::Unreadable);
        }
        Ok(Checked::Whole(Box::new(Whole { sealed, wraps, commitment, size: bytes.len() as u64 })))
    }

    /// Opens sealed records, each with its wraps; `None` where none of them opens.
    pub fn unseal(&mut self, records: &[(&SealedRecord, &[RecordWrap])]) -> Vec<Option<Unsealed>> {
        self.derive_days(records);
        let bound = BoundHeader::each(records.iter().map(|(sealed, _)| &sealed.header));
        let keys = self.content_keys(&bound, records);
        let of_payloads = records.iter().zip(&bound).zip(&keys).filter_map(|(((sealed, _), header), key)| {
            let (_, key) = key.as_ref().filter(|_| sealed.header.schema == Schema::Payload)?;
            Some((header, sealed.body.0.as_slice(), key))
        });
        let mut bodies = open_bodies(&of_payloads.collect::<Vec<_>>()).into_iter();
        let unsealed = records.iter().zip(keys).map(|((sealed, _), key)| {
            let (generation, _) = key?;
            let body = (sealed.header.schema == Schema::Payload).then(|| bodies.next()).flatten();
            Some(Unsealed { generation, plain: body.and_then(Result::ok) })
        });
        unsealed.collect()
    }

    /// The keys of bodies, each with the generation under which it was wrapped: what is wrapped as usual together, the rest one
    /// by one.
    fn content_keys(
        &mut self,
        bound: &[BoundHeader<'_>],
        records: &[(&SealedRecord, &[RecordWrap])],
    ) -> Vec<Option<(u16, ContentKey)>> {
        let usual: Vec<Option<(&RecordWrap, &DayKeys, &BoundHeader<'_>)>> =
            bound.iter().zip(records).map(|(header, (_, wraps))| self.usual_wrap(header, wraps)).collect();
        let mut opened = unwrap_days(&usual.iter().flatten().copied().collect::<Vec<_>>()).into_iter();
        let together: Vec<Option<(u16, ContentKey)>> =
            usual.iter().map(|usual| Some((usual.as_ref()?.0.generation, opened.next()?.ok()?))).collect();
        let all = together.into_iter().zip(bound).zip(records);
        all.map(|((key, header), (_, wraps))| key.or_else(|| self.content_key(header, wraps))).collect()
    }

    /// The first wrap of a generation whose key of the day is known already, with that key.
    fn usual_wrap<'h, 'w, 's>(
        &'s self,
        header: &'h BoundHeader<'h>,
        wraps: &'w [RecordWrap],
    ) -> Option<(&'w RecordWrap, &'s DayKeys, &'h BoundHeader<'h>)> {
        let day = header.header().day;
        self.walks.get(&header.header().label)?.iter().find_map(|walk| {
            let wrap = wraps.iter().find(|wrap| wrap.generation == walk.scope.generation)?;
            let place = walk.known.binary_search_by_key(&day, |keys| keys.day).ok()?;
            Some((wrap, &walk.known[place], header))
        })
    }

    /// Derives the keys of all days that records were wrapped under, side by side.
    fn derive_days(&mut self, records: &[(&SealedRecord, &[RecordWrap])]) {
        let mut days: HashMap<(CategoryLabel, u16), Vec<Day>> = HashMap::new();
        for (sealed, wraps) in records {
            for wrap in *wraps {
                days.entry((sealed.header.label, wrap.generation)).or_default().push(sealed.header.day);
            }
        }
        for ScopeWalk { scope, known, .. } in self.walks.values_mut().flatten() {
            let asked = days.get(&(scope.label, scope.generation)).cloned().unwrap_or_default();
            *known = scope.cover.keys_of_days(asked);
        }
    }

    fn entry(&self, whole: Whole, Unsealed { generation, plain }: Unsealed) -> Option<Entry> {
        let Whole { sealed: SealedRecord { header, .. }, wraps, commitment, size } = whole;
        if header.schema == Schema::Attachment {
            return Some(Entry { header, commitment, size, generation, payload: None, wraps, unchecked: None });
        }
        let (payload, signature) = self.payload(&plain?, &header)?;
        let (payload, unchecked) = (Some(payload), Some(signature));
        Some(Entry { header, commitment, size, generation, payload, wraps: Vec::new(), unchecked })
    }

    /// The payload with its source's signature, when it is of this very record and filed where it belongs.
    fn payload(&self, plain: &[u8], header: &RecordHeader) -> Option<(Payload, Signature)> {
        let signed: Signed<Payload> = encoding::decode(plain).ok()?;
        let payload: Payload = encoding::decode(&signed.body).ok()?;
        let categories =
            self.categories.get_or_init(|| self.keys.scopes.iter().map(|s| (s.label, s.category)).collect());
        let filed = categories.get(&header.label) == Some(&payload.fact.category());
        let of_it = payload.stream == header.stream && payload.record == header.record && signed.key == header.source;
        (of_it && filed).then_some((payload, signed.signature))
    }
}

/// Whether a header says what its leaf says.
fn is_of(header: &RecordHeader, leaf: &Leaf) -> bool {
    let entry = &leaf.entry;
    (header.record, header.label, header.day) == (entry.record, entry.label, entry.day)
}
