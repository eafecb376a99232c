//! What the page's plain script (`public/boot.js`) does for the application: things that must happen before the module
//! runs, or that the content security policy leaves to script.

use wasm_bindgen::prelude::*;
use web_sys::Worker;

#[wasm_bindgen(js_namespace = carnet)]
extern "C" {
    /// The fragment of the share link this page was opened with, once; it is no longer in the address bar.
    #[wasm_bindgen(js_name = takeLinkFragment)]
    pub fn take_link_fragment() -> Option<String>;

    /// The fragment of another device's code that this page was opened with, once; it is no longer in the address bar.
    #[wasm_bindgen(js_name = takeDeviceFragment)]
    pub fn take_device_fragment() -> Option<String>;

    /// Whether a wallet was noted to be here: where it is not, the browser has evicted it.
    #[wasm_bindgen(js_name = hadWallet)]
    pub fn had_wallet() -> bool;

    /// Notes whether there is a wallet.
    #[wasm_bindgen(js_name = noteWallet)]
    pub fn note_wallet(here: bool);

    /// Notes for this tab that a share link is open, or no longer; nothing of the link.
    #[wasm_bindgen(js_name = noteLink)]
    pub(crate) fn note_link(open: bool);

    /// Whether one was open in this tab, before the page was loaded anew perhaps.
    #[wasm_bindgen(js_name = hadLink)]
    pub(crate) fn had_link() -> bool;

    /// Calls back when another share link is put into the address bar of this page.
    #[wasm_bindgen(js_name = onLinkFragment)]
    pub fn on_link_fragment(listener: &Closure<dyn Fn()>);

    /// Starts this module once more, in a worker, where it calls `wallet_worker`.
    ///
    /// # Errors
    /// The page does not name its module, or the browser refuses the script.
    #[wasm_bindgen(js_name = spawnWorker, catch)]
    pub fn spawn_worker() -> Result<Worker, JsValue>;

    /// Asks the browser to keep the local store for good; false where it may still evict it.
    ///
    /// # Errors
    /// The browser refuses to be asked.
    #[wasm_bindgen(js_name = persistStorage, catch)]
    pub async fn persist_storage() -> Result<JsValue, JsValue>;

    /// Calls back when a new version waits (at once if it already does).
    #[wasm_bindgen(js_name = onUpdate)]
    pub(crate) fn on_update(listener: &Closure<dyn Fn()>);

    /// Takes the new version; reloads the page.
    #[wasm_bindgen(js_name = applyUpdate)]
    pub(crate) fn apply_update();

    /// Whether the browser offers to install the application.
    #[wasm_bindgen(js_name = canInstall)]
    pub(crate) fn can_install() -> bool;

    /// Shows the browser's own question; true if the person agreed.
    ///
    /// # Errors
    /// The browser has withdrawn its offer.
    #[wasm_bindgen(js_name = install, catch)]
    pub(crate) async fn install() -> Result<JsValue, JsValue>;

    /// The texts of a language, from their file.
    ///
    /// # Errors
    /// It could not be fetched.
    #[wasm_bindgen(catch)]
    pub(crate) async fn text(tag: &str) -> Result<JsValue, JsValue>;

    /// The chosen theme, `light` or `dark`; `None` follows the system.
    pub(crate) fn theme() -> Option<String>;

    /// Keeps and shows a theme.
    #[wasm_bindgen(js_name = setTheme)]
    pub(crate) fn set_theme(theme: Option<&str>);

    /// The language tag that was chosen, or the browser's first that the product speaks.
    pub(crate) fn language() -> String;

    /// Keeps a language and marks the page with it.
    #[wasm_bindgen(js_name = setLanguage)]
    pub(crate) fn set_language(tag: &str);
}

/// Whether this module runs in a page rather than in a worker, which has no window.
pub(crate) fn in_page() -> bool {
    web_sys::window().is_some()
}
