//! Sources that write to a car: letting them, what they wrote, and answering it.

mod answer;
mod code;
mod entry;
mod form;
mod said;

pub(crate) use answer::AnswerForm;
pub(crate) use entry::PairingEntry;
pub(crate) use form::PairingForm;
pub(crate) use said::{Correct, CounterSign, SaidList};
