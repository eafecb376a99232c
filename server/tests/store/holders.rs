use crate::{Held, NOW, OTHER_STREAM, STREAM, on_every_backend};
use carnet_protocol::{
    Blob,
    encoding::encode,
    holder::{Bundle, BundleEnvelope, Invitation, Join},
    id::{Hash32, StreamId},
    key::{EncappedKey, SealingKey, Signature, VerifyingKey},
    record::Suite,
    signed::Signed,
};
use carnet_server::store::InvitationRow;

on_every_backend!(
    invitations_keep_their_answer_until_removed,
    the_last_bundle_stands_until_removed,
    an_erased_passport_leaves_neither_invitations_nor_bundles
);

fn key(n: u8) -> VerifyingKey {
    VerifyingKey([n; 32])
}

fn invitation(stream: StreamId, n: u8) -> InvitationRow {
    InvitationRow { invitation: Invitation { stream, key: key(n), expires: NOW }, join: None }
}

async fn invitations_keep_their_answer_until_removed(held: Held) {
    for (stream, n) in [(STREAM, 2), (STREAM, 1), (OTHER_STREAM, 3)] {
        held.write(move |tables| tables.insert_invitation(&invitation(stream, n))).await;
    }
    let join = Join { stream: STREAM, sign: key(7), seal: SealingKey([8; 32]) };
    let signed = Signed::from_parts(encode(&join), key(1), Signature([9; 64]));
    let answer = signed.clone();
    held.write(move |tables| tables.set_join(key(1), &answer)).await;
    let answered = InvitationRow { join: Some(signed), ..invitation(STREAM, 1) };
    assert_eq!(held.read(|tables| tables.invitation(key(1))).await, Some(answered.clone()));
    let of_stream = held.read(|tables| tables.invitations_of(STREAM)).await;
    assert_eq!(of_stream, [answered, invitation(STREAM, 2)]);
    for _ in 0..2 {
        held.write(|tables| tables.delete_invitation(key(1))).await;
    }
    assert_eq!(held.read(|tables| tables.invitation(key(1))).await, None);
    assert_eq!(held.read(|tables| tables.invitations_of(OTHER_STREAM)).await.len(), 1);
}

fn bundle(stream: StreamId, n: u8, version: u64) -> BundleEnvelope {
    let bundle = Bundle {
        suite: Suite::Classic,
        stream,
        holder: key(n),
        seal: SealingKey([1; 32]),
        version,
        sealed_hash: Hash32([2; 32]),
    };
    BundleEnvelope {
        bundle: Signed::from_parts(encode(&bundle), key(9), Signature([3; 64])),
        enc: EncappedKey([4; 32]),
        sealed: Blob(vec![5; 100]),
    }
}

async fn the_last_bundle_stands_until_removed(held: Held) {
    for (stream, n, version) in [(STREAM, 1, 1), (STREAM, 1, 2), (STREAM, 2, 1), (OTHER_STREAM, 1, 5)] {
        held.write(move |tables| tables.put_bundle(stream, key(n), version, &bundle(stream, n, version))).await;
    }
    assert_eq!(held.read(|tables| tables.bundle(STREAM, key(1))).await, Some((2, bundle(STREAM, 1, 2))));
    assert_eq!(held.read(|tables| tables.bundles_of(STREAM)).await, 2);
    for _ in 0..2 {
        held.write(|tables| tables.delete_bundle(STREAM, key(1))).await;
    }
    assert_eq!(held.read(|tables| tables.bundle(STREAM, key(1))).await, None);
    assert_eq!(held.read(|tables| tables.bundle(OTHER_STREAM, key(1))).await, Some((5, bundle(OTHER_STREAM, 1, 5))));
}

async fn an_erased_passport_leaves_neither_invitations_nor_bundles(held: Held) {
    for (stream, n) in [(STREAM, 1), (OTHER_STREAM, 2)] {
        held.write(move |tables| tables.insert_invitation(&invitation(stream, n))).await;
        held.write(move |tables| tables.put_bundle(stream, key(n), 1, &bundle(stream, n, 1))).await;
    }
    held.write(|tables| tables.erase_stream(STREAM)).await;
    assert_eq!(held.read(|tables| tables.invitations_of(STREAM)).await.len(), 0);
    assert_eq!(held.read(|tables| tables.bundles_of(STREAM)).await, 0);
    assert_eq!(held.read(|tables| tables.invitations_of(OTHER_STREAM)).await.len(), 1);
    assert_eq!(held.read(|tables| tables.bundles_of(OTHER_STREAM)).await, 1);
}
