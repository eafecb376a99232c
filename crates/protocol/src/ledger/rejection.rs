//! Why the rules refuse a transaction.

use serde::{Deserialize, Serialize};

/// The stable reasons for which the rules refuse a transaction. Codes are part of the protocol: never renumbered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Rejection {
    /// The signature does not verify, or the bytes are not a canonical transaction.
    #[error("the signature or the encoding of the transaction is not valid")]
    BadSignature,
    /// Meant for another ledger.
    #[error("the transaction is meant for another ledger")]
    WrongLedger,
    /// The ledger has its first transaction already.
    #[error("the ledger has been made already")]
    GenesisExists,
    /// The signer may not do this.
    #[error("the signer may not do this")]
    NotAllowed,
    /// Its time lies before the ledger's bound or too far ahead.
    #[error("the time of the transaction lies outside the allowed bounds; check the clock")]
    TimeOutOfBounds,
    /// A list is empty, too long, or has the same entry twice.
    #[error("a list in the transaction is empty, too long or holds an entry twice")]
    BadList,
    /// A text is empty or too long, a number out of range.
    #[error("a field of the transaction is out of range")]
    BadField,
    /// There is a member with this key already.
    #[error("there is a member with this key already")]
    MemberExists,
    /// There is a stream with this id already.
    #[error("there is a passport with this identifier already")]
    StreamExists,
    /// No such stream.
    #[error("the ledger knows no such passport")]
    StreamUnknown,
    /// The stream was closed.
    #[error("the passport was closed")]
    StreamClosed,
    /// A record with this id but other content is there.
    #[error("another record stands under this identifier")]
    RecordConflict,
    /// No such record.
    #[error("the ledger knows no such record")]
    RecordUnknown,
    /// A grant with this id but other content is there.
    #[error("another grant stands under this identifier")]
    GrantConflict,
    /// No such grant.
    #[error("the ledger knows no such grant")]
    GrantUnknown,
    /// The grant was revoked.
    #[error("the grant was revoked")]
    GrantRevoked,
    /// The grant has ended.
    #[error("the grant has ended")]
    GrantExpired,
    /// No such co-holder.
    #[error("the ledger knows no such co-holder of this passport")]
    HolderUnknown,
    /// The co-holder's key was removed.
    #[error("the key of this co-holder was removed; a new invitation is needed")]
    HolderRemoved,
    /// The passport has or had as many co-holders as it may.
    #[error("the passport has had as many co-holders as it may have")]
    TooManyHolders,
    /// A proposal with this id but other content is there.
    #[error("another proposal stands under this identifier")]
    ProposalConflict,
    /// No such proposal.
    #[error("the ledger knows no such proposal")]
    ProposalUnknown,
    /// The proposal is decided, or its time is over.
    #[error("the proposal was decided, or its time is over")]
    ProposalClosed,
    /// The member has voted otherwise.
    #[error("this member has voted otherwise")]
    VoteConflict,
    /// The key for VIN tags was named already.
    #[error("the key for VIN tags was named already")]
    VinKeyExists,
    /// The passport's VIN was attested as another one.
    #[error("another VIN was attested for this passport")]
    VinConflict,
    /// Another passport stands for this car. The way on is a sale, or a re-opening by a member who saw car and papers.
    #[error(
        "another passport stands for this car; it is to be sold to the new owner, or re-opened by a member who has seen the car and its papers"
    )]
    PassportExists,
    /// The tag does not stand for the passport that is to be continued.
    #[error("the earlier passport is not the one that stands for this car")]
    PassportUnknown,
    /// Another passport continues this one.
    #[error("another passport continues this one; what is said of the car is said there")]
    PassportContinued,
    /// A declaration with this id but other content is or was there.
    #[error("another declaration stands or stood under this identifier")]
    FlagConflict,
    /// No such declaration.
    #[error("the ledger knows no such declaration")]
    FlagUnknown,
    /// The signer's declaration of this kind stands already, or as many as there may be.
    #[error("a declaration of this kind stands already")]
    FlagStands,
    /// A wreck is lifted after a second report by another member.
    #[error("a wreck is lifted only after a second report by another member than those who declared and who lift it")]
    SecondReportNeeded,
    /// An offer to sell the car stands; until it is taken back the owner changes nothing.
    #[error("the car is offered for sale; the offer must be taken back first")]
    SaleOffered,
    /// Another offer stands or stood under this name, or the buyer signed other terms.
    #[error("the offer says something else")]
    SaleConflict,
    /// No such offer, or it was taken back.
    #[error("the ledger knows no such offer, or it was taken back")]
    SaleUnknown,
    /// The offer has lapsed, or would stand too long.
    #[error("the offer has lapsed")]
    SaleLapsed,
    /// The car was sold already.
    #[error("the car was sold already")]
    SaleDone,
    /// A theft stands against the car.
    #[error("the car was declared stolen")]
    CarStolen,
    /// A lien stands against the car that the buyer has not acknowledged.
    #[error("a lien stands against the car that the buyer has not acknowledged")]
    LienUnacknowledged,
    /// No such pairing, or it is another source's.
    #[error("the passport's owner has not paired this source")]
    PairingUnknown,
    /// Another source has claimed the pairing.
    #[error("another source has used this pairing code")]
    PairingTaken,
    /// The pairing, or the time to claim it, is over.
    #[error("the pairing, or the time to use its code, is over; ask the owner for a new code")]
    PairingEnded,
    /// A category or day for which the pairing gives no leave.
    #[error("the owner's leave does not cover this category or day")]
    OutsidePairing,
    /// The member has as many records in quarantine as it may in this time.
    #[error("without a pairing, no more can be written to this passport for now; ask the owner for a pairing code")]
    QuarantineFull,
}

impl Rejection {
    /// All reasons, for tables and for tests that look for each.
    pub const ALL: [Rejection; 45] = [
        Rejection::BadSignature,
        Rejection::WrongLedger,
        Rejection::GenesisExists,
        Rejection::NotAllowed,
        Rejection::TimeOutOfBounds,
        Rejection::BadList,
        Rejection::BadField,
        Rejection::MemberExists,
        Rejection::StreamExists,
        Rejection::StreamUnknown,
        Rejection::StreamClosed,
        Rejection::RecordConflict,
        Rejection::RecordUnknown,
        Rejection::GrantConflict,
        Rejection::GrantUnknown,
        Rejection::GrantRevoked,
        Rejection::GrantExpired,
        Rejection::HolderUnknown,
        Rejection::HolderRemoved,
        Rejection::TooManyHolders,
        Rejection::ProposalConflict,
        Rejection::ProposalUnknown,
        Rejection::ProposalClosed,
        Rejection::VoteConflict,
        Rejection::VinKeyExists,
        Rejection::VinConflict,
        Rejection::PassportExists,
        Rejection::PassportUnknown,
        Rejection::PassportContinued,
        Rejection::FlagConflict,
        Rejection::FlagUnknown,
        Rejection::FlagStands,
        Rejection::SecondReportNeeded,
        Rejection::SaleOffered,
        Rejection::SaleConflict,
        Rejection::SaleUnknown,
        Rejection::SaleLapsed,
        Rejection::SaleDone,
        Rejection::CarStolen,
        Rejection::LienUnacknowledged,
        Rejection::PairingUnknown,
        Rejection::PairingTaken,
        Rejection::PairingEnded,
        Rejection::OutsidePairing,
        Rejection::QuarantineFull,
    ];

    /// The code in problem details: the variant's name in snake case.
    pub fn code(self) -> &'static str {
        match self {
            Rejection::BadSignature => "bad_signature",
            Rejection::WrongLedger => "wrong_ledger",
            Rejection::GenesisExists => "genesis_exists",
            Rejection::NotAllowed => "not_allowed",
            Rejection::TimeOutOfBounds => "time_out_of_bounds",
            Rejection::BadList => "bad_list",
            Rejection::BadField => "bad_field",
            Rejection::MemberExists => "member_exists",
            Rejection::StreamExists => "stream_exists",
            Rejection::StreamUnknown => "stream_unknown",
            Rejection::StreamClosed => "stream_closed",
            Rejection::RecordConflict => "record_conflict",
            Rejection::RecordUnknown => "record_unknown",
            Rejection::GrantConflict => "grant_conflict",
            Rejection::GrantUnknown => "grant_unknown",
            Rejection::GrantRevoked => "grant_revoked",
            Rejection::GrantExpired => "grant_expired",
            Rejection::HolderUnknown => "holder_unknown",
            Rejection::HolderRemoved => "holder_removed",
            Rejection::TooManyHolders => "too_many_holders",
            Rejection::ProposalConflict => "proposal_conflict",
            Rejection::ProposalUnknown => "proposal_unknown",
            Rejection::ProposalClosed => "proposal_closed",
            Rejection::VoteConflict => "vote_conflict",
            Rejection::VinKeyExists => "vin_key_exists",
            Rejection::VinConflict => "vin_conflict",
            Rejection::PassportExists => "passport_exists",
            Rejection::PassportUnknown => "passport_unknown",
            Rejection::PassportContinued => "passport_continued",
            Rejection::FlagConflict => "flag_conflict",
            Rejection::FlagUnknown => "flag_unknown",
            Rejection::FlagStands => "flag_stands",
            Rejection::SecondReportNeeded => "second_report_needed",
            Rejection::SaleOffered => "sale_offered",
            Rejection::SaleConflict => "sale_conflict",
            Rejection::SaleUnknown => "sale_unknown",
            Rejection::SaleLapsed => "sale_lapsed",
            Rejection::SaleDone => "sale_done",
            Rejection::CarStolen => "car_stolen",
            Rejection::LienUnacknowledged => "lien_unacknowledged",
            Rejection::PairingUnknown => "pairing_unknown",
            Rejection::PairingTaken => "pairing_taken",
            Rejection::PairingEnded => "pairing_ended",
            Rejection::OutsidePairing => "outside_pairing",
            Rejection::QuarantineFull => "quarantine_full",
        }
    }
}
