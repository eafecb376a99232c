//! The stage for journeys: the release relay on a port of its own, a recording proxy in front of it, and headless
//! Chromium driven by role and label, as people and screen readers find things.
//!
//! `cargo xtask e2e` builds what is needed and sets the environment: `CARNET_SERVER_BIN`, `CARNET_APP_DIR`, `CHROMIUM`,
//! `CHROMEDRIVER`; `CARNET_SCREENSHOTS` names the folder for screenshots.

#![allow(clippy::panic, reason = "a stage that cannot be set up fails the test with a sentence")]

mod browser;
mod liar;
mod page;
mod recorder;
mod relay;
mod screenshot;
mod search;
mod steps;

pub use browser::Browser;
pub use liar::Liar;
pub use page::Page;
pub use recorder::Recorder;
pub use relay::Relay;
pub use screenshot::{Scheme, Size};
pub use search::Search;
pub use steps::{PASSPHRASE, Staff};

/// What can go wrong on the stage.
pub type StageError = Box<dyn std::error::Error + Send + Sync>;

/// Result of a step.
pub type Step<T = ()> = Result<T, StageError>;

/// An environment variable that `cargo xtask e2e` sets.
pub(crate) fn required(name: &str) -> Step<String> {
    std::env::var(name).map_err(|_| format!("{name} is not set: run the journeys with `cargo xtask e2e`").into())
}
