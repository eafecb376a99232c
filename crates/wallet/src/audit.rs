//! For tests: everything that the words, or all that a device has, open, given what a relay keeps or ever kept.
//!
//! It tries every key in every keyring on every wrap: all that is left of all generations, whatever number a wrap says,
//! the inbox key, and the keys in every grant that a link's secret or a saved passport opens. What does not come out
//! here does not come out.

use crate::{
    Wallet,
    error::WalletError,
    journal::leaves,
    keyring::{Keyring, VehicleKeys},
    open::StreamKeys,
    ring::Ring,
    row::Space,
};
use carnet_crypto::{
    device::DeviceSecret,
    grant::open_link_grant,
    header::BoundHeader,
    link::{LinkBinding, LinkKeys, derive_link},
    record::{ContentKey, open_body},
    sealing::SealingSecret,
    tree::DayCover,
    words::RecoveryWords,
    wrap::{unwrap_day, unwrap_inbox},
};
use carnet_protocol::{
    api::body::StoredKeyring,
    encoding,
    grant::GrantEnvelope,
    id::{RecordId, StreamId},
    ledger::Leaf,
    link::LinkFragment,
    record::{RecordWrap, SealedRecord},
};
use std::collections::BTreeMap;

/// What a relay keeps, or kept in a backup.
#[derive(Default)]
pub struct Kept {
    /// Keyrings, of any version.
    pub keyrings: Vec<StoredKeyring>,
    /// Canonical sealed records with wraps that are, or were, beside them.
    pub records: Vec<(Vec<u8>, Vec<RecordWrap>)>,
    /// Grants.
    pub grants: Vec<GrantEnvelope>,
}

impl<S, T> Wallet<S, T> {
    /// Whether a car was opened since unlocking, and not only shown as it was kept.
    pub fn is_open(&self, vehicle: StreamId) -> bool {
        self.session.unlocked().is_ok_and(|unlocked| unlocked.opened.contains_key(&Space::from(vehicle)))
    }
}

/// The leaves in a row of the store.
///
/// # Errors
/// [`WalletError::Damaged`].
pub fn leaves_in(row: &[u8]) -> Result<Vec<Leaf>, WalletError> {
    leaves::unpack(row)
}

/// The plaintext of every record that opens.
pub fn all_that_opens(words: &str, kept: &Kept) -> BTreeMap<RecordId, Vec<u8>> {
    let Ok(words) = RecoveryWords::parse(words) else { return BTreeMap::new() };
    opened_by(&words.to_root().sealing_secret(), kept)
}

/// The same for who has a device's secret; the keyring that lies in its store is among the keyrings.
pub fn all_that_a_device_opens(device: &DeviceSecret, kept: &Kept) -> BTreeMap<RecordId, Vec<u8>> {
    opened_by(&device.sealing_secret(), kept)
}

fn opened_by(opener: &SealingSecret, kept: &Kept) -> BTreeMap<RecordId, Vec<u8>> {
    let keys = Keys::gather(opener, kept);
    let opened = kept.records.iter().filter_map(|(sealed, wraps)| {
        let sealed: SealedRecord = encoding::decode(sealed).ok()?;
        // A wrap names its record and is bound to its header.
        let mut wraps = wraps.iter().filter(|wrap| wrap.record == sealed.header.record);
        let plain = wraps.find_map(|wrap| {
            let header = BoundHeader::new(&sealed.header);
            keys.contents(wrap, &sealed).find_map(|content| open_body(&header, &sealed.body, &content).ok())
        });
        Some((sealed.header.record, plain?))
    });
    opened.collect()
}

#[derive(Default)]
struct Keys {
    covers: Vec<DayCover>,
    inboxes: Vec<SealingSecret>,
}

impl Keys {
    fn gather(opener: &SealingSecret, kept: &Kept) -> Self {
        let mut keys = Self::default();
        let mut links = Vec::new();
        for stored in &kept.keyrings {
            // Its list begins with the account's own entry.
            let Some(begin) = stored.devices.first() else { continue };
            let Ok((_, keyring)) = Ring::open(begin.key, stored, opener, &[]) else { continue };
            for vehicle in &keyring.vehicles {
                keys.add_vehicle(vehicle);
                links.extend(links_of(vehicle));
            }
            links.extend(readings(&keyring));
        }
        for grant in &kept.grants {
            for opened in links.iter().filter_map(|link| open_link_grant(grant, link).ok()) {
                let earlier = opened.earlier.into_iter().flat_map(|earlier| earlier.scopes);
                keys.covers.extend(opened.scopes.into_iter().chain(earlier).map(|scope| scope.cover));
            }
        }
        keys
    }

    fn add_vehicle(&mut self, vehicle: &VehicleKeys) {
        if let Ok(own) = StreamKeys::own(vehicle) {
            self.covers.extend(own.scopes.into_iter().map(|scope| scope.cover));
        }
        self.inboxes.extend(vehicle.inboxes().secrets());
    }

    fn contents<'a>(&'a self, wrap: &'a RecordWrap, sealed: &'a SealedRecord) -> impl Iterator<Item = ContentKey> + 'a {
        let header = &sealed.header;
        let by_day = self.covers.iter().filter_map(|cover| cover.day_keys(header.day));
        let by_day = by_day.filter_map(move |day| unwrap_day(wrap, &day, header).ok());
        by_day.chain(self.inboxes.iter().filter_map(move |inbox| unwrap_inbox(wrap, inbox, header).ok()))
    }
}

/// The keys of links that their maker still has the secrets of.
fn links_of(vehicle: &VehicleKeys) -> Vec<LinkKeys> {
    let shares = vehicle.shares.iter().chain(vehicle.sale.as_ref().map(|sale| &sale.handover));
    let links = shares.filter_map(|share| share.link.as_ref());
    let derived = links.filter_map(|link| {
        let secret = *link.secret.as_ref()?.secret().expose();
        derive_link(&LinkFragment { link: link.link, secret }, None).ok()
    });
    derived.collect()
}

/// The keys of links that were claimed.
fn readings(keyring: &Keyring) -> Vec<LinkKeys> {
    let keys = |saved: &crate::keyring::SavedPassport| LinkKeys {
        token: saved.token.secret().duplicate(),
        seal: SealingSecret::derive(saved.seal.secret()),
        binding: LinkBinding::from_secret(saved.link, saved.binding.secret()),
    };
    keyring.saved.iter().map(keys).collect()
}
