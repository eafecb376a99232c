//! The secrets of one car.

use super::{
    Generation, Inboxes, Pairing, SaleNote, SaleStage, Seed, Share, Takeover,
    holder::{Held, Holder},
};
use crate::error::WalletError;
use carnet_crypto::{signature::SigningKey, tree::TreeRoot};
use carnet_protocol::{
    category::Category,
    day::Timestamp,
    id::{CategoryLabel, GrantId, ImportId, RecordId, StreamId},
    payload::OriginKind,
};
use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};

/// The secrets of one car and what the owner noted about it.
#[derive(Serialize, Deserialize)]
pub(crate) struct VehicleKeys {
    /// Its stream.
    pub stream: StreamId,
    /// What the owner calls it.
    pub name: String,
    /// Whether it is the generated sample car.
    pub sample: bool,
    /// When it was added.
    pub added_at: Timestamp,
    /// How many devices had been removed when the newest generations of all categories were started: a device that is
    /// removed later has them.
    pub epoch: u64,
    /// Signs for the stream.
    pub(super) sign: Seed,
    /// Sources without a day seal key seal to one of these.
    pub(super) inboxes: Inboxes,
    /// One entry per category, in the order of [`Category::ALL`]; of a car held together those that are shared.
    pub(super) categories: Vec<CategoryKeys>,
    /// Shares, oldest first.
    pub shares: Vec<Share>,
    /// Sources that may write, oldest first.
    pub pairings: Vec<Pairing>,
    /// Imports, oldest first.
    pub imports: Vec<ImportNote>,
    /// Its sale, from the offer on.
    pub sale: Option<SaleNote>,
    /// How it came here, where it was bought.
    pub takeover: Option<Takeover>,
    /// People invited to hold it together, oldest first.
    pub holders: Vec<Holder>,
    /// That it is somebody else's, held together.
    pub held: Option<Held>,
    /// Records that were erased one by one, in order: another device that has them lets go of them.
    pub(super) erased: Vec<RecordId>,
}

/// The secrets of one category.
#[derive(Serialize, Deserialize)]
pub(crate) struct CategoryKeys {
    /// The category.
    pub category: Category,
    /// How it is named on the wire.
    pub label: CategoryLabel,
    /// The position is the generation's number; the last one wraps new records.
    pub(super) generations: Vec<Generation>,
}

/// What the owner may want to know of an import later.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ImportNote {
    /// The import.
    pub import: ImportId,
    /// The file's name.
    pub file: String,
    /// What it was.
    pub kind: OriginKind,
    /// When.
    pub at: Timestamp,
    /// Records it brought.
    pub records: u32,
    /// Whether it was undone.
    pub undone: bool,
}

impl VehicleKeys {
    /// Fresh secrets for a new car.
    pub fn generate(name: String, sample: bool, now: Timestamp, rng: &mut impl CryptoRng) -> Self {
        let mut stream = [0; StreamId::LEN];
        rng.fill_bytes(&mut stream);
        let categories = Category::ALL.map(|category| CategoryKeys::generate(category, rng)).into();
        Self {
            stream: StreamId(stream),
            name,
            sample,
            added_at: now,
            epoch: 0,
            sign: Seed::generate(rng),
            inboxes: Inboxes::generate(rng),
            categories,
            shares: Vec::new(),
            pairings: Vec::new(),
            imports: Vec::new(),
            sale: None,
            takeover: None,
            holders: Vec::new(),
            held: None,
            erased: Vec::new(),
        }
    }

    /// The key that signs for the stream.
    pub fn signing_key(&self) -> SigningKey {
        SigningKey::from_seed(self.sign.secret())
    }

    /// Whether it was sold, so that what is here is an archive.
    pub fn is_sold(&self) -> bool {
        matches!(self.sale.as_ref().map(|sale| sale.stage), Some(SaleStage::Sold { .. }))
    }

    /// The inbox keys.
    pub fn inboxes(&self) -> &Inboxes {
        &self.inboxes
    }

    /// Puts a fresh inbox key in use where anybody could ever have known the one that was.
    pub(super) fn renew_inbox(&mut self, rng: &mut impl CryptoRng) {
        if self.was_written_to() {
            self.inboxes.renew(rng);
        }
    }

    /// Replaces every key that a device had which was removed, for what comes from now on.
    pub fn renew(&mut self, epoch: u64, rng: &mut impl CryptoRng) {
        self.next_generation(&Category::ALL, rng);
        self.inboxes.renew_for(epoch, rng);
        self.epoch = epoch;
    }

    /// Takes back what claims to be of a later epoch of the devices than there was.
    pub(super) fn bound_by(&mut self, epoch: u64) {
        self.epoch = self.epoch.min(epoch);
        self.inboxes.bound_by(epoch);
    }

    /// Forgets the inbox keys that were replaced.
    pub fn end_inboxes(&mut self) {
        self.inboxes.end();
    }

    /// Whether anybody ever could seal to the car: a source by a pairing, a member by a share.
    fn was_written_to(&self) -> bool {
        let to_member = |share: &Share| share.link.is_none() && share.grantee.sign.is_some();
        !self.pairings.is_empty() || self.shares.iter().any(to_member)
    }

    /// The keys of a category.
    ///
    /// # Errors
    /// [`WalletError::NotShared`]: of a car held together, a private one may be missing.
    pub fn category(&self, category: Category) -> Result<&CategoryKeys, WalletError> {
        self.categories.iter().find(|keys| keys.category == category).ok_or(WalletError::NotShared)
    }

    /// All there are.
    pub fn categories(&self) -> &[CategoryKeys] {
        &self.categories
    }

    pub(super) fn category_mut(&mut self, category: Category) -> Result<&mut CategoryKeys, WalletError> {
        self.categories.iter_mut().find(|keys| keys.category == category).ok_or(WalletError::Damaged)
    }

    /// What is left when the car is erased: who may remove it.
    pub(super) fn into_sign(self) -> Seed {
        self.sign
    }

    /// Whether a record was erased by itself.
    pub fn has_erased(&self, record: &RecordId) -> bool {
        self.erased.binary_search(record).is_ok()
    }

    /// Starts the next generation of these categories: what is wrapped from now on opens with no key given out so far.
    pub fn next_generation(&mut self, categories: &[Category], rng: &mut impl CryptoRng) {
        for keys in self.categories.iter_mut().filter(|keys| categories.contains(&keys.category)) {
            keys.generations.push(Generation::generate(rng));
        }
    }

    /// A share.
    ///
    /// # Errors
    /// [`WalletError::NotFound`].
    pub fn share(&self, grant: GrantId) -> Result<&Share, WalletError> {
        self.shares.iter().find(|share| share.grant == grant).ok_or(WalletError::NotFound)
    }

    /// See [`Self::share`].
    pub fn share_mut(&mut self, grant: GrantId) -> Result<&mut Share, WalletError> {
        self.shares.iter_mut().find(|share| share.grant == grant).ok_or(WalletError::NotFound)
    }

    pub(super) fn categories_mut(&mut self) -> &mut [CategoryKeys] {
        &mut self.categories
    }
}

impl CategoryKeys {
    fn generate(category: Category, rng: &mut impl CryptoRng) -> Self {
        let mut label = [0; CategoryLabel::LEN];
        rng.fill_bytes(&mut label);
        Self { category, label: CategoryLabel(label), generations: vec![Generation::generate(rng)] }
    }

    /// The generation that wraps new records.
    pub fn generation(&self) -> u16 {
        // A keyring of 1 MiB holds no 65,536 roots.
        u16::try_from(self.generations.len().saturating_sub(1)).unwrap_or(u16::MAX)
    }

    /// The day tree of a generation; `None` when there is no such generation, or days of it were erased.
    pub fn tree(&self, generation: u16) -> Option<TreeRoot> {
        self.generations.get(usize::from(generation))?.root()
    }

    /// All generations.
    pub fn generations(&self) -> &[Generation] {
        &self.generations
    }

    pub(super) fn generations_mut(&mut self) -> &mut Vec<Generation> {
        &mut self.generations
    }
}
