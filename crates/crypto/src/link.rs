//! Share links. Format: `docs/formats/link.md`.
//!
//! From the secret behind `#` (and the PIN) come three keys: the bearer token for the relay, the key pair to which the
//! grant is sealed, and the binding, by which a reader knows that the grant was sealed by who made the link.

use crate::{
    hash::digest,
    hpke::Shared,
    kdf::{KdfError, expand, extract, stretch},
    sealing::SealingSecret,
    secret::Secret,
};
use carnet_protocol::{
    domain::Domain,
    id::{Hash32, LinkId},
    link::{Argon2Params, LinkFragment},
};
use rand_core::CryptoRng;
use zeroize::Zeroizing;

/// The keys of a share link.
#[derive(Debug)]
pub struct LinkKeys {
    /// Shown to the relay to open the link.
    pub token: Secret<32>,
    /// The grant is sealed to its public half.
    pub seal: SealingSecret,
    /// Shared by maker and reader of the link.
    pub binding: LinkBinding,
}

/// The secret that maker and reader of a link share and the relay does not know; an HPKE pre-shared key named by the
/// link.
#[derive(Debug)]
pub struct LinkBinding {
    link: LinkId,
    key: Secret<32>,
}

impl LinkBinding {
    /// A binding that the maker kept, to seal a further grant behind the link.
    pub fn from_secret(link: LinkId, key: &Secret<32>) -> Self {
        Self { link, key: key.duplicate() }
    }

    /// The bytes, for the keyring.
    pub fn secret(&self) -> &Secret<32> {
        &self.key
    }

    pub(crate) fn shared(&self) -> Shared<'_> {
        Shared { key: self.key.expose(), name: self.link.as_bytes() }
    }
}

/// A fresh link.
pub fn generate_fragment(rng: &mut impl CryptoRng) -> LinkFragment {
    let mut fragment = LinkFragment { link: LinkId([0; 16]), secret: [0; 32] };
    rng.fill_bytes(&mut fragment.link.0);
    rng.fill_bytes(&mut fragment.secret);
    fragment
}

/// Derives a link's keys from its fragment and its PIN, where it has one.
///
/// # Errors
/// [`KdfError`] when the PIN's cost lies outside the bounds or the machine has not the memory.
pub fn derive_link(fragment: &LinkFragment, pin: Option<(&str, Argon2Params)>) -> Result<LinkKeys, KdfError> {
    let mut material = Zeroizing::new(Vec::with_capacity(64));
    material.extend_from_slice(&fragment.secret);
    if let Some((pin, cost)) = pin {
        material.extend_from_slice(stretch(pin, fragment.link.as_bytes(), cost)?.expose());
    }
    let master = extract(fragment.link.as_bytes(), &material);
    Ok(LinkKeys {
        token: expand(&master, Domain::DERIVE_LINK_TOKEN, &[]),
        seal: SealingSecret::derive(&expand(&master, Domain::DERIVE_LINK_KEY, &[])),
        binding: LinkBinding { link: fragment.link, key: expand(&master, Domain::DERIVE_LINK_BINDING, &[]) },
    })
}

/// What the relay keeps of a bearer token.
pub fn token_hash(token: &[u8]) -> Hash32 {
    digest(Domain::HASH_LINK_TOKEN, token)
}
