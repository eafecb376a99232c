//! What an owner calls the devices.

use carnet_protocol::{day::Timestamp, key::VerifyingKey};
use serde::{Deserialize, Serialize};

/// A device's name. Its keys stand in the device list, which the relay reads; the name is for the owner alone.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct DeviceName {
    /// The device.
    pub device: VerifyingKey,
    /// Its name.
    pub name: String,
    /// When it got this name: of two, the later one stays.
    pub named_at: Timestamp,
}

/// Sets a name, unless there is a later one.
pub(super) fn set(names: &mut Vec<DeviceName>, new: DeviceName) {
    match names.iter_mut().find(|known| known.device == new.device) {
        Some(known) if (known.named_at, &known.name) >= (new.named_at, &new.name) => {}
        Some(known) => *known = new,
        None => {
            names.push(new);
            names.sort_by_key(|name| name.device);
        }
    }
}
