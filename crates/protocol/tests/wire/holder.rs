use crate::golden;
use carnet_protocol::{
    Blob,
    api::body::Joins,
    category::Category,
    day::{Day, Timestamp},
    encoding,
    holder::{
        Bundle, BundleCategory, BundleEnvelope, BundleGeneration, BundleNode, BundleSecret, Invitation, InvitationCode,
        Join,
    },
    id::{CategoryLabel, Hash32, StreamId},
    key::{EncappedKey, SealingKey, Signature, VerifyingKey},
    record::Suite,
    signed::Signed,
};

const STREAM: StreamId = StreamId([1; 16]);

fn bundle() -> Bundle {
    Bundle {
        suite: Suite::Classic,
        stream: STREAM,
        holder: VerifyingKey([2; 32]),
        seal: SealingKey([3; 32]),
        version: 4,
        sealed_hash: Hash32([5; 32]),
    }
}

#[test]
fn invitations_and_answers() {
    let expires = Timestamp(1_800_000_000_000);
    golden("invitation", &Invitation { stream: STREAM, key: VerifyingKey([6; 32]), expires });
    let join = Join { stream: STREAM, sign: VerifyingKey([2; 32]), seal: SealingKey([3; 32]) };
    golden("join", &join);
    let signed = Signed::from_parts(encoding::encode(&join), VerifyingKey([6; 32]), Signature([7; 64]));
    golden("body_joins", &Joins { joins: vec![signed] });
}

#[test]
fn bundles() {
    golden("holder_bundle", &bundle());
    let signed = Signed::from_parts(encoding::encode(&bundle()), VerifyingKey([8; 32]), Signature([7; 64]));
    golden(
        "bundle_envelope",
        &BundleEnvelope { bundle: signed, enc: EncappedKey([9; 32]), sealed: Blob(vec![10; 20]) },
    );
    let node = BundleNode { first: Day::FIRST, height: 16, key: Blob(vec![11; 32]) };
    let generations = vec![BundleGeneration { id: 12, nodes: vec![node] }];
    let keys = BundleCategory { category: Category::Mileage, label: CategoryLabel([13; 8]), generations };
    golden("bundle_secret", &BundleSecret { vehicle_name: "car".into(), sample: false, categories: vec![keys] });
}

#[test]
fn a_code_survives_what_chats_do_to_it_and_nothing_less_is_taken() {
    let code = InvitationCode {
        stream: STREAM,
        owner: VerifyingKey([2; 32]),
        secret: [3; 32],
        expires: Timestamp(1_800_000_000_000),
        private: true,
        vehicle_name: "Zoé".into(),
    };
    let text = code.to_text();
    for mangled in [
        text.clone(),
        format!("https://host/join#{text}"),
        format!("https://host/join%23{text}&utm_source=x"),
        format!(" <https://host/join#{text}>."),
        format!("{}\n{}", &text[..30], &text[30..]),
    ] {
        assert!(InvitationCode::parse(&mangled).unwrap() == code, "{mangled}");
    }
    for cut in 0..text.len() {
        assert!(InvitationCode::parse(&text[..cut]).is_err(), "{cut}");
    }
}
