//! What the tables hold, as the handlers see it.

use super::StoreError;
use carnet_protocol::{
    api::body::GrantAnswer,
    day::Timestamp,
    encoding,
    grant::{Grant, GrantEnvelope},
    holder::{Invitation, Join},
    id::{GrantId, Hash32, LinkId, StreamId},
    key::VerifyingKey,
    meeting::MailboxPlace,
    record::{RecordHeader, RecordWrap},
    signed::Signed,
};

/// What a stream takes up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct StreamUse {
    /// Records stored.
    pub records: u64,
    /// Bytes of their sealed forms.
    pub bytes: u64,
}

/// A record to store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRecord {
    /// The readable part of `sealed`.
    pub header: RecordHeader,
    /// Hash of `sealed`, label `HASH_RECORD`.
    pub commitment: Hash32,
    /// The canonical sealed record.
    pub sealed: Vec<u8>,
}

/// A stored record without its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordMeta {
    /// Place in the stream's order, from 1.
    pub sequence: u64,
    /// The readable part.
    pub header: RecordHeader,
    /// Hash of the sealed record.
    pub commitment: Hash32,
    /// Bytes of the sealed record.
    pub size: u64,
}

/// A record in a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordRow {
    /// What is known of it.
    pub meta: RecordMeta,
    /// The sealed record, where it is small enough to travel in a page.
    pub sealed: Option<Vec<u8>>,
    /// Its wraps, by generation.
    pub wraps: Vec<RecordWrap>,
}

/// An invitation to hold a car together, with its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvitationRow {
    /// As its owner signed it.
    pub invitation: Invitation,
    /// The one answer.
    pub join: Option<Signed<Join>>,
}

/// Where a page ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageBound {
    /// Records at most.
    pub records: usize,
    /// The page ends with the record that reaches this many bytes.
    pub bytes: usize,
    /// Larger records come without their bytes.
    pub inline: usize,
    /// Records looked at, wanted or not: whoever asks for few of very many must not hold up all other readers.
    pub looked_at: usize,
}

/// A grant with what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrantRow {
    /// As the owner signed and sealed it; its signature was checked when it was stored.
    pub envelope: GrantEnvelope,
    /// Who claimed the link that carries it.
    pub claimer: Option<VerifyingKey>,
    /// What the grantee answered.
    pub answer: Option<GrantAnswer>,
    /// Whether it was taken back.
    pub revoked: bool,
}

impl GrantRow {
    /// Its name, if it lets `key` read at `now`, as far as the relay's own tables say.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`].
    pub fn standing(&self, key: VerifyingKey, now: Timestamp) -> Result<Option<GrantId>, StoreError> {
        let grant: Grant = encoding::decode(&self.envelope.grant.body).map_err(|_| StoreError::Corrupt("grant"))?;
        let over = self.revoked || self.answer == Some(GrantAnswer { accept: false }) || grant.not_after < now;
        // Once a link was claimed, its claimer reads and nobody else.
        let reads = self.claimer.or(grant.grantee.sign) == Some(key);
        Ok((reads && !over).then_some(grant.grant))
    }
}

/// A link with its counters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkRow {
    /// The canonical signed link; its signature was checked when it was stored.
    pub signed: Vec<u8>,
    /// Openings so far.
    pub opens: u32,
    /// Wrong tokens so far.
    pub failures: u32,
    /// Whether it still opens.
    pub state: LinkState,
}

/// Whether a link still opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkState {
    /// It does, while time and counters allow.
    Live,
    /// It was claimed.
    Claimed,
    /// It was taken back.
    Ended,
}

/// What a view token opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ViewTokenRow {
    /// The link that gave it.
    pub link: LinkId,
    /// The grant it reads.
    pub grant: GrantId,
    /// The grant's stream.
    pub stream: StreamId,
    /// Until when.
    pub until: Timestamp,
}

/// A mailbox with what lies in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailboxRow {
    /// Of the token that writes and reads.
    pub token_hash: Hash32,
    /// Until when it stands.
    pub until: Timestamp,
    /// The first message.
    pub request: Option<Vec<u8>>,
    /// The second.
    pub hello: Option<Vec<u8>>,
}

impl MailboxRow {
    /// What lies in a place.
    pub fn place(&mut self, place: MailboxPlace) -> &mut Option<Vec<u8>> {
        match place {
            MailboxPlace::Request => &mut self.request,
            MailboxPlace::Hello => &mut self.hello,
        }
    }
}
