//! Sending what waits and fetching what is new. Order and retries: `docs/sync.md`.
//!
//! The plan of each request and the reading of each answer are pure ([`plan`]); here they meet store and transport.
//! An answer takes effect in one commit, so a crash at any point only repeats a request, and repeating is harmless.

pub(crate) mod plan;
mod pull;
mod push;
mod ring;

pub(crate) use push::name_of;

use crate::{
    command::{Answer, Notice},
    error::{Distrust, WalletError},
    journal::Opened,
    outbox::{self, Ahead},
    relay::{Auth, RelayError},
    row::{self, Space},
    session::Session,
    store::{Batch, Store, Table},
    transport::Transport,
    view::{Connection, SyncView},
    wallet::{Context, Wallet, boxed},
};
use carnet_protocol::{
    api::{body::RelayInfo, path},
    day::Timestamp,
    id::StreamId,
    key::VerifyingKey,
    limits::REQUEST_SKEW_MS,
};
use rand_core::CryptoRng;
use std::collections::{HashMap, HashSet};

/// Where the sync stands, as far as it is not in the store.
#[derive(Default)]
pub(crate) struct SyncState {
    connection: Option<Connection>,
    synced_at: Option<Timestamp>,
    refused: Option<String>,
    /// The relay says that an offered car was sold, and no checkpoint confirms it yet.
    pub(crate) sold_unproved: bool,
    /// The lanes that stand because something was refused.
    standing: HashSet<Space>,
    /// When all leaves of a car were read last: withdrawals change leaves that are known already.
    read_whole: HashMap<StreamId, Timestamp>,
    /// Cars of which the relay said, since this started, that they are held together no more.
    gone: HashSet<StreamId>,
    /// Passports of others' cars of which the relay said, since this started, that they are closed.
    closed: HashSet<StreamId>,
    /// When the relay was asked last how such a passport stands.
    asked: HashMap<StreamId, Timestamp>,
    /// The key with which the relay signs what it says of removals, as met.
    relay_key: Option<VerifyingKey>,
}

/// How long known leaves are taken as they are, in milliseconds: what another device or a source withdrew shows after
/// ten minutes at the latest, and 10,000 leaves (1.7 MB) are not fetched at each sync.
const LEAVES_TRUSTED_MS: u64 = 10 * 60 * 1_000;

impl SyncState {
    fn must_read_whole(&self, stream: StreamId, now: Timestamp) -> bool {
        self.read_whole.get(&stream).is_none_or(|at| at.plus(LEAVES_TRUSTED_MS) <= now)
    }

    /// Notes that a car is held together no more. The word is final where it is true, so it is asked for once: whoever
    /// hears it wrongly asks again at the next start.
    pub(crate) fn note_gone(&mut self, stream: StreamId) {
        self.gone.insert(stream);
    }

    /// Whether the relay has said so.
    pub(crate) fn is_gone(&self, stream: StreamId) -> bool {
        self.gone.contains(&stream)
    }

    /// Whether to ask how a passport stands to which one writes as a source.
    pub(crate) fn must_ask(&self, stream: StreamId, now: Timestamp) -> bool {
        !self.is_closed(stream) && self.asked.get(&stream).is_none_or(|at| at.plus(LEAVES_TRUSTED_MS) <= now)
    }

    /// Notes that it was asked.
    pub(crate) fn note_asked(&mut self, stream: StreamId, now: Timestamp) {
        self.asked.insert(stream, now);
    }

    /// Notes that a passport is closed, which is final where it is true; says whether that is new.
    pub(crate) fn note_closed(&mut self, stream: StreamId) -> bool {
        self.closed.insert(stream)
    }

    /// Whether the relay has said so.
    pub(crate) fn is_closed(&self, stream: StreamId) -> bool {
        self.closed.contains(&stream)
    }

    /// Notes that a lane stands.
    fn refuse(&mut self, lane: Space, reason: String) {
        self.refused = Some(reason);
        self.standing.insert(lane);
    }

    /// Whether a lane stood when it was tried last.
    pub(crate) fn stands(&self, lane: Space) -> bool {
        self.standing.contains(&lane)
    }

    /// Whether the last thing sent was refused for good; asked once.
    pub(crate) fn take_refusal(&mut self) -> bool {
        self.refused.take().is_some()
    }

    /// The key of the relay that was met last.
    pub(crate) fn relay_key(&self) -> Option<VerifyingKey> {
        self.relay_key
    }
}

impl<S: Store, T: Transport> Wallet<S, T> {
    /// Sends what waits and fetches what is new. What cannot be reached waits; what does not verify is an error.
    pub(crate) async fn synchronise<R: CryptoRng>(&mut self, cx: &mut Context<'_, R>) -> Result<Answer, WalletError> {
        self.session.unlocked()?;
        let result = self.exchange(cx).await;
        let view = self.sync_view().await?;
        cx.tell(Notice::Sync(view.clone()));
        match result {
            Ok(()) | Err(WalletError::Offline | WalletError::Busy { .. }) => Ok(Answer::Sync(view)),
            Err(error) => Err(error),
        }
    }

    /// Each step is on the heap: together they would fill the stack of a worker in every command that sends.
    async fn exchange<R: CryptoRng>(&mut self, cx: &mut Context<'_, R>) -> Result<(), WalletError> {
        (self.sync.refused, self.sync.sold_unproved) = (None, false);
        self.sync.standing.clear();
        self.meet(cx).await?;
        boxed(|| self.fetch_handovers(cx)).await?;
        boxed(|| self.renew_shares(cx)).await?;
        boxed(|| self.follow_held(cx)).await?;
        boxed(|| self.push_rewraps(cx)).await?;
        boxed(|| self.exchange_keyring(cx)).await?;
        boxed(|| self.renew_generations(cx)).await?;
        // Not before another device's word came in: it may have ended the invitation. The keyring goes first, so that whoever
        // is let in is known to all devices.
        if boxed(|| self.take_joins(cx)).await? {
            boxed(|| self.exchange_keyring(cx)).await?;
        }
        self.expect_no_evidence().await?;
        boxed(|| self.push_ahead(Ahead::Openings, cx)).await?;
        boxed(|| self.fetch_handovers(cx)).await?;
        boxed(|| self.resume_sales(cx)).await?;
        boxed(|| self.settle_inboxes(cx)).await?;
        let (lanes, _) = outbox::lanes(&self.store).await?;
        let streams: Vec<StreamId> =
            self.session.unlocked()?.keyring.vehicles.iter().map(|vehicle| vehicle.stream).collect();
        for lane in lanes {
            // What was written to a car that is no longer held together waits here, and goes nowhere.
            if self.has_ended(lane)? {
                continue;
            }
            if streams.contains(&StreamId(lane.0)) {
                if self.is_archive(StreamId(lane.0)).await? {
                    // Another device sold it; what waits here came too late, and its records say so.
                    self.end_lane(lane).await?;
                    continue;
                }
                // Whoever is given a grant finds the keys to write with; a passport that is not open yet gets them below.
                boxed(|| self.publish_seal_keys(StreamId(lane.0), cx)).await?;
            }
            boxed(|| self.push_lane(lane, cx)).await?;
        }
        boxed(|| self.finish_erasures(cx)).await?;
        if matches!(self.session, Session::Closed) {
            return Ok(());
        }
        self.fetch_directory(cx).await?;
        let vehicles = &self.session.unlocked()?.keyring.vehicles;
        let standing = vehicles.iter().filter(|vehicle| vehicle.expect_standing().is_ok());
        let streams: Vec<StreamId> = standing.map(|vehicle| vehicle.stream).collect();
        for stream in streams {
            if self.is_archive(stream).await? && self.has_all(stream)? {
                if self.was_shown_otherwise(stream)? {
                    cx.tell(Notice::Changed(Some(stream)));
                }
                continue;
            }
            boxed(|| self.publish_seal_keys(stream, cx)).await?;
            let news = boxed(|| self.pull_stream(stream, cx)).await? | boxed(|| self.notice_sold(stream, cx)).await?;
            // Another tab may have changed what is shown here, and not come to say so.
            if self.was_shown_otherwise(stream)? | news {
                cx.tell(Notice::Changed(Some(stream)));
                // What was sealed to the inbox was wrapped anew, and goes back at once.
                boxed(|| self.push_lane(Space::from(stream), cx)).await?;
            }
        }
        boxed(|| self.follow_desk(cx)).await?;
        // What became of a sale was noted on the way.
        boxed(|| self.exchange_keyring(cx)).await?;
        if self.sync.refused.is_none() {
            self.sync.synced_at = Some(cx.now);
        }
        Ok(())
    }

    fn has_ended(&self, lane: Space) -> Result<bool, WalletError> {
        let vehicle = self.session.unlocked()?.keyring.vehicle(StreamId(lane.0));
        Ok(vehicle.is_ok_and(|vehicle| vehicle.expect_standing().is_err()))
    }

    /// Asks the relay who it is, and holds its ledger against the pinned one.
    ///
    /// # Errors
    /// [`Distrust::Ledger`]; nothing else is sent to such a relay.
    pub(crate) async fn meet<R: CryptoRng>(&mut self, cx: &mut Context<'_, R>) -> Result<(), WalletError> {
        let info = self.relay(cx.now).get::<RelayInfo>(path::INFO, Auth::Open, cx.rng).await;
        let info = self.note_connection(info)?;
        // What is signed by such a clock the relay refuses anyway; so it is said before, and with the time it should be.
        if info.now.0.abs_diff(cx.now.0) > REQUEST_SKEW_MS {
            return Err(WalletError::ClockOff { relay: Some(info.now) });
        }
        self.sync.relay_key = Some(info.key);
        let keyring = &self.session.unlocked()?.keyring;
        match keyring.ledger {
            Some(pinned) if pinned == info.ledger => Ok(()),
            Some(_) => Err(WalletError::Untrusted { what: Distrust::Ledger }),
            None => {
                let mut next = keyring.duplicate()?;
                next.ledger = Some(info.ledger);
                self.commit_keyring(next, Batch::default(), cx).await
            }
        }
    }

    /// Notes from an answer, or its lack, whether the relay can be reached.
    pub(crate) fn note_connection<A>(&mut self, answer: Result<A, RelayError>) -> Result<A, WalletError> {
        let reached = !matches!(answer, Err(RelayError::Offline));
        self.sync.connection = Some(if reached { Connection::Online } else { Connection::Offline });
        Ok(answer?)
    }

    pub(crate) async fn sync_view(&self) -> Result<SyncView, WalletError> {
        let (_, mut waiting) = outbox::lanes(&self.store).await?;
        if let Ok(unlocked) = self.session.unlocked()
            && unlocked.version > self.kept_version().await?
        {
            // The keyring goes along with most changes; it counts only where nothing else waits.
            waiting = waiting.max(1);
        }
        Ok(SyncView {
            connection: self.sync.connection.unwrap_or(Connection::Unknown),
            waiting,
            unconfirmed: self.sync.sold_unproved || self.has_unconfirmed(),
            synced_at: self.sync.synced_at,
            refused: self.sync.refused.clone(),
        })
    }

    /// Whether a car in memory has records that no checkpoint confirms yet.
    fn has_unconfirmed(&self) -> bool {
        let Ok(unlocked) = self.session.unlocked() else { return false };
        // Of a car that is no longer held together nothing is fetched, and so nothing more is confirmed.
        let followed = unlocked.keyring.vehicles.iter().filter(|car| car.expect_standing().is_ok());
        let cars = followed.filter_map(|car| unlocked.opened.get(&Space::from(car.stream)));
        cars.map(Opened::proof_view).any(|proof| proof.newer > 0)
    }

    /// Tells that something was written here and waits.
    pub(crate) async fn tell_waiting<R>(&self, cx: &mut Context<'_, R>) -> Result<(), WalletError> {
        let view = self.sync_view().await?;
        cx.tell(Notice::Sync(view));
        Ok(())
    }

    /// Notes the keyring version that the relay is known to keep.
    pub(crate) fn keep_version(version: u64, batch: &mut Batch) {
        batch.put(Table::Keyring, row::KEYRING_KEPT, version.to_be_bytes());
    }
}
