//! Carnet's cryptography: what is sealed, wrapped, signed and derived, and nothing else.
//!
//! Only standard parts (Ed25519, X25519, HPKE, HKDF-SHA256, ChaCha20-Poly1305, Argon2id, BIP-39), joined here and
//! nowhere else. The public functions are named after what they are for; primitives stay private. Keys of different
//! use are different types, secrets live in one box type ([`secret::Secret`]). This crate reads no clock and draws no
//! randomness: both are arguments. `docs/keys.md` draws the keys, `docs/formats/` has one page per byte format.

mod aead;
pub mod answer;
mod chunks;
pub mod device;
mod error;
pub mod export;
pub mod grant;
pub mod hash;
pub mod header;
pub mod holder;
mod hpke;
mod kdf;
pub mod keyring;
mod lanes;
pub mod link;
pub mod local;
pub mod meeting;
pub mod member;
pub mod normal;
pub mod note;
mod padding;
pub mod pairing;
pub mod passkey;
pub mod passphrase;
pub mod receipt;
pub mod record;
pub mod request;
pub mod root;
pub mod sale;
pub mod sealing;
pub mod secret;
pub mod signature;
pub mod tree;
pub mod words;
pub mod wrap;

#[cfg(test)]
#[path = "../tests/support/rng.rs"]
mod rng;
#[cfg(test)]
#[path = "../tests/support/vectors.rs"]
mod vectors;

pub use error::{KeyError, OpenError};
pub use kdf::{KdfError, argon2_default};
