//! Unicode's normal forms (Annex 15), so that the same characters typed on another machine give the same bytes.
//!
//! A browser has them built in, and their tables would be a tenth of the application: there, whoever runs the wallet
//! provides them.

use std::sync::OnceLock;
use zeroize::Zeroizing;

/// A normal form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Composed.
    Nfc,
    /// Decomposed, with compatible characters (full-width letters) made one.
    Nfkd,
}

static PROVIDED: OnceLock<fn(&str, Form) -> String> = OnceLock::new();

/// Gives the function that brings a text into a normal form; to be called once, before any passphrase, PIN or words
/// come in. Needed on `wasm32-unknown-unknown` only; everywhere else the crate `unicode-normalization` is compiled in.
pub fn provide(normaliser: fn(&str, Form) -> String) {
    // A second one is the same function again.
    let _ = PROVIDED.set(normaliser);
}

/// `text` in a normal form.
pub(crate) fn normal(text: &str, form: Form) -> Zeroizing<String> {
    if text.is_ascii() {
        // In every normal form already.
        return Zeroizing::new(text.to_owned());
    }
    match PROVIDED.get() {
        Some(normaliser) => Zeroizing::new(normaliser(text, form)),
        None => compiled_in(text, form),
    }
}

#[cfg(not(all(target_arch = "wasm32", target_os = "unknown")))]
fn compiled_in(text: &str, form: Form) -> Zeroizing<String> {
    use unicode_normalization::UnicodeNormalization as _;

    // Room for the longest composed form (Annex 15, section 3), so that no outgrown copy stays behind.
    let mut normal = Zeroizing::new(String::with_capacity(3 * text.len()));
    match form {
        Form::Nfc => normal.extend(text.nfc()),
        Form::Nfkd => normal.extend(text.nfkd()),
    }
    normal
}

/// Rather no key than one that another machine does not derive.
#[cfg(all(target_arch = "wasm32", target_os = "unknown"))]
fn compiled_in(_: &str, _: Form) -> Zeroizing<String> {
    unreachable!("normal forms are provided before the first passphrase")
}
