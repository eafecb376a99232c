//! Journeys of the wallet against the real relay, on a loopback port of the system's choice.

#![allow(clippy::unwrap_used, clippy::panic, reason = "test code: a failed step is a failed test")]

mod adversary;
mod after_sale;
mod compare;
mod desk;
mod devices;
mod erasure;
mod export;
mod faults;
mod first_screen;
mod hostile;
mod household;
mod link;
mod meeting;
mod offline;
mod owner;
mod privacy;
mod receipts;
mod removal;
mod restore;
mod revocation;
mod sale;
mod sale_devices;
mod signatures;
mod source_keys;
mod sources;
mod split;
mod standing;
mod tabs;
mod unlocking;
mod votes;
mod world;
