//! The desk of a member's staff: taking up a role, and the grants that owners address to it.

mod grant;
mod inbox;
mod pairing;
mod request;
mod roles;
mod votes;
mod waiting;

pub(crate) use inbox::InboxList;
pub(crate) use pairing::Writing;
pub(crate) use roles::Roles;
pub(crate) use votes::Votes;
pub(crate) use waiting::Waiting;
