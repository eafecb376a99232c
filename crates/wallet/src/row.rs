//! Where things stand in the store: the one place that spells keys. Format: `docs/formats/local-store.md`.

use carnet_protocol::{
    id::{GrantId, PairingId, RecordId, StreamId},
    key::VerifyingKey,
};

/// Table `wallet`: the device's secret under the passphrase.
pub(crate) const PASSPHRASE: &[u8] = b"passphrase";
/// Table `wallet`: the device's secret under each passkey.
pub(crate) const PASSKEYS: &[u8] = b"passkeys";
/// Table `wallet`: the account's name, sealed, so that nobody puts another in its place.
pub(crate) const ACCOUNT: &[u8] = b"account";
/// Table `wallet`: when this device was removed from its account; the only row then.
pub(crate) const REMOVED: &[u8] = b"removed";
/// Table `wallet`: settings that are read before unlocking.
pub(crate) const SETTINGS: &[u8] = b"settings";
/// Table `wallet`: the member directory as last verified.
pub(crate) const DIRECTORY: &[u8] = b"directory";
/// Table `wallet`: the last checkpoint seen, a signed note.
pub(crate) const CHECKPOINT: &[u8] = b"checkpoint";
/// Table `wallet`: two checkpoints that cannot both be true. While it is there, nothing is sent.
pub(crate) const EVIDENCE: &[u8] = b"evidence";
/// Table `wallet`: prefix of the relay's last receipts, by lane.
pub(crate) const ACKNOWLEDGED: &[u8] = b"acknowledged";
/// Table `wallet`, with a number behind it: a sealed receipt of an erasure.
pub(crate) const RECEIPT: &[u8] = b"receipt";
/// Table `wallet`: the receipt that an erased wallet left behind, in the clear.
pub(crate) const LAST_RECEIPT: &[u8] = b"last-receipt";
/// Table `keyring`: the sealed keyring.
pub(crate) const KEYRING: &[u8] = b"current";
/// Table `keyring`: the highest version that the relay is known to keep.
pub(crate) const KEYRING_KEPT: &[u8] = b"kept";

/// Whose rows: the stream of one's own car, or the grant of another's. Both are random, so they never meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Space(pub [u8; 16]);

impl From<StreamId> for Space {
    fn from(stream: StreamId) -> Self {
        Self(stream.0)
    }
}

impl From<PairingId> for Space {
    fn from(pairing: PairingId) -> Self {
        Self(pairing.0)
    }
}

impl From<GrantId> for Space {
    fn from(grant: GrantId) -> Self {
        Self(grant.0)
    }
}

impl Space {
    /// The rows of an earlier owner's passport that came with a grant. The sum of two random names is as random.
    pub fn earlier(grant: GrantId, stream: StreamId) -> Self {
        Self(core::array::from_fn(|at| grant.0[at] ^ stream.0[at]))
    }

    /// Table `wallet`: the proof of a passport as it was checked last.
    pub fn proof(self) -> Vec<u8> {
        [b"proof".as_slice(), &self.0].concat()
    }

    /// Table `wallet`: the first screen of a car, as it was shown last.
    pub fn shown(self) -> Vec<u8> {
        [b"shown".as_slice(), &self.0].concat()
    }

    /// Table `wallet`: the last receipts of the relay for what was sent from a lane.
    pub fn receipts(self) -> Vec<u8> {
        [ACKNOWLEDGED, &self.0].concat()
    }

    /// Table `wallet`: which day seal keys of a car the relay keeps.
    pub fn published(self) -> Vec<u8> {
        [b"published".as_slice(), &self.0].concat()
    }

    /// Table `wallet`: a record that was written as a source, in the lane in which it is sent.
    pub fn written(self, record: RecordId) -> Vec<u8> {
        [WRITTEN, &self.0, &record.0].concat()
    }

    /// Tables `records`: one sealed record.
    pub fn record(self, record: RecordId) -> Vec<u8> {
        [self.0, record.0].concat()
    }

    /// Table `wraps`: one wrap; two bytes of generation at the end.
    pub fn wrap(self, record: RecordId, generation: u16) -> Vec<u8> {
        [self.0.as_slice(), &record.0, &generation.to_be_bytes()].concat()
    }

    /// Tables `leaves`, `index` and `outbox`: a row by its number.
    pub fn numbered(self, number: u64) -> Vec<u8> {
        [self.0.as_slice(), &number.to_be_bytes()].concat()
    }
}

/// The number at the end of a numbered row's key.
pub(crate) fn number_of(key: &[u8]) -> Option<u64> {
    key.get(16..)?.try_into().ok().map(u64::from_be_bytes)
}

/// The space at the start of a key.
pub(crate) fn space_of(key: &[u8]) -> Option<Space> {
    key.first_chunk().map(|space| Space(*space))
}

/// Prefix of all records written as a source.
pub(crate) const WRITTEN: &[u8] = b"written";

/// Lane and record of a row of [`WRITTEN`].
pub(crate) fn written_of(key: &[u8]) -> Option<(Space, RecordId)> {
    let (lane, record) = key.strip_prefix(WRITTEN)?.split_first_chunk::<16>()?;
    Some((Space(*lane), RecordId(record.try_into().ok()?)))
}

/// Table `wallet`: a receipt.
pub(crate) fn receipt(number: u64) -> Vec<u8> {
    [RECEIPT, &number.to_be_bytes()].concat()
}

/// Table `grants`: the envelope of a grant one gave.
pub(crate) fn given(grant: GrantId) -> Vec<u8> {
    [b"g".as_slice(), &grant.0].concat()
}

/// Table `grants`: the bundle of a co-holder.
pub(crate) fn bundle(holder: VerifyingKey) -> Vec<u8> {
    [b"h".as_slice(), &holder.0].concat()
}

/// Table `grants`: a grant one was given.
pub(crate) fn received(grant: GrantId) -> Vec<u8> {
    [RECEIVED, &grant.0].concat()
}

/// Table `grants`: when the owner took back a grant one was given, as the relay told it.
pub(crate) fn taken_back(grant: GrantId) -> Vec<u8> {
    [b"t".as_slice(), &grant.0].concat()
}

/// Prefix of all grants one was given.
pub(crate) const RECEIVED: &[u8] = b"r";
