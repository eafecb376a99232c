//! Remembers the nonces of signed requests for as long as a replay could pass for fresh.
//!
//! Kept in buckets of one minute of the senders' time; a bucket is dropped whole when none of its times can be accepted
//! any more. When the memory is full the relay refuses, it never forgets. What was signed before the relay started is
//! refused by the caller of this, since that memory is gone; it keeps on disk what is dated ahead.

use crate::error::ApiError;
use carnet_protocol::{day::Timestamp, id::Nonce16, key::VerifyingKey, limits::REQUEST_SKEW_MS};
use std::{
    collections::{BTreeMap, HashSet},
    sync::{Mutex, PoisonError},
};

const MINUTE: u64 = 60 * Timestamp::SECOND;

/// What a proof with a known nonce hears.
pub const SEEN: ApiError = ApiError::Unauthenticated("This request was seen before. Sign a new one.");

/// A sender's nonce. Exclusive or keeps one sender's nonces apart, which is all replay detection asks for; two senders
/// collide only if one guesses the other's next random nonce.
pub fn nonce_name(key: &VerifyingKey, nonce: &Nonce16) -> [u8; 16] {
    core::array::from_fn(|i| key.0[i] ^ key.0[i + 16] ^ nonce.0[i])
}

/// The replay memory.
pub struct Nonces {
    max: usize,
    minutes: Mutex<BTreeMap<u64, HashSet<[u8; 16]>>>,
}

impl Nonces {
    /// A memory of `max` nonces at about 20 bytes each.
    pub fn new(max: usize) -> Self {
        Self { max, minutes: Mutex::new(BTreeMap::new()) }
    }

    /// Notes the nonce that a verified proof carries, by [`nonce_name`].
    ///
    /// # Errors
    /// [`ApiError::Unauthenticated`] when it was seen before, [`ApiError::Busy`] when the memory is full.
    pub fn note(&self, name: [u8; 16], at: Timestamp, now: Timestamp) -> Result<(), ApiError> {
        let mut minutes = self.minutes.lock().unwrap_or_else(PoisonError::into_inner);
        let oldest = now.0.saturating_sub(REQUEST_SKEW_MS) / MINUTE;
        minutes.retain(|minute, _| *minute >= oldest);
        let held: usize = minutes.values().map(HashSet::len).sum();
        let minute = minutes.entry(at.0 / MINUTE).or_default();
        if minute.contains(&name) {
            return Err(SEEN);
        }
        if held >= self.max {
            return Err(ApiError::Busy);
        }
        minute.insert(name);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const KEY: VerifyingKey = VerifyingKey([7; 32]);
    const T: Timestamp = Timestamp(1_000_000_000_000);

    #[test]
    fn a_nonce_is_good_once_for_as_long_as_its_time_is() {
        let nonces = Nonces::new(10);
        nonces.note(nonce_name(&KEY, &Nonce16([1; 16])), T, T).unwrap();
        assert!(nonces.note(nonce_name(&KEY, &Nonce16([1; 16])), T, T).is_err());
        assert!(nonces.note(nonce_name(&KEY, &Nonce16([1; 16])), T, T.plus(REQUEST_SKEW_MS)).is_err());
        nonces.note(nonce_name(&VerifyingKey([8; 32]), &Nonce16([9; 16])), T, T).unwrap();
    }

    #[test]
    fn a_full_memory_refuses_and_frees_itself_with_time() {
        let nonces = Nonces::new(2);
        nonces.note(nonce_name(&KEY, &Nonce16([1; 16])), T, T).unwrap();
        nonces.note(nonce_name(&KEY, &Nonce16([2; 16])), T, T).unwrap();
        assert_eq!(nonces.note(nonce_name(&KEY, &Nonce16([3; 16])), T, T), Err(ApiError::Busy));
        let later = T.plus(REQUEST_SKEW_MS + MINUTE);
        nonces.note(nonce_name(&KEY, &Nonce16([3; 16])), later, later).unwrap();
    }
}
