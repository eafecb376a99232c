//! Reads a request's body whole, within a size, a time and a share of the relay's memory; and sends large answers on
//! the same account.
//!
//! Memory is reserved as bytes arrive, never by what a header promises, so a caller that announces much and sends
//! little holds little. The time is bounded twice: between two pieces, and in all, so that a drip ends too.

use super::quota::Caller;
use crate::error::ApiError;
use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, header},
};
use carnet_protocol::limits::SEALED_RECORD_MAX;
use http_body_util::BodyExt as _;
use hyper::body::{Frame, SizeHint};
use std::{
    collections::HashMap,
    convert::Infallible,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
    time::Duration,
};
use tokio::time::{Instant, timeout_at};

/// Unit of reservation.
const UNIT: usize = 16 * 1024;
/// Bytes of an answer handed to the connection at a time.
const PIECE: usize = 64 * 1024;
/// The slowest acceptable sender, in bytes per second: an old phone on 3G.
const SLOWEST: usize = 64 * 1024;
/// Up to this size a body is small: all but uploads of records, keyrings, grants and transactions are.
pub const SMALL_BODY: usize = 256 * 1024;
/// The part of all memory that one network address may hold, and the part that is kept for small bodies: a quarter.
const PART: usize = 4;
/// What one address may hold at least: the largest record with its wraps and framing. A budget for less takes none.
const SHARE_MIN: usize = SEALED_RECORD_MAX + 128 * 1024;
/// Seconds after which an address that holds its share may have room again.
const SHARE_RETRY: u32 = 5;

/// Memory shared by all bodies in flight, in units. No address holds more than its share, and what lies beyond the small
/// part of a body is bounded apart, so that whoever sends little is served while others fill the rest.
#[derive(Clone)]
pub struct Budget(Arc<Memory>);

struct Memory {
    max: usize,
    large_max: usize,
    share: usize,
    used: Mutex<Used>,
}

#[derive(Default)]
struct Used {
    all: usize,
    large: usize,
    peers: HashMap<Caller, usize>,
}

/// A share of the budget, given back on drop.
pub struct Reservation {
    memory: Arc<Memory>,
    peer: Caller,
    units: usize,
}

impl Budget {
    /// A budget of `bytes`.
    pub fn new(bytes: usize) -> Self {
        let max = (bytes / UNIT).max(1);
        let share = (max / PART).max(SHARE_MIN.div_ceil(UNIT)).min(max);
        Self(Arc::new(Memory { max, large_max: max - max / PART, share, used: Mutex::default() }))
    }

    /// Takes `bytes` for a caller's body or answer.
    ///
    /// # Errors
    /// [`ApiError::Busy`] when the budget is spent, [`ApiError::QuotaExceeded`] when the caller's share is; nothing waits
    /// for memory.
    pub fn reserve(&self, peer: Caller, bytes: usize) -> Result<Reservation, ApiError> {
        let mut held = Reservation { memory: Arc::clone(&self.0), peer, units: 0 };
        held.grow(bytes)?;
        Ok(held)
    }
}

impl Memory {
    fn lock(&self) -> MutexGuard<'_, Used> {
        self.used.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Reservation {
    /// Holds `bytes` in all from now on.
    fn grow(&mut self, bytes: usize) -> Result<(), ApiError> {
        let units = bytes.div_ceil(UNIT).max(self.units);
        let (more, more_large) = (units - self.units, large(units) - large(self.units));
        if more == 0 {
            return Ok(());
        }
        let mut used = self.memory.lock();
        let of_peer = used.peers.get(&self.peer).copied().unwrap_or(0);
        if of_peer + more > self.memory.share {
            return Err(ApiError::QuotaExceeded { retry_after: SHARE_RETRY });
        }
        if used.all + more > self.memory.max || more_large > 0 && used.large + more_large > self.memory.large_max {
            return Err(ApiError::Busy);
        }
        (used.all, used.large) = (used.all + more, used.large + more_large);
        used.peers.insert(self.peer, of_peer + more);
        drop(used);
        self.units = units;
        Ok(())
    }
}

/// Units that lie beyond the small part of a body.
fn large(units: usize) -> usize {
    units.saturating_sub(SMALL_BODY / UNIT)
}

impl Drop for Reservation {
    fn drop(&mut self) {
        let mut used = self.memory.lock();
        (used.all, used.large) = (used.all - self.units, used.large - large(self.units));
        match used.peers.get(&self.peer).map(|of_peer| of_peer - self.units) {
            Some(0) | None => used.peers.remove(&self.peer),
            Some(left) => used.peers.insert(self.peer, left),
        };
    }
}

/// A body read whole, with the memory it holds.
#[derive(Clone)]
pub struct Received {
    /// The bytes.
    pub bytes: Bytes,
    _held: Arc<Reservation>,
}

/// How bodies are read.
#[derive(Debug, Clone, Copy)]
pub struct BodyRules {
    /// Bytes at most.
    pub max: usize,
    /// Between two pieces at most, and in all on top of what the size takes at the slowest rate.
    pub timeout: Duration,
}

/// Reads a body.
///
/// # Errors
/// [`ApiError::TooLarge`] as soon as the announced or received size is over the limit, [`ApiError::TooSlow`],
/// as [`Budget::reserve`] when no memory is left, [`ApiError::BadRequest`] when the connection breaks off.
pub async fn receive(
    peer: Caller,
    headers: &HeaderMap,
    mut body: Body,
    rules: BodyRules,
    budget: &Budget,
) -> Result<Received, ApiError> {
    let too_large = ApiError::TooLarge { max: rules.max };
    let announced = announced(headers);
    if announced.is_some_and(|length| length > rules.max) {
        return Err(too_large);
    }
    let allowance = Duration::from_secs((announced.unwrap_or(rules.max) / SLOWEST) as u64);
    let deadline = Instant::now() + rules.timeout + allowance;
    let mut held = budget.reserve(peer, 0)?;
    let mut bytes = Vec::new();
    loop {
        let until = deadline.min(Instant::now() + rules.timeout);
        let frame = match timeout_at(until, body.frame()).await {
            Err(_) => return Err(ApiError::TooSlow),
            Ok(None) => break,
            Ok(Some(Err(_))) => return Err(ApiError::BadRequest("The body broke off.")),
            Ok(Some(Ok(frame))) => frame,
        };
        let Ok(piece) = frame.into_data() else { continue };
        if bytes.len() + piece.len() > rules.max {
            return Err(too_large);
        }
        held.grow(bytes.len() + piece.len())?;
        bytes.extend_from_slice(&piece);
    }
    Ok(Received { bytes: bytes.into(), _held: Arc::new(held) })
}

/// The size that a request's head promises.
pub fn announced(headers: &HeaderMap) -> Option<usize> {
    headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok())
}

/// An answer's bytes with the memory they hold until the client has taken them.
pub struct Held {
    bytes: Bytes,
    _held: Reservation,
}

impl Held {
    /// Bytes for which `held` was reserved.
    pub fn new(bytes: Vec<u8>, held: Reservation) -> Self {
        Self { bytes: bytes.into(), _held: held }
    }
}

impl hyper::body::Body for Held {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        // In pieces, so that hyper asks for the next one only when the last has gone out.
        let length = self.bytes.len().min(PIECE);
        let piece = self.bytes.split_to(length);
        Poll::Ready((!piece.is_empty()).then(|| Ok(Frame::data(piece))))
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.bytes.len() as u64)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const RULES: BodyRules = BodyRules { max: 1_000, timeout: Duration::from_secs(5) };

    fn peer(n: u8) -> Caller {
        Caller::peer([192, 0, 2, n].into())
    }

    async fn take(headers: &HeaderMap, body: Body, budget: &Budget) -> Result<Received, ApiError> {
        receive(peer(1), headers, body, RULES, budget).await
    }

    #[tokio::test]
    async fn a_body_over_the_limit_is_refused_whether_announced_or_not() {
        let budget = Budget::new(1 << 20);
        let mut headers = HeaderMap::new();
        let refused = take(&headers, Body::from(vec![0; 1_001]), &budget).await.err();
        assert_eq!(refused, Some(ApiError::TooLarge { max: 1_000 }));
        headers.insert(header::CONTENT_LENGTH, 1_001.into());
        // Nothing of the body is polled: an empty one is refused just the same.
        let refused = take(&headers, Body::empty(), &budget).await.err();
        assert_eq!(refused, Some(ApiError::TooLarge { max: 1_000 }));
    }

    #[tokio::test]
    async fn memory_is_given_back_when_the_body_is_dropped() {
        let budget = Budget::new(UNIT);
        let first = take(&HeaderMap::new(), Body::from(vec![0; 900]), &budget).await.unwrap();
        let second = receive(peer(2), &HeaderMap::new(), Body::from(vec![0; 900]), RULES, &budget).await;
        assert!(second.is_err());
        drop(first);
        assert!(take(&HeaderMap::new(), Body::from(vec![0; 900]), &budget).await.is_ok());
    }

    #[test]
    fn one_address_holds_its_share_and_no_more() {
        let budget = Budget::new(128 << 20);
        let full = ApiError::QuotaExceeded { retry_after: SHARE_RETRY };
        let first = budget.reserve(peer(1), SHARE_MIN).unwrap();
        assert_eq!(budget.reserve(peer(1), SHARE_MIN).err(), Some(full));
        let second = budget.reserve(peer(2), SHARE_MIN).unwrap();
        drop(first);
        budget.reserve(peer(1), SHARE_MIN).unwrap();
        drop(second);
        let used = budget.0.lock();
        assert_eq!((used.all, used.large, used.peers.len()), (0, 0, 0));
    }

    #[test]
    fn large_bodies_leave_room_for_small_ones() {
        let budget = Budget::new(128 << 20);
        let mut held = Vec::new();
        let mut n = 0;
        while let Ok(large) = budget.reserve(peer(n), SHARE_MIN) {
            held.push(large);
            n += 1;
        }
        assert_eq!(budget.reserve(peer(100), SHARE_MIN).err(), Some(ApiError::Busy));
        for n in 100..200 {
            held.push(budget.reserve(peer(n), SMALL_BODY).unwrap());
        }
    }
}
