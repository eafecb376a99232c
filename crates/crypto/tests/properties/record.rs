use crate::{
    rng::TestRng,
    sample::{content_key, header, tree},
};
use carnet_crypto::{
    OpenError,
    header::BoundHeader,
    record::{ContentKey, commitment, commitments, open_bodies, open_record, seal_record},
    tree::DayKeys,
    wrap::{unwrap_day_bound, unwrap_days, wrap_day, wrap_day_seal},
};
use carnet_protocol::{
    Blob,
    day::Day,
    encoding,
    id::{CategoryLabel, StreamId},
    key::VerifyingKey,
    limits::{ATTACHMENT_MAX, CHUNK_LEN, SEALED_RECORD_MAX},
    record::{RecordHeader, RecordWrap, Schema, SealedRecord, WrappedKey},
};
use proptest::prelude::*;

const SEALED_CHUNK: usize = CHUNK_LEN + 16;

proptest! {
    #[test]
    fn what_is_sealed_opens(text in proptest::collection::vec(any::<u8>(), 0..3_000), number: u8) {
        let sealed = seal_record(header(number), &text, &content_key(9));
        prop_assert_eq!(open_record(&sealed, &content_key(9)), Ok(text));
        prop_assert_eq!(open_record(&sealed, &content_key(8)), Err(OpenError));
    }
}

#[test]
fn lengths_around_chunks_and_buckets_open() {
    for chunks in [1, 2, 3, 5] {
        for length in chunks * CHUNK_LEN - 6..=chunks * CHUNK_LEN + 6 {
            let text: Vec<u8> = (0..length).map(|i| i as u8).collect();
            let sealed = seal_record(header(1), &text, &content_key(1));
            assert_eq!(open_record(&sealed, &content_key(1)), Ok(text), "{length}");
        }
    }
}

#[test]
fn the_largest_attachment_stays_within_the_limit() {
    let text = vec![0x5a; ATTACHMENT_MAX];
    let sealed = seal_record(header(1), &text, &content_key(1));
    assert!(encoding::encode(&sealed).len() <= SEALED_RECORD_MAX);
    assert!(open_record(&sealed, &content_key(1)).unwrap() == text);
}

#[test]
fn lengths_in_one_bucket_look_the_same() {
    let size = |length| encoding::encode(&seal_record(header(1), &vec![1; length], &content_key(1))).len();
    assert_eq!(size(0), size(252));
    assert_ne!(size(252), size(253));
}

#[test]
fn any_flipped_bit_of_the_body_fails() {
    let mut sealed = seal_record(header(1), b"42,195 km", &content_key(1));
    for bit in 0..sealed.body.len() * 8 {
        sealed.body.0[bit / 8] ^= 1 << (bit % 8);
        assert_eq!(open_record(&sealed, &content_key(1)), Err(OpenError), "bit {bit}");
        sealed.body.0[bit / 8] ^= 1 << (bit % 8);
    }
    assert!(open_record(&sealed, &content_key(1)).is_ok());
}

#[test]
fn any_flipped_bit_of_the_encoding_fails_or_is_no_record() {
    let sealed = encoding::encode(&seal_record(header(1), b"42,195 km", &content_key(1)));
    let committed = commitment(&sealed);
    for bit in 0..sealed.len() * 8 {
        let mut changed = sealed.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        assert_ne!(commitment(&changed), committed);
        if let Ok(record) = encoding::decode::<SealedRecord>(&changed) {
            assert_eq!(open_record(&record, &content_key(1)), Err(OpenError), "bit {bit}");
        }
    }
}

#[test]
fn every_field_of_the_header_is_bound() {
    let sealed = seal_record(header(1), b"text", &content_key(1));
    let changes: [fn(&mut RecordHeader); 6] = [
        |header| header.schema = Schema::Attachment,
        |header| header.stream = StreamId([9; 16]),
        |header| header.record.0[15] ^= 1,
        |header| header.label = CategoryLabel([9; 8]),
        |header| header.day = Day(header.day.0 + 1),
        |header| header.source = VerifyingKey([9; 32]),
    ];
    for (number, change) in changes.iter().enumerate() {
        let mut moved = sealed.clone();
        change(&mut moved.header);
        assert_eq!(open_record(&moved, &content_key(1)), Err(OpenError), "change {number}");
    }
}

#[test]
fn chunks_are_not_cut_off_repeated_exchanged_or_moved() {
    let text: Vec<u8> = (0..5 * CHUNK_LEN - 4).map(|i| (i / 7) as u8).collect();
    let sealed = seal_record(header(1), &text, &content_key(1));
    let other = seal_record(header(2), &text, &content_key(1));
    let (commitment, chunks) = sealed.body.split_at(32);
    let chunks: Vec<&[u8]> = chunks.chunks(SEALED_CHUNK).collect();
    assert_eq!(chunks.len(), 5);
    let open = |chunks: &[&[u8]]| {
        let body = Blob([&[commitment], chunks].concat().concat());
        open_record(&SealedRecord { header: sealed.header.clone(), body }, &content_key(1))
    };
    assert_eq!(open(&chunks), Ok(text));
    for keep in 0..5 {
        assert_eq!(open(&chunks[..keep]), Err(OpenError), "first {keep}");
        assert_eq!(open(&chunks[5 - keep..]), Err(OpenError), "last {keep}");
    }
    for i in 0..5 {
        for j in 0..5 {
            let mut moved = chunks.clone();
            moved.swap(i, j);
            assert_eq!(open(&moved).is_ok(), i == j, "exchanged {i} and {j}");
            let mut repeated = chunks.clone();
            repeated.insert(i, chunks[j]);
            assert_eq!(open(&repeated), Err(OpenError), "{j} again at {i}");
        }
        let mut foreign = chunks.clone();
        foreign[i] = other.body[32..].chunks(SEALED_CHUNK).nth(i).unwrap();
        assert_eq!(open(&foreign), Err(OpenError), "another record's chunk {i}");
    }
    for cut in [1, 15, 16, 17, 32, 33, SEALED_CHUNK - 1] {
        let body = Blob(sealed.body[..sealed.body.len() - cut].to_vec());
        let record = SealedRecord { header: sealed.header.clone(), body };
        assert_eq!(open_record(&record, &content_key(1)), Err(OpenError), "{cut} bytes cut off");
    }
}

/// One that is damaged, or whose key is another's, fails alone.
#[test]
fn bodies_opened_together_open_as_each_alone() {
    let headers: Vec<RecordHeader> = (0..9).map(header).collect();
    let bound = BoundHeader::each(&headers);
    assert!(bound.iter().zip(&headers).all(|(bound, header)| bound.hash() == BoundHeader::new(header).hash()));
    let keys: Vec<ContentKey> = (0..9).map(content_key).collect();
    // Among them neighbours of one length, of different ones, and of more than one chunk.
    let texts: Vec<Vec<u8>> =
        (0..9).map(|n| vec![n; if n == 8 { CHUNK_LEN + 1 } else { usize::from(n / 4) * 3_000 }]).collect();
    let mut sealed: Vec<SealedRecord> = headers
        .iter()
        .zip(&keys)
        .zip(&texts)
        .map(|((header, key), text)| seal_record(header.clone(), text, key))
        .collect();
    sealed[5].body.0[40] ^= 1;
    let together: Vec<(&BoundHeader<'_>, &[u8], &ContentKey)> = bound
        .iter()
        .zip(&sealed)
        .enumerate()
        .map(|(n, (bound, sealed))| (bound, sealed.body.0.as_slice(), &keys[if n == 2 { 3 } else { n }]))
        .collect();
    for (n, (opened, text)) in open_bodies(&together).into_iter().zip(texts).enumerate() {
        assert_eq!(opened, if n == 2 || n == 5 { Err(OpenError) } else { Ok(text) }, "{n}");
    }
    let bytes: Vec<Vec<u8>> = sealed.iter().map(encoding::encode).collect();
    let bytes: Vec<&[u8]> = bytes.iter().map(Vec::as_slice).collect();
    let each: Vec<_> = bytes.iter().map(|bytes| commitment(bytes)).collect();
    assert_eq!(commitments(&bytes), each);
}

/// One that is of another day, damaged or made by a source fails or opens as it does alone.
#[test]
fn keys_unwrapped_together_come_out_as_each_alone() {
    let rng = &mut TestRng::new(3);
    let headers: Vec<RecordHeader> = (0..11).map(header).collect();
    let bound = BoundHeader::each(&headers);
    let keys: Vec<DayKeys> = headers.iter().map(|header| tree(1).day_keys(header.day)).collect();
    let other = tree(1).day_keys(Day(headers[0].day.0 + 1));
    let mut wraps: Vec<RecordWrap> = headers
        .iter()
        .zip(&keys)
        .zip(0..)
        .map(|((header, keys), n)| match n {
            3 => wrap_day_seal(&content_key(n), &keys.seal.public(), header, 1, rng).unwrap(),
            _ => wrap_day(&content_key(n), &keys.wrap, header, 1, rng),
        })
        .collect();
    let WrappedKey::Day { sealed, .. } = &mut wraps[6].key else { unreachable!("made so") };
    sealed.0[1] ^= 1;
    wraps[9].record = headers[8].record;
    let asked: Vec<_> = (0..11).map(|n| (&wraps[n], if n == 4 { &other } else { &keys[n] }, &bound[n])).collect();
    for (n, opened) in unwrap_days(&asked).into_iter().enumerate() {
        let (wrap, keys, header) = asked[n];
        assert_eq!(opened, unwrap_day_bound(wrap, keys, header), "{n}");
        assert_eq!(opened.is_ok(), ![4, 6, 9].contains(&n), "{n}");
    }
}
