//! ristretto255-SHA512 (RFC 9497, section 4.1) on the curve and the hash that the rest of Carnet uses: the function's crate
//! brings an older curve of its own otherwise, which is 60 KB more of code in every browser.
//!
//! Only names are joined here. The curve's arithmetic is curve25519-dalek's, the hash sha2's, the expansion of messages
//! elliptic-curve's; the RFC's vectors hold all of it (`ask.rs`).

use curve25519_dalek::{
    constants::RISTRETTO_BASEPOINT_POINT,
    ristretto::{CompressedRistretto, RistrettoPoint},
    scalar::Scalar,
    traits::Identity as _,
};
use digest_010::{
    FixedOutput, HashMarker, Output, OutputSizeUser, Update,
    consts::{U32, U64, U128, U256},
    core_api::BlockSizeUser,
    generic_array::{
        GenericArray,
        typenum::{IsLess, IsLessOrEqual},
    },
};
use elliptic_curve::hash2curve::{ExpandMsg as _, ExpandMsgXmd, Expander as _};
use rand_core_06::{CryptoRng, RngCore};
use sha2::Digest as _;
use subtle::{Choice, ConstantTimeEq};
use voprf::{CipherSuite, Error, Group, InternalError};
use zeroize::Zeroize;

/// The suite.
pub(crate) struct Ristretto255;

impl CipherSuite for Ristretto255 {
    const ID: &'static str = "ristretto255-SHA512";
    type Group = Self;
    type Hash = Sha512;
}

/// SHA-512 under the older names of what a hash is.
#[derive(Clone, Default)]
pub(crate) struct Sha512(sha2::Sha512);

impl HashMarker for Sha512 {}

impl Update for Sha512 {
    fn update(&mut self, data: &[u8]) {
        self.0.update(data);
    }
}

impl OutputSizeUser for Sha512 {
    type OutputSize = U64;
}

impl BlockSizeUser for Sha512 {
    type BlockSize = U128;
}

impl FixedOutput for Sha512 {
    fn finalize_into(self, out: &mut Output<Self>) {
        out.copy_from_slice(&self.0.finalize());
    }
}

/// `expand_message` of 64 bytes (RFC 9380, section 5.3.1).
fn uniform<H>(input: &[&[u8]], dst: &[&[u8]]) -> Result<[u8; 64], InternalError>
where
    H: BlockSizeUser + Default + FixedOutput + HashMarker,
    H::OutputSize: IsLess<U256> + IsLessOrEqual<H::BlockSize>,
{
    let mut bytes = [0; 64];
    ExpandMsgXmd::<H>::expand_message(input, dst, bytes.len())
        .map_err(|_| InternalError::Input)?
        .fill_bytes(&mut bytes);
    Ok(bytes)
}

impl Group for Ristretto255 {
    type Elem = RistrettoPoint;
    type ElemLen = U32;
    type Scalar = Scalar;
    type ScalarLen = U32;

    fn hash_to_curve<H>(input: &[&[u8]], dst: &[&[u8]]) -> Result<RistrettoPoint, InternalError>
    where
        H: BlockSizeUser + Default + FixedOutput + HashMarker,
        H::OutputSize: IsLess<U256> + IsLessOrEqual<H::BlockSize>,
    {
        Ok(RistrettoPoint::from_uniform_bytes(&uniform::<H>(input, dst)?))
    }

    fn hash_to_scalar<H>(input: &[&[u8]], dst: &[&[u8]]) -> Result<Scalar, InternalError>
    where
        H: BlockSizeUser + Default + FixedOutput + HashMarker,
        H::OutputSize: IsLess<U256> + IsLessOrEqual<H::BlockSize>,
    {
        Ok(Scalar::from_bytes_mod_order_wide(&uniform::<H>(input, dst)?))
    }

    fn base_elem() -> RistrettoPoint {
        RISTRETTO_BASEPOINT_POINT
    }

    fn identity_elem() -> RistrettoPoint {
        RistrettoPoint::identity()
    }

    fn serialize_elem(elem: RistrettoPoint) -> GenericArray<u8, U32> {
        elem.compress().to_bytes().into()
    }

    fn deserialize_elem(bits: &[u8]) -> voprf::Result<RistrettoPoint> {
        let compressed = CompressedRistretto::from_slice(bits).map_err(|_| Error::Deserialization)?;
        let point = compressed.decompress().filter(|point| *point != RistrettoPoint::identity());
        point.ok_or(Error::Deserialization)
    }

    /// Reduced from twice as many bytes as it has, so that none is likelier than another.
    fn random_scalar<R: RngCore + CryptoRng>(rng: &mut R) -> Scalar {
        loop {
            let mut bytes = [0; 64];
            rng.fill_bytes(&mut bytes);
            let scalar = Scalar::from_bytes_mod_order_wide(&bytes);
            bytes.zeroize();
            if scalar != Scalar::ZERO {
                return scalar;
            }
        }
    }

    fn invert_scalar(scalar: Scalar) -> Scalar {
        scalar.invert()
    }

    fn is_zero_scalar(scalar: Scalar) -> Choice {
        scalar.ct_eq(&Scalar::ZERO)
    }

    fn serialize_scalar(scalar: Scalar) -> GenericArray<u8, U32> {
        scalar.to_bytes().into()
    }

    fn deserialize_scalar(bits: &[u8]) -> voprf::Result<Scalar> {
        let bytes = bits.try_into().map_err(|_| Error::Deserialization)?;
        let scalar = Option::<Scalar>::from(Scalar::from_canonical_bytes(bytes));
        scalar.filter(|scalar| *scalar != Scalar::ZERO).ok_or(Error::Deserialization)
    }
}
