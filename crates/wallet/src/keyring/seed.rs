//! 32 secret bytes inside the keyring.

use carnet_crypto::secret::Secret;
use rand_core::CryptoRng;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use zeroize::Zeroize as _;

/// 32 secret bytes; the keyring's encoding, which is only ever sealed, is the one place where they are serialised.
#[derive(PartialEq, Eq)]
pub(crate) struct Seed(Secret<32>);

impl Seed {
    /// Fresh random bytes.
    pub fn generate(rng: &mut impl CryptoRng) -> Self {
        Self(Secret::generate(rng))
    }

    /// The bytes.
    pub fn secret(&self) -> &Secret<32> {
        &self.0
    }
}

impl From<Secret<32>> for Seed {
    fn from(secret: Secret<32>) -> Self {
        Self(secret)
    }
}

impl Serialize for Seed {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(self.0.expose())
    }
}

impl<'de> Deserialize<'de> for Seed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut bytes = serde_bytes::ByteBuf::deserialize(deserializer)?;
        let seed = Secret::from_slice(&bytes).map(Self);
        bytes.zeroize();
        seed.map_err(D::Error::custom)
    }
}
