//! What tabs of the same browser tell each other. No secrets: every page of this origin can listen.

use super::queue::{Job, Queue};
use carnet_protocol::{encoding, id::StreamId};
use js_sys::Uint8Array;
use serde::{Deserialize, Serialize};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{BroadcastChannel, MessageEvent};

/// What one tab tells the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum TabMessage {
    /// The person is here; so no tab is idle.
    Active,
    /// The wallet was locked or removed; so it is in every tab.
    Locked,
    /// Something changed; `None`: any list.
    Changed(Option<StreamId>),
}

/// The channel to the other tabs. Clones are handles on the same one.
#[derive(Clone)]
pub(super) struct Tabs(Option<BroadcastChannel>);

impl Tabs {
    /// Joins. What others say becomes jobs.
    pub(super) fn join(queue: Queue) -> Self {
        // Absent only in browsers that lack other things the application needs more.
        let Ok(channel) = BroadcastChannel::new("carnet") else { return Self(None) };
        let on_message = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            if let Some(message) = read(&event) {
                queue.push(Job::Tab(message));
            }
        });
        channel.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        // Lives as long as the worker.
        on_message.forget();
        Self(Some(channel))
    }

    /// Tells the other tabs.
    pub(super) fn tell(&self, message: TabMessage) {
        if let Some(channel) = &self.0 {
            // Fails only on a closed channel, and nobody closes it.
            let _ = channel.post_message(&Uint8Array::from(encoding::encode(&message).as_slice()));
        }
    }
}

/// `None` for what a tab with another version of the application says otherwise.
fn read(event: &MessageEvent) -> Option<TabMessage> {
    let bytes = event.data().dyn_into::<Uint8Array>().ok()?.to_vec();
    encoding::decode(&bytes).ok()
}
