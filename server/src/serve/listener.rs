//! Accepts connections, never more than are allowed, until the relay ends.

use super::{
    StartError,
    connection::{Rules, serve_connection},
};
use crate::relay::App;
use axum::Router;
use hyper_util::server::graceful::GracefulShutdown;
use std::{
    net::SocketAddr,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};
use tokio::{
    net::TcpListener,
    sync::{Semaphore, watch},
    task::JoinHandle,
    time::{sleep, timeout},
};

/// Pause after a failed accept: mostly the process has no file descriptors left, and asking again at once would spin.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// A bound address.
pub(super) struct Listener {
    listener: TcpListener,
    address: SocketAddr,
    places: Arc<Semaphore>,
}

impl Listener {
    /// Binds an address for at most `connections` at a time.
    pub async fn bind(address: SocketAddr, connections: usize) -> Result<Self, StartError> {
        let listener = TcpListener::bind(address).await.map_err(|error| StartError::Listen { address, error })?;
        let address = listener.local_addr().map_err(|error| StartError::Listen { address, error })?;
        Ok(Self { listener, address, places: Arc::new(Semaphore::new(connections)) })
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
        let Ok(place) = Arc::clone(&self.places).try_acquire_owned() else {
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
