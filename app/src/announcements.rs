//! Short messages after an action: shown as toasts, read out politely.

use std::time::Duration;

use leptos::prelude::*;

use crate::ui::{Text, Toast, Tone};

/// Long enough to read two sentences; what must not be missed belongs on the page, not in a toast.
const SHOWN_FOR: Duration = Duration::from_secs(8);

/// The context through which any page says what just happened.
#[derive(Clone, Copy)]
pub struct Announcer {
    toasts: RwSignal<Vec<Toast>>,
    next: StoredValue<u32>,
}

impl Announcer {
    /// Shows and reads out one sentence. Problems stay until they are dismissed.
    pub fn say(&self, tone: Tone, text: impl Into<Text>) {
        let id = self.next.get_value();
        self.next.set_value(id + 1);
        let this = *self;
        this.toasts.update(|toasts| toasts.push(Toast { id, tone, text: text.into() }));
        if matches!(tone, Tone::Neutral | Tone::Info | Tone::Good) {
            set_timeout(move || this.dismiss(id), SHOWN_FOR);
        }
    }

    /// Takes a message away.
    pub(crate) fn dismiss(&self, id: u32) {
        self.toasts.update(|toasts| toasts.retain(|toast| toast.id != id));
    }

    /// The messages now shown.
    pub(crate) fn toasts(&self) -> Signal<Vec<Toast>> {
        self.toasts.into()
    }
}

/// Provides the context; called once, by the shell.
pub(crate) fn provide_announcer() -> Announcer {
    let announcer = Announcer { toasts: RwSignal::new(Vec::new()), next: StoredValue::new(0) };
    provide_context(announcer);
    announcer
}

/// The announcer of the shell. Call it in a component's body, not after an await.
pub fn use_announcer() -> Announcer {
    expect_context()
}
