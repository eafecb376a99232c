//! Handing bytes to the person as a file.

use carnet_wallet::command::FileData;
use js_sys::{Array, Uint8Array};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url};

/// Saves a file under its name, as the browser saves downloads. The media type is always a neutral one: a file from
/// someone else must never be run as a page of this origin.
pub fn download(file: &FileData) {
    let parts = Array::of1(&Uint8Array::from(file.bytes.as_slice()));
    let options = BlobPropertyBag::new();
    options.set_type("application/octet-stream");
    let saved = Blob::new_with_u8_array_sequence_and_options(&parts, &options)
        .and_then(|blob| Url::create_object_url_with_blob(&blob))
        .and_then(|url| {
            let anchor: HtmlAnchorElement = document().create_element("a")?.unchecked_into();
            anchor.set_href(&url);
            anchor.set_download(&file.name);
            anchor.click();
            Url::revoke_object_url(&url)
        });
    if let Err(error) = saved {
        leptos::logging::error!("a download was refused by the browser: {error:?}");
    }
}
