//! Why a command failed, as a front end must tell people: what happened and what to do next.
//!
//! Carries figures, never keys, identifiers or user data.

use crate::store::StoreError;
use carnet_import::ImportError;
use carnet_proofs::Finding;
use carnet_protocol::{day::Timestamp, ledger::Rejection};
use serde::{Deserialize, Serialize};

/// Why a command failed. Nothing was changed, unless the variant says otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum WalletError {
    /// The wallet is locked.
    #[error("the wallet is locked")]
    Locked,
    /// There is no wallet in this browser.
    #[error("there is no wallet in this browser")]
    NoWallet,
    /// There is a wallet already.
    #[error("there is a wallet in this browser already")]
    WalletExists,
    /// Wrong passphrase.
    #[error("the passphrase is wrong")]
    WrongPassphrase,
    /// The passkey is not one of this wallet's.
    #[error("the passkey does not open this wallet")]
    WrongPasskey,
    /// Too short.
    #[error("the passphrase has {length} characters, it needs at least {min}")]
    PassphraseTooShort {
        /// Characters given.
        length: u32,
        /// Characters needed.
        min: u32,
    },
    /// A recovery word was typed wrongly.
    #[error("word {position} is not the one that was shown")]
    WrongWord {
        /// Position, from 0.
        position: u8,
    },
    /// The words are not a valid phrase.
    #[error("the recovery words are not valid")]
    BadWords {
        /// The first word that is in no word list, from 0; `None` when the checksum or the number is wrong.
        position: Option<u8>,
    },
    /// The words are valid, but not this wallet's.
    #[error("these are the words of another wallet")]
    OtherWords,
    /// The relay keeps no keyring for these words.
    #[error("no backup was found for these words")]
    NoBackup,
    /// This device was removed from the wallet, and has wiped itself.
    #[error("this device was removed from the wallet")]
    DeviceRemoved,
    /// No more devices can be added.
    #[error("the wallet has as many devices as it can")]
    DevicesFull,
    /// The code typed is not the one that the other device shows.
    #[error("the code is not the one that the other device shows")]
    WrongCode,
    /// The wallet was erased, here or on another device; nothing of it is left in this browser.
    #[error("this wallet was erased")]
    Erased,
    /// No such car, record, share or passport here.
    #[error("it is not here, or no longer")]
    NotFound,
    /// A field of the command is out of range.
    #[error("a value is missing or out of range")]
    BadInput,
    /// A file is larger than allowed.
    #[error("the file has {bytes} bytes, at most {max} are possible")]
    FileTooLarge {
        /// Its size.
        bytes: u64,
        /// The limit.
        max: u64,
    },
    /// With its files an export would be larger than can be brought in again.
    #[error("the export has more than {max} bytes")]
    ExportTooLarge {
        /// The limit.
        max: u64,
    },
    /// An import failed.
    #[error("{0}")]
    Import(ImportError),
    /// The import still asks questions.
    #[error("the import has open questions")]
    QuestionsOpen,
    /// The link is cut off or changed.
    #[error("the link is incomplete")]
    LinkMangled,
    /// The link is unknown to this relay.
    #[error("the link is unknown here")]
    LinkUnknown,
    /// The link has ended.
    #[error("the link has ended")]
    LinkEnded,
    /// The link was taken back.
    #[error("the link was taken back")]
    LinkRevoked,
    /// Somebody keeps in a wallet what the link opened; it opens nothing more.
    #[error("the link was taken over into a wallet")]
    LinkClaimed,
    /// The link was opened as often as it may be, or its PIN was missed too often.
    #[error("the link was used up")]
    LinkUsedUp,
    /// The grant ended, or its passport was closed.
    #[error("access has ended")]
    AccessEnded,
    /// The grant was taken back.
    #[error("access was taken back")]
    AccessRevoked,
    /// Only the car's owner may do it; this wallet holds it together.
    #[error("only the owner of the car can do this")]
    OwnerOnly,
    /// The category is the owner's alone.
    #[error("this category is not shared with you")]
    NotShared,
    /// What the relay delivered does not verify. No key was used on it.
    #[error("the relay delivered something that does not verify: {what}")]
    Untrusted {
        /// What failed, from a fixed list.
        what: Distrust,
    },
    /// The relay cannot be reached and the command needs it.
    #[error("the relay cannot be reached")]
    Offline,
    /// The relay asks to wait.
    #[error("the relay is busy")]
    Busy {
        /// Seconds to wait.
        retry_after_s: u32,
    },
    /// The relay refused; the text is its English sentence.
    #[error("the relay refused: {0}")]
    Refused(String),
    /// The ledger refused.
    #[error("the ledger refused: {reason}")]
    Rejected {
        /// Why, by its stable code.
        reason: Rejection,
    },
    /// The car was sold: what is here is an archive.
    #[error("the car was sold; its passport is an archive now")]
    CarSold,
    /// The car is being sold or taken over; until that is over nothing is changed.
    #[error("the car is being sold; take the offer back first")]
    SaleOpen,
    /// What is open is no offer of a car.
    #[error("this is not a seller's code")]
    NotForSale,
    /// The buyer reads another odometer than the seller stated.
    #[error("the seller stated another odometer reading")]
    OdometerDiffers,
    /// This device's clock is too far off.
    #[error("the clock of this device is off")]
    ClockOff {
        /// What the relay's clock says, where it was asked.
        relay: Option<Timestamp>,
    },
    /// No offer lies under this pairing code: mistyped, used up, or older than a quarter of an hour.
    #[error("no pairing lies under this code, or no longer")]
    PairingCodeWrong,
    /// The owner gave no leave for this category or day.
    #[error("the owner's leave does not cover this")]
    OutsidePairing,
    /// The browser's storage is full.
    #[error("the storage is full")]
    StorageFull,
    /// The browser's storage cannot be used.
    #[error("the storage cannot be used")]
    StorageUnavailable,
    /// Another tab changed the data; trying again helps.
    #[error("another tab changed the data")]
    Conflict,
    /// Stored data does not open: damaged, or not this wallet's. Nothing was overwritten.
    #[error("stored data is damaged")]
    Damaged,
}

/// What did not verify.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Distrust {
    /// An answer is not of the agreed form.
    #[error("malformed answer")]
    Malformed,
    /// The ledger is another one than before.
    #[error("another ledger")]
    Ledger,
    /// The member directory is not signed by the pinned authority.
    #[error("member directory")]
    Directory,
    /// The grant is not the owner's.
    #[error("grant")]
    Grant,
    /// The keyring is older than one seen before, or not ours.
    #[error("keyring")]
    Keyring,
    /// What a device said in a mailbox is not for the code that was scanned.
    #[error("message of the other device")]
    Meeting,
    /// A KDF cost below the floor.
    #[error("weak key derivation")]
    WeakKdf,
    /// The stream's head or owner is not what it was.
    #[error("stream")]
    Stream,
    /// An earlier owner's passport is not the one that the ledger says this one continues.
    #[error("chain of passports")]
    Chain,
    /// A record does not match its commitment.
    #[error("record")]
    Record,
    /// No log has signed for what the relay says it has done.
    #[error("receipt")]
    Receipt,
    /// A VIN was evaluated with another key than the ledger names.
    #[error("key for VINs")]
    VinKey,
    /// A day seal key is not what the owner published.
    #[error("day seal key")]
    SealKey,
    /// The proof of a passport or of the directory does not hold.
    #[error("{0}")]
    Proof(ProofFault),
}

/// What is wrong with a proof: one name for each [`Finding`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum ProofFault {
    /// A checkpoint or its note cannot be read.
    #[error("malformed checkpoint")]
    Malformed,
    /// A log that is not trusted.
    #[error("unknown log")]
    UnknownLog,
    /// The log has not signed, or wrongly.
    #[error("log signature")]
    LogSignature,
    /// A member's cosignature is wrong.
    #[error("cosignature")]
    Cosignature,
    /// Too few members have cosigned.
    #[error("quorum")]
    Quorum,
    /// The cosignatures are older than a day.
    #[error("stale cosignatures")]
    Stale,
    /// Another ledger than the pinned one.
    #[error("another ledger")]
    OtherLedger,
    /// The log has become shorter.
    #[error("rollback")]
    Rollback,
    /// The log shows two histories.
    #[error("fork")]
    Fork,
    /// The log does not continue what was seen.
    #[error("inconsistent log")]
    Inconsistent,
    /// The map's proof is wrong.
    #[error("map proof")]
    MapProof,
    /// The head is not the proved one.
    #[error("passport head")]
    Head,
    /// The proof is another passport's.
    #[error("another passport")]
    OtherStream,
    /// The ledger has no such passport.
    #[error("unknown passport")]
    UnknownStream,
    /// The directory is not the proved one.
    #[error("member directory")]
    Directory,
    /// Records are left out.
    #[error("records left out")]
    LeavesDropped,
    /// Records were added.
    #[error("records added")]
    LeavesAdded,
    /// A record is there twice.
    #[error("record twice")]
    LeafDuplicated,
    /// The order is another.
    #[error("records reordered")]
    LeavesReordered,
    /// A record's commitment is another.
    #[error("record altered")]
    LeafAltered,
    /// The withdrawals are not the proved ones.
    #[error("withdrawals")]
    Withdrawals,
    /// The owner is another than the one who shared.
    #[error("owner")]
    Owner,
}

impl From<&Finding> for ProofFault {
    fn from(finding: &Finding) -> Self {
        match finding {
            Finding::MalformedNote(_) | Finding::MalformedCheckpoint(_) => Self::Malformed,
            Finding::UnknownLog { .. } => Self::UnknownLog,
            Finding::NoLogSignature | Finding::WrongLogSignature => Self::LogSignature,
            Finding::WrongCosignature { .. } => Self::Cosignature,
            Finding::NoQuorum { .. } => Self::Quorum,
            Finding::StaleCosignatures { .. } => Self::Stale,
            Finding::OtherLedger => Self::OtherLedger,
            Finding::Rollback(_) => Self::Rollback,
            Finding::Fork(_) => Self::Fork,
            Finding::Inconsistent(_) => Self::Inconsistent,
            Finding::WrongMapProof => Self::MapProof,
            Finding::WrongHead => Self::Head,
            Finding::OtherStream { .. } => Self::OtherStream,
            Finding::UnknownStream => Self::UnknownStream,
            Finding::WrongDirectory => Self::Directory,
            Finding::LeavesDropped { .. } => Self::LeavesDropped,
            Finding::LeavesAdded { .. } => Self::LeavesAdded,
            Finding::LeafDuplicated { .. } => Self::LeafDuplicated,
            Finding::LeavesReordered { .. } => Self::LeavesReordered,
            Finding::LeafAltered => Self::LeafAltered,
            Finding::WrongWithdrawals => Self::Withdrawals,
        }
    }
}

impl From<StoreError> for WalletError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict => WalletError::Conflict,
            StoreError::Full => WalletError::StorageFull,
            StoreError::Unavailable(_) => WalletError::StorageUnavailable,
        }
    }
}
