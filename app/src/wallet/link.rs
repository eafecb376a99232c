//! The worker and the calls that wait for it.

use super::CallError;
use super::message::{FromWorker, ToWorker, pack, unpack};
use crate::browser;
use carnet_wallet::command::{Answer, Command};
use futures_channel::oneshot::{Receiver, Sender, channel};
use leptos::task::spawn_local;
use std::collections::HashMap;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Event, MessageEvent, Worker};

/// What a call comes to.
type CallResult = Result<Answer, CallError>;

/// The worker, started when first needed, and the calls that wait for it.
#[derive(Default)]
pub(super) struct Link {
    running: Option<Running>,
    waiting: HashMap<u32, Sender<CallResult>>,
    next: u32,
}

/// A worker and what listens to it.
struct Running {
    worker: Worker,
    _on_message: Closure<dyn Fn(MessageEvent)>,
    _on_error: Closure<dyn Fn(Event)>,
}

impl Link {
    /// Sends a command; `hear` takes in everything that a newly started worker says. `None`: it cannot be started.
    pub(super) fn ask(
        &mut self,
        command: Command,
        hear: impl Fn(FromWorker) + Clone + 'static,
    ) -> Option<Receiver<CallResult>> {
        if self.running.is_none() {
            self.running = Running::start(hear);
            self.tell(&ToWorker::Visible(super::activity::visible()));
        }
        self.running.as_ref()?;
        let id = self.next;
        self.next = self.next.wrapping_add(1);
        let (sender, receiver) = channel();
        self.waiting.insert(id, sender);
        self.tell(&ToWorker::Command { id, command: Box::new(command) });
        Some(receiver)
    }

    /// Sends something that has no answer, if there is a worker.
    pub(super) fn tell(&self, message: &ToWorker) {
        if let Some(running) = &self.running {
            let (bytes, transfer) = pack(message);
            // Fails only for what cannot be handed over, and a fresh byte array can.
            let _ = running.worker.post_message_with_transfer(&bytes, &transfer);
        }
    }

    /// Hands an answer to who waits for it.
    pub(super) fn answer(&mut self, id: u32, result: CallResult) {
        if let Some(sender) = self.waiting.remove(&id) {
            // Whoever asked may have gone: its page was left.
            let _ = sender.send(result);
        }
    }

    /// Ends the worker. What still waits fails with `error`.
    pub(super) fn end(&mut self, error: &CallError) {
        if let Some(running) = self.running.take() {
            running.worker.terminate();
            // This may be running inside one of its closures, which must not be dropped under way.
            spawn_local(async move { drop(running) });
        }
        for (_, sender) in self.waiting.drain() {
            let _ = sender.send(Err(error.clone()));
        }
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
