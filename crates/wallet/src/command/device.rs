//! What may be asked about the devices that hold a wallet.

use carnet_protocol::key::VerifyingKey;
use serde::{Deserialize, Serialize};

/// One thing to do with the devices.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeviceCommand {
    /// The devices, and when each was there last: [`Answer::Devices`](super::Answer::Devices).
    List,
    /// Gives a device another name: [`Answer::Devices`](super::Answer::Devices).
    Rename {
        /// The device.
        device: VerifyingKey,
        /// 1 to 60 characters.
        name: String,
    },
    /// Removes another device: it gets no key from now on, and wipes itself when it next asks. Needs the relay:
    /// [`Answer::Devices`](super::Answer::Devices).
    Remove {
        /// The device.
        device: VerifyingKey,
        /// The passphrase of this one.
        passphrase: String,
    },
    /// Shows a code for a new device, for ten minutes: [`Answer::Meeting`](super::Answer::Meeting).
    StartMeeting,
    /// Whether somebody asked by that code: [`Answer::Meeting`](super::Answer::Meeting).
    Meeting,
    /// Adds the device that asked: [`Answer::Devices`](super::Answer::Devices).
    ApproveMeeting {
        /// The six digits that the new device shows.
        code: String,
        /// The passphrase of this one.
        passphrase: String,
    },
    /// Takes the code back: [`Answer::Done`](super::Answer::Done).
    CancelMeeting,
    /// As a browser without a wallet, asks to be added: [`Answer::Joining`](super::Answer::Joining).
    Join {
        /// The code as scanned or pasted.
        link: String,
        /// What the owner calls this device, 1 to 60 characters.
        name: String,
        /// The passphrase for this browser, at least 10 characters.
        passphrase: String,
    },
    /// How far that is: [`Answer::Joining`](super::Answer::Joining).
    Joining,
    /// Asks no longer: [`Answer::Done`](super::Answer::Done).
    CancelJoining,
}
