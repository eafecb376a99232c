//! Opening grants.

use super::{GrantError, Wiped, associated, check_scope_count, sealed_hash};
use crate::{
    error::OpenError,
    hpke::{self, Shared},
    link::LinkKeys,
    padding,
    sealing::SealingSecret,
    secret::Secret,
    signature::{SigningKey, verify, verify_by},
    tree::DayCover,
};
use carnet_protocol::{
    Blob,
    category::{Category, CategoryNumber},
    day::DayRange,
    domain::Domain,
    encoding,
    grant::{Grant, GrantEnvelope, GrantScope, GrantTerms},
    id::{CategoryLabel, StreamId},
    key::VerifyingKey,
    link::LinkFragment,
    sale::SaleOffer,
};
use zeroize::Zeroizing;

/// A grant whose every part was checked.
pub struct OpenedGrant {
    /// The signed part.
    pub grant: Grant,
    /// Who gave it: the stream's owner, as the ledger must confirm.
    pub owner: VerifyingKey,
    /// The terms.
    pub terms: GrantTerms,
    /// What it opens.
    pub scopes: Vec<OpenedScope>,
    /// What it opens of earlier owners' passports, the latest first.
    pub earlier: Vec<OpenedEarlier>,
    /// Signs the acceptance on the ledger, of the grant or of the sale that it hands over; `None` behind any other share
    /// link.
    pub acceptance: Option<SigningKey>,
    /// The offer, where this is the handover of a sale.
    pub offer: Option<SaleOffer>,
    /// The code of a sale that is offered to this reader.
    pub sale_code: Option<LinkFragment>,
}

impl core::fmt::Debug for OpenedGrant {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("OpenedGrant").field("grant", &self.grant.grant).finish_non_exhaustive()
    }
}

/// The keys of an earlier owner's passport.
#[derive(Debug)]
pub struct OpenedEarlier {
    /// Its stream.
    pub stream: StreamId,
    /// What it opens.
    pub scopes: Vec<OpenedScope>,
}

/// One category and range of days with its keys.
#[derive(Debug)]
pub struct OpenedScope {
    /// The category.
    pub category: Category,
    /// Its label on the wire.
    pub label: CategoryLabel,
    /// Generation of the day tree.
    pub generation: u16,
    /// The days.
    pub days: DayRange,
    /// Their keys.
    pub cover: DayCover,
}

/// Checks what can be checked without the grantee's key: the owner's signature and the hash of the sealed part. The
/// caller judges `envelope.grant.key`.
///
/// # Errors
/// [`GrantError::Signature`], [`GrantError::OtherSealedPart`], [`GrantError::ScopeCount`].
pub fn verify_grant(envelope: &GrantEnvelope) -> Result<Grant, GrantError> {
    let grant = verify(&envelope.grant)?;
    check_scope_count(grant.scopes.len(), grant.earlier.iter().map(|earlier| earlier.scopes.len()))?;
    if grant.sealed_hash != sealed_hash(&envelope.sealed) {
        return Err(GrantError::OtherSealedPart);
    }
    Ok(grant)
}

/// Opens a grant to a key of one's own, given by the owner whom the ledger names for its stream.
///
/// # Errors
/// [`GrantError`], one variant per broken rule.
pub fn open_grant(
    envelope: &GrantEnvelope,
    grantee: &SealingSecret,
    expected_owner: &VerifyingKey,
) -> Result<OpenedGrant, GrantError> {
    verify_by(&envelope.grant, expected_owner)?;
    open(envelope, Domain::SEAL_GRANT, grantee, None)
}

/// Opens the grant behind a share link. The owner is whoever made the link: that it opens at all shows that its maker
/// knew the link's secret.
///
/// # Errors
/// [`GrantError`], one variant per broken rule; [`GrantError::Open`] for a grant put there by someone else.
pub fn open_link_grant(envelope: &GrantEnvelope, link: &LinkKeys) -> Result<OpenedGrant, GrantError> {
    open(envelope, Domain::SEAL_LINK_GRANT, &link.seal, Some(link.binding.shared()))
}

fn open(
    envelope: &GrantEnvelope,
    domain: Domain,
    grantee: &SealingSecret,
    shared: Option<Shared<'_>>,
) -> Result<OpenedGrant, GrantError> {
    let grant = verify_grant(envelope)?;
    if grant.grantee.seal != grantee.public() {
        return Err(GrantError::OtherGrantee);
    }
    let owner = envelope.grant.key;
    let aad = associated(&grant, &owner);
    let context = hpke::Context { info: domain.as_bytes(), aad: &aad, shared };
    let sealed = &envelope.sealed;
    let plaintext = Zeroizing::new(hpke::open(&sealed.enc, &sealed.sealed, grantee.private(), context)?);
    let secret = padding::unpad_steps(&plaintext).map(|range| encoding::decode(&plaintext[range]))?;
    let secret = Wiped(secret.map_err(|_| OpenError)?);
    let secret = &secret.0;
    if secret.earlier.len() != grant.earlier.len() {
        return Err(GrantError::OtherScopes);
    }
    let scopes = opened_scopes(&grant.scopes, &secret.keys)?;
    let earlier = grant.earlier.iter().zip(&secret.earlier).map(|(earlier, keys)| {
        let scopes = opened_scopes(&earlier.scopes, keys)?;
        Ok(OpenedEarlier { stream: earlier.stream, scopes })
    });
    let earlier = earlier.collect::<Result<_, GrantError>>()?;
    let seed = secret.acceptance.as_deref().map(Secret::from_slice).transpose().map_err(|_| OpenError)?;
    let acceptance = seed.map(|seed| SigningKey::from_seed(&seed));
    let sale_code = secret.sale_code.as_deref().map(|code| LinkFragment::from_bytes(code).ok_or(OpenError));
    let sale_code = sale_code.transpose()?;
    let (terms, offer) = (secret.terms.clone(), secret.offer.clone());
    Ok(OpenedGrant { grant, owner, terms, scopes, earlier, acceptance, offer, sale_code })
}

fn opened_scopes(scopes: &[GrantScope], keys: &[(CategoryNumber, Blob)]) -> Result<Vec<OpenedScope>, GrantError> {
    if keys.len() != scopes.len() {
        return Err(GrantError::OtherScopes);
    }
    let scopes = scopes.iter().zip(keys).map(|(scope, (CategoryNumber(category), keys))| {
        let cover = DayCover::from_joined_keys(scope.days, keys)?;
        let GrantScope { label, days, generation } = *scope;
        Ok(OpenedScope { category: *category, label, generation, days, cover })
    });
    scopes.collect()
}
