//! The running node: a listener with every timeout set, an orderly end.

use crate::{
    Config, key,
    key::KeyFileError,
    routes::{Node, router},
};
use carnet_crypto::note::NoteKey;
use carnet_proofs::vkey::{NoteKeyKind, NoteVerifier};
use carnet_protocol::day::Timestamp;
use carnet_transparency::{Cosigner, OpenError, demo};
use hyper::server::conn::http1;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
    service::TowerToHyperService,
};
use std::{net::SocketAddr, sync::Arc, time::Duration};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{Semaphore, watch},
    task::JoinHandle,
};

/// The time, in milliseconds since 1970.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// Connections at a time: one log, and people who look. With requests of 2 MiB they hold 32 MiB at most.
const CONNECTIONS_MAX: usize = 16;
/// For a request's head, and for the next one on an idle connection.
const HEADER_TIMEOUT: Duration = Duration::from_secs(30);
/// For a whole request and its answer.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(60);
/// For running requests when the node ends.
const END_TIMEOUT: Duration = Duration::from_secs(10);

/// Why a node does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// It is not known whose checkpoints it signs.
    #[error("set --log to the log's public key, or --demo N to try it out")]
    NoLog,
    /// It has no name, or one that cannot stand in a note.
    #[error("set --name to the node's name: no spaces, no plus, such as garage.example/carnet")]
    NoName,
    /// Its key.
    #[error(transparent)]
    Key(#[from] KeyFileError),
    /// Its books.
    #[error(transparent)]
    Books(#[from] OpenError),
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {error}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why.
        error: std::io::Error,
    },
}

/// A node that serves. Dropping it ends it without waiting.
pub struct RunningNode {
    /// Where, with the actual port.
    pub address: SocketAddr,
    /// Its public key.
    pub verifier: NoteVerifier,
    ending: watch::Sender<bool>,
    listener: JoinHandle<()>,
}

impl RunningNode {
    /// Stops accepting and returns once running requests are answered.
    pub async fn shutdown(self) {
        // A listener that has ended by itself needs no signal.
        let _ = self.ending.send(true);
        if self.listener.await.is_err() {
            tracing::error!("the listener ended in a panic");
        }
    }
}

/// Starts a node.
///
/// # Errors
/// [`StartError`], which says what to do.
pub async fn start(config: &Config, clock: Clock) -> Result<RunningNode, StartError> {
    let (log, name, key) = identity(config)?;
    let cosigner = Cosigner::open(&config.books, log, &name, key)?;
    let verifier = cosigner.verifier().ok_or(StartError::NoName)?;
    let failed = |error| StartError::Listen { address: config.listen, error };
    let listener = TcpListener::bind(config.listen).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    let (ending, until) = watch::channel(false);
    let node = Node { cosigner: Arc::new(cosigner), clock };
    let listener = tokio::spawn(accept(listener, node, until));
    Ok(RunningNode { address, verifier, ending, listener })
}

/// The public key of a node with this configuration; its secret one is made where it is missing.
///
/// # Errors
/// [`StartError::NoName`], [`StartError::Key`].
pub fn verifier(config: &Config) -> Result<NoteVerifier, StartError> {
    let key = match config.demo.and_then(demo_name) {
        Some(name) => return demo_verifier(name),
        None => key::read(&config.key, true)?,
    };
    NoteVerifier::new(&config.name, NoteKeyKind::CosignatureV1, key.verifying_key()).map_err(|_| StartError::NoName)
}

fn demo_name(n: usize) -> Option<&'static str> {
    demo::COSIGNERS.get(n.checked_sub(1)?).copied()
}

fn demo_verifier(name: &str) -> Result<NoteVerifier, StartError> {
    let key = demo::cosigner_key(name).verifying_key();
    NoteVerifier::new(name, NoteKeyKind::CosignatureV1, key).map_err(|_| StartError::NoName)
}

/// Whose checkpoints, in what name, with what key.
fn identity(config: &Config) -> Result<(NoteVerifier, String, NoteKey), StartError> {
    if let Some(name) = config.demo.and_then(demo_name) {
        let log = NoteVerifier::new(demo::ORIGIN, NoteKeyKind::Ed25519, demo::log_key().verifying_key());
        return Ok((log.map_err(|_| StartError::NoLog)?, name.to_owned(), demo::cosigner_key(name)));
    }
    let log = config.log.clone().filter(|log| log.kind() == NoteKeyKind::Ed25519).ok_or(StartError::NoLog)?;
    if !carnet_proofs::note::is_key_name(&config.name) {
        return Err(StartError::NoName);
    }
    Ok((log, config.name.clone(), key::read(&config.key, true)?))
}

async fn accept(listener: TcpListener, node: Node, mut until: watch::Receiver<bool>) {
    let room = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let graceful = GracefulShutdown::new();
    let router = router(node);
    loop {
        let permit = tokio::select! {
            permit = room.clone().acquire_owned() => permit,
            _ = until.changed() => break,
        };
        let Ok(permit) = permit else { break };
        let stream: TcpStream = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => stream,
                Err(error) => {
                    tracing::warn!(%error, "a connection was not accepted");
                    continue;
                }
            },
            _ = until.changed() => break,
        };
        let service = TowerToHyperService::new(router.clone());
        let mut rules = http1::Builder::new();
        rules.timer(TokioTimer::new()).header_read_timeout(HEADER_TIMEOUT).max_buf_size(64 * 1024);
        let connection = graceful.watch(rules.serve_connection(TokioIo::new(stream), service));
        tokio::spawn(async move {
            // Whoever breaks off has its reasons.
            let _ = tokio::time::timeout(REQUEST_TIMEOUT, connection).await;
            drop(permit);
        });
    }
    if tokio::time::timeout(END_TIMEOUT, graceful.shutdown()).await.is_err() {
        tracing::warn!("requests were broken off");
    }
}
