//! Sealed keyrings: one version per account, replaced only by who has seen it. Nothing is kept of the version before: it
//! may hold keys that were erased since.

use crate::{
    auth::Proven,
    error::ApiError,
    exchange::{Cbor, Ids},
    relay::App,
    store::Tables,
};
use axum::extract::State;
use carnet_crypto::keyring::verify_keyring;
use carnet_protocol::{
    api::body::{KeyringUpload, Stored, StoredKeyring},
    key::VerifyingKey,
    limits::KEYRING_MAX,
};

/// What an account hears that was erased; its own word for it is there to be read.
const ERASED: ApiError = ApiError::Gone("This wallet was erased.");

/// Stores the next version.
pub async fn store(
    State(app): State<App>,
    Proven(key): Proven,
    Ids(account): Ids<VerifyingKey>,
    Cbor(body): Cbor<KeyringUpload>,
) -> Result<Cbor<Stored>, ApiError> {
    own(account, key)?;
    let KeyringUpload { replaces, keyring } = body;
    if keyring.sealed.len() > KEYRING_MAX {
        return Err(ApiError::TooLarge { max: KEYRING_MAX });
    }
    if Some(keyring.version) != replaces.checked_add(1) {
        return Err(ApiError::BadRequest("A keyring's version is one more than the one it replaces."));
    }
    verify_keyring(&account, keyring.version, &keyring.sealed, &keyring.signature)
        .map_err(|_| ApiError::BadRequest("The keyring's signature is wrong."))?;
    let new = app.store.write(move |tables| replace(tables, account, replaces, &keyring)).await?;
    Ok(Cbor(Stored { new }))
}

/// Compare and swap; the same upload again changes nothing.
fn replace(
    tables: &mut dyn Tables,
    account: VerifyingKey,
    replaces: u64,
    keyring: &StoredKeyring,
) -> Result<u32, ApiError> {
    if tables.keyring_erasure(account)?.is_some() {
        return Err(ERASED);
    }
    let there = tables.keyring(account)?;
    if there.as_ref() == Some(keyring) {
        return Ok(0);
    }
    if there.map_or(0, |stored| stored.version) != replaces {
        return Err(ApiError::Conflict("Another device stored a newer keyring. Read it first."));
    }
    tables.replace_keyring(account, keyring)?;
    tables.scrub();
    Ok(1)
}

/// The newest version.
pub async fn show(
    State(app): State<App>,
    Proven(key): Proven,
    Ids(account): Ids<VerifyingKey>,
) -> Result<Cbor<StoredKeyring>, ApiError> {
    own(account, key)?;
    let keyring = app.store.read(move |tables| match tables.keyring(account)? {
        None if tables.keyring_erasure(account)?.is_some() => Err(ERASED),
        keyring => keyring.ok_or(ApiError::NotFound),
    });
    keyring.await.map(Cbor)
}

pub(super) fn own(account: VerifyingKey, key: VerifyingKey) -> Result<(), ApiError> {
    if account == key { Ok(()) } else { Err(ApiError::Forbidden("A keyring belongs to its account's key.")) }
}
