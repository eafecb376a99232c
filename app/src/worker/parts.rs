//! The parts of the worker: reading a passport, as by a link, and everything else that a wallet does.

use super::{
    fetch::FetchTransport,
    host::Host,
    platform::{self, Randomness},
    queue::Queue,
    tabs::Tabs,
};
use crate::parts::NotFetched;
use carnet_wallet::{
    Wallet,
    command::{Answer, Command, Notice},
    error::WalletError,
};
use carnet_wallet_indexeddb::IndexedDbStore;
use std::pin::Pin;
use web_sys::DedicatedWorkerGlobalScope;

/// Work under way in a part.
type Work<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// The worker's own task, with what reading takes.
#[cfg_attr(feature = "parts", wasm_split_helpers::wasm_split(reading, fallible))]
pub(super) fn work(
    scope: DedicatedWorkerGlobalScope,
    queue: Queue,
    tabs: Tabs,
) -> Result<Work<'static, ()>, NotFetched> {
    Ok(Box::pin(Host::new(scope, queue, tabs).run()))
}

/// Has [`keep`] fetched, before anything waits for its turn with it.
#[cfg_attr(feature = "parts", wasm_split_helpers::wasm_split(keeping, fallible))]
pub(super) fn keeping() -> Result<(), NotFetched> {
    Ok(())
}

/// [`Wallet::keep_first_screen`].
#[cfg_attr(feature = "parts", wasm_split_helpers::wasm_split(keeping, fallible))]
pub(super) fn keep_first_screen<'a>(
    wallet: &'a mut Wallet<IndexedDbStore, FetchTransport>,
    random: &'a mut Randomness,
) -> Result<Work<'a, Result<(), WalletError>>, NotFetched> {
    Ok(Box::pin(wallet.keep_first_screen(platform::now(), random)))
}

/// A command that keeps something.
#[cfg_attr(feature = "parts", wasm_split_helpers::wasm_split(keeping, fallible))]
pub(super) fn keep<'a>(
    wallet: &'a mut Wallet<IndexedDbStore, FetchTransport>,
    command: Command,
    random: &'a mut Randomness,
    on: &'a mut dyn FnMut(Notice),
) -> Result<Work<'a, Result<Answer, WalletError>>, NotFetched> {
    Ok(Box::pin(wallet.keep(command, platform::now(), random, on)))
}
