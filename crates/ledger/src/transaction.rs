//! Transactions on their way to the state: what can be checked without it.

use crate::action;
use carnet_crypto::{hash, signature};
use carnet_protocol::{
    domain::Domain,
    encoding,
    id::Hash32,
    ledger::{Outcome, Receipt, Rejection, Transaction},
    signed::Signed,
};

/// The hash that names a transaction: over the canonical encoding of the signed transaction.
pub fn transaction_hash(signed: &Signed<Transaction>) -> Hash32 {
    hash::digest(Domain::HASH_TRANSACTION, &encoding::encode(signed))
}

/// A transaction whose signature and form are good. What the state has to say about it is open.
///
/// Making one is the expensive part and touches no state, so hosts do it side by side, before they put transactions in
/// order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedTransaction {
    hash: Hash32,
    signed: Signed<Transaction>,
    transaction: Transaction,
}

impl CheckedTransaction {
    /// Verifies the signature and checks what can be checked without the state.
    ///
    /// # Errors
    /// The receipt of the refused transaction: `BadSignature`, `WrongLedger`, `BadList`, `BadField` or `GrantExpired`.
    pub fn check(signed: Signed<Transaction>) -> Result<Self, Receipt> {
        let hash = transaction_hash(&signed);
        match Self::content(&signed) {
            Ok(transaction) => Ok(Self { hash, signed, transaction }),
            Err(rejection) => Err(Receipt { transaction: hash, outcome: Outcome::Rejected(rejection) }),
        }
    }

    fn content(signed: &Signed<Transaction>) -> Result<Transaction, Rejection> {
        let transaction = signature::verify(signed).map_err(|_| Rejection::BadSignature)?;
        action::check_alone(&transaction)?;
        Ok(transaction)
    }

    /// The hash that names it.
    pub fn hash(&self) -> Hash32 {
        self.hash
    }

    /// As it was signed.
    pub fn signed(&self) -> &Signed<Transaction> {
        &self.signed
    }

    /// What it says.
    pub fn transaction(&self) -> &Transaction {
        &self.transaction
    }
}
