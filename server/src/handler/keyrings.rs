//! Sealed keyrings: one version per account, replaced only by who has seen it, and read only by the account's words and the
//! devices on its list. Nothing is kept of the version before: it may hold keys that were erased since.

use crate::{
    auth::Proven,
    error::ApiError,
    exchange::{Cbor, Ids},
    relay::App,
    store::Tables,
};
use axum::extract::State;
use carnet_crypto::{device::DeviceList, keyring::verify_keyring};
use carnet_protocol::{
    api::body::{DeviceRegister, KeyringUpload, Stored, StoredKeyring},
    day::Timestamp,
    key::VerifyingKey,
    limits::KEYRING_MAX,
};

/// What an account hears that was erased; its own word for it is there to be read.
const ERASED: ApiError = ApiError::Gone("This wallet was erased.");

/// How exactly it is noted when a device asked last: not one write for each read.
const SEEN_STEP_MS: u64 = 10 * 60 * Timestamp::SECOND;

pub(super) const NOT_ON_THE_LIST: ApiError =
    ApiError::Forbidden("A keyring belongs to its account and the devices on its list.");

/// Stores the next version.
pub async fn store(
    State(app): State<App>,
    Proven(key): Proven,
    Ids(account): Ids<VerifyingKey>,
    Cbor(body): Cbor<KeyringUpload>,
) -> Result<Cbor<Stored>, ApiError> {
    let KeyringUpload { replaces, keyring } = body;
    if keyring.sealed.len() > KEYRING_MAX {
        return Err(ApiError::TooLarge { max: KEYRING_MAX });
    }
    if Some(keyring.version) != replaces.checked_add(1) {
        return Err(ApiError::BadRequest("A keyring's version is one more than the one it replaces."));
    }
    let now = app.clock.now();
    let new = app.store.write(move |tables| replace(tables, account, key, replaces, &keyring, now)).await?;
    Ok(Cbor(Stored { new }))
}

/// Compare and swap; the same upload again changes nothing. A list of devices is only ever continued, by who is on the
/// one that is there.
fn replace(
    tables: &mut dyn Tables,
    account: VerifyingKey,
    key: VerifyingKey,
    replaces: u64,
    keyring: &StoredKeyring,
    now: Timestamp,
) -> Result<u32, ApiError> {
    heed_erasure(tables, account)?;
    let there = tables.keyring(account)?;
    if let Some(stored) = &there {
        may(&list(account, stored)?, key)?;
    }
    if there.as_ref() == Some(keyring) {
        return Ok(0);
    }
    let next = DeviceList::verify(account, keyring.devices.clone())
        .map_err(|_| ApiError::BadRequest("The device list does not hold."))?;
    if there.is_none() {
        may(&next, key)?;
    }
    if there.as_ref().map_or(0, |stored| stored.version) != replaces {
        return Err(ApiError::Conflict("Another device stored a newer keyring. Read it first."));
    }
    if !there.is_none_or(|stored| next.continues(&stored.devices)) {
        return Err(ApiError::BadRequest("The device list does not continue the one before."));
    }
    verify_keyring(&next, keyring).map_err(|_| ApiError::BadRequest("The keyring's signature is wrong."))?;
    tables.replace_keyring(account, keyring)?;
    tables.scrub();
    note_seen(tables, account, key, now)?;
    Ok(1)
}

/// The newest version.
pub async fn show(
    State(app): State<App>,
    Proven(key): Proven,
    Ids(account): Ids<VerifyingKey>,
) -> Result<Cbor<StoredKeyring>, ApiError> {
    let now = app.clock.now();
    let (keyring, stale) = app
        .store
        .read(move |tables| {
            heed_erasure(tables, account)?;
            let keyring = stored(tables, account, key)?;
            may(&list(account, &keyring)?, key)?;
            let seen = tables.device_seen(account, key)?;
            Ok::<_, ApiError>((keyring, seen.is_none_or(|at| at.plus(SEEN_STEP_MS) <= now)))
        })
        .await?;
    if stale && key != account {
        app.store.write(move |tables| note_seen(tables, account, key, now)).await?;
    }
    Ok(Cbor(keyring))
}

/// The devices, also for one that was removed: so it learns of it from the entry that says so. Who is not on the list is
/// shown an empty one, as if there were no such account: a new device asks until it has been added.
pub async fn devices(
    State(app): State<App>,
    Proven(key): Proven,
    Ids(account): Ids<VerifyingKey>,
) -> Result<Cbor<DeviceRegister>, ApiError> {
    let register = app
        .store
        .read(move |tables| {
            heed_erasure(tables, account)?;
            let keyring = match tables.keyring(account)? {
                None if key == account => return Err(ApiError::NotFound),
                Some(keyring) if key == account || list(account, &keyring)?.device(key).is_some() => keyring,
                _ => return Ok(DeviceRegister { devices: Vec::new(), seen: Vec::new() }),
            };
            Ok(DeviceRegister { devices: keyring.devices, seen: tables.devices_seen(account)? })
        })
        .await?;
    Ok(Cbor(register))
}

fn heed_erasure(tables: &dyn Tables, account: VerifyingKey) -> Result<(), ApiError> {
    if tables.keyring_erasure(account)?.is_some() { Err(ERASED) } else { Ok(()) }
}

/// The keyring of an account. That there is none is for its own key to know.
fn stored(tables: &dyn Tables, account: VerifyingKey, key: VerifyingKey) -> Result<StoredKeyring, ApiError> {
    tables.keyring(account)?.ok_or(if key == account { ApiError::NotFound } else { NOT_ON_THE_LIST })
}

/// The list in a keyring that was checked when it was stored.
fn list(account: VerifyingKey, stored: &StoredKeyring) -> Result<DeviceList, ApiError> {
    DeviceList::verify(account, stored.devices.clone()).map_err(|_| ApiError::Internal)
}

pub(super) fn may(list: &DeviceList, key: VerifyingKey) -> Result<(), ApiError> {
    if list.account() == key || list.is_active(key) { Ok(()) } else { Err(NOT_ON_THE_LIST) }
}

fn note_seen(
    tables: &mut dyn Tables,
    account: VerifyingKey,
    device: VerifyingKey,
    now: Timestamp,
) -> Result<(), ApiError> {
    if device != account {
        tables.set_device_seen(account, device, now)?;
    }
    Ok(())
}
