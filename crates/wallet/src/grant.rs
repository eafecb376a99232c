//! Making the envelope of a share: which keys go in, what its terms say.

use crate::{
    command::ShareScope,
    error::WalletError,
    history::History,
    keyring::{SaleStage, Share, VehicleKeys},
    open::StreamKeys,
};
use carnet_crypto::{
    grant::{EarlierKeys, GrantDraft, ScopeKeys, seal_grant, seal_link_grant},
    link::LinkBinding,
};
use carnet_passport::sample::is_sample;
use carnet_protocol::{
    Blob,
    category::Category,
    day::{Day, DayRange, Timestamp},
    grant::{GrantEnvelope, GrantTerms},
    id::CategoryLabel,
    limits::{GRANT_GENERATIONS_MAX, GRANT_SCOPES_MAX},
    link::LinkFragment,
    sale::SaleOffer,
};
use rand_core::CryptoRng;
use std::collections::{BTreeMap, BTreeSet};

/// What records there are, as far as grants go by it. Made once for any number of shares, so that what another share costs
/// does not grow with the records.
pub(crate) struct Held {
    /// Days of the records of each category and generation, in order.
    days: BTreeMap<(CategoryLabel, u16), Vec<Day>>,
    categories: BTreeSet<Category>,
    /// Keys of earlier owners' passports, the latest first.
    earlier: Vec<StreamKeys>,
    /// Whether any of it was generated.
    sample: bool,
}

impl Held {
    pub fn of(history: &History<'_>, earlier: Vec<StreamKeys>) -> Self {
        let mut days: BTreeMap<_, Vec<Day>> = BTreeMap::new();
        for entry in history.newest().entries.values() {
            days.entry((entry.header.label, entry.generation)).or_default().push(entry.header.day);
        }
        days.values_mut().for_each(|days| days.sort_unstable());
        let categories = history.records().iter().map(|record| record.category()).collect();
        Self { days, categories, earlier, sample: is_sample(history.records()) }
    }

    /// Generations of a category under which records of these days are wrapped.
    fn generations(&self, label: CategoryLabel, days: DayRange) -> BTreeSet<u16> {
        let of_label = self.days.range((label, 0)..=(label, u16::MAX));
        let first_of = |held: &[Day]| held.get(held.partition_point(|day| *day < days.first())).copied();
        let held = of_label.filter(|(_, held)| first_of(held).is_some_and(|day| day <= days.last()));
        held.map(|((_, generation), _)| *generation).collect()
    }
}

/// Seals a share's keys to its grantee.
///
/// # Errors
/// [`WalletError::BadInput`] when it would open nothing or too much.
pub(crate) fn seal_share(
    vehicle: &VehicleKeys,
    share: &Share,
    held: &Held,
    checkpoint: Option<String>,
    now: Timestamp,
    rng: &mut impl CryptoRng,
) -> Result<GrantEnvelope, WalletError> {
    let scopes = scope_keys(vehicle, &share.scopes, held)?;
    let sale = vehicle.sale.as_ref();
    let draft = GrantDraft {
        grant: share.grant,
        stream: vehicle.stream,
        grantee: share.grantee,
        earlier: handed_on(&held.earlier, &share.scopes, GRANT_SCOPES_MAX.saturating_sub(scopes.len())),
        scopes,
        offer: sale.filter(|sale| sale.handover.grant == share.grant).map(|sale| SaleOffer {
            terms: sale.terms.clone(),
            price: sale.price.clone(),
            until: sale.until,
        }),
        sale_code: sale
            .filter(|sale| sale.stage == SaleStage::Offered && sale.reader == Some(share.grant))
            .and_then(|sale| code(&sale.handover)),
        terms: GrantTerms {
            vehicle_name: vehicle.name.clone(),
            audience: share.audience.clone(),
            purpose: share.purpose,
            message: share.message.clone(),
            not_shared: not_shared(&share.scopes, held),
            sample: vehicle.sample || held.sample,
            shared_at: share.issued_at,
            renewed: share.renewed,
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

/// The code of a sale, as it goes to a reader whom the seller chose.
fn code(handover: &Share) -> Option<Blob> {
    let link = handover.link.as_ref()?;
    let fragment = LinkFragment { link: link.link, secret: *link.secret.as_ref()?.secret().expose() };
    Some(Blob(fragment.to_bytes().to_vec()))
}

/// What a share hands on of earlier owners' passports: the latest first, as many as there is room for. Of those left out
/// a reader is told that they are there.
fn handed_on(earlier: &[StreamKeys], scopes: &[ShareScope], mut room: usize) -> Vec<EarlierKeys> {
    let mut handed = Vec::new();
    for keys in earlier {
        let one = EarlierKeys { stream: keys.stream, scopes: keys.narrowed(scopes) };
        // A gap would break the chain by which a reader finds the next one.
        if one.scopes.len() > room {
            break;
        }
        room -= one.scopes.len();
        handed.push(one);
    }
    handed
}

/// The cover keys of every scope, for the newest generation and those that records in its days are wrapped under: the
/// newest of them, where they are more than a grant holds.
fn scope_keys(vehicle: &VehicleKeys, scopes: &[ShareScope], held: &Held) -> Result<Vec<ScopeKeys>, WalletError> {
    let mut keys = Vec::new();
    for ShareScope { category, days } in scopes {
        let category_keys = vehicle.category(*category)?;
        let label = category_keys.label;
        let mut generations = held.generations(label, *days);
        generations.insert(category_keys.generation());
        for generation in generations.into_iter().rev().take(GRANT_GENERATIONS_MAX) {
            let kept = category_keys.generations().get(usize::from(generation)).ok_or(WalletError::Damaged)?;
            let in_use = |days: DayRange| held.generations(label, days).contains(&generation);
            // Where days were erased, those between them; of old generations only where something lies in them.
            for cover in kept.covers(*days)?.into_iter().filter(|cover| kept.is_whole() || in_use(cover.range())) {
                let (days, cover) = (cover.range(), cover.keys());
                keys.push(ScopeKeys { category: *category, label, generation, days, cover });
            }
        }
    }
    if (1..=GRANT_SCOPES_MAX).contains(&keys.len()) { Ok(keys) } else { Err(WalletError::BadInput) }
}

/// Categories with records of which the share opens nothing.
fn not_shared(scopes: &[ShareScope], held: &Held) -> Vec<Category> {
    let is_closed = |category: &&Category| scopes.iter().all(|scope| scope.category != **category);
    held.categories.iter().filter(is_closed).copied().collect()
}
