//! Lies about what was done.

use crate::{Answer, Heard, Lie};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use carnet_protocol::{
    api::{
        body::{Receipts, Stored},
        receipt::ReceiptProof,
    },
    encoding,
    ledger::Outcome,
};

pub(super) fn tell(lie: Lie, honest: &Answer, heard: &Heard) -> Option<Answer> {
    let receipt = honest.receipt.as_ref()?;
    match lie {
        Lie::ReceiptForged => {
            let mut proof: ReceiptProof = encoding::decode(&URL_SAFE_NO_PAD.decode(receipt).ok()?).ok()?;
            proof.signature.0[40] ^= 1;
            let forged = URL_SAFE_NO_PAD.encode(encoding::encode(&proof));
            Some(Answer { receipt: Some(forged), ..honest.clone() })
        }
        Lie::ReceiptWithheld => Some(Answer { receipt: None, ..honest.clone() }),
        Lie::ReceiptReplayed => Some(Answer { receipt: Some(heard.receipt_but(receipt)?), ..honest.clone() }),
        Lie::OutcomeForged => {
            let body = forged_outcome(&honest.body)?;
            Some(Answer { status: 200, body, ..honest.clone() })
        }
        _ => None,
    }
}

/// An answer that promises more than was signed: a later place on the ledger, or more records stored.
fn forged_outcome(body: &[u8]) -> Option<Vec<u8>> {
    if let Ok(mut receipts) = encoding::decode::<Receipts>(body) {
        for receipt in &mut receipts.receipts {
            receipt.outcome = Outcome::Accepted { sequence: 1 << 40 };
        }
        return Some(encoding::encode(&receipts));
    }
    let stored: Stored = encoding::decode(body).ok()?;
    Some(encoding::encode(&Stored { new: stored.new + 1 }))
}
