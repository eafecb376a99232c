//! The page's side of the wallet: sends commands to the worker and holds what the worker says unasked.
//!
//! Here are no keys, only ids and opened views. A worker that locks is ended, and a fresh one started: whatever its
//! memory held is gone with it.

mod activity;
mod devices;
mod household;
mod link;
pub(crate) mod message;
mod reading;
mod sales;
mod session;
mod shares;
mod sources;
mod vehicles;

use self::link::{Link, Outcome, Reply};
use self::message::{FromWorker, Packed, ToWorker};
use crate::browser;
use crate::passkey::PasskeyFault;
use crate::status::{SyncState, use_status};
use carnet_protocol::id::StreamId;
use carnet_wallet::{
    command::{Answer, Command, Notice},
    error::WalletError,
    view::{Connection, SyncView, WalletState, WalletStatus},
};
use futures_channel::oneshot::channel;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::{collections::HashMap, pin::Pin};

/// Why a call brought no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallError {
    /// The wallet could not do it.
    Wallet(WalletError),
    /// The wallet's worker failed or could not be started. It starts again with the next call, locked; whether the
    /// command was done shows then.
    Worker,
    /// The part of the application that does it did not come; nothing was begun.
    NotFetched,
    /// The passkey was not used.
    Passkey(PasskeyFault),
}

impl From<PasskeyFault> for CallError {
    fn from(fault: PasskeyFault) -> Self {
        CallError::Passkey(fault)
    }
}

impl From<WalletError> for CallError {
    fn from(error: WalletError) -> Self {
        CallError::Wallet(error)
    }
}

/// How far a long command is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Steps done.
    pub done: u32,
    /// Steps in all.
    pub total: u32,
}

/// How often things changed: to be followed by whatever shows them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Changes {
    any: u32,
    by_car: HashMap<StreamId, u32>,
}

/// The wallet as the page sees it; one for the whole page, from [`use_wallet`].
#[derive(Clone, Copy)]
pub struct WalletClient {
    link: StoredValue<Link, LocalStorage>,
    status: RwSignal<Option<WalletStatus>>,
    sync: RwSignal<Option<SyncView>>,
    trouble: RwSignal<Option<WalletError>>,
    changes: RwSignal<Changes>,
    progress: RwSignal<Option<Progress>>,
    banner: RwSignal<SyncState>,
    online: ReadSignal<bool>,
}

/// Provides the client and asks the wallet how it stands; called once, by the shell, after the status.
pub(crate) fn provide_wallet() -> WalletClient {
    let status = use_status();
    let client = WalletClient {
        link: StoredValue::new_local(Link::default()),
        status: RwSignal::new(None),
        sync: RwSignal::new(None),
        trouble: RwSignal::new(None),
        changes: RwSignal::new(Changes::default()),
        progress: RwSignal::new(None),
        banner: status.sync,
        online: status.online,
    };
    provide_context(client);
    #[cfg(feature = "bench")]
    crate::bench::provide(client);
    activity::report(client);
    client.look();
    client
}

/// The wallet. Call it in a component's body, not after an await.
pub fn use_wallet() -> WalletClient {
    expect_context()
}

impl WalletClient {
    /// How the wallet stands; `None` until it has said so for the first time.
    pub fn status(&self) -> Signal<Option<WalletStatus>> {
        self.status.into()
    }

    /// Whether the wallet is open; `None` until it has said so for the first time.
    pub fn state(&self) -> Signal<Option<WalletState>> {
        let status = self.status;
        Signal::derive(move || status.read().as_ref().map(|status| status.state))
    }

    /// Where the sync stands; `None` until the open wallet has said so.
    pub fn sync_view(&self) -> Signal<Option<SyncView>> {
        self.sync.into()
    }

    /// Why synchronising by itself failed the last time, where it was not for want of a connection.
    pub fn trouble(&self) -> Signal<Option<WalletError>> {
        self.trouble.into()
    }

    /// How far the long command that now runs is.
    pub fn progress(&self) -> Signal<Option<Progress>> {
        self.progress.into()
    }

    /// Grows with every change of anything: read it where lists are loaded, and they load again.
    pub fn changes(&self) -> Signal<u32> {
        self.counted(|changes| changes.by_car.values().fold(changes.any, |sum, count| sum.wrapping_add(*count)))
    }

    /// Grows with every change that may concern this car.
    pub fn changes_of(&self, vehicle: StreamId) -> Signal<u32> {
        self.counted(move |changes| changes.any.wrapping_add(changes.by_car.get(&vehicle).copied().unwrap_or(0)))
    }

    /// A count over the changes. Computed at once: a memo that nobody has read follows nothing, and whoever only tracks
    /// it would hear of no change.
    fn counted(&self, count: impl Fn(&Changes) -> u32 + Send + Sync + 'static) -> Signal<u32> {
        let changes = self.changes;
        let counted = Memo::new(move |_| count(&changes.read()));
        counted.with_untracked(|_| ());
        counted.into()
    }

    /// Gives a command to the worker and waits for its answer. Pages use the methods named after the commands.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn call(&self, command: Command) -> Pin<Box<dyn Future<Output = Result<Answer, CallError>>>> {
        let client = *self;
        // Boxed, so that who waits for it does not contain it.
        Box::pin(async move {
            let command = Packed::new(&command);
            let (sender, receiver) = channel();
            let reply = Box::new(move |outcome| {
                let result = match outcome {
                    Outcome::Result(packed) => match packed.open::<Result<Answer, WalletError>>() {
                        Ok(result) => result.map_err(CallError::Wallet),
                        // The worker is of another build.
                        Err(_) => {
                            client.end_worker(&CallError::Worker);
                            Err(CallError::Worker)
                        }
                    },
                    Outcome::Status(_) => Err(CallError::Worker),
                    Outcome::Failed(error) => Err(error),
                };
                if let Ok(Answer::Status(status)) = &result {
                    client.note_status(status);
                }
                // Whoever asked may have gone: its page was left.
                let _ = sender.send(result);
            });
            client.ask(move |id| ToWorker::Command { id, command }, reply);
            let result = receiver.await.unwrap_or(Err(CallError::Worker));
            if matches!(result, Err(CallError::Wallet(WalletError::Locked | WalletError::NoWallet))) {
                // The page believed otherwise: the wallet was removed in another tab.
                client.look();
            }
            result
        })
    }

    /// Asks how the wallet stands; [`Self::status`] follows.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn refresh_status(&self) -> Result<(), CallError> {
        let client = *self;
        let (sender, receiver) = channel();
        let reply = Box::new(move |outcome| {
            let result = match outcome {
                Outcome::Status(status) => {
                    client.note_status(&status);
                    Ok(())
                }
                Outcome::Result(_) => Err(CallError::Worker),
                Outcome::Failed(error) => Err(error),
            };
            let _ = sender.send(result);
        });
        client.ask(|id| ToWorker::Status { id }, reply);
        receiver.await.unwrap_or(Err(CallError::Worker))
    }

    /// Asks the worker something.
    fn ask(&self, message: impl FnOnce(u32) -> ToWorker, reply: Reply) {
        let client = *self;
        let asked = self.link.try_update_value(|link| link.ask(message, reply, move |message| client.hear(message)));
        if let Some(Err(reply)) = asked {
            reply(Outcome::Failed(CallError::Worker));
        }
    }

    /// Hands on what came of a call.
    fn answer(&self, id: u32, outcome: Outcome) {
        self.progress.set(None);
        if let Some(reply) = self.link.try_update_value(|link| link.waiting(id)).flatten() {
            reply(outcome);
        }
    }

    /// Takes in what the worker says.
    fn hear(&self, message: FromWorker) {
        match message {
            FromWorker::Answer { id, result } => self.answer(id, Outcome::Result(result)),
            FromWorker::NotFetched { id } => self.answer(id, Outcome::Failed(CallError::NotFetched)),
            FromWorker::Status { id, result: Ok(status) } => self.answer(id, Outcome::Status(status)),
            FromWorker::Status { id, result: Err(error) } => {
                self.answer(id, Outcome::Failed(CallError::Wallet(error)));
            }
            FromWorker::Notice(Notice::Locked) => {
                self.end_worker(&CallError::Wallet(WalletError::Locked));
                // Locked or removed: a fresh worker finds out.
                self.look();
            }
            FromWorker::Notice(Notice::Sync(view)) => {
                self.trouble.set(None);
                self.banner.set(banner(&view, self.online.get_untracked()));
                self.sync.set(Some(view));
            }
            FromWorker::Notice(Notice::Changed(None)) => self.changes.update(|changes| changes.any += 1),
            FromWorker::Notice(Notice::Changed(Some(vehicle))) => {
                self.changes.update(|changes| *changes.by_car.entry(vehicle).or_default() += 1);
            }
            FromWorker::Notice(Notice::Progress { done, total }) => self.progress.set(Some(Progress { done, total })),
            FromWorker::SyncFailed(WalletError::Erased) => {
                self.end_worker(&CallError::Wallet(WalletError::Erased));
                self.banner.set(SyncState::Erased);
                self.look();
            }
            FromWorker::SyncFailed(error) => {
                match error {
                    WalletError::Untrusted { .. } => self.banner.set(SyncState::Contradiction),
                    WalletError::ClockOff { relay: Some(relay) } => {
                        self.banner.set(SyncState::ClockOff((relay.0 / 1_000) as i64));
                    }
                    _ => {}
                }
                self.trouble.set(Some(error));
            }
            FromWorker::Died => self.end_worker(&CallError::Worker),
        }
    }

    fn note_status(&self, status: &WalletStatus) {
        let was_open = self.state_untracked() == Some(WalletState::Unlocked);
        if was_open && status.state != WalletState::Unlocked {
            // Everything that was waiting came in before this answer, or is refused with it.
            let client = *self;
            spawn_local(async move { client.end_worker(&CallError::Wallet(WalletError::Locked)) });
        }
        // What is absent without having been removed was evicted; then the note stays, for the page that says so.
        match status.state {
            WalletState::Absent if was_open || status.removed_at.is_some() => browser::note_wallet(false),
            WalletState::Absent => {}
            WalletState::Locked | WalletState::Unlocked => browser::note_wallet(true),
        }
        if self.status.get_untracked().as_ref() != Some(status) {
            self.status.set(Some(status.clone()));
        }
    }

    fn state_untracked(&self) -> Option<WalletState> {
        self.status.read_untracked().as_ref().map(|status| status.state)
    }

    /// Ends the worker and with it every key. What still waits fails with `error`.
    fn end_worker(&self, error: &CallError) {
        for reply in self.link.try_update_value(Link::end).into_iter().flatten() {
            reply(Outcome::Failed(error.clone()));
        }
        self.progress.set(None);
        self.sync.set(None);
        self.trouble.set(None);
        self.banner.set(SyncState::Settled);
        if self.state_untracked() == Some(WalletState::Unlocked) {
            self.status.update(|status| {
                if let Some(status) = status {
                    status.state = WalletState::Locked;
                }
            });
        }
    }

    /// Asks the wallet how it stands; the answer goes into the signal.
    fn look(&self) {
        let client = *self;
        spawn_local(async move {
            // Whoever needs the wallet hears of a failure from its own call.
            let _ = client.refresh_status().await;
        });
    }

    /// Tells the worker something, if there is one.
    fn tell(&self, message: &ToWorker) {
        self.link.with_value(|link| link.tell(message));
    }
}

fn banner(view: &SyncView, online: bool) -> SyncState {
    match (view.connection, view.waiting) {
        (Connection::Offline, waiting) if online => SyncState::RelayUnreachable(waiting),
        (_, 0) => SyncState::Settled,
        (Connection::Offline, waiting) => SyncState::Waiting(waiting),
        (Connection::Unknown | Connection::Online, waiting) => SyncState::Sending(waiting),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_banner_tells_a_missing_connection_from_a_missing_relay() {
        let view =
            |connection, waiting| SyncView { connection, waiting, unconfirmed: false, synced_at: None, refused: None };
        assert_eq!(banner(&view(Connection::Offline, 3), true), SyncState::RelayUnreachable(3));
        assert_eq!(banner(&view(Connection::Offline, 3), false), SyncState::Waiting(3));
        assert_eq!(banner(&view(Connection::Online, 3), true), SyncState::Sending(3));
        assert_eq!(banner(&view(Connection::Online, 0), true), SyncState::Settled);
        assert_eq!(banner(&view(Connection::Unknown, 0), true), SyncState::Settled);
    }
}
