//! The client core: everything that Carnet does for an owner, a buyer or a member's staff, without a screen.
//!
//! It keeps its data in a [`store::Store`] (sealed), speaks to the relay through a [`transport::Transport`], and takes
//! time and randomness as arguments, so the same code runs in the browser's worker, in native tests and against a
//! hostile relay. A front end drives it with [`command::Command`] and shows [`view`] types; no key ever leaves it.

pub mod command;
pub mod error;
pub mod store;
pub mod transport;
pub mod view;
