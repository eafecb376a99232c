//! What the worker has to do, in the order in which it came.

use super::tabs::TabMessage;
use crate::wallet::message::ToWorker;
use std::{
    cell::RefCell,
    collections::VecDeque,
    future::poll_fn,
    rc::Rc,
    task::{Poll, Waker},
};

/// One thing to do.
pub(super) enum Job {
    /// The page says something.
    Page(ToWorker),
    /// Another tab says something.
    Tab(TabMessage),
    /// The relay says that there is something new.
    News {
        /// In the inbox, such as an owner's answer; or it may be anything, since something may have been missed.
        inbox: bool,
    },
    /// An event stream ended for good.
    EventsEnded,
    /// The browser has a connection again.
    Online,
    /// Time went by.
    Pulse,
}

/// The queue. Clones are handles on the same one. Its only busy writer is the page, which waits for answers.
#[derive(Clone, Default)]
pub(super) struct Queue(Rc<RefCell<Inner>>);

#[derive(Default)]
struct Inner {
    jobs: VecDeque<Job>,
    waker: Option<Waker>,
}

impl Queue {
    /// Puts a job behind the others.
    pub(super) fn push(&self, job: Job) {
        let waker = {
            let mut inner = self.0.borrow_mut();
            inner.jobs.push_back(job);
            inner.waker.take()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// Says that time went by. Pulses do not pile up behind a long command.
    pub(super) fn pulse(&self) {
        if !self.0.borrow().jobs.iter().any(|job| matches!(job, Job::Pulse)) {
            self.push(Job::Pulse);
        }
    }

    /// Puts jobs in front of the others, in their order.
    pub(super) fn put_back(&self, jobs: Vec<Job>) {
        let mut inner = self.0.borrow_mut();
        for job in jobs.into_iter().rev() {
            inner.jobs.push_front(job);
        }
    }

    /// The first job, if there is one.
    pub(super) fn take(&self) -> Option<Job> {
        self.0.borrow_mut().jobs.pop_front()
    }

    /// Waits until there is a job.
    pub(super) async fn filled(&self) {
        self.until(|jobs| !jobs.is_empty()).await;
    }

    /// Waits until the page has asked for something.
    pub(super) async fn asked(&self) {
        let asks = |job: &Job| matches!(job, Job::Page(ToWorker::Command { .. } | ToWorker::Status { .. }));
        self.until(|jobs| jobs.iter().any(asks)).await;
    }

    /// One waiter at a time: the worker's only task.
    async fn until(&self, holds: impl Fn(&VecDeque<Job>) -> bool) {
        poll_fn(|context| {
            let mut inner = self.0.borrow_mut();
            if holds(&inner.jobs) {
                return Poll::Ready(());
            }
            inner.waker = Some(context.waker().clone());
            Poll::Pending
        })
        .await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wallet::message::Packed;

    #[test]
    fn jobs_come_in_order_and_pulses_do_not_pile_up() {
        let queue = Queue::default();
        queue.pulse();
        queue.push(Job::Online);
        queue.pulse();
        queue.push(Job::News { inbox: false });
        assert!(matches!(queue.take(), Some(Job::Pulse)));
        assert!(matches!(queue.take(), Some(Job::Online)));
        assert!(matches!(queue.take(), Some(Job::News { .. })));
        assert!(queue.take().is_none());
    }

    #[test]
    fn what_is_put_back_comes_first_and_in_its_order() {
        let queue = Queue::default();
        queue.push(Job::Online);
        queue.put_back(vec![Job::Pulse, Job::EventsEnded]);
        assert!(matches!(queue.take(), Some(Job::Pulse)));
        assert!(matches!(queue.take(), Some(Job::EventsEnded)));
        assert!(matches!(queue.take(), Some(Job::Online)));
    }

    #[test]
    fn a_page_that_only_asks_how_the_wallet_stands_has_asked() {
        let asked = |job| {
            let queue = Queue::default();
            queue.push(job);
            std::pin::pin!(queue.asked()).poll(&mut std::task::Context::from_waker(Waker::noop())).is_ready()
        };
        assert!(asked(Job::Page(ToWorker::Status { id: 1 })));
        assert!(asked(Job::Page(ToWorker::Command { id: 1, command: Packed::new(&()) })));
        assert!(!asked(Job::Page(ToWorker::Active)));
    }
}
