//! What is about to be said: its words on the screen, what must be filled in, and the command it becomes.

use carnet_protocol::day::Day;
use carnet_protocol::id::{FlagId, RecordId};
use carnet_protocol::ledger::FlagKind;
use carnet_wallet::command::{Command, Subject};

use crate::t;
use crate::ui::Text;

/// One thing that can be said of a car.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Saying {
    /// The VIN is the one on the car.
    Attest,
    /// This passport continues the one that stands for the car.
    Reopen,
    /// Something weighs on the car.
    Declare(FlagKind),
    /// The second report on a wreck.
    Report(FlagId),
    /// A declaration no longer holds.
    Lift(FlagId, FlagKind),
}

impl Saying {
    /// Its heading, also the label of what leads to it.
    pub(super) fn title(self) -> Text {
        match self {
            Saying::Attest => t!(statements::attest),
            Saying::Reopen => t!(statements::reopen),
            Saying::Declare(kind) => super::declare(kind),
            Saying::Report(_) => t!(statements::report),
            Saying::Lift(_, FlagKind::Wreck) => t!(statements::lift_wreck),
            Saying::Lift(_, FlagKind::Theft) => t!(statements::lift_theft),
            Saying::Lift(_, FlagKind::Lien) => t!(statements::lift_lien),
        }
    }

    /// What it means to say it.
    pub(super) fn text(self, vin: &str) -> Text {
        match self {
            Saying::Attest => {
                let vin = vin.to_owned();
                t!(statements::attest_text, vin = vin)
            }
            Saying::Reopen => t!(statements::reopen_text),
            Saying::Declare(FlagKind::Wreck) => t!(statements::wreck_text),
            Saying::Declare(FlagKind::Theft) => t!(statements::theft_text),
            Saying::Declare(FlagKind::Lien) => t!(statements::lien_text),
            Saying::Report(_) => t!(statements::report_text),
            Saying::Lift(..) => t!(statements::lift_text),
        }
    }

    /// Whether the car was looked at: the reading found right may be named.
    pub(super) fn is_sighting(self) -> bool {
        matches!(self, Saying::Attest | Saying::Reopen)
    }

    /// Whether a record has to show it.
    pub(super) fn needs_evidence(self) -> bool {
        self != Saying::Attest
    }

    /// As a command; `evidence` and `day` are only asked for where they are needed.
    pub(super) fn command(
        self,
        subject: Subject,
        evidence: Option<RecordId>,
        odometer: Option<RecordId>,
        day: Day,
    ) -> Option<Command> {
        Some(match (self, subject) {
            (Saying::Attest, Subject::Granted(grant)) => Command::AttestVin { grant, odometer },
            (Saying::Reopen, Subject::Granted(grant)) => {
                Command::ReopenPassport { grant, odometer, evidence: evidence? }
            }
            (Saying::Attest | Saying::Reopen, _) => return None,
            (Saying::Declare(kind), subject) => Command::DeclareFlag { subject, kind, day, evidence: evidence? },
            (Saying::Report(flag), subject) => Command::ReportFlag { subject, flag, day, evidence: evidence? },
            (Saying::Lift(flag, _), subject) => Command::LiftFlag { subject, flag, day, evidence: evidence? },
        })
    }
}
