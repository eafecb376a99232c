//! Until there is something to do that takes a wallet: says how it stands, with nothing but the store.

use super::{
    parts, platform, post,
    queue::{Job, Queue},
    tabs::{TabMessage, Tabs},
};
use crate::{
    parts::fetched,
    wallet::message::{FromWorker, ToWorker},
};
use carnet_wallet::closed_status;
use carnet_wallet_indexeddb::{DATABASE, IndexedDbStore};
use web_sys::DedicatedWorkerGlobalScope;

/// Works until the page ends the worker.
pub(super) async fn run(scope: DedicatedWorkerGlobalScope, queue: Queue) {
    let store = IndexedDbStore::new(DATABASE);
    let tabs = Tabs::join(queue.clone());
    let mut visible = true;
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
                match fetched!(parts::work(scope.clone(), queue.clone(), tabs.clone())) {
                    Ok(work) => {
                        let seen = Job::Page(ToWorker::Visible(visible));
                        queue.put_back(vec![seen, Job::Page(ToWorker::Command { id, command })]);
                        drop(store);
                        return work.await;
                    }
                    // The page asks again when the person does.
                    Err(_) => post(&scope, &FromWorker::NotFetched { id }),
                }
            }
            Some(Job::Page(ToWorker::Visible(now))) => visible = now,
            Some(Job::Page(ToWorker::Active)) => tabs.tell(TabMessage::Active),
            // Nothing is open here that could change, lock, or be told of.
            Some(Job::Tab(_) | Job::News { .. } | Job::EventsEnded | Job::Online | Job::Pulse) => {}
            None => queue.filled().await,
        }
    }
}
