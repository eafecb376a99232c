//! Every limit of the protocol in one place, with its arithmetic.

/// Plaintext bytes of one chunk of a sealed body.
pub const CHUNK_LEN: usize = 16 * 1024;

/// The largest attachment, in bytes: a 40-page scan at 500 KiB a page.
pub const ATTACHMENT_MAX: usize = 20 * 1024 * 1024;

/// The largest sealed record on the wire: an attachment, its 1,280 chunk tags of 16 bytes, padding of at most 1/16
/// and the header.
pub const SEALED_RECORD_MAX: usize = ATTACHMENT_MAX + ATTACHMENT_MAX / 16 + 64 * 1024;

/// Sealed records up to this size travel inside pages and batches; larger ones one by one.
pub const INLINE_RECORD_MAX: usize = 64 * 1024;

/// The largest request body except a single large record: 500 records of 2 KiB with their wraps.
pub const BODY_MAX: usize = 2 * 1024 * 1024;

/// Records in one upload batch and commitments in one ledger transaction.
pub const BATCH_MAX: usize = 500;

/// Records in one page handed to a reader: 2,000 of about 700 bytes are 1.4 MB.
pub const PAGE_MAX: usize = 2_000;

/// Transactions in one submission.
pub const TRANSACTIONS_MAX: usize = 64;

/// Generations of one category that a grant opens: after 32 revocations with records written between all of them, its
/// grantee gets the newest ones, and the owner can still revoke.
pub const GRANT_GENERATIONS_MAX: usize = 32;

/// Scopes of a grant, those of earlier owners' passports included: every category in so many generations.
pub const GRANT_SCOPES_MAX: usize = 11 * GRANT_GENERATIONS_MAX;

/// Bytes of the sealed part of a grant: `GRANT_SCOPES_MAX` scopes of 30 keys at 34 bytes and 80 around them, and the
/// owner's words.
pub const SEALED_GRANT_MAX: usize = 400 * 1024;

/// Grants in one batch. Fifty over everything, with 30 keys for each of 11 categories, are 600 KB.
pub const GRANT_BATCH_MAX: usize = 64;

/// Co-holders of one passport, those removed included: a family over the life of a car.
pub const HOLDERS_MAX: usize = 32;

/// Bytes of the sealed part of a co-holder's bundle: what of a keyring is of one car.
pub const BUNDLE_MAX: usize = KEYRING_MAX;

/// Cover keys of one date range in a tree of depth 16: two per level below the root's children.
pub const COVER_MAX: usize = 30;

/// How far a request's time may lie from the relay's clock, in milliseconds.
pub const REQUEST_SKEW_MS: u64 = 5 * 60 * 1_000;

/// The longest public name of a consortium or member, in bytes: 60 characters of two bytes.
pub const NAME_MAX: usize = 120;

/// How far a transaction's time may lie from the ledger host's clock, ahead or behind, in milliseconds. What waited
/// longer to be submitted is signed again.
pub const TRANSACTION_SKEW_MS: u64 = 10 * 60 * 1_000;

/// How far a transaction's time may lie behind the latest one accepted, in milliseconds. Twice the skew: whoever runs
/// ahead by as much as is allowed must not shut out those who run behind by as much.
pub const TRANSACTION_LAG_MS: u64 = 2 * TRANSACTION_SKEW_MS;

/// Wrong bearer tokens (wrong PINs) before a link closes for good.
pub const LINK_FAILURES_MAX: u32 = 10;

/// How long one opening of a link lets its reader fetch records, in milliseconds.
pub const VIEW_MS: u64 = 60 * 60 * 1_000;

/// The largest keyring: 32 cars at about 3 KiB, and history.
pub const KEYRING_MAX: usize = 1024 * 1024;

/// Devices of an account at a time.
pub const DEVICES_MAX: usize = 16;

/// Devices that an account ever adds. Removals are not bounded by themselves: whoever is on the list can always be taken
/// off it.
pub const DEVICES_EVER_MAX: usize = 128;

/// Of these so many that devices may add; the rest is for the words alone, which must find room whatever a device did.
pub const DEVICES_BY_DEVICES_MAX: usize = 100;

/// Entries of an account's device list: its beginning, and each device added and removed. With 420 bytes each the list is
/// at most 108 KB, and its signatures are checked in 15 ms.
pub const DEVICE_ENTRIES_MAX: usize = 1 + 2 * DEVICES_EVER_MAX;

/// The best base quality index.
pub const BASE_QUALITY_MAX: u8 = 100;

/// How long members may vote on a proposal, in milliseconds: 60 days, two meetings of a consortium.
pub const PROPOSAL_MS: u64 = 60 * 24 * 60 * 60 * 1_000;

/// Declarations of one kind that may stand against a car at a time, each by another member: more liens than any car bears.
/// With three kinds and two passports that become one, a standing has at most 48 of about 300 bytes: 15 KB.
pub const FLAGS_OF_A_KIND_MAX: usize = 8;

/// How long an offer to sell a car may stand, in milliseconds: 30 days.
pub const SALE_MS: u64 = 30 * 24 * 60 * 60 * 1_000;

/// Changes of hands whose dates a standing keeps; of more only the number is kept. 64 of about 25 bytes are 1.6 KB.
pub const OWNER_CHANGES_MAX: usize = 64;

/// Liens that a buyer acknowledges: as many as two passports can bring together.
pub const LIENS_MAX: usize = 2 * FLAGS_OF_A_KIND_MAX;

/// The end of what has none, in milliseconds: the first moment of the year 10000. A buyer keeps what was handed over.
pub const EVERLASTING_MS: u64 = 253_402_300_800_000;

/// The largest signed note: a checkpoint of 300 bytes and 64 signatures of 200.
pub const NOTE_MAX: usize = 16 * 1024;

/// Leaves a log can have: 2^48 are 9,000 years of 1,000 transactions a second, and no arithmetic on them overflows.
pub const LOG_MAX: u64 = 1 << 48;

/// Hashes in a proof about the log: one per level below the root on either side of a log of 2^48 leaves.
pub const LOG_PROOF_MAX: usize = 96;

/// Hashes in a proof about the map of heads: one per bit of a key.
pub const MAP_PROOF_MAX: usize = 256;

/// How old a cosignature may be before a reader calls it stale, in milliseconds: a day.
pub const COSIGNATURE_AGE_MAX_MS: u64 = 24 * 60 * 60 * 1_000;

/// Receipts of the relay that a wallet keeps of each passport: those of its last 16 requests. One for 64 transactions has
/// an answer of 6 KB, so this is 100 KB at most.
pub const RECEIPTS_KEPT: usize = 16;
/// Public day seal keys published ahead in one batch: 400 days, so that an owner who is away for half a year leaves no gap.
pub const SEAL_KEYS_MAX: usize = 400;

/// Fewer days left than this, and the owner's next sync publishes a new batch.
pub const SEAL_KEYS_LOW: u16 = 200;

/// How long a pairing code can be claimed, in milliseconds: 15 minutes at the counter.
pub const PAIRING_CODE_MS: u64 = 15 * 60 * 1_000;

/// Scopes of a pairing: every category once.
pub const WRITE_SCOPES_MAX: usize = 11;

/// Records that a member without a pairing may commit to a stream within `QUARANTINE_MS`: an accident with its report and
/// photographs, and no flood.
pub const QUARANTINE_MAX: u32 = 24;

/// The time after which a member without a pairing may write as much again, in milliseconds: 30 days.
pub const QUARANTINE_MS: u64 = 30 * 24 * 60 * 60 * 1_000;

/// The largest sealed offer to pair: a leave and eleven categories are 3 KB.
pub const OFFER_MAX: usize = 16 * 1024;

/// The largest sealed answer to a source: a reason of 10,000 characters of four bytes, and its framing.
pub const ANSWER_MAX: usize = 48 * 1024;
