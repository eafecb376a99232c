//! What a reader checks, with nothing taken on the relay's word: that a stream's head and all its leaves are what the
//! consortium's ledger holds, by one checkpoint that a quorum of members has cosigned.
//!
//! Pure and small enough for the browser; the prover's side is `carnet-transparency`. The trees are those of RFC 9162
//! (by `ct-merkle`), notes, checkpoints, cosignatures and policies those of C2SP; the map of heads is our own. Formats:
//! `docs/formats/checkpoint.md`, `docs/formats/stream-head.md`, `docs/formats/proof.md`, `docs/formats/bundle.md`.
//!
//! ```text
//! note ── Policy::witness ── Witnessed ── Verifier::checkpoint ── map proof ── CommittedHead ── leaves ── Verified
//!         log and quorum     fresh         extends the last seen    the stream's              none missing
//! ```
//!
//! Whatever is wrong ends in a [`Finding`] of its own, with the evidence where two checkpoints clash.

pub mod bundle;
pub mod checkpoint;
mod cosignature;
pub mod demo;
pub mod finding;
pub mod head;
pub mod map;
pub mod note;
pub mod policy;
pub mod seal_keys;
pub mod tree;
pub mod verifier;
pub mod vkey;

pub use checkpoint::Checkpoint;
pub use finding::{Evidence, Finding};
pub use policy::{Freshness, Policy, Witnessed};
pub use verifier::{Leaves, Verified, Verifier};

pub use cosignature::{cosign, sign_checkpoint};
