//! The devices that hold the wallet: a list, another one by a code, and being the new one.

mod adding;
mod joining;
mod listed;
mod watch;

pub(crate) use adding::AddDevice;
pub(crate) use joining::Join;
pub(crate) use listed::DeviceList;
