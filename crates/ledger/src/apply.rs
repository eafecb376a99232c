//! One transaction against the state.

use crate::{action, fault::ApplyError, state::State, stored, transaction::CheckedTransaction};
use carnet_protocol::{
    day::Timestamp,
    ledger::{Action, Rejection},
    limits::{TRANSACTION_LAG_MS, TRANSACTION_SKEW_MS},
};

/// Between which times, both included, a transaction may have been made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeBounds {
    /// Not before.
    pub not_before: Timestamp,
    /// Not after.
    pub not_after: Timestamp,
}

impl TimeBounds {
    /// The bounds of a host: near its own clock, and not far behind the `latest` time it has accepted.
    pub fn of_host(latest: Option<Timestamp>, now: Timestamp) -> Self {
        let lag = Self::of_replay(latest);
        Self {
            not_before: lag.not_before.max(Timestamp(now.0.saturating_sub(TRANSACTION_SKEW_MS))),
            not_after: now.plus(TRANSACTION_SKEW_MS),
        }
    }

    /// The bounds that whoever replays a ledger can check, without the clock of its host.
    pub fn of_replay(latest: Option<Timestamp>) -> Self {
        let latest = latest.unwrap_or_default();
        Self { not_before: Timestamp(latest.0.saturating_sub(TRANSACTION_LAG_MS)), not_after: Timestamp(u64::MAX) }
    }

    fn check(self, at: Timestamp) -> Result<(), Rejection> {
        if (self.not_before..=self.not_after).contains(&at) { Ok(()) } else { Err(Rejection::TimeOutOfBounds) }
    }
}

/// What became of an accepted transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Applied {
    /// It stands now. The host gives it a place in its order.
    New,
    /// This very transaction stood already, and keeps its place. Nothing changed.
    Repeated,
}

/// Applies a transaction: checks it against the state, then carries it out.
///
/// Repeating one that was accepted is harmless at any later time. A refused one writes nothing: the checks have the
/// state read-only, and once effects begin no rule can refuse.
///
/// # Errors
/// [`ApplyError::Rejected`] with the reason; [`ApplyError::Fault`] when the state fails.
pub fn apply<S: State>(
    state: &mut S,
    transaction: &CheckedTransaction,
    bounds: TimeBounds,
) -> Result<Applied, ApplyError<S::Error>> {
    let hash = transaction.hash();
    if stored::is_marked(state, &hash)? {
        return Ok(Applied::Repeated);
    }
    let content = transaction.transaction();
    let ledger = stored::ledger(state)?;
    let is_genesis = matches!(content.action, Action::Genesis { .. });
    if !is_genesis && content.ledger != ledger.as_ref().map(|ledger| ledger.hash) {
        return Err(Rejection::WrongLedger.into());
    }
    bounds.check(content.at)?;
    let context = action::Context { signed: transaction.signed(), hash, at: content.at, ledger: ledger.as_ref() };
    action::run(&content.action, state, &context)?;
    stored::mark(state, &hash)?;
    Ok(Applied::New)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_takes_what_is_near_its_clock() {
        let now = Timestamp(100 * TRANSACTION_SKEW_MS);
        let bounds = TimeBounds::of_host(None, now);
        assert_eq!(bounds.check(now), Ok(()));
        assert_eq!(bounds.check(now.plus(TRANSACTION_SKEW_MS)), Ok(()));
        assert_eq!(bounds.check(now.plus(TRANSACTION_SKEW_MS + 1)), Err(Rejection::TimeOutOfBounds));
        assert_eq!(bounds.check(Timestamp(now.0 - TRANSACTION_SKEW_MS)), Ok(()));
        assert_eq!(bounds.check(Timestamp(now.0 - TRANSACTION_SKEW_MS - 1)), Err(Rejection::TimeOutOfBounds));
    }

    #[test]
    fn the_fastest_allowed_clock_does_not_shut_out_the_slowest() {
        let now = Timestamp(100 * TRANSACTION_SKEW_MS);
        let bounds = TimeBounds::of_host(Some(now.plus(TRANSACTION_SKEW_MS)), now);
        assert_eq!(bounds.check(Timestamp(now.0 - TRANSACTION_SKEW_MS)), Ok(()));
    }

    #[test]
    fn what_a_host_takes_a_replay_takes() {
        for latest in [None, Some(Timestamp(5)), Some(Timestamp(90 * TRANSACTION_SKEW_MS))] {
            let host = TimeBounds::of_host(latest, Timestamp(90 * TRANSACTION_SKEW_MS));
            let replay = TimeBounds::of_replay(latest);
            assert!(replay.not_before <= host.not_before && host.not_after <= replay.not_after);
        }
    }
}
