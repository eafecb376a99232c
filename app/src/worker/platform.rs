//! What the wallet takes from the browser: time, randomness, Unicode's normal forms.

use carnet_proofs::Policy;
use carnet_protocol::day::Timestamp;
use carnet_wallet::normal::Form;
use getrandom::{SysRng, rand_core::UnwrapErr};
use js_sys::{Function, JsString, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::DedicatedWorkerGlobalScope;

/// The browser's source of randomness. A browser whose source fails cannot be used; the worker ends then.
pub(super) type Randomness = UnwrapErr<SysRng>;

/// See [`Randomness`].
pub(super) fn randomness() -> Randomness {
    UnwrapErr(SysRng)
}

/// Whom this build of the app trusts (`docs/decisions/policy.md`); never a matter of what a relay says.
pub(super) fn policy() -> Policy {
    let built_in = include_str!(concat!(env!("OUT_DIR"), "/policy.txt"));
    let text = if built_in.is_empty() { carnet_proofs::demo::POLICY } else { built_in };
    Policy::parse(text).expect("the build was given a valid policy")
}

/// Names this build: the worker's own address names its module's files, whose names change with every part of it.
pub(super) fn build(scope: &DedicatedWorkerGlobalScope) -> String {
    scope.location().search()
}

/// The device's clock.
pub(super) fn now() -> Timestamp {
    Timestamp(js_sys::Date::now() as u64)
}

/// A text in a normal form of Unicode.
pub(super) fn normalise(text: &str, form: Form) -> String {
    let form = match form {
        Form::Nfc => "NFC",
        Form::Nfkd => "NFKD",
    };
    JsString::from(text).normalize(form).into()
}

/// From 0 to 1, for spreading retries; no secret depends on it.
pub(super) fn jitter() -> f64 {
    js_sys::Math::random()
}

/// Whether the browser promised not to evict the store; `None` where it does not say.
pub(super) async fn storage_persistent() -> Option<bool> {
    let navigator = Reflect::get(&js_sys::global(), &"navigator".into()).ok()?;
    let storage = Reflect::get(&navigator, &"storage".into()).ok()?;
    let persisted: Function = Reflect::get(&storage, &"persisted".into()).ok()?.dyn_into().ok()?;
    let promise: Promise = persisted.call0(&storage).ok()?.dyn_into().ok()?;
    JsFuture::from(promise).await.ok().as_ref().and_then(JsValue::as_bool)
}
