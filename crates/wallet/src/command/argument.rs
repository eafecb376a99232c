//! What commands are about: whose passport, which entries, terms of a share, files.

use carnet_protocol::{
    category::Category,
    day::{Day, DayRange, Timestamp},
    grant::Purpose,
    id::{GrantId, PairingId, RecordId, StreamId},
    key::VerifyingKey,
    payload::Fact,
    quantity::{Metres, Money},
};
use serde::{Deserialize, Serialize};

/// Whose passport.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// One of the wallet's own cars.
    Own(StreamId),
    /// Granted to the wallet's member role, or claimed.
    Granted(GrantId),
    /// The link that is open.
    Link,
}

/// Shows anew who is at the keys. Not `Debug`: it holds what opens the wallet.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verification {
    /// By the passphrase.
    Passphrase(String),
    /// By a passkey of this wallet.
    Passkey {
        /// The authenticator's name for it.
        #[serde(with = "serde_bytes")]
        credential: Vec<u8>,
        /// What its function gave, 32 bytes.
        #[serde(with = "serde_bytes")]
        output: Vec<u8>,
    },
}

/// Terms of an offer to sell a car.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaleDraft {
    /// What the odometer shows.
    pub odometer: Metres,
    /// What the seller asks; only the buyer reads it.
    pub price: Option<Money>,
    /// How many days the offer stands, 1 to 30.
    pub days: u8,
    /// A share whose reader is offered the car, besides whoever gets the code.
    pub reader: Option<GrantId>,
}

/// What is to be erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EraseTarget {
    /// One record with its files.
    Record {
        /// The car.
        vehicle: StreamId,
        /// The record.
        record: RecordId,
    },
    /// All of a category of a car.
    Category {
        /// The car.
        vehicle: StreamId,
        /// The category.
        category: Category,
    },
    /// A car.
    Vehicle {
        /// The car.
        vehicle: StreamId,
    },
    /// The wallet, at the relay and in all browsers.
    Everything,
}

/// A file on its way in or out.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileData {
    /// Name.
    pub name: String,
    /// Media type.
    pub media_type: String,
    /// Bytes.
    #[serde(with = "serde_bytes")]
    pub bytes: Vec<u8>,
}

/// Which timeline entries.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimelineFilter {
    /// Only these categories; all when empty.
    pub categories: Vec<Category>,
    /// Only entries with this text in them.
    pub text: String,
    /// Only these days.
    pub days: Option<DayRange>,
}

/// One category and the days of it that are shared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShareScope {
    /// The category.
    pub category: Category,
    /// The days.
    pub days: DayRange,
}

/// Terms of a share to be made.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShareDraft {
    /// For whom.
    pub audience: Audience,
    /// What for.
    pub purpose: Purpose,
    /// What to open; at least one.
    pub scopes: Vec<ShareScope>,
    /// When it ends. `None`, for a member only: not until it is taken back, or the owner's wallet was not used for 90 days.
    pub not_after: Option<Timestamp>,
    /// A message to the reader.
    pub message: Option<String>,
}

/// For whom a share is. Not `Debug`: a PIN is as secret as the link.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// Whoever holds the link.
    Link {
        /// Whom the owner means, in own words.
        name: String,
        /// How often it can be opened.
        max_opens: Option<u32>,
        /// A PIN to be told separately, 4 to 12 characters.
        pin: Option<String>,
    },
    /// A member of the consortium.
    Member(VerifyingKey),
}

/// Leave to write, as an owner gives it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PairingDraft {
    /// For whom, 1 to 100 characters.
    pub name: String,
    /// Where the source may write.
    pub categories: Vec<Category>,
    /// Which days.
    pub days: DayRange,
    /// Until when.
    pub not_after: Timestamp,
}

/// By which way a source writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Via {
    /// With the owner's leave.
    Paired(PairingId),
    /// To a passport that it can read: with the leave, where there is one for this car, otherwise into quarantine.
    Granted(GrantId),
}

/// A record as a source writes it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WriteDraft {
    /// The day it speaks of.
    pub day: Day,
    /// What happened.
    pub fact: Fact,
    /// Free text.
    pub note: Option<String>,
    /// Files, at most `ATTACHMENT_MAX` bytes each.
    pub files: Vec<FileData>,
    /// The record that it corrects.
    pub rectifies: Option<RecordId>,
}
