//! Loading what a page shows: one way to wait, to fail and to load again, over any of the wallet's calls.
//!
//! Why not a resource of Leptos: it makes some four kilobytes of code for each kind of data, and this application is
//! sent to a browser. Here only the data's own signal is made anew for each kind.

use std::cell::Cell;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::faults;
use crate::t;
use crate::ui::{Failure, Phase, Text, follow};
use crate::wallet::CallError;

/// Something loaded from the wallet, loaded again whenever a signal read by its source changes. What was loaded before
/// stays on the screen meanwhile.
pub struct Loaded<T: Send + Sync + 'static> {
    value: RwSignal<Option<T>>,
    course: Course,
}

/// How loading goes, whatever is loaded.
#[derive(Clone, Copy)]
struct Course {
    /// How it ended the last time; `None` before the first time.
    ended: RwSignal<Option<Result<(), CallError>>>,
    /// Changes to load again.
    again: RwSignal<u32>,
    /// A call is under way.
    busy: RwSignal<bool>,
}

impl<T: Send + Sync + 'static> Clone for Loaded<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Loaded<T> {}

/// What came of a call: puts the value into its signal.
type Arrival = Result<Box<dyn FnOnce()>, CallError>;

/// Loads with a call of the wallet. Read the signals that should load it again inside `source`, before its future.
pub fn load<T, F>(source: impl Fn() -> F + 'static) -> Loaded<T>
where
    T: Clone + PartialEq + Send + Sync + 'static,
    F: Future<Output = Result<T, CallError>> + 'static,
{
    let value = RwSignal::new(None);
    let course = Course::start(Box::new(move || {
        let call = source();
        Box::pin(async move {
            let arrived = call.await?;
            let keep: Box<dyn FnOnce()> = Box::new(move || {
                // The page may have been left meanwhile.
                if value.try_with_untracked(|before| before.as_ref() != Some(&arrived)) == Some(true) {
                    value.set(Some(arrived));
                }
            });
            Ok(keep)
        })
    }));
    Loaded { value, course }
}

impl<T: Clone + PartialEq + Send + Sync + 'static> Loaded<T> {
    /// What was loaded last; changes only when the data does.
    pub fn value(self) -> ReadSignal<Option<T>> {
        self.value.read_only()
    }

    /// Loads it again.
    pub fn again(self) {
        self.course.again.update(|again| *again += 1);
    }

    /// Whether it is being loaded, for the first time or again.
    pub fn busy(self) -> Signal<bool> {
        self.course.busy.into()
    }

    /// Whether it can be shown; `waiting` says what is going on until then.
    pub fn phase(self, waiting: Text) -> Signal<Phase> {
        self.course.phase(waiting)
    }
}

impl Course {
    fn start(source: Box<dyn Fn() -> Pin<Box<dyn Future<Output = Arrival>>>>) -> Self {
        let course = Self { ended: RwSignal::new(None), again: RwSignal::new(0), busy: RwSignal::new(false) };
        let latest = Rc::new(Cell::new(0_u32));
        follow(move || {
            course.again.track();
            let call = source();
            let (latest, this) = (latest.clone(), latest.get().wrapping_add(1));
            latest.set(this);
            course.busy.set(true);
            spawn_local(async move {
                let arrival = call.await;
                // A later call has the word.
                if latest.get() == this {
                    course.end(arrival);
                }
            });
        });
        course
    }

    fn end(self, arrival: Arrival) {
        self.busy.try_set(false);
        let ended = arrival.map(|keep| keep());
        if self.ended.try_with_untracked(|before| before.as_ref() != Some(&ended)) == Some(true) {
            self.ended.set(Some(ended));
        }
    }

    fn phase(self, waiting: Text) -> Signal<Phase> {
        Signal::derive(move || match self.ended.get() {
            None => Phase::Waiting(waiting.clone()),
            Some(Ok(())) => Phase::Ready,
            Some(Err(error)) => Phase::Failed(self.failure(&error)),
        })
    }

    fn failure(self, error: &CallError) -> Failure {
        let again = (t!(faults::try_again), Callback::new(move |()| self.again.update(|again| *again += 1)));
        Failure { next: Some(again), ..fault(error).into() }
    }
}

/// What a failed call means for the person in front of the screen.
pub fn fault(error: &CallError) -> faults::Fault {
    match error {
        CallError::Wallet(error) => faults::of_wallet(error),
        CallError::Worker => faults::worker_gone(),
        CallError::NotFetched => faults::part_missing(),
        CallError::Passkey(fault) => faults::of_passkey(*fault),
    }
}
