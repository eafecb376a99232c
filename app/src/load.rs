//! Loading what a page shows: one way to wait, to fail and to load again, over any of the wallet's calls.

use std::future::Future;

use leptos::prelude::*;

use crate::faults;
use crate::t;
use crate::ui::{Failure, Phase, Text};
use crate::wallet::CallError;

/// Something loaded from the wallet, loaded again whenever a signal read by its source changes. What was loaded before
/// stays on the screen meanwhile.
pub struct Loaded<T: Send + Sync + 'static> {
    resource: LocalResource<Result<T, CallError>>,
}

impl<T: Send + Sync + 'static> Clone for Loaded<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Loaded<T> {}

/// Loads with a call of the wallet. Read the signals that should load it again inside `source`, before its future.
pub fn load<T, F>(source: impl Fn() -> F + 'static) -> Loaded<T>
where
    T: Clone + PartialEq + Send + Sync + 'static,
    F: Future<Output = Result<T, CallError>> + 'static,
{
    Loaded { resource: LocalResource::new(source) }
}

impl<T: Clone + PartialEq + Send + Sync + 'static> Loaded<T> {
    /// What was loaded last; changes only when the data does.
    pub fn value(self) -> Memo<Option<T>> {
        Memo::new(move |before: Option<&Option<T>>| match self.resource.get() {
            Some(Ok(value)) => Some(value),
            _ => before.cloned().flatten(),
        })
    }

    /// Whether it can be shown; `waiting` says what is going on until then.
    pub fn phase(self, waiting: Text) -> Signal<Phase> {
        let outcome = Memo::new(move |_| self.resource.get().map(|loaded| loaded.err()));
        Signal::derive(move || match outcome.get() {
            None => Phase::Waiting(waiting.clone()),
            Some(None) => Phase::Ready,
            Some(Some(error)) => Phase::Failed(self.failure(&error)),
        })
    }

    fn failure(self, error: &CallError) -> Failure {
        let again = (t!(faults::try_again), Callback::new(move |()| self.resource.refetch()));
        Failure { next: Some(again), ..fault(error).into() }
    }
}

/// What a failed call means for the person in front of the screen.
pub fn fault(error: &CallError) -> faults::Fault {
    match error {
        CallError::Wallet(error) => faults::of_wallet(error),
        CallError::Worker => faults::worker_gone(),
        CallError::Passkey(fault) => faults::of_passkey(*fault),
    }
}
