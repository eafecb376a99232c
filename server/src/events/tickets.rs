//! Tickets: how a browser's EventSource, which can send no header, shows what it may hear of.
//!
//! A ticket is made by a signed request and is good for a minute, then while it is connected and a minute after, so that
//! the browser's own reconnection works; but for a quarter of an hour at most. Then the right to listen is proved again:
//! who was shut out in between hears nothing more.

use super::Topics;
use crate::{error::ApiError, limit::quota::Caller};
use carnet_protocol::{day::Timestamp, id::Nonce16};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// How long an unconnected ticket is good, in milliseconds.
const GOOD_FOR: u64 = 60 * Timestamp::SECOND;

/// How long it is good at most, in milliseconds.
const LIFE: u64 = 15 * GOOD_FOR;

/// The part of all tickets that one network address may hold. Keys are free, so they are not counted by key.
const SHARE: usize = 4;

/// Seconds after which an address may have room again.
const FULL_RETRY: u32 = 60;

struct Held {
    topics: Arc<Topics>,
    peer: Caller,
    until: Timestamp,
    over: Timestamp,
    connected: usize,
}

/// The tickets in circulation, and with them the open event streams.
pub struct Tickets {
    held: Mutex<HashMap<Nonce16, Held>>,
    max: usize,
}

/// An open event stream's claim on its ticket.
pub struct Ticket {
    tickets: Arc<Tickets>,
    id: Nonce16,
    over: Timestamp,
    now: Box<dyn Fn() -> Timestamp + Send + Sync>,
    /// What it may hear of.
    pub topics: Arc<Topics>,
}

impl Tickets {
    /// Room for `max` tickets, each of which can be connected once.
    pub fn new(max: usize) -> Self {
        Self { held: Mutex::new(HashMap::new()), max }
    }

    /// Keeps a fresh ticket for a caller at `peer`.
    ///
    /// # Errors
    /// [`ApiError::Busy`] when there are too many, [`ApiError::QuotaExceeded`] when that address has too many.
    pub fn issue(&self, id: Nonce16, topics: Topics, peer: Caller, now: Timestamp) -> Result<(), ApiError> {
        let mut held = self.lock();
        held.retain(|_, ticket| ticket.connected > 0 || ticket.until >= now);
        if held.len() >= self.max {
            return Err(ApiError::Busy);
        }
        if held.values().filter(|ticket| ticket.peer == peer).count() >= self.max.div_ceil(SHARE) {
            return Err(ApiError::QuotaExceeded { retry_after: FULL_RETRY });
        }
        let (until, over) = (now.plus(GOOD_FOR), now.plus(LIFE));
        held.insert(id, Held { topics: Arc::new(topics), peer, until, over, connected: 0 });
        Ok(())
    }

    /// Connects a ticket. Two connections at a time are allowed: a browser may open the second before the relay has
    /// noticed the end of the first.
    ///
    /// # Errors
    /// [`ApiError::Unauthenticated`] when it is unknown or over, [`ApiError::Busy`] for a third connection.
    pub fn connect(
        self: &Arc<Self>,
        id: Nonce16,
        now: impl Fn() -> Timestamp + Send + Sync + 'static,
    ) -> Result<Ticket, ApiError> {
        let mut held = self.lock();
        let ticket = held
            .get_mut(&id)
            .filter(|ticket| (ticket.connected > 0 || ticket.until >= now()) && ticket.over >= now())
            .ok_or(ApiError::Unauthenticated("The ticket is over. Ask for a new one."))?;
        if ticket.connected >= 2 {
            return Err(ApiError::Busy);
        }
        ticket.connected += 1;
        let (topics, over) = (Arc::clone(&ticket.topics), ticket.over);
        drop(held);
        Ok(Ticket { tickets: Arc::clone(self), id, over, now: Box::new(now), topics })
    }

    /// Open event streams, for the metrics.
    pub fn connected(&self) -> usize {
        self.lock().values().map(|ticket| ticket.connected).sum()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Nonce16, Held>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Ticket {
    /// Whether its time has come: the event stream ends, and its listener asks for a new one.
    pub fn is_over(&self) -> bool {
        (self.now)() > self.over
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        let until = (self.now)().plus(GOOD_FOR);
        if let Some(held) = self.tickets.lock().get_mut(&self.id) {
            held.connected = held.connected.saturating_sub(1);
            held.until = until;
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const T: Timestamp = Timestamp(1_000_000);
    const ID: Nonce16 = Nonce16([1; 16]);

    #[test]
    fn a_ticket_lasts_a_minute_while_nobody_holds_it() {
        let tickets = Arc::new(Tickets::new(1));
        tickets.issue(ID, Topics::default(), Caller::Rest, T).unwrap();
        assert!(tickets.issue(Nonce16([2; 16]), Topics::default(), Caller::Rest, T).is_err());
        let connected = tickets.connect(ID, || T.plus(GOOD_FOR)).unwrap();
        assert_eq!(tickets.connected(), 1);
        assert!(tickets.connect(Nonce16([2; 16]), || T).is_err());
        drop(connected);
        drop(tickets.connect(ID, || T.plus(2 * GOOD_FOR)).unwrap());
        assert!(tickets.connect(ID, || T.plus(4 * GOOD_FOR)).is_err());
        tickets.issue(Nonce16([2; 16]), Topics::default(), Caller::Rest, T.plus(4 * GOOD_FOR)).unwrap();
    }
}
