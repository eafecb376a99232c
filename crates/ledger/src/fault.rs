//! What can go wrong besides a refusal.

use carnet_protocol::ledger::Rejection;

/// The state cannot be used. Nothing about the transaction is decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Fault<E> {
    /// The host cannot read or write.
    #[error("the ledger's state cannot be read or written")]
    Host(#[source] E),
    /// A stored value is not what these rules write.
    #[error("the ledger's state is damaged: a stored {0} cannot be read")]
    Damaged(&'static str),
}

/// Why a transaction was not applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ApplyError<E> {
    /// The rules refuse it; nothing changed.
    #[error(transparent)]
    Rejected(Rejection),
    /// The state failed. A host gives up everything it has written for this transaction.
    #[error(transparent)]
    Fault(Fault<E>),
}

impl<E> From<Rejection> for ApplyError<E> {
    fn from(rejection: Rejection) -> Self {
        ApplyError::Rejected(rejection)
    }
}

impl<E> From<Fault<E>> for ApplyError<E> {
    fn from(fault: Fault<E>) -> Self {
        ApplyError::Fault(fault)
    }
}
