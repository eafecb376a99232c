//! The messages of the product as files hold them: `locales/<part>.json`, each message with its languages side by side.
//!
//! ```json
//! { "title": { "en": "Settings", "fr": "Réglages", "zh-Hant": "設定" },
//!   "cars":  { "en": { "one": "{count} car", "other": "{count} cars" }, ... } }
//! ```
//!
//! The app's build script makes code of them, and the tool that makes the app ready to be served makes one file of text
//! for each language. Both compile this file, so both count the messages in the same order.

use std::collections::{BTreeMap, BTreeSet};
use std::{fs, io, path::Path};

use serde_json::Value;

/// In the order of `i18n::Locale`.
pub const LANGUAGES: [&str; 3] = ["en", "fr", "zh-Hant"];

/// What stands between two messages of a file of text, and between the two forms of one; no message holds either.
const BETWEEN_MESSAGES: char = '\u{1f}';
const BETWEEN_FORMS: char = '\u{1e}';

/// One message in one language: the form for one, if it differs, and the form for all else.
pub struct Forms {
    /// For one.
    pub one: String,
    /// For all else.
    pub other: String,
}

/// A message.
pub struct Message {
    /// Its id, unique in its part.
    pub id: String,
    /// In each language.
    pub forms: Vec<Forms>,
}

/// The messages of one file.
pub struct Part {
    /// The file's name without its ending: the name of the Rust module.
    pub name: String,
    /// In the order of the file.
    pub messages: Vec<Message>,
}

/// Every message there is.
pub struct Catalogue {
    /// In the order of their names.
    pub parts: Vec<Part>,
    /// What is wrong with the files, one sentence each.
    pub faults: Vec<String>,
}

impl Catalogue {
    /// Reads every file of the folder.
    pub fn read(folder: &Path) -> io::Result<Self> {
        let mut catalogue = Self { parts: Vec::new(), faults: Vec::new() };
        for (name, text) in sources(folder)? {
            catalogue.read_part(name, &text);
        }
        Ok(catalogue)
    }

    /// All messages of one language in one text, counted as the code counts them.
    pub fn text(&self, language: usize) -> String {
        let messages = self.parts.iter().flat_map(|part| &part.messages);
        let texts = messages.map(|message| {
            let Forms { one, other } = &message.forms[language];
            if one == other { other.clone() } else { format!("{one}{BETWEEN_FORMS}{other}") }
        });
        texts.collect::<Vec<_>>().join(&BETWEEN_MESSAGES.to_string())
    }

    fn read_part(&mut self, name: String, text: &str) {
        let faults = &mut self.faults;
        let Entries(entries) = match serde_json::from_str(text) {
            Ok(entries) => entries,
            Err(error) => return faults.push(format!("locales/{name}.json: {error}")),
        };
        if !is_identifier(&name) {
            return faults.push(format!("locales/{name}.json: the file name must be a lower-case Rust identifier"));
        }
        let mut messages = Vec::new();
        let mut seen = BTreeSet::new();
        for (id, value) in entries {
            let place = format!("locales/{name}.json: {id}");
            if !is_identifier(&id) {
                faults.push(format!("{place}: an id is a lower-case Rust identifier, no keyword"));
            } else if !seen.insert(id.clone()) {
                faults.push(format!("{place}: stands twice"));
            } else {
                match forms(&value) {
                    Ok(forms) => {
                        check_placeholders(&forms, &place, faults);
                        messages.push(Message { id, forms });
                    }
                    Err(fault) => faults.push(format!("{place}: {fault}")),
                }
            }
        }
        self.parts.push(Part { name, messages });
    }
}

/// Name and text of each message file, in the order of their names.
fn sources(folder: &Path) -> io::Result<BTreeMap<String, String>> {
    let mut sources = BTreeMap::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|kind| kind == "json") {
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            sources.insert(name, fs::read_to_string(&path)?);
        }
    }
    Ok(sources)
}

fn check_placeholders(forms: &[Forms], place: &str, faults: &mut Vec<String>) {
    let names = placeholders(&forms[0].other);
    for (language, form) in LANGUAGES.iter().zip(forms) {
        // A form for one may spell the number out, so it need not name the count.
        if placeholders(&form.other) != names || !placeholders(&form.one).is_subset(&names) {
            faults.push(format!("{place}: placeholders in {language} differ from those in en"));
        }
        if form.one.chars().chain(form.other.chars()).any(char::is_control) {
            faults.push(format!("{place}: a control character in {language}"));
        }
    }
}

/// The forms of a message in every language, or what is wrong with it.
fn forms(value: &Value) -> Result<Vec<Forms>, String> {
    let object = value.as_object().ok_or("must hold one text for each language")?;
    if let Some(key) = object.keys().find(|key| !LANGUAGES.contains(&key.as_str())) {
        return Err(format!("{key:?} is not one of {LANGUAGES:?}"));
    }
    LANGUAGES
        .iter()
        .map(|language| match object.get(*language) {
            Some(Value::String(text)) if !text.trim().is_empty() => {
                let text = typeset(language, text);
                Ok(Forms { one: text.clone(), other: text })
            }
            Some(Value::Object(plural)) => match (plural.get("one"), plural.get("other"), plural.len()) {
                (Some(Value::String(one)), Some(Value::String(other)), 2) => {
                    if !placeholders(other).contains("count") {
                        return Err(format!("{language} has a form for one but no {{count}}"));
                    }
                    Ok(Forms { one: typeset(language, one), other: typeset(language, other) })
                }
                _ => Err(format!("{language} needs exactly the forms \"one\" and \"other\"")),
            },
            _ => Err(format!("{language} is missing")),
        })
        .collect()
}

/// Typographic apostrophes, and the no-break spaces that French wants around its punctuation, so that authors type
/// plain text and no line starts with a question mark.
fn typeset(language: &str, text: &str) -> String {
    let text = text.replace('\'', "’");
    if language != "fr" {
        return text;
    }
    [
        (" ?", "\u{202f}?"),
        (" !", "\u{202f}!"),
        (" ;", "\u{202f};"),
        (" :", "\u{a0}:"),
        ("« ", "«\u{a0}"),
        (" »", "\u{a0}»"),
    ]
    .iter()
    .fold(text, |text, (plain, set)| text.replace(plain, set))
}

/// The names in braces.
pub fn placeholders(text: &str) -> BTreeSet<String> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name.to_owned()).collect()
}

fn is_identifier(name: &str) -> bool {
    const KEYWORDS: [&str; 12] =
        ["type", "use", "mod", "fn", "in", "for", "if", "else", "match", "move", "ref", "where"];
    name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        && !KEYWORDS.contains(&name)
}

/// A JSON object that keeps every entry, so that an id that stands twice is seen.
struct Entries(Vec<(String, Value)>);

impl<'de> serde::Deserialize<'de> for Entries {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct All;
        impl<'de> serde::de::Visitor<'de> for All {
            type Value = Entries;
            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("an object of messages")
            }
            fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Entries, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Entries(entries))
            }
        }
        deserializer.deserialize_map(All)
    }
}
