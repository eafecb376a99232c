use crate::golden;
use carnet_protocol::{
    api::body::{ClassIndices, EventPage, TagHolder},
    day::{Day, Timestamp},
    encoding,
    id::{CategoryLabel, FlagId, GrantId, Hash32, PairingId, ProposalId, RecordId, StreamId, VinTag},
    key::{SealingKey, Signature, VerifyingKey, VinKey},
    ledger::{
        Action, CarStanding, ClassIndex, Flag, FlagKind, GrantState, Leaf, LeafEntry, MemberDirectory, Outcome,
        OwnerChain, OwnerChange, OwnerChangeKind, Proposal, ProposalState, Receipt, Rejection, StandingChange,
        StandingEvent, Statement, StreamHead, StreamStatus, Transaction, VinAttestation, VinSighting,
    },
    member::{Member, MemberClass},
    sale::SaleAcceptance,
    signed::Signed,
    vin::{BlindedVin, EvaluatedVin, TagLookup, VinAnswer, VinProof, VinQuestion},
};

const STREAM: StreamId = StreamId([1; 16]);
const GRANT: GrantId = GrantId([2; 16]);
const AT: Timestamp = Timestamp(1_795_000_000_000);

const FLAG: FlagId = FlagId([16; 16]);
const PROPOSAL: ProposalId = ProposalId([17; 16]);

fn sighting() -> VinSighting {
    VinSighting { tag: VinTag([18; 32]), record: RecordId([7; 16]), odometer: Some(RecordId([19; 16])) }
}

pub fn standing() -> CarStanding {
    let by = VerifyingKey([3; 32]);
    let said = Statement { by, class: Some(MemberClass::Expert), day: Day(20_778), evidence: Hash32([15; 32]), at: AT };
    CarStanding {
        vin: Some(VinAttestation { sighting: sighting(), by, class: MemberClass::Garage, at: AT }),
        flags: vec![
            Flag { flag: FLAG, kind: FlagKind::Wreck, declared: said, report: Some(said) },
            Flag { flag: FLAG, kind: FlagKind::Theft, declared: Statement { class: None, ..said }, report: None },
        ],
        previous: Some(StreamId([14; 16])),
        next: None,
        owners: OwnerChain { before: 1, changes: vec![OwnerChange { at: AT, kind: OwnerChangeKind::Sale }] },
        events: 5,
        history: Hash32([20; 32]),
    }
}

pub fn events() -> Vec<StandingEvent> {
    let (flag, day, evidence) = (FLAG, Day(20_778), Hash32([15; 32]));
    let changes = [
        StandingChange::VinAttested(sighting()),
        StandingChange::Continues { previous: STREAM, evidence },
        StandingChange::ContinuedBy { next: STREAM, evidence },
        StandingChange::Declared { flag, kind: FlagKind::Lien, day, evidence },
        StandingChange::Reported { flag, day, evidence },
        StandingChange::Lifted { flag, kind: FlagKind::Lien, day, evidence },
    ];
    let by = VerifyingKey([3; 32]);
    changes.into_iter().map(|change| StandingEvent { by, class: Some(MemberClass::Bank), at: AT, change }).collect()
}

pub fn class_indices() -> ClassIndices {
    let (class, index) = (MemberClass::Expert, 90);
    let proposal = |state| Proposal {
        proposal: PROPOSAL,
        class,
        index,
        by: VerifyingKey([3; 32]),
        at: AT,
        approvals: 3,
        refusals: 1,
        state,
    };
    ClassIndices {
        indices: vec![ClassIndex { class, index, since: AT, proposal: PROPOSAL }],
        proposals: [ProposalState::Open, ProposalState::Enacted, ProposalState::Refused].map(proposal).to_vec(),
    }
}

#[test]
fn what_is_said_of_cars() {
    golden("car_standing_unknown", &CarStanding::UNKNOWN);
    golden("car_standing", &standing());
    golden("event_page", &EventPage { events: events(), next: Some(5) });
    golden("class_indices", &class_indices());
    golden("vin_question", &VinQuestion { blinded: BlindedVin([21; 32]) });
    golden("vin_answer", &VinAnswer { evaluated: EvaluatedVin([22; 32]), proof: VinProof([23; 64]) });
    golden("tag_lookup", &TagLookup { known: true, open: false, stream: STREAM });
    golden("tag_holder", &TagHolder { stream: STREAM, status: StreamStatus::Open });
}

pub fn member() -> Member {
    Member {
        sign: VerifyingKey([3; 32]),
        seal: SealingKey([4; 32]),
        name: "Demo Insurer".into(),
        class: MemberClass::Insurer,
        base_quality: 70,
    }
}

pub fn signed(action: Action) -> Signed<Transaction> {
    let transaction = Transaction { ledger: None, at: AT, action };
    Signed::from_parts(encoding::encode(&transaction), VerifyingKey([5; 32]), Signature([6; 64]))
}

fn part<T: serde::Serialize>(value: &T) -> Signed<T> {
    Signed::from_parts(encoding::encode(value), VerifyingKey([5; 32]), Signature([6; 64]))
}

pub fn leaf() -> Leaf {
    let source = VerifyingKey([3; 32]);
    Leaf { index: 7, entry: entry(), source, base_quality: 70, at: AT, quarantined: true, withdrawn: false }
}

fn entry() -> LeafEntry {
    LeafEntry { record: RecordId([7; 16]), label: CategoryLabel([8; 8]), day: Day(20_778), commitment: Hash32([9; 32]) }
}

fn acceptance() -> SaleAcceptance {
    SaleAcceptance {
        stream: STREAM,
        sale: GRANT,
        next: StreamId([14; 16]),
        terms: Hash32([21; 32]),
        liens: vec![FLAG],
        code: VerifyingKey([22; 32]),
        claim: Signature([6; 64]),
    }
}

#[test]
fn transactions() {
    let actions = [
        ("genesis", Action::Genesis { name: "Demo".into() }),
        ("admit_member", Action::AdmitMember(member())),
        ("open_stream", Action::OpenStream { stream: STREAM }),
        ("append_records", Action::AppendRecords { stream: STREAM, entries: vec![entry()] }),
        (
            "pair_source",
            Action::PairSource {
                stream: STREAM,
                grant: part(&crate::pairing::grant()).into(),
                claim: part(&crate::pairing::claim()).into(),
            },
        ),
        ("end_pairing", Action::EndPairing { stream: STREAM, pairing: PairingId([3; 16]) }),
        ("append_paired", Action::AppendPaired { stream: STREAM, pairing: PairingId([3; 16]), entries: vec![entry()] }),
        ("withdraw_records", Action::WithdrawRecords { stream: STREAM, records: vec![RecordId([7; 16])] }),
        ("admit_holder", Action::AdmitHolder { stream: STREAM, holder: VerifyingKey([16; 32]) }),
        ("remove_holder", Action::RemoveHolder { stream: STREAM, holder: VerifyingKey([16; 32]) }),
        (
            "issue_grant",
            Action::IssueGrant {
                stream: STREAM,
                grant: GRANT,
                hash: Hash32([9; 32]),
                acceptor: Some(Hash32([10; 32])),
                not_after: AT,
            },
        ),
        ("accept_grant", Action::AcceptGrant { stream: STREAM, grant: GRANT }),
        ("renew_grant", Action::RenewGrant { stream: STREAM, grant: GRANT, hash: Hash32([9; 32]), not_after: AT }),
        ("revoke_grant", Action::RevokeGrant { stream: STREAM, grant: GRANT }),
        ("close_stream", Action::CloseStream { stream: STREAM }),
        (
            "offer_sale",
            Action::OfferSale {
                stream: STREAM,
                sale: GRANT,
                hash: Hash32([9; 32]),
                terms: Hash32([21; 32]),
                code: Hash32([10; 32]),
                not_after: AT,
            },
        ),
        ("cancel_sale", Action::CancelSale { stream: STREAM, sale: GRANT }),
        ("accept_sale", Action::AcceptSale(acceptance())),
        ("publish_vin_key", Action::PublishVinKey { key: VinKey([13; 32]) }),
        (
            "propose_class_index",
            Action::ProposeClassIndex { proposal: PROPOSAL, class: MemberClass::Garage, index: 80 },
        ),
        ("vote_class_index", Action::VoteClassIndex { proposal: PROPOSAL, approve: true }),
        ("attest_vin", Action::AttestVin { stream: STREAM, sighting: sighting() }),
        (
            "reopen_passport",
            Action::ReopenPassport {
                stream: STREAM,
                previous: StreamId([14; 16]),
                sighting: sighting(),
                evidence: Hash32([15; 32]),
            },
        ),
        (
            "declare_flag",
            Action::DeclareFlag {
                stream: STREAM,
                flag: FLAG,
                kind: FlagKind::Wreck,
                day: Day(20_778),
                evidence: Hash32([15; 32]),
            },
        ),
        (
            "report_flag",
            Action::ReportFlag { stream: STREAM, flag: FLAG, day: Day(20_778), evidence: Hash32([15; 32]) },
        ),
        ("lift_flag", Action::LiftFlag { stream: STREAM, flag: FLAG, day: Day(20_778), evidence: Hash32([15; 32]) }),
    ];
    for (name, action) in actions {
        let ledger = Some(Hash32([11; 32]));
        golden(&format!("transaction_{name}"), &Transaction { ledger, at: AT, action });
    }
    let genesis = signed(Action::Genesis { name: "Demo".into() });
    golden("signed_transaction", &genesis);
    golden("member_directory", &MemberDirectory { genesis, admissions: vec![signed(Action::AdmitMember(member()))] });
}

#[test]
fn members_and_streams() {
    golden("member", &member());
    for class in MemberClass::ALL {
        golden(&format!("member_class_{}", format!("{class:?}").to_lowercase()), &class);
    }
    golden("leaf", &leaf());
    let head = StreamHead {
        stream: STREAM,
        owner: VerifyingKey([5; 32]),
        status: StreamStatus::Open,
        leaves: 8,
        opened_at: AT,
    };
    golden("stream_head_open", &head);
    golden("stream_head_closed", &StreamHead { status: StreamStatus::Closed, ..head });
    golden(
        "grant_state",
        &GrantState { hash: Hash32([9; 32]), not_after: AT, accepted_at: Some(AT), revoked_at: None },
    );
}

#[test]
fn receipts() {
    let transaction = Hash32([12; 32]);
    golden("receipt_accepted", &Receipt { transaction, outcome: Outcome::Accepted { sequence: 42 } });
    for rejection in Rejection::ALL {
        let receipt = Receipt { transaction, outcome: Outcome::Rejected(rejection) };
        golden(&format!("receipt_{}", rejection.code()), &receipt);
    }
}
