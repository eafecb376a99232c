//! The worker's one task: takes jobs from the queue and does them, one after the other.

use super::{
    events::{Events, STREAMS_MAX},
    fetch::FetchTransport,
    parts,
    platform::{self, Randomness},
    post,
    queue::{Job, Queue},
    schedule::{IdleTimes, SyncTimes},
    tabs::{TabMessage, Tabs},
    turn::{self, Turn},
};
use crate::{
    parts::fetched,
    wallet::message::{FromWorker, Packed, ToWorker},
};
use carnet_wallet::{
    Wallet,
    command::{Answer, Command, DeviceCommand, Notice},
    error::WalletError,
    view::{Connection, SyncView, WalletState, WalletStatus},
};
use carnet_wallet_indexeddb::{DATABASE, IndexedDbStore};
use futures_channel::oneshot;
use gloo::timers::callback::Timeout;
use std::{future::poll_fn, pin::pin, task::Poll};
use web_sys::DedicatedWorkerGlobalScope;

/// How long nothing is asked for before what the page showed last is kept: what belongs to one tap comes closer together.
const QUIET_MS: u32 = 500;

/// The wallet with everything around it.
pub(super) struct Host {
    scope: DedicatedWorkerGlobalScope,
    queue: Queue,
    wallet: Wallet<IndexedDbStore, FetchTransport>,
    random: Randomness,
    tabs: Tabs,
    sync: SyncTimes,
    /// Something came in of which the page was not told: before a synchronisation was broken off by a command, or where
    /// only the page that shows it asks for it.
    untold: bool,
    idle: IdleTimes,
    events: Events,
    unlocked: bool,
    visible: bool,
    /// Something was done since the first screen was looked at that could have changed it.
    stirred: bool,
}

impl Host {
    /// A locked wallet.
    pub(super) fn new(scope: DedicatedWorkerGlobalScope, queue: Queue, tabs: Tabs) -> Self {
        let wallet = Wallet::new(IndexedDbStore::new(DATABASE), FetchTransport::new(scope.clone()), platform::policy())
            .with_first_screens(platform::build(&scope));
        Self {
            wallet,
            random: platform::randomness(),
            tabs,
            sync: SyncTimes::default(),
            untold: false,
            idle: IdleTimes::default(),
            events: Events::default(),
            unlocked: false,
            visible: true,
            stirred: false,
            scope,
            queue,
        }
    }

    /// Works until the page ends the worker.
    pub(super) async fn run(mut self) {
        loop {
            if let Some(job) = self.queue.take() {
                self.work(job).await;
            } else if self.unlocked && self.sync.due(platform::now().0, self.visible, self.events.listening()) {
                self.synchronise().await;
            } else if self.stirred && self.unlocked {
                self.keep_first_screen().await;
            } else {
                self.queue.filled().await;
            }
        }
    }

    async fn work(&mut self, job: Job) {
        match job {
            Job::Page(ToWorker::Command { id, command }) => self.asked(id, &command).await,
            Job::Page(ToWorker::Status { id }) => {
                let result = match self.command(Command::Status).await {
                    Ok(Answer::Status(status)) => Ok(status),
                    Ok(_) => Err(WalletError::BadInput),
                    Err(error) => Err(error),
                };
                post(&self.scope, &FromWorker::Status { id, result });
            }
            Job::Page(ToWorker::Active) => {
                self.idle.active(platform::now().0);
                self.tabs.tell(TabMessage::Active);
            }
            Job::Page(ToWorker::Visible(visible)) => self.visible = visible,
            Job::Tab(TabMessage::Active) => self.idle.active(platform::now().0),
            // A tab that only reads a link keeps it.
            Job::Tab(TabMessage::Locked) if self.unlocked => self.lock().await,
            Job::Tab(TabMessage::Locked) => {}
            Job::Tab(TabMessage::Changed(stream)) => {
                self.wallet.doubt_first_screens();
                post(&self.scope, &FromWorker::Notice(Notice::Changed(stream)));
            }
            Job::News { inbox } => {
                self.untold |= inbox;
                self.sync.want();
            }
            Job::EventsEnded => {
                self.events.close();
                self.events.postpone(platform::now().0);
            }
            Job::Online => self.sync.reconnected(),
            Job::Pulse if self.unlocked && self.idle.over(platform::now().0) => {
                self.tabs.tell(TabMessage::Locked);
                self.lock().await;
            }
            Job::Pulse => {}
        }
    }

    /// Keeps what the page showed last for the next start, once nobody has asked for anything for a while, and so far as it
    /// can: nobody is told of what fails here.
    async fn keep_first_screen(&mut self) {
        let queue = self.queue.clone();
        if before(passed(QUIET_MS), queue.filled()).await.is_none() {
            return;
        }
        self.stirred = false;
        if let Ok(work) = fetched!(parts::keep_first_screen(&mut self.wallet, &mut self.random))
            && before(work, queue.asked()).await.is_none()
        {
            self.stirred = true;
        }
    }

    /// Does what the page asks, and answers.
    async fn asked(&mut self, id: u32, command: &Packed) {
        // The page is of another build.
        let Ok(command) = command.open::<Command>() else { return post(&self.scope, &FromWorker::Died) };
        if !command.reads() && fetched!(parts::keeping()).is_err() {
            return post(&self.scope, &FromWorker::NotFetched { id });
        }
        let result = Packed::new(&self.command(command).await);
        post(&self.scope, &FromWorker::Answer { id, result });
        carnet_wallet::marks::mark("answer");
    }

    /// Does a command, and notes what follows from it.
    async fn command(&mut self, command: Command) -> Result<Answer, WalletError> {
        let turn = turn_of(&command);
        let (locks, topics, lists) = (locks(&command), changes_topics(&command), changes_lists(&command));
        let held = match turn {
            Some(turn) => Some(turn::wait(turn).await),
            None => None,
        };
        let result = self.handle(command).await;
        drop(held);
        let mut answer = result?;
        if let Answer::Status(status) = &mut answer {
            self.note(status).await;
        }
        if locks {
            self.events.close();
            self.tabs.tell(TabMessage::Locked);
        }
        if topics {
            self.events.renew();
        }
        if turn == Some(Turn::Write) {
            self.sync.want();
        }
        if lists {
            tell(&self.scope, &self.tabs, Notice::Changed(None));
        }
        Ok(answer)
    }

    async fn handle(&mut self, command: Command) -> Result<Answer, WalletError> {
        self.stirred = true;
        let (scope, tabs) = (self.scope.clone(), self.tabs.clone());
        let mut on = |notice| tell(&scope, &tabs, notice);
        if command.reads() {
            return self.wallet.read(command, platform::now(), &mut self.random, &mut on).await;
        }
        match fetched!(parts::keep(&mut self.wallet, command, &mut self.random, &mut on)) {
            Ok(kept) => kept.await,
            // Its part was fetched with the command that opened the wallet; and it lies where the relay is.
            Err(_) => Err(WalletError::Offline),
        }
    }

    async fn note(&mut self, status: &mut WalletStatus) {
        let unlocked = status.state == WalletState::Unlocked;
        if unlocked && !self.unlocked {
            self.idle.active(platform::now().0);
            self.sync.reconnected();
        }
        self.unlocked = unlocked;
        self.idle.set_minutes(status.idle_lock_minutes);
        status.storage_persistent = platform::storage_persistent().await;
    }

    /// Locks without having been asked by the page.
    async fn lock(&mut self) {
        self.events.close();
        self.unlocked = false;
        // The page ends this worker when it hears of it, so even a store that fails now leaves no keys behind.
        let _ = self.handle(Command::Lock).await;
        post(&self.scope, &FromWorker::Notice(Notice::Locked));
    }

    /// Synchronises, until it is done or the page asks for something: a command never waits for the relay behind work
    /// that nobody asked for. What was sent so far stays sent, the rest is taken up again.
    async fn synchronise(&mut self) {
        let Some(_turn) = turn::take(Turn::Sync).await else {
            // The other tab sends from the same outbox; look again when it should be done.
            return self.sync.failed(platform::now().0, None, platform::jitter());
        };
        let queue = self.queue.clone();
        let outcome = before(self.handle(Command::Sync), queue.asked()).await;
        match outcome {
            Some(result) => self.synchronised(result).await,
            None => {
                self.untold = true;
                self.sync.want();
            }
        }
    }

    async fn synchronised(&mut self, result: Result<Answer, WalletError>) {
        let now = platform::now().0;
        match result {
            Ok(Answer::Sync(view)) if settled(&view) => {
                self.sync.succeeded(now, view.unconfirmed);
                if core::mem::take(&mut self.untold) {
                    tell(&self.scope, &self.tabs, Notice::Changed(None));
                }
                self.listen().await;
            }
            Ok(_) | Err(WalletError::Offline) => self.sync.failed(now, None, platform::jitter()),
            Err(WalletError::Busy { retry_after_s }) => {
                self.sync.failed(now, Some(retry_after_s), platform::jitter());
            }
            Err(WalletError::Locked | WalletError::NoWallet) => self.unlocked = false,
            Err(error) => {
                self.sync.failed(now, None, platform::jitter());
                post(&self.scope, &FromWorker::SyncFailed(error));
            }
        }
    }

    /// Asks the relay to tell of news by itself.
    async fn listen(&mut self) {
        let now = platform::now();
        if !self.events.wanted(now.0) {
            return;
        }
        self.events.postpone(now.0);
        let Some(turn) = turn::take(Turn::Listen).await else { return };
        let tickets = self.wallet.event_tickets(STREAMS_MAX, now, &mut self.random).await;
        self.events.open(turn, &tickets, &self.queue);
    }
}

/// What work came to, or nothing where something else came before its end; the work is broken off then.
async fn before<T>(work: impl Future<Output = T>, end: impl Future<Output = ()>) -> Option<T> {
    let (mut work, mut end) = (pin!(work), pin!(end));
    poll_fn(|context| match work.as_mut().poll(context) {
        Poll::Ready(result) => Poll::Ready(Some(result)),
        Poll::Pending => end.as_mut().poll(context).map(|()| None),
    })
    .await
}

/// Waits so many milliseconds; no timer is left behind where the wait is broken off.
async fn passed(milliseconds: u32) {
    let (over, waits) = oneshot::channel();
    let _timer = Timeout::new(milliseconds, move || {
        let _ = over.send(());
    });
    let _ = waits.await;
}

/// Passes a notice on to the page, and to other tabs what concerns them.
fn tell(scope: &DedicatedWorkerGlobalScope, tabs: &Tabs, notice: Notice) {
    if let Notice::Changed(stream) = &notice {
        tabs.tell(TabMessage::Changed(*stream));
    }
    post(scope, &FromWorker::Notice(notice));
}

/// Nothing is left to send, or what is left was refused and waits for the person.
fn settled(view: &SyncView) -> bool {
    view.connection == Connection::Online && (view.waiting == 0 || view.refused.is_some())
}

/// The turn that a command needs. Whatever is not known to only read counts as writing.
fn turn_of(command: &Command) -> Option<Turn> {
    use Command as C;
    match command {
        C::Sync => Some(Turn::Sync),
        C::Status
        | C::DrawWords
        | C::Device(
            DeviceCommand::List
            | DeviceCommand::StartMeeting
            | DeviceCommand::Meeting
            | DeviceCommand::CancelMeeting
            | DeviceCommand::Join { .. }
            | DeviceCommand::Joining
            | DeviceCommand::CancelJoining,
        )
        | C::Unlock { .. }
        | C::Lock
        | C::Vehicles
        | C::Passport { .. }
        | C::Timeline { .. }
        | C::Record { .. }
        | C::CheckReading { .. }
        // It keeps what it found under a condition of the store, and changes nothing that syncs.
        | C::CheckSignatures { .. }
        | C::Attachment { .. }
        | C::DryRun { .. }
        | C::Imports { .. }
        | C::Members
        | C::PreviewShare { .. }
        | C::Shares { .. }
        | C::ShowLink { .. }
        | C::Looks { .. }
        | C::OpenLink { .. }
        | C::Saved
        // As the passport of one of them, it notes what was found out, and changes nothing that syncs.
        | C::AskSaved
        | C::Staff
        | C::DemoRoles
        | C::Inbox => None,
        #[cfg(feature = "bench")]
        C::CheckBenchVehicle { .. }
        | C::BenchRecordSizes { .. }
        | C::BenchGrantBytes { .. }
        | C::BenchScreen { .. }
        | C::Marks => None,
        _ => Some(Turn::Write),
    }
}

/// Whether a list changes of which the wallet itself says nothing: other tabs show it too.
fn changes_lists(command: &Command) -> bool {
    matches!(
        command,
        Command::AddVehicle { .. }
            | Command::AddSampleVehicle
            | Command::ClaimLink
            | Command::ForgetSaved { .. }
            | Command::TakeDemoRole { .. }
            | Command::RequestMembership { .. }
            | Command::AnswerGrant { .. }
    )
}

fn locks(command: &Command) -> bool {
    matches!(command, Command::Lock | Command::RemoveWallet)
}

/// Whether there is more, or someone else, to listen for afterwards.
fn changes_topics(command: &Command) -> bool {
    matches!(
        command,
        Command::AddVehicle { .. }
            | Command::AddSampleVehicle
            | Command::TakeDemoRole { .. }
            | Command::RequestMembership { .. }
    )
}
