//! What a front end shows. Plain data, already opened; texts in the reader's language are the front end's.

mod compared;
mod device;
mod erasure;
mod household;
mod record;
mod sale;
mod share;
mod source;
mod standing;
mod votes;

pub use compared::{ComparedView, ComparisonView};
pub use device::{DeviceView, DevicesView, MeetingState, MeetingView, NewDeviceView};
pub use erasure::{ErasurePreview, ErasureView};
pub use household::{HolderState, HolderView, Holding, InvitationView, JoiningView, OfferView};
pub use record::{RecordRight, RecordState, RecordView, SourceName, SourceView, TimelinePage};
pub use sale::{BothSigned, OwnersView, SaleHint, SaleStep, SaleView, TakeoverView, VehicleStage};
pub use share::{LookView, SeenView, SharePreview, ShareState, ShareView, SharedView, TermsView};
pub use source::{
    AnswerView, PairedCarView, PairingStatus, PairingView, QuarantinedView, SaidView, WrittenState, WrittenView,
};
pub use standing::{FlagView, ShownVin, StandingView, StatementView, VinConfirmation};
pub use votes::{ClassIndexView, ClassVotesView, ProposalView};

use carnet_passport::{
    battery::BatteryView, identity::IdentityView, odometer::OdometerView, summary::Summary, synthesis::Synthesis,
};
use carnet_protocol::{
    day::{Day, Timestamp},
    id::{ImportId, StreamId},
    key::VerifyingKey,
    member::Member,
    payload::OriginKind,
};
use serde::{Deserialize, Serialize};

/// How the wallet stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WalletStatus {
    /// Its state.
    pub state: WalletState,
    /// Minutes without use until it locks; 0 never.
    pub idle_lock_minutes: u16,
    /// Passkeys that open it in this browser, oldest first.
    pub passkeys: Vec<PasskeyView>,
    /// Whether the browser promised to keep its storage.
    pub storage_persistent: Option<bool>,
    /// When this browser was removed from the wallet that it held, and wiped itself.
    pub removed_at: Option<Timestamp>,
}

/// A passkey that opens the wallet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasskeyView {
    /// What the owner calls it.
    pub name: String,
    /// When it was added.
    pub added_at: Timestamp,
    /// The authenticator's name for it.
    #[serde(with = "serde_bytes")]
    pub credential: Vec<u8>,
    /// What its function is to be evaluated over, 32 bytes.
    #[serde(with = "serde_bytes")]
    pub salt: Vec<u8>,
}

/// States of a wallet in this browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WalletState {
    /// There is none.
    Absent,
    /// There is one, its keys are not in memory.
    Locked,
    /// Open.
    Unlocked,
}

/// A car in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VehicleCard {
    /// The car's stream.
    pub vehicle: StreamId,
    /// What the owner calls it.
    pub name: String,
    /// Make and model, where known.
    pub model: Option<String>,
    /// Latest odometer, in whole kilometres.
    pub odometer_km: Option<u64>,
    /// Records in all.
    pub records: u32,
    /// Day of the latest record.
    pub last_day: Option<Day>,
    /// Shares that are open now.
    pub open_shares: u32,
    /// Who keeps it.
    pub holding: Holding,
    /// Whether it is the generated sample car.
    pub sample: bool,
    /// Whether it is being sold, was sold, or is on its way here.
    pub stage: VehicleStage,
}

/// A passport in one screen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PassportView {
    /// The car's stream.
    pub vehicle: StreamId,
    /// What its owner calls it.
    pub name: String,
    /// Whether it is the generated sample car.
    pub sample: bool,
    /// Whether it is one's own and nothing is written to it any more: it was sold, or is no longer held together.
    pub archive: bool,
    /// What the car is.
    pub identity: IdentityView,
    /// Mileage; of a long series only as many readings as a chart can show, with all that clash.
    pub odometer: OdometerView,
    /// How many odometer readings there are.
    pub odometer_readings: u32,
    /// Traction battery; `None` without any battery record. Its series is thinned as well.
    pub battery: Option<BatteryView>,
    /// How many battery readings there are.
    pub battery_readings: u32,
    /// The synthesis.
    pub summary: Summary,
    /// Who wrote the records, most first.
    pub sources: Vec<SourceView>,
    /// The first entries of the timeline, newest first.
    pub timeline: TimelinePage,
    /// The three answers of a passport for a stranger: whole, true, what to ask.
    pub synthesis: Synthesis,
    /// What members say of the car in the proved head; nothing where there is no proof.
    pub standing: StandingView,
    /// The owners before the present one.
    pub owners: OwnersView,
    /// What members committed without the owner's leave and the owner has not accepted, newest first.
    pub quarantine: Vec<QuarantinedView>,
    /// How complete it is.
    pub completeness: Completeness,
    /// How far it is proved.
    pub proof: ProofView,
    /// How far its sources' signatures are verified.
    pub signatures: SignaturesView,
    /// For a reader: the terms under which it was opened.
    pub terms: Option<TermsView>,
}

/// How many records were signed by the source that they name. All are verified after the passport is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignaturesView {
    /// Verified so far.
    pub checked: u32,
    /// Records in all.
    pub total: u32,
    /// Records that their source did not sign. They are in none of the other figures.
    pub forged: Vec<RecordView>,
}

/// How far a passport is proved by the consortium's ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProofView {
    /// In one word.
    pub state: ProofState,
    /// When it was checked.
    pub checked_at: Option<Timestamp>,
    /// Transactions of the ledger up to its checkpoint.
    pub size: u64,
    /// The members who have cosigned the checkpoint, at least a quorum.
    pub cosigned: Vec<CosignedView>,
    /// Records of the passport that the checkpoint knows, shared or not.
    pub records: u64,
    /// Records that came after it and are not confirmed yet.
    pub newer: u64,
}

/// See [`ProofView`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProofState {
    /// Head and records are what the consortium's ledger holds; nothing was left out.
    Proved,
    /// The consortium has not confirmed this passport yet: it is all the relay's word.
    Pending,
}

/// A member's word for a checkpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CosignedView {
    /// Who.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// How the wallet stands to the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrustView {
    /// The ledger has shown two histories. Nothing is sent until the owner decides.
    pub contradiction: bool,
    /// Transactions of the ledger up to the last checkpoint seen.
    pub seen: Option<u64>,
    /// Who has cosigned it.
    pub cosigned: Vec<CosignedView>,
    /// How many cosigners are enough.
    pub needed: u32,
    /// The cosigners that this app trusts.
    pub cosigners: Vec<String>,
    /// Whether receipts of the relay are kept.
    pub receipts: bool,
}

/// What was opened of what there is. For a reader, counts are of the shared categories and days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Completeness {
    /// Records the ledger has.
    pub committed: u32,
    /// Opened and matching their commitment.
    pub opened: u32,
    /// Withdrawn by their source.
    pub withdrawn: u32,
    /// On the ledger, but the relay did not deliver them, or they do not open.
    pub missing: u32,
    /// Delivered, but not (yet) on the ledger.
    pub uncommitted: u32,
}

/// An import that was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportView {
    /// Its id.
    pub import: ImportId,
    /// File name.
    pub file: String,
    /// Its kind.
    pub kind: OriginKind,
    /// When.
    pub at: Timestamp,
    /// Records it brought.
    pub records: u32,
    /// Whether it was undone.
    pub undone: bool,
}

/// A member in the directory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberView {
    /// As admitted by the consortium.
    pub member: Member,
    /// Short form of its key for comparing by eye.
    pub fingerprint: String,
}

/// What opening a link came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkView {
    /// It asks for a PIN.
    PinNeeded {
        /// A PIN was given, and it was wrong.
        wrong: bool,
        /// Wrong ones after which the link closes for good, by the relay's count.
        tries_left: u32,
    },
    /// It is open as [`crate::command::Subject::Link`].
    Opened(TermsView),
}

/// A passport of another's car, kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedView {
    /// The terms.
    pub terms: TermsView,
    /// When it was claimed.
    pub claimed_at: Timestamp,
    /// Whether its owner took it back, as far as was found out when it was asked for.
    pub revoked: bool,
    /// When that was, as the relay told it.
    pub revoked_at: Option<Timestamp>,
}

/// The member a wallet acts for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffView {
    /// The member with its public keys.
    pub member: Member,
    /// Short form of its key for comparing by eye.
    pub fingerprint: String,
    /// Whether the consortium has admitted it.
    pub admitted: bool,
}

/// A grant in the staff's inbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InboxView {
    /// The terms.
    pub terms: TermsView,
    /// Where it stands.
    pub state: InboxState,
    /// Who issued it: short form of the stream owner's key.
    pub owner_fingerprint: String,
}

/// Where a grant stands for its grantee.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InboxState {
    /// To be answered.
    New,
    /// Accepted; its passport can be opened.
    Accepted,
    /// Declined.
    Declined,
    /// Past its end.
    Ended,
    /// Taken back by the owner.
    Revoked,
}

/// Where the sync stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncView {
    /// How the relay answers.
    pub connection: Connection,
    /// Changes in the outbox as their owner counts them: records, shares, answers. At least one while anything waits.
    pub waiting: u32,
    /// Whether the ledger has records of the wallet's cars that no checkpoint confirms yet: worth a look soon.
    pub unconfirmed: bool,
    /// When everything was last in step.
    pub synced_at: Option<Timestamp>,
    /// The relay refused something for good; the outbox stands until the owner decides.
    pub refused: Option<String>,
}

/// How the relay answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Connection {
    /// Not asked yet.
    Unknown,
    /// It answers.
    Online,
    /// It cannot be reached; everything waits here safely.
    Offline,
}

/// Short name of a key for lists and comparing by eye.
pub fn fingerprint(key: &VerifyingKey) -> String {
    key.as_bytes()[..8].chunks(2).map(|pair| format!("{:02X}{:02X}", pair[0], pair[1])).collect::<Vec<_>>().join(" ")
}
