//! The relay's part in transparency: it keeps the log's prover beside the ledger, has the members' cosigners sign, and
//! publishes what a quorum has signed. Nobody has to believe it for that: readers check all of it.

mod client;
mod demo;
mod round;

pub use demo::DemoCosigners;
pub use round::Rounds;

use crate::config::Config;
use carnet_node::key::{self, KeyFileError};
use carnet_proofs::{Policy, policy::PolicyError};
use carnet_protocol::member::GenesisHash;
use carnet_transparency::{BooksError, OpenError, Prover};
use std::{
    path::PathBuf,
    sync::atomic::{AtomicU64, Ordering},
};

/// File of the prover's books below the data folder.
const BOOKS_FILE: &str = "transparency.redb";

/// Why there is no transparency.
#[derive(Debug, thiserror::Error)]
pub enum TransparencyError {
    /// The policy cannot be read.
    #[error("the policy {file} cannot be used: {why}")]
    Policy {
        /// The file.
        file: PathBuf,
        /// Why.
        why: String,
    },
    /// The policy's text is not one.
    #[error("the demo's policy cannot be used: {0}")]
    DemoPolicy(#[from] PolicyError),
    /// One of two settings that go together is not there.
    #[error("set both policy and log_key, or neither: the log signs with the key that the policy names")]
    HalfSet,
    /// The log's key.
    #[error(transparent)]
    Key(#[from] KeyFileError),
    /// The policy is for another log.
    #[error("the policy names no log with the key in log_key, which is {0}: put that into its log line, after a name")]
    OtherLog(String),
    /// The books.
    #[error(transparent)]
    Books(#[from] OpenError),
    /// The ledger is not the one that was signed for.
    #[error(transparent)]
    History(BooksError),
    /// The demo's cosigners.
    #[error("a cosigner of the demo cannot be started: {0}")]
    Demo(#[from] carnet_node::StartError),
}

/// A member's cosigner as the relay knows it.
struct Remote {
    /// Host and port.
    address: String,
    /// Transactions it has, as far as is known.
    size: AtomicU64,
}

/// The log of this relay's ledger.
pub struct Transparency {
    /// Records, signs and proves.
    pub prover: Prover,
    policy: Policy,
    cosigners: Vec<Remote>,
}

impl Transparency {
    /// Opens the log of a ledger; `None` where the configuration asks for none. `cosigners` is where
    /// they listen. Blocks.
    ///
    /// # Errors
    /// [`TransparencyError`], which says what to do.
    pub fn open(
        config: &Config,
        ledger: GenesisHash,
        cosigners: Vec<String>,
    ) -> Result<Option<Self>, TransparencyError> {
        let (policy, log_key) = match (&config.policy, &config.log_key) {
            (None, None) if config.demo => {
                (Policy::parse(carnet_proofs::demo::POLICY)?, carnet_transparency::demo::log_key())
            }
            (None, None) => return Ok(None),
            (Some(policy), Some(log_key)) => (read_policy(policy)?, key::read(log_key, true)?),
            _ => return Err(TransparencyError::HalfSet),
        };
        let public = log_key.verifying_key();
        let log = policy.logs().iter().find(|log| *log.key() == public);
        let origin = log.ok_or_else(|| TransparencyError::OtherLog(public.to_string()))?.name().to_owned();
        let prover = Prover::open(&config.data_dir.join(BOOKS_FILE), &origin, log_key, ledger)?;
        let cosigners = cosigners.into_iter().map(|address| Remote { address, size: AtomicU64::new(0) }).collect();
        Ok(Some(Self { prover, policy, cosigners }))
    }
}

impl Remote {
    fn size(&self) -> u64 {
        self.size.load(Ordering::Relaxed)
    }

    fn set_size(&self, size: u64) {
        self.size.store(size, Ordering::Relaxed);
    }
}

fn read_policy(file: &std::path::Path) -> Result<Policy, TransparencyError> {
    let failed = |why: String| TransparencyError::Policy { file: file.to_owned(), why };
    let text = std::fs::read_to_string(file).map_err(|error| failed(error.to_string()))?;
    Policy::parse(&text).map_err(|error| failed(error.to_string()))
}
