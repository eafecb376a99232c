//! Reads a request's body whole, within a size, a time and a share of the relay's memory; and sends large answers on
//! the same account.
//!
//! Memory is reserved as bytes arrive, never by what a header promises, so a caller that announces much and sends
//! little holds little. The time is bounded twice: between two pieces, and in all, so that a drip ends too.

use crate::error::ApiError;
use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, header},
};
use http_body_util::BodyExt as _;
use hyper::body::{Frame, SizeHint};
use std::{
    convert::Infallible,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{Instant, timeout_at},
};

/// Unit of reservation: one permit of the budget.
const UNIT: usize = 16 * 1024;
/// Bytes of an answer handed to the connection at a time.
const PIECE: usize = 64 * 1024;
/// The slowest acceptable sender, in bytes per second: an old phone on 3G.
const SLOWEST: usize = 64 * 1024;

/// Memory shared by all bodies in flight.
#[derive(Clone)]
pub struct Budget(Arc<Semaphore>);

/// A share of the budget, given back on drop.
pub struct Reservation(#[allow(dead_code)] Vec<OwnedSemaphorePermit>);

impl Budget {
    /// A budget of `bytes`.
    pub fn new(bytes: usize) -> Self {
        Self(Arc::new(Semaphore::new((bytes / UNIT).max(1))))
    }

    /// Takes `bytes` more.
    ///
    /// # Errors
    /// [`ApiError::Busy`] when the budget is spent; nothing waits for memory.
    pub fn reserve(&self, bytes: usize) -> Result<Reservation, ApiError> {
        let units = u32::try_from(bytes.div_ceil(UNIT)).map_err(|_| ApiError::Busy)?;
        let permit = Arc::clone(&self.0).try_acquire_many_owned(units).map_err(|_| ApiError::Busy)?;
        Ok(Reservation(vec![permit]))
    }
}

impl Reservation {
    fn add(&mut self, more: Reservation) {
        self.0.extend(more.0);
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
/// [`ApiError::Busy`] when no memory is left, [`ApiError::BadRequest`] when the connection breaks off.
pub async fn receive(
    headers: &HeaderMap,
    mut body: Body,
    rules: BodyRules,
    budget: &Budget,
) -> Result<Received, ApiError> {
    let too_large = ApiError::TooLarge { max: rules.max };
    let announced = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| length > rules.max) {
        return Err(too_large);
    }
    let allowance = Duration::from_secs((announced.unwrap_or(rules.max) / SLOWEST) as u64);
    let deadline = Instant::now() + rules.timeout + allowance;
    let mut held = Reservation(Vec::new());
    let mut reserved = 0;
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
        if bytes.len() + piece.len() > reserved {
            let more = (bytes.len() + piece.len() - reserved).next_multiple_of(UNIT);
            held.add(budget.reserve(more)?);
            reserved += more;
        }
        bytes.extend_from_slice(&piece);
    }
    Ok(Received { bytes: bytes.into(), _held: Arc::new(held) })
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

    #[tokio::test]
    async fn a_body_over_the_limit_is_refused_whether_announced_or_not() {
        let budget = Budget::new(1 << 20);
        let mut headers = HeaderMap::new();
        let refused = receive(&headers, Body::from(vec![0; 1_001]), RULES, &budget).await.err();
        assert_eq!(refused, Some(ApiError::TooLarge { max: 1_000 }));
        headers.insert(header::CONTENT_LENGTH, 1_001.into());
        // Nothing of the body is polled: an empty one is refused just the same.
        let refused = receive(&headers, Body::empty(), RULES, &budget).await.err();
        assert_eq!(refused, Some(ApiError::TooLarge { max: 1_000 }));
    }

    #[tokio::test]
    async fn memory_is_given_back_when_the_body_is_dropped() {
        let budget = Budget::new(UNIT);
        let first = receive(&HeaderMap::new(), Body::from(vec![0; 900]), RULES, &budget).await.unwrap();
        let second = receive(&HeaderMap::new(), Body::from(vec![0; 900]), RULES, &budget).await;
        assert_eq!(second.err(), Some(ApiError::Busy));
        drop(first);
        assert!(receive(&HeaderMap::new(), Body::from(vec![0; 900]), RULES, &budget).await.is_ok());
    }
}
