//! Calls about the devices that hold the wallet.

use super::session::calls;
use super::{CallError, WalletClient};
use carnet_protocol::key::VerifyingKey;
use carnet_wallet::{
    command::{Answer, Command, DeviceCommand},
    view::{DevicesView, MeetingView, NewDeviceView},
};

calls! {
    /// The devices.
    devices() => Command::Device(DeviceCommand::List), Answer::Devices(view) => view, DevicesView;

    /// Gives a device another name.
    rename_device(device: VerifyingKey, name: String) =>
        Command::Device(DeviceCommand::Rename { device, name }), Answer::Devices(view) => view, DevicesView;

    /// Removes a device.
    remove_device(device: VerifyingKey, passphrase: String) =>
        Command::Device(DeviceCommand::Remove { device, passphrase }), Answer::Devices(view) => view, DevicesView;

    /// Shows a code for a new device.
    start_meeting() => Command::Device(DeviceCommand::StartMeeting), Answer::Meeting(view) => view, MeetingView;

    /// Whether somebody asked by that code.
    meeting() => Command::Device(DeviceCommand::Meeting), Answer::Meeting(view) => view, MeetingView;

    /// Adds the device that asked.
    approve_meeting(code: String, passphrase: String) =>
        Command::Device(DeviceCommand::ApproveMeeting { code, passphrase }), Answer::Devices(view) => view, DevicesView;

    /// Takes the code back.
    cancel_meeting() => Command::Device(DeviceCommand::CancelMeeting), Answer::Done => (), ();

    /// Asks to be added to the wallet whose code this is.
    join(link: String, name: String, passphrase: String) =>
        Command::Device(DeviceCommand::Join { link, name, passphrase }), Answer::Joining(view) => view, NewDeviceView;

    /// How far that is.
    joining() => Command::Device(DeviceCommand::Joining), Answer::Joining(view) => view, NewDeviceView;

    /// Asks no longer.
    cancel_joining() => Command::Device(DeviceCommand::CancelJoining), Answer::Done => (), ();
}
