//! How often one caller may ask: a token bucket per key, or per network address for who shows no key.
//!
//! Only a verified key has a bucket of its own; who fails to prove one pays from the address's, so nobody can spend
//! another's quota. Keys are free to make, so a new one is paid for by its address, once. What is refused takes what is
//! left, so that nothing the relay does is free. The table is bounded: full buckets are forgotten first, and when none is,
//! new callers share one.

use crate::error::ApiError;
use carnet_protocol::key::VerifyingKey;
use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Mutex, PoisonError},
    time::Instant,
};

/// Whose quota.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Caller {
    /// Who proved a key.
    Key(VerifyingKey),
    /// Who did not: an IPv4 address, or an IPv6 network of /64, which is what one household has.
    Peer(IpAddr),
    /// All those the table has no room for.
    Rest,
}

impl Caller {
    /// The caller at a network address.
    pub fn peer(address: IpAddr) -> Self {
        Self::Peer(match address.to_canonical() {
            IpAddr::V6(v6) => IpAddr::from((u128::from(v6) & !u128::from(u64::MAX)).to_be_bytes()),
            v4 => v4,
        })
    }
}

/// Requests per second and burst.
#[derive(Debug, Clone, Copy)]
pub struct QuotaRules {
    /// Requests a second, on the long run.
    pub per_second: u32,
    /// Requests at once.
    pub burst: u32,
    /// Callers remembered.
    pub callers_max: usize,
}

#[derive(Clone, Copy)]
struct Bucket {
    tokens: f64,
    at: Instant,
}

/// The table of buckets.
pub struct Quota {
    rules: QuotaRules,
    buckets: Mutex<HashMap<Caller, Bucket>>,
}

impl Quota {
    /// An empty table: every caller has a full bucket.
    pub fn new(rules: QuotaRules) -> Self {
        Self { rules, buckets: Mutex::new(HashMap::new()) }
    }

    /// Takes `cost` requests from a caller's bucket.
    ///
    /// # Errors
    /// [`ApiError::QuotaExceeded`] when it has less; what it has is taken all the same. The relay has done work by then, and
    /// whoever keeps just too little would have it done for nothing.
    pub fn charge(&self, caller: Caller, cost: u32, now: Instant) -> Result<(), ApiError> {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let key = self.place(&mut buckets, caller, now);
        let mut bucket = buckets.get(&key).map_or(self.full(now), |bucket| self.refilled(*bucket, now));
        if bucket.tokens < f64::from(cost) {
            bucket.tokens = bucket.tokens.min(0.0);
            buckets.insert(key, bucket);
            return Err(self.refusal(f64::from(cost) - bucket.tokens));
        }
        bucket.tokens -= f64::from(cost);
        buckets.insert(key, bucket);
        Ok(())
    }

    /// Takes what a caller's doing has cost already, whether or not it has so much; at most a whole burst is owed.
    pub fn owe(&self, caller: Caller, cost: u32, now: Instant) {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let key = self.place(&mut buckets, caller, now);
        let mut bucket = buckets.get(&key).map_or(self.full(now), |bucket| self.refilled(*bucket, now));
        bucket.tokens = (bucket.tokens - f64::from(cost)).max(-f64::from(self.rules.burst));
        buckets.insert(key, bucket);
    }

    /// Whether a caller has anything left, without taking it.
    ///
    /// # Errors
    /// [`ApiError::QuotaExceeded`].
    pub fn check(&self, caller: Caller, now: Instant) -> Result<(), ApiError> {
        let buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        match buckets.get(&caller).map(|bucket| self.refilled(*bucket, now)) {
            Some(bucket) if bucket.tokens < 1.0 => Err(self.refusal(1.0 - bucket.tokens)),
            _ => Ok(()),
        }
    }

    /// Whether a caller has been asking lately; keys cost nothing to make, so one that has not is paid for by its
    /// network address.
    pub fn knows(&self, caller: Caller, now: Instant) -> bool {
        let buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        buckets.get(&caller).is_some_and(|bucket| self.refilled(*bucket, now).tokens < f64::from(self.rules.burst))
    }

    fn refusal(&self, missing: f64) -> ApiError {
        let seconds = (missing / f64::from(self.rules.per_second.max(1))).ceil();
        ApiError::QuotaExceeded { retry_after: (seconds as u32).max(1) }
    }

    fn full(&self, now: Instant) -> Bucket {
        Bucket { tokens: f64::from(self.rules.burst), at: now }
    }

    fn refilled(&self, bucket: Bucket, now: Instant) -> Bucket {
        let gained = now.saturating_duration_since(bucket.at).as_secs_f64() * f64::from(self.rules.per_second);
        Bucket { tokens: (bucket.tokens + gained).min(f64::from(self.rules.burst)), at: now }
    }

    fn place(&self, buckets: &mut HashMap<Caller, Bucket>, caller: Caller, now: Instant) -> Caller {
        if buckets.contains_key(&caller) || buckets.len() < self.rules.callers_max {
            return caller;
        }
        // A full bucket says nothing that an absent one does not.
        buckets.retain(|_, bucket| self.refilled(*bucket, now).tokens < f64::from(self.rules.burst));
        if buckets.len() < self.rules.callers_max { caller } else { Caller::Rest }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::time::Duration;

    const RULES: QuotaRules = QuotaRules { per_second: 2, burst: 4, callers_max: 2 };

    fn key(byte: u8) -> Caller {
        Caller::Key(VerifyingKey([byte; 32]))
    }

    #[test]
    fn a_bucket_empties_refills_and_says_when() {
        let (quota, start) = (Quota::new(RULES), Instant::now());
        for _ in 0..4 {
            quota.charge(key(1), 1, start).unwrap();
        }
        assert_eq!(quota.charge(key(1), 1, start), Err(ApiError::QuotaExceeded { retry_after: 1 }));
        assert_eq!(quota.charge(key(1), 4, start), Err(ApiError::QuotaExceeded { retry_after: 2 }));
        assert!(quota.check(key(1), start).is_err());
        quota.charge(key(2), 1, start).unwrap();
        quota.charge(key(1), 1, start + Duration::from_millis(500)).unwrap();
    }

    /// Five tokens a time from a bucket with four would otherwise be a signature check for nothing, as often as one likes.
    #[test]
    fn who_has_too_little_loses_what_there_is() {
        let (quota, start) = (Quota::new(RULES), Instant::now());
        quota.charge(key(1), 1, start).unwrap();
        assert!(quota.charge(key(1), 4, start).is_err());
        assert!(quota.check(key(1), start).is_err(), "three were left and are gone");
        assert!(quota.charge(key(1), 1, start).is_err());
        quota.charge(key(1), 2, start + Duration::from_secs(1)).unwrap();
    }

    #[test]
    fn what_was_done_is_owed_whatever_is_left() {
        let (quota, start) = (Quota::new(RULES), Instant::now());
        quota.charge(key(1), 3, start).unwrap();
        quota.owe(key(1), 3, start);
        assert_eq!(quota.check(key(1), start), Err(ApiError::QuotaExceeded { retry_after: 2 }));
        assert!(quota.check(key(1), start + Duration::from_secs(1)).is_err());
        quota.charge(key(1), 1, start + Duration::from_millis(1_500)).unwrap();
        (0..9).for_each(|_| quota.owe(key(1), 100, start));
        quota.charge(key(1), 4, start + Duration::from_secs(6)).unwrap();
    }

    #[test]
    fn a_caller_is_known_while_it_has_spent_something() {
        let (quota, start) = (Quota::new(RULES), Instant::now());
        assert!(!quota.knows(key(1), start));
        quota.charge(key(1), 1, start).unwrap();
        assert!(quota.knows(key(1), start));
        assert!(!quota.knows(key(1), start + Duration::from_secs(1)));
    }

    #[test]
    fn the_table_stays_bounded_and_its_callers_keep_their_own_buckets() {
        let (quota, start) = (Quota::new(RULES), Instant::now());
        quota.charge(key(1), 4, start).unwrap();
        quota.charge(key(2), 4, start).unwrap();
        // No room: the third and fourth share one bucket.
        quota.charge(key(3), 3, start).unwrap();
        assert!(quota.charge(key(4), 3, start).is_err());
        assert!(quota.buckets.lock().unwrap().len() <= 3);
        // When the first two are full again they make room.
        let later = start + Duration::from_secs(10);
        quota.charge(key(3), 3, later).unwrap();
        quota.charge(key(4), 3, later).unwrap();
    }

    #[test]
    fn a_household_has_one_bucket() {
        let a = Caller::peer("2001:db8::1".parse().unwrap());
        let b = Caller::peer("2001:db8::ffff:2".parse().unwrap());
        let other = Caller::peer("2001:db8:0:1::1".parse().unwrap());
        assert_eq!(a, b);
        assert_ne!(a, other);
        assert_eq!(Caller::peer("::ffff:192.0.2.1".parse().unwrap()), Caller::peer("192.0.2.1".parse().unwrap()));
    }
}
