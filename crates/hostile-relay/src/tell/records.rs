//! Lies about records and the bytes of attachments.

use super::{change, flip};
use crate::{Asked, Heard, Lie};
use carnet_protocol::{
    api::{body::RecordPage, path},
    day::Day,
    encoding,
    id::StreamId,
    key::VerifyingKey,
    record::Schema,
};

pub(super) fn tell(lie: Lie, asked: &Asked, honest: &[u8], heard: &Heard) -> Option<Vec<u8>> {
    match lie {
        Lie::AttachmentTruncated => Some(honest[..honest.len() / 2].to_vec()),
        Lie::AttachmentsSwapped => heard.first(path::GRANT_RECORD, |other, _| other.path != asked.path),
        Lie::OldSuite => old_suite(honest),
        Lie::RecordOfAnotherCar => {
            let page: RecordPage = encoding::decode(honest).ok()?;
            let stream = page.records.first()?.header.stream;
            let of_another = |body: &[u8]| {
                let page = encoding::decode::<RecordPage>(body);
                page.is_ok_and(|page| page.records.first().is_some_and(|record| record.header.stream != stream))
            };
            let other = heard.first(path::GRANT_RECORDS, |_, body| of_another(body))?;
            let other: RecordPage = encoding::decode(&other).ok()?;
            change(honest, |page: &mut RecordPage| {
                *page.records.first_mut()? = other.records.into_iter().next()?;
                Some(())
            })
        }
        _ => change(honest, |page: &mut RecordPage| alter(lie, page)),
    }
}

/// Changes a page of at least two records that have their bytes with them.
fn alter(lie: Lie, page: &mut RecordPage) -> Option<()> {
    let records = &mut page.records;
    if records.len() < 2 {
        return None;
    }
    match lie {
        Lie::RecordBitFlipped => flip(&mut records[0].record.as_mut()?.0)?,
        Lie::CiphertextsSwapped => {
            let first = records[0].record.clone();
            records[0].record = records[1].record.clone();
            records[1].record = first;
        }
        Lie::RecordRedated => records[0].header.day = Day(19_000),
        Lie::SourceSwapped => records[0].header.source = VerifyingKey([3; 32]),
        Lie::RecordRehomed => records[0].header.stream = StreamId([9; 16]),
        Lie::RecordTwice => records.push(records[0].clone()),
        Lie::RecordWithheld => drop(records.remove(0)),
        Lie::RecordDressedAsFile => {
            let dressed = records.iter_mut().find(|stored| stored.header.schema == Schema::Payload)?;
            dressed.header.schema = Schema::Attachment;
            (dressed.record, dressed.wraps) = (None, Vec::new());
        }
        Lie::WrapsWithheld => records[0].wraps.clear(),
        Lie::WrapsSwapped => {
            let mut wrap = records[1].wraps.first()?.clone();
            wrap.record = records[0].header.record;
            records[0].wraps = vec![wrap];
        }
        Lie::RecordPagesInACircle => {
            records.clear();
            page.next = Some(0);
        }
        _ => return None,
    }
    Some(())
}

/// The byte of every suite in a page, 1, turned into 0. No type of ours can say that, so it is done to the bytes.
fn old_suite(honest: &[u8]) -> Option<Vec<u8>> {
    const NOW: &[u8] = b"\x65suite\x01";
    let mut bytes = honest.to_vec();
    let places: Vec<_> = (0..bytes.len()).filter(|at| bytes[*at..].starts_with(NOW)).collect();
    for at in &places {
        bytes[at + NOW.len() - 1] = 0;
    }
    (!places.is_empty()).then_some(bytes)
}
