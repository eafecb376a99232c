//! A passport on one page, from what was opened and what was proved around it.

use crate::{
    backing::Backing,
    directory::Members,
    history::History,
    journal::Opened,
    standing::standing_view,
    view::{FlagView, ShownVin, StandingView, VinConfirmation},
};
use carnet_passport::synthesis::{
    self, CategoryCount, Checked, Flag, FlagKind, ProofStanding, Reader, Synthesis, VinStanding,
};
use carnet_protocol::{
    category::Category,
    day::Timestamp,
    grant::Purpose,
    ledger::{CarStanding, FlagKind as Declared},
    member::MemberClass,
};

/// The synthesis for whoever reads.
pub(crate) fn view(
    opened: &History<'_>,
    members: &Members,
    backing: &Backing<'_>,
    staff: Option<MemberClass>,
    now: Timestamp,
) -> Synthesis {
    let (vin, flags) = standing(&proved_standing(opened, members));
    synthesis::view(&Checked {
        records: &backing.judged,
        views: &backing.views,
        categories: &categories(opened),
        proof: if opened.is_proved() { ProofStanding::Proved } else { ProofStanding::Unproved },
        vin,
        flags: &flags,
        quality: &backing.indices,
        disputed: &backing.disputed(),
        today: now.day(),
        reader: reader(opened.newest(), staff),
    })
}

/// What the proved head says of the car; without a proof nothing is said.
pub(crate) fn proved_standing(opened: &History<'_>, members: &Members) -> StandingView {
    let head = opened.newest().proof.as_ref().map(|proof| &proof.verified.head.standing);
    standing_view(head.unwrap_or(&CarStanding::UNKNOWN), opened, members)
}

fn standing(shown: &StandingView) -> (VinStanding, Vec<Flag>) {
    let vin = match shown.vin {
        VinConfirmation::Confirmed { class, shown: ShownVin::Confirmed, .. } => VinStanding::Confirmed(class),
        VinConfirmation::Confirmed { .. } | VinConfirmation::NotConfirmed => VinStanding::NotConfirmed,
    };
    (vin, shown.flags.iter().map(flag).collect())
}

fn flag(flag: &FlagView) -> Flag {
    let kind = match flag.kind {
        Declared::Wreck => FlagKind::Wreck,
        Declared::Theft => FlagKind::Theft,
        Declared::Lien => FlagKind::Lien,
    };
    let declared = &flag.declared;
    Flag { kind, since: Some(declared.day), declared_by: declared.class, record: declared.evidence }
}

/// As a member's staff by the member's class, otherwise by what the share is for; without terms it is one's own car.
fn reader(opened: &Opened, staff: Option<MemberClass>) -> Reader {
    match (staff, opened.terms.as_ref().map(|terms| terms.purpose)) {
        (Some(MemberClass::Insurer | MemberClass::Expert), _) => Reader::Insurer,
        (Some(MemberClass::Bank), _) => Reader::Bank,
        (Some(MemberClass::Garage | MemberClass::Manufacturer), _) => Reader::Garage,
        (None, Some(Purpose::InsuranceQuote | Purpose::InsuranceClaim)) => Reader::Insurer,
        (None, Some(Purpose::Financing)) => Reader::Bank,
        (None, Some(Purpose::Service)) => Reader::Garage,
        (None, Some(Purpose::Purchase | Purpose::Other)) => Reader::PrivateBuyer,
        (None, None) => Reader::Owner,
    }
}

/// Of each category that the keys open, what became of its records.
fn categories(history: &History<'_>) -> Vec<CategoryCount> {
    let mut counts: Vec<CategoryCount> = Vec::new();
    for category in Category::ALL {
        if history.parts().iter().any(|part| part.scopes.iter().any(|(_, shared, _)| *shared == category)) {
            counts.push(CategoryCount { category, opened: 0, withheld: 0, missing: 0, damaged: 0 });
        }
    }
    for part in history.parts() {
        count_part(part, &mut counts);
    }
    counts
}

fn count_part(opened: &Opened, counts: &mut [CategoryCount]) {
    let of_label = |label| opened.scopes.iter().find(|(known, ..)| *known == label).map(|(_, category, _)| *category);
    let mut add = |category: Option<Category>, count: fn(&mut CategoryCount)| {
        if let Some(found) = counts.iter_mut().find(|one| Some(one.category) == category) {
            count(found);
        }
    };
    let files = opened.files();
    for (record, entry) in &opened.entries {
        let here = opened.is_here(record, &files);
        let count: fn(&mut CategoryCount) = if here { |count| count.opened += 1 } else { |count| count.missing += 1 };
        add(of_label(entry.header.label), count);
    }
    for (record, leaf) in &opened.leaves {
        if !leaf.withdrawn && !opened.entries.contains_key(record) && !opened.withdrawn.contains(record) {
            add(of_label(leaf.entry.label), |count| count.missing += 1);
        }
    }
    for category in opened.withheld.values() {
        add(Some(*category), |count| count.withheld += 1);
    }
}
