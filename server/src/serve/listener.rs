//! Accepts connections, never more than are allowed in all and of one address, until the relay ends.

use super::{
    StartError,
    connection::{Rules, serve_connection},
};
use crate::{limit::quota::Caller, relay::App};
use axum::Router;
use hyper_util::server::graceful::GracefulShutdown;
use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError, atomic::Ordering},
    time::Duration,
};
use tokio::{
    net::TcpListener,
    sync::watch,
    task::JoinHandle,
    time::{sleep, timeout},
};

/// Pause after a failed accept: mostly the process has no file descriptors left, and asking again at once would spin.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// A bound address.
pub(super) struct Listener {
    listener: TcpListener,
    address: SocketAddr,
    places: Places,
}

/// How many connections are taken.
#[derive(Debug, Clone, Copy)]
pub(super) struct Room {
    /// At a time.
    pub connections: usize,
    /// Of them from one network address; as many as there are where a proxy's is the only one.
    pub of_peer: usize,
}

/// The places for connections.
struct Places {
    room: Room,
    taken: Arc<Mutex<Taken>>,
}

#[derive(Default)]
struct Taken {
    all: usize,
    peers: HashMap<Caller, usize>,
}

/// One place, given back on drop.
struct Place {
    taken: Arc<Mutex<Taken>>,
    peer: Caller,
}

impl Places {
    /// A place for a connection from `peer`, where there is one.
    fn take(&self, peer: Caller) -> Option<Place> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let of_peer = taken.peers.get(&peer).copied().unwrap_or(0);
        if taken.all >= self.room.connections || of_peer >= self.room.of_peer {
            return None;
        }
        taken.all += 1;
        taken.peers.insert(peer, of_peer + 1);
        Some(Place { taken: Arc::clone(&self.taken), peer })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        taken.all -= 1;
        match taken.peers.get(&self.peer).copied() {
            Some(1) | None => taken.peers.remove(&self.peer),
            Some(more) => taken.peers.insert(self.peer, more - 1),
        };
    }
}

impl Listener {
    /// Binds an address for as many connections as there is room for.
    pub async fn bind(address: SocketAddr, room: Room) -> Result<Self, StartError> {
        let listener = TcpListener::bind(address).await.map_err(|error| StartError::Listen { address, error })?;
        let address = listener.local_addr().map_err(|error| StartError::Listen { address, error })?;
        Ok(Self { listener, address, places: Places { room, taken: Arc::default() } })
    }

    /// The address with the actual port.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves until `ending` turns true or its sender is gone, then lets connections finish their requests.
    pub fn serve(self, router: Router, rules: Rules, app: App, mut ending: watch::Receiver<bool>) -> JoinHandle<()> {
        tokio::spawn(async move {
            let graceful = GracefulShutdown::new();
            loop {
                tokio::select! {
                    accepted = self.listener.accept() => match accepted {
                        Ok((stream, peer)) => self.take(stream, peer, &router, rules, &app, &graceful),
                        Err(error) => {
                            tracing::warn!(%error, "a connection could not be accepted");
                            sleep(ACCEPT_PAUSE).await;
                        }
                    },
                    () = ended(&mut ending) => break,
                }
            }
            drop(self.listener);
            if timeout(rules.shutdown, graceful.shutdown()).await.is_err() {
                tracing::warn!("some requests did not finish in time");
            }
        })
    }

    fn take(
        &self,
        stream: tokio::net::TcpStream,
        peer: SocketAddr,
        router: &Router,
        rules: Rules,
        app: &App,
        graceful: &GracefulShutdown,
    ) {
        // A closed socket costs nothing; a queue of sockets would.
        let Some(place) = self.places.take(Caller::peer(peer.ip())) else {
            app.metrics.connections_refused.fetch_add(1, Ordering::Relaxed);
            return;
        };
        let connection = serve_connection(stream, peer, router.clone(), rules, graceful.watcher());
        let app = app.clone();
        app.metrics.connections.fetch_add(1, Ordering::Relaxed);
        tokio::spawn(async move {
            connection.await;
            app.metrics.connections.fetch_sub(1, Ordering::Relaxed);
            drop(place);
        });
    }
}

/// Returns once `ending` turns true or its sender is gone.
async fn ended(ending: &mut watch::Receiver<bool>) {
    let _ = ending.wait_for(|ending| *ending).await;
}
