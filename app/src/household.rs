//! Holding a car together: inviting, the list of people, answering an invitation.

mod entry;
mod invite;
mod joining;
mod owners_only;

pub(crate) use entry::HolderEntry;
pub(crate) use invite::Invite;
pub(crate) use joining::{Accept, Waiting};
pub(crate) use owners_only::{HoldingEnded, IfOwner, OwnersOnly, card_of};
