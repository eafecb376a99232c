//! The table of settings: key, value, sentence, and how it is set. File keys are as here, environment variables are
//! `CARNET_` and the key in capitals, flags have hyphens for underscores.

use super::{Config, LogFormat};
use std::{path::PathBuf, str::FromStr, time::Duration};

/// One setting.
pub(super) struct Setting {
    /// Its name in the file.
    pub key: &'static str,
    /// What stands for its value in `--help`; empty for switches.
    pub value: &'static str,
    /// What it does.
    pub says: &'static str,
    /// Sets it; `None` when the text is no such value.
    pub set: fn(&mut Config, &str) -> Option<()>,
}

impl Setting {
    /// `--listen` for `listen`.
    pub(super) fn flag(&self) -> String {
        format!("--{}", self.key.replace('_', "-"))
    }

    /// `CARNET_LISTEN` for `listen`.
    pub(super) fn variable(&self) -> String {
        format!("CARNET_{}", self.key.to_uppercase())
    }
}

/// Finds a setting by its key.
pub(super) fn find(key: &str) -> Option<&'static Setting> {
    SETTINGS.iter().find(|setting| setting.key == key)
}

const fn row(
    key: &'static str,
    value: &'static str,
    says: &'static str,
    set: fn(&mut Config, &str) -> Option<()>,
) -> Setting {
    Setting { key, value, says, set }
}

fn put<T: FromStr>(place: &mut T, text: &str) -> Option<()> {
    *place = text.trim().parse().ok()?;
    Some(())
}

fn millis(place: &mut Duration, text: &str) -> Option<()> {
    let number: u64 = text.trim().parse().ok()?;
    *place = Duration::from_millis(number);
    (number > 0).then_some(())
}

fn positive<T: FromStr + PartialOrd + From<u8>>(place: &mut T, text: &str) -> Option<()> {
    put(place, text)?;
    (*place > T::from(0)).then_some(())
}

fn folder(text: &str) -> Option<PathBuf> {
    (!text.is_empty()).then(|| PathBuf::from(text))
}

/// All settings.
#[rustfmt::skip]
pub(super) const SETTINGS: &[Setting] = &[
    row("listen", "ADDRESS", "where the interface and the app are served; port 0 picks a free one", |c, t| put(&mut c.listen, t)),
    row("metrics_listen", "ADDRESS|off", "where /healthz and /metrics are served", |c, t| {
        c.metrics_listen = if t == "off" { None } else { Some(t.parse().ok()?) };
        Some(())
    }),
    row("app_dir", "FOLDER", "the built app; without it the interface is served alone", |c, t| { c.app_dir = Some(folder(t)?); Some(()) }),
    row("data_dir", "FOLDER", "where store and ledger are kept", |c, t| { c.data_dir = folder(t)?; Some(()) }),
    row("demo", "", "run a demo consortium whose member keys are public", |c, t| put(&mut c.demo, t)),
    row("policy", "FILE", "the consortium's policy (C2SP tlog-policy); with log_key the relay keeps a transparency log", |c, t| { c.policy = Some(folder(t)?); Some(()) }),
    row("log_key", "FILE", "the log's secret key; made where it is missing, readable by you alone", |c, t| { c.log_key = Some(folder(t)?); Some(()) }),
    row("cosigners", "HOST:PORT,...", "where the members' cosigners (carnet-node) listen", |c, t| {
        c.cosigners = t.split(',').map(|a| a.trim().trim_start_matches("http://").trim_end_matches('/').to_owned()).filter(|a| !a.is_empty()).collect();
        Some(())
    }),
    row("public_authorities", "HOST[:PORT],...", "under which hosts clients reach the relay; needed behind a proxy or beyond loopback", |c, t| {
        c.public_authorities = t.split(',').map(|a| a.trim().to_lowercase()).filter(|a| !a.is_empty()).collect();
        Some(())
    }),
    row("https", "", "clients come by HTTPS (through a proxy): send HSTS", |c, t| put(&mut c.https, t)),
    row("behind_proxy", "", "take the caller's address from the last entry of X-Forwarded-For", |c, t| put(&mut c.behind_proxy, t)),
    row("vin_key", "FILE", "the key that turns VINs into tags for members; without it this relay evaluates none", |c, t| { c.vin_key = Some(folder(t)?); Some(()) }),
    row("backup_dir", "FOLDER", "where backups lie and are removed from when they are too old; backups below the data folder if not set", |c, t| { c.backups.folder = Some(folder(t)?); Some(()) }),
    row("backup_days", "DAYS", "how long backups of records are kept; 0 makes none", |c, t| put(&mut c.backups.record_days, t)),
    row("keyring_backup_days", "DAYS", "how long backups of keyrings are kept, at most as long as of records; 0 makes none", |c, t| put(&mut c.backups.keyring_days, t)),
    row("log", "FILTER", "what is logged: error, warn, info, debug, or a tracing filter", |c, t| put(&mut c.log, t)),
    row("log_format", "text|json", "form of the log lines, on standard error", |c, t| {
        c.log_format = match t { "text" => LogFormat::Text, "json" => LogFormat::Json, _ => return None };
        Some(())
    }),
    row("connections", "N", "connections open at a time", |c, t| positive(&mut c.limits.connections, t)),
    row("peer_connections", "N", "connections of one network address, but for a proxy's", |c, t| positive(&mut c.limits.peer_connections, t)),
    row("running", "N", "requests running at a time", |c, t| positive(&mut c.limits.running, t)),
    row("waiting", "N", "requests waiting for one that runs; more hear 503", |c, t| put(&mut c.limits.waiting, t)),
    row("patience_ms", "MS", "how long they wait before they hear 503", |c, t| millis(&mut c.limits.patience, t)),
    row("header_timeout_ms", "MS", "for a request's head, and for the next one on an idle connection", |c, t| millis(&mut c.limits.header_timeout, t)),
    row("body_timeout_ms", "MS", "between two pieces of a body", |c, t| millis(&mut c.limits.body_timeout, t)),
    row("write_timeout_ms", "MS", "for the client to take what is sent", |c, t| millis(&mut c.limits.write_timeout, t)),
    row("shutdown_timeout_ms", "MS", "for running requests when the relay ends", |c, t| millis(&mut c.limits.shutdown_timeout, t)),
    row("body_memory", "BYTES", "memory for bodies in flight", |c, t| positive(&mut c.limits.body_memory, t)),
    row("key_rate", "N", "requests a second of one key", |c, t| positive(&mut c.limits.key_rate, t)),
    row("key_burst", "N", "requests of one key at once", |c, t| positive(&mut c.limits.key_burst, t)),
    row("peer_rate", "N", "requests a second of one network address without a key", |c, t| positive(&mut c.limits.peer_rate, t)),
    row("peer_burst", "N", "requests of one network address without a key at once", |c, t| positive(&mut c.limits.peer_burst, t)),
    row("callers", "N", "callers whose rate is remembered", |c, t| positive(&mut c.limits.callers, t)),
    row("nonces", "N", "nonces of signed requests remembered; full means 503", |c, t| positive(&mut c.limits.nonces, t)),
    row("event_tickets", "N", "event streams that may be open or asked for", |c, t| positive(&mut c.limits.event_tickets, t)),
    row("event_ring", "N", "events kept for listeners who resume", |c, t| positive(&mut c.limits.event_ring, t)),
    row("event_keep_alive_ms", "MS", "between two signs of life on an event stream", |c, t| millis(&mut c.limits.event_keep_alive, t)),
    row("write_queue", "N", "store writes waiting; more hear 503", |c, t| positive(&mut c.limits.write_queue, t)),
    row("stream_bytes", "BYTES", "sealed bytes kept for one passport", |c, t| positive(&mut c.limits.stream_bytes, t)),
    row("vin_evaluations", "N", "VINs evaluated for one member on one day", |c, t| put(&mut c.limits.vin_evaluations, t)),
];
