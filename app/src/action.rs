//! Doing something on a press: busy meanwhile, and what went wrong stays in view until the next try.

use std::future::Future;
use std::pin::Pin;

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::load::fault;
use crate::ui::{Notice, Tone};
use crate::wallet::CallError;

/// The state of one thing that can be done.
#[derive(Clone, Copy)]
pub struct Deed {
    busy: RwSignal<bool>,
    failed: RwSignal<Option<CallError>>,
}

/// What came of a deed: what is to follow, or why it failed.
type Outcome = Result<Box<dyn FnOnce()>, CallError>;

impl Deed {
    /// Nothing done yet.
    pub fn new() -> Self {
        Self { busy: RwSignal::new(false), failed: RwSignal::new(None) }
    }

    /// Whether it is under way.
    pub fn busy(self) -> Signal<bool> {
        self.busy.into()
    }

    /// Starts it, unless it is under way already. `then` runs when it succeeded, if the page is still there.
    pub fn run<T: 'static>(
        self,
        work: impl Future<Output = Result<T, CallError>> + 'static,
        then: impl FnOnce(T) + 'static,
    ) {
        // The rest is one and the same code for every deed.
        self.start(Box::pin(async move {
            let value = work.await?;
            let then: Box<dyn FnOnce()> = Box::new(move || then(value));
            Ok(then)
        }));
    }

    fn start(self, work: Pin<Box<dyn Future<Output = Outcome>>>) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.failed.set(None);
        spawn_local(async move {
            let outcome = work.await;
            // The page may have been left meanwhile; its signals are gone then, and so is whoever would care.
            if self.busy.try_set(false).is_some() {
                return;
            }
            match outcome {
                Ok(then) => then(),
                Err(error) => self.failed.set(Some(error)),
            }
        });
    }

    /// Why it failed, if it did.
    pub fn error(self) -> Signal<Option<CallError>> {
        self.failed.into()
    }
}

impl Default for Deed {
    fn default() -> Self {
        Self::new()
    }
}

/// What went wrong the last time, read out at once.
#[component]
pub fn DeedFailure(
    /// The deed.
    deed: Deed,
) -> impl IntoView {
    move || {
        deed.failed.get().map(|error| {
            let fault = fault(&error);
            view! { <Notice tone=Tone::Bad title=fault.title text=fault.text /> }
        })
    }
}
