//! Reading Rust code as text, for rules that the compiler does not know.

use std::path::{Path, PathBuf};

use crate::failure::Result;
use crate::workspace;

/// Every Rust file below `folder`, with comments blanked out and without its unit tests.
pub fn code_below(folder: &Path) -> Result<Vec<(PathBuf, String)>> {
    let mut all = Vec::new();
    for file in workspace::files_below(folder)? {
        if file.extension().is_some_and(|kind| kind == "rs") {
            let text = workspace::read(&file)?;
            all.push((file, without_comments(before_tests(&text))));
        }
    }
    Ok(all)
}

/// The text up to the module of unit tests, which stands last in a file.
pub fn before_tests(text: &str) -> &str {
    let end = text.find("\n#[cfg(test)]\nmod ").unwrap_or(text.len());
    &text[..end]
}

/// The text with the contents of comments replaced by spaces; lines and columns stay where they are.
pub fn without_comments(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let (skipped, keep) = if rest.starts_with("//") {
            (rest.find('\n').unwrap_or(rest.len()), false)
        } else if rest.starts_with("/*") {
            (rest.find("*/").map_or(rest.len(), |end| end + 2), false)
        } else if first == '"' {
            (string_length(rest), true)
        } else if let Some(raw) = rest.strip_prefix("r#\"") {
            (raw.find("\"#").map_or(rest.len(), |end| end + 5), true)
        } else if rest.starts_with("'\"'") {
            (3, true)
        } else {
            (first.len_utf8(), true)
        };
        let (piece, after) = rest.split_at(skipped);
        if keep {
            out.push_str(piece);
        } else {
            out.extend(piece.chars().map(|c| if c == '\n' { c } else { ' ' }));
        }
        rest = after;
    }
    out
}

/// Length in bytes of the string literal at the start of `text`, quotes included.
pub fn string_length(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// The line number, from 1, of the byte `at` in `text`.
pub fn line_of(text: &str, at: usize) -> usize {
    text[..at].matches('\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_go_and_strings_stay() {
        let text = "a // \"x\"\n\"// no comment\" /* gone\n */ '\"' // b";
        assert_eq!(without_comments(text), "a       \n\"// no comment\"        \n    '\"'     ");
    }

    #[test]
    fn strings_end_at_their_own_quote() {
        assert_eq!(string_length(r#""a\"b" rest"#), 6);
        assert_eq!(string_length("\"open"), 5);
    }

    #[test]
    fn unit_tests_are_cut_off() {
        assert_eq!(before_tests("fn a() {}\n#[cfg(test)]\nmod tests {}"), "fn a() {}");
    }
}
