//! Until there is something to do that takes a wallet: says how it stands, with nothing but the store.

use super::{
    parts, platform, post,
    queue::{Job, Queue},
};
use crate::{
    parts::fetched,
    wallet::message::{FromWorker, ToWorker},
};
use carnet_wallet::{closed_status, error::WalletError};
use carnet_wallet_indexeddb::{DATABASE, IndexedDbStore};
use web_sys::DedicatedWorkerGlobalScope;

/// Works until the page ends the worker.
pub(super) async fn run(scope: DedicatedWorkerGlobalScope, queue: Queue) {
    let store = IndexedDbStore::new(DATABASE);
    // What came in meanwhile and is for later.
    let mut later = Vec::new();
    loop {
        match queue.take() {
            Some(Job::Page(ToWorker::Status { id })) => {
                let mut result = closed_status(&store).await;
                if let Ok(status) = &mut result {
                    status.storage_persistent = platform::storage_persistent().await;
                }
                post(&scope, &FromWorker::Status { id, result });
            }
            Some(Job::Page(ToWorker::Command { id, command })) => {
                match fetched!(parts::work(scope.clone(), queue.clone())) {
                    Ok(work) => {
                        later.push(Job::Page(ToWorker::Command { id, command }));
                        queue.put_back(later);
                        return work.await;
                    }
                    // The page asks again when the person does.
                    Err(_) => post(&scope, &FromWorker::Status { id, result: Err(WalletError::Offline) }),
                }
            }
            // Nothing is open that could be left alone for too long.
            Some(Job::Pulse) => {}
            Some(job) => later.push(job),
            None => queue.filled().await,
        }
    }
}
