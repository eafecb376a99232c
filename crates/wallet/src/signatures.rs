//! The sources' own signatures, verified after the passport is on the screen.
//!
//! That a record is whole, where it belongs and left out by nobody is proved when it is opened, with a hash for each. Whether
//! its source signed what it says takes a curve operation for each, as long as all the rest many times over; so it is done
//! afterwards, a slice with each command. One rule, `verify_strict`, one signature at a time: a batch would accept what
//! single verification refuses (`docs/decisions/background-signatures.md`).

use crate::{
    command::{Answer, Subject},
    directory::Members,
    error::WalletError,
    history::History,
    journal::{Entry, Opened, Segment},
    passport::view,
    row::Space,
    store::{Batch, Store, StoreError},
    transport::Transport,
    view::SignaturesView,
    wallet::{Context, Wallet},
};
use carnet_crypto::signature::verify_detached;
use carnet_passport::OpenedRecord;
use carnet_protocol::id::{RecordId, StreamId};
use rand_core::CryptoRng;
use std::collections::HashSet;

/// Signatures of one slice: some 20 ms on a laptop, so that whoever asks for something else hardly waits.
const SLICE: usize = 200;

/// A record whose source did not sign what it says.
#[derive(Clone)]
pub(crate) struct Forged {
    /// What it says.
    pub record: OpenedRecord,
    /// The readable part.
    pub entry: Entry,
}

/// Where verifying a passport stands.
#[derive(Default)]
pub(crate) struct Signatures {
    /// Records that are not to be believed.
    pub forged: Vec<Forged>,
    /// Where to look for the next one to verify: none lies before.
    from: usize,
    /// Verified, and not written down yet.
    news: Segment,
}

impl History<'_> {
    /// How many of its signatures are verified, and which are not good, over all owners.
    pub fn signatures(&self, members: &Members) -> SignaturesView {
        let (mut unchecked, mut total, mut forged) = (0, 0, Vec::new());
        for (place, part) in self.parts().iter().enumerate() {
            unchecked += part.entries.values().filter(|entry| entry.unchecked.is_some()).count();
            total += part.records.len() + part.signatures.forged.len();
            forged.extend(part.signatures.forged.iter().map(|one| view(&one.record, place, self, members)));
        }
        SignaturesView { checked: count(total - unchecked), total: count(total), forged }
    }
}

impl Opened {
    /// Verifies the next slice; says whether any is left. What is found to be forged is out at once.
    fn verify_slice(&mut self) -> bool {
        let (mut left, mut more) = (SLICE, false);
        let mut forged = Vec::new();
        for (at, record) in self.records.iter().enumerate().skip(self.signatures.from) {
            let Some(entry) = self.entries.get_mut(&record.record) else { continue };
            let Some(signature) = entry.unchecked else { continue };
            (self.signatures.from, more) = (at, left == 0);
            if more {
                break;
            }
            left -= 1;
            entry.unchecked = None;
            match verify_detached(&record.payload, &record.source, &signature) {
                Ok(()) => self.signatures.news.verified.push(record.record),
                Err(_) => forged.push(record.record),
            }
        }
        self.take_verified(&[], &forged);
        self.signatures.news.forged.extend(forged);
        more
    }

    /// Whether all that was found out is written down.
    pub fn is_written_down(&self) -> bool {
        self.signatures.news.verified.is_empty() && self.signatures.news.forged.is_empty()
    }

    /// Takes over which signatures are good and which are not.
    pub fn take_verified(&mut self, verified: &[RecordId], forged: &[RecordId]) {
        for record in verified {
            if let Some(entry) = self.entries.get_mut(record) {
                entry.unchecked = None;
            }
        }
        if forged.is_empty() {
            return;
        }
        let forged: HashSet<&RecordId> = forged.iter().collect();
        for record in self.records.extract_if(.., |record| forged.contains(&record.record)) {
            if let Some(entry) = self.entries.remove(&record.record) {
                self.signatures.forged.push(Forged { record, entry });
            }
        }
        self.signatures.from = 0;
    }

    /// Forgets what was withdrawn, whether it was forged or not.
    pub fn forget_forged(&mut self, gone: impl Fn(&RecordId) -> bool) {
        self.signatures.forged.retain(|forged| !gone(&forged.record.record));
        // Records are no longer where they were.
        self.signatures.from = 0;
    }

    /// Whether a record was found to be forged.
    pub fn is_forged(&self, record: &RecordId) -> bool {
        self.signatures.forged.iter().any(|forged| forged.record.record == *record)
    }

    /// What was verified when the same passport was fetched before need not be again. The commitment covers the signature.
    pub fn hand_on_verified(&self, segment: &mut Segment) {
        for entry in &mut segment.records {
            let record = entry.header.record;
            let same = |before: &&Entry| before.commitment == entry.commitment;
            let good = self.entries.get(&record).filter(same).is_some_and(|before| before.unchecked.is_none());
            let bad =
                self.signatures.forged.iter().any(|forged| forged.record.record == record && same(&&forged.entry));
            if good || bad {
                entry.unchecked = None;
            }
            if bad {
                segment.forged.push(record);
            }
        }
    }
}

impl<S: Store, T: Transport> Wallet<S, T> {
    /// Verifies a slice, and says how far it is. What was found is kept with the passport once all is verified.
    pub(crate) async fn check_signatures<R: CryptoRng>(
        &mut self,
        subject: &Subject,
        cx: &mut Context<'_, R>,
    ) -> Result<Answer, WalletError> {
        let members = self.members_for(subject).await?;
        self.classified(subject, &members, cx).await?;
        let (mut worked, mut done) = (false, None);
        self.each_part(subject, |space, part| {
            if worked {
                return;
            }
            let more = part.verify_slice();
            let news = &mut part.signatures.news;
            worked = more || !(news.verified.is_empty() && news.forged.is_empty());
            if worked && !more {
                done = Some((space, part.stream, core::mem::take(news)));
            }
        })?;
        // What is behind a link is kept nowhere.
        if let Some((Some(space), stream, news)) = done {
            self.keep_verified(subject, (space, stream), news, cx).await?;
        }
        let history = self.history_of(subject)?;
        Ok(Answer::Signatures(history.signatures(&members)))
    }

    async fn keep_verified<R: CryptoRng>(
        &mut self,
        subject: &Subject,
        (space, stream): (Space, StreamId),
        news: Segment,
        cx: &mut Context<'_, R>,
    ) -> Result<(), WalletError> {
        let mut batch = Batch::default();
        let history = self.history_of(subject)?;
        let part = history.parts().iter().find(|part| part.stream == stream).ok_or(WalletError::NotFound)?;
        part.write(&news, &self.session.unlocked()?.local, space, &mut batch, cx.rng);
        let written = self.store.commit(batch).await;
        // Only a car of one's own is read on before the next time; what is kept of another's is verified once more then.
        let is_own = *subject == Subject::Own(stream);
        let mut news = Some(news);
        self.each_part(subject, |_, part| {
            if part.stream == stream
                && let Some(news) = news.take()
            {
                match &written {
                    Ok(()) => part.written(news),
                    Err(_) if is_own => part.signatures.news = news,
                    Err(_) => {}
                }
            }
        })?;
        match written {
            // Another tab wrote the next segment at this moment.
            Err(StoreError::Conflict) if !is_own => Ok(()),
            other => Ok(other?),
        }
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::{
        keyring::VehicleKeys,
        open::{Delivered, StreamKeys},
    };
    use carnet_crypto::{
        record::{ContentKey, seal_record},
        signature::SigningKey,
        wrap::wrap_day,
    };
    use carnet_protocol::{
        Blob,
        api::body::StoredRecord,
        category::Category,
        day::{Day, Timestamp},
        encoding,
        payload::{Fact, Method, OdometerReading, Origin, OriginKind, Payload},
        quantity::Metres,
        record::{RecordHeader, Schema, Suite},
        signed::Signed,
    };
    use getrandom::{SysRng, rand_core::UnwrapErr};

    fn shown(opened: &Opened) -> SignaturesView {
        History::of(opened, None).signatures(&Members::default())
    }

    const DAY: Day = Day(20_000);

    fn vehicle() -> VehicleKeys {
        VehicleKeys::generate("car".into(), false, Timestamp(1), &mut UnwrapErr(SysRng))
    }

    /// A reading under the name of `source`, signed by `signer` over the reading of `signed` kilometres.
    fn delivered(
        vehicle: &VehicleKeys,
        number: u8,
        source: &SigningKey,
        signer: &SigningKey,
        signed: u64,
    ) -> StoredRecord {
        let rng = &mut UnwrapErr(SysRng);
        let record = RecordId([number; 16]);
        let payload = |km: u64| Payload {
            stream: vehicle.stream,
            record,
            written_at: Timestamp(1),
            at: None,
            method: Method::Typed,
            origin: Origin { kind: OriginKind::Manual, import: None },
            fact: Fact::Odometer(OdometerReading { odometer: Metres(km * 1_000) }),
            note: None,
            attachments: Vec::new(),
            rectifies: None,
        };
        let signature = signer.sign_detached(&payload(signed));
        let body = Signed::<Payload>::from_parts(encoding::encode(&payload(7)), source.verifying_key(), signature);
        let keys = vehicle.category(Category::Mileage).unwrap();
        let header = RecordHeader {
            suite: Suite::Classic,
            schema: Schema::Payload,
            stream: vehicle.stream,
            record,
            label: keys.label,
            day: DAY,
            source: source.verifying_key(),
        };
        let content = ContentKey::generate(rng);
        let tree = keys.tree(0).unwrap();
        let wrap = wrap_day(&content, &tree.day_keys(DAY).wrap, &header, 0, rng);
        let bytes = encoding::encode(&seal_record(header.clone(), &encoding::encode(&body), &content));
        let size = bytes.len() as u64;
        StoredRecord { sequence: 1, header, size, record: Some(Blob(bytes)), wraps: vec![wrap] }
    }

    fn opened(vehicle: &VehicleKeys, records: Vec<StoredRecord>) -> (Opened, Vec<Entry>) {
        let keys = StreamKeys::own(vehicle).unwrap();
        let page = records.into_iter().map(|record| (record, None)).collect();
        let entries: Vec<Entry> = keys
            .opener()
            .open_page(page)
            .unwrap()
            .into_iter()
            .filter_map(|delivered| match delivered {
                Delivered::Opened(entry) => Some(*entry),
                Delivered::Unreadable => None,
            })
            .collect();
        let mut opened = vehicle.unopened();
        opened.apply(Segment { records: entries.clone(), ..Segment::default() });
        (opened, entries)
    }

    fn good_and_forged(vehicle: &VehicleKeys) -> Vec<StoredRecord> {
        let rng = &mut UnwrapErr(SysRng);
        let (source, other) = (SigningKey::generate(rng), SigningKey::generate(rng));
        vec![
            delivered(vehicle, 1, &source, &source, 7),
            // By somebody else under the source's name, and over another reading.
            delivered(vehicle, 2, &source, &other, 7),
            delivered(vehicle, 3, &source, &source, 8),
        ]
    }

    #[test]
    fn records_are_shown_before_their_signatures_are_verified_and_the_forged_are_named_then() {
        let vehicle = vehicle();
        let (mut opened, _) = opened(&vehicle, good_and_forged(&vehicle));
        let before = shown(&opened);
        assert_eq!((before.checked, before.total, before.forged.len()), (0, 3, 0));
        assert_eq!(opened.records.len(), 3);
        assert!(!opened.verify_slice());
        let after = shown(&opened);
        assert_eq!((after.checked, after.total), (3, 3));
        let forged: Vec<RecordId> = after.forged.iter().map(|record| record.record).collect();
        assert_eq!(forged, [RecordId([2; 16]), RecordId([3; 16])]);
        assert_eq!(opened.records.len(), 1, "what is forged counts nowhere");
    }

    #[test]
    fn slices_go_on_where_the_last_one_ended() {
        let vehicle = vehicle();
        let source = SigningKey::generate(&mut UnwrapErr(SysRng));
        let records = (0..=u8::MAX).map(|number| delivered(&vehicle, number, &source, &source, 7)).collect();
        let (mut opened, _) = opened(&vehicle, records);
        assert!(opened.verify_slice());
        let view = shown(&opened);
        assert_eq!((view.checked as usize, view.total), (SLICE, 256));
        assert!(!opened.verify_slice());
        assert_eq!(shown(&opened).checked, 256);
        assert!(!opened.verify_slice(), "nothing is left");
    }

    #[test]
    fn what_was_found_is_known_after_the_journal_is_read_again() {
        let vehicle = vehicle();
        let (mut first, entries) = opened(&vehicle, good_and_forged(&vehicle));
        first.verify_slice();
        let news = core::mem::take(&mut first.signatures.news);
        let mut again = vehicle.unopened();
        again.apply(Segment { records: entries.clone(), ..Segment::default() });
        again.apply(news);
        assert_eq!(shown(&again), shown(&first));
        // A record that was found to be forged does not come back by being delivered once more.
        again.apply(Segment { records: entries, ..Segment::default() });
        assert_eq!(again.records.len(), 1);
    }

    #[test]
    fn a_passport_fetched_anew_keeps_what_was_found_of_the_same_bytes_only() {
        let vehicle = vehicle();
        let stored = good_and_forged(&vehicle);
        let (mut before, entries) = opened(&vehicle, stored);
        before.verify_slice();
        let mut segment = Segment { records: entries, ..Segment::default() };
        segment.records[0].commitment.0[0] ^= 1;
        before.hand_on_verified(&mut segment);
        let unchecked: Vec<bool> = segment.records.iter().map(|entry| entry.unchecked.is_some()).collect();
        assert_eq!(unchecked, [true, false, false]);
        assert_eq!(segment.forged, [RecordId([2; 16]), RecordId([3; 16])]);
    }
}
