//! Moments inside a command, for measuring where its time goes.
//!
//! Without the feature `bench` nothing is noted: [`mark`] is empty. The wallet reads no clock; whoever measures brings
//! one.

#[cfg(feature = "bench")]
pub use noted::{start, take};

/// Notes that what has this name ends now, having begun at the mark before.
#[inline(always)]
pub fn mark(name: &'static str) {
    #[cfg(feature = "bench")]
    noted::note(name);
    #[cfg(not(feature = "bench"))]
    let _ = name;
}

#[cfg(feature = "bench")]
mod noted {
    use std::cell::{Cell, RefCell};

    /// Marks that are kept; what is not taken in time is lost.
    const MARKS_MAX: usize = 10_000;

    thread_local! {
        static CLOCK: Cell<Option<fn() -> f64>> = const { Cell::new(None) };
        static NOTED: RefCell<Vec<(&'static str, f64)>> = const { RefCell::new(Vec::new()) };
    }

    /// Starts noting on this thread, by a clock in milliseconds.
    pub fn start(clock: fn() -> f64) {
        CLOCK.set(Some(clock));
    }

    /// The marks since they were taken last, each with the microsecond in which it was set.
    pub fn take() -> Vec<(String, u64)> {
        NOTED.take().into_iter().map(|(name, at)| (name.to_owned(), (at * 1_000.0) as u64)).collect()
    }

    pub(super) fn note(name: &'static str) {
        if let Some(clock) = CLOCK.get() {
            NOTED.with_borrow_mut(|noted| {
                if noted.len() < MARKS_MAX {
                    noted.push((name, clock()));
                }
            });
        }
    }
}
