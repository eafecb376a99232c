//! The worker and the calls that wait for it.

use super::CallError;
use super::message::{FromWorker, Packed, ToWorker, pack, unpack};
use crate::browser;
use carnet_wallet::view::WalletStatus;
use leptos::task::spawn_local;
use std::collections::HashMap;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Event, MessageEvent, Worker};

/// What a call comes to.
pub(super) enum Outcome {
    /// What came of a command, encoded.
    Result(Packed),
    /// How the wallet stands.
    Status(WalletStatus),
    /// Nothing.
    Failed(CallError),
}

/// Takes in what a call comes to. Never called while the link is borrowed: it may use it.
pub(super) type Reply = Box<dyn FnOnce(Outcome)>;

/// The worker, started when first needed, and the calls that wait for it.
#[derive(Default)]
pub(super) struct Link {
    running: Option<Running>,
    waiting: HashMap<u32, Reply>,
    next: u32,
}

/// A worker and what listens to it.
struct Running {
    worker: Worker,
    _on_message: Closure<dyn Fn(MessageEvent)>,
    _on_error: Closure<dyn Fn(Event)>,
}

impl Link {
    /// Asks something under a number; `hear` takes in everything that a newly started worker says.
    ///
    /// # Errors
    /// The reply: the worker cannot be started.
    pub(super) fn ask(
        &mut self,
        message: impl FnOnce(u32) -> ToWorker,
        reply: Reply,
        hear: impl Fn(FromWorker) + Clone + 'static,
    ) -> Result<(), Reply> {
        if self.running.is_none() {
            self.running = Running::start(hear);
            self.tell(&ToWorker::Visible(super::activity::visible()));
        }
        if self.running.is_none() {
            return Err(reply);
        }
        let id = self.next;
        self.next = self.next.wrapping_add(1);
        self.waiting.insert(id, reply);
        self.tell(&message(id));
        Ok(())
    }

    /// Sends something that has no answer, if there is a worker.
    pub(super) fn tell(&self, message: &ToWorker) {
        if let Some(running) = &self.running {
            let (bytes, transfer) = pack(message);
            // Fails only for what cannot be handed over, and a fresh byte array can.
            let _ = running.worker.post_message_with_transfer(&bytes, &transfer);
        }
    }

    /// Who waits for an answer.
    pub(super) fn waiting(&mut self, id: u32) -> Option<Reply> {
        self.waiting.remove(&id)
    }

    /// Ends the worker; gives who still waits.
    pub(super) fn end(&mut self) -> Vec<Reply> {
        if let Some(running) = self.running.take() {
            running.worker.terminate();
            // This may be running inside one of its closures, which must not be dropped under way.
            spawn_local(async move { drop(running) });
        }
        self.waiting.drain().map(|(_, reply)| reply).collect()
    }
}

impl Running {
    fn start(hear: impl Fn(FromWorker) + Clone + 'static) -> Option<Self> {
        let worker = browser::spawn_worker().ok()?;
        let on_message = Closure::<dyn Fn(MessageEvent)>::new({
            let hear = hear.clone();
            move |event: MessageEvent| hear(unpack(&event.data()).unwrap_or(FromWorker::Died))
        });
        let on_error = Closure::<dyn Fn(Event)>::new(move |event: Event| {
            // Handled here: the page as a whole has not failed.
            event.prevent_default();
            hear(FromWorker::Died);
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        Some(Self { worker, _on_message: on_message, _on_error: on_error })
    }
}
