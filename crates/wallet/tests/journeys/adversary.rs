//! Whoever has the relay's whole database and old keys: what opens of it, whatever rules a relay or a wallet keep.

use crate::world::Wire;
use carnet_crypto::{
    grant::{OpenedScope, open_grant, open_link_grant},
    header::BoundHeader,
    link::derive_link,
    member::MemberKeys,
    record::open_body,
    secret::Secret,
    wrap::unwrap_day_bound,
};
use carnet_protocol::{
    api::{
        body::{DemoMembers, Inbox, LinkOpened},
        path,
    },
    encoding,
    grant::GrantEnvelope,
    id::{GrantId, RecordId, StreamId},
    link::LinkFragment,
    member::MemberClass,
    record::{RecordWrap, SealedRecord},
};
use carnet_server::{
    serve::STORE_FILE,
    store::{GrantRow, PageBound, RecordRow, Store, StoreError, sqlite::SqliteBackend},
};
use carnet_wallet::transport::{Method, Request, Transport as _};
use std::{
    collections::BTreeSet,
    path::Path,
    sync::{Arc, Mutex},
};

/// All that the relay keeps of a stream.
pub struct Database {
    pub records: Vec<RecordRow>,
    pub grants: Vec<GrantEnvelope>,
    /// How many co-holders' keys.
    pub bundles: u64,
}

impl Database {
    /// Reads the files that a relay has left behind.
    pub async fn read(folder: &Path, stream: StreamId, grants: &[GrantId]) -> Self {
        let store = Store::new(SqliteBackend::open(&folder.join("data").join(STORE_FILE), 8).unwrap());
        let bound = PageBound { records: 100_000, bytes: usize::MAX, inline: usize::MAX, looked_at: 100_000 };
        let records = store.read(move |tables| tables.records(stream, 0, bound, &|_| true)).await;
        let (records, rest) = records.map_err(|error: StoreError| error.to_string()).unwrap();
        assert_eq!(rest, None);
        let mut envelopes = Vec::new();
        for grant in grants.iter().copied() {
            let row: Result<Option<GrantRow>, StoreError> = store.read(move |tables| tables.grant(grant)).await;
            envelopes.extend(row.unwrap().map(|row| row.envelope));
        }
        let bundles: Result<u64, StoreError> = store.read(move |tables| tables.bundles_of(stream)).await;
        store.close();
        Self { records, grants: envelopes, bundles: bundles.unwrap() }
    }

    /// The records that open with any of the keys, whatever label or generation they are said to be for.
    pub fn opened_with(&self, keys: &[OpenedScope]) -> BTreeSet<RecordId> {
        let opens = |row: &&RecordRow| {
            let sealed: SealedRecord = encoding::decode(row.sealed.as_ref().unwrap()).unwrap();
            let bound = BoundHeader::new(&sealed.header);
            keys.iter().any(|scope| {
                let Some(day) = scope.cover.day_keys(sealed.header.day) else { return false };
                let wraps = row.wraps.iter().flat_map(|wrap| {
                    let renamed = RecordWrap { generation: scope.generation, ..wrap.clone() };
                    [wrap.clone(), renamed]
                });
                wraps.into_iter().any(|wrap| {
                    unwrap_day_bound(&wrap, &day, &bound).is_ok_and(|key| open_body(&bound, &sealed.body, &key).is_ok())
                })
            })
        };
        self.records.iter().filter(opens).map(|row| row.meta.header.record).collect()
    }
}

/// A member's keys; those of the demo consortium are public.
pub async fn member_keys(wire: &Wire, class: MemberClass) -> MemberKeys {
    let request = Request { method: Method::Get, path: path::DEMO_MEMBERS.into(), authorization: None, body: None };
    let answer = wire.send(request).await.unwrap();
    let members: DemoMembers = encoding::decode(&answer.body).unwrap();
    let member = members.members.into_iter().find(|member| member.member.class == class).unwrap();
    MemberKeys::from_seed(&Secret::from_slice(&member.seed.0).unwrap())
}

/// Keeps every envelope that comes over a wire: what its reader had in hand at any time.
pub fn keep_envelopes(wire: &Wire) -> Arc<Mutex<Vec<GrantEnvelope>>> {
    let kept = Arc::new(Mutex::new(Vec::new()));
    let keep = kept.clone();
    wire.tamper(move |_, response| {
        let mut kept = keep.lock().unwrap();
        if let Ok(inbox) = encoding::decode::<Inbox>(&response.body) {
            kept.extend(inbox.grants.into_iter().map(|item| item.envelope));
        }
        if let Ok(opened) = encoding::decode::<LinkOpened>(&response.body) {
            kept.push(opened.envelope);
        }
        kept.extend(encoding::decode::<GrantEnvelope>(&response.body));
        response
    });
    kept
}

/// All keys in envelopes that a member's key opens.
pub fn scopes_of_member(envelopes: &[GrantEnvelope], keys: &MemberKeys) -> Vec<OpenedScope> {
    let opened = envelopes.iter().filter_map(|envelope| open_grant(envelope, &keys.seal, &envelope.grant.key).ok());
    opened.flat_map(|grant| grant.scopes).collect()
}

/// All keys in envelopes that a link opens.
pub fn scopes_of_link(envelopes: &[GrantEnvelope], link: &str) -> Vec<OpenedScope> {
    let (_, fragment) = link.split_once('#').unwrap();
    let keys = derive_link(&LinkFragment::parse(fragment).unwrap(), None).unwrap();
    let opened = envelopes.iter().filter_map(|envelope| open_link_grant(envelope, &keys).ok());
    opened.flat_map(|grant| grant.scopes).collect()
}
