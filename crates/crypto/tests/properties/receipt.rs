use carnet_crypto::{
    note::NoteKey,
    receipt::{Exchange, ReceiptError, body_hash, check_receipt, sign_receipt, verify_kept},
    secret::Secret,
};
use carnet_protocol::day::Timestamp;

const NOW: Timestamp = Timestamp(1_700_000_000_000);

fn exchange() -> Exchange<'static> {
    Exchange {
        method: "POST",
        path: "/v1/x?after=3",
        authorization: "Carnet-Key abc",
        body: body_hash(b"body"),
        status: 200,
        answer: b"answer",
    }
}

fn key(seed: u8) -> NoteKey {
    NoteKey::from_seed(&Secret::from_slice(&[seed; 32]).unwrap())
}

#[test]
fn a_receipt_is_good_for_its_own_request_and_answer_alone() {
    let log = key(1);
    let header = sign_receipt(&log, &exchange(), NOW);
    let logs = [key(2).verifying_key(), log.verifying_key()];
    let kept = check_receipt(&header, &exchange(), &logs).unwrap();
    assert_eq!((kept.claim.at, kept.log), (NOW, log.verifying_key()));
    assert_eq!(verify_kept(&kept), Ok(()));
    for other in [
        Exchange { method: "PUT", ..exchange() },
        Exchange { path: "/v1/x", ..exchange() },
        Exchange { authorization: "", ..exchange() },
        Exchange { authorization: "Carnet-Key abd", ..exchange() },
        Exchange { body: body_hash(b"bodies"), ..exchange() },
        Exchange { status: 201, ..exchange() },
        Exchange { answer: b"", ..exchange() },
        Exchange { body: body_hash(b"answer"), answer: b"body", ..exchange() },
    ] {
        assert_eq!(check_receipt(&header, &other, &logs), Err(ReceiptError::Signature), "{other:?}");
    }
    assert_eq!(check_receipt(&header, &exchange(), &logs[..1]), Err(ReceiptError::Signature), "another log");
}

#[test]
fn a_kept_receipt_with_anything_changed_convicts_nobody() {
    let log = key(1);
    let kept = check_receipt(&sign_receipt(&log, &exchange(), NOW), &exchange(), &[log.verifying_key()]).unwrap();
    let mut changed = vec![kept.clone(); 4];
    changed[0].claim.at = NOW.plus(1);
    changed[1].answer.0.push(0);
    changed[2].log = key(2).verifying_key();
    changed[3].claim.status = 404;
    for changed in changed {
        assert_eq!(verify_kept(&changed), Err(ReceiptError::Signature), "{changed:?}");
    }
}

#[test]
fn any_changed_character_of_a_receipt_is_refused() {
    let log = key(1);
    let (header, logs) = (sign_receipt(&log, &exchange(), NOW), [log.verifying_key()]);
    for place in 0..header.len() {
        for replacement in ['A', 'b', '7', '-', '_', '=', '+', ' ', '\u{e9}'] {
            let mut changed: Vec<char> = header.chars().collect();
            if changed[place] == replacement {
                continue;
            }
            changed[place] = replacement;
            let changed: String = changed.into_iter().collect();
            assert!(check_receipt(&changed, &exchange(), &logs).is_err(), "{place} {replacement}");
        }
    }
    for bad in ["", " ", &format!("{header} "), &header[1..], &"A".repeat(100_000)] {
        assert_eq!(check_receipt(bad, &exchange(), &logs), Err(ReceiptError::Malformed), "{bad}");
    }
}
