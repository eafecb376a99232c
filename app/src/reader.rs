//! Reading another's car: opening a share link without a wallet, keeping its passport in one.

mod address;
mod keep;
mod opening;
mod passport;
mod paste;
mod pin;
mod saved;

pub(crate) use address::arrivals;
pub(crate) use keep::UnlockFirst;
pub(crate) use opening::{Opening, Step};
pub(crate) use passport::{GrantedPassport, LinkPassport};
pub(crate) use paste::PasteLink;
pub(crate) use pin::PinForm;
pub(crate) use saved::SavedEntry;

use std::str::FromStr;

use carnet_protocol::id::GrantId;
use leptos::prelude::*;

use crate::router::id_param;

/// The grant that the address names.
pub(crate) fn grant_param() -> Memo<Option<GrantId>> {
    let id = id_param();
    Memo::new(move |_| id.get().and_then(|id| GrantId::from_str(&id).ok()))
}
