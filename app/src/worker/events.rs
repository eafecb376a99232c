//! What the relay tells by itself: server-sent events. They are hints; whatever they announce is fetched and checked.

use super::{
    queue::{Job, Queue},
    turn::Held,
};
use carnet_protocol::{api::path, id::Nonce16};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Event, EventSource, MessageEvent};

/// How many event streams a browser opens; each takes one of its six connections to a host.
pub(super) const STREAMS_MAX: usize = 2;

/// How long after an end or a refusal it is tried again, in milliseconds.
const RETRY_MS: u64 = 30_000;

/// The open event streams of this browser, in the one tab whose turn it is.
#[derive(Default)]
pub(super) struct Events {
    streams: Vec<Stream>,
    turn: Option<Held>,
    not_before: u64,
}

impl Events {
    /// Whether the relay tells of news by itself.
    pub(super) fn listening(&self) -> bool {
        !self.streams.is_empty()
    }

    /// Whether it is time to try.
    pub(super) fn wanted(&self, now: u64) -> bool {
        self.streams.is_empty() && now >= self.not_before
    }

    /// Not possible now.
    pub(super) fn postpone(&mut self, now: u64) {
        self.not_before = now + RETRY_MS;
    }

    /// Opens streams. The browser reconnects by itself and resumes from the last event it saw.
    pub(super) fn open(&mut self, turn: Held, tickets: &[Nonce16], queue: &Queue) {
        self.streams = tickets.iter().take(STREAMS_MAX).filter_map(|ticket| Stream::open(ticket, queue)).collect();
        self.turn = self.listening().then_some(turn);
    }

    /// Closes them, to listen for more or for somebody else as soon as may be.
    pub(super) fn renew(&mut self) {
        self.close();
        self.not_before = 0;
    }

    /// Closes them.
    pub(super) fn close(&mut self) {
        self.streams.clear();
        self.turn = None;
    }
}

/// One stream, closed on drop.
struct Stream {
    source: EventSource,
    _on_event: Closure<dyn Fn(Event)>,
    _on_error: Closure<dyn Fn(Event)>,
}

impl Stream {
    fn open(ticket: &Nonce16, queue: &Queue) -> Option<Self> {
        let source = EventSource::new(&format!("{}?ticket={ticket}", path::EVENTS)).ok()?;
        let on_event = Closure::<dyn Fn(Event)>::new({
            let queue = queue.clone();
            move |event: Event| {
                // What is no news of a car may be anything: after an opening and a reset something may have been missed.
                let data = event.dyn_ref::<MessageEvent>().and_then(|message| message.data().as_string());
                let of_car = data.is_some_and(|data| data.contains("\"stream\""));
                queue.push(Job::News { inbox: !of_car });
            }
        });
        let on_error = Closure::<dyn Fn(Event)>::new({
            let (queue, source) = (queue.clone(), source.clone());
            move |_| {
                // Otherwise the browser is about to reconnect.
                if source.ready_state() == EventSource::CLOSED {
                    queue.push(Job::EventsEnded);
                }
            }
        });
        let heard = on_event.as_ref().unchecked_ref();
        // After an opening, events may have been missed: the relay keeps only so many.
        source.set_onopen(Some(heard));
        source.set_onmessage(Some(heard));
        source.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        source.add_event_listener_with_callback("reset", heard).ok()?;
        Some(Self { source, _on_event: on_event, _on_error: on_error })
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.source.close();
    }
}
