//! What every store must do, run on every backend.
#![allow(clippy::unwrap_used, missing_docs)]

mod crashes;
mod grants;
mod holders;
mod keyrings;
mod links;
mod nonces;
mod records;
mod sources;
mod transactions;
mod views;
mod vins;

use carnet_protocol::{
    Blob,
    day::{Day, DayRange, Timestamp},
    encoding::encode,
    grant::{Grant, GrantEnvelope, GrantScope, Grantee, SealedGrant},
    id::{CategoryLabel, GrantId, Hash32, RecordId, StreamId},
    key::{AeadNonce, EncappedKey, SealingKey, Signature, VerifyingKey},
    record::{RecordHeader, RecordWrap, Schema, Suite, WrappedKey},
    signed::Signed,
};
use carnet_server::store::{NewRecord, PageBound, Store, StoreError, memory::MemoryBackend, sqlite::SqliteBackend};

pub const STREAM: StreamId = StreamId([1; 16]);
pub const OTHER_STREAM: StreamId = StreamId([2; 16]);
pub const NOW: Timestamp = Timestamp(1_800_000_000_000);
pub const ALL: PageBound = PageBound { records: 100, bytes: 1 << 20, inline: 1_000, looked_at: 100 };

/// A store, and what must outlive it.
pub struct Held {
    pub store: Store,
    pub folder: Option<tempfile::TempDir>,
}

pub fn memory() -> Held {
    Held { store: Store::new(MemoryBackend::default()), folder: None }
}

pub fn sqlite() -> Held {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(SqliteBackend::open(&folder.path().join("relay.sqlite"), 64).unwrap());
    Held { store, folder: Some(folder) }
}

/// Runs each named test on both backends.
#[macro_export]
macro_rules! on_every_backend {
    ($($test:ident),* $(,)?) => {
        mod on_memory {
            $(#[tokio::test] async fn $test() { super::$test($crate::memory()).await; })*
        }
        mod on_sqlite {
            $(#[tokio::test] async fn $test() { super::$test($crate::sqlite()).await; })*
        }
    };
}

impl Held {
    pub async fn write<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut dyn carnet_server::store::Tables) -> Result<T, StoreError> + Send + 'static,
    ) -> T {
        self.store.write(job).await.unwrap()
    }

    pub async fn read<T: Send + 'static>(
        &self,
        job: impl FnOnce(&dyn carnet_server::store::Tables) -> Result<T, StoreError> + Send + 'static,
    ) -> T {
        self.store.read(job).await.unwrap()
    }
}

pub fn record(stream: StreamId, id: u8, size: usize) -> NewRecord {
    let header = RecordHeader {
        suite: Suite::Classic,
        schema: Schema::Payload,
        stream,
        record: RecordId([id; 16]),
        label: CategoryLabel([id % 3; 8]),
        day: Day(u16::from(id)),
        source: VerifyingKey([9; 32]),
    };
    NewRecord { header, commitment: Hash32([id; 32]), sealed: vec![id; size] }
}

pub fn wrap(record: u8, generation: u16, fill: u8) -> RecordWrap {
    let key = WrappedKey::Day { nonce: AeadNonce([fill; 12]), sealed: Blob(vec![fill; 48]) };
    RecordWrap { record: RecordId([record; 16]), generation, key }
}

pub fn grant(id: u8, stream: StreamId, grantee: Option<u8>) -> (Grant, GrantEnvelope) {
    let scope = GrantScope { label: CategoryLabel([1; 8]), days: DayRange::ALL, generation: 0 };
    let grant = Grant {
        suite: Suite::Classic,
        grant: GrantId([id; 16]),
        stream,
        grantee: Grantee { seal: SealingKey([3; 32]), sign: grantee.map(|byte| VerifyingKey([byte; 32])) },
        scopes: vec![scope],
        earlier: Vec::new(),
        issued_at: NOW,
        not_after: NOW.plus(1_000_000),
        sealed_hash: Hash32([0; 32]),
        checkpoint: None,
    };
    let signed = Signed::from_parts(encode(&grant), VerifyingKey([8; 32]), Signature([0; 64]));
    let sealed = SealedGrant { enc: EncappedKey([4; 32]), sealed: Blob(vec![id; 100]) };
    (grant, GrantEnvelope { grant: signed, sealed })
}
