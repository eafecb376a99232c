//! The client core: everything that Carnet does for an owner, a buyer or a member's staff, without a screen.
//!
//! It keeps its data in a [`store::Store`] (sealed), speaks to the relay through a [`transport::Transport`], and takes
//! time and randomness as arguments, so the same code runs in the browser's worker, in native tests and against a
//! hostile relay. A front end drives it with [`command::Command`] and shows [`view`] types; no key ever leaves it.

mod answer;
mod attachment;
#[cfg(feature = "suite")]
pub mod audit;
mod backing;
#[cfg(feature = "bench")]
mod bench;
mod closed;
pub mod command;
mod compare;
mod device;
mod directory;
mod erase;
pub mod error;
mod events;
mod export;
mod grant;
mod history;
mod household;
mod import;
mod inbox;
mod journal;
mod keyring;
mod link;
pub mod marks;
mod meeting;
mod member;
mod open;
mod outbox;
mod pairing;
mod passport;
mod proof;
mod reader;
mod receipt;
mod record;
mod relay;
mod ring;
mod row;
mod said;
mod sale;
mod seal_keys;
mod session;
mod share;
mod shown;
mod signatures;
mod source;
mod standing;
pub mod store;
mod sync;
mod synthesis;
pub mod transport;
mod unlocking;
mod vehicle;
pub mod view;
mod vin;
mod votes;
mod wallet;

pub use carnet_crypto::normal;
pub use closed::closed_status;
pub use wallet::Wallet;
