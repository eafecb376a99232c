//! Turns `locales/*.json` into the module `i18n::messages`, and stops the build when a message lacks a language,
//! when its placeholders differ between languages, or when an id stands twice.
//!
//! One file per part of the product; its name is the Rust module. Each message holds its languages side by side:
//!
//! ```json
//! { "title": { "en": "Settings", "fr": "Réglages", "zh-Hant": "設定" },
//!   "cars":  { "en": { "one": "{count} car", "other": "{count} cars" }, ... } }
//! ```

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::{env, fs, path::Path};

use serde_json::Value;

/// In the order of `i18n::Locale`.
const LANGUAGES: [&str; 3] = ["en", "fr", "zh-Hant"];

/// One message in one language: the form for one, if it differs, and the form for all else.
struct Forms {
    one: String,
    other: String,
}

fn main() {
    println!("cargo:rerun-if-changed=locales");
    println!("cargo:rerun-if-changed=build.rs");
    let mut code = String::new();
    let mut faults = Vec::new();
    for (module, text) in sources() {
        code_for_module(&module, &text, &mut code, &mut faults);
    }
    if !faults.is_empty() {
        for fault in &faults {
            println!("cargo::error={fault}");
        }
        std::process::exit(1);
    }
    let out = env::var("OUT_DIR").expect("cargo sets OUT_DIR for build scripts");
    fs::write(Path::new(&out).join("messages.rs"), code).expect("OUT_DIR can be written");
    fs::write(Path::new(&out).join("policy.txt"), policy()).expect("OUT_DIR can be written");
}

/// Whom the app trusts: the file that `CARNET_POLICY` names, or nothing, which stands for the demo consortium.
fn policy() -> String {
    println!("cargo:rerun-if-env-changed=CARNET_POLICY");
    let Ok(path) = env::var("CARNET_POLICY") else { return String::new() };
    println!("cargo:rerun-if-changed={path}");
    fs::read_to_string(&path).unwrap_or_else(|error| {
        println!("cargo::error=CARNET_POLICY names {path}, which cannot be read: {error}");
        std::process::exit(1);
    })
}

/// Module name and text of each message file, in the order of their names.
fn sources() -> BTreeMap<String, String> {
    let entries = fs::read_dir("locales").expect("app/locales exists");
    entries
        .map(|entry| entry.expect("app/locales can be listed").path())
        .filter(|path| path.extension().is_some_and(|kind| kind == "json"))
        .map(|path| {
            let module = path.file_stem().expect("a file has a name").to_string_lossy().into_owned();
            (module, fs::read_to_string(&path).expect("a message file is UTF-8"))
        })
        .collect()
}

fn code_for_module(module: &str, text: &str, code: &mut String, faults: &mut Vec<String>) {
    let Entries(entries) = match serde_json::from_str(text) {
        Ok(entries) => entries,
        Err(error) => return faults.push(format!("locales/{module}.json: {error}")),
    };
    if !is_identifier(module) {
        return faults.push(format!("locales/{module}.json: the file name must be a lower-case Rust identifier"));
    }
    let _ = writeln!(code, "/// Messages of `locales/{module}.json`.\npub mod {module} {{\n    use super::*;");
    let mut seen = BTreeSet::new();
    for (id, value) in entries {
        let place = format!("locales/{module}.json: {id}");
        if !is_identifier(&id) {
            faults.push(format!("{place}: an id is a lower-case Rust identifier, no keyword"));
        } else if !seen.insert(id.clone()) {
            faults.push(format!("{place}: stands twice"));
        } else {
            match forms(&value) {
                Ok(forms) => code_for_message(&id, &forms, &place, code, faults),
                Err(fault) => faults.push(format!("{place}: {fault}")),
            }
        }
    }
    code.push_str("}\n");
}

fn code_for_message(id: &str, forms: &[Forms], place: &str, code: &mut String, faults: &mut Vec<String>) {
    let names = placeholders(&forms[0].other);
    for (language, form) in LANGUAGES.iter().zip(forms) {
        // A form for one may spell the number out, so it need not name the count.
        if placeholders(&form.other) != names || !placeholders(&form.one).is_subset(&names) {
            faults.push(format!("{place}: placeholders in {language} differ from those in en"));
        }
    }
    let _ = writeln!(code, "    /// {}", forms[0].other.replace('\n', " "));
    if names.is_empty() {
        let texts: Vec<_> = forms.iter().map(|form| &form.other).collect();
        let _ = writeln!(code, "    pub const {id}: Message = Message(&{texts:?});");
        return;
    }
    let pairs: Vec<_> = forms.iter().map(|form| (&form.one, &form.other)).collect();
    let mut fields = String::new();
    let mut arguments = String::new();
    let mut count = "None".to_owned();
    for name in &names {
        let kind = if name == "count" { "Count" } else { "Display" };
        let _ = write!(fields, " /// Replaces `{{{name}}}`.\n pub {name}: &'a dyn {kind},");
        if name == "count" {
            count = "Some(self.count.as_count())".to_owned();
            let _ = write!(arguments, "(\"count\", &number(self.count.as_count() as f64) as &dyn Display), ");
        } else {
            let _ = write!(arguments, "({name:?}, &self.{name} as &dyn Display), ");
        }
    }
    let _ = writeln!(
        code,
        "    pub struct {id}<'a> {{ {fields} }}\n    impl Fill for {id}<'_> {{ fn fill(&self, locale: Locale) -> String {{ \
         pattern(locale, &{pairs:?}, {count}, &[{arguments}]) }} }}"
    );
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

fn placeholders(text: &str) -> BTreeSet<String> {
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
