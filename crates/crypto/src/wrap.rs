//! Wraps of content keys. Format: `docs/formats/wrap.md`.
//!
//! A wrap is bound to its record's header (by hash), to its generation and to its kind: taken elsewhere it does not
//! open.

use crate::{
    aead::{Cipher, Sealed, open_each_in_place, random_nonce},
    error::{KeyError, OpenError},
    header::BoundHeader,
    hpke,
    record::ContentKey,
    sealing::SealingSecret,
    secret::Secret,
    tree::{DayKey, DayKeys},
};
use carnet_protocol::{
    Blob,
    domain::Domain,
    key::{AeadNonce, SealingKey},
    record::{RecordHeader, RecordWrap, WrappedKey},
};
use rand_core::CryptoRng;
use zeroize::Zeroizing;

/// Wraps under the symmetric key of the record's day: what owners make.
pub fn wrap_day(
    content: &ContentKey,
    day: &DayKey,
    header: &RecordHeader,
    generation: u16,
    rng: &mut impl CryptoRng,
) -> RecordWrap {
    let nonce = random_nonce(rng);
    let aad = associated(Domain::WRAP_DAY, &BoundHeader::new(header), generation);
    let sealed = Cipher::new(day.secret().expose()).seal(&nonce.0, &aad, content.secret().expose());
    RecordWrap { record: header.record, generation, key: WrappedKey::Day { nonce, sealed: Blob(sealed) } }
}

/// Wraps to the public seal key of the record's day: what sources make.
///
/// # Errors
/// [`KeyError::WeakPoint`] when nothing can be sealed to `day`.
pub fn wrap_day_seal(
    content: &ContentKey,
    day: &SealingKey,
    header: &RecordHeader,
    generation: u16,
    rng: &mut impl CryptoRng,
) -> Result<RecordWrap, KeyError> {
    let (enc, sealed) = seal_to(Domain::WRAP_DAY_SEAL, content, day, header, generation, rng)?;
    Ok(RecordWrap { record: header.record, generation, key: WrappedKey::DaySeal { enc, sealed } })
}

/// Wraps to the stream's inbox key: what a source makes that has no day seal key.
///
/// # Errors
/// [`KeyError::WeakPoint`] when nothing can be sealed to `inbox`.
pub fn wrap_inbox(
    content: &ContentKey,
    inbox: &SealingKey,
    header: &RecordHeader,
    generation: u16,
    rng: &mut impl CryptoRng,
) -> Result<RecordWrap, KeyError> {
    let (enc, sealed) = seal_to(Domain::WRAP_INBOX, content, inbox, header, generation, rng)?;
    Ok(RecordWrap { record: header.record, generation, key: WrappedKey::Inbox { enc, sealed } })
}

/// Unwraps with the keys of the record's day, whether an owner or a source made the wrap.
///
/// # Errors
/// [`OpenError`], also for inbox wraps and for keys of another day.
pub fn unwrap_day(wrap: &RecordWrap, keys: &DayKeys, header: &RecordHeader) -> Result<ContentKey, OpenError> {
    unwrap_day_bound(wrap, keys, &BoundHeader::new(header))
}

/// [`unwrap_day`] for callers that go on to open the body with the same header.
///
/// # Errors
/// As [`unwrap_day`].
pub fn unwrap_day_bound(wrap: &RecordWrap, keys: &DayKeys, header: &BoundHeader<'_>) -> Result<ContentKey, OpenError> {
    if wrap.record != header.header().record || keys.day != header.header().day {
        return Err(OpenError);
    }
    match &wrap.key {
        WrappedKey::Day { nonce, sealed } => {
            let aad = associated(Domain::WRAP_DAY, header, wrap.generation);
            let (text, tag) = sealed.split_first_chunk::<32>().ok_or(OpenError)?;
            let mut content = Secret::filled_by(|out| *out = *text);
            let cipher = Cipher::new(keys.wrap.secret().expose());
            cipher.open_in_place(&nonce.0, &aad, content.expose_mut(), tag)?;
            Ok(ContentKey::from_secret(content))
        }
        WrappedKey::DaySeal { enc, sealed } => {
            let aad = associated(Domain::WRAP_DAY_SEAL, header, wrap.generation);
            let context = hpke::Context { info: Domain::WRAP_DAY_SEAL.as_bytes(), aad: &aad, shared: None };
            content_key(hpke::open(enc, sealed, &keys.seal.private(), context)?)
        }
        WrappedKey::Inbox { .. } => Err(OpenError),
    }
}

/// [`unwrap_day_bound`] of each.
pub fn unwrap_days(wraps: &[(&RecordWrap, &DayKeys, &BoundHeader<'_>)]) -> Vec<Result<ContentKey, OpenError>> {
    let mut together: Vec<Option<(Secret<32>, Vec<u8>)>> = wraps
        .iter()
        .map(|(wrap, keys, header)| {
            let (_, text, _) = symmetric(wrap, keys, header)?;
            let content = Secret::filled_by(|out| *out = *text);
            Some((content, associated(Domain::WRAP_DAY, header, wrap.generation)))
        })
        .collect();
    let mut messages: Vec<Sealed<'_>> = Vec::with_capacity(wraps.len());
    for ((wrap, keys, header), one) in wraps.iter().zip(&mut together) {
        if let (Some((nonce, _, tag)), Some((content, aad))) = (symmetric(wrap, keys, header), one) {
            let (key, text) = (keys.wrap.secret().expose(), content.expose_mut().as_mut_slice());
            messages.push(Sealed { key, nonce: nonce.0, aad, text, tag });
        }
    }
    let mut outcomes = open_each_in_place(&mut messages).into_iter();
    let unwrapped = wraps.iter().zip(together).map(|((wrap, keys, header), one)| match one {
        Some((content, _)) => outcomes.next().unwrap_or(Err(OpenError)).map(|()| ContentKey::from_secret(content)),
        None => unwrap_day_bound(wrap, keys, header),
    });
    unwrapped.collect()
}

/// Nonce, text and tag of a wrap under the symmetric key of this very day, for this very record.
fn symmetric<'w>(
    wrap: &'w RecordWrap,
    keys: &DayKeys,
    header: &BoundHeader<'_>,
) -> Option<(&'w AeadNonce, &'w [u8; 32], &'w [u8])> {
    let WrappedKey::Day { nonce, sealed } = &wrap.key else { return None };
    let (text, tag) = sealed.split_first_chunk::<32>()?;
    (wrap.record == header.header().record && keys.day == header.header().day).then_some((nonce, text, tag))
}

/// Unwraps what a source sealed to the stream's inbox key.
///
/// # Errors
/// [`OpenError`], also for wraps of other kinds.
pub fn unwrap_inbox(wrap: &RecordWrap, inbox: &SealingSecret, header: &RecordHeader) -> Result<ContentKey, OpenError> {
    let WrappedKey::Inbox { enc, sealed } = &wrap.key else { return Err(OpenError) };
    if wrap.record != header.record {
        return Err(OpenError);
    }
    let aad = associated(Domain::WRAP_INBOX, &BoundHeader::new(header), wrap.generation);
    let context = hpke::Context { info: Domain::WRAP_INBOX.as_bytes(), aad: &aad, shared: None };
    content_key(hpke::open(enc, sealed, inbox.private(), context)?)
}

fn seal_to(
    domain: Domain,
    content: &ContentKey,
    to: &SealingKey,
    header: &RecordHeader,
    generation: u16,
    rng: &mut impl CryptoRng,
) -> Result<(carnet_protocol::key::EncappedKey, Blob), KeyError> {
    let aad = associated(domain, &BoundHeader::new(header), generation);
    let context = hpke::Context { info: domain.as_bytes(), aad: &aad, shared: None };
    hpke::seal(content.secret().expose(), to, context, rng)
}

/// Associated data: label, header hash, generation (2 bytes, big-endian).
fn associated(domain: Domain, header: &BoundHeader<'_>, generation: u16) -> Vec<u8> {
    [domain.as_bytes(), header.hash().as_bytes(), &generation.to_be_bytes()].concat()
}

fn content_key(bytes: Vec<u8>) -> Result<ContentKey, OpenError> {
    let bytes = Zeroizing::new(bytes);
    Secret::from_slice(&bytes).map(ContentKey::from_secret).map_err(|_| OpenError)
}
