//! What a wallet is being made for: where to go once it is there.

use std::sync::atomic::{AtomicBool, Ordering};

// Making a wallet leads over pages of its own, while a share link stays open in the worker.
static LINK: AtomicBool = AtomicBool::new(false);
static DESK: AtomicBool = AtomicBool::new(false);

/// A share link is open, or no longer.
pub(crate) fn link_open(open: bool) {
    LINK.store(open, Ordering::Relaxed);
}

/// The desk is what somebody without a wallet asked for, or something else.
pub(crate) fn desk_wanted(wanted: bool) {
    DESK.store(wanted, Ordering::Relaxed);
}

/// Where to go now that there is a wallet: back to the open link, to the desk, or to the cars.
pub(crate) fn after_wallet() -> &'static str {
    if LINK.load(Ordering::Relaxed) {
        "/s"
    } else if DESK.load(Ordering::Relaxed) {
        "/desk"
    } else {
        "/"
    }
}
