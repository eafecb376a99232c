//! The wallet store in the browser.
