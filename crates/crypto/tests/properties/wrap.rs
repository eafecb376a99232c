use crate::{
    rng::TestRng,
    sample::{content_key, header, tree},
};
use carnet_crypto::{
    KeyError, OpenError,
    record::{open_record, seal_record},
    sealing::SealingSecret,
    wrap::{unwrap_day, unwrap_inbox, wrap_day, wrap_day_seal, wrap_inbox},
};
use carnet_protocol::{
    day::Day,
    key::SealingKey,
    record::{RecordHeader, RecordWrap, SealedRecord, WrappedKey},
};

/// All three wraps of one record.
fn wraps(header: &RecordHeader, number: u8, inbox: &SealingSecret, rng: &mut TestRng) -> [RecordWrap; 3] {
    let (keys, content) = (tree(7).day_keys(header.day), content_key(number));
    [
        wrap_day(&content, &keys.wrap, header, 1, rng),
        wrap_day_seal(&content, &keys.seal.public(), header, 1, rng).unwrap(),
        wrap_inbox(&content, &inbox.public(), header, 1, rng).unwrap(),
    ]
}

fn unwrap(
    wrap: &RecordWrap,
    inbox: &SealingSecret,
    header: &RecordHeader,
) -> Result<carnet_crypto::record::ContentKey, OpenError> {
    match wrap.key {
        WrappedKey::Inbox { .. } => unwrap_inbox(wrap, inbox, header),
        _ => unwrap_day(wrap, &tree(7).day_keys(header.day), header),
    }
}

#[test]
fn every_kind_of_wrap_gives_the_content_key_to_its_holder_alone() {
    let rng = &mut TestRng::new(1);
    let (inbox, stranger) = (SealingSecret::generate(rng), SealingSecret::generate(rng));
    let header = header(1);
    for wrap in wraps(&header, 5, &inbox, rng) {
        assert_eq!(unwrap(&wrap, &inbox, &header), Ok(content_key(5)));
        assert_eq!(unwrap_inbox(&wrap, &stranger, &header), Err(OpenError));
        assert_eq!(unwrap_day(&wrap, &tree(8).day_keys(header.day), &header), Err(OpenError));
        assert_eq!(unwrap_day(&wrap, &tree(7).day_keys(Day(header.day.0 + 1)), &header), Err(OpenError));
    }
}

#[test]
fn any_flipped_bit_of_a_wrap_fails() {
    let rng = &mut TestRng::new(2);
    let inbox = SealingSecret::generate(rng);
    let header = header(1);
    for wrap in wraps(&header, 5, &inbox, rng) {
        let parts: [fn(&mut RecordWrap) -> &mut [u8]; 3] = [
            |wrap| &mut wrap.record.0,
            |wrap| match &mut wrap.key {
                WrappedKey::Day { nonce, .. } => &mut nonce.0,
                WrappedKey::DaySeal { enc, .. } | WrappedKey::Inbox { enc, .. } => &mut enc.0,
            },
            |wrap| match &mut wrap.key {
                WrappedKey::Day { sealed, .. }
                | WrappedKey::DaySeal { sealed, .. }
                | WrappedKey::Inbox { sealed, .. } => &mut sealed.0,
            },
        ];
        for part in parts {
            let bits = part(&mut wrap.clone()).len() * 8;
            for bit in 0..bits {
                let mut changed = wrap.clone();
                part(&mut changed)[bit / 8] ^= 1 << (bit % 8);
                assert_eq!(unwrap(&changed, &inbox, &header), Err(OpenError), "bit {bit}");
            }
        }
        for generation in (0..16).map(|bit| 1 ^ 1 << bit) {
            let changed = RecordWrap { generation, ..wrap.clone() };
            assert_eq!(unwrap(&changed, &inbox, &header), Err(OpenError), "generation {generation}");
        }
    }
}

#[test]
fn a_wrap_of_one_kind_does_not_pass_for_another() {
    let rng = &mut TestRng::new(3);
    let header = header(1);
    let keys = tree(7).day_keys(header.day);
    let WrappedKey::DaySeal { enc, sealed } =
        wrap_day_seal(&content_key(5), &keys.seal.public(), &header, 1, rng).unwrap().key
    else {
        unreachable!("the wrap was made to a day seal key")
    };
    let inbox = SealingSecret::generate(rng);
    let WrappedKey::Inbox { enc: inbox_enc, sealed: inbox_sealed } =
        wrap_inbox(&content_key(5), &inbox.public(), &header, 1, rng).unwrap().key
    else {
        unreachable!("the wrap was made to an inbox")
    };
    let as_inbox = RecordWrap { record: header.record, generation: 1, key: WrappedKey::Inbox { enc, sealed } };
    assert_eq!(unwrap_inbox(&as_inbox, &inbox, &header), Err(OpenError));
    let key = WrappedKey::DaySeal { enc: inbox_enc, sealed: inbox_sealed };
    let as_day = RecordWrap { record: header.record, generation: 1, key };
    assert_eq!(unwrap_day(&as_day, &keys, &header), Err(OpenError));
    // The same key pair in both roles: the label alone must tell them apart.
    let to_day = wrap_inbox(&content_key(5), &keys.seal.public(), &header, 1, rng).unwrap();
    let WrappedKey::Inbox { enc, sealed } = to_day.key else { unreachable!("the wrap was made to an inbox") };
    let relabelled = RecordWrap { record: header.record, generation: 1, key: WrappedKey::DaySeal { enc, sealed } };
    assert_eq!(unwrap_day(&relabelled, &keys, &header), Err(OpenError));
}

/// Header, body and wrap of 50 records, each part taken from any record: only what belongs together opens.
#[test]
fn exchanged_parts_of_fifty_records_never_open() {
    let rng = &mut TestRng::new(4);
    let inbox = SealingSecret::generate(rng);
    let keys = tree(7).day_keys(header(0).day);
    let records: Vec<(SealedRecord, RecordWrap)> = (0..50)
        .map(|number| {
            let header = header(number);
            let wrap = wraps(&header, number, &inbox, rng)[0].clone();
            (seal_record(header, &[number; 40], &content_key(number)), wrap)
        })
        .collect();
    let opens = |header: &RecordHeader, body: &SealedRecord, wrap: &RecordWrap| {
        let content = unwrap_day(wrap, &keys, header)?;
        open_record(&SealedRecord { header: header.clone(), body: body.body.clone() }, &content)
    };
    for (i, (a, wrap_a)) in records.iter().enumerate() {
        for (j, (b, wrap_b)) in records.iter().enumerate() {
            let is_same = i == j;
            assert_eq!(opens(&a.header, b, wrap_b).is_ok(), is_same, "header {i}, body and wrap {j}");
            assert_eq!(opens(&b.header, a, wrap_b).is_ok(), is_same, "body {i}, header and wrap {j}");
            assert_eq!(opens(&b.header, b, wrap_a).is_ok(), is_same, "wrap {i}, header and body {j}");
            let renamed = RecordWrap { record: b.header.record, ..wrap_a.clone() };
            assert_eq!(opens(&b.header, b, &renamed).is_ok(), is_same, "wrap {i} under the name of {j}");
            let mut key_kept = a.body.clone();
            key_kept.0[..32].copy_from_slice(&b.body[..32]);
            let spliced = SealedRecord { header: b.header.clone(), body: key_kept };
            assert_eq!(opens(&b.header, &spliced, wrap_b).is_ok(), is_same, "chunks {i}, the rest {j}");
        }
    }
}

#[test]
fn nothing_is_wrapped_to_a_weak_point() {
    let rng = &mut TestRng::new(5);
    let header = header(1);
    for point in [[0; 32], core::array::from_fn(|i| u8::from(i == 0)), [0xff; 32]] {
        let key = SealingKey(point);
        assert_eq!(wrap_day_seal(&content_key(1), &key, &header, 1, rng), Err(KeyError::WeakPoint));
        assert_eq!(wrap_inbox(&content_key(1), &key, &header, 1, rng), Err(KeyError::WeakPoint));
    }
}
