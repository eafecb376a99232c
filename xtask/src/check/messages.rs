//! The messages of the app: complete in every language, with the same placeholders, and used.
//!
//! `app/locales/<part>.json` holds `{ id: { language: text, or { "one": text, "other": text } } }`. The app's build
//! refuses faulty ones as well; this step says it without compiling, for all of them at once, and finds those that
//! nothing shows any more.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;

use super::{Outcome, rust_text};
use crate::failure::Result;
use crate::workspace::{self, Workspace};

const LANGUAGES: [&str; 3] = ["en", "fr", "zh-Hant"];

/// Checks every message file of the app.
pub fn check(workspace: &Workspace) -> Result<Outcome> {
    let app = workspace.root.join("app");
    let files = workspace::files_below(&app.join("locales"))?;
    if files.is_empty() {
        return Ok(Outcome::Failed(vec!["app/locales holds no messages".into()]));
    }
    let code = rust_text::code_below(&app.join("src"))?;
    let mut faults = Vec::new();
    let mut unused = Vec::new();
    for file in &files {
        let part = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        match serde_json::from_str::<Value>(&workspace::read(file)?) {
            Ok(Value::Object(messages)) => {
                for (id, message) in &messages {
                    faults.extend(message_faults(message).into_iter().map(|fault| format!("{part}::{id}: {fault}")));
                    if !code.iter().any(|(_, code)| is_used(code, id)) {
                        unused.push(format!("{part}::{id} is used nowhere"));
                    }
                }
            }
            Ok(_) => faults.push(format!("{}: must be an object of messages", name(file))),
            Err(error) => faults.push(format!("{}: {error}", name(file))),
        }
    }
    faults.extend(unused);
    Ok(Outcome::from_faults(faults))
}

fn name(file: &Path) -> String {
    file.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// What is wrong with one message.
fn message_faults(message: &Value) -> Vec<String> {
    let Some(message) = message.as_object() else {
        return vec!["must hold one text for each language".into()];
    };
    let mut faults = Vec::new();
    let mut wanted = None;
    for language in LANGUAGES {
        let Some(text) = message.get(language).and_then(general_form) else {
            faults.push(format!("{language} is missing"));
            continue;
        };
        let names = placeholders(text);
        if *wanted.get_or_insert_with(|| names.clone()) != names {
            faults.push(format!("{language} has other placeholders"));
        }
    }
    for language in message.keys().filter(|language| !LANGUAGES.contains(&language.as_str())) {
        faults.push(format!("{language} is no language of the app"));
    }
    faults
}

/// The text itself, or the form for all counts but one; never an empty text.
fn general_form(value: &Value) -> Option<&str> {
    value.as_str().or_else(|| value.get("other")?.as_str()).filter(|text| !text.trim().is_empty())
}

fn placeholders(text: &str) -> BTreeSet<String> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name.to_owned()).collect()
}

/// Whether the code names the message: the last part of a path (`messages::share::title`) or in a `use` list.
fn is_used(code: &str, id: &str) -> bool {
    code.match_indices(id).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        let after = code[at + id.len()..].chars().next();
        let inside_word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
        !inside_word(before) && !inside_word(after) && matches!(before, Some(':' | '{' | ' ' | ',' | '\n' | '('))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_whole_message_has_no_fault() {
        let message = json!({ "en": "{count} cars", "fr": { "one": "une", "other": "{count} voitures" }, "zh-Hant": "{count} 輛" });
        assert!(message_faults(&message).is_empty());
    }

    #[test]
    fn missing_empty_and_differing_texts_are_found() {
        let message = json!({ "en": "Hello {name}", "fr": "Bonjour {nom}", "zh-Hant": " ", "de": "Hallo" });
        let expected = ["fr has other placeholders", "zh-Hant is missing", "de is no language of the app"];
        assert_eq!(message_faults(&message), expected);
    }

    #[test]
    fn use_is_seen_in_paths_and_lists_but_not_inside_words() {
        assert!(is_used("t!(share::title)", "title"));
        assert!(is_used("use messages::share::{hint, title};", "title"));
        assert!(!is_used("share::subtitle share::title_long", "title"));
    }
}
