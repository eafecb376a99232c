//! What the relay keeps: sealed records, wraps, grants, links, keyrings, and who looked.
//!
//! A store runs jobs on its tables, one job one transaction: it happens whole or not at all, and a write is answered
//! only once it is on disk. Rules live in the handlers' jobs; a backend only keeps rows, so that both backends can be
//! held to one suite (`tests/store.rs`).

mod error;
mod job;
pub mod memory;
mod rows;
pub mod sqlite;

pub use error::StoreError;
pub use job::{ReadJob, Verdict, WriteJob};
pub use rows::{
    GrantRow, InvitationRow, LinkRow, LinkState, MailboxRow, NewRecord, PageBound, RecordMeta, RecordRow, StreamUse,
    ViewTokenRow,
};

use carnet_protocol::{
    api::body::{DeviceSeen, GrantAnswer, SealedAnswer, StoredKeyring, View, ViewKind},
    day::{Day, Timestamp},
    erasure::WalletErasure,
    grant::{Grant, GrantEnvelope},
    holder::{BundleEnvelope, Join},
    id::{CategoryLabel, GrantId, Hash32, LinkId, MailboxId, OfferId, RecordId, StreamId},
    key::VerifyingKey,
    link::Link,
    pairing::SealedOffer,
    record::RecordWrap,
    signed::Signed,
};
use tokio::sync::oneshot;

/// Sealed records and their wraps.
pub trait RecordTable {
    /// What the stream takes up.
    fn stream_use(&self, stream: StreamId) -> Result<StreamUse, StoreError>;
    /// What is known of a record, without its bytes.
    fn record(&self, stream: StreamId, record: RecordId) -> Result<Option<RecordMeta>, StoreError>;
    /// A sealed record's bytes.
    fn sealed_record(&self, stream: StreamId, record: RecordId) -> Result<Option<Vec<u8>>, StoreError>;
    /// Stores a record that is not there yet and gives it the stream's next sequence number.
    fn insert_record(&mut self, record: &NewRecord) -> Result<(), StoreError>;
    /// Removes a record and its wraps; says whether there was one.
    fn delete_record(&mut self, stream: StreamId, record: RecordId) -> Result<bool, StoreError>;
    /// Records after a sequence number that `wanted` takes, in order, up to `bound`; and after which number the rest
    /// follows, where there may be any.
    fn records(
        &self,
        stream: StreamId,
        after: u64,
        bound: PageBound,
        wanted: &dyn Fn(&RecordMeta) -> bool,
    ) -> Result<(Vec<RecordRow>, Option<u64>), StoreError>;
    /// Sets the wrap of a stored record for one generation.
    fn put_wrap(&mut self, stream: StreamId, wrap: &RecordWrap) -> Result<(), StoreError>;
    /// A record's wraps, by generation.
    fn wraps(&self, stream: StreamId, record: RecordId) -> Result<Vec<RecordWrap>, StoreError>;
}

/// Grants and what became of them.
pub trait GrantTable {
    /// A grant, revoked ones included.
    fn grant(&self, grant: GrantId) -> Result<Option<GrantRow>, StoreError>;
    /// Stores a grant that is not there yet.
    fn insert_grant(&mut self, grant: &Grant, envelope: &GrantEnvelope) -> Result<(), StoreError>;
    /// Puts another envelope in the place of a grant's; answer, claim and place in the inbox stay.
    fn replace_envelope(&mut self, grant: GrantId, envelope: &GrantEnvelope) -> Result<(), StoreError>;
    /// How many grants a stream has, revoked ones included.
    fn grants_of(&self, stream: StreamId) -> Result<u64, StoreError>;
    /// Notes the grantee's answer.
    fn set_answer(&mut self, grant: GrantId, answer: GrantAnswer) -> Result<(), StoreError>;
    /// Gives the grant to the key that claimed its link.
    fn set_claimer(&mut self, grant: GrantId, claimer: VerifyingKey) -> Result<(), StoreError>;
    /// Marks a grant as revoked and ends its links and view tokens.
    fn revoke_grant(&mut self, grant: GrantId) -> Result<(), StoreError>;
    /// Grants to a key, by address or claim, newest first: at most `limit`, and of `bytes` of envelopes no more than the
    /// one that reaches them. Anyone may address grants to a key, so what is read into memory is bounded.
    fn inbox(&self, key: VerifyingKey, limit: usize, bytes: usize) -> Result<Vec<GrantRow>, StoreError>;
    /// Grants of the stream to a key, by address or claim, that stand at `now`: neither taken back nor declined nor over.
    /// The newest first, at most `limit`.
    fn standing_grants(
        &self,
        stream: StreamId,
        key: VerifyingKey,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<GrantId>, StoreError>;
    /// Notes for which stream the ledger has issued a grant first; a later stream's claim to that name is passed over.
    fn note_issue(&mut self, grant: GrantId, stream: StreamId) -> Result<(), StoreError>;
    /// For which stream the ledger has issued a grant first, as far as is known.
    fn issued_for(&self, grant: GrantId) -> Result<Option<StreamId>, StoreError>;
    /// Removes a grant with its links and view tokens.
    fn remove_grant(&mut self, grant: GrantId) -> Result<(), StoreError>;
}

/// Share links and the view tokens that opening them gives.
pub trait LinkTable {
    /// A link, ended ones included.
    fn link(&self, link: LinkId) -> Result<Option<LinkRow>, StoreError>;
    /// How many links a grant has, ended ones included.
    fn links_of(&self, grant: GrantId) -> Result<u64, StoreError>;
    /// Stores a link that is not there yet.
    fn insert_link(&mut self, link: &Link, signed: &[u8]) -> Result<(), StoreError>;
    /// Sets a link's counters and state; a state other than live removes its view tokens.
    fn update_link(&mut self, link: LinkId, opens: u32, failures: u32, state: LinkState) -> Result<(), StoreError>;
    /// Keeps the hash of a view token.
    fn insert_view_token(&mut self, token_hash: Hash32, row: &ViewTokenRow) -> Result<(), StoreError>;
    /// Finds a view token by its hash.
    fn view_token(&self, token_hash: Hash32) -> Result<Option<ViewTokenRow>, StoreError>;
    /// Removes view tokens that ended before `now`.
    fn purge_view_tokens(&mut self, now: Timestamp) -> Result<(), StoreError>;
}

/// Invitations to hold a car together, and the bundles of keys of those who do.
pub trait HolderTable {
    /// An invitation by its key.
    fn invitation(&self, key: VerifyingKey) -> Result<Option<InvitationRow>, StoreError>;
    /// All invitations of a stream, in the order of their keys.
    fn invitations_of(&self, stream: StreamId) -> Result<Vec<InvitationRow>, StoreError>;
    /// Stores an invitation that is not there yet.
    fn insert_invitation(&mut self, row: &InvitationRow) -> Result<(), StoreError>;
    /// Notes the answer to an invitation.
    fn set_join(&mut self, key: VerifyingKey, join: &Signed<Join>) -> Result<(), StoreError>;
    /// Removes an invitation; one that is not there is no error.
    fn delete_invitation(&mut self, key: VerifyingKey) -> Result<(), StoreError>;
    /// The bundle of a co-holder, with its version.
    fn bundle(&self, stream: StreamId, holder: VerifyingKey) -> Result<Option<(u64, BundleEnvelope)>, StoreError>;
    /// How many bundles a stream has.
    fn bundles_of(&self, stream: StreamId) -> Result<u64, StoreError>;
    /// Sets the bundle of a co-holder.
    fn put_bundle(
        &mut self,
        stream: StreamId,
        holder: VerifyingKey,
        version: u64,
        envelope: &BundleEnvelope,
    ) -> Result<(), StoreError>;
    /// Removes a bundle; one that is not there is no error.
    fn delete_bundle(&mut self, stream: StreamId, holder: VerifyingKey) -> Result<(), StoreError>;
}

/// Sealed keyrings.
pub trait KeyringTable {
    /// The newest version.
    fn keyring(&self, account: VerifyingKey) -> Result<Option<StoredKeyring>, StoreError>;
    /// Puts a version in the place of the one before, of which nothing is kept: it may hold keys that were erased.
    fn replace_keyring(&mut self, account: VerifyingKey, keyring: &StoredKeyring) -> Result<(), StoreError>;
    /// When a device asked last.
    fn device_seen(&self, account: VerifyingKey, device: VerifyingKey) -> Result<Option<Timestamp>, StoreError>;
    /// When each device of an account asked last, by its key.
    fn devices_seen(&self, account: VerifyingKey) -> Result<Vec<DeviceSeen>, StoreError>;
    /// Notes that a device asked.
    fn set_device_seen(&mut self, account: VerifyingKey, device: VerifyingKey, at: Timestamp)
    -> Result<(), StoreError>;
}

/// Mailboxes in which two devices meet.
pub trait MailboxTable {
    /// A mailbox, ended ones included until they are purged.
    fn mailbox(&self, mailbox: MailboxId) -> Result<Option<MailboxRow>, StoreError>;
    /// How many there are.
    fn mailboxes(&self) -> Result<u64, StoreError>;
    /// Stores a mailbox, or what was put into it.
    fn put_mailbox(&mut self, mailbox: MailboxId, row: &MailboxRow) -> Result<(), StoreError>;
    /// Removes mailboxes that ended by `now`.
    fn purge_mailboxes(&mut self, now: Timestamp) -> Result<(), StoreError>;
}

/// Removing for good. The files are scrubbed of what these remove.
pub trait ErasureTable {
    /// Removes everything of a stream: records, wraps, grants, links, looks.
    fn erase_stream(&mut self, stream: StreamId) -> Result<(), StoreError>;
    /// Removes grants, links and looks of a stream, but those of one grant.
    fn erase_sharing(&mut self, stream: StreamId, but: GrantId) -> Result<(), StoreError>;
    /// Removes all wraps of a record but one; none where that one is not there.
    fn keep_only_wrap(&mut self, stream: StreamId, record: RecordId, generation: u16) -> Result<(), StoreError>;
    /// Puts an account's signed word that it is erased in the place of its keyring.
    fn erase_keyring(&mut self, account: VerifyingKey, signed: &Signed<WalletErasure>) -> Result<(), StoreError>;
    /// An account's signed word that it is erased.
    fn keyring_erasure(&self, account: VerifyingKey) -> Result<Option<Signed<WalletErasure>>, StoreError>;
    /// Has what was removed in this job wiped from the files once it is committed.
    fn scrub(&mut self);
}

/// The viewing log.
pub trait ViewTable {
    /// Adds a look with the stream's next sequence number.
    fn append_view(
        &mut self,
        stream: StreamId,
        grant: GrantId,
        at: Timestamp,
        kind: ViewKind,
    ) -> Result<(), StoreError>;
    /// Looks after a sequence number, in order.
    fn views(&self, stream: StreamId, after: u64, limit: usize) -> Result<Vec<View>, StoreError>;
    /// Whether the grant was used to fetch records since a time.
    fn fetched_since(&self, stream: StreamId, grant: GrantId, since: Timestamp) -> Result<bool, StoreError>;
    /// How often the grant was accepted or declined since a time.
    fn answers_since(&self, stream: StreamId, grant: GrantId, since: Timestamp) -> Result<u64, StoreError>;
}

/// Counts of evaluated VINs.
pub trait VinTable {
    /// How many were evaluated for a member on a day.
    fn vin_evaluations(&self, member: VerifyingKey, day: Day) -> Result<u32, StoreError>;
    /// Counts one more, and forgets the member's earlier days.
    fn count_vin_evaluation(&mut self, member: VerifyingKey, day: Day) -> Result<(), StoreError>;
}

/// What sources need and leave behind.
pub trait SourceTable {
    /// A category's batch of day seal keys, as it was stored.
    fn seal_keys(&self, stream: StreamId, label: CategoryLabel) -> Result<Option<Vec<u8>>, StoreError>;
    /// How many categories of a stream have one.
    fn seal_keys_of(&self, stream: StreamId) -> Result<u64, StoreError>;
    /// Replaces it.
    fn put_seal_keys(&mut self, stream: StreamId, label: CategoryLabel, keys: &[u8]) -> Result<(), StoreError>;
    /// An offer to pair, expired or not.
    fn offer(&self, offer: OfferId) -> Result<Option<SealedOffer>, StoreError>;
    /// How many offers a stream has.
    fn offers_of(&self, stream: StreamId) -> Result<u64, StoreError>;
    /// Stores or replaces an offer.
    fn put_offer(&mut self, offer: OfferId, sealed: &SealedOffer) -> Result<(), StoreError>;
    /// Removes the offers that expired before `now`.
    fn purge_offers(&mut self, now: Timestamp) -> Result<(), StoreError>;
    /// What a member without a pairing has stored in a stream since a time.
    fn unpaired_since(&self, stream: StreamId, source: VerifyingKey, since: Timestamp)
    -> Result<StreamUse, StoreError>;
    /// Notes that it stored so much more.
    fn note_unpaired(
        &mut self,
        stream: StreamId,
        source: VerifyingKey,
        at: Timestamp,
        bytes: u64,
    ) -> Result<(), StoreError>;
    /// The owner's latest answer to who wrote a record.
    fn answer(&self, stream: StreamId, record: RecordId) -> Result<Option<SealedAnswer>, StoreError>;
    /// Replaces it.
    fn put_answer(&mut self, stream: StreamId, record: RecordId, answer: &SealedAnswer) -> Result<(), StoreError>;
}

/// Nonces of proofs that are dated ahead, which would be good again after a restart.
pub trait NonceTable {
    /// Whether a nonce is kept.
    fn has_nonce(&self, name: [u8; 16]) -> Result<bool, StoreError>;
    /// Keeps one until nobody can take its proof for new any more, and forgets those of which that is so.
    fn keep_nonce(&mut self, name: [u8; 16], at: Timestamp, now: Timestamp) -> Result<(), StoreError>;
}

/// All of it: what a job sees.
pub trait Tables:
    RecordTable
    + GrantTable
    + LinkTable
    + HolderTable
    + KeyringTable
    + MailboxTable
    + ErasureTable
    + ViewTable
    + VinTable
    + SourceTable
    + NonceTable
{
}
impl<T> Tables for T where
    T: RecordTable
        + GrantTable
        + LinkTable
        + HolderTable
        + KeyringTable
        + MailboxTable
        + ErasureTable
        + ViewTable
        + VinTable
        + SourceTable
        + NonceTable
{
}

/// Runs jobs. A full queue is refused at once, never waited for.
pub trait Backend: Send + Sync + 'static {
    /// Queues a read.
    ///
    /// # Errors
    /// [`StoreError::Busy`] when the queue is full, [`StoreError::Closed`] after [`Backend::close`].
    fn read(&self, job: Box<dyn ReadJob>) -> Result<(), StoreError>;
    /// Queues a write.
    ///
    /// # Errors
    /// As [`Backend::read`].
    fn write(&self, job: Box<dyn WriteJob>) -> Result<(), StoreError>;
    /// Writes waiting, for the metrics.
    fn waiting(&self) -> usize;
    /// Finishes what is queued and lets go of the files. Blocks.
    fn close(&self);
}

/// A store over some backend.
pub struct Store {
    backend: Box<dyn Backend>,
}

impl Store {
    /// Wraps a backend.
    pub fn new(backend: impl Backend) -> Self {
        Self { backend: Box::new(backend) }
    }

    /// Runs a read on one consistent state of the tables.
    ///
    /// # Errors
    /// What the job answers, or the store's own refusal.
    pub async fn read<T, E>(&self, job: impl FnOnce(&dyn Tables) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        self.backend.read(job::reading(job, answer))?;
        answered.await.map_err(|_| E::from(StoreError::Closed))?
    }

    /// Runs a write as one transaction: durable when this returns `Ok`, without effect when it returns `Err`.
    ///
    /// # Errors
    /// What the job answers, or the store's own refusal.
    pub async fn write<T, E>(&self, job: impl FnOnce(&mut dyn Tables) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        self.backend.write(job::writing(job, answer))?;
        answered.await.map_err(|_| E::from(StoreError::Closed))?
    }

    /// Writes waiting.
    pub fn waiting(&self) -> usize {
        self.backend.waiting()
    }

    /// Finishes what is queued and lets go of the files. Blocks.
    pub fn close(&self) {
        self.backend.close();
    }
}
