//! Removing for good: records, a whole stream, a keyring. Each is answered with a statement that the relay signs once the
//! removal is durable and the files are overwritten; asking again is answered again. See `docs/decisions/erasure.md`.

use super::{
    chain, grants,
    keyrings::{NOT_ON_THE_LIST, may},
    records::PAGE,
    shared_records::in_scope,
};
use crate::{
    auth::Proven,
    error::ApiError,
    exchange::{Cbor, Ids},
    relay::{Access, App},
    store::{PageBound, RecordMeta, Tables},
};
use axum::extract::State;
use carnet_crypto::{device::DeviceList, signature::verify};
use carnet_protocol::{
    erasure::{ErasureStatement, Removal, Removed, WalletErasure},
    grant::GrantScope,
    id::{GrantId, StreamId},
    key::VerifyingKey,
    limits::BATCH_MAX,
    signed::Signed,
};

/// Removes records, or everything, of a stream.
pub async fn remove(
    State(app): State<App>,
    Proven(key): Proven,
    Ids(stream): Ids<StreamId>,
    Cbor(removal): Cbor<Removal>,
) -> Result<Cbor<Signed<ErasureStatement>>, ApiError> {
    app.owned(stream, key, Access::Keep).await?;
    if let Removal::Records { records, rewrapped } = &removal
        && (records.is_empty() && rewrapped.is_empty() || records.len().max(rewrapped.len()) > BATCH_MAX)
    {
        return Err(ApiError::BadRequest("There must be 1 to 500 records."));
    }
    let removed = match (chain::handover(&app, stream).await?, removal) {
        (None, removal) => app.store.write(move |tables| carry_out(tables, stream, removal)).await?,
        (Some(sale), Removal::Stream) => {
            let handed_over = grants::known(&app, sale).await?.grant.scopes;
            app.store.write(move |tables| erase_archive(tables, stream, sale, &handed_over)).await?
        }
        // What was handed over at a sale is no more the seller's to remove; the rest goes as a whole.
        (Some(_), Removal::Records { .. }) => return Err(chain::HANDED_OVER),
    };
    app.tell_stream(stream);
    Ok(Cbor(app.state_removal(removed)))
}

fn carry_out(tables: &mut dyn Tables, stream: StreamId, removal: Removal) -> Result<Removed, ApiError> {
    tables.scrub();
    match removal {
        Removal::Stream => {
            tables.erase_stream(stream)?;
            Ok(Removed::Stream(stream))
        }
        Removal::Records { records, rewrapped } => {
            for record in &records {
                tables.delete_record(stream, *record)?;
            }
            for kept in rewrapped {
                tables.keep_only_wrap(stream, kept.record, kept.generation)?;
            }
            Ok(Removed::Records { stream, records })
        }
    }
}

/// Removes what a seller has left of a stream: all records but those that the handover opens, all shares but the handover.
fn erase_archive(
    tables: &mut dyn Tables,
    stream: StreamId,
    sale: GrantId,
    handed_over: &[GrantScope],
) -> Result<Removed, ApiError> {
    tables.scrub();
    let kept = |meta: &RecordMeta| in_scope(handed_over, &meta.header);
    let (names, mut after) = (PageBound { inline: 0, ..PAGE }, 0);
    loop {
        let (page, next) = tables.records(stream, after, names, &|meta| !kept(meta))?;
        for row in page {
            tables.delete_record(stream, row.meta.header.record)?;
        }
        match next {
            Some(next) => after = next,
            None => break,
        }
    }
    tables.erase_sharing(stream, sale)?;
    Ok(Removed::Archive(stream))
}

/// Puts a wallet's word that it is erased in the place of its keyring.
pub async fn erase_keyring(
    State(app): State<App>,
    Proven(key): Proven,
    Ids(account): Ids<VerifyingKey>,
    Cbor(signed): Cbor<Signed<WalletErasure>>,
) -> Result<Cbor<Signed<ErasureStatement>>, ApiError> {
    let (_, list) = word_of(account, &signed)?;
    if signed.key != key {
        return Err(NOT_ON_THE_LIST);
    }
    let erase = move |tables: &mut dyn Tables| {
        // A list of its own making is nobody's who is not on the one that is there.
        if tables.keyring(account)?.is_some_and(|stored| !list.continues(&stored.devices)) {
            return Err(NOT_ON_THE_LIST);
        }
        tables.scrub();
        Ok(tables.erase_keyring(account, &signed)?)
    };
    app.store.write(erase).await?;
    Ok(Cbor(app.state_removal(Removed::Keyring(account))))
}

/// A wallet's word that it is erased, for its other devices.
pub async fn show_erasure(
    State(app): State<App>,
    Proven(key): Proven,
    Ids(account): Ids<VerifyingKey>,
) -> Result<Cbor<Signed<WalletErasure>>, ApiError> {
    let word = app.store.read(move |tables| tables.keyring_erasure(account)).await.map_err(ApiError::from)?;
    let Some(word) = word else { return Err(ApiError::NotFound) };
    let (_, list) = word_of(account, &word)?;
    if key != account && list.device(key).is_none() {
        return Err(NOT_ON_THE_LIST);
    }
    Ok(Cbor(word))
}

/// Checks a word: by the account, or by a device on the list that it carries.
fn word_of(account: VerifyingKey, signed: &Signed<WalletErasure>) -> Result<(WalletErasure, DeviceList), ApiError> {
    let word = verify(signed).map_err(|_| ApiError::BadRequest("The signature is wrong."))?;
    if word.account != account {
        return Err(ApiError::BadRequest("It is the word of another account."));
    }
    let list = DeviceList::verify(account, word.devices.clone())
        .map_err(|_| ApiError::BadRequest("The device list does not hold."))?;
    may(&list, signed.key)?;
    Ok((word, list))
}
