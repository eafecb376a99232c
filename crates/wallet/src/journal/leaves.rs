//! Rows of leaves: fields of fixed length one after the other, for all of a car are read each time that it is opened.
//! Format: `docs/formats/local-store.md`.

use crate::error::WalletError;
use carnet_protocol::{
    day::{Day, Timestamp},
    encoding,
    id::{CategoryLabel, Hash32, RecordId},
    key::VerifyingKey,
    ledger::{Leaf, LeafEntry},
};

/// The first byte of a row. Before there was this layout a row was a canonical list, which begins with another.
const PACKED: u8 = 1;

/// Bytes of a leaf: record 16, label 8, day 2, commitment 32, source 32, time 8, index 8, base quality 1, flags 1.
const LEN: usize = 108;

const WITHDRAWN: u8 = 1;
const QUARANTINED: u8 = 2;

/// A row.
pub(crate) fn pack(leaves: &[Leaf]) -> Vec<u8> {
    let mut row = Vec::with_capacity(1 + leaves.len() * LEN);
    row.push(PACKED);
    for leaf in leaves {
        let LeafEntry { record, label, day, commitment } = &leaf.entry;
        row.extend_from_slice(record.as_bytes());
        row.extend_from_slice(label.as_bytes());
        row.extend_from_slice(&day.0.to_be_bytes());
        row.extend_from_slice(commitment.as_bytes());
        row.extend_from_slice(leaf.source.as_bytes());
        row.extend_from_slice(&leaf.at.0.to_be_bytes());
        row.extend_from_slice(&leaf.index.to_be_bytes());
        let withdrawn = if leaf.withdrawn { WITHDRAWN } else { 0 };
        let quarantined = if leaf.quarantined { QUARANTINED } else { 0 };
        row.extend_from_slice(&[leaf.base_quality, withdrawn | quarantined]);
    }
    row
}

/// Reads a row.
///
/// # Errors
/// [`WalletError::Damaged`].
pub(crate) fn unpack(row: &[u8]) -> Result<Vec<Leaf>, WalletError> {
    let leaves = match row.split_first() {
        Some((&PACKED, packed)) => packed.chunks(LEN).map(leaf).collect(),
        _ => encoding::read(row).ok(),
    };
    leaves.ok_or(WalletError::Damaged)
}

fn leaf(packed: &[u8]) -> Option<Leaf> {
    let mut rest = packed;
    let entry = LeafEntry {
        record: RecordId(take(&mut rest)?),
        label: CategoryLabel(take(&mut rest)?),
        day: Day(u16::from_be_bytes(take(&mut rest)?)),
        commitment: Hash32(take(&mut rest)?),
    };
    let source = VerifyingKey(take(&mut rest)?);
    let at = Timestamp(u64::from_be_bytes(take(&mut rest)?));
    let index = u64::from_be_bytes(take(&mut rest)?);
    let [base_quality, flags] = take(&mut rest)?;
    let (withdrawn, quarantined) = (flags & WITHDRAWN != 0, flags & QUARANTINED != 0);
    let known = flags <= WITHDRAWN | QUARANTINED;
    known.then_some(Leaf { at, entry, index, source, withdrawn, quarantined, base_quality })
}

fn take<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (taken, left) = rest.split_first_chunk()?;
    *rest = left;
    Some(*taken)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn leaves() -> impl Strategy<Value = Vec<Leaf>> {
        let entry = (any::<[u8; 16]>(), any::<[u8; 8]>(), any::<u16>(), any::<[u8; 32]>());
        let entry = entry.prop_map(|(record, label, day, commitment)| LeafEntry {
            record: RecordId(record),
            label: CategoryLabel(label),
            day: Day(day),
            commitment: Hash32(commitment),
        });
        let noted = (any::<u64>(), any::<u64>(), any::<[u8; 32]>(), any::<[bool; 2]>(), any::<u8>());
        let leaf = (entry, noted).prop_map(|(entry, (at, index, source, [withdrawn, quarantined], base_quality))| {
            let (at, source) = (Timestamp(at), VerifyingKey(source));
            Leaf { at, entry, index, source, withdrawn, quarantined, base_quality }
        });
        proptest::collection::vec(leaf, 0..20)
    }

    proptest! {
        #[test]
        fn a_row_says_what_was_written_in_either_layout(leaves in leaves()) {
            prop_assert_eq!(unpack(&pack(&leaves)), Ok(leaves.clone()));
            prop_assert_eq!(unpack(&encoding::encode(&leaves)), Ok(leaves));
        }

        #[test]
        fn a_row_that_was_cut_off_is_damaged(leaves in leaves(), cut in 1_usize..LEN) {
            let row = pack(&leaves);
            prop_assert_eq!(unpack(&row[..row.len().saturating_sub(cut)]), Err(WalletError::Damaged));
        }
    }

    #[test]
    fn an_unknown_flag_is_no_leaf() {
        let mut row = vec![0; 1 + LEN];
        row[0] = PACKED;
        assert_eq!(unpack(&row).map(|leaves| leaves.len()), Ok(1));
        row[LEN] = 4;
        assert_eq!(unpack(&row), Err(WalletError::Damaged));
    }
}
