//! Opening delivered records, as owner or as reader: each is held against its leaf before a key is used on it.

mod page;

pub(crate) use page::Delivered;

use crate::{
    error::{Distrust, WalletError},
    journal::Entry,
    keyring::VehicleKeys,
};
use carnet_crypto::{
    grant::OpenedScope,
    hash::digest,
    header::BoundHeader,
    record::{ContentKey, commitment, open_body},
    sealing::SealingSecret,
    tree::{DayCover, DayKeys, DayWalk},
    wrap::{unwrap_day_bound, unwrap_inbox},
};
use carnet_protocol::{
    Blob,
    category::Category,
    day::{Day, DayRange},
    domain::Domain,
    encoding,
    id::{CategoryLabel, StreamId},
    ledger::Leaf,
    payload::Attachment,
    record::{RecordWrap, SealedRecord},
};
use core::cell::OnceCell;
use std::collections::HashMap;

/// The keys of one category and generation.
pub(crate) struct ScopeKeys {
    pub category: Category,
    pub label: CategoryLabel,
    pub generation: u16,
    pub cover: DayCover,
}

impl From<OpenedScope> for ScopeKeys {
    fn from(scope: OpenedScope) -> Self {
        Self { category: scope.category, label: scope.label, generation: scope.generation, cover: scope.cover }
    }
}

/// All keys that someone has to one stream.
pub(crate) struct StreamKeys {
    pub stream: StreamId,
    pub scopes: Vec<ScopeKeys>,
    /// The owner's alone.
    inboxes: Vec<SealingSecret>,
}

impl StreamKeys {
    /// A reader's.
    pub fn granted(stream: StreamId, scopes: Vec<OpenedScope>) -> Self {
        Self { stream, scopes: scopes.into_iter().map(ScopeKeys::from).collect(), inboxes: Vec::new() }
    }

    /// An owner's: everything.
    pub fn own(vehicle: &VehicleKeys) -> Result<Self, WalletError> {
        let mut scopes = Vec::new();
        for category in Category::ALL {
            let keys = vehicle.category(category)?;
            for (generation, kept) in (0..).zip(keys.generations()) {
                scopes.push(ScopeKeys { category, label: keys.label, generation, cover: kept.remains()? });
            }
        }
        let inboxes = vehicle.inboxes().map(|inbox| SealingSecret::derive(inbox.secret())).collect();
        Ok(Self { stream: vehicle.stream, scopes, inboxes })
    }

    /// Whether a leaf is of a category of which these keys open at least some days.
    pub fn names(&self, leaf: &Leaf) -> bool {
        self.scopes.iter().any(|scope| scope.label == leaf.entry.label)
    }

    /// Label and days of each category.
    pub fn ranges(&self) -> Vec<(CategoryLabel, Category, DayRange)> {
        self.scopes.iter().map(|scope| (scope.label, scope.category, scope.cover.range())).collect()
    }

    /// Starts opening; a days' keys are derived once for records in the order of days.
    pub fn opener(&self) -> Opener<'_> {
        let mut walks: HashMap<CategoryLabel, Vec<ScopeWalk<'_>>> = HashMap::new();
        for scope in &self.scopes {
            let walk = ScopeWalk { scope, walk: scope.cover.walk(), last: None, known: Vec::new() };
            walks.entry(scope.label).or_default().push(walk);
        }
        Opener { keys: self, walks, categories: OnceCell::new() }
    }
}

/// Opens many records of one stream.
pub(crate) struct Opener<'a> {
    keys: &'a StreamKeys,
    walks: HashMap<CategoryLabel, Vec<ScopeWalk<'a>>>,
    categories: OnceCell<HashMap<CategoryLabel, Category>>,
}

/// The way through the days of one scope.
struct ScopeWalk<'a> {
    scope: &'a ScopeKeys,
    walk: DayWalk<'a>,
    /// The keys of the day asked for last: records of one day mostly come together.
    last: Option<DayKeys>,
    /// The keys of days that were derived together, in order.
    known: Vec<DayKeys>,
}

impl ScopeWalk<'_> {
    fn day_keys(&mut self, day: Day) -> Option<&DayKeys> {
        if let Ok(place) = self.known.binary_search_by_key(&day, |keys| keys.day) {
            return self.known.get(place);
        }
        if self.last.as_ref().is_none_or(|keys| keys.day != day) {
            self.last = self.walk.day_keys(day);
        }
        self.last.as_ref()
    }
}

impl Opener<'_> {
    /// What a sealed payload record holds: the canonical signed payload.
    pub fn open_plain(&mut self, bytes: &[u8], wraps: &[RecordWrap]) -> Option<Vec<u8>> {
        let sealed: SealedRecord = encoding::decode(bytes).ok()?;
        let bound = BoundHeader::new(&sealed.header);
        let (_, key) = self.content_key(&bound, wraps)?;
        open_body(&bound, &sealed.body, &key).ok()
    }

    /// Opens the bytes of an attachment and checks them against what the record says of it.
    ///
    /// # Errors
    /// [`Distrust::Record`].
    pub fn open_attachment(
        &mut self,
        bytes: &[u8],
        entry: &Entry,
        wraps: &[RecordWrap],
        attachment: &Attachment,
    ) -> Result<Vec<u8>, WalletError> {
        let untrusted = WalletError::Untrusted { what: Distrust::Record };
        if commitment(bytes) != entry.commitment {
            return Err(untrusted);
        }
        let sealed: SealedRecord = encoding::decode(bytes).map_err(|_| untrusted.clone())?;
        if sealed.header != entry.header {
            return Err(untrusted);
        }
        let bound = BoundHeader::new(&sealed.header);
        let (_, key) = self.content_key(&bound, wraps).ok_or(untrusted.clone())?;
        let plain = open_body(&bound, &sealed.body, &key).map_err(|_| untrusted.clone())?;
        if digest(Domain::HASH_ATTACHMENT, &plain) == attachment.hash { Ok(plain) } else { Err(untrusted) }
    }

    /// The key of a record's body, with the generation under which it was wrapped.
    pub fn content_key(&mut self, header: &BoundHeader<'_>, wraps: &[RecordWrap]) -> Option<(u16, ContentKey)> {
        let day = header.header().day;
        for walk in self.walks.get_mut(&header.header().label)? {
            let generation = walk.scope.generation;
            // The generation named first; where two devices started one of the same number, the others as well.
            for wrap in wraps.iter().filter(|wrap| wrap.generation == generation || !self.keys.inboxes.is_empty()) {
                let Some(keys) = walk.day_keys(day) else { break };
                if let Ok(content) = unwrap_day_bound(wrap, keys, header) {
                    return Some((generation, content));
                }
            }
        }
        wraps.iter().find_map(|wrap| {
            let mut inboxes = self.keys.inboxes.iter().rev();
            inboxes.find_map(|inbox| Some((wrap.generation, unwrap_inbox(wrap, inbox, header.header()).ok()?)))
        })
    }
}

/// The canonical bytes of a sealed record, as stored and served.
pub(crate) fn sealed_bytes(sealed: &SealedRecord) -> Blob {
    Blob(encoding::encode(sealed))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::{
        journal::Segment,
        keyring::Keyring,
        record::sealing::{NewRecord, Sealer},
        store::Change,
    };
    use carnet_protocol::{
        api::body::StoredRecord,
        day::Timestamp,
        payload::{Fact, Method, OdometerReading, Origin, OriginKind},
        quantity::Metres,
    };
    use getrandom::{SysRng, rand_core::UnwrapErr};

    const DAY: Day = Day(20_000);

    fn vehicle() -> VehicleKeys {
        VehicleKeys::generate("car".into(), false, Timestamp(1), &mut UnwrapErr(SysRng))
    }

    /// A reading as the relay would deliver it.
    fn delivered(vehicle: &VehicleKeys) -> StoredRecord {
        let mut sealer = Sealer::new(vehicle, Timestamp(2));
        let record = NewRecord {
            day: DAY,
            at: None,
            method: Method::Typed,
            origin: Origin { kind: OriginKind::Manual, import: None },
            fact: Fact::Odometer(OdometerReading { odometer: Metres(1_000) }),
            note: None,
            files: Vec::new(),
        };
        sealer.add(record, &mut UnwrapErr(SysRng)).unwrap();
        let sealed = sealer.finish();
        let Segment { records, .. } = sealed.segment;
        let values: Vec<Vec<u8>> = sealed
            .batch
            .changes
            .into_iter()
            .map(|change| match change {
                Change::Put(_, _, value) => value,
                Change::Delete(..) => Vec::new(),
            })
            .collect();
        StoredRecord {
            sequence: 1,
            header: records[0].header.clone(),
            size: values[1].len() as u64,
            record: Some(Blob(values[1].clone())),
            wraps: vec![encoding::decode(&values[0]).unwrap()],
        }
    }

    fn opens(keys: &StreamKeys, stored: &StoredRecord) -> bool {
        matches!(open(keys, stored.clone()), Ok(Delivered::Opened(_)))
    }

    fn open(keys: &StreamKeys, stored: StoredRecord) -> Result<Delivered, WalletError> {
        Ok(keys.opener().open_page(vec![(stored, None)])?.remove(0))
    }

    #[test]
    fn keys_given_out_before_a_revocation_open_nothing_written_after_it() {
        let mut vehicle = vehicle();
        let before = delivered(&vehicle);
        let given = StreamKeys { inboxes: Vec::new(), ..StreamKeys::own(&vehicle).unwrap() };
        vehicle.next_generation(&[Category::Mileage], &mut UnwrapErr(SysRng));
        let after = delivered(&vehicle);
        assert!(opens(&given, &before) && !opens(&given, &after));
        let own = StreamKeys::own(&vehicle).unwrap();
        assert!(opens(&own, &before) && opens(&own, &after));
        // Not even where the generation is said to be the old one.
        let mut relabelled = after;
        relabelled.wraps[0].generation = 0;
        assert!(!opens(&given, &relabelled));
    }

    #[test]
    fn no_part_of_one_record_opens_in_the_place_of_anothers() {
        let vehicle = vehicle();
        let (one, two) = (delivered(&vehicle), delivered(&vehicle));
        let keys = StreamKeys::own(&vehicle).unwrap();
        let header = StoredRecord { header: two.header.clone(), ..one.clone() };
        assert!(open(&keys, header).is_err());
        let body = StoredRecord { record: two.record.clone(), ..one.clone() };
        assert!(open(&keys, body).is_err());
        let wraps = StoredRecord { wraps: two.wraps.clone(), ..one.clone() };
        assert!(!opens(&keys, &wraps));
        let mut renamed = two.wraps[0].clone();
        renamed.record = one.header.record;
        assert!(!opens(&keys, &StoredRecord { wraps: vec![renamed], ..one.clone() }));
        assert!(opens(&keys, &one));
    }

    #[test]
    fn devices_that_both_started_a_generation_keep_both() {
        let mut rng = UnwrapErr(SysRng);
        let mut ours = Keyring::new();
        ours.vehicles.push(vehicle());
        let mut theirs = ours.duplicate().unwrap();
        let stream = ours.vehicles[0].stream;
        ours.vehicles[0].next_generation(&[Category::Mileage], &mut rng);
        theirs.vehicles[0].next_generation(&[Category::Mileage], &mut rng);
        let written = [delivered(&ours.vehicles[0]), delivered(&theirs.vehicles[0])];
        theirs.forgotten.push(carnet_protocol::id::GrantId([1; 16]));
        let joined = ours.join(theirs, &mut rng).unwrap();
        assert_eq!(joined, [(stream, vec![Category::Mileage])]);
        let merged = ours.vehicle(stream).unwrap();
        assert_eq!(merged.category(Category::Mileage).unwrap().generation(), 3);
        assert_eq!(ours.forgotten.len(), 1);
        let keys = StreamKeys::own(merged).unwrap();
        assert!(written.iter().all(|record| opens(&keys, record)));
        assert!(Keyring::decode(&ours.encode()[1..]).is_err());
    }

    /// One device gave its new generation to a reader whom the other one shuts out at the same time: after joining, what
    /// is written must open with neither device's.
    #[test]
    fn what_is_written_after_joining_opens_with_no_generation_that_either_device_gave_out() {
        let mut rng = UnwrapErr(SysRng);
        let mut ours = Keyring::new();
        ours.vehicles.push(vehicle());
        let mut theirs = ours.duplicate().unwrap();
        let stream = ours.vehicles[0].stream;
        ours.vehicles[0].next_generation(&[Category::Mileage], &mut rng);
        theirs.vehicles[0].next_generation(&[Category::Mileage], &mut rng);
        let given = [&ours, &theirs]
            .map(|ring| StreamKeys { inboxes: Vec::new(), ..StreamKeys::own(&ring.vehicles[0]).unwrap() });
        ours.join(theirs, &mut rng).unwrap();
        let after = delivered(ours.vehicle(stream).unwrap());
        for mut keys in given {
            // Whatever number the reader knows the keys by.
            keys.scopes.iter_mut().for_each(|scope| scope.generation = after.wraps[0].generation);
            assert!(!opens(&keys, &after));
        }
        // The other device hears of it and starts nothing again.
        let mut again = ours.duplicate().unwrap();
        assert!(again.join(ours, &mut rng).unwrap().is_empty());
    }
}
