//! What must hold for any input: round trips, one flipped bit, exchanged parts, pooled keys.

#![allow(clippy::unwrap_used, missing_docs)]
#![cfg(not(target_family = "wasm"))]

#[path = "support/rng.rs"]
mod rng;
#[path = "support/sample.rs"]
mod sample;

#[path = "properties/device.rs"]
mod device;
#[path = "properties/export.rs"]
mod export;
#[path = "properties/grant.rs"]
mod grant;
#[path = "properties/keyring.rs"]
mod keyring;
#[path = "properties/link.rs"]
mod link;
#[path = "properties/meeting.rs"]
mod meeting;
#[path = "properties/receipt.rs"]
mod receipt;
#[path = "properties/record.rs"]
mod record;
#[path = "properties/request.rs"]
mod request;
#[path = "properties/root.rs"]
mod root;
#[path = "properties/tree.rs"]
mod tree;
#[path = "properties/wrap.rs"]
mod wrap;
