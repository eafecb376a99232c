//! Passkeys whose authenticator evaluates a pseudorandom function (WebAuthn Level 3, extension `prf`).
//!
//! What the function gives goes to the wallet's worker and nowhere else; a credential is never turned into JSON, which
//! would carry it along.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use carnet_wallet::view::PasskeyView;
use js_sys::{Array, Object, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    CredentialCreationOptions, CredentialRequestOptions, CredentialsContainer, DomException, PublicKeyCredential,
};

/// COSE numbers of the signatures asked for: Ed25519, ECDSA on P-256, RSA. Nobody verifies them here; an authenticator
/// must find one that it can make.
const ALGORITHMS: [i32; 3] = [-8, -7, -257];

/// What an authenticator gave.
pub struct Answered {
    /// Its name for the passkey.
    pub credential: Vec<u8>,
    /// What its function was evaluated over.
    pub salt: Vec<u8>,
    /// What its function gave.
    pub output: Vec<u8>,
}

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasskeyFault {
    /// Cancelled, timed out, or no passkey of this wallet at hand: browsers do not tell which.
    Cancelled,
    /// The authenticator or the browser cannot evaluate the function.
    Unable,
    /// Passkeys belong to a domain name, and this page was opened by a bare address.
    NoDomain,
}

/// Whether the browser knows passkeys at all.
pub fn known() -> bool {
    Reflect::has(&js_sys::global(), &"PublicKeyCredential".into()).unwrap_or(false)
}

/// Makes a passkey and evaluates its function over a fresh salt.
///
/// # Errors
/// [`PasskeyFault`].
pub async fn create(name: &str) -> Result<Answered, PasskeyFault> {
    let (salt, user) = (random::<32>()?, random::<16>()?);
    let algorithms: Array =
        ALGORITHMS.iter().map(|number| record(&[("type", &"public-key".into()), ("alg", &(*number).into())])).collect();
    let options = record(&[
        ("challenge", &bytes(&random::<32>()?)),
        ("rp", &record(&[("name", &"Carnet".into())])),
        ("user", &record(&[("id", &bytes(&user)), ("name", &name.into()), ("displayName", &name.into())])),
        ("pubKeyCredParams", &algorithms),
        (
            "authenticatorSelection",
            &record(&[("residentKey", &"preferred".into()), ("userVerification", &"required".into())]),
        ),
        ("extensions", &prf("eval", &first(&salt))),
    ]);
    let creation = CredentialCreationOptions::new();
    creation.set_public_key(options.unchecked_ref());
    let promise = container()?.create_with_options(&creation).map_err(fault)?;
    let made: PublicKeyCredential = JsFuture::from(promise).await.map_err(fault)?.unchecked_into();
    let credential = Uint8Array::new(&made.raw_id()).to_vec();
    match output(&made) {
        Some(output) => Ok(Answered { credential, salt: salt.to_vec(), output }),
        // Many authenticators evaluate at the first use only.
        None => request(&[(&credential, &salt)]).await,
    }
}

/// Asks for one of these passkeys.
///
/// # Errors
/// [`PasskeyFault`].
pub async fn ask(passkeys: &[PasskeyView]) -> Result<Answered, PasskeyFault> {
    let known: Vec<(&[u8], &[u8])> = passkeys.iter().map(|p| (p.credential.as_slice(), p.salt.as_slice())).collect();
    request(&known).await
}

async fn request(passkeys: &[(&[u8], &[u8])]) -> Result<Answered, PasskeyFault> {
    let allowed: Array = passkeys
        .iter()
        .map(|(credential, _)| record(&[("type", &"public-key".into()), ("id", &bytes(credential))]))
        .collect();
    let inputs = Object::new();
    for (credential, salt) in passkeys {
        set(&inputs, &URL_SAFE_NO_PAD.encode(credential), &first(salt));
    }
    let options = record(&[
        ("challenge", &bytes(&random::<32>()?)),
        ("allowCredentials", &allowed),
        ("userVerification", &"required".into()),
        ("extensions", &prf("evalByCredential", &inputs)),
    ]);
    let asked = CredentialRequestOptions::new();
    asked.set_public_key(options.unchecked_ref());
    let promise = container()?.get_with_options(&asked).map_err(fault)?;
    let got: PublicKeyCredential = JsFuture::from(promise).await.map_err(fault)?.unchecked_into();
    let credential = Uint8Array::new(&got.raw_id()).to_vec();
    let (_, salt) = passkeys.iter().find(|(known, _)| *known == credential).ok_or(PasskeyFault::Cancelled)?;
    let output = output(&got).ok_or(PasskeyFault::Unable)?;
    Ok(Answered { credential, salt: salt.to_vec(), output })
}

/// `results.first` of the extension.
fn output(credential: &PublicKeyCredential) -> Option<Vec<u8>> {
    let mut value: JsValue = credential.get_client_extension_results().into();
    for name in ["prf", "results", "first"] {
        value = Reflect::get(&value, &name.into()).ok().filter(|value| value.is_object())?;
    }
    Some(Uint8Array::new(&value).to_vec()).filter(|output| output.len() == 32)
}

fn container() -> Result<CredentialsContainer, PasskeyFault> {
    if known() { Ok(window()?.navigator().credentials()) } else { Err(PasskeyFault::Unable) }
}

fn window() -> Result<web_sys::Window, PasskeyFault> {
    web_sys::window().ok_or(PasskeyFault::Unable)
}

fn fault(error: JsValue) -> PasskeyFault {
    match error.dyn_ref::<DomException>().map(DomException::name).as_deref() {
        Some("NotAllowedError" | "AbortError" | "InvalidStateError") => PasskeyFault::Cancelled,
        Some("SecurityError") => PasskeyFault::NoDomain,
        _ => PasskeyFault::Unable,
    }
}

fn random<const N: usize>() -> Result<[u8; N], PasskeyFault> {
    let mut drawn = [0; N];
    getrandom::fill(&mut drawn).map_err(|_| PasskeyFault::Unable)?;
    Ok(drawn)
}

fn prf(evaluation: &str, inputs: &JsValue) -> JsValue {
    record(&[("prf", &record(&[(evaluation, inputs)]))])
}

fn first(salt: &[u8]) -> JsValue {
    record(&[("first", &bytes(salt))])
}

fn bytes(bytes: &[u8]) -> JsValue {
    Uint8Array::from(bytes).into()
}

fn record(fields: &[(&str, &JsValue)]) -> JsValue {
    let object = Object::new();
    for (name, value) in fields {
        set(&object, name, value);
    }
    object.into()
}

fn set(object: &Object, name: &str, value: &JsValue) {
    // A plain object of our own refuses no property.
    let _ = Reflect::set(object, &name.into(), value);
}
