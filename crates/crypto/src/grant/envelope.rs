//! Making grants.

use super::{EarlierKeys, GrantError, ScopeKeys, Wiped, acceptance, associated, check_scope_count, sealed_hash};
use crate::{
    hash::digest,
    hpke::{self, Shared},
    link::LinkBinding,
    padding,
    signature::SigningKey,
    tree::DayCover,
};
use carnet_protocol::{
    Blob,
    category::CategoryNumber,
    day::Timestamp,
    domain::Domain,
    encoding,
    grant::{EarlierScopes, Grant, GrantEnvelope, GrantScope, GrantSecret, GrantTerms, Grantee, SealedGrant},
    id::{GrantId, Hash32, StreamId},
    record::Suite,
    sale::SaleOffer,
};
use rand_core::CryptoRng;
use zeroize::Zeroizing;

/// What an owner grants.
pub struct GrantDraft {
    /// Fresh and random.
    pub grant: GrantId,
    /// The stream it opens.
    pub stream: StreamId,
    /// To whom; behind a link, the key of [`crate::link::LinkKeys`].
    pub grantee: Grantee,
    /// What, with the keys of [`crate::tree::TreeRoot::cover`].
    pub scopes: Vec<ScopeKeys>,
    /// The same of earlier owners' passports, the latest first.
    pub earlier: Vec<EarlierKeys>,
    /// The offer, for the handover of a sale.
    pub offer: Option<SaleOffer>,
    /// The code of a sale, for a reader to whom the car is offered.
    pub sale_code: Option<Blob>,
    /// What, for whom and why, in words.
    pub terms: GrantTerms,
    /// Now.
    pub issued_at: Timestamp,
    /// When the relay stops serving it.
    pub not_after: Timestamp,
    /// The last checkpoint that the owner has seen, a signed note.
    pub checkpoint: Option<String>,
}

/// Makes a grant to a key that the owner knows to be the grantee's.
///
/// # Errors
/// [`GrantError::GranteeKey`], [`GrantError::Cover`], [`GrantError::ScopeCount`].
pub fn seal_grant(
    draft: GrantDraft,
    owner: &SigningKey,
    rng: &mut impl CryptoRng,
) -> Result<GrantEnvelope, GrantError> {
    seal(draft, Domain::SEAL_GRANT, None, owner, rng)
}

/// Makes the grant behind a share link. Only who knows the link can make it, so that whoever opens it knows that it is
/// the sharer's and not the relay's.
///
/// # Errors
/// As [`seal_grant`].
pub fn seal_link_grant(
    draft: GrantDraft,
    binding: &LinkBinding,
    owner: &SigningKey,
    rng: &mut impl CryptoRng,
) -> Result<GrantEnvelope, GrantError> {
    seal(draft, Domain::SEAL_LINK_GRANT, Some(binding.shared()), owner, rng)
}

fn seal(
    draft: GrantDraft,
    domain: Domain,
    shared: Option<Shared<'_>>,
    owner: &SigningKey,
    rng: &mut impl CryptoRng,
) -> Result<GrantEnvelope, GrantError> {
    let GrantDraft {
        grant,
        stream,
        grantee,
        scopes,
        earlier,
        offer,
        sale_code,
        terms,
        issued_at,
        not_after,
        checkpoint,
    } = draft;
    // A reader behind a link accepts nothing, but for the car itself.
    let accepts = shared.is_none() || offer.is_some();
    let acceptance = accepts.then(|| Blob(acceptance::seed(owner, &stream, &grant).expose().to_vec()));
    check_scope_count(scopes.len(), earlier.iter().map(|earlier| earlier.scopes.len()))?;
    for scope in scopes.iter().chain(earlier.iter().flat_map(|earlier| &earlier.scopes)) {
        DayCover::from_keys(scope.days, &scope.cover)?;
    }
    let keys = sealed_keys(&scopes);
    let earlier_keys = earlier.iter().map(|earlier| sealed_keys(&earlier.scopes)).collect();
    let secret = Wiped(GrantSecret { terms, keys, earlier: earlier_keys, acceptance, offer, sale_code });
    let mut grant = Grant {
        suite: Suite::Classic,
        grant,
        stream,
        grantee,
        scopes: readable(&scopes),
        earlier: earlier
            .iter()
            .map(|one| EarlierScopes { stream: one.stream, scopes: readable(&one.scopes) })
            .collect(),
        issued_at,
        not_after,
        // Known once the rest is sealed, and not part of what is bound into it.
        sealed_hash: Hash32([0; 32]),
        checkpoint,
    };
    let aad = associated(&grant, &owner.verifying_key());
    let plaintext = Zeroizing::new(padding::pad_in_steps(&Zeroizing::new(encoding::encode(&secret.0))));
    let context = hpke::Context { info: domain.as_bytes(), aad: &aad, shared };
    let (enc, sealed) = hpke::seal(&plaintext, &grantee.seal, context, rng)?;
    let sealed = SealedGrant { enc, sealed };
    grant.sealed_hash = sealed_hash(&sealed);
    Ok(GrantEnvelope { grant: owner.sign(&grant), sealed })
}

fn readable(scopes: &[ScopeKeys]) -> Vec<GrantScope> {
    scopes.iter().map(|s| GrantScope { label: s.label, days: s.days, generation: s.generation }).collect()
}

fn sealed_keys(scopes: &[ScopeKeys]) -> Vec<(CategoryNumber, Blob)> {
    scopes.iter().map(|scope| (CategoryNumber(scope.category), joined(&scope.cover))).collect()
}

/// Keys one after the other. The room is taken at once, so that no part of them stays behind where it grew.
fn joined(keys: &[Blob]) -> Blob {
    let mut bytes = Vec::with_capacity(keys.iter().map(|key| key.len()).sum());
    keys.iter().for_each(|key| bytes.extend_from_slice(key));
    Blob(bytes)
}

/// What the ledger holds of a grant: SHA-256 behind `HASH_GRANT` over the canonical envelope.
pub fn grant_hash(envelope: &GrantEnvelope) -> Hash32 {
    digest(Domain::HASH_GRANT, &encoding::encode(envelope))
}
