//! Sends prepared requests over kept-alive connections, one at a time on each, and notes how long each took.

use http_body_util::{BodyExt as _, Full};
use hyper::{Request, body::Bytes, client::conn::http1};
use hyper_util::rt::TokioIo;
use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};
use tokio::net::TcpStream;

/// A request, signed and encoded.
#[derive(Clone)]
pub struct Prepared {
    pub method: &'static str,
    pub path: String,
    pub authorization: Option<String>,
    pub body: Bytes,
}

/// What came of a load.
#[derive(Default)]
pub struct Outcome {
    /// How long each success took.
    pub took: Vec<Duration>,
    /// Answers of 503.
    pub busy: u64,
    /// Anything else.
    pub failed: u64,
    /// From first to last.
    pub elapsed: Duration,
}

impl Outcome {
    pub fn per_second(&self) -> f64 {
        self.took.len() as f64 / self.elapsed.as_secs_f64().max(f64::EPSILON)
    }

    /// In milliseconds.
    pub fn percentile(&self, percent: usize) -> f64 {
        let mut sorted = self.took.clone();
        sorted.sort_unstable();
        let at = (sorted.len() * percent / 100).min(sorted.len().saturating_sub(1));
        sorted.get(at).map_or(0.0, |took| took.as_secs_f64() * 1_000.0)
    }
}

/// Runs one connection per list until the lists or the time end.
pub async fn run(address: SocketAddr, lists: Vec<Vec<Prepared>>, time: Duration) -> Outcome {
    let start = Instant::now();
    let connections: Vec<_> =
        lists.into_iter().map(|list| tokio::spawn(connection(address, list, start + time))).collect();
    let mut all = Outcome::default();
    for connection in connections {
        let one = connection.await.unwrap();
        all.took.extend(one.took);
        all.busy += one.busy;
        all.failed += one.failed;
    }
    all.elapsed = start.elapsed();
    all
}

async fn connection(address: SocketAddr, list: Vec<Prepared>, until: Instant) -> Outcome {
    let mut outcome = Outcome::default();
    let Ok(stream) = TcpStream::connect(address).await else { return outcome };
    let _ = stream.set_nodelay(true);
    let Ok((mut sender, connection)) = http1::handshake(TokioIo::new(stream)).await else { return outcome };
    tokio::spawn(connection);
    for prepared in list {
        if Instant::now() >= until {
            break;
        }
        let began = Instant::now();
        let mut request = Request::builder().method(prepared.method).uri(prepared.path).header("host", "localhost");
        if let Some(authorization) = prepared.authorization {
            request = request.header("authorization", authorization);
        }
        let request = request.header("content-type", "application/cbor").body(Full::new(prepared.body)).unwrap();
        let Ok(response) = sender.send_request(request).await else {
            outcome.failed += 1;
            break;
        };
        let status = response.status().as_u16();
        let whole = response.into_body().collect().await.is_ok();
        match status {
            200 if whole => outcome.took.push(began.elapsed()),
            503 => outcome.busy += 1,
            _ => outcome.failed += 1,
        }
    }
    outcome
}
