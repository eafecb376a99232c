//! Names the key under which the consortium turns VINs into tags. Signed by the authority, once: under another key every
//! car would have another tag, and nothing would stick to it.

use super::{Context, Rule};
use crate::{
    fault::{ApplyError, Fault},
    state::{ReadState, State},
    stored,
};
use carnet_protocol::{
    day::Timestamp,
    encoding,
    key::VinKey,
    ledger::{Action, Rejection, Transaction},
};

pub(super) struct PublishVinKey<'a> {
    pub key: &'a VinKey,
}

impl Rule for PublishVinKey<'_> {
    type Found = ();

    fn check_alone(&self, _at: Timestamp) -> Result<(), Rejection> {
        // The neutral point, under which every VIN would have the same tag.
        if self.key.0 == [0; VinKey::LEN] { Err(Rejection::BadField) } else { Ok(()) }
    }

    fn check<S: ReadState>(&self, state: &S, context: &Context<'_>) -> Result<Option<()>, ApplyError<S::Error>> {
        if context.ledger.is_none_or(|ledger| ledger.authority != *context.signer()) {
            return Err(Rejection::NotAllowed.into());
        }
        let Some(known) = stored::vin_key(state)? else { return Ok(Some(())) };
        let known: Transaction = encoding::decode(&known.body).map_err(|_| Fault::Damaged("key for VIN tags"))?;
        let same = matches!(known.action, Action::PublishVinKey { key } if key == *self.key);
        if same { Ok(None) } else { Err(Rejection::VinKeyExists.into()) }
    }

    fn execute<S: State>(&self, (): (), state: &mut S, context: &Context<'_>) -> Result<(), Fault<S::Error>> {
        stored::put_vin_key(state, context.signed)
    }
}
