//! What the routes do, one file per noun.

pub mod cars;
mod chain;
pub mod demo;
pub mod events;
pub mod grants;
pub mod holders;
pub mod inbox;
pub mod info;
pub mod keyrings;
pub mod ledger;
pub mod links;
pub mod mailboxes;
pub mod openapi;
pub mod proofs;
pub mod records;
pub mod removals;
pub mod shared_records;
pub mod sources;
pub mod views;
