//! How each lie is told.

mod grants;
mod ledger;
mod proofs;
mod receipts;
mod records;

use crate::{Answer, Asked, Heard, Lie};
use carnet_protocol::{
    api::{Problem, ProblemCode},
    encoding,
};
use serde::{Serialize, de::DeserializeOwned};

/// An answer in the place of the honest one; `None` where the lie says nothing to this request.
pub(crate) fn tell(lie: Lie, asked: &Asked, honest: &Answer, heard: &Heard) -> Option<Answer> {
    if let Some(told) = receipts::tell(lie, honest, heard) {
        return Some(told);
    }
    if honest.status != 200 {
        return None;
    }
    if matches!(lie, Lie::LogDenied | Lie::KeyringDenied) {
        return (asked.method != "PUT").then(not_found);
    }
    let (receipt, honest) = (honest.receipt.clone(), &honest.body);
    let body = records::tell(lie, asked, honest, heard)
        .or_else(|| ledger::tell(lie, asked, honest, heard))
        .or_else(|| proofs::tell(lie, asked, honest, heard))
        .or_else(|| grants::tell(lie, asked, honest, heard))?;
    Some(Answer { status: 200, receipt, body })
}

/// Reads an answer, changes it, and writes it again.
fn change<A: Serialize + DeserializeOwned>(
    honest: &[u8],
    change: impl FnOnce(&mut A) -> Option<()>,
) -> Option<Vec<u8>> {
    let mut answer: A = encoding::decode(honest).ok()?;
    change(&mut answer)?;
    Some(encoding::encode(&answer))
}

/// Turns over the last bit of what is sealed.
fn flip(bytes: &mut [u8]) -> Option<()> {
    *bytes.last_mut()? ^= 1;
    Some(())
}

fn not_found() -> Answer {
    let problem = Problem {
        kind: "urn:carnet:problem:not_found".into(),
        title: "Not found".into(),
        status: 404,
        code: ProblemCode::NotFound,
        detail: None,
    };
    Answer { status: 404, receipt: None, body: serde_json::to_vec(&problem).unwrap_or_default() }
}
