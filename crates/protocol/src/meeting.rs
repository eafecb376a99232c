//! How a new device meets one that holds the wallet: a code to scan, and two messages in a mailbox at the relay.
//! Format: `docs/formats/devices.md`.

use crate::{
    device::DeviceKeys,
    id::{LinkId, MailboxId, Nonce16},
    key::VerifyingKey,
    link::{LinkError, LinkFragment},
};
use serde::{Deserialize, Serialize};

/// How long a mailbox stands, in milliseconds: ten minutes, for two devices on one table.
pub const MAILBOX_MS: u64 = 10 * 60 * 1_000;

/// The largest message, in bytes: a name of 60 characters and keys, sealed.
pub const MESSAGE_MAX: usize = 1_024;

/// The part of a device's link after `#`; its text is that of a share link's.
#[derive(Clone, PartialEq, Eq)]
pub struct MeetingFragment {
    /// The mailbox. A hash over what the showing device says second, so that nobody can say it instead.
    pub mailbox: MailboxId,
    /// Seals both messages. It never reaches a server.
    pub secret: [u8; 32],
}

impl MeetingFragment {
    /// Reads a fragment or a whole link, mended as a share link is.
    ///
    /// # Errors
    /// [`LinkError`].
    pub fn parse(text: &str) -> Result<Self, LinkError> {
        let LinkFragment { link, secret } = LinkFragment::parse(text)?;
        Ok(Self { mailbox: MailboxId(link.0), secret })
    }

    /// `<mailbox>.<secret>`, without `#`.
    pub fn to_text(&self) -> String {
        LinkFragment { link: LinkId(self.mailbox.0), secret: self.secret }.to_text()
    }
}

impl core::fmt::Debug for MeetingFragment {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("MeetingFragment").field("mailbox", &self.mailbox).finish_non_exhaustive()
    }
}

/// Places of a mailbox, each written once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailboxPlace {
    /// [`MeetingRequest`], by the new device.
    Request,
    /// [`MeetingHello`], by the showing device once it has read the request.
    Hello,
}

/// First message: who wants to be added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeetingRequest {
    /// The new device's keys.
    pub device: DeviceKeys,
    /// What its owner calls it.
    pub name: String,
}

/// Second message: to what it would be added. Its hash names the mailbox, so it was fixed before the request was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeetingHello {
    /// The account.
    pub account: VerifyingKey,
    /// Unknown to all until now: nobody can have chosen a request for the code that follows from it.
    pub nonce: Nonce16,
}
