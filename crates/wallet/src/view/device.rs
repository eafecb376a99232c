//! The devices of a wallet, for showing.

use carnet_protocol::{day::Timestamp, key::VerifyingKey};
use serde::{Deserialize, Serialize};

/// The devices that hold a wallet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DevicesView {
    /// In the order in which they were added.
    pub devices: Vec<DeviceView>,
    /// Whether the relay could be asked when each was there last.
    pub asked: bool,
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceView {
    /// Its key.
    pub device: VerifyingKey,
    /// What the owner calls it; empty where it has no name yet.
    pub name: String,
    /// When it was added.
    pub added_at: Timestamp,
    /// When it asked the relay last, to ten minutes; `None` where that is not known.
    pub seen_at: Option<Timestamp>,
    /// Whether it is this one.
    pub this: bool,
}

/// A code for a new device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeetingView {
    /// Path and fragment of the link in the code.
    pub link: String,
    /// Until when it can be used.
    pub until: Timestamp,
    /// What became of it.
    pub state: MeetingState,
}

/// What became of a code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MeetingState {
    /// Nobody used it yet.
    Waiting,
    /// A device asks to be added; it shows six digits.
    Asked {
        /// What it calls itself.
        name: String,
    },
    /// Its time is over.
    Ended,
}

/// How far a new device is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewDeviceView {
    /// Six digits to type at the other device, once that has answered.
    pub code: Option<String>,
    /// Whether it holds the wallet now.
    pub joined: bool,
}
