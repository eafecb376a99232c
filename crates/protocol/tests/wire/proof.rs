use crate::{
    golden,
    ledger::{member, signed, standing},
};
use carnet_protocol::{
    day::Timestamp,
    id::{Hash32, StreamId},
    key::VerifyingKey,
    ledger::{Action, CarStanding, MemberDirectory, StreamStatus},
    proof::{
        Bundle, CheckpointProof, CheckpointRequest, Committed, CommittedHead, ConsistencyProof, ConsistencyRequest,
        CosignAnswer, CosignRequest, DirectoryProof, MapEntry, MapProof, ProofRequest, StreamProof,
    },
};

const STREAM: StreamId = StreamId([1; 16]);
const AT: Timestamp = Timestamp(1_795_000_000_000);

fn head() -> CommittedHead {
    let committed = |count, root| Committed { count, root: Hash32([root; 32]) };
    CommittedHead {
        stream: STREAM,
        owner: VerifyingKey([5; 32]),
        owner_epoch: 1,
        status: StreamStatus::Open,
        standing: standing(),
        opened_at: AT,
        records: committed(38, 1),
        withdrawn: committed(2, 2),
        grants: committed(3, 3),
        seal_keys: Some(Hash32([4; 32])),
    }
}

fn map() -> MapProof {
    let entry = MapEntry { key: Hash32([6; 32]), value: Hash32([7; 32]) };
    MapProof { entry: Some(entry), siblings: vec![Hash32([8; 32]), Hash32([0; 32])] }
}

fn stream_proof() -> StreamProof {
    let consistency = vec![Hash32([9; 32])];
    StreamProof { checkpoint: "note".into(), consistency, map: map(), head: Some(head()), withdrawn: vec![4, 3] }
}

#[test]
fn heads_and_proofs() {
    golden("committed_head", &head());
    let plain = CommittedHead { standing: CarStanding::UNKNOWN, seal_keys: None, ..head() };
    golden("committed_head_plain", &plain);
    golden("proof_request", &ProofRequest { stream: STREAM, seen: Some(7) });
    golden("stream_proof", &stream_proof());
    let absent = MapProof { entry: None, siblings: Vec::new() };
    golden("stream_proof_absent", &StreamProof { map: absent, head: None, withdrawn: Vec::new(), ..stream_proof() });
    golden("checkpoint_request", &CheckpointRequest { seen: None });
    golden("consistency_request", &ConsistencyRequest { from: 3, to: 9 });
    let (checkpoint, consistency) = (String::from("note"), vec![Hash32([9; 32])]);
    golden("checkpoint_proof", &CheckpointProof { checkpoint: checkpoint.clone(), consistency: consistency.clone() });
    golden("consistency_proof", &ConsistencyProof { hashes: consistency.clone() });
    let genesis = signed(Action::Genesis { name: "Demo".into() });
    let directory = MemberDirectory { genesis, admissions: vec![signed(Action::AdmitMember(member()))] };
    golden("directory_proof", &DirectoryProof { checkpoint, consistency, map: map(), directory });
    let (policy, leaves) = (String::from("policy"), vec![Hash32([1; 32])]);
    let bundle = Bundle { version: 1, made_at: AT, policy, stream: STREAM, proof: stream_proof(), leaves };
    golden("bundle", &bundle);
}

#[test]
fn cosigning() {
    let transactions = vec![signed(Action::OpenStream { stream: STREAM })];
    let consistency = vec![Hash32([9; 32])];
    golden("cosign_request", &CosignRequest { from: 4, transactions, checkpoint: "note".into(), consistency });
    golden("cosign_answer_cosigned", &CosignAnswer::Cosigned { line: "— a b".into() });
    golden("cosign_answer_more", &CosignAnswer::More { size: 5 });
    golden("cosign_answer_elsewhere", &CosignAnswer::Elsewhere { size: 6 });
}
