//! Making the envelope of a share: which keys go in, what its terms say.

use crate::{
    command::ShareScope,
    error::WalletError,
    journal::Opened,
    keyring::{Share, VehicleKeys},
};
use carnet_crypto::{
    grant::{GrantDraft, ScopeKeys, seal_grant, seal_link_grant},
    link::LinkBinding,
};
use carnet_protocol::{
    category::Category,
    day::Timestamp,
    grant::{GrantEnvelope, GrantTerms},
    limits::GRANT_SCOPES_MAX,
};
use rand_core::CryptoRng;
use std::collections::BTreeSet;

/// Seals a share's keys to its grantee.
///
/// # Errors
/// [`WalletError::BadInput`] when it would open nothing or too much.
pub(crate) fn seal_share(
    vehicle: &VehicleKeys,
    share: &Share,
    opened: &Opened,
    checkpoint: Option<String>,
    now: Timestamp,
    rng: &mut impl CryptoRng,
) -> Result<GrantEnvelope, WalletError> {
    let draft = GrantDraft {
        grant: share.grant,
        stream: vehicle.stream,
        grantee: share.grantee,
        scopes: scope_keys(vehicle, &share.scopes, opened)?,
        terms: GrantTerms {
            vehicle_name: vehicle.name.clone(),
            audience: share.audience.clone(),
            purpose: share.purpose,
            message: share.message.clone(),
            not_shared: not_shared(&share.scopes, opened),
            sample: vehicle.sample,
        },
        issued_at: now,
        not_after: share.not_after,
        checkpoint,
    };
    let sign = vehicle.signing_key();
    let sealed = match &share.link {
        None => seal_grant(draft, &sign, rng),
        Some(link) => {
            let binding = LinkBinding::from_secret(link.link, link.binding.secret());
            seal_link_grant(draft, &binding, &sign, rng)
        }
    };
    sealed.map_err(|_| WalletError::BadInput)
}

/// The cover keys of every scope, for the newest generation and those that records in its days are wrapped under.
fn scope_keys(vehicle: &VehicleKeys, scopes: &[ShareScope], opened: &Opened) -> Result<Vec<ScopeKeys>, WalletError> {
    let mut keys = Vec::new();
    for ShareScope { category, days } in scopes {
        let category_keys = vehicle.category(*category)?;
        let label = category_keys.label;
        let mut generations: BTreeSet<u16> = opened
            .entries
            .values()
            .filter(|entry| entry.header.label == label && days.contains(entry.header.day))
            .map(|entry| entry.generation)
            .collect();
        generations.insert(category_keys.generation());
        for generation in generations {
            let tree = category_keys.tree(generation).ok_or(WalletError::Damaged)?;
            let cover = tree.cover(*days).keys();
            keys.push(ScopeKeys { category: *category, label, generation, days: *days, cover });
        }
    }
    if (1..=GRANT_SCOPES_MAX).contains(&keys.len()) { Ok(keys) } else { Err(WalletError::BadInput) }
}

/// Categories with records of which the share opens nothing.
fn not_shared(scopes: &[ShareScope], opened: &Opened) -> Vec<Category> {
    let there: BTreeSet<Category> = opened.records.iter().map(|record| record.category()).collect();
    there.into_iter().filter(|category| scopes.iter().all(|scope| scope.category != *category)).collect()
}
