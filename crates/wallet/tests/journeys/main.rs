//! Journeys of the wallet against the real relay, on a loopback port of the system's choice.

#![allow(clippy::unwrap_used, clippy::panic, reason = "test code: a failed step is a failed test")]

mod adversary;
mod desk;
mod devices;
mod erasure;
mod hostile;
mod link;
mod offline;
mod owner;
mod pairing;
mod privacy;
mod restore;
mod revocation;
mod split;
mod standing;
mod tabs;
mod unlocking;
mod world;
