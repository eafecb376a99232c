//! What a front end shows. Plain data, already opened; texts in the reader's language are the front end's.

mod compared;
mod device;
mod erasure;
mod household;
mod sale;
mod source;
mod standing;
mod votes;

pub use compared::{ComparedView, ComparisonView};
pub use device::{DeviceView, DevicesView, MeetingState, MeetingView, NewDeviceView};
pub use erasure::{ErasurePreview, ErasureView};
pub use household::{HolderState, HolderView, Holding, InvitationView, JoiningView, OfferView};
pub use sale::{BothSigned, OwnersView, SaleHint, SaleStep, SaleView, TakeoverView, VehicleStage};
pub use source::{
    AnswerView, PairedCarView, PairingStatus, PairingView, QuarantinedView, SaidView, WrittenState, WrittenView,
};
pub use standing::{FlagView, ShownVin, StandingView, StatementView, VinConfirmation};
pub use votes::{ClassIndexView, ClassVotesView, ProposalView};

use carnet_passport::{
    battery::BatteryView,
    identity::IdentityView,
    odometer::{OdometerFinding, OdometerView},
    quality::Quality,
    summary::Summary,
    synthesis::Synthesis,
};
use carnet_protocol::{
    api::body::ViewKind,
    category::Category,
    day::{Day, DayRange, Timestamp},
    grant::Purpose,
    id::{GrantId, ImportId, RecordId, StreamId},
    key::VerifyingKey,
    member::{Member, MemberClass},
    payload::{Attachment, Fact, Method, OriginKind},
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

/// A source of records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceView {
    /// Who.
    pub source: SourceName,
    /// Its records.
    pub records: u32,
}

/// Who wrote a record.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceName {
    /// The owner or who holds the car together with the owner, from this kind of file or by typing; for readers, and
    /// of an earlier owner.
    Owner(OriginKind),
    /// This wallet itself, in a car that it holds.
    Own(OriginKind),
    /// Another who holds the car together with this wallet.
    Holder {
        /// Who, in the owner's words; only the owner's wallet knows.
        name: Option<String>,
        /// From this kind of file or by typing.
        origin: OriginKind,
    },
    /// A member of the consortium.
    Member {
        /// Its public name.
        name: String,
        /// What it is.
        class: MemberClass,
    },
    /// A key that the directory does not know.
    Unknown,
}

/// Timeline entries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimelinePage {
    /// Entries that match the filter, in all.
    pub total: u32,
    /// The entries of this page.
    pub entries: Vec<RecordView>,
}

/// A record, opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordView {
    /// Its id.
    pub record: RecordId,
    /// The day it speaks of.
    pub day: Day,
    /// Its category.
    pub category: Category,
    /// What happened.
    pub fact: Fact,
    /// Free text.
    pub note: Option<String>,
    /// How the figures came about.
    pub method: Method,
    /// Who wrote it.
    pub source: SourceName,
    /// What this wallet may do with it, where the car is its own or held together.
    pub right: RecordRight,
    /// When it was written down.
    pub written_at: Timestamp,
    /// Files.
    pub attachments: Vec<Attachment>,
    /// Whether an earlier owner's passport has it.
    pub earlier_owner: bool,
    /// At a sale: whether both sides signed the odometer.
    pub both_signed: Option<BothSigned>,
    /// Where it stands.
    pub state: RecordState,
    /// How far it can be believed, with the reasons.
    pub quality: Option<Quality>,
    /// Where its odometer reading clashes with another, explained or not.
    pub findings: Vec<OdometerFinding>,
    /// Whether its source had no leave, and the owner has not accepted it: nothing is judged by it.
    pub quarantined: bool,
    /// What is said of it: of each who said something the latest word.
    pub said: Vec<SaidView>,
    /// The record that it corrects.
    pub rectifies: Option<RecordId>,
    /// Records that correct it, oldest first.
    pub rectified_by: Vec<RecordId>,
}

/// What a wallet may do with a record of a car that it keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecordRight {
    /// Everything: the car is its own.
    Owner,
    /// Take it back and correct it: it wrote the record to a car held together.
    Author,
    /// Read it: another wrote it to a car held together, or nothing can be written to the car now.
    Reader,
}

/// Where a record stands between this browser and the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecordState {
    /// Only in this browser so far; waits in the outbox.
    Waiting,
    /// Stored at the relay and committed on the ledger.
    Committed,
    /// Withdrawn.
    Withdrawn,
    /// Written on a device that did not know yet that the passport was closed, by a sale for instance: it was never
    /// committed and stays on this device alone.
    TooLate,
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
    /// Whether its owner took it back, as far as was found out when it was opened.
    pub revoked: bool,
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
