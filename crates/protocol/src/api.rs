//! The relay's interface: paths, bodies, and the proof that goes with a signed request. Prose: `docs/formats/api.md`.
//!
//! Bodies are canonical CBOR (`application/cbor`); errors are RFC 9457 problem details in JSON.

pub mod auth;
pub mod body;
pub mod node;
pub mod path;
mod problem;
pub mod receipt;

pub use problem::{Problem, ProblemCode};

/// Media type of request and response bodies.
pub const CBOR: &str = "application/cbor";
