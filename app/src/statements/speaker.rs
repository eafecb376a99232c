//! Who speaks, and what the rules of the ledger let this speaker say. The ledger decides; this only spares people what
//! it would refuse.

use carnet_protocol::ledger::FlagKind;
use carnet_protocol::member::MemberClass;
use carnet_wallet::view::{FlagView, StatementView};

use crate::t;
use crate::ui::Text;

/// Who says something of a car.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Speaker {
    /// Its owner.
    Owner,
    /// A member of the consortium.
    Member {
        /// What it is.
        class: MemberClass,
        /// Its public name.
        name: String,
    },
}

impl Speaker {
    fn class(&self) -> Option<MemberClass> {
        match self {
            Speaker::Owner => None,
            Speaker::Member { class, .. } => Some(*class),
        }
    }

    /// The heading.
    pub(super) fn title(&self) -> Text {
        match self {
            Speaker::Owner => t!(statements::owner_title),
            Speaker::Member { .. } => t!(statements::member_title),
        }
    }

    /// What saying something means.
    pub(super) fn lead(&self) -> Text {
        match self {
            Speaker::Owner => t!(statements::owner_lead),
            Speaker::Member { name, .. } => {
                let name = name.clone();
                t!(statements::member_lead, name = name)
            }
        }
    }

    /// Whether it sees cars, and so may confirm VINs, re-open passports and report on wrecks. A bank sees papers.
    pub(super) fn sees_cars(&self) -> bool {
        self.class().is_some_and(|class| class != MemberClass::Bank)
    }

    /// Whether it may declare this.
    pub(super) fn declares(&self, kind: FlagKind) -> bool {
        match (kind, self.class()) {
            (FlagKind::Wreck, class) => matches!(class, Some(MemberClass::Insurer | MemberClass::Expert)),
            (FlagKind::Theft, class) => matches!(class, None | Some(MemberClass::Insurer)),
            (FlagKind::Lien, class) => class == Some(MemberClass::Bank),
        }
    }

    /// Whether it said this.
    pub(super) fn said(&self, statement: &StatementView) -> bool {
        match self {
            Speaker::Owner => statement.class.is_none(),
            Speaker::Member { class, name } => statement.class == Some(*class) && statement.name.as_ref() == Some(name),
        }
    }

    /// Whether it may file the second report on a wreck.
    pub(super) fn reports(&self, flag: &FlagView) -> bool {
        flag.kind == FlagKind::Wreck && flag.report.is_none() && self.sees_cars() && !self.said(&flag.declared)
    }

    /// Whether it may lift this.
    pub(super) fn lifts(&self, flag: &FlagView) -> bool {
        match flag.kind {
            FlagKind::Wreck => {
                let reported = flag.report.as_ref().is_some_and(|report| !self.said(report));
                self.class() == Some(MemberClass::Expert) && reported
            }
            FlagKind::Theft => {
                let insured = flag.declared.class.is_none() && self.class() == Some(MemberClass::Insurer);
                self.said(&flag.declared) || insured
            }
            FlagKind::Lien => self.said(&flag.declared),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use carnet_protocol::day::{Day, Timestamp};
    use carnet_protocol::id::FlagId;

    fn member(class: MemberClass, name: &str) -> Speaker {
        Speaker::Member { class, name: name.to_owned() }
    }

    fn by(speaker: &Speaker) -> StatementView {
        let name = match speaker {
            Speaker::Owner => None,
            Speaker::Member { name, .. } => Some(name.clone()),
        };
        StatementView { class: speaker.class(), name, day: Day(1), at: Timestamp(1), evidence: None }
    }

    fn flag(kind: FlagKind, declared: &Speaker, report: Option<&Speaker>) -> FlagView {
        FlagView { flag: FlagId([1; FlagId::LEN]), kind, declared: by(declared), report: report.map(by) }
    }

    #[test]
    fn a_wreck_is_lifted_by_an_expert_after_the_report_of_another() {
        let (expert, garage) = (member(MemberClass::Expert, "E"), member(MemberClass::Garage, "G"));
        let insurer = member(MemberClass::Insurer, "I");
        let declared = flag(FlagKind::Wreck, &insurer, None);
        assert!(garage.reports(&declared) && expert.reports(&declared) && !insurer.reports(&declared));
        assert!(!expert.lifts(&declared));
        let reported = flag(FlagKind::Wreck, &insurer, Some(&garage));
        assert!(expert.lifts(&reported) && !garage.lifts(&reported) && !garage.reports(&reported));
        assert!(!expert.lifts(&flag(FlagKind::Wreck, &insurer, Some(&expert))), "not after a report of its own");
    }

    #[test]
    fn a_theft_is_lifted_by_who_declared_it_or_the_insurer_and_a_lien_by_its_bank() {
        let (insurer, bank) = (member(MemberClass::Insurer, "I"), member(MemberClass::Bank, "B"));
        let theft = flag(FlagKind::Theft, &Speaker::Owner, None);
        assert!(Speaker::Owner.lifts(&theft) && insurer.lifts(&theft) && !bank.lifts(&theft));
        assert!(!Speaker::Owner.lifts(&flag(FlagKind::Theft, &insurer, None)));
        let lien = flag(FlagKind::Lien, &bank, None);
        assert!(bank.lifts(&lien) && !member(MemberClass::Bank, "C").lifts(&lien) && !Speaker::Owner.lifts(&lien));
        assert!(!bank.sees_cars() && bank.declares(FlagKind::Lien) && !Speaker::Owner.declares(FlagKind::Wreck));
    }
}
