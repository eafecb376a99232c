//! The tables as ordered maps.

use crate::store::{
    ErasureTable, GrantRow, GrantTable, InvitationRow, KeyringTable, LinkRow, LinkState, LinkTable, MailboxRow,
    MailboxTable, NewRecord, NonceTable, PageBound, RecordMeta, RecordRow, RecordTable, StoreError, StreamUse,
    ViewTable, ViewTokenRow, VinTable,
};
use carnet_protocol::{
    api::body::{DeviceSeen, GrantAnswer, SealedAnswer, StoredKeyring, View, ViewKind},
    day::{Day, Timestamp},
    encoding::encode,
    erasure::WalletErasure,
    grant::{Grant, GrantEnvelope},
    holder::BundleEnvelope,
    id::{CategoryLabel, GrantId, Hash32, LinkId, MailboxId, OfferId, RecordId, StreamId},
    key::VerifyingKey,
    limits::REQUEST_SKEW_MS,
    link::Link,
    pairing::SealedOffer,
    record::RecordWrap,
    signed::Signed,
};
use std::collections::BTreeMap;

/// Everything; cloned before each write, so that a refused one is undone by forgetting the clone.
#[derive(Clone, Default)]
pub(super) struct MemoryTables {
    last_record: BTreeMap<StreamId, u64>,
    records: BTreeMap<(StreamId, u64), (RecordMeta, Vec<u8>)>,
    by_id: BTreeMap<(StreamId, RecordId), u64>,
    wraps: BTreeMap<(StreamId, RecordId, u16), RecordWrap>,
    grants: BTreeMap<GrantId, HeldGrant>,
    links: BTreeMap<LinkId, (GrantId, LinkRow)>,
    view_tokens: BTreeMap<Hash32, ViewTokenRow>,
    pub(super) invitations: BTreeMap<VerifyingKey, InvitationRow>,
    pub(super) bundles: BTreeMap<(StreamId, VerifyingKey), (u64, BundleEnvelope)>,
    keyrings: BTreeMap<VerifyingKey, StoredKeyring>,
    keyring_erasures: BTreeMap<VerifyingKey, Signed<WalletErasure>>,
    mailboxes: BTreeMap<MailboxId, MailboxRow>,
    devices_seen: BTreeMap<(VerifyingKey, VerifyingKey), Timestamp>,
    views: BTreeMap<(StreamId, u64), View>,
    last_view: BTreeMap<StreamId, u64>,
    vin_evaluations: BTreeMap<(VerifyingKey, Day), u32>,
    pub(super) seal_keys: BTreeMap<(StreamId, CategoryLabel), Vec<u8>>,
    pub(super) offers: BTreeMap<OfferId, SealedOffer>,
    pub(super) unpaired: Vec<(StreamId, VerifyingKey, Timestamp, u64)>,
    pub(super) answers: BTreeMap<(StreamId, RecordId), SealedAnswer>,
    nonces: BTreeMap<[u8; 16], Timestamp>,
    issued_grants: BTreeMap<GrantId, StreamId>,
}

#[derive(Clone)]
struct HeldGrant {
    arrival: usize,
    stream: StreamId,
    grantee: Option<VerifyingKey>,
    row: GrantRow,
}

impl HeldGrant {
    fn is_for(&self, key: VerifyingKey) -> bool {
        self.grantee == Some(key) || self.row.claimer == Some(key)
    }
}

impl RecordTable for MemoryTables {
    fn stream_use(&self, stream: StreamId) -> Result<StreamUse, StoreError> {
        let mut found = StreamUse::default();
        for (_, sealed) in self.records.range((stream, 0)..=(stream, u64::MAX)).map(|(_, row)| row) {
            found.records += 1;
            found.bytes += sealed.len() as u64;
        }
        Ok(found)
    }

    fn record(&self, stream: StreamId, record: RecordId) -> Result<Option<RecordMeta>, StoreError> {
        let sequence = self.by_id.get(&(stream, record));
        Ok(sequence.and_then(|at| self.records.get(&(stream, *at))).map(|(meta, _)| meta.clone()))
    }

    fn sealed_record(&self, stream: StreamId, record: RecordId) -> Result<Option<Vec<u8>>, StoreError> {
        let sequence = self.by_id.get(&(stream, record));
        Ok(sequence.and_then(|at| self.records.get(&(stream, *at))).map(|(_, sealed)| sealed.clone()))
    }

    fn insert_record(&mut self, new: &NewRecord) -> Result<(), StoreError> {
        let stream = new.header.stream;
        let last = self.last_record.entry(stream).or_default();
        *last += 1;
        let sequence = *last;
        let size = new.sealed.len() as u64;
        let meta = RecordMeta { sequence, header: new.header.clone(), commitment: new.commitment, size };
        self.by_id.insert((stream, new.header.record), sequence);
        self.records.insert((stream, sequence), (meta, new.sealed.clone()));
        Ok(())
    }

    fn delete_record(&mut self, stream: StreamId, record: RecordId) -> Result<bool, StoreError> {
        let Some(sequence) = self.by_id.remove(&(stream, record)) else { return Ok(false) };
        self.records.remove(&(stream, sequence));
        self.wraps.retain(|(s, r, _), _| (*s, *r) != (stream, record));
        Ok(true)
    }

    fn records(
        &self,
        stream: StreamId,
        after: u64,
        bound: PageBound,
        wanted: &dyn Fn(&RecordMeta) -> bool,
    ) -> Result<(Vec<RecordRow>, Option<u64>), StoreError> {
        let (mut page, mut bytes, mut last) = (Vec::new(), 0, after);
        let following = (stream, after.saturating_add(1))..=(stream, u64::MAX);
        for (looked_at, (meta, sealed)) in self.records.range(following).map(|(_, row)| row).enumerate() {
            if page.len() == bound.records || bytes >= bound.bytes || looked_at == bound.looked_at {
                return Ok((page, Some(last)));
            }
            last = meta.sequence;
            if !wanted(meta) {
                continue;
            }
            let sealed = (meta.size <= bound.inline as u64).then(|| sealed.clone());
            let wraps = self.wraps(stream, meta.header.record)?;
            bytes += sealed.as_ref().map_or(0, Vec::len) + 256 + 128 * wraps.len();
            page.push(RecordRow { meta: meta.clone(), sealed, wraps });
        }
        Ok((page, None))
    }

    fn put_wrap(&mut self, stream: StreamId, wrap: &RecordWrap) -> Result<(), StoreError> {
        self.wraps.insert((stream, wrap.record, wrap.generation), wrap.clone());
        Ok(())
    }

    fn wraps(&self, stream: StreamId, record: RecordId) -> Result<Vec<RecordWrap>, StoreError> {
        Ok(self.wraps.range((stream, record, 0)..=(stream, record, u16::MAX)).map(|(_, wrap)| wrap.clone()).collect())
    }
}

impl GrantTable for MemoryTables {
    fn grant(&self, grant: GrantId) -> Result<Option<GrantRow>, StoreError> {
        Ok(self.grants.get(&grant).map(|held| held.row.clone()))
    }

    fn insert_grant(&mut self, grant: &Grant, envelope: &GrantEnvelope) -> Result<(), StoreError> {
        let row = GrantRow { envelope: envelope.clone(), claimer: None, answer: None, revoked: false };
        let arrival = self.grants.values().map(|held| held.arrival + 1).max().unwrap_or(0);
        let held = HeldGrant { arrival, stream: grant.stream, grantee: grant.grantee.sign, row };
        self.grants.insert(grant.grant, held);
        Ok(())
    }

    fn replace_envelope(&mut self, grant: GrantId, envelope: &GrantEnvelope) -> Result<(), StoreError> {
        if let Some(held) = self.grants.get_mut(&grant) {
            held.row.envelope = envelope.clone();
        }
        Ok(())
    }

    fn grants_of(&self, stream: StreamId) -> Result<u64, StoreError> {
        Ok(self.grants.values().filter(|held| held.stream == stream).count() as u64)
    }

    fn set_answer(&mut self, grant: GrantId, answer: GrantAnswer) -> Result<(), StoreError> {
        if let Some(held) = self.grants.get_mut(&grant) {
            held.row.answer = Some(answer);
        }
        Ok(())
    }

    fn set_claimer(&mut self, grant: GrantId, claimer: VerifyingKey) -> Result<(), StoreError> {
        if let Some(held) = self.grants.get_mut(&grant) {
            held.row.claimer = Some(claimer);
        }
        Ok(())
    }

    fn revoke_grant(&mut self, grant: GrantId) -> Result<(), StoreError> {
        if let Some(held) = self.grants.get_mut(&grant) {
            held.row.revoked = true;
        }
        for (_, link) in self.links.values_mut().filter(|(of, link)| *of == grant && link.state == LinkState::Live) {
            link.state = LinkState::Ended;
        }
        self.view_tokens.retain(|_, token| token.grant != grant);
        Ok(())
    }

    fn inbox(&self, key: VerifyingKey, limit: usize, bytes: usize) -> Result<Vec<GrantRow>, StoreError> {
        let mut found: Vec<&HeldGrant> = self.grants.values().filter(|held| held.is_for(key)).collect();
        found.sort_by_key(|held| core::cmp::Reverse(held.arrival));
        let (mut inbox, mut read) = (Vec::new(), 0);
        for held in found.into_iter().take(limit) {
            if read >= bytes {
                break;
            }
            read += encode(&held.row.envelope).len();
            inbox.push(held.row.clone());
        }
        Ok(inbox)
    }

    fn standing_grants(
        &self,
        stream: StreamId,
        key: VerifyingKey,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<GrantId>, StoreError> {
        let declined = Some(GrantAnswer { accept: false });
        let looked_at = |held: &&HeldGrant| {
            held.stream == stream && !held.row.revoked && held.row.answer != declined && held.is_for(key)
        };
        let mut found: Vec<&HeldGrant> = self.grants.values().filter(looked_at).collect();
        found.sort_by_key(|held| core::cmp::Reverse(held.arrival));
        found.into_iter().take(limit).filter_map(|held| held.row.standing(key, now).transpose()).collect()
    }

    fn note_issue(&mut self, grant: GrantId, stream: StreamId) -> Result<(), StoreError> {
        self.issued_grants.entry(grant).or_insert(stream);
        Ok(())
    }

    fn issued_for(&self, grant: GrantId) -> Result<Option<StreamId>, StoreError> {
        Ok(self.issued_grants.get(&grant).copied())
    }

    fn remove_grant(&mut self, grant: GrantId) -> Result<(), StoreError> {
        self.grants.remove(&grant);
        self.links.retain(|_, (of, _)| *of != grant);
        self.view_tokens.retain(|_, token| token.grant != grant);
        Ok(())
    }
}

impl LinkTable for MemoryTables {
    fn link(&self, link: LinkId) -> Result<Option<LinkRow>, StoreError> {
        Ok(self.links.get(&link).map(|(_, row)| row.clone()))
    }

    fn links_of(&self, grant: GrantId) -> Result<u64, StoreError> {
        Ok(self.links.values().filter(|(of, _)| *of == grant).count() as u64)
    }

    fn insert_link(&mut self, link: &Link, signed: &[u8]) -> Result<(), StoreError> {
        let row = LinkRow { signed: signed.to_vec(), opens: 0, failures: 0, state: LinkState::Live };
        self.links.insert(link.link, (link.grant, row));
        Ok(())
    }

    fn update_link(&mut self, link: LinkId, opens: u32, failures: u32, state: LinkState) -> Result<(), StoreError> {
        if let Some((_, row)) = self.links.get_mut(&link) {
            (row.opens, row.failures, row.state) = (opens, failures, state);
        }
        if state != LinkState::Live {
            self.view_tokens.retain(|_, token| token.link != link);
        }
        Ok(())
    }

    fn insert_view_token(&mut self, token_hash: Hash32, row: &ViewTokenRow) -> Result<(), StoreError> {
        self.view_tokens.insert(token_hash, *row);
        Ok(())
    }

    fn view_token(&self, token_hash: Hash32) -> Result<Option<ViewTokenRow>, StoreError> {
        Ok(self.view_tokens.get(&token_hash).copied())
    }

    fn purge_view_tokens(&mut self, now: Timestamp) -> Result<(), StoreError> {
        self.view_tokens.retain(|_, token| token.until >= now);
        Ok(())
    }
}

impl KeyringTable for MemoryTables {
    fn keyring(&self, account: VerifyingKey) -> Result<Option<StoredKeyring>, StoreError> {
        Ok(self.keyrings.get(&account).cloned())
    }

    fn replace_keyring(&mut self, account: VerifyingKey, keyring: &StoredKeyring) -> Result<(), StoreError> {
        self.keyrings.insert(account, keyring.clone());
        Ok(())
    }

    fn device_seen(&self, account: VerifyingKey, device: VerifyingKey) -> Result<Option<Timestamp>, StoreError> {
        Ok(self.devices_seen.get(&(account, device)).copied())
    }

    fn devices_seen(&self, account: VerifyingKey) -> Result<Vec<DeviceSeen>, StoreError> {
        let of_account = self.devices_seen.iter().filter(|((of, _), _)| *of == account);
        Ok(of_account.map(|((_, device), at)| DeviceSeen { device: *device, at: *at }).collect())
    }

    fn set_device_seen(
        &mut self,
        account: VerifyingKey,
        device: VerifyingKey,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        self.devices_seen.insert((account, device), at);
        Ok(())
    }
}

impl ErasureTable for MemoryTables {
    fn erase_stream(&mut self, stream: StreamId) -> Result<(), StoreError> {
        self.records.retain(|(of, _), _| *of != stream);
        self.by_id.retain(|(of, _), _| *of != stream);
        self.wraps.retain(|(of, ..), _| *of != stream);
        let grants: Vec<GrantId> =
            self.grants.iter().filter(|(_, held)| held.stream == stream).map(|(grant, _)| *grant).collect();
        self.grants.retain(|grant, _| !grants.contains(grant));
        self.links.retain(|_, (grant, _)| !grants.contains(grant));
        self.view_tokens.retain(|_, token| token.stream != stream);
        self.invitations.retain(|_, row| row.invitation.stream != stream);
        self.bundles.retain(|(of, _), _| *of != stream);
        self.views.retain(|(of, _), _| *of != stream);
        self.seal_keys.retain(|(of, _), _| *of != stream);
        self.offers.retain(|_, offer| offer.stream != stream);
        self.unpaired.retain(|(of, ..)| *of != stream);
        self.answers.retain(|(of, _), _| *of != stream);
        self.last_record.remove(&stream);
        self.last_view.remove(&stream);
        self.issued_grants.retain(|_, of| *of != stream);
        Ok(())
    }

    fn erase_sharing(&mut self, stream: StreamId, but: GrantId) -> Result<(), StoreError> {
        let of_stream = self.grants.iter().filter(|(grant, held)| held.stream == stream && **grant != but);
        let grants: Vec<GrantId> = of_stream.map(|(grant, _)| *grant).collect();
        self.grants.retain(|grant, _| !grants.contains(grant));
        self.links.retain(|_, (grant, _)| !grants.contains(grant));
        self.view_tokens.retain(|_, token| token.stream != stream || token.grant == but);
        self.invitations.retain(|_, row| row.invitation.stream != stream);
        self.bundles.retain(|(of, _), _| *of != stream);
        self.views.retain(|(of, _), view| *of != stream || view.grant == but);
        Ok(())
    }

    fn keep_only_wrap(&mut self, stream: StreamId, record: RecordId, generation: u16) -> Result<(), StoreError> {
        if self.wraps.contains_key(&(stream, record, generation)) {
            self.wraps.retain(|(s, r, g), _| (*s, *r) != (stream, record) || *g == generation);
        }
        Ok(())
    }

    fn erase_keyring(&mut self, account: VerifyingKey, signed: &Signed<WalletErasure>) -> Result<(), StoreError> {
        self.keyrings.remove(&account);
        self.keyring_erasures.entry(account).or_insert_with(|| signed.clone());
        Ok(())
    }

    fn keyring_erasure(&self, account: VerifyingKey) -> Result<Option<Signed<WalletErasure>>, StoreError> {
        Ok(self.keyring_erasures.get(&account).cloned())
    }

    fn scrub(&mut self) {}
}

impl MailboxTable for MemoryTables {
    fn mailbox(&self, mailbox: MailboxId) -> Result<Option<MailboxRow>, StoreError> {
        Ok(self.mailboxes.get(&mailbox).cloned())
    }

    fn mailboxes(&self) -> Result<u64, StoreError> {
        Ok(self.mailboxes.len() as u64)
    }

    fn put_mailbox(&mut self, mailbox: MailboxId, row: &MailboxRow) -> Result<(), StoreError> {
        self.mailboxes.insert(mailbox, row.clone());
        Ok(())
    }

    fn purge_mailboxes(&mut self, now: Timestamp) -> Result<(), StoreError> {
        self.mailboxes.retain(|_, row| row.until > now);
        Ok(())
    }
}

impl ViewTable for MemoryTables {
    fn append_view(
        &mut self,
        stream: StreamId,
        grant: GrantId,
        at: Timestamp,
        kind: ViewKind,
    ) -> Result<(), StoreError> {
        let last = self.last_view.entry(stream).or_default();
        *last += 1;
        self.views.insert((stream, *last), View { sequence: *last, grant, at, kind });
        Ok(())
    }

    fn views(&self, stream: StreamId, after: u64, limit: usize) -> Result<Vec<View>, StoreError> {
        let following = (stream, after.saturating_add(1))..=(stream, u64::MAX);
        Ok(self.views.range(following).take(limit).map(|(_, view)| view.clone()).collect())
    }

    fn fetched_since(&self, stream: StreamId, grant: GrantId, since: Timestamp) -> Result<bool, StoreError> {
        let mut of_stream = self.views.range((stream, 0)..=(stream, u64::MAX)).map(|(_, view)| view);
        Ok(of_stream.any(|view| view.grant == grant && view.kind == ViewKind::Fetched && view.at >= since))
    }

    fn answers_since(&self, stream: StreamId, grant: GrantId, since: Timestamp) -> Result<u64, StoreError> {
        let of_stream = self.views.range((stream, 0)..=(stream, u64::MAX)).map(|(_, view)| view);
        let answered = |view: &&View| {
            view.grant == grant && view.at >= since && matches!(view.kind, ViewKind::Accepted | ViewKind::Declined)
        };
        Ok(of_stream.filter(answered).count() as u64)
    }
}

impl VinTable for MemoryTables {
    fn vin_evaluations(&self, member: VerifyingKey, day: Day) -> Result<u32, StoreError> {
        Ok(self.vin_evaluations.get(&(member, day)).copied().unwrap_or(0))
    }

    fn count_vin_evaluation(&mut self, member: VerifyingKey, day: Day) -> Result<(), StoreError> {
        self.vin_evaluations.retain(|(of, on), _| *of != member || *on >= day);
        *self.vin_evaluations.entry((member, day)).or_default() += 1;
        Ok(())
    }
}

impl NonceTable for MemoryTables {
    fn has_nonce(&self, name: [u8; 16]) -> Result<bool, StoreError> {
        Ok(self.nonces.contains_key(&name))
    }

    fn keep_nonce(&mut self, name: [u8; 16], at: Timestamp, now: Timestamp) -> Result<(), StoreError> {
        self.nonces.retain(|_, kept| kept.0 >= now.0.saturating_sub(REQUEST_SKEW_MS));
        self.nonces.insert(name, at);
        Ok(())
    }
}
