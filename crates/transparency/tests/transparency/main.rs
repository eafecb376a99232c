//! Provers and cosigners over real ledgers: what they say to readers, to each other, and after a crash.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod cosigning;
mod proving;
#[path = "../../../proofs/tests/support/consortium.rs"]
#[allow(dead_code)]
mod reference;
mod world;
