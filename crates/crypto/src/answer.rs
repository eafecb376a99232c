//! An owner's answer to a source: the signed payload of a statement, sealed to the member's key.
//!
//! HPKE base mode, label `SEAL_ANSWER` as info; bound to the stream and to the record that is answered.

use crate::{
    error::{KeyError, OpenError},
    hpke, padding,
    sealing::SealingSecret,
};
use carnet_protocol::{
    api::body::SealedAnswer,
    domain::Domain,
    encoding,
    id::{RecordId, StreamId},
    key::SealingKey,
    payload::Payload,
    signed::Signed,
};
use rand_core::CryptoRng;

/// Seals an answer.
///
/// # Errors
/// [`KeyError::WeakPoint`] when nothing can be sealed to the source's key.
pub fn seal_answer(
    answer: &Signed<Payload>,
    source: &SealingKey,
    stream: &StreamId,
    record: &RecordId,
    rng: &mut impl CryptoRng,
) -> Result<SealedAnswer, KeyError> {
    let aad = associated(stream, record);
    let context = hpke::Context { info: Domain::SEAL_ANSWER.as_bytes(), aad: &aad, shared: None };
    let (enc, sealed) = hpke::seal(&padding::pad(&encoding::encode(answer)), source, context, rng)?;
    Ok(SealedAnswer { enc, sealed })
}

/// Opens an answer. Whose it is, the caller judges by its signature.
///
/// # Errors
/// [`OpenError`].
pub fn open_answer(
    answer: &SealedAnswer,
    source: &SealingSecret,
    stream: &StreamId,
    record: &RecordId,
) -> Result<Signed<Payload>, OpenError> {
    let aad = associated(stream, record);
    let context = hpke::Context { info: Domain::SEAL_ANSWER.as_bytes(), aad: &aad, shared: None };
    let plain = hpke::open(&answer.enc, &answer.sealed, source.private(), context)?;
    let range = padding::unpad(&plain)?;
    encoding::decode(&plain[range]).map_err(|_| OpenError)
}

fn associated(stream: &StreamId, record: &RecordId) -> Vec<u8> {
    [Domain::SEAL_ANSWER.as_bytes(), stream.as_bytes().as_slice(), record.as_bytes()].concat()
}
