//! The bytes of transactions, receipts and state, pinned: a change here is a change of the protocol.
//! Format pages: `docs/formats/transaction.md`, `docs/formats/ledger-state.md`.

#![allow(clippy::unwrap_used)]

use carnet_crypto::{hash, secret::Secret, signature::SigningKey};
use carnet_ledger::{memory::MemoryLedger, transaction_hash};
use carnet_protocol::{
    day::{Day, Timestamp},
    domain::Domain,
    encoding,
    id::{CategoryLabel, GrantId, Hash32, RecordId, StreamId},
    key::SealingKey,
    ledger::{Action, LeafEntry, Outcome, Receipt, Rejection, Transaction},
    member::{Member, MemberClass},
    signed::Signed,
};

const NOW: Timestamp = Timestamp(1_800_000_000_000);

fn key(seed: u8) -> SigningKey {
    SigningKey::from_seed(&Secret::from_slice(&[seed; 32]).unwrap())
}

/// One transaction of each kind, all accepted in this order.
fn transactions() -> Vec<(&'static str, Signed<Transaction>)> {
    let genesis = key(1).sign(&Transaction { ledger: None, at: NOW, action: Action::Genesis { name: "Demo".into() } });
    let ledger = Some(transaction_hash(&genesis));
    let sign = |signer: u8, action| key(signer).sign(&Transaction { ledger, at: NOW, action });
    let (stream, grant, record) = (StreamId([5; 16]), GrantId([6; 16]), RecordId([7; 16]));
    let entry = LeafEntry { record, label: CategoryLabel([8; 8]), day: Day(20_000), commitment: Hash32([9; 32]) };
    let member = Member {
        sign: key(3).verifying_key(),
        // The base point of Curve25519.
        seal: SealingKey(core::array::from_fn(|at| if at == 0 { 9 } else { 0 })),
        name: "Demo Garage".into(),
        class: MemberClass::Garage,
        base_quality: 70,
    };
    let preimage = carnet_protocol::ledger::acceptor_bytes(&stream, &grant, &key(4).verifying_key());
    let acceptor = Some(hash::digest(Domain::HASH_ACCEPTOR, &preimage));
    vec![
        ("genesis", genesis),
        ("admit_member", sign(1, Action::AdmitMember(member))),
        ("open_stream", sign(2, Action::OpenStream { stream })),
        ("append_records", sign(2, Action::AppendRecords { stream, entries: vec![entry] })),
        ("withdraw_records", sign(2, Action::WithdrawRecords { stream, records: vec![record] })),
        (
            "issue_grant",
            sign(
                2,
                Action::IssueGrant {
                    stream,
                    grant,
                    hash: Hash32([10; 32]),
                    acceptor,
                    not_after: NOW.plus(Timestamp::DAY),
                },
            ),
        ),
        ("accept_grant", sign(4, Action::AcceptGrant { stream, grant })),
        ("revoke_grant", sign(2, Action::RevokeGrant { stream, grant })),
        ("close_stream", sign(2, Action::CloseStream { stream })),
    ]
}

/// Everything as lines of a name and hexadecimal bytes.
fn lines() -> String {
    let mut lines = Vec::new();
    let mut ledger = MemoryLedger::default();
    for (name, signed) in transactions() {
        lines.push(format!("{name} {}", hex::encode(encoding::encode(&signed))));
        let receipt = ledger.submit(signed, NOW);
        assert!(matches!(receipt.outcome, Outcome::Accepted { .. }), "{name}");
        lines.push(format!("receipt {}", hex::encode(encoding::encode(&receipt))));
    }
    for rejection in Rejection::ALL {
        let refused = Receipt { transaction: Hash32([1; 32]), outcome: Outcome::Rejected(rejection) };
        lines.push(format!("{} {}", rejection.code(), hex::encode(encoding::encode(&refused))));
    }
    for (key, value) in ledger.state().entries() {
        lines.push(format!("state {} {}", hex::encode(key), hex::encode(value)));
    }
    lines.join("\n") + "\n"
}

#[test]
fn bytes_are_what_they_were() {
    let found = lines();
    for (line, (found, pinned)) in found.lines().zip(include_str!("vectors/transactions.txt").lines()).enumerate() {
        assert_eq!(found, pinned, "line {}", line + 1);
    }
    assert!(found == include_str!("vectors/transactions.txt"), "lines were added:\n{found}");
}

#[test]
fn a_refusal_is_written_as_its_code() {
    for rejection in Rejection::ALL {
        let code = rejection.code();
        let expected = [&[0x60 | u8::try_from(code.len()).unwrap()][..], code.as_bytes()].concat();
        assert_eq!(encoding::encode(&rejection), expected);
    }
}
