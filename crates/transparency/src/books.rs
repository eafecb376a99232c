//! The books of a ledger: the log of its transactions, the map of its streams' heads, and what they are made from.

mod file;
mod head;
mod log;
mod map;
mod recorder;
mod stream;

pub(crate) use file::{LOG, META, NOTES, begin_read, begin_write, open};
pub(crate) use log::Log;
pub(crate) use map::{Found, Map};
pub(crate) use recorder::{Recorder, recorded, recorded_log};
pub(crate) use stream::withdrawals;
