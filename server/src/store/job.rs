//! Jobs: closures on the tables together with whom to answer.

use super::{StoreError, Tables};
use tokio::sync::oneshot;

/// A read.
pub trait ReadJob: Send {
    /// Runs it and answers.
    fn run(self: Box<Self>, tables: &dyn Tables);
}

/// Whether what a write did may stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Commit it.
    Keep,
    /// Undo it; the job refused.
    Undo,
}

/// A write, in two steps, so that many can share one commit and none is answered before it.
pub trait WriteJob: Send {
    /// Works on the tables.
    fn run(&mut self, tables: &mut dyn Tables) -> Verdict;
    /// Answers, once the outcome of the commit is known.
    fn settle(self: Box<Self>, commit: Result<(), StoreError>);
}

struct Reading<F, T, E> {
    job: F,
    answer: oneshot::Sender<Result<T, E>>,
}

impl<F, T, E> ReadJob for Reading<F, T, E>
where
    F: FnOnce(&dyn Tables) -> Result<T, E> + Send,
    T: Send,
    E: Send,
{
    fn run(self: Box<Self>, tables: &dyn Tables) {
        // A caller who went away needs no answer.
        let _ = self.answer.send((self.job)(tables));
    }
}

/// A read that answers through a channel.
pub(super) fn reading<F, T, E>(job: F, answer: oneshot::Sender<Result<T, E>>) -> Box<dyn ReadJob>
where
    F: FnOnce(&dyn Tables) -> Result<T, E> + Send + 'static,
    T: Send + 'static,
    E: Send + 'static,
{
    Box::new(Reading { job, answer })
}

struct Writing<F, T, E> {
    job: Option<F>,
    outcome: Option<Result<T, E>>,
    answer: oneshot::Sender<Result<T, E>>,
}

impl<F, T, E> WriteJob for Writing<F, T, E>
where
    F: FnOnce(&mut dyn Tables) -> Result<T, E> + Send,
    T: Send,
    E: From<StoreError> + Send,
{
    fn run(&mut self, tables: &mut dyn Tables) -> Verdict {
        let Some(job) = self.job.take() else { return Verdict::Undo };
        let outcome = job(tables);
        let verdict = if outcome.is_ok() { Verdict::Keep } else { Verdict::Undo };
        self.outcome = Some(outcome);
        verdict
    }

    fn settle(self: Box<Self>, commit: Result<(), StoreError>) {
        let outcome = match (commit, self.outcome) {
            // A refusal stands whatever became of the commit: it had no effect.
            (_, Some(Err(refusal))) => Err(refusal),
            (Ok(()), Some(outcome)) => outcome,
            (Ok(()), None) => Err(E::from(StoreError::Closed)),
            (Err(error), _) => Err(E::from(error)),
        };
        let _ = self.answer.send(outcome);
    }
}

/// A write that answers through a channel.
pub(super) fn writing<F, T, E>(job: F, answer: oneshot::Sender<Result<T, E>>) -> Box<dyn WriteJob>
where
    F: FnOnce(&mut dyn Tables) -> Result<T, E> + Send + 'static,
    T: Send + 'static,
    E: From<StoreError> + Send + 'static,
{
    Box::new(Writing { job: Some(job), outcome: None, answer })
}
