//! Rounds: record what is new, have everybody cosign it, publish when a quorum has.

use super::{Remote, Transparency, client};
use crate::relay::App;
use carnet_proofs::{
    Freshness,
    note::{Note, NoteSignature},
};
use carnet_protocol::proof::CosignAnswer;
use carnet_transparency::BooksError;
use std::{sync::Arc, time::Duration};
use tokio::{
    sync::{Notify, watch},
    task::{JoinHandle, JoinSet},
    time::{Instant, sleep, sleep_until, timeout_at},
};

/// Between the beginnings of two rounds: what is accepted meanwhile goes into one checkpoint.
const INTERVAL: Duration = Duration::from_secs(1);
/// For a round in which some cosigner does not answer.
const ROUND_MAX: Duration = Duration::from_secs(60);
/// For the slower cosigners once there is a quorum.
const GRACE: Duration = Duration::from_millis(250);
/// After a round without a quorum.
const RETRY: Duration = Duration::from_secs(5);
/// While nothing is new: four signatures before the oldest goes stale.
const REFRESH: Duration = Duration::from_secs(6 * 60 * 60);

/// The task that holds rounds.
pub struct Rounds(JoinHandle<()>);

impl Rounds {
    /// Starts it; it ends when the relay does.
    pub fn start(app: App, transparency: Arc<Transparency>, until: watch::Receiver<bool>) -> Self {
        let news = Arc::new(Notify::new());
        let teller = news.clone();
        app.ledger.subscribe(Box::new(move |_| teller.notify_one()));
        Self(tokio::spawn(run(app, transparency, news, until)))
    }

    /// Waits for its end.
    pub async fn ended(self) {
        if self.0.await.is_err() {
            tracing::error!("the rounds of cosigning ended in a panic");
        }
    }
}

async fn run(app: App, transparency: Arc<Transparency>, news: Arc<Notify>, mut until: watch::Receiver<bool>) {
    loop {
        let began = Instant::now();
        let pause = tokio::select! {
            pause = round(&app, &transparency) => pause,
            _ = until.changed() => return,
        };
        tokio::select! {
            () = news.notified() => {}
            () = sleep(pause) => {}
            _ = until.changed() => return,
        }
        tokio::select! {
            () = sleep_until(began + INTERVAL) => {}
            _ = until.changed() => return,
        }
    }
}

/// One round; how long to wait for the next when there is no news.
async fn round(app: &App, transparency: &Arc<Transparency>) -> Duration {
    let (relay, log) = (app.clone(), transparency.clone());
    let recorded = blocking(move || {
        relay.ledger.record(&log.prover)?;
        log.prover.candidate()
    });
    let Some(note) = recorded.await.flatten() else { return RETRY };
    let Some(lines) = collect(app, transparency, &note).await else { return RETRY };
    let log = transparency.clone();
    match blocking(move || log.prover.publish(lines)).await {
        Some(()) => REFRESH,
        None => RETRY,
    }
}

/// New lines of cosigners under the log's note, a quorum at least; `None` when that many do not sign.
async fn collect(app: &App, transparency: &Arc<Transparency>, note: &Note) -> Option<Vec<NoteSignature>> {
    let mut asked = JoinSet::new();
    for at in 0..transparency.cosigners.len() {
        asked.spawn(sign(app.clone(), transparency.clone(), at));
    }
    let (mut deadline, mut with_lines, mut lines) = (Instant::now() + ROUND_MAX, note.clone(), Vec::new());
    let mut quorum = false;
    while let Ok(Some(answered)) = timeout_at(deadline, asked.join_next()).await {
        let Ok(Some(line)) = answered else { continue };
        let Some(cosigner) = transparency.policy.cosigner_of(note, &line) else {
            tracing::warn!(name = line.name, "a signature by no cosigner of the policy, or on another checkpoint");
            continue;
        };
        tracing::debug!(by = cosigner.name, "cosigned");
        with_lines.put(line.clone());
        lines.push(line);
        if !quorum && transparency.policy.witness(&with_lines.to_string(), Freshness::Any).is_ok() {
            quorum = true;
            deadline = deadline.min(Instant::now() + GRACE);
        }
    }
    if !quorum {
        tracing::warn!(signed = lines.len(), needed = transparency.policy.needed(), "too few cosigners have signed");
    }
    quorum.then_some(lines)
}

/// One cosigner's line, page by page.
async fn sign(app: App, transparency: Arc<Transparency>, at: usize) -> Option<NoteSignature> {
    let cosigner: &Remote = transparency.cosigners.get(at)?;
    loop {
        let (relay, log, from) = (app.clone(), transparency.clone(), cosigner.size());
        let request = blocking(move || relay.ledger.feed(&log.prover, from)).await??;
        match client::ask(&cosigner.address, &request).await {
            Ok(CosignAnswer::Cosigned { line }) => {
                cosigner.set_size(request.from + request.transactions.len() as u64);
                return NoteSignature::parse(&line).ok();
            }
            Ok(CosignAnswer::More { size } | CosignAnswer::Elsewhere { size }) if size != from => {
                cosigner.set_size(size);
            }
            Ok(_) => {
                tracing::warn!(at = cosigner.address, "a cosigner does not get on");
                return None;
            }
            Err(error) => {
                tracing::warn!(at = cosigner.address, %error, "a cosigner did not sign");
                return None;
            }
        }
    }
}

/// Runs what waits for the disk on a thread of its own; a failure is logged.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T, BooksError> + Send + 'static) -> Option<T> {
    match tokio::task::spawn_blocking(work).await {
        Ok(Ok(value)) => Some(value),
        Ok(Err(error)) => {
            tracing::error!(%error, "the transparency log cannot go on");
            None
        }
        Err(_) => None,
    }
}
