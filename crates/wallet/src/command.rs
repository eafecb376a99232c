//! What a front end may ask of the wallet, and what comes back. Crosses the worker boundary as CBOR.
//!
//! Every command is answered by exactly one [`Answer`] or one [`crate::error::WalletError`]. Commands hold no keys; a
//! passphrase, PIN or link fragment goes in and never comes out again.

mod answer;
mod argument;
mod device;
mod household;
mod source;

pub use answer::Answer;
pub use argument::{
    Audience, EraseTarget, FileData, PairingDraft, SaleDraft, ShareDraft, ShareScope, Subject, TimelineFilter,
    Verification, Via, WriteDraft,
};
pub use device::DeviceCommand;
pub use household::HouseholdCommand;
pub use source::SourceCommand;

use crate::view::SyncView;
use carnet_import::Answers;
use carnet_protocol::{
    category::Category,
    day::Day,
    id::{FlagId, GrantId, ImportId, ProposalId, RecordId, StreamId},
    key::VerifyingKey,
    ledger::FlagKind,
    member::MemberClass,
    payload::{Fact, VehicleIdentity},
    quantity::Metres,
};
use serde::{Deserialize, Serialize};

/// Passports that can be compared at once: as many columns as a screen shows.
pub const COMPARED_MAX: usize = 4;

/// One thing to do.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// How the wallet stands: [`Answer::Status`].
    Status,
    /// Draws 24 words for a new wallet and keeps them in memory only: [`Answer::Words`].
    DrawWords,
    /// Makes the wallet from the drawn words, once the owner has shown to have them: [`Answer::Status`].
    CreateWallet {
        /// Positions (from 0) and words as typed; all must be right.
        check: Vec<(u8, String)>,
        /// At least 10 characters.
        passphrase: String,
    },
    /// Opens the wallet: [`Answer::Status`].
    Unlock {
        /// The passphrase.
        passphrase: String,
    },
    /// Opens the wallet with a passkey: [`Answer::Status`].
    UnlockWithPasskey {
        /// The authenticator's name for it.
        #[serde(with = "serde_bytes")]
        credential: Vec<u8>,
        /// What its function gave for the salt in [`PasskeyView`], 32 bytes.
        #[serde(with = "serde_bytes")]
        output: Vec<u8>,
    },
    /// Lets a passkey open the wallet too. Asks for the passphrase, so that who finds the wallet open cannot add a way
    /// in for later: [`Answer::Status`].
    AddPasskey {
        /// The passphrase.
        passphrase: String,
        /// What the owner calls it, 1 to 60 characters.
        name: String,
        /// The authenticator's name for it, at most 1,023 bytes.
        #[serde(with = "serde_bytes")]
        credential: Vec<u8>,
        /// What its function was evaluated over: 32 random bytes.
        #[serde(with = "serde_bytes")]
        salt: Vec<u8>,
        /// What its function gave, 32 bytes.
        #[serde(with = "serde_bytes")]
        output: Vec<u8>,
    },
    /// Forgets a passkey: [`Answer::Status`].
    RemovePasskey {
        /// The authenticator's name for it.
        #[serde(with = "serde_bytes")]
        credential: Vec<u8>,
    },
    /// Sets another passphrase: [`Answer::Done`].
    ChangePassphrase {
        /// The one in force.
        current: String,
        /// At least 10 characters.
        next: String,
    },
    /// Checks that the owner still has the words; changes nothing: [`Answer::Done`].
    RehearseWords {
        /// 24 words, in any spacing or case.
        words: String,
    },
    /// Makes the wallet again from its words, from the keyring that the relay keeps: [`Answer::Status`].
    RestoreWallet {
        /// 24 words, in any spacing or case.
        words: String,
        /// The passphrase for this browser.
        passphrase: String,
    },
    /// The devices that hold this wallet.
    Device(DeviceCommand),
    /// Wipes the keys from memory: [`Answer::Status`].
    Lock,
    /// Sets after how many minutes without use the wallet locks; 0 never: [`Answer::Status`].
    SetIdleLock {
        /// Minutes.
        minutes: u16,
    },
    /// The cars of this wallet: [`Answer::Vehicles`].
    Vehicles,
    /// Adds a car: [`Answer::Vehicle`].
    AddVehicle {
        /// What the owner calls it.
        name: String,
        /// What is known of it; becomes its first record.
        identity: VehicleIdentity,
    },
    /// Adds the generated sample car: [`Answer::Vehicle`].
    AddSampleVehicle,
    /// Adds a car with so many generated records, for measuring: [`Answer::Vehicle`].
    #[cfg(feature = "bench")]
    AddBenchVehicle {
        /// How many.
        records: u32,
    },
    /// Checks and opens a car's sealed records anew, part by part, for measuring: [`Answer::Marks`].
    #[cfg(feature = "bench")]
    CheckBenchVehicle {
        /// The car.
        vehicle: StreamId,
    },
    /// How large a car's sealed records are on average, for measuring: [`Answer::RecordSizes`].
    #[cfg(feature = "bench")]
    BenchRecordSizes {
        /// The car.
        vehicle: StreamId,
    },
    /// Shares everything of a car by a link, for measuring: [`Answer::Shared`].
    #[cfg(feature = "bench")]
    ShareBenchVehicle {
        /// The car.
        vehicle: StreamId,
    },
    /// How large a grant is, for measuring: [`Answer::Bytes`].
    #[cfg(feature = "bench")]
    BenchGrantBytes {
        /// The grant.
        grant: GrantId,
    },
    /// Shares everything of a car with so many people, takes one more share back and sends all of it, for measuring:
    /// [`Answer::Marks`].
    #[cfg(feature = "bench")]
    RevokeBenchVehicle {
        /// The car.
        vehicle: StreamId,
        /// To how many the new keys go.
        grantees: u32,
    },
    /// Keeps the first screen of a car now, or drops it and keeps none until the next start, for measuring:
    /// [`Answer::Done`].
    #[cfg(feature = "bench")]
    BenchScreen {
        /// The car.
        vehicle: StreamId,
        /// Which of the two.
        keep: bool,
    },
    /// The marks since they were taken last: [`Answer::Marks`].
    #[cfg(feature = "bench")]
    Marks,
    /// Gives a car another name: [`Answer::Vehicle`].
    RenameVehicle {
        /// The car.
        vehicle: StreamId,
        /// The name.
        name: String,
    },
    /// The passport of a car, one's own or another's: [`Answer::Passport`].
    Passport {
        /// Whose.
        subject: Subject,
    },
    /// Entries of the timeline, newest first: [`Answer::Timeline`].
    Timeline {
        /// Whose.
        subject: Subject,
        /// Which entries.
        filter: TimelineFilter,
        /// Entries to pass over.
        offset: u32,
        /// Entries to give, at most 500.
        limit: u32,
    },
    /// One record in full: [`Answer::Record`].
    Record {
        /// Whose.
        subject: Subject,
        /// Which.
        record: RecordId,
    },
    /// The bytes of an attachment: [`Answer::File`].
    Attachment {
        /// Whose.
        subject: Subject,
        /// The record that refers to it.
        record: RecordId,
        /// The attachment's own record.
        attachment: RecordId,
    },
    /// What readings on record say against one that is about to be written down; changes nothing:
    /// [`Answer::Contradiction`].
    CheckReading {
        /// Whose.
        subject: Subject,
        /// The day it was read.
        day: Day,
        /// The reading.
        odometer: Metres,
        /// A record that it corrects, which is not asked.
        besides: Option<RecordId>,
    },
    /// Writes a record typed by the owner: [`Answer::Record`].
    AddRecord {
        /// The car.
        vehicle: StreamId,
        /// The day it speaks of.
        day: Day,
        /// What happened.
        fact: Fact,
        /// Free text.
        note: Option<String>,
        /// Files, at most `ATTACHMENT_MAX` bytes each.
        files: Vec<FileData>,
    },
    /// Withdraws a record; readers still see that there was one: [`Answer::Done`].
    WithdrawRecord {
        /// The car.
        vehicle: StreamId,
        /// The record.
        record: RecordId,
    },
    /// What erasing would do, in figures; changes nothing: [`Answer::ErasurePreview`].
    PreviewErasure {
        /// What.
        target: EraseTarget,
    },
    /// Erases for good, on all devices and at the relay: [`Answer::Erasure`].
    Erase {
        /// What.
        target: EraseTarget,
        /// The passphrase, asked for anew for a car and for everything.
        passphrase: Option<String>,
    },
    /// The receipts of what was erased, newest first; after everything was, that one: [`Answer::Erasures`].
    Erasures,
    /// Forgets the receipt that an erased wallet left behind: [`Answer::Done`].
    ForgetLastReceipt,
    /// Everything of a car, or of all cars, as a file in an open format: [`Answer::File`].
    Export {
        /// The car; all of them where there is none.
        vehicle: Option<StreamId>,
        /// The wallet's passphrase, asked for anew: who finds the wallet open must not carry it away.
        passphrase: String,
        /// A passphrase for the file; none for a file that anybody can read.
        protect: Option<String>,
        /// With the files of records; without, a car whose files are larger than an export may be goes as well.
        files: bool,
    },
    /// A category of a car as a table: [`Answer::File`].
    ExportTable {
        /// The car.
        vehicle: StreamId,
        /// The category.
        category: Category,
        /// The wallet's passphrase, asked for anew.
        passphrase: String,
    },
    /// What an import would do; changes nothing: [`Answer::DryRun`].
    DryRun {
        /// The car.
        vehicle: StreamId,
        /// The file.
        file: FileData,
        /// Answers to the questions asked so far.
        answers: Answers,
    },
    /// Does the import that the same arguments previewed: [`Answer::Import`].
    CommitImport {
        /// The car.
        vehicle: StreamId,
        /// The file.
        file: FileData,
        /// Answers to all questions.
        answers: Answers,
    },
    /// Past imports of a car, newest first: [`Answer::Imports`].
    Imports {
        /// The car.
        vehicle: StreamId,
    },
    /// Withdraws all records of an import: [`Answer::Done`].
    UndoImport {
        /// The car.
        vehicle: StreamId,
        /// The import.
        import: ImportId,
    },
    /// The consortium's members: [`Answer::Members`].
    Members,
    /// What a share with these terms would show and not show: [`Answer::SharePreview`].
    PreviewShare {
        /// The car.
        vehicle: StreamId,
        /// What to open.
        scopes: Vec<ShareScope>,
    },
    /// Shares: [`Answer::Shared`].
    Share {
        /// The car.
        vehicle: StreamId,
        /// To whom and what.
        draft: ShareDraft,
    },
    /// Shares of a car, newest first: [`Answer::Shares`].
    Shares {
        /// The car.
        vehicle: StreamId,
    },
    /// The link of a share again, for showing it: [`Answer::Shared`].
    ShowLink {
        /// The car.
        vehicle: StreamId,
        /// The share.
        grant: GrantId,
    },
    /// Takes a share back: [`Answer::Done`].
    Revoke {
        /// The car.
        vehicle: StreamId,
        /// The share.
        grant: GrantId,
    },
    /// About holding a car together, each with its own answer.
    Household(HouseholdCommand),
    /// Who looked, newest first: [`Answer::Looks`].
    Looks {
        /// The car.
        vehicle: StreamId,
    },
    /// Opens a share link; works without a wallet: [`Answer::Link`].
    OpenLink {
        /// The fragment as found in the address bar, or a whole link as pasted.
        fragment: String,
        /// The PIN, once asked for.
        pin: Option<String>,
    },
    /// Takes the open link over into this wallet: [`Answer::Saved`].
    ClaimLink,
    /// Passports of other people's cars kept in this wallet: [`Answer::Saved`].
    Saved,
    /// The same, after asking the relay which of them their owners took back meanwhile: [`Answer::Saved`].
    AskSaved,
    /// Forgets one of them: [`Answer::Saved`].
    ForgetSaved {
        /// Its grant.
        grant: GrantId,
    },
    /// Some of them side by side, at most [`COMPARED_MAX`]: [`Answer::Comparison`].
    Compare {
        /// Their grants, in the order of the columns.
        grants: Vec<GrantId>,
    },
    /// Offers a car for sale to whoever gets the code, and freezes it until the offer is accepted, taken back or lapsed:
    /// [`Answer::Sale`].
    OfferSale {
        /// The car.
        vehicle: StreamId,
        /// Who is at the keys.
        verification: Verification,
        /// The terms.
        draft: SaleDraft,
    },
    /// How the sale of a car stands: [`Answer::Sale`].
    Sale {
        /// The car.
        vehicle: StreamId,
    },
    /// Takes an offer back: [`Answer::Sale`].
    CancelSale {
        /// The car.
        vehicle: StreamId,
    },
    /// Opens the code of the car that is offered to the reader of a saved passport: [`Answer::Link`].
    OpenOffer {
        /// The saved passport's grant.
        grant: GrantId,
    },
    /// What the open code hands over: [`Answer::Takeover`].
    Takeover,
    /// Takes the car of the open code over into this wallet: [`Answer::Vehicle`].
    AcceptSale {
        /// What the buyer reads on the odometer; it must be what the seller stated.
        odometer: Metres,
        /// Liens that the buyer takes over knowingly.
        liens: Vec<FlagId>,
    },
    /// The member this wallet acts for, if any: [`Answer::Staff`].
    Staff,
    /// The demo consortium's roles, where there is one: [`Answer::DemoRoles`].
    DemoRoles,
    /// Takes up a role of the demo consortium: [`Answer::Staff`].
    TakeDemoRole {
        /// The member.
        member: VerifyingKey,
    },
    /// Makes member keys of one's own, for the consortium to admit: [`Answer::Staff`].
    RequestMembership {
        /// The organisation's public name.
        name: String,
        /// What it is.
        class: MemberClass,
    },
    /// Grants addressed to the member: [`Answer::Inbox`].
    Inbox,
    /// Accepts or declines one: [`Answer::Inbox`].
    AnswerGrant {
        /// The grant.
        grant: GrantId,
        /// Accept or decline.
        accept: bool,
    },
    /// Sources that write, on either side.
    Source(SourceCommand),
    /// How a car stands, as the ledger says now: [`Answer::Standing`].
    Standing {
        /// Whose.
        subject: Subject,
    },
    /// As a member that saw the car, confirms the VIN that its passport shows: [`Answer::Standing`]. Where another
    /// passport stands for the car: [`Rejection::PassportExists`](carnet_protocol::ledger::Rejection::PassportExists).
    AttestVin {
        /// The grant under which the passport was read.
        grant: GrantId,
        /// The record with the reading found right, if any.
        odometer: Option<RecordId>,
    },
    /// As a member that saw car and papers, lets this passport continue the one that stands for the car, with all that
    /// stands against it: [`Answer::Standing`].
    ReopenPassport {
        /// The grant under which the passport was read.
        grant: GrantId,
        /// The record with the reading found right, if any.
        odometer: Option<RecordId>,
        /// The record that shows the new owner's right.
        evidence: RecordId,
    },
    /// Declares a wreck, a theft or a lien: [`Answer::Standing`].
    DeclareFlag {
        /// A granted passport, or for a theft one's own.
        subject: Subject,
        /// What.
        kind: FlagKind,
        /// The day it happened.
        day: Day,
        /// The record that shows it.
        evidence: RecordId,
    },
    /// Files the second report on a wreck that another member declared: [`Answer::Standing`].
    ReportFlag {
        /// A granted passport.
        subject: Subject,
        /// The declaration.
        flag: FlagId,
        /// The day of the report.
        day: Day,
        /// The record that is it.
        evidence: RecordId,
    },
    /// Lifts a declaration: [`Answer::Standing`].
    LiftFlag {
        /// A granted passport, or for a theft that the owner declared one's own.
        subject: Subject,
        /// The declaration.
        flag: FlagId,
        /// The day it ended.
        day: Day,
        /// The record that shows it.
        evidence: RecordId,
    },
    /// Verifies the next of the signatures that sources made under their records; until all are, it is asked again:
    /// [`Answer::Signatures`].
    CheckSignatures {
        /// Whose records.
        subject: Subject,
    },
    /// What members vote on: [`Answer::ClassVotes`].
    ClassVotes,
    /// As a member, proposes how much a record of a class counts to begin with: [`Answer::ClassVotes`].
    ProposeClassIndex {
        /// The class.
        class: MemberClass,
        /// From 0 to 100.
        index: u8,
    },
    /// As a member, votes on a proposal: [`Answer::ClassVotes`].
    VoteClassIndex {
        /// The proposal.
        proposal: ProposalId,
        /// For or against.
        approve: bool,
    },
    /// The proof of a passport as a file, to be checked without this relay: [`Answer::File`].
    ProofBundle {
        /// Whose.
        subject: Subject,
    },
    /// How the wallet stands to the ledger: [`Answer::Trust`].
    Trust,
    /// Two checkpoints of the ledger that cannot both be true, as a file: [`Answer::File`].
    Evidence,
    /// The relay's last receipts for what was sent, as a file: [`Answer::File`].
    Acknowledgements,
    /// Goes on with the ledger that showed two histories, after the consortium has explained itself:
    /// [`Answer::Trust`].
    StartTrustAnew {
        /// The passphrase.
        passphrase: String,
    },
    /// Sends what waits and fetches what is new: [`Answer::Sync`].
    Sync,
    /// Removes the wallet from this browser; the words bring it back: [`Answer::Status`].
    RemoveWallet,
}

impl Command {
    /// Whether it shows a passport to whoever reads it, by a link as well, and keeps nothing but what was found out: what
    /// [`Wallet::read`](crate::Wallet::read) does. The passport of a car of one's own may be shown as it was kept, which no
    /// other reader needs.
    pub fn reads(&self) -> bool {
        matches!(
            self,
            Self::Status
                | Self::Passport { subject: Subject::Granted(_) | Subject::Link }
                | Self::Timeline { .. }
                | Self::Record { .. }
                | Self::Attachment { .. }
                | Self::CheckReading { .. }
                | Self::Members
                | Self::OpenLink { .. }
                | Self::Standing { .. }
                | Self::CheckSignatures { .. }
                | Self::ProofBundle { .. }
                | Self::Trust
        )
    }
}

/// What the worker says unasked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Notice {
    /// The wallet was locked, by idleness or in another tab.
    Locked,
    /// Where the sync stands now.
    Sync(SyncView),
    /// Something changed: reload what shows it. `None`: any list.
    Changed(Option<StreamId>),
    /// How far a long command is.
    Progress {
        /// Steps done.
        done: u32,
        /// Steps in all.
        total: u32,
    },
}
