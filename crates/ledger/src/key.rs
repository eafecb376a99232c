//! Every key of the state, spelled here and nowhere else. Table: `docs/formats/ledger-state.md`.
//!
//! One letter, then identifiers of fixed length, so that no key is a prefix of one of another kind. Keys are narrow:
//! transactions on different streams share none that they write, and so never conflict on a host that checks.

use carnet_protocol::{
    id::{FlagId, GrantId, Hash32, PairingId, ProposalId, RecordId, StreamId, VinTag},
    key::VerifyingKey,
    member::MemberClass,
};

/// Keys of members, in the order of their keys.
pub(crate) const MEMBERS: &[u8] = b"m";
/// Keys of the transactions that admitted them.
pub(crate) const ADMISSIONS: &[u8] = b"a";
/// Keys of the base quality indices of classes.
pub(crate) const CLASS_INDICES: &[u8] = b"c";
/// Keys of proposals, in the order of their identifiers.
pub(crate) const PROPOSALS: &[u8] = b"p";

/// Identity and authority of the ledger.
pub(crate) fn ledger() -> Vec<u8> {
    b"l".to_vec()
}

/// The transaction that made the ledger.
pub(crate) fn genesis() -> Vec<u8> {
    b"g".to_vec()
}

/// A member.
pub(crate) fn member(key: &VerifyingKey) -> Vec<u8> {
    [MEMBERS, key.as_bytes()].concat()
}

/// The transaction that admitted a member.
pub(crate) fn admission(key: &VerifyingKey) -> Vec<u8> {
    [ADMISSIONS, key.as_bytes()].concat()
}

/// The head of a stream.
pub(crate) fn stream(stream: &StreamId) -> Vec<u8> {
    [b"s".as_slice(), stream.as_bytes()].concat()
}

/// The leaves of a stream, in order.
pub(crate) fn leaves(stream: &StreamId) -> Vec<u8> {
    [b"e".as_slice(), stream.as_bytes()].concat()
}

/// One leaf. Big-endian, so that the order of keys is the order of leaves.
pub(crate) fn leaf(stream: &StreamId, index: u64) -> Vec<u8> {
    [leaves(stream).as_slice(), &index.to_be_bytes()].concat()
}

/// Where a record's leaf is.
pub(crate) fn record(stream: &StreamId, record: &RecordId) -> Vec<u8> {
    [b"r".as_slice(), stream.as_bytes(), record.as_bytes()].concat()
}

/// A grant.
pub(crate) fn grant(stream: &StreamId, grant: &GrantId) -> Vec<u8> {
    [b"q".as_slice(), stream.as_bytes(), grant.as_bytes()].concat()
}

/// A pairing.
pub(crate) fn pairing(stream: &StreamId, pairing: &PairingId) -> Vec<u8> {
    [b"w".as_slice(), stream.as_bytes(), pairing.as_bytes()].concat()
}

/// What a member without a pairing has written to a stream lately.
pub(crate) fn quarantine(stream: &StreamId, member: &VerifyingKey) -> Vec<u8> {
    [b"u".as_slice(), stream.as_bytes(), member.as_bytes()].concat()
}

/// The co-holders of a stream.
pub(crate) fn holders(stream: &StreamId) -> Vec<u8> {
    [b"j".as_slice(), stream.as_bytes()].concat()
}

/// One co-holder.
pub(crate) fn holder(stream: &StreamId, holder: &VerifyingKey) -> Vec<u8> {
    [holders(stream).as_slice(), holder.as_bytes()].concat()
}

/// The transaction that named the key for VIN tags.
pub(crate) fn vin_key() -> Vec<u8> {
    b"k".to_vec()
}

/// The base quality index of a class. One byte, fixed for good.
pub(crate) fn class_index(class: MemberClass) -> Vec<u8> {
    let class = match class {
        MemberClass::Manufacturer => 0,
        MemberClass::Garage => 1,
        MemberClass::Insurer => 2,
        MemberClass::Bank => 3,
        MemberClass::Expert => 4,
    };
    [CLASS_INDICES, &[class]].concat()
}

/// A proposal.
pub(crate) fn proposal(proposal: &ProposalId) -> Vec<u8> {
    [PROPOSALS, proposal.as_bytes()].concat()
}

/// A member's vote on a proposal.
pub(crate) fn vote(proposal: &ProposalId, member: &VerifyingKey) -> Vec<u8> {
    [b"v".as_slice(), proposal.as_bytes(), member.as_bytes()].concat()
}

/// The passport that stands for a VIN.
pub(crate) fn vin_tag(tag: &VinTag) -> Vec<u8> {
    [b"x".as_slice(), tag.as_bytes()].concat()
}

/// How a stream's car stands.
pub(crate) fn standing(stream: &StreamId) -> Vec<u8> {
    [b"f".as_slice(), stream.as_bytes()].concat()
}

/// What was said of a stream's car, in order.
pub(crate) fn events(stream: &StreamId) -> Vec<u8> {
    [b"h".as_slice(), stream.as_bytes()].concat()
}

/// One event. Big-endian, so that the order of keys is the order of events.
pub(crate) fn event(stream: &StreamId, index: u64) -> Vec<u8> {
    [events(stream).as_slice(), &index.to_be_bytes()].concat()
}

/// The mark of a declaration that is or was there.
pub(crate) fn flag(stream: &StreamId, flag: &FlagId) -> Vec<u8> {
    [b"d".as_slice(), stream.as_bytes(), flag.as_bytes()].concat()
}

/// The newest offer to sell a stream's car.
pub(crate) fn sale(stream: &StreamId) -> Vec<u8> {
    [b"o".as_slice(), stream.as_bytes()].concat()
}

/// The mark of an accepted transaction.
pub(crate) fn transaction(hash: &Hash32) -> Vec<u8> {
    [b"t".as_slice(), hash.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_is_a_prefix_of_another_kind() {
        let (id, hash) = (StreamId([b'e'; 16]), [b'e'; 32]);
        let keys = [
            ledger(),
            genesis(),
            member(&VerifyingKey(hash)),
            admission(&VerifyingKey(hash)),
            stream(&id),
            leaf(&id, 0),
            record(&id, &RecordId(id.0)),
            grant(&id, &GrantId(id.0)),
            pairing(&id, &PairingId(id.0)),
            quarantine(&id, &VerifyingKey(hash)),
            holder(&id, &VerifyingKey(hash)),
            vin_key(),
            class_index(MemberClass::Expert),
            proposal(&ProposalId(id.0)),
            vote(&ProposalId(id.0), &VerifyingKey(hash)),
            vin_tag(&VinTag(hash)),
            standing(&id),
            event(&id, 0),
            flag(&id, &FlagId(id.0)),
            sale(&id),
            transaction(&Hash32(hash)),
        ];
        for (i, a) in keys.iter().enumerate() {
            for (j, b) in keys.iter().enumerate() {
                assert!(i == j || !a.starts_with(b), "{i} {j}");
            }
        }
    }

    #[test]
    fn leaves_sort_by_their_index() {
        let id = StreamId([0; 16]);
        assert!(leaf(&id, 255) < leaf(&id, 256));
        assert!(leaf(&id, u64::from(u32::MAX)) < leaf(&id, u64::from(u32::MAX) + 1));
    }
}
