//! What a wallet is being made for: where to go once it is there.

use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use crate::browser;

// Making a wallet leads over pages of its own, while a share link stays open in the worker.
static LINK: AtomicBool = AtomicBool::new(false);
static DESK: AtomicBool = AtomicBool::new(false);
// The code of an invitation: it is nowhere else, and opens nothing without the wallet that is being made.
static INVITATION: Mutex<Option<String>> = Mutex::new(None);

/// A share link is open, or no longer.
pub(crate) fn link_open(open: bool) {
    LINK.store(open, Ordering::Relaxed);
    browser::note_link(open);
}

/// The desk is what somebody without a wallet asked for, or something else.
pub(crate) fn desk_wanted(wanted: bool) {
    DESK.store(wanted, Ordering::Relaxed);
}

/// An invitation waits for a wallet, or no longer.
pub(crate) fn invited(code: Option<String>) {
    *INVITATION.lock().unwrap_or_else(PoisonError::into_inner) = code;
}

/// The invitation that waits for a wallet.
pub(crate) fn invitation() -> Option<String> {
    INVITATION.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

/// Where to go now that there is a wallet: back to the open link, to the invitation, to the desk, or to the cars.
pub(crate) fn after_wallet() -> &'static str {
    if LINK.load(Ordering::Relaxed) {
        "/s"
    } else if invitation().is_some() {
        "/join"
    } else if DESK.load(Ordering::Relaxed) {
        "/desk"
    } else {
        "/"
    }
}
