//! The relay's configuration: one table of settings ([`settings`]), read from a file, the environment and flags.

mod help;
mod read;
mod settings;

pub use help::help;
pub use read::{Command, ConfigError, read};

use std::{net::SocketAddr, path::PathBuf, time::Duration};

/// Everything that can be set. `docs/operations.md` has the table; `--help` prints it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// Where the interface and the app are served.
    pub listen: SocketAddr,
    /// Where `/healthz` and `/metrics` are served; `None` for nowhere.
    pub metrics_listen: Option<SocketAddr>,
    /// The built app; `None` to serve the interface alone.
    pub app_dir: Option<PathBuf>,
    /// Where the store and the ledger lie.
    pub data_dir: PathBuf,
    /// Whether to run a demo consortium with public member keys.
    pub demo: bool,
    /// The consortium's policy: whose cosignatures make a checkpoint; `None` for the demo's, or for no log at all.
    pub policy: Option<PathBuf>,
    /// File of the log's key, made where it is missing.
    pub log_key: Option<PathBuf>,
    /// Where the members' cosigners listen, host and port.
    pub cosigners: Vec<String>,
    /// Hosts with ports under which clients reach the relay; empty for the loopback names of `listen`.
    pub public_authorities: Vec<String>,
    /// Whether clients reach it by HTTPS.
    pub https: bool,
    /// Whether the nearest hop is a proxy whose `X-Forwarded-For` tells the caller's address.
    pub behind_proxy: bool,
    /// File of the key that turns VINs into tags; `None` where this relay evaluates none (a demo makes its own).
    pub vin_key: Option<PathBuf>,
    /// Backups and how long they are kept.
    pub backups: Backups,
    /// What is logged, as a `tracing` filter.
    pub log: String,
    /// Text or JSON lines.
    pub log_format: LogFormat,
    /// Every limit of the relay's own; those of the protocol are in `carnet_protocol::limits`.
    pub limits: Limits,
}

/// Backups and how long they are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backups {
    /// Where they lie; `None` for `backups` below the data folder.
    pub folder: Option<PathBuf>,
    /// Days for which those of records are kept; 0 for none.
    pub record_days: u16,
    /// Days for which those of keyrings are kept; 0 for none. Never more than `record_days`.
    pub keyring_days: u16,
}

/// The form of log lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// For collectors.
    Json,
}

/// The relay's own limits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Connections open at a time; further ones are closed at once.
    pub connections: usize,
    /// Connections of one network address; a proxy's is not bounded.
    pub peer_connections: usize,
    /// Requests running at a time.
    pub running: usize,
    /// Requests waiting for one that runs.
    pub waiting: usize,
    /// How long they wait.
    pub patience: Duration,
    /// Time for a request's head to arrive, and for the next one on an idle connection.
    pub header_timeout: Duration,
    /// Time between two pieces of a body.
    pub body_timeout: Duration,
    /// Time for the client to take what is sent.
    pub write_timeout: Duration,
    /// Time for running requests to finish when the relay ends.
    pub shutdown_timeout: Duration,
    /// Memory for bodies in flight, in bytes.
    pub body_memory: usize,
    /// Requests a second of one key, on the long run.
    pub key_rate: u32,
    /// Requests of one key at once.
    pub key_burst: u32,
    /// Requests a second of one network address without a key, on the long run.
    pub peer_rate: u32,
    /// Requests of one network address without a key at once.
    pub peer_burst: u32,
    /// Callers whose rate is remembered.
    pub callers: usize,
    /// Nonces remembered.
    pub nonces: usize,
    /// Event tickets in circulation.
    pub event_tickets: usize,
    /// Events kept for resuming.
    pub event_ring: usize,
    /// Time between signs of life on an event stream.
    pub event_keep_alive: Duration,
    /// Store writes waiting.
    pub write_queue: usize,
    /// Sealed bytes kept for one stream.
    pub stream_bytes: u64,
    /// VINs evaluated for one member on one day (UTC).
    pub vin_evaluations: u32,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8787)),
            metrics_listen: Some(SocketAddr::from(([127, 0, 0, 1], 8788))),
            app_dir: None,
            data_dir: PathBuf::from(".carnet/data"),
            demo: false,
            policy: None,
            log_key: None,
            cosigners: Vec::new(),
            public_authorities: Vec::new(),
            https: false,
            behind_proxy: false,
            vin_key: None,
            backups: Backups { folder: None, record_days: 30, keyring_days: 7 },
            log: "info".to_owned(),
            log_format: LogFormat::Text,
            limits: Limits::default(),
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            // 1,024 connections of at most 64 KiB of buffers are 64 MiB.
            connections: 1_024,
            // A company's desks behind one address, each with one for news and one for the rest.
            peer_connections: 256,
            running: 64,
            waiting: 256,
            patience: Duration::from_secs(2),
            header_timeout: Duration::from_secs(15),
            body_timeout: Duration::from_secs(10),
            write_timeout: Duration::from_secs(20),
            shutdown_timeout: Duration::from_secs(10),
            // Decoding holds a large record up to four times: 128 MiB of bodies are at most 512 MiB.
            body_memory: 128 * 1024 * 1024,
            key_rate: 50,
            key_burst: 1_000,
            peer_rate: 100,
            peer_burst: 2_000,
            // 100,000 buckets of about 80 bytes are 8 MB.
            callers: 100_000,
            // At 20 bytes each 40 MB; over five minutes that is 6,600 signed requests a second.
            nonces: 2_000_000,
            event_tickets: 1_024,
            event_ring: 4_096,
            event_keep_alive: Duration::from_secs(20),
            write_queue: 1_024,
            stream_bytes: 4 * 1024 * 1024 * 1024,
            // What a large workshop or a claims desk sees; at this rate 40 million cars take 220 years.
            vin_evaluations: 500,
        }
    }
}
