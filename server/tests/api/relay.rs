//! A relay in a folder of its own, with a clock that can be moved.

use crate::client::{Answer, Sent, send};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use carnet_crypto::{request::prove_request, signature::SigningKey};
use carnet_protocol::{encoding::encode, id::Nonce16};
use carnet_server::{
    clock::{Clock as _, ShiftedClock},
    config::Config,
    serve::{RunningServer, start_at},
};
use serde::Serialize;
use std::{
    net::SocketAddr,
    path::PathBuf,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
};
use tempfile::TempDir;

/// By what right.
#[derive(Clone, Copy)]
pub enum By<'a> {
    Nobody,
    Key(&'a SigningKey),
    View(&'a [u8]),
}

pub struct TestRelay {
    _folder: TempDir,
    pub clock: Arc<ShiftedClock>,
    pub config: Config,
    running: Option<RunningServer>,
    nonces: AtomicU64,
    /// Everything sent, to be replayed.
    pub sent: Mutex<Vec<Sent>>,
}

impl TestRelay {
    pub async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    /// Starts a demo relay after `change` has changed its configuration.
    pub async fn start_with(change: impl FnOnce(&mut Config)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            metrics_listen: Some(SocketAddr::from(([127, 0, 0, 1], 0))),
            data_dir: folder.path().join("data"),
            demo: true,
            ..Config::default()
        };
        change(&mut config);
        let clock = Arc::new(ShiftedClock::default());
        let running = Some(start_at(config.clone(), clock.clone()).await.unwrap());
        Self { _folder: folder, clock, config, running, nonces: AtomicU64::new(1), sent: Mutex::default() }
    }

    /// Ends it in order and starts it again on the same data.
    pub async fn restart(&mut self) {
        self.running.take().unwrap().shutdown().await;
        self.running = Some(start_at(self.config.clone(), self.clock.clone()).await.unwrap());
    }

    pub async fn stop(&mut self) {
        self.running.take().unwrap().shutdown().await;
    }

    pub fn address(&self) -> SocketAddr {
        self.running.as_ref().unwrap().address
    }

    pub fn metrics_address(&self) -> SocketAddr {
        self.running.as_ref().unwrap().metrics_address.unwrap()
    }

    pub fn data(&self) -> PathBuf {
        self.config.data_dir.clone()
    }

    /// A request as a client would send it now.
    pub fn prepare(&self, method: &'static str, path: &str, by: By<'_>, body: Vec<u8>) -> Sent {
        let host = self.address().to_string();
        let authorization = match by {
            By::Nobody => None,
            By::View(token) => Some(format!("Carnet-View {}", URL_SAFE_NO_PAD.encode(token))),
            By::Key(key) => {
                let mut nonce = Nonce16([0; 16]);
                nonce.0[..8].copy_from_slice(&self.nonces.fetch_add(1, Ordering::SeqCst).to_be_bytes());
                Some(prove_request(key, method, &host, path, &body, self.clock.now(), nonce))
            }
        };
        Sent { method, path: path.to_owned(), host, authorization, body }
    }

    pub async fn send(&self, sent: Sent) -> Answer {
        let answer = send(self.address(), &sent).await;
        self.sent.lock().unwrap().push(sent);
        answer
    }

    pub async fn get(&self, path: &str, by: By<'_>) -> Answer {
        self.send(self.prepare("GET", path, by, Vec::new())).await
    }

    pub async fn delete(&self, path: &str, by: By<'_>) -> Answer {
        self.send(self.prepare("DELETE", path, by, Vec::new())).await
    }

    pub async fn put<T: Serialize>(&self, path: &str, by: By<'_>, body: &T) -> Answer {
        self.send(self.prepare("PUT", path, by, encode(body))).await
    }

    pub async fn post<T: Serialize>(&self, path: &str, by: By<'_>, body: &T) -> Answer {
        self.send(self.prepare("POST", path, by, encode(body))).await
    }
}
