//! What passes between the page and its wallet worker: canonical CBOR in one byte array per message.
//!
//! Commands and answers are bytes inside of it: the code that reads and writes all of them comes with the parts of the
//! application that need it (`crate::parts`), while these messages pass from the start.

use carnet_protocol::encoding::{self, DecodeError};
use carnet_wallet::{command::Notice, error::WalletError, view::WalletStatus};
use js_sys::{Array, Uint8Array};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::DeserializeOwned};
use wasm_bindgen::{JsCast, JsValue};
use zeroize::Zeroizing;

/// From the page.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ToWorker {
    /// Do this, and answer under this number: an encoded [`Command`](carnet_wallet::command::Command).
    Command { id: u32, command: Packed },
    /// Say under this number how the wallet stands.
    Status { id: u32 },
    /// The person did something: the idle lock starts anew.
    Active,
    /// Whether the page can be seen; hidden ones fetch nothing by themselves.
    Visible(bool),
}

/// From the worker.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FromWorker {
    /// What came of a command: an encoded `Result<Answer, WalletError>`.
    Answer { id: u32, result: Packed },
    /// How the wallet stands.
    Status { id: u32, result: Result<WalletStatus, WalletError> },
    /// A command was not begun: the part of the application that does it did not come.
    NotFetched { id: u32 },
    /// Something happened.
    Notice(Notice),
    /// Synchronising by itself failed, for another reason than a missing connection.
    SyncFailed(WalletError),
    /// The worker cannot go on: the page starts another one.
    Died,
}

/// Something encoded, on its way through; wiped when it is dropped, as a passphrase or the words may be in it.
pub(crate) struct Packed(Zeroizing<Vec<u8>>);

impl Packed {
    /// Encodes it.
    pub fn new<T: Serialize>(value: &T) -> Self {
        Self(Zeroizing::new(encoding::encode(value)))
    }

    /// Reads it.
    ///
    /// # Errors
    /// It is something else: the two sides are of different builds.
    pub fn open<T: DeserializeOwned>(&self) -> Result<T, DecodeError> {
        encoding::read(&self.0)
    }
}

impl Serialize for Packed {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.0)
    }
}

impl<'de> Deserialize<'de> for Packed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        serde_bytes::deserialize(deserializer).map(|bytes: Vec<u8>| Self(Zeroizing::new(bytes)))
    }
}

/// A message as bytes, with the list of what to hand over instead of copying.
pub(crate) fn pack<M: Serialize>(message: &M) -> (Uint8Array, Array) {
    // A passphrase may be in it.
    let bytes = Uint8Array::from(Zeroizing::new(encoding::encode(message)).as_slice());
    let transfer = Array::of1(&bytes.buffer());
    (bytes, transfer)
}

/// Reads the data of a message event.
///
/// # Errors
/// It is not such a message: the two sides are of different builds.
pub(crate) fn unpack<M: DeserializeOwned>(data: &JsValue) -> Result<M, DecodeError> {
    let bytes = Zeroizing::new(data.dyn_ref::<Uint8Array>().ok_or(DecodeError::Malformed)?.to_vec());
    encoding::read(&bytes)
}
