//! Work in progress: some requests run, some wait a little, the rest hear 503 at once.

use crate::error::ApiError;
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

/// The bounded queue in front of the handlers.
pub struct Queue {
    running: Arc<Semaphore>,
    waiting: AtomicUsize,
    waiting_max: usize,
    patience: Duration,
}

/// The right to run, given back on drop.
pub struct Slot(#[allow(dead_code)] OwnedSemaphorePermit);

struct Waiting<'a>(&'a AtomicUsize);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Queue {
    /// `running` requests at a time, `waiting_max` more waiting for up to `patience`.
    pub fn new(running: usize, waiting_max: usize, patience: Duration) -> Self {
        Self { running: Arc::new(Semaphore::new(running)), waiting: AtomicUsize::new(0), waiting_max, patience }
    }

    /// Waits for the right to run.
    ///
    /// # Errors
    /// [`ApiError::Busy`] when the queue is full or patience ends.
    pub async fn enter(&self) -> Result<Slot, ApiError> {
        if let Ok(permit) = Arc::clone(&self.running).try_acquire_owned() {
            return Ok(Slot(permit));
        }
        let place = Waiting(&self.waiting);
        if self.waiting.fetch_add(1, Ordering::SeqCst) >= self.waiting_max {
            return Err(ApiError::Busy);
        }
        let permit = timeout(self.patience, Arc::clone(&self.running).acquire_owned()).await;
        drop(place);
        match permit {
            Ok(Ok(permit)) => Ok(Slot(permit)),
            _ => Err(ApiError::Busy),
        }
    }

    /// Requests waiting, for the metrics.
    pub fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[tokio::test]
    async fn who_finds_the_queue_full_is_refused_at_once_and_a_freed_slot_goes_to_who_waits() {
        let queue = Arc::new(Queue::new(1, 1, Duration::from_secs(60)));
        let running = queue.enter().await.unwrap();
        let waiter = tokio::spawn({
            let queue = Arc::clone(&queue);
            async move { queue.enter().await.is_ok() }
        });
        while queue.waiting() == 0 {
            tokio::task::yield_now().await;
        }
        assert_eq!(queue.enter().await.err(), Some(ApiError::Busy));
        drop(running);
        assert!(waiter.await.unwrap());
        assert_eq!(queue.waiting(), 0);
    }

    #[tokio::test]
    async fn patience_ends() {
        let queue = Queue::new(1, 1, Duration::from_millis(1));
        let _running = queue.enter().await.unwrap();
        assert_eq!(queue.enter().await.err(), Some(ApiError::Busy));
    }
}
