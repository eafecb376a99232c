//! Turns `locales/*.json` into the module `i18n::messages`, and stops the build when a message lacks a language,
//! when its placeholders differ between languages, or when an id stands twice.
//!
//! A message is a number in the code. Its text comes from a file for each language, which is served beside the app; a build
//! with debug assertions holds these files itself.

mod catalogue;

use std::fmt::Write as _;
use std::{env, fs, path::Path};

use catalogue::{Catalogue, Forms, LANGUAGES, placeholders};

fn main() {
    println!("cargo:rerun-if-changed=locales");
    println!("cargo:rerun-if-changed=catalogue.rs");
    println!("cargo:rerun-if-changed=build.rs");
    let catalogue = Catalogue::read(Path::new("locales")).expect("app/locales can be read");
    if !catalogue.faults.is_empty() {
        for fault in &catalogue.faults {
            println!("cargo::error={fault}");
        }
        std::process::exit(1);
    }
    let out = env::var("OUT_DIR").expect("cargo sets OUT_DIR for build scripts");
    let write = |name: &str, text: String| fs::write(Path::new(&out).join(name), text).expect("OUT_DIR can be written");
    write("messages.rs", code(&catalogue));
    write("policy.txt", policy());
    for (index, language) in LANGUAGES.iter().enumerate() {
        write(&format!("text-{language}.txt"), catalogue.text(index));
    }
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

fn code(catalogue: &Catalogue) -> String {
    let mut code = String::new();
    let mut number = 0;
    for part in &catalogue.parts {
        let name = &part.name;
        let _ = writeln!(code, "/// Messages of `locales/{name}.json`.\npub mod {name} {{\n    use super::*;");
        for message in &part.messages {
            code_for_message(&message.id, number, &message.forms, &mut code);
            number += 1;
        }
        code.push_str("}\n");
    }
    code
}

fn code_for_message(id: &str, number: u16, forms: &[Forms], code: &mut String) {
    let names = placeholders(&forms[0].other);
    let _ = writeln!(code, "    /// {}", forms[0].other.replace('\n', " "));
    if names.is_empty() {
        let _ = writeln!(code, "    pub const {id}: Message = Message({number});");
        return;
    }
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
         pattern(locale, texts::of(locale, {number}), {count}, &[{arguments}]) }} }}"
    );
}
