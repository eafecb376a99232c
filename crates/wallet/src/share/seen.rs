//! What the reader of a share has seen already, in figures. It stays seen: nothing takes knowledge back.

use crate::{
    journal::Opened,
    keyring::{Share, VehicleKeys},
    view::SeenView,
};
use carnet_protocol::{
    api::body::{View, ViewKind},
    day::Timestamp,
    limits::VIEW_MS,
};

/// The latest moment at which a look may have fetched something. Only the first fetch of a day is noted, and who opens a
/// link may fetch for a while.
fn until(view: &View) -> Option<Timestamp> {
    let midnight = view.at.0 - view.at.0 % Timestamp::DAY;
    match view.kind {
        ViewKind::Fetched => Some(Timestamp(midnight).plus(Timestamp::DAY)),
        ViewKind::LinkOpened => Some(view.at.plus(VIEW_MS)),
        ViewKind::LinkRefused | ViewKind::LinkClaimed | ViewKind::Accepted | ViewKind::Declined => None,
    }
}

/// What was seen under a share, `None` when nobody looked. Counts what was committed by then, also what was withdrawn
/// since; what was written after the share was taken back is under keys that its reader never got.
pub(super) fn seen(share: &Share, keys: &VehicleKeys, opened: &Opened) -> Option<SeenView> {
    let looks = || opened.views.iter().filter(|view| view.grant == share.grant && until(view).is_some());
    let at = looks().map(|view| view.at).max()?;
    let until = looks().filter_map(until).max()?;
    let until = share.revoked_at.map_or(until, |revoked| until.min(revoked));
    let is_open = |leaf: &&carnet_protocol::ledger::Leaf| {
        share.scopes.iter().any(|scope| {
            scope.days.contains(leaf.entry.day)
                && keys.category(scope.category).is_ok_and(|keys| keys.label == leaf.entry.label)
        })
    };
    let is_file = |leaf: &&carnet_protocol::ledger::Leaf| {
        opened.entries.get(&leaf.entry.record).is_some_and(crate::journal::Entry::is_attachment)
    };
    let there = opened.leaves.values().filter(|leaf| leaf.at <= until).filter(|leaf| is_open(leaf) && !is_file(leaf));
    let (mut records, mut last_day) = (0_u32, None);
    for leaf in there {
        records = records.saturating_add(1);
        last_day = last_day.max(Some(leaf.entry.day));
    }
    Some(SeenView { at, records, last_day })
}
