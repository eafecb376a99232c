//! Checks what an owner uploads, as far as a relay that cannot read it can.

use crate::{error::ApiError, store::NewRecord};
use carnet_crypto::record::commitment;
use carnet_protocol::{
    api::body::RecordUpload,
    encoding,
    id::StreamId,
    record::{RecordWrap, SealedRecord, WrappedKey},
};

/// A wrapped key: 32 bytes and a tag of 16.
const WRAPPED_LEN: usize = 48;
/// Wraps of one record: its generations, of which more than a few are rare.
pub(in crate::handler) const RECORD_WRAPS_MAX: usize = 64;

/// A record with its wraps, checked.
pub(in crate::handler) struct NewUpload {
    /// The record.
    pub record: NewRecord,
    /// Its wraps.
    pub wraps: Vec<RecordWrap>,
}

/// Reads the record's header out of its canonical bytes, which are kept as they came.
pub(in crate::handler) fn parse(
    upload: RecordUpload,
    stream: StreamId,
    size_max: usize,
) -> Result<NewUpload, ApiError> {
    let sealed = upload.record.0;
    if sealed.len() > size_max {
        return Err(ApiError::TooLarge { max: size_max });
    }
    let SealedRecord { header, .. } = encoding::decode(&sealed)
        .map_err(|_| ApiError::BadRequest("A record is not the canonical encoding of a sealed record."))?;
    if header.stream != stream {
        return Err(ApiError::BadRequest("A record belongs to another passport."));
    }
    if upload.wraps.len() > RECORD_WRAPS_MAX || upload.wraps.iter().any(|wrap| wrap.record != header.record) {
        return Err(ApiError::BadRequest("A record's wraps are too many, or another record's."));
    }
    upload.wraps.iter().try_for_each(check_wrap)?;
    let commitment = commitment(&sealed);
    Ok(NewUpload { record: NewRecord { header, commitment, sealed }, wraps: upload.wraps })
}

/// A wrap has one size: what is longer is no key.
pub(in crate::handler) fn check_wrap(wrap: &RecordWrap) -> Result<(), ApiError> {
    let (WrappedKey::Day { sealed, .. } | WrappedKey::DaySeal { sealed, .. } | WrappedKey::Inbox { sealed, .. }) =
        &wrap.key;
    if sealed.len() == WRAPPED_LEN { Ok(()) } else { Err(ApiError::BadRequest("A wrapped key has 48 bytes.")) }
}
