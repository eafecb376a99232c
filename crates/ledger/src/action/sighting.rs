//! What a member says it saw must be in the passport.

use crate::{fault::ApplyError, state::ReadState, stored};
use carnet_protocol::{
    id::StreamId,
    ledger::{Rejection, VinSighting},
};

/// The records of a sighting must be there and not withdrawn.
pub(super) fn check_records<S: ReadState>(
    state: &S,
    stream: &StreamId,
    sighting: &VinSighting,
) -> Result<(), ApplyError<S::Error>> {
    for record in [Some(sighting.record), sighting.odometer].into_iter().flatten() {
        let leaf = stored::leaf_of(state, stream, &record)?;
        if leaf.is_none_or(|leaf| leaf.withdrawn) {
            return Err(Rejection::RecordUnknown.into());
        }
    }
    Ok(())
}
