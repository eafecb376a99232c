//! How a wallet stands while it is closed: what its store says without a key.

use crate::{
    error::WalletError,
    row,
    store::{Store, Table},
    unlocking::Passkey,
    view::{PasskeyView, WalletState, WalletStatus},
};
use carnet_protocol::{day::Timestamp, encoding};
use serde::{Deserialize, Serialize};

/// Minutes without use until a new wallet locks.
const IDLE_LOCK_MINUTES: u16 = 15;

/// Settings that are read before unlocking.
#[derive(Serialize, Deserialize)]
pub(crate) struct Settings {
    pub idle_lock_minutes: u16,
}

/// Whether a store holds a wallet, and what opens it. A front end can ask this before there is a
/// [`Wallet`](crate::Wallet).
///
/// # Errors
/// The store's; [`WalletError::Damaged`] where it holds something else.
pub async fn closed_status<S: Store>(store: &S) -> Result<WalletStatus, WalletError> {
    let state = match store.read(Table::Wallet, row::PASSPHRASE).await? {
        Some(_) => WalletState::Locked,
        None => WalletState::Absent,
    };
    let idle_lock_minutes = match store.read(Table::Wallet, row::SETTINGS).await? {
        None => IDLE_LOCK_MINUTES,
        Some(bytes) => encoding::decode::<Settings>(&bytes).map_err(|_| WalletError::Damaged)?.idle_lock_minutes,
    };
    let passkeys = passkeys(store).await?.iter().map(PasskeyView::from).collect();
    let removed_at = removed_at(store).await?;
    Ok(WalletStatus { state, idle_lock_minutes, passkeys, storage_persistent: None, removed_at })
}

/// Passkeys that open it, oldest first.
///
/// # Errors
/// As above.
pub(crate) async fn passkeys<S: Store>(store: &S) -> Result<Vec<Passkey>, WalletError> {
    match store.read(Table::Wallet, row::PASSKEYS).await? {
        None => Ok(Vec::new()),
        Some(row) => encoding::decode(&row).map_err(|_| WalletError::Damaged),
    }
}

/// When this browser wiped itself, if it did and nothing was put in the wallet's place.
async fn removed_at<S: Store>(store: &S) -> Result<Option<Timestamp>, WalletError> {
    match store.read(Table::Wallet, row::REMOVED).await? {
        None => Ok(None),
        Some(bytes) => {
            bytes.try_into().map(|at| Some(Timestamp(u64::from_be_bytes(at)))).map_err(|_| WalletError::Damaged)
        }
    }
}
