//! All lies: what each does, on which routes, to whom it is told, and what must come of it.

use carnet_protocol::api::path::{
    CONSISTENCY_PROOF, DIRECTORY_PROOF, GRANT, GRANT_RECORD, GRANT_RECORDS, INBOX, INFO, KEYRING, LEAVES, LINK_NOTICE,
    LINK_OPEN, MEMBERS, RECORD, RECORDS, STREAM, STREAM_PROOF, TRANSACTIONS,
};

/// To whom a lie is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Victim {
    /// An owner at sync, on a device that has seen a checkpoint.
    Owner,
    /// An owner who has something to send.
    Sender,
    /// An owner who comes back from the words alone.
    Restorer,
    /// A reader of a link, without a wallet.
    Visitor,
    /// A reader of a link that asks for a PIN.
    PinVisitor,
    /// A buyer who has taken a link over into a wallet, and has seen a checkpoint.
    Buyer,
    /// Staff of a member that accepted a grant.
    Member,
    /// Staff of the same member, on a device that has not seen the grant before.
    NewStaff,
}

/// What must come of a lie. In no case is anything written for good that the lie brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum End {
    /// Refused, with this finding: its name among the wallet's errors, such as `record` or `proof.fork`.
    Finding(&'static str),
    /// Refused as `Finding`, and the two checkpoints that clash are kept: until the owner says so, nothing is sent.
    Evidence(&'static str),
    /// What can be opened shows, and so many records are said to be missing.
    Missing(u32),
    /// It is not believed: what shows is what showed before.
    Nothing,
}
use End::{Evidence, Finding, Missing, Nothing};

macro_rules! lies {
    ($($(#[doc = $says:literal])+ $name:ident on [$($route:ident),+] => [$($victim:ident: $end:expr),+];)+) => {
        /// One thing that a relay can do to its answers.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Lie {
            $($(#[doc = $says])+ $name,)+
        }

        impl Lie {
            /// All of them.
            pub const ALL: &[Lie] = &[$(Lie::$name),+];

            /// What it does, in words.
            pub const fn says(self) -> &'static str {
                match self { $(Lie::$name => concat!($($says),+)),+ }
            }

            /// The routes whose answers it changes, with identifiers in braces.
            pub const fn routes(self) -> &'static [&'static str] {
                match self { $(Lie::$name => &[$($route),+]),+ }
            }

            /// To whom it is told, and what must come of it.
            pub const fn ends(self) -> &'static [(Victim, End)] {
                match self { $(Lie::$name => &[$((Victim::$victim, $end)),+]),+ }
            }
        }
    };
}

lies! {
    // Records.
    /// A bit of a sealed record is another.
    RecordBitFlipped on [RECORDS, GRANT_RECORDS] =>
        [Restorer: Finding("record"), Visitor: Finding("record"), Buyer: Finding("record"), Member: Finding("record")];
    /// Two records have each other's sealed bytes.
    CiphertextsSwapped on [RECORDS, GRANT_RECORDS] => [Restorer: Finding("record"), Visitor: Finding("record")];
    /// A record is said to be of another day.
    RecordRedated on [RECORDS, GRANT_RECORDS] => [Restorer: Finding("record"), Visitor: Finding("record")];
    /// A record is said to be of another source.
    SourceSwapped on [RECORDS, GRANT_RECORDS] => [Restorer: Finding("record"), Visitor: Finding("record")];
    /// A record is said to be of another car.
    RecordRehomed on [GRANT_RECORDS] => [Visitor: Finding("record")];
    /// A genuine record of another car stands in the place of one.
    RecordOfAnotherCar on [GRANT_RECORDS] => [Visitor: Finding("record"), Buyer: Finding("record")];
    /// The same record comes twice.
    RecordTwice on [GRANT_RECORDS] => [Visitor: Finding("record"), Buyer: Finding("record")];
    /// The suite of a record is one that was never agreed on.
    OldSuite on [RECORDS, GRANT_RECORDS] => [Restorer: Finding("malformed"), Visitor: Finding("malformed")];
    /// A record is not delivered.
    RecordWithheld on [GRANT_RECORDS] => [Visitor: Missing(1), Buyer: Missing(1), Member: Missing(1)];
    /// A record is said to be a large file, whose bytes come later.
    RecordDressedAsFile on [RECORDS, GRANT_RECORDS] =>
        [Restorer: Missing(1), Visitor: Missing(1), Buyer: Missing(1), Member: Missing(1)];
    /// A record comes without its wraps.
    WrapsWithheld on [GRANT_RECORDS] => [Visitor: Missing(1)];
    /// A record comes with another one's wraps under its name.
    WrapsSwapped on [GRANT_RECORDS] => [Visitor: Missing(1), Member: Missing(1)];
    /// Empty pages of records, of which each leads to the same again.
    RecordPagesInACircle on [GRANT_RECORDS] => [Visitor: Finding("malformed")];
    /// The bytes of a large attachment end early.
    AttachmentTruncated on [GRANT_RECORD] => [Visitor: Finding("record"), Buyer: Finding("record")];
    /// An attachment comes with the bytes of another.
    AttachmentsSwapped on [GRANT_RECORD] => [Visitor: Finding("record")];

    // Leaves.
    /// The last leaf is left out.
    LeafDropped on [LEAVES] => [
        Owner: Finding("stream"), Visitor: Finding("proof.leaves_dropped"), Buyer: Finding("proof.leaves_dropped"),
        Member: Finding("proof.leaves_dropped"), Restorer: Finding("proof.leaves_dropped")
    ];
    /// The first leaf is left out and the others move up.
    LeafDroppedAndClosedUp on [LEAVES] => [Owner: Finding("stream"), Visitor: Finding("proof.leaves_dropped")];
    /// Two leaves have changed places.
    LeavesReordered on [LEAVES] => [Owner: Finding("stream"), Visitor: Finding("proof.leaves_reordered")];
    /// A leaf comes twice, in the place of another.
    LeafDuplicated on [LEAVES] => [Owner: Finding("stream"), Visitor: Finding("proof.leaf_duplicated")];
    /// A leaf commits to other bytes.
    LeafAltered on [LEAVES] => [Owner: Finding("stream"), Visitor: Finding("proof.leaf_altered")];
    /// A leaf is said to be of another source.
    LeafOfAnotherSource on [LEAVES] => [Owner: Finding("stream"), Visitor: Finding("proof.leaf_altered")];
    /// A leaf's source is said to be of a better class.
    LeafRequalified on [LEAVES] => [Owner: Finding("stream"), Visitor: Finding("proof.leaf_altered")];
    /// A leaf's index is beyond all numbers.
    LeafBeyondNumbers on [LEAVES] => [Owner: Finding("stream"), Visitor: Finding("proof.leaves_dropped")];
    /// The leaves of another car.
    LeavesOfAnotherCar on [LEAVES] => [Owner: Finding("stream"), Visitor: Finding("proof.leaves_dropped")];
    /// After all the proved leaves, one of them comes again as a newer one, withdrawn.
    LeafShadowed on [LEAVES] => [Owner: Finding("stream"), Visitor: Finding("proof.leaf_duplicated")];
    /// After all the proved leaves comes one that nobody has written.
    LeafInvented on [LEAVES] => [Owner: Missing(1), Visitor: Missing(1), Buyer: Missing(1)];
    /// A leaf is marked as withdrawn.
    LeafWithdrawnFalsely on [LEAVES] => [Owner: Nothing, Visitor: Nothing, Buyer: Nothing, Restorer: Nothing];
    /// No leaf is marked as withdrawn.
    WithdrawalHidden on [LEAVES] => [Owner: Nothing, Visitor: Nothing];
    /// The next page of leaves is the same again, without end.
    LeafPagesInACircle on [LEAVES] => [Visitor: Finding("malformed")];

    // Proofs of a passport.
    /// The way to the map's root is another.
    MapProofWrong on [STREAM_PROOF] => [
        Owner: Finding("proof.map_proof"), Restorer: Finding("proof.map_proof"), Visitor: Finding("proof.map_proof"),
        Buyer: Finding("proof.map_proof"), Member: Finding("proof.map_proof")
    ];
    /// The owner in the head is another.
    OwnerSwapped on [STREAM_PROOF] =>
        [Owner: Finding("proof.head"), Visitor: Finding("proof.head"), Member: Finding("proof.head")];
    /// The head counts fewer records.
    HeadShortened on [STREAM_PROOF] => [Visitor: Finding("proof.head"), Buyer: Finding("proof.head")];
    /// The head is said to have been opened at another time.
    HeadRedated on [STREAM_PROOF] => [Visitor: Finding("proof.head")];
    /// There is said to be no such passport.
    HeadDenied on [STREAM_PROOF] => [Owner: Finding("proof.head"), Visitor: Finding("proof.head")];
    /// The genuine proof of another car.
    ProofOfAnotherCar on [STREAM_PROOF] => [
        Owner: Finding("proof.other_stream"), Visitor: Finding("proof.other_stream"),
        Buyer: Finding("proof.other_stream")
    ];
    /// A leaf is added to those that were withdrawn.
    WithdrawalInvented on [STREAM_PROOF] =>
        [Owner: Finding("proof.withdrawals"), Visitor: Finding("proof.withdrawals")];
    /// Withdrawals are left out.
    WithdrawalsLeftOut on [STREAM_PROOF] => [Visitor: Finding("proof.withdrawals")];

    // Checkpoints.
    /// A checkpoint that is none.
    CheckpointGarbled on [STREAM_PROOF] =>
        [Owner: Finding("proof.malformed"), Visitor: Finding("proof.malformed")];
    /// The checkpoint of a log that nobody trusts, signed by the keys of the trusted one.
    LogRenamed on [STREAM_PROOF] => [Owner: Finding("proof.unknown_log"), Visitor: Finding("proof.unknown_log")];
    /// The log's signature is missing.
    LogSignatureMissing on [STREAM_PROOF] =>
        [Owner: Finding("proof.log_signature"), Visitor: Finding("proof.log_signature")];
    /// The log's signature is wrong.
    LogSignatureWrong on [STREAM_PROOF] =>
        [Owner: Finding("proof.log_signature"), Visitor: Finding("proof.log_signature")];
    /// One cosignature is left.
    CosignaturesMissing on [STREAM_PROOF] => [Owner: Finding("proof.quorum"), Visitor: Finding("proof.quorum")];
    /// One cosigner has signed twice, the others not.
    QuorumOfOneTwice on [STREAM_PROOF] => [Owner: Finding("proof.quorum"), Visitor: Finding("proof.quorum")];
    /// One cosigner's signature stands under the name of another.
    CosignatureBorrowed on [STREAM_PROOF] =>
        [Owner: Finding("proof.cosignature"), Visitor: Finding("proof.cosignature")];
    /// A cosignature is wrong.
    CosignatureWrong on [STREAM_PROOF] =>
        [Owner: Finding("proof.cosignature"), Visitor: Finding("proof.cosignature")];
    /// All cosignatures are 25 hours old.
    CosignaturesStale on [STREAM_PROOF] => [
        Owner: Finding("proof.stale"), Visitor: Finding("proof.stale"), Buyer: Finding("proof.stale"),
        Member: Finding("proof.stale")
    ];
    /// The checkpoint of another ledger, with every signature it needs.
    CheckpointOfAnotherLedger on [STREAM_PROOF] =>
        [Owner: Finding("proof.other_ledger"), Visitor: Finding("proof.fork")];
    /// A second checkpoint of the same size with another root, with every signature it needs.
    TwoRoots on [STREAM_PROOF] =>
        [Owner: Evidence("proof.fork"), Buyer: Evidence("proof.fork"), Visitor: Finding("proof.inconsistent")];
    /// A second map of passports under the same log, with every signature it needs.
    TwoMaps on [STREAM_PROOF] => [Owner: Evidence("proof.fork"), Buyer: Evidence("proof.fork")];
    /// A longer log that does not continue the one seen, with every signature it needs.
    LogRewritten on [STREAM_PROOF] =>
        [Owner: Evidence("proof.inconsistent"), Buyer: Evidence("proof.inconsistent")];
    /// An older genuine proof, to hide what came after it.
    RolledBack on [STREAM_PROOF] => [
        Owner: Evidence("proof.rollback"), Buyer: Evidence("proof.rollback"), Visitor: Finding("proof.rollback")
    ];
    /// A genuine proof, from before the passport was opened, that there is none.
    PassportNotYetOpened on [STREAM_PROOF] => [
        Owner: Evidence("proof.rollback"), Restorer: Evidence("proof.rollback"), Buyer: Evidence("proof.rollback"),
        Visitor: Finding("proof.rollback")
    ];
    /// There is said to be no log.
    LogDenied on [STREAM_PROOF, DIRECTORY_PROOF] => [
        Owner: Finding("proof.quorum"), Restorer: Finding("proof.quorum"), Visitor: Finding("proof.quorum"),
        Buyer: Finding("proof.quorum")
    ];
    /// What joins two checkpoints is kept back.
    ConsistencyWithheld on [CONSISTENCY_PROOF] => [Visitor: Finding("proof.inconsistent")];

    // The ledger and its members.
    /// The relay says that it serves another ledger.
    LedgerSwapped on [INFO] => [Owner: Finding("ledger"), Visitor: Finding("ledger")];
    /// An answer has a byte too many.
    TrailingByte on [INFO] => [Owner: Finding("malformed"), Visitor: Finding("malformed")];
    /// A member is left out of the directory.
    MemberLeftOut on [MEMBERS] => [Owner: Finding("proof.directory"), Visitor: Finding("proof.directory")];
    /// A member's admission, and so its keys, are others.
    MemberSwapped on [MEMBERS] => [Owner: Finding("directory"), Visitor: Finding("proof.directory")];
    /// A member that nobody has admitted.
    MemberInvented on [MEMBERS] => [Owner: Finding("directory"), Visitor: Finding("directory")];
    /// The directory begins with another transaction than the ledger does.
    GenesisSwapped on [MEMBERS] => [Owner: Finding("directory"), Visitor: Finding("proof.directory")];
    /// A member is left out of the directory in the proof.
    ProvedMemberLeftOut on [DIRECTORY_PROOF] =>
        [Owner: Finding("proof.directory"), Visitor: Finding("proof.directory")];
    /// The directory is proved by a second checkpoint of the same size, with every signature it needs.
    DirectoryOfAFork on [DIRECTORY_PROOF] => [Owner: Evidence("proof.fork")];

    // Grants and links.
    /// A bit of the sealed keys is another.
    GrantBitFlipped on [LINK_OPEN] => [Visitor: Finding("grant"), PinVisitor: Finding("grant")];
    /// The grant of another link of the same owner.
    GrantOfAnotherLink on [LINK_OPEN] => [Visitor: Finding("grant")];
    /// The token for fetching records is cut off.
    ViewTokenCut on [LINK_OPEN] => [Visitor: Finding("malformed")];
    /// Stretching the PIN is said to cost next to nothing.
    WeakKdf on [LINK_NOTICE] => [PinVisitor: Finding("weak_kdf")];
    /// Stretching the PIN is said to cost more memory than there is.
    CostlyKdf on [LINK_NOTICE] => [PinVisitor: Finding("weak_kdf")];
    /// A link with a PIN is said to have none.
    PinNotAsked on [LINK_NOTICE] => [PinVisitor: Finding("link_unknown")];
    /// An older version of the same grant, without the keys that its owner added.
    GrantReplayed on [GRANT] => [Buyer: Finding("grant")];
    /// Somebody else's grant.
    GrantSwapped on [GRANT] => [Buyer: Finding("grant"), Member: Finding("grant")];
    /// A grant in the inbox has other sealed keys.
    InboxForged on [INBOX] => [Member: Nothing];
    /// An older inbox, from before a grant was answered and given further keys.
    InboxReplayed on [INBOX] => [Member: Nothing];
    /// The car of a grant is said to be somebody else's.
    StreamOwnerSwapped on [STREAM] => [NewStaff: Finding("grant")];
    /// The state of another car.
    StreamSwapped on [STREAM] => [NewStaff: Finding("stream")];
    /// The inbox is empty.
    InboxEmptied on [INBOX] => [Member: Nothing];

    // Receipts.
    /// The signature of a receipt is wrong.
    ReceiptForged on [TRANSACTIONS, RECORDS, RECORD] => [Sender: Finding("receipt")];
    /// What was done is not signed for.
    ReceiptWithheld on [TRANSACTIONS, RECORDS, RECORD] => [Sender: Finding("receipt")];
    /// A genuine receipt for something else.
    ReceiptReplayed on [TRANSACTIONS, RECORDS, RECORD] => [Sender: Finding("receipt")];
    /// The answer promises more than its receipt is signed for.
    OutcomeForged on [TRANSACTIONS, RECORDS] => [Sender: Finding("receipt")];

    // Keyrings.
    /// An older keyring than the relay has given out before.
    KeyringOld on [KEYRING] => [Owner: Finding("keyring")];
    /// A keyring with another bit, said to be the next version.
    KeyringForged on [KEYRING] => [Owner: Finding("keyring"), Restorer: Finding("keyring")];
    /// Somebody else's keyring.
    KeyringSwapped on [KEYRING] => [Restorer: Finding("keyring")];
    /// A next version, whose list lacks the device that was added last.
    DeviceLeftOut on [KEYRING] => [Owner: Finding("keyring"), Restorer: Finding("keyring")];
    /// A next version, to whose list the relay has added a device of its own.
    DeviceInvented on [KEYRING] => [Owner: Finding("keyring"), Restorer: Finding("keyring")];
    /// A next version, with the wraps of two devices exchanged.
    WrapsExchanged on [KEYRING] => [Owner: Finding("keyring"), Restorer: Finding("keyring")];
    /// There is said to be no keyring.
    KeyringDenied on [KEYRING] => [Owner: Finding("keyring")];
}
