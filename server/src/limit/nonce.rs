//! Remembers the nonces of signed requests for as long as a replay could pass for fresh.
//!
//! Kept in buckets of one minute of the senders' time; a bucket is dropped whole when none of its times can be accepted
//! any more. When the memory is full the relay refuses, it never forgets. What was signed before the relay started is
//! refused by the caller of this, since that memory is gone.

use crate::error::ApiError;
use carnet_protocol::{day::Timestamp, id::Nonce16, key::VerifyingKey, limits::REQUEST_SKEW_MS};
use std::{
    collections::{BTreeMap, HashSet},
    sync::{Mutex, PoisonError},
};

const MINUTE: u64 = 60 * Timestamp::SECOND;

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

    /// Notes a nonce that a verified proof carries.
    ///
    /// # Errors
    /// [`ApiError::Unauthenticated`] when it was seen before, [`ApiError::Busy`] when the memory is full.
    pub fn note(&self, key: &VerifyingKey, at: Timestamp, nonce: &Nonce16, now: Timestamp) -> Result<(), ApiError> {
        let mut minutes = self.minutes.lock().unwrap_or_else(PoisonError::into_inner);
        let oldest = now.0.saturating_sub(REQUEST_SKEW_MS) / MINUTE;
        minutes.retain(|minute, _| *minute >= oldest);
        let held: usize = minutes.values().map(HashSet::len).sum();
        // Exclusive or keeps one sender's nonces apart, which is all replay detection asks for; two senders collide
        // only if one guesses the other's next random nonce.
        let entry = core::array::from_fn(|i| key.0[i] ^ key.0[i + 16] ^ nonce.0[i]);
        let minute = minutes.entry(at.0 / MINUTE).or_default();
        if minute.contains(&entry) {
            return Err(ApiError::Unauthenticated("This request was seen before. Sign a new one."));
        }
        if held >= self.max {
            return Err(ApiError::Busy);
        }
        minute.insert(entry);
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
        nonces.note(&KEY, T, &Nonce16([1; 16]), T).unwrap();
        assert!(nonces.note(&KEY, T, &Nonce16([1; 16]), T).is_err());
        assert!(nonces.note(&KEY, T, &Nonce16([1; 16]), T.plus(REQUEST_SKEW_MS)).is_err());
        nonces.note(&VerifyingKey([8; 32]), T, &Nonce16([9; 16]), T).unwrap();
    }

    #[test]
    fn a_full_memory_refuses_and_frees_itself_with_time() {
        let nonces = Nonces::new(2);
        nonces.note(&KEY, T, &Nonce16([1; 16]), T).unwrap();
        nonces.note(&KEY, T, &Nonce16([2; 16]), T).unwrap();
        assert_eq!(nonces.note(&KEY, T, &Nonce16([3; 16]), T), Err(ApiError::Busy));
        let later = T.plus(REQUEST_SKEW_MS + MINUTE);
        nonces.note(&KEY, later, &Nonce16([3; 16]), later).unwrap();
    }
}
