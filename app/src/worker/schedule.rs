//! When to synchronise and when to lock: pure arithmetic over the device's clock, in milliseconds.

/// How often an open, visible wallet looks for what is new at the relay.
const POLL_MS: u64 = 30_000;

/// The same while the relay tells of news by itself; it may do so for some of the cars only.
const POLL_WITH_EVENTS_MS: u64 = 60_000;

/// The first waiting time while the members have yet to confirm what the ledger took; doubled with each further one.
/// They confirm within seconds, where there are enough of them at work.
const CONFIRMED_FIRST_MS: u64 = 3_000;

/// The first waiting time after a failure; doubled with each further one.
const BACKOFF_FIRST_MS: u64 = 2_000;

/// The longest.
const BACKOFF_LONGEST_MS: u64 = 5 * 60_000;

/// When the wallet synchronises by itself.
#[derive(Debug, Default)]
pub(super) struct SyncTimes {
    failures: u32,
    /// Not before this; after a failure.
    not_before: u64,
    /// Something waits to be sent, or is known to be new.
    wanted: bool,
    last: u64,
    /// Synchronisations in a row after which something was not confirmed yet.
    unconfirmed: u32,
}

impl SyncTimes {
    /// There is something to send or to fetch.
    pub(super) fn want(&mut self) {
        self.wanted = true;
    }

    /// What stood in the way may be gone: try without waiting.
    pub(super) fn reconnected(&mut self) {
        self.wanted = true;
        self.failures = 0;
        self.not_before = 0;
    }

    /// Whether to synchronise now.
    pub(super) fn due(&self, now: u64, visible: bool, events: bool) -> bool {
        let poll = match self.unconfirmed {
            0 if events => POLL_WITH_EVENTS_MS,
            0 => POLL_MS,
            rounds => CONFIRMED_FIRST_MS.saturating_mul(1 << (rounds - 1).min(20)).min(POLL_MS),
        };
        let poll = visible && now.saturating_sub(self.last) >= poll;
        now >= self.not_before && (self.wanted || self.failures > 0 || poll)
    }

    /// It worked; `unconfirmed` says whether the members have yet to confirm something.
    pub(super) fn succeeded(&mut self, now: u64, unconfirmed: bool) {
        let unconfirmed = if unconfirmed { self.unconfirmed.saturating_add(1) } else { 0 };
        *self = Self { last: now, unconfirmed, ..Self::default() };
    }

    /// It did not. `jitter` is from 0 to 1: after an outage not all wallets come back at the same moment.
    pub(super) fn failed(&mut self, now: u64, retry_after_s: Option<u32>, jitter: f64) {
        let doubled = BACKOFF_FIRST_MS.saturating_mul(1 << self.failures.min(20)).min(BACKOFF_LONGEST_MS);
        let own = doubled / 2 + (doubled as f64 / 2.0 * jitter.clamp(0.0, 1.0)) as u64;
        let asked = u64::from(retry_after_s.unwrap_or(0)) * 1_000;
        self.failures = self.failures.saturating_add(1);
        self.wanted = false;
        self.last = now;
        self.not_before = now + own.max(asked);
    }
}

/// When the wallet locks for want of use.
#[derive(Debug, Default)]
pub(super) struct IdleTimes {
    minutes: u16,
    active: u64,
}

impl IdleTimes {
    /// Sets after how many minutes; 0 never.
    pub(super) fn set_minutes(&mut self, minutes: u16) {
        self.minutes = minutes;
    }

    /// The wallet is in use.
    pub(super) fn active(&mut self, now: u64) {
        self.active = now;
    }

    /// Whether to lock now.
    pub(super) fn over(&self, now: u64) -> bool {
        let allowed = u64::from(self.minutes) * 60_000;
        allowed > 0 && now.saturating_sub(self.active) >= allowed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_synchronises_when_wanted_and_else_by_polling_while_visible() {
        let mut times = SyncTimes::default();
        times.succeeded(1_000, false);
        assert!(!times.due(2_000, true, false));
        assert!(times.due(31_000, true, false));
        assert!(!times.due(31_000, true, true), "the relay would have said so");
        assert!(times.due(61_000, true, true), "unless it is another car");
        assert!(!times.due(1_000_000, false, false), "hidden tabs are quiet");
        times.want();
        assert!(times.due(2_000, false, false));
    }

    #[test]
    fn it_looks_soon_and_then_less_often_for_what_is_not_confirmed_yet() {
        let mut times = SyncTimes::default();
        let mut waits = Vec::new();
        for _ in 0..5 {
            times.succeeded(0, true);
            waits.push((0..40).map(|second| second * 1_000).find(|now| times.due(*now, true, true)));
        }
        assert_eq!(waits, [Some(3_000), Some(6_000), Some(12_000), Some(24_000), Some(30_000)]);
        times.succeeded(0, false);
        assert!(!times.due(30_000, true, true));
    }

    #[test]
    fn waiting_doubles_up_to_a_limit_and_ends_with_the_connection() {
        let mut times = SyncTimes::default();
        let mut waits = Vec::new();
        for _ in 0..12 {
            times.failed(0, None, 1.0);
            waits.push((0..400).map(|second| second * 1_000).find(|now| times.due(*now, false, false)));
        }
        assert_eq!(waits[..4], [Some(2_000), Some(4_000), Some(8_000), Some(16_000)]);
        assert_eq!(waits[11], Some(300_000));
        times.reconnected();
        assert!(times.due(0, false, false));
    }

    #[test]
    fn jitter_halves_at_most_and_the_relays_word_counts() {
        let mut times = SyncTimes::default();
        times.failed(0, None, 0.0);
        assert!(!times.due(999, true, false) && times.due(1_000, true, false));
        let mut times = SyncTimes::default();
        times.failed(0, Some(60), 0.0);
        times.want();
        assert!(!times.due(59_999, true, false) && times.due(60_000, true, false));
    }

    #[test]
    fn it_locks_after_minutes_without_use() {
        let mut times = IdleTimes::default();
        assert!(!times.over(u64::MAX), "never, where nothing was chosen");
        times.set_minutes(15);
        times.active(1_000);
        assert!(!times.over(900_999));
        assert!(times.over(901_000));
        times.active(901_000);
        assert!(!times.over(901_001));
    }
}
