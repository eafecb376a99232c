//! What may be asked about holding a car together.

#[cfg(doc)]
use super::Answer;
use carnet_protocol::{id::StreamId, key::VerifyingKey};
use serde::{Deserialize, Serialize};

/// One thing to do.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HouseholdCommand {
    /// Invites someone with a wallet to hold a car together: [`Answer::Invitation`].
    Invite {
        /// The car.
        vehicle: StreamId,
        /// Who it is, 1 to 80 characters.
        name: String,
        /// Whether the private categories go along.
        private: bool,
    },
    /// People invited to hold a car together, newest first: [`Answer::Holders`].
    Holders {
        /// The car.
        vehicle: StreamId,
    },
    /// An invitation again, while it can be answered: [`Answer::Invitation`].
    ShowInvitation {
        /// The car.
        vehicle: StreamId,
        /// The person.
        holder: VerifyingKey,
    },
    /// Ends an invitation, or holding the car together: [`Answer::Done`].
    Remove {
        /// The car.
        vehicle: StreamId,
        /// The person.
        holder: VerifyingKey,
    },
    /// What an invitation offers; works without a wallet: [`Answer::Offer`].
    ReadInvitation {
        /// The code, or a whole link as scanned or pasted.
        code: String,
    },
    /// Answers an invitation: [`Answer::Joinings`].
    Join {
        /// The code.
        code: String,
    },
    /// Invitations that were answered and wait for their owner: [`Answer::Joinings`].
    Joinings,
    /// Removes a car from this wallet whose holding together has ended: [`Answer::Done`].
    Forget {
        /// The car.
        vehicle: StreamId,
    },
}
