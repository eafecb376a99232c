//! HPKE (RFC 9180) with DHKEM(X25519, HKDF-SHA256), HKDF-SHA256 and ChaCha20-Poly1305; one message per context.

use crate::{
    error::{KeyError, OpenError},
    secret::Secret,
};
use carnet_protocol::{
    Blob,
    key::{EncappedKey, SealingKey},
};
use hpke::{
    Deserializable as _, OpModeR, OpModeS, PskBundle, Serializable as _, aead::ChaCha20Poly1305, kdf::HkdfSha256,
    kem::X25519HkdfSha256, single_shot_open, single_shot_seal_with_rng,
};
use rand_core::CryptoRng;

type Kem = X25519HkdfSha256;
type PublicKey = <Kem as hpke::Kem>::PublicKey;
/// The library's private key, wiped on drop.
pub(crate) type PrivateKey = <Kem as hpke::Kem>::PrivateKey;

/// What a sealed message and its opener must agree on besides the key.
#[derive(Clone, Copy)]
pub(crate) struct Context<'a> {
    /// What the message is for.
    pub(crate) info: &'a [u8],
    /// What it belongs to.
    pub(crate) aad: &'a [u8],
    /// A secret both know, which proves to the opener that the sealer knew it (mode psk; otherwise mode base).
    pub(crate) shared: Option<Shared<'a>>,
}

/// A pre-shared key and its name.
#[derive(Clone, Copy)]
pub(crate) struct Shared<'a> {
    pub(crate) key: &'a [u8],
    pub(crate) name: &'a [u8],
}

impl<'a> Shared<'a> {
    fn bundle(self) -> PskBundle<'a> {
        PskBundle::new(self.key, self.name).expect("neither key nor name is empty")
    }
}

/// `DeriveKeyPair` (RFC 9180 section 7.1.3).
pub(crate) fn derive_key_pair(material: &Secret<32>) -> PrivateKey {
    <Kem as hpke::Kem>::derive_keypair(material.expose()).0
}

pub(crate) fn public_key(secret: &PrivateKey) -> SealingKey {
    SealingKey(<Kem as hpke::Kem>::sk_to_pk(secret).to_bytes().into())
}

pub(crate) fn seal(
    plaintext: &[u8],
    to: &SealingKey,
    context: Context<'_>,
    rng: &mut impl CryptoRng,
) -> Result<(EncappedKey, Blob), KeyError> {
    let key = parse_point(to.as_bytes()).ok_or(KeyError::WeakPoint)?;
    let mode = context.shared.map_or(OpModeS::Base, |shared| OpModeS::Psk(shared.bundle()));
    // Fails where the shared point would be zero, that is, for every key of small order.
    let (enc, sealed) = single_shot_seal_with_rng::<ChaCha20Poly1305, HkdfSha256, Kem>(
        &mode,
        &key,
        context.info,
        plaintext,
        context.aad,
        rng,
    )
    .map_err(|_| KeyError::WeakPoint)?;
    Ok((EncappedKey(enc.to_bytes().into()), Blob(sealed)))
}

pub(crate) fn open(
    enc: &EncappedKey,
    sealed: &[u8],
    by: &PrivateKey,
    context: Context<'_>,
) -> Result<Vec<u8>, OpenError> {
    parse_point(enc.as_bytes()).ok_or(OpenError)?;
    let enc = <Kem as hpke::Kem>::EncappedKey::from_bytes(enc.as_bytes()).map_err(|_| OpenError)?;
    let mode = context.shared.map_or(OpModeR::Base, |shared| OpModeR::Psk(shared.bundle()));
    single_shot_open::<ChaCha20Poly1305, HkdfSha256, Kem>(&mode, by, &enc, context.info, sealed, context.aad)
        .map_err(|_| OpenError)
}

/// Refuses u-coordinates of 2^255 - 19 and above, which RFC 7748 would silently reduce: one key, one encoding.
fn parse_point(bytes: &[u8; 32]) -> Option<PublicKey> {
    let high = bytes[31] == 0x7f && bytes[1..31].iter().all(|byte| *byte == 0xff) && bytes[0] >= 0xed;
    if bytes[31] & 0x80 != 0 || high {
        return None;
    }
    PublicKey::from_bytes(bytes).ok()
}

/// Whether a key is canonical and of large order. A clamped scalar is a multiple of the cofactor, so its product with a
/// point is zero exactly for the points of small order.
pub(crate) fn check_point(key: &SealingKey) -> Result<(), KeyError> {
    parse_point(key.as_bytes()).ok_or(KeyError::WeakPoint)?;
    if x25519_dalek::x25519([0; 32], *key.as_bytes()) == [0; 32] { Err(KeyError::WeakPoint) } else { Ok(()) }
}

#[cfg(test)]
mod tests;
