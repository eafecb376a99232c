//! What an owner shares, with whom, and who looked.

use super::SaleHint;
use carnet_protocol::{
    api::body::ViewKind,
    category::Category,
    day::{Day, DayRange, Timestamp},
    grant::Purpose,
    id::GrantId,
};
use serde::{Deserialize, Serialize};

/// What a share would show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SharePreview {
    /// Records per chosen category that are in its days.
    pub shown: Vec<(Category, u32)>,
    /// Records per category that stay closed: other categories, or days outside the range.
    pub hidden: Vec<(Category, u32)>,
}

/// A share that was made. Not `Debug`: it holds the link.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SharedView {
    /// The share.
    pub share: ShareView,
    /// Path and fragment of the link (`/s#…`), to be put behind the page's origin; `None` for a member.
    pub link: Option<String>,
}

/// A share in the owner's list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShareView {
    /// Its grant.
    pub grant: GrantId,
    /// For whom.
    pub audience: String,
    /// Link or member.
    pub by_link: bool,
    /// What for.
    pub purpose: Purpose,
    /// What it opens.
    pub scopes: Vec<(Category, DayRange)>,
    /// When it was made.
    pub issued_at: Timestamp,
    /// Whether it has no end of its own: `not_after` moves ahead while the wallet is in use.
    pub renewed: bool,
    /// When it ends.
    pub not_after: Timestamp,
    /// When it was taken back.
    pub revoked_at: Option<Timestamp>,
    /// How often it may be opened.
    pub max_opens: Option<u32>,
    /// Whether a PIN is asked for.
    pub pin: bool,
    /// Whether its link can be shown again: not once something was erased that it has opened.
    pub can_show: bool,
    /// Where it stands.
    pub state: ShareState,
    /// How often its link was opened, by the relay's log.
    pub openings: u32,
    /// On how many days its grantee looked, or who keeps what was behind its link: the relay notes one look a day.
    pub days_looked: u32,
    /// What its reader has seen; `None` when nobody has looked. It stays seen whatever becomes of the share.
    pub seen: Option<SeenView>,
}

/// What a reader has seen of a car, by the relay's log of looks and the terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SeenView {
    /// The last look; of the looks of a day the first one is noted.
    pub at: Timestamp,
    /// Records that the share opens and that were there by then: at most so many were seen.
    pub records: u32,
    /// The latest day that one of them speaks of.
    pub last_day: Option<Day>,
}

/// Where a share stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ShareState {
    /// Not yet sent.
    Waiting,
    /// Open.
    Open,
    /// Accepted by the member.
    Accepted,
    /// Declined by the member.
    Declined,
    /// Taken over by a buyer's wallet.
    Claimed,
    /// Past its end.
    Ended,
    /// Taken back.
    Revoked,
}

/// A look at a share.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LookView {
    /// The share.
    pub grant: GrantId,
    /// For whom it was.
    pub audience: String,
    /// Whether it was the code of the car's sale.
    pub of_sale: bool,
    /// When.
    pub at: Timestamp,
    /// What was done.
    pub kind: ViewKind,
}

/// Terms as a reader sees them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TermsView {
    /// The grant.
    pub grant: GrantId,
    /// What the owner calls the car.
    pub vehicle_name: String,
    /// For whom.
    pub audience: String,
    /// What for.
    pub purpose: Purpose,
    /// A message from the owner.
    pub message: Option<String>,
    /// What is opened.
    pub scopes: Vec<(Category, DayRange)>,
    /// Categories with records that are not shared.
    pub not_shared: Vec<Category>,
    /// When it was shared.
    pub shared_at: Timestamp,
    /// When it was issued last: later than that where its keys or its end were renewed.
    pub issued_at: Timestamp,
    /// Until when.
    pub not_after: Timestamp,
    /// Whether the owner's wallet moves that ahead while the share stands.
    pub renewed: bool,
    /// Whether the car is the sample car.
    pub sample: bool,
    /// Whether the car can be taken over.
    pub sale: SaleHint,
}
