//! A member's node: its cosigner behind two routes, for the log of its consortium.
//!
//! It keeps one file of books and one key, and believes nothing that it has not worked out from the transactions. It
//! speaks plain HTTP: what it gets is signed by the log and what it says is signed by itself, so nothing is at stake on the
//! way but secrecy of hashes; between machines put a tunnel or a proxy with TLS in front.

pub mod config;
pub mod key;
mod routes;
mod serve;

pub use config::Config;
pub use serve::{Clock, RunningNode, StartError, start, verifier};
