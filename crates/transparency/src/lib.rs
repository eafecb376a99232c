//! The consortium's side of transparency: what proves, and what cosigns.
//!
//! Both follow the accepted transactions in the ledger's order, whichever host ordered them, and keep the same books: an
//! RFC 9162 log of all transactions, and a map from each stream to its head. The [`Prover`] stands beside the ledger,
//! signs checkpoints over both and proves from them. The [`Cosigner`] is a member's: it applies the rules of the ledger
//! to every transaction itself and works out the roots itself before it signs. It has nothing of the prover's but its
//! transactions, so no transaction that the rules refuse and no second history gets its signature.
//!
//! The books are one crash-safe file each (redb). Work per transaction and per proof grows with the logarithm of the
//! ledger. Formats: `docs/formats/checkpoint.md`, `docs/formats/stream-head.md`, `docs/formats/proof.md`.

mod books;
pub mod cosigner;
pub mod demo;
mod error;
pub mod prover;
mod view;

pub use cosigner::Cosigner;
pub use error::{BooksError, OpenError};
pub use prover::Prover;
pub use view::LedgerView;
