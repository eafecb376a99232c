//! Measures a relay under load, in its own process and folder: durable verified appends, durable uploads and reads a
//! second, at 64 connections, and what happens at ten times that load. Prints one JSON object.
//!
//! `cargo run --release -p carnet-server --example relay_load [-- SECONDS]`; each part runs for SECONDS (default 3).
//! What is measured includes everything a client pays but its own signing, which is done before the clock starts.
#![allow(clippy::unwrap_used)]

mod load;
mod plan;

use carnet_server::{
    config::Config,
    serve::{RunningServer, start},
};
use load::{Outcome, run};
use plan::{Plan, prepare};
use serde_json::json;
use std::time::Duration;

/// Connections of the measured load.
const CONNECTIONS: usize = 64;
/// Times that for the overload.
const OVERLOAD: usize = 10;

fn main() {
    let seconds = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(3);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    println!("{}", runtime.block_on(measure(Duration::from_secs(seconds))));
}

async fn measure(time: Duration) -> serde_json::Value {
    let folder = tempfile::tempdir().unwrap();
    let server = relay(folder.path()).await;
    let plan = prepare(server.address, CONNECTIONS, time).await;
    let Plan { appends, uploads, reads, overload } = plan;
    let appends = run(server.address, appends, time).await;
    let uploads = run(server.address, uploads, time).await;
    let reads = run(server.address, reads, time).await;
    let before = resident_kib();
    let peak = tokio::spawn(peak_kib(time));
    let over = run(server.address, spread(overload, CONNECTIONS * OVERLOAD), time).await;
    let after = resident_kib();
    let peak = peak.await.unwrap();
    server.shutdown().await;
    json!({
        "connections": CONNECTIONS,
        "appends": figures(&appends),
        "uploads": figures(&uploads),
        "reads": figures(&reads),
        "overload": {
            "connections": CONNECTIONS * OVERLOAD,
            "answered": figures(&over),
            "busy": over.busy,
            "failed": over.failed,
            "memory_before_kib": before,
            "memory_after_kib": after,
            "memory_peak_kib": peak.max(after),
        },
    })
}

async fn relay(folder: &std::path::Path) -> RunningServer {
    let mut config = Config {
        listen: "127.0.0.1:0".parse().unwrap(),
        metrics_listen: None,
        data_dir: folder.join("data"),
        demo: true,
        ..Config::default()
    };
    // The load comes from one address and few keys; what is measured is the relay behind its quotas.
    let limits = &mut config.limits;
    (limits.key_rate, limits.key_burst) = (1_000_000, 1_000_000);
    (limits.peer_rate, limits.peer_burst) = (1_000_000, 1_000_000);
    limits.peer_connections = limits.connections;
    start(config).await.unwrap()
}

fn figures(outcome: &Outcome) -> serde_json::Value {
    json!({
        "per_second": outcome.per_second(),
        "p50_ms": outcome.percentile(50),
        "p99_ms": outcome.percentile(99),
        "requests": outcome.took.len(),
        "failed": outcome.failed,
    })
}

/// The same requests over more connections.
fn spread(requests: Vec<Vec<load::Prepared>>, connections: usize) -> Vec<Vec<load::Prepared>> {
    let all: Vec<_> = requests.into_iter().flatten().collect();
    let share = all.len().div_ceil(connections).max(1);
    all.chunks(share).map(<[load::Prepared]>::to_vec).collect()
}

/// The most resident memory of many samples.
async fn peak_kib(time: Duration) -> u64 {
    let mut ticks = tokio::time::interval(Duration::from_millis(50));
    let start = std::time::Instant::now();
    let mut peak = 0;
    while start.elapsed() < time {
        ticks.tick().await;
        peak = peak.max(resident_kib());
    }
    peak
}

/// Resident memory of this process, which is relay and load together; 0 where the system does not tell.
fn resident_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok()).unwrap_or_default()
}
