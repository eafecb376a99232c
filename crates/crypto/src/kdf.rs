//! Key derivation: HKDF-Expand for uniform secrets, Argon2id for what people remember.

use crate::{
    lanes::{self, LANES, WORTHWHILE},
    normal::{Form, normal},
    secret::Secret,
};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use carnet_protocol::{domain::Domain, link::Argon2Params};
use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::Zeroizing;

/// The default cost: 64 MiB, 3 passes, 1 lane (RFC 9106's second recommendation with one lane, since a browser's
/// worker has one thread).
pub const fn argon2_default() -> Argon2Params {
    Argon2Params { memory_kib: 64 * 1024, passes: 3, lanes: 1 }
}

/// Below this (OWASP's minimum) a stolen envelope is cheap to guess, so a cost chosen by someone else is refused.
const FLOOR: Argon2Params = Argon2Params { memory_kib: 19 * 1024, passes: 2, lanes: 1 };
/// Above this an envelope made by someone else would only freeze the reader's machine.
const CEILING: Argon2Params = Argon2Params { memory_kib: 1024 * 1024, passes: 10, lanes: 4 };

/// A passphrase or PIN cannot be stretched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KdfError {
    /// Cheaper than the floor of 19 MiB, 2 passes, 1 lane.
    #[error("the key derivation is set too weak ({memory_kib} KiB, {passes} passes): refused")]
    TooWeak {
        /// Memory asked for, in KiB.
        memory_kib: u32,
        /// Passes asked for.
        passes: u32,
    },
    /// Dearer than the ceiling of 1 GiB, 10 passes, 4 lanes.
    #[error("the key derivation asks for too much ({memory_kib} KiB, {passes} passes): refused")]
    TooCostly {
        /// Memory asked for, in KiB.
        memory_kib: u32,
        /// Passes asked for.
        passes: u32,
    },
    /// The machine has not the memory.
    #[error("not enough memory to check the passphrase: close other pages and try again")]
    OutOfMemory,
}

/// HKDF-Expand (RFC 5869) with `prk` as pseudorandom key and the label followed by `context` as info.
pub(crate) fn expand_into(prk: &[u8; 32], domain: Domain, context: &[&[u8]], out: &mut [u8]) {
    let mut info: [&[u8]; 5] = [&[]; 5];
    info[0] = domain.as_bytes();
    info[1..=context.len()].copy_from_slice(context);
    let hkdf = Hkdf::<Sha256>::from_prk(prk).expect("32 bytes are a whole SHA-256 output");
    hkdf.expand_multi_info(&info[..=context.len()], out).expect("every output here is far below 8,160 bytes");
}

/// [`expand_into`], to a secret.
pub(crate) fn expand<const N: usize>(prk: &Secret<32>, domain: Domain, context: &[&[u8]]) -> Secret<N> {
    Secret::filled_by(|out| expand_into(prk.expose(), domain, context, out))
}

/// [`expand`] of each key with its context; the contexts have one length. `N` is a multiple of 32.
pub(crate) fn expand_each<const N: usize>(keys: &[&Secret<32>], domain: Domain, contexts: &[&[u8]]) -> Vec<Secret<N>> {
    let mut out = Vec::with_capacity(keys.len());
    let (mut keys, mut contexts) = (keys, contexts);
    while WORTHWHILE
        && let (Some((four, more)), Some((of_four, further))) =
            (keys.split_first_chunk::<LANES>(), contexts.split_first_chunk::<LANES>())
    {
        let mut secrets: [Secret<N>; LANES] = core::array::from_fn(|_| Secret::filled_by(|_| {}));
        let into = secrets.each_mut().map(Secret::expose_mut);
        lanes::expand(four.map(Secret::expose), domain.as_bytes(), *of_four, into);
        out.extend(secrets);
        (keys, contexts) = (more, further);
    }
    out.extend(keys.iter().zip(contexts).map(|(key, context)| expand(key, domain, &[context])));
    out
}

/// HKDF-Extract (RFC 5869).
pub(crate) fn extract(salt: &[u8], material: &[u8]) -> Secret<32> {
    let (mut prk, _) = Hkdf::<Sha256>::extract(Some(salt), material);
    let secret = Secret::filled_by(|out| out.copy_from_slice(&prk));
    zeroize::Zeroize::zeroize(prk.as_mut_slice());
    secret
}

/// Refuses a cost below the floor or above the ceiling, whoever chose it.
pub(crate) fn check_cost(cost: Argon2Params) -> Result<(), KdfError> {
    let Argon2Params { memory_kib, passes, lanes } = cost;
    if memory_kib < FLOOR.memory_kib || passes < FLOOR.passes || lanes < FLOOR.lanes {
        return Err(KdfError::TooWeak { memory_kib, passes });
    }
    if memory_kib > CEILING.memory_kib || passes > CEILING.passes || lanes > CEILING.lanes {
        return Err(KdfError::TooCostly { memory_kib, passes });
    }
    Ok(())
}

/// Argon2id (RFC 9106, version 0x13) over the NFC form of `text`, so that the same characters typed on another
/// machine give the same bytes.
pub(crate) fn stretch(text: &str, salt: &[u8; 16], cost: Argon2Params) -> Result<Secret<32>, KdfError> {
    check_cost(cost)?;
    let normal = normal(text, Form::Nfc);
    let params = Params::new(cost.memory_kib, cost.passes, cost.lanes, Some(32)).expect("within Argon2's own bounds");
    let blocks = params.block_count();
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let mut memory = Zeroizing::new(Vec::new());
    memory.try_reserve_exact(blocks).map_err(|_| KdfError::OutOfMemory)?;
    memory.resize(blocks, Block::new());
    Ok(Secret::filled_by(|out: &mut [u8; 32]| {
        argon2
            .hash_password_into_with_memory(normal.as_bytes(), salt, out, memory.as_mut_slice())
            .expect("salt, output and memory have the lengths that the cost asks for");
    }))
}

#[cfg(test)]
mod tests;
