//! Identifiers. All are random or hashes; none says anything about a car or a person.

use crate::bytes::byte_newtype;

byte_newtype! {
    /// A passport's stream: one car under one owner. Random.
    StreamId, 16
}
byte_newtype! {
    /// A record within a stream. Random.
    RecordId, 16
}
byte_newtype! {
    /// A grant. Random.
    GrantId, 16
}
byte_newtype! {
    /// A share link. Random; stands in the link's fragment.
    LinkId, 16
}
byte_newtype! {
    /// One import of a file, so that it can be undone as a whole. Random.
    ImportId, 16
}
byte_newtype! {
    /// A category on the wire: opaque, random per stream and category.
    CategoryLabel, 8
}
byte_newtype! {
    /// A SHA-256 hash behind a label of its own (see [`crate::domain`]).
    Hash32, 32
}
byte_newtype! {
    /// 16 random bytes that make a signed request unique.
    Nonce16, 16
}
byte_newtype! {
    /// A proposal that members vote on. Random.
    ProposalId, 16
}
byte_newtype! {
    /// A declaration about a car: wreck, theft, lien. Random.
    FlagId, 16
}
byte_newtype! {
    /// A source paired with a stream. Random.
    PairingId, 16
}
byte_newtype! {
    /// Under which the relay keeps a sealed offer to pair; derived from the code that opens it.
    OfferId, 16
}
byte_newtype! {
    /// What stands for a car's VIN: only the consortium can compute it, for a member that asks (`docs/formats/vin-tag.md`).
    VinTag, 32
}
byte_newtype! {
    /// A mailbox in which two devices meet. The beginning of a hash.
    MailboxId, 16
}
