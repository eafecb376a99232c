//! A passport on paper: every record that is listed, not only those fetched so far.

use carnet_wallet::command::{Subject, TimelineFilter};
use carnet_wallet::view::RecordView;
use leptos::prelude::*;

use super::timeline::MOST;
use crate::action::Deed;
use crate::wallet::{CallError, WalletClient};

/// The wish to print: made by a button elsewhere on the page, fulfilled by the timeline once it has all its records.
#[derive(Clone, Copy)]
pub struct Printing {
    asked: RwSignal<u32>,
    deed: Deed,
}

impl Printing {
    /// Nobody wished for it yet.
    pub fn new() -> Self {
        Self { asked: RwSignal::new(0), deed: Deed::new() }
    }

    /// Prints as soon as everything is there.
    pub fn ask(self) {
        self.asked.update(|asked| *asked += 1);
    }

    /// The fetching of what is missing: for the busy button, and for what went wrong.
    pub fn deed(self) -> Deed {
        self.deed
    }

    /// How often it was wished for.
    pub(super) fn asked(self) -> Signal<u32> {
        self.asked.into()
    }
}

impl Default for Printing {
    fn default() -> Self {
        Self::new()
    }
}

/// The entries fetched so far with all that follow them.
///
/// # Errors
/// [`CallError`].
pub(super) async fn all_entries(
    wallet: WalletClient,
    subject: Subject,
    filter: TimelineFilter,
    mut entries: Vec<RecordView>,
) -> Result<Vec<RecordView>, CallError> {
    loop {
        let page = wallet.timeline(subject.clone(), filter.clone(), entries.len() as u32, MOST).await?;
        let more = !page.entries.is_empty();
        entries.extend(page.entries);
        if !more || entries.len() as u32 >= page.total {
            return Ok(entries);
        }
    }
}

/// Opens the browser's print dialog, once what was just written is on the screen.
pub(super) fn print_when_drawn() {
    request_animation_frame(|| {
        // A browser without printing shows no dialog; there is nothing to say beyond that.
        let _ = window().print();
    });
}
