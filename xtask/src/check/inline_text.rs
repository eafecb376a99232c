//! No text literal in a view: what a person reads has an id and stands in every language.
//!
//! A reader of markup, not of Rust: inside `view! { ... }` it looks at text between tags and at the attributes that
//! people see or hear, and skips every `{ expression }`.

use super::Outcome;
use super::rust_text::{self, line_of, string_length};
use crate::failure::Result;
use crate::workspace::Workspace;

/// Attributes and properties whose value is read by people.
const SPOKEN: [&str; 7] = ["aria-label", "title", "placeholder", "alt", "label", "aria-description", "hint"];

/// The same in every language.
const PROPER_NAMES: [&str; 1] = ["Carnet"];

/// The page that shows the design system to authors; compiled in by a feature that no release has.
const NO_PRODUCT: &str = "app/src/pages/gallery";

/// Reads every view of the app.
pub fn check(workspace: &Workspace) -> Result<Outcome> {
    let mut faults = Vec::new();
    for (file, code) in rust_text::code_below(&workspace.root.join("app/src"))? {
        let name = file.strip_prefix(&workspace.root).unwrap_or(&file).display().to_string();
        if name.starts_with(NO_PRODUCT) {
            continue;
        }
        for (at, text) in literals(&code) {
            faults.push(format!("{name}:{}: `{text}` has no message id", line_of(&code, at)));
        }
    }
    Ok(Outcome::from_faults(faults))
}

/// Texts in the views of `code`, with their place in bytes.
fn literals(code: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (at, word) in code.match_indices("view!") {
        let Some(open) = code[at + word.len()..].find('{').map(|offset| at + word.len() + offset) else { continue };
        let end = open + block_length(&code[open..]);
        Reader { code, at: open + 1, end: end.saturating_sub(1) }.read(&mut found);
    }
    found
}

struct Reader<'a> {
    code: &'a str,
    at: usize,
    end: usize,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        &self.code[self.at..self.end]
    }

    /// Text between tags.
    fn read(&mut self, found: &mut Vec<(usize, String)>) {
        while let Some(c) = self.rest().chars().next() {
            match c {
                '<' => self.read_tag(found),
                '{' => self.at += block_length(self.rest()),
                '"' => self.take(string_length(self.rest()), found),
                c if c.is_alphabetic() => {
                    let length = self.rest().find(['<', '{', '"']).unwrap_or(self.rest().len());
                    self.take(length, found);
                }
                c => self.at += c.len_utf8(),
            }
        }
    }

    /// From `<` to its `>`; arrows of closures and the brackets of generics are no end.
    fn read_tag(&mut self, found: &mut Vec<(usize, String)>) {
        let mut spoken = false;
        let mut before = ' ';
        self.at += 1;
        let mut generics = 0_usize;
        while let Some(c) = self.rest().chars().next() {
            let length = match c {
                '<' => {
                    generics += 1;
                    1
                }
                '>' if matches!(before, '=' | '-') => 1,
                '>' if generics > 0 => {
                    generics -= 1;
                    1
                }
                '>' => {
                    self.at += 1;
                    return;
                }
                '{' | '(' | '[' => block_length(self.rest()),
                '"' => {
                    let length = string_length(self.rest());
                    if spoken {
                        self.take(length, found);
                        0
                    } else {
                        length
                    }
                }
                _ => c.len_utf8(),
            };
            if c == '=' {
                spoken = SPOKEN.contains(&self.attribute_before());
            } else if !c.is_whitespace() {
                spoken = false;
            }
            before = c;
            self.at += length;
        }
    }

    /// The name that ends where the reader stands.
    fn attribute_before(&self) -> &str {
        let before = &self.code[..self.at];
        let start = before.rfind(|c: char| !(c.is_alphanumeric() || c == '-' || c == '_')).map_or(0, |at| at + 1);
        &before[start..]
    }

    /// Notes a text when it holds a letter, and goes on behind it.
    fn take(&mut self, length: usize, found: &mut Vec<(usize, String)>) {
        let text = self.rest()[..length].trim().trim_matches('"');
        if text.chars().any(char::is_alphabetic) && !PROPER_NAMES.contains(&text) {
            found.push((self.at, text.to_owned()));
        }
        self.at += length;
    }
}

/// Length in bytes of the bracketed block at the start of `text`, brackets included; strings inside are skipped.
fn block_length(text: &str) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        match c {
            '{' | '(' | '[' => depth += 1,
            '}' | ')' | ']' => depth = depth.saturating_sub(1),
            '"' => {
                at += string_length(&text[at..]);
                continue;
            }
            _ => {}
        }
        at += c.len_utf8();
        if depth == 0 {
            break;
        }
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(code: &str) -> Vec<String> {
        literals(code).into_iter().map(|(_, text)| text).collect()
    }

    #[test]
    fn text_between_tags_is_found_quoted_or_not() {
        assert_eq!(texts(r#"view! { <p>"Hello"</p> }"#), ["Hello"]);
        assert_eq!(texts("view! { <p>Hello there</p> }"), ["Hello there"]);
        assert_eq!(texts(r#"view! { <p>{move || view! { <b>"inner"</b> }}</p> }"#), ["inner"]);
    }

    #[test]
    fn messages_expressions_and_signs_are_no_text() {
        let code = r#"view! { <p class="card" on:click=move |_| go("there")>{t!(share::title)}" · "{x}</p> }"#;
        assert!(texts(code).is_empty());
        assert!(texts("view! { <p on:x=|e| target::<Option<A>>(&e).go()>{b}</p> }").is_empty());
        assert!(texts(r#"let x = "view"; view! { <Show when=move || a.get() fallback=|| ()>{b}</Show> }"#).is_empty());
    }

    #[test]
    fn attributes_that_people_hear_are_text() {
        assert_eq!(texts(r#"view! { <button aria-label="Close" type="button" /> }"#), ["Close"]);
        assert!(texts(r#"view! { <input name="title" data-title="x" /> }"#).is_empty());
    }
}
