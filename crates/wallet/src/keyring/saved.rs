//! What a wallet holds as a reader: passports taken over from links, and a member's keys.

use super::{PairedCar, Seed};
use carnet_protocol::{
    day::Timestamp,
    id::{GrantId, LinkId, StreamId},
    key::VerifyingKey,
    member::MemberClass,
};
use serde::{Deserialize, Serialize};

/// A passport taken over from a link.
#[derive(Serialize, Deserialize)]
pub(crate) struct SavedPassport {
    /// Its grant.
    pub grant: GrantId,
    /// The car's stream.
    pub stream: StreamId,
    /// The stream's owner when it was claimed.
    pub owner: VerifyingKey,
    /// The link it came from.
    pub link: LinkId,
    /// The link's bearer token, with which it is claimed.
    pub token: Seed,
    /// Opens what is sealed to the link.
    pub seal: Seed,
    /// By which the grant is known as the sharer's.
    pub binding: Seed,
    /// Signs requests as the claimer.
    pub sign: Seed,
    /// When it was claimed.
    pub claimed_at: Timestamp,
    /// Whether it is what a seller handed over, and so a part of one's own car's passport.
    pub handed_over: bool,
}

/// The keys of a member of the consortium.
#[derive(Serialize, Deserialize)]
pub(crate) struct StaffKeys {
    /// Both its keys are derived from this.
    pub seed: Seed,
    /// The organisation's public name.
    pub name: String,
    /// What it is.
    pub class: MemberClass,
    /// Cars whose owners let it write, oldest first.
    pub cars: Vec<PairedCar>,
}
