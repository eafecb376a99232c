//! A share as its owner keeps it.

use super::Seed;
use crate::command::ShareScope;
use carnet_protocol::{
    day::Timestamp,
    grant::{Grantee, Purpose},
    id::{GrantId, LinkId},
};
use serde::{Deserialize, Serialize};

/// A share the owner made.
#[derive(Serialize, Deserialize)]
pub(crate) struct Share {
    /// Its grant.
    pub grant: GrantId,
    /// For whom, in the owner's words.
    pub audience: String,
    /// What for.
    pub purpose: Purpose,
    /// A message to the reader.
    pub message: Option<String>,
    /// What it opens.
    pub scopes: Vec<ShareScope>,
    /// To whom it is sealed.
    pub grantee: Grantee,
    /// When it was made.
    pub issued_at: Timestamp,
    /// Whether it has no end of its own: the sync moves `not_after` ahead while it stands.
    pub renewed: bool,
    /// When it ends.
    pub not_after: Timestamp,
    /// The link, where it is one.
    pub link: Option<LinkKeys>,
    /// When it was taken back.
    pub revoked_at: Option<Timestamp>,
}

impl Share {
    /// Whether it opens anything now.
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && now < self.not_after
    }

    /// Takes over what another device did with it: taken back, narrowed or unable to be shown stays so.
    pub(super) fn merge(&mut self, other: Share) {
        self.revoked_at = self.revoked_at.or(other.revoked_at);
        self.not_after = self.not_after.max(other.not_after);
        self.scopes.retain(|scope| other.scopes.contains(scope));
        if let (Some(ours), Some(LinkKeys { secret: None, .. })) = (&mut self.link, other.link) {
            ours.secret = None;
        }
    }
}

/// The secrets of a link, so that its owner can show it again and seal to its reader again.
#[derive(Serialize, Deserialize)]
pub(crate) struct LinkKeys {
    /// The link.
    pub link: LinkId,
    /// The secret of its fragment; `None` once something was erased that it has opened.
    pub secret: Option<Seed>,
    /// By which its reader knows a grant as the sharer's; derived from the secret and the PIN.
    pub binding: Seed,
    /// How often it may be opened.
    pub max_opens: Option<u32>,
    /// Whether a PIN is asked for.
    pub pin: bool,
}
