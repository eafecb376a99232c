//! The real relay on a port of its own, spoken to over HTTP.
#![allow(clippy::unwrap_used, missing_docs)]

mod car;
mod client;
mod relay;

mod auth;
mod events;
mod files;
mod grants;
mod holders;
mod journey;
mod keyrings;
mod lifecycle;
mod limits;
mod links;
mod mailboxes;
mod openapi;
mod privacy;
mod proofs;
mod receipts;
mod records;
mod removals;
mod sources;
mod vins;
