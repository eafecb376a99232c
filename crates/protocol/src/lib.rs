//! What Carnet's parts say to each other: identifiers, envelopes, ledger transactions and the relay's interface.
//!
//! Every type here has one canonical encoding (see [`encoding`]); what is signed or hashed is that encoding behind
//! a label of its own from [`domain`]. This crate knows no cryptography beyond byte shapes, reads no clock and
//! draws no randomness, and builds for the browser and the server alike.

pub mod api;
mod bytes;
pub mod category;
pub mod day;
pub mod device;
pub mod domain;
pub mod encoding;
pub mod erasure;
pub mod grant;
pub mod holder;
pub mod id;
pub mod key;
pub mod keyring;
pub mod ledger;
pub mod limits;
pub mod link;
pub mod meeting;
pub mod member;
pub mod pairing;
pub mod payload;
pub mod proof;
pub mod quantity;
pub mod record;
pub mod sale;
pub mod seal_keys;
pub mod signed;
pub mod vin;

pub use bytes::{Blob, BytesError};
