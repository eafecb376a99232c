//! A signed object: canonical bytes, the signer's key, the signature.
//!
//! The signature is over the object's label followed by exactly the bytes carried here. Making and verifying it is
//! `carnet-crypto`'s; a value is only handed out by its verification.

use crate::{
    Blob,
    domain::Domain,
    key::{Signature, VerifyingKey},
};
use core::marker::PhantomData;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// A type that is signed, always under one and the same label.
pub trait Signable: Serialize + DeserializeOwned {
    /// The label in front of the signed bytes.
    const DOMAIN: Domain;
}

/// A signed `T`, not yet verified. `carnet_crypto::signature` turns it into a `T`.
#[derive(Serialize, Deserialize)]
#[serde(bound = "")]
pub struct Signed<T> {
    /// Canonical encoding of the `T`.
    pub body: Blob,
    /// Who signed.
    pub key: VerifyingKey,
    /// Ed25519 over `T::DOMAIN` and `body`.
    pub signature: Signature,
    #[serde(skip)]
    marker: PhantomData<fn() -> T>,
}

impl<T> Signed<T> {
    /// Puts together the parts of a signed object; nothing is checked here.
    pub fn from_parts(body: Vec<u8>, key: VerifyingKey, signature: Signature) -> Self {
        Self { body: Blob(body), key, signature, marker: PhantomData }
    }
}

impl<T> Clone for Signed<T> {
    fn clone(&self) -> Self {
        Self { body: self.body.clone(), key: self.key, signature: self.signature, marker: PhantomData }
    }
}

impl<T> PartialEq for Signed<T> {
    fn eq(&self, other: &Self) -> bool {
        self.body == other.body && self.key == other.key && self.signature == other.signature
    }
}

impl<T> Eq for Signed<T> {}

impl<T> core::fmt::Debug for Signed<T> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Signed").field("body", &self.body).field("key", &self.key).finish_non_exhaustive()
    }
}
