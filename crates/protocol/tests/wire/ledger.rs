use crate::golden;
use carnet_protocol::{
    day::{Day, Timestamp},
    encoding,
    id::{CategoryLabel, GrantId, Hash32, RecordId, StreamId},
    key::{SealingKey, Signature, VerifyingKey},
    ledger::{
        Action, GrantState, Leaf, LeafEntry, MemberDirectory, Outcome, Receipt, Rejection, StreamHead, StreamStatus,
        Transaction,
    },
    member::{Member, MemberClass},
    signed::Signed,
};

const STREAM: StreamId = StreamId([1; 16]);
const GRANT: GrantId = GrantId([2; 16]);
const AT: Timestamp = Timestamp(1_795_000_000_000);

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

pub fn leaf() -> Leaf {
    Leaf { index: 7, entry: entry(), source: VerifyingKey([3; 32]), base_quality: 70, at: AT, withdrawn: false }
}

fn entry() -> LeafEntry {
    LeafEntry { record: RecordId([7; 16]), label: CategoryLabel([8; 8]), day: Day(20_778), commitment: Hash32([9; 32]) }
}

#[test]
fn transactions() {
    let actions = [
        ("genesis", Action::Genesis { name: "Demo".into() }),
        ("admit_member", Action::AdmitMember(member())),
        ("open_stream", Action::OpenStream { stream: STREAM }),
        ("append_records", Action::AppendRecords { stream: STREAM, entries: vec![entry()] }),
        ("withdraw_records", Action::WithdrawRecords { stream: STREAM, records: vec![RecordId([7; 16])] }),
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
        ("revoke_grant", Action::RevokeGrant { stream: STREAM, grant: GRANT }),
        ("close_stream", Action::CloseStream { stream: STREAM }),
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
