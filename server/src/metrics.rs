//! Counters and gauges in Prometheus' text format. Labels are route templates, methods and status classes: nothing here
//! tells one car, caller or grant from another.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::Duration,
};

/// Upper bounds of the duration histogram, in seconds.
const BOUNDS: [f64; 10] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 10.0];

#[derive(Default, Clone)]
struct Route {
    statuses: BTreeMap<u16, u64>,
    buckets: [u64; BOUNDS.len()],
    seconds: f64,
    count: u64,
}

/// What the relay counts.
#[derive(Default)]
pub struct Metrics {
    routes: Mutex<BTreeMap<(&'static str, &'static str), Route>>,
    /// Connections open now.
    pub connections: AtomicUsize,
    /// Connections turned away because there were too many.
    pub connections_refused: AtomicU64,
    /// Records stored.
    pub records_stored: AtomicU64,
    /// Ledger transactions accepted.
    pub transactions_accepted: AtomicU64,
    /// Ledger transactions refused.
    pub transactions_rejected: AtomicU64,
}

/// Values that others hold, read when the metrics are asked for.
#[derive(Debug, Clone, Copy)]
pub struct Gauges {
    /// Requests waiting for a slot.
    pub requests_waiting: usize,
    /// Store writes waiting.
    pub writes_waiting: usize,
    /// Event streams connected.
    pub event_streams: usize,
}

impl Metrics {
    /// Counts one answered request; `route` is a template.
    pub fn request(&self, method: &'static str, route: &'static str, status: u16, took: Duration) {
        let seconds = took.as_secs_f64();
        let mut routes = self.routes.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = routes.entry((method, route)).or_default();
        *entry.statuses.entry(status).or_default() += 1;
        for (bucket, bound) in entry.buckets.iter_mut().zip(BOUNDS) {
            *bucket += u64::from(seconds <= bound);
        }
        entry.seconds += seconds;
        entry.count += 1;
    }

    /// Everything as text.
    pub fn text(&self, gauges: Gauges) -> String {
        let mut out = String::new();
        let load = |counter: &AtomicU64| counter.load(Ordering::Relaxed) as f64;
        let singles = [
            ("carnet_connections", "gauge", self.connections.load(Ordering::Relaxed) as f64),
            ("carnet_connections_refused_total", "counter", load(&self.connections_refused)),
            ("carnet_records_stored_total", "counter", load(&self.records_stored)),
            ("carnet_transactions_accepted_total", "counter", load(&self.transactions_accepted)),
            ("carnet_transactions_rejected_total", "counter", load(&self.transactions_rejected)),
            ("carnet_requests_waiting", "gauge", gauges.requests_waiting as f64),
            ("carnet_store_writes_waiting", "gauge", gauges.writes_waiting as f64),
            ("carnet_event_streams", "gauge", gauges.event_streams as f64),
        ];
        for (name, kind, value) in singles {
            // Writing to a String cannot fail.
            let _ = writeln!(out, "# TYPE {name} {kind}\n{name} {value}");
        }
        self.write_routes(&mut out);
        out
    }

    fn write_routes(&self, out: &mut String) {
        let routes = self.routes.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let _ = writeln!(out, "# TYPE carnet_requests_total counter");
        for ((method, route), counted) in &routes {
            for (status, count) in &counted.statuses {
                let labels = format!("method=\"{method}\",route=\"{route}\",status=\"{status}\"");
                let _ = writeln!(out, "carnet_requests_total{{{labels}}} {count}");
            }
        }
        let _ = writeln!(out, "# TYPE carnet_request_seconds histogram");
        for ((method, route), counted) in &routes {
            let labels = format!("method=\"{method}\",route=\"{route}\"");
            for (count, bound) in counted.buckets.iter().zip(BOUNDS) {
                let _ = writeln!(out, "carnet_request_seconds_bucket{{{labels},le=\"{bound}\"}} {count}");
            }
            let _ = writeln!(out, "carnet_request_seconds_bucket{{{labels},le=\"+Inf\"}} {}", counted.count);
            let _ = writeln!(out, "carnet_request_seconds_sum{{{labels}}} {}", counted.seconds);
            let _ = writeln!(out, "carnet_request_seconds_count{{{labels}}} {}", counted.count);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_shows_under_its_template() {
        let metrics = Metrics::default();
        metrics.request("GET", "/v1/grants/{grant}", 200, Duration::from_millis(3));
        let text = metrics.text(Gauges { requests_waiting: 1, writes_waiting: 0, event_streams: 0 });
        assert!(text.contains("carnet_requests_total{method=\"GET\",route=\"/v1/grants/{grant}\",status=\"200\"} 1"));
        assert!(text.contains("route=\"/v1/grants/{grant}\",le=\"0.0025\"} 0"));
        assert!(text.contains("route=\"/v1/grants/{grant}\",le=\"0.005\"} 1"));
        assert!(text.contains("carnet_requests_waiting 1"));
    }
}
