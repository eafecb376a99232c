//! What every handler works with.

use crate::{
    authority::Authorities,
    clock::Clock,
    config::Config,
    error::ApiError,
    events::{Hub, News, Tickets, Topics},
    ledger::LedgerHost,
    limit::{
        body::Budget,
        nonce::Nonces,
        queue::Queue,
        quota::{Quota, QuotaRules},
    },
    metrics::{Gauges, Metrics},
    static_files::AppFiles,
    store::Store,
    transparency::Transparency,
};
use carnet_crypto::signature::SigningKey;
use carnet_protocol::{
    api::body::{DemoMembers, Event, EventTopics},
    day::Timestamp,
    erasure::{ErasureStatement, Removed},
    id::StreamId,
    key::VerifyingKey,
    ledger::{StreamHead, StreamStatus},
    signed::Signed,
};
use carnet_vin_tag::Evaluator;
use std::sync::Arc;
use tokio::sync::watch;

/// The relay's parts. Shared by all requests as [`App`].
pub struct Relay {
    /// Records, grants, links, keyrings, looks.
    pub store: Store,
    /// Commitments and members.
    pub ledger: Box<dyn LedgerHost>,
    /// Its log, where there is one.
    pub transparency: Option<Arc<Transparency>>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// When this run started; what was signed before is refused, for its nonces are forgotten.
    pub started: Timestamp,
    /// Hosts with ports for which proofs are accepted.
    pub authorities: Authorities,
    /// Signs what the relay says of removals.
    pub sign: SigningKey,
    /// The demo consortium.
    pub demo: Option<DemoMembers>,
    /// Turns VINs into tags, where this relay holds the key.
    pub vin: Option<Evaluator>,
    /// The built app.
    pub files: AppFiles,
    /// News.
    pub events: Hub,
    /// Who may hear them.
    pub tickets: Arc<Tickets>,
    /// Seen nonces.
    pub nonces: Nonces,
    /// Rates of keys.
    pub key_quota: Quota,
    /// Rates of network addresses.
    pub peer_quota: Quota,
    /// Rates of all proved keys of a network address together.
    pub house_quota: Quota,
    /// Work in progress.
    pub queue: Queue,
    /// Memory for bodies.
    pub budget: Budget,
    /// Counters.
    pub metrics: Metrics,
    /// Turns true when the relay ends.
    pub ending: watch::Receiver<bool>,
    /// The configuration it runs with.
    pub config: Config,
}

/// What all proved keys of one address may ask together: ten times what it may without one, since a company has many
/// desks behind one address. Without it, whoever makes a thousand keys has a thousand quotas.
fn house(of_peer: u32) -> u32 {
    of_peer.saturating_mul(10)
}

/// Grants of one stream to one key that are looked at for whether one stands; more than a few at a time are rare.
const GRANTS_ASKED: usize = 64;

/// The relay as handlers get it.
pub type App = Arc<Relay>;

/// Whether a stream is to be changed or only read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// A closed stream refuses.
    Write,
    /// A closed stream stays readable for its owner, and what is in it can be removed.
    Keep,
}

/// What [`Relay::new`] is put together from, besides the configuration.
pub struct Parts {
    /// See [`Relay::store`].
    pub store: Store,
    /// See [`Relay::ledger`].
    pub ledger: Box<dyn LedgerHost>,
    /// See [`Relay::transparency`].
    pub transparency: Option<Arc<Transparency>>,
    /// See [`Relay::clock`].
    pub clock: Arc<dyn Clock>,
    /// See [`Relay::authorities`].
    pub authorities: Authorities,
    /// See [`Relay::sign`].
    pub sign: SigningKey,
    /// See [`Relay::demo`].
    pub demo: Option<DemoMembers>,
    /// See [`Relay::vin`].
    pub vin: Option<Evaluator>,
    /// See [`Relay::ending`].
    pub ending: watch::Receiver<bool>,
}

impl Relay {
    /// Puts a relay together.
    pub fn new(config: Config, parts: Parts) -> Self {
        let limits = &config.limits;
        let quota = |per_second, burst| Quota::new(QuotaRules { per_second, burst, callers_max: limits.callers });
        let started = parts.clock.now();
        Self {
            store: parts.store,
            ledger: parts.ledger,
            transparency: parts.transparency,
            clock: parts.clock,
            started,
            authorities: parts.authorities,
            sign: parts.sign,
            demo: parts.demo,
            vin: parts.vin,
            files: AppFiles::new(config.app_dir.clone()),
            events: Hub::new(limits.event_ring, started),
            tickets: Arc::new(Tickets::new(limits.event_tickets)),
            nonces: Nonces::new(limits.nonces),
            key_quota: quota(limits.key_rate, limits.key_burst),
            peer_quota: quota(limits.peer_rate, limits.peer_burst),
            house_quota: quota(house(limits.peer_rate), house(limits.peer_burst)),
            queue: Queue::new(limits.running, limits.waiting, limits.patience),
            budget: Budget::new(limits.body_memory),
            metrics: Metrics::default(),
            ending: parts.ending,
            config,
        }
    }

    /// Makes sure that `key` owns the stream, by the ledger's word.
    ///
    /// # Errors
    /// [`ApiError::NotFound`] for a stream the ledger does not know, [`ApiError::Forbidden`] for another's,
    /// [`ApiError::Gone`] for writing to a closed one.
    pub async fn owned(&self, stream: StreamId, key: VerifyingKey, access: Access) -> Result<StreamHead, ApiError> {
        let head = self.ledger.stream_head(stream).await?.ok_or(ApiError::NotFound)?;
        if head.owner != key {
            return Err(ApiError::Forbidden("This passport belongs to another key."));
        }
        if access == Access::Write && head.status == StreamStatus::Closed {
            return Err(ApiError::Gone("This passport was closed; it takes nothing new."));
        }
        Ok(head)
    }

    /// Makes sure that `key` owns the stream or holds it together with its owner, by the ledger's word.
    ///
    /// # Errors
    /// As [`Self::owned`].
    pub async fn held(&self, stream: StreamId, key: VerifyingKey, access: Access) -> Result<StreamHead, ApiError> {
        let head = self.ledger.stream_head(stream).await?.ok_or(ApiError::NotFound)?;
        if head.owner == key || !self.holds(stream, key).await? {
            return self.owned(stream, key, access).await;
        }
        if head.status == StreamStatus::Closed {
            return Err(ApiError::Gone("This passport was closed; it is its owner's alone."));
        }
        Ok(head)
    }

    /// Whether a key is a co-holder of a stream now.
    async fn holds(&self, stream: StreamId, key: VerifyingKey) -> Result<bool, ApiError> {
        Ok(self.ledger.holder(stream, key).await?.is_some_and(|state| state.removed_at.is_none()))
    }

    /// The relay's word for a removal that is durable.
    pub fn state_removal(&self, removed: Removed) -> Signed<ErasureStatement> {
        let at = self.clock.now();
        let (records_until, keyrings_until) = self.config.backups.until(at);
        self.sign.sign(&ErasureStatement { removed, at, records_until, keyrings_until })
    }

    /// What a key hears of that asks for these topics.
    ///
    /// # Errors
    /// [`ApiError::Forbidden`] when it is neither owner nor co-holder nor grantee of one of the streams.
    pub async fn may_hear(&self, topics: EventTopics, key: VerifyingKey) -> Result<Topics, ApiError> {
        let mut heard = Topics { inbox: topics.inbox.then_some(key), ..Topics::default() };
        for stream in topics.streams {
            let head = self.ledger.stream_head(stream).await?;
            let open = head.as_ref().is_some_and(|head| head.status == StreamStatus::Open);
            if head.is_some_and(|head| head.owner == key) {
                heard.owned.insert(stream);
            } else if open && (self.holds(stream, key).await? || self.reads(stream, key).await?) {
                // Who looked, and what is not committed yet, is for the owner alone to hear of.
                heard.streams.insert(stream);
            } else {
                return Err(ApiError::Forbidden("The key has nothing to do with one of these passports."));
            }
        }
        Ok(heard)
    }

    /// Whether a grant to the key stands, here and on the ledger.
    async fn reads(&self, stream: StreamId, key: VerifyingKey) -> Result<bool, ApiError> {
        let now = self.clock.now();
        let standing = self.store.read(move |tables| tables.standing_grants(stream, key, now, GRANTS_ASKED));
        for grant in standing.await.map_err(ApiError::from)? {
            if self.ledger.grant_state(stream, grant).await?.is_none_or(|state| state.revoked_at.is_none()) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Tells of something new that the ledger has of a stream, or that is gone from it.
    pub fn tell_stream(&self, stream: StreamId) {
        self.events.publish(News::to_all(Event::Stream(stream)));
    }

    /// Tells its owner alone of something new about a stream: what others do with it, and what the ledger has not yet.
    pub fn tell_owner(&self, stream: StreamId) {
        self.events.publish(News::to_owner(Event::Stream(stream)));
    }

    /// Tells of something new in an inbox.
    pub fn tell_inbox(&self, key: VerifyingKey) {
        self.events.publish(News::to_all(Event::Inbox(key)));
    }

    /// Values for the metrics.
    pub fn gauges(&self) -> Gauges {
        Gauges {
            requests_waiting: self.queue.waiting(),
            writes_waiting: self.store.waiting(),
            event_streams: self.tickets.connected(),
        }
    }
}
