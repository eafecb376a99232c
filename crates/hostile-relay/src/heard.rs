//! What a relay has answered before.

use crate::{Answer, Asked, is_on};
use std::sync::{Arc, Mutex, PoisonError};

/// A request and the body of its answer.
type Exchange = (Asked, Vec<u8>);

/// Honest answers in order; clones are handles on the same memory.
#[derive(Debug, Clone, Default)]
pub struct Heard {
    exchanges: Arc<Mutex<Vec<Exchange>>>,
    receipts: Arc<Mutex<Vec<String>>>,
}

impl Heard {
    /// Remembers an answer that gave something.
    pub(crate) fn keep(&self, asked: &Asked, answer: &Answer) {
        let mut heard = self.exchanges.lock().unwrap_or_else(PoisonError::into_inner);
        let known = |(before, body): &Exchange| before == asked && *body == answer.body;
        if answer.status == 200 && !heard.iter().any(known) {
            heard.push((asked.clone(), answer.body.clone()));
        }
        if let Some(receipt) = &answer.receipt {
            self.receipts.lock().unwrap_or_else(PoisonError::into_inner).push(receipt.clone());
        }
    }

    /// A genuine receipt for something else.
    pub(crate) fn receipt_but(&self, this: &str) -> Option<String> {
        let receipts = self.receipts.lock().unwrap_or_else(PoisonError::into_inner);
        receipts.iter().find(|receipt| *receipt != this).cloned()
    }

    /// The first answer on a route that passes: the request and the body.
    pub(crate) fn first(&self, route: &str, passes: impl Fn(&Asked, &[u8]) -> bool) -> Option<Vec<u8>> {
        let heard = self.exchanges.lock().unwrap_or_else(PoisonError::into_inner);
        let mut on_route = heard.iter().filter(|(asked, _)| is_on(route, &asked.path));
        on_route.find(|(asked, body)| passes(asked, body)).map(|(_, body)| body.clone())
    }
}
