//! What comes back.

use super::FileData;
use crate::view::*;
use carnet_import::DryRun;
use carnet_passport::odometer::Contradiction;
use serde::{Deserialize, Serialize};

/// What a command brought.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// How the wallet stands.
    Status(WalletStatus),
    /// The devices.
    Devices(DevicesView),
    /// A code for a new device.
    Meeting(MeetingView),
    /// How far a new device is.
    Joining(NewDeviceView),
    /// The words to write down; the only secret that a front end ever gets to see.
    Words(Vec<String>),
    /// The cars.
    Vehicles(Vec<VehicleCard>),
    /// A car.
    Vehicle(VehicleCard),
    /// A passport.
    Passport(Box<PassportView>),
    /// How far signatures are verified.
    Signatures(SignaturesView),
    /// Timeline entries.
    Timeline(TimelinePage),
    /// A record.
    Record(Box<RecordView>),
    /// What speaks against a reading; `None` where it follows.
    Contradiction(Option<Contradiction>),
    /// A file.
    File(FileData),
    /// What erasing would do.
    ErasurePreview(ErasurePreview),
    /// What was erased.
    Erasure(Box<ErasureView>),
    /// What was erased so far.
    Erasures(Vec<ErasureView>),
    /// A dry run.
    DryRun(Box<DryRun>),
    /// An import.
    Import(ImportView),
    /// Imports.
    Imports(Vec<ImportView>),
    /// Members.
    Members(Vec<MemberView>),
    /// A preview.
    SharePreview(SharePreview),
    /// A share, with its link where it is one.
    Shared(Box<SharedView>),
    /// Shares.
    Shares(Vec<ShareView>),
    /// An invitation with its link.
    Invitation(InvitationView),
    /// People who hold a car together with its owner.
    Holders(Vec<HolderView>),
    /// What an invitation offers.
    Offer(OfferView),
    /// Answered invitations.
    Joinings(Vec<JoiningView>),
    /// Looks.
    Looks(Vec<LookView>),
    /// A link.
    Link(LinkView),
    /// Saved passports.
    Saved(Vec<SavedView>),
    /// Saved passports side by side.
    Comparison(ComparisonView),
    /// A sale, on its seller's side; `None` where there is none.
    Sale(Option<Box<SaleView>>),
    /// What a code hands over.
    Takeover(Box<TakeoverView>),
    /// The member role.
    Staff(Option<StaffView>),
    /// Demo roles; empty where there is no demo consortium.
    DemoRoles(Vec<MemberView>),
    /// The inbox.
    Inbox(Vec<InboxView>),
    /// A pairing, with its code.
    Pairing(Box<PairingView>),
    /// Pairings.
    Pairings(Vec<PairingView>),
    /// Cars to write to.
    PairedCars(Vec<PairedCarView>),
    /// What was written as a source.
    Written(Vec<WrittenView>),
    /// How a car stands.
    Standing(Box<StandingView>),
    /// What members vote on.
    ClassVotes(ClassVotesView),
    /// Where the sync stands.
    Sync(SyncView),
    /// How the wallet stands to the ledger.
    Trust(TrustView),
    /// Names of what ended, and when, in microseconds of the worker's clock: the encoding has no fractions.
    #[cfg(feature = "bench")]
    Marks(Vec<(String, u64)>),
    /// Bytes of a record on average.
    #[cfg(feature = "bench")]
    RecordSizes {
        /// As the ledger commits to it.
        sealed: u64,
        /// Its readable part.
        header: u64,
        /// What is encrypted.
        text: u64,
    },
    /// A size.
    #[cfg(feature = "bench")]
    Bytes(u64),
    /// Done.
    Done,
}
