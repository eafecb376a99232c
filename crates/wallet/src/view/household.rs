//! Cars held together.

use carnet_protocol::{day::Timestamp, id::StreamId, key::VerifyingKey};
use serde::{Deserialize, Serialize};

/// Who keeps a car.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Holding {
    /// This wallet alone.
    Own,
    /// This wallet, with so many others.
    Shared(u32),
    /// Another's, held together; with or without the private categories.
    Together {
        /// With them.
        private: bool,
    },
    /// Another's, which was held together once.
    Ended,
}

/// Someone who holds a car together with its owner, or was asked to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HolderView {
    /// By which the person is known here.
    pub holder: VerifyingKey,
    /// Who, in the owner's words.
    pub name: String,
    /// Whether the private categories go along.
    pub private: bool,
    /// Invited, or admitted, when.
    pub since: Timestamp,
    /// Until when the invitation can be answered.
    pub expires: Timestamp,
    /// When the owner ended it.
    pub removed_at: Option<Timestamp>,
    /// Where it stands.
    pub state: HolderState,
}

/// Where it stands with a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HolderState {
    /// The invitation waits for its answer.
    Invited,
    /// Nobody answered in time.
    Expired,
    /// Holds the car together.
    Joined,
    /// Was removed, or the invitation taken back.
    Removed,
}

/// An invitation to hand over. Not `Debug`: the link is a secret.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitationView {
    /// The person.
    pub holder: HolderView,
    /// Path and fragment.
    pub link: String,
}

/// What an invitation offers, by its code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferView {
    /// What the owner calls the car.
    pub vehicle_name: String,
    /// Whether the private categories go along.
    pub private: bool,
    /// Until when it can be answered.
    pub expires: Timestamp,
    /// It has expired.
    pub over: bool,
    /// The car is in this wallet already.
    pub known: bool,
}

/// An invitation that was answered and waits for the owner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JoiningView {
    /// The car.
    pub vehicle: StreamId,
    /// What the owner calls it.
    pub vehicle_name: String,
    /// Whether the private categories go along.
    pub private: bool,
    /// When it was answered.
    pub at: Timestamp,
}
