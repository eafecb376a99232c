//! The bytes of transactions, receipts and state, pinned: a change here is a change of the protocol.
//! Format pages: `docs/formats/transaction.md`, `docs/formats/ledger-state.md`.

#![allow(clippy::unwrap_used)]

use carnet_crypto::{hash, secret::Secret, signature::SigningKey};
use carnet_ledger::{memory::MemoryLedger, transaction_hash};
use carnet_protocol::{
    day::{Day, DayRange, Timestamp},
    domain::Domain,
    encoding,
    id::{CategoryLabel, FlagId, GrantId, Hash32, PairingId, ProposalId, RecordId, StreamId, VinTag},
    key::{SealingKey, VinKey},
    ledger::{Action, FlagKind, LeafEntry, Outcome, Receipt, Rejection, Transaction, VinSighting},
    member::{Member, MemberClass},
    pairing::{PairingClaim, WriteGrant, WriteScope},
    sale::SaleClaim,
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
    let sign = |signer: u8, action| sign_by(ledger, signer, action);
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
    let experts = [11, 12].map(|seed| {
        let sign = key(seed).verifying_key();
        let (name, class) = (format!("Demo Expert {seed}"), MemberClass::Expert);
        sign_by(ledger, 1, Action::AdmitMember(Member { sign, name, class, ..member.clone() }))
    });
    let said = said_of_a_car(ledger, stream);
    let preimage = carnet_protocol::ledger::acceptor_bytes(&stream, &grant, &key(4).verifying_key());
    let acceptor = Some(hash::digest(Domain::HASH_ACCEPTOR, &preimage));
    let [expert, other_expert] = experts;
    let mut all = vec![
        ("genesis", genesis),
        ("admit_member", sign(1, Action::AdmitMember(member.clone()))),
        ("open_stream", sign(2, Action::OpenStream { stream })),
        ("append_records", sign(2, Action::AppendRecords { stream, entries: vec![entry] })),
        ("withdraw_records", sign(2, Action::WithdrawRecords { stream, records: vec![record] })),
        ("admit_holder", sign(2, Action::AdmitHolder { stream, holder: key(13).verifying_key() })),
        ("remove_holder", sign(2, Action::RemoveHolder { stream, holder: key(13).verifying_key() })),
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
        ("pair_source", sign(3, pair(stream))),
        ("append_paired", sign(3, written(stream))),
        ("end_pairing", sign(2, Action::EndPairing { stream, pairing: PAIRING })),
        ("accept_grant", sign(4, Action::AcceptGrant { stream, grant })),
        (
            "renew_grant",
            sign(
                2,
                Action::RenewGrant { stream, grant, hash: Hash32([11; 32]), not_after: NOW.plus(2 * Timestamp::DAY) },
            ),
        ),
        ("revoke_grant", sign(2, Action::RevokeGrant { stream, grant })),
        ("close_stream", sign(2, Action::CloseStream { stream })),
        ("admit_member", expert),
        ("admit_member", other_expert),
    ];
    all.extend(said);
    all.extend(sold(ledger));
    all
}

const PAIRING: PairingId = PairingId([31; 16]);

/// A leave to write, claimed by the garage.
fn pair(stream: StreamId) -> Action {
    let leave = WriteGrant {
        pairing: PAIRING,
        stream,
        claim: key(32).verifying_key(),
        scopes: vec![WriteScope { label: CategoryLabel([8; 8]), days: DayRange::ALL }],
        issued_at: NOW,
        claim_before: NOW.plus(1),
        not_after: NOW.plus(Timestamp::DAY),
    };
    let claim = PairingClaim { pairing: PAIRING, source: key(3).verifying_key() };
    Action::PairSource { stream, grant: key(2).sign(&leave).into(), claim: key(32).sign(&claim).into() }
}

fn written(stream: StreamId) -> Action {
    let entry = LeafEntry {
        record: RecordId([33; 16]),
        label: CategoryLabel([8; 8]),
        day: Day(20_000),
        commitment: Hash32([34; 32]),
    };
    Action::AppendPaired { stream, pairing: PAIRING, entries: vec![entry] }
}

fn sign_by(ledger: Option<Hash32>, signer: u8, action: Action) -> Signed<Transaction> {
    key(signer).sign(&Transaction { ledger, at: NOW, action })
}

/// A car whose passport is attested, declared a wreck, re-opened under a new owner and let back; and a vote.
fn said_of_a_car(ledger: Option<Hash32>, closed: StreamId) -> Vec<(&'static str, Signed<Transaction>)> {
    let sign = |signer: u8, action| sign_by(ledger, signer, action);
    let (one, two) = (StreamId([20; 16]), StreamId([21; 16]));
    let entry = LeafEntry {
        record: RecordId([22; 16]),
        label: CategoryLabel([23; 8]),
        day: Day(20_000),
        commitment: Hash32([24; 32]),
    };
    let sighting = VinSighting { tag: VinTag([25; 32]), record: entry.record, odometer: None };
    let (flag, stolen, proposal) = (FlagId([26; 16]), FlagId([27; 16]), ProposalId([28; 16]));
    let (day, evidence) = (NOW.day(), Hash32([29; 32]));
    let append = |stream| Action::AppendRecords { stream, entries: vec![entry] };
    let declare = Action::DeclareFlag { stream: one, flag, kind: FlagKind::Wreck, day, evidence };
    let theft = Action::DeclareFlag { stream: two, flag: stolen, kind: FlagKind::Theft, day, evidence };
    vec![
        ("publish_vin_key", sign(1, Action::PublishVinKey { key: VinKey([30; 32]) })),
        ("propose", sign(3, Action::ProposeClassIndex { proposal, class: MemberClass::Expert, index: 90 })),
        ("vote", sign(11, Action::VoteClassIndex { proposal, approve: true })),
        ("open_stream", sign(2, Action::OpenStream { stream: one })),
        ("append_records", sign(11, append(one))),
        ("attest_vin", sign(3, Action::AttestVin { stream: one, sighting })),
        ("declare_flag", sign(11, declare)),
        ("open_stream", sign(4, Action::OpenStream { stream: two })),
        ("append_records", sign(4, append(two))),
        ("reopen_passport", sign(12, Action::ReopenPassport { stream: two, previous: one, sighting, evidence })),
        ("report_flag", sign(3, Action::ReportFlag { stream: two, flag, day, evidence })),
        ("lift_flag", sign(12, Action::LiftFlag { stream: two, flag, day, evidence })),
        ("declare_flag", sign(4, theft)),
        ("declare_flag", sign(11, Action::DeclareFlag { stream: closed, flag, kind: FlagKind::Wreck, day, evidence })),
    ]
}

/// An offer taken back, and one accepted.
fn sold(ledger: Option<Hash32>) -> Vec<(&'static str, Signed<Transaction>)> {
    let sign = |signer: u8, action| sign_by(ledger, signer, action);
    let (stream, next, terms) = (StreamId([31; 16]), StreamId([32; 16]), Hash32([33; 32]));
    let offer = |sale| Action::OfferSale {
        stream,
        sale,
        hash: Hash32([34; 32]),
        terms,
        code: carnet_crypto::grant::acceptor_hash(&stream, &sale, &key(35).verifying_key()),
        not_after: NOW.plus(Timestamp::DAY),
    };
    let (first, second) = (GrantId([36; 16]), GrantId([37; 16]));
    let claim = SaleClaim { stream, sale: second, next, owner: key(38).verifying_key() };
    vec![
        ("open_stream", sign(2, Action::OpenStream { stream })),
        ("offer_sale", sign(2, offer(first))),
        ("cancel_sale", sign(2, Action::CancelSale { stream, sale: first })),
        ("offer_sale", sign(2, offer(second))),
        ("accept_sale", sign(38, Action::AcceptSale(carnet_crypto::sale::accept(claim, &key(35), terms, Vec::new())))),
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
    if std::env::var_os("CARNET_WRITE_GOLDEN").is_some() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/transactions.txt");
        std::fs::write(file, &found).unwrap();
    }
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
