//! The running relay: listeners, connections with every timeout set, an orderly end.

mod connection;
mod listener;
mod operations;
mod stalled;

use crate::{
    admission::{self, AdmissionError},
    authority::{Authorities, NoAuthority},
    backup,
    clock::{Clock, SystemClock},
    config::Config,
    demo::{self, DemoError},
    ledger::{self, EmbeddedHost, LedgerHost as _},
    relay::{App, Parts, Relay},
    router::router,
    store::{Store, StoreError, sqlite::SqliteBackend},
    transparency::{DemoCosigners, Rounds, Transparency, TransparencyError},
    vin::{self, VinKeyError},
};
use carnet_crypto::signature::SigningKey;
use carnet_ledger_embedded::{OpenError, ReadError};
use carnet_protocol::api::body::DemoMembers;
use carnet_vin_tag::Evaluator;
use listener::{Listener, Room};
use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
};
use tokio::{sync::watch, task::JoinHandle};

/// File of the ledger below the data folder.
pub const LEDGER_FILE: &str = "ledger.redb";
/// File of the store below the data folder.
pub const STORE_FILE: &str = "relay.sqlite";
/// File of the key below the data folder with which the relay signs what it says of removals.
pub const RELAY_KEY_FILE: &str = "relay.key";
/// Connections to the operations listener: a collector or two.
const OPERATIONS_ROOM: Room = Room { connections: 16, of_peer: 16 };

/// Why a relay does not start. Each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {error}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why.
        error: std::io::Error,
    },
    /// The data folder cannot be made.
    #[error("the data folder {folder} cannot be used: {error}")]
    DataFolder {
        /// The folder.
        folder: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// The app's folder is none.
    #[error("there is no app in {0}: it has no index.html; build the app first, or leave out --app-dir")]
    NoApp(PathBuf),
    /// See [`NoAuthority`].
    #[error(transparent)]
    NoAuthority(#[from] NoAuthority),
    /// The store cannot be opened.
    #[error("the store cannot be opened: {0}")]
    Store(#[from] StoreError),
    /// The ledger cannot be opened.
    #[error(transparent)]
    Ledger(#[from] OpenError),
    /// The ledger cannot be read.
    #[error(transparent)]
    LedgerRead(#[from] ReadError),
    /// There is no ledger yet.
    #[error("there is no ledger yet: make one with `carnet-server init`, or start with --demo to try Carnet out")]
    NoLedger,
    /// The demo consortium cannot be set up.
    #[error(transparent)]
    Demo(#[from] DemoError),
    /// The relay's key cannot be used.
    #[error(transparent)]
    Key(#[from] AdmissionError),
    /// VINs cannot be evaluated.
    #[error(transparent)]
    VinKey(#[from] VinKeyError),
    /// The transparency log cannot be kept.
    #[error(transparent)]
    Transparency(#[from] TransparencyError),
    /// A thread of the start broke off.
    #[error("the start broke off")]
    BrokeOff,
}

/// A relay that serves. Dropping it ends it without waiting; [`RunningServer::shutdown`] waits.
pub struct RunningServer {
    /// Where the interface and the app are, with the actual port.
    pub address: SocketAddr,
    /// Where health and metrics are.
    pub metrics_address: Option<SocketAddr>,
    app: App,
    ending: watch::Sender<bool>,
    listeners: Vec<JoinHandle<()>>,
    rounds: Option<Rounds>,
    cosigners: Option<DemoCosigners>,
}

/// Starts a relay.
///
/// # Errors
/// [`StartError`].
pub async fn start(config: Config) -> Result<RunningServer, StartError> {
    start_at(config, Arc::new(SystemClock)).await
}

/// Starts a relay that goes by another clock.
///
/// # Errors
/// [`StartError`].
pub async fn start_at(config: Config, clock: Arc<dyn Clock>) -> Result<RunningServer, StartError> {
    let authorities = Authorities::new(&config.public_authorities, config.listen)?;
    check_app(config.app_dir.as_deref())?;
    let connections = config.limits.connections;
    let of_peer = if config.behind_proxy { connections } else { config.limits.peer_connections };
    let public = Listener::bind(config.listen, Room { connections, of_peer }).await?;
    let operations = match config.metrics_listen {
        Some(address) => Some(Listener::bind(address, OPERATIONS_ROOM).await?),
        None => None,
    };
    let (opened_config, opened_clock) = (config.clone(), clock.clone());
    let opened = tokio::task::spawn_blocking(move || open(&opened_config, opened_clock));
    let Opened { store, ledger, sign, demo, vin } = opened.await.map_err(|_| StartError::BrokeOff)??;
    let cosigners = DemoCosigners::start(&config, &clock).await.map_err(TransparencyError::from)?;
    let addresses = cosigners.as_ref().map_or_else(|| config.cosigners.clone(), DemoCosigners::addresses);
    let (opened_config, genesis) = (config.clone(), ledger.genesis());
    let opened = tokio::task::spawn_blocking(move || {
        let transparency = Transparency::open(&opened_config, genesis, addresses)?;
        // What was signed for must still be what the ledger has: nobody is served from another one.
        transparency.as_ref().map_or(Ok(()), |log| ledger.check(&log.prover)).map_err(TransparencyError::History)?;
        Ok::<_, TransparencyError>((transparency, ledger))
    });
    let (transparency, ledger) = opened.await.map_err(|_| StartError::BrokeOff)??;
    let transparency = transparency.map(Arc::new);

    let (ending, until) = watch::channel(false);
    let parts = Parts {
        store,
        ledger: Box::new(ledger),
        transparency,
        clock,
        authorities,
        sign,
        demo,
        vin,
        ending: until.clone(),
    };
    let app = Arc::new(Relay::new(config, parts));
    follow_ledger(&app);
    let rounds = app.transparency.clone().map(|log| Rounds::start(app.clone(), log, until.clone()));
    let (address, metrics_address) = (public.address(), operations.as_ref().map(Listener::address));
    let rules = connection::Rules::new(&app.config.limits);
    let sweeper = backup::keep_swept(app.clone(), until.clone());
    let mut listeners = vec![sweeper, public.serve(router(&app), rules, app.clone(), until.clone())];
    if let Some(operations) = operations {
        listeners.push(operations.serve(operations::router(&app), rules, app.clone(), until));
    }
    Ok(RunningServer { address, metrics_address, app, ending, listeners, rounds, cosigners })
}

impl RunningServer {
    /// Stops accepting, lets running requests finish within the configured time, and returns once everything is on
    /// disk and the files are closed.
    pub async fn shutdown(self) {
        // Listeners that have ended by themselves need no signal.
        let _ = self.ending.send(true);
        for listener in self.listeners {
            if listener.await.is_err() {
                tracing::error!("a listener ended in a panic");
            }
        }
        if let Some(rounds) = self.rounds {
            rounds.ended().await;
        }
        if let Some(cosigners) = self.cosigners {
            cosigners.shutdown().await;
        }
        let app = self.app;
        let closed = tokio::task::spawn_blocking(move || {
            app.store.close();
            app.ledger.close();
        });
        if closed.await.is_err() {
            tracing::error!("closing the files broke off");
        }
    }
}

fn check_app(folder: Option<&Path>) -> Result<(), StartError> {
    match folder {
        Some(folder) if !folder.join("index.html").is_file() => Err(StartError::NoApp(folder.to_owned())),
        _ => Ok(()),
    }
}

/// What was opened in the data folder.
struct Opened {
    store: Store,
    ledger: EmbeddedHost,
    sign: SigningKey,
    demo: Option<DemoMembers>,
    vin: Option<Evaluator>,
}

/// Opens the files. Blocks: the ledger is verified whole.
fn open(config: &Config, clock: Arc<dyn Clock>) -> Result<Opened, StartError> {
    let folder = &config.data_dir;
    make_private(folder).map_err(|error| StartError::DataFolder { folder: folder.clone(), error })?;
    let ledger = ledger::open(&folder.join(LEDGER_FILE), clock.clone())?;
    let (demo, vin) = if config.demo {
        demo::set_up(folder, &ledger, clock.now()).map(|(members, vin)| (Some(members), Some(vin)))?
    } else {
        (None, None)
    };
    let vin = match &config.vin_key {
        Some(file) => Some(vin::open(file, &ledger)?),
        None => vin,
    };
    let ledger = EmbeddedHost::new(ledger)?.ok_or(StartError::NoLedger)?;
    let sign = admission::authority_key(&folder.join(RELAY_KEY_FILE), true)?;
    let store = Store::new(SqliteBackend::open(&folder.join(STORE_FILE), config.limits.write_queue)?);
    Ok(Opened { store, ledger, sign, demo, vin })
}

/// The data folder, readable by the relay's user alone.
pub(crate) fn make_private(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// What the ledger accepts is news of its streams. Held weakly: the ledger must not keep the relay that owns it.
fn follow_ledger(app: &App) {
    let relay = Arc::downgrade(app);
    app.ledger.subscribe(Box::new(move |streams| {
        if let Some(relay) = relay.upgrade() {
            streams.iter().for_each(|stream| relay.tell_stream(*stream));
        }
    }));
}
