//! Finds elements in views that Leptos would make from an HTML string.
//!
//! Leptos turns a nested element with literal attributes only and no dynamic child into a string for `innerHTML`. The
//! page's Trusted Types rule refuses that, and for good reason: without it the shipped module holds no way at all to
//! turn a string into markup. See the head of `src/ui.rs` for what to write instead.

use std::path::{Path, PathBuf};
use std::{fs, io};

fn sources(folder: &Path, found: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            sources(&path, found)?;
        } else if path.extension().is_some_and(|kind| kind == "rs") {
            found.push(path);
        }
    }
    Ok(())
}

/// The start tag at the beginning of `text`, if it has attributes and all of them are literals: what follows it, and
/// whether it closes itself.
fn literal_tag(text: &str) -> Option<(&str, bool, bool)> {
    let name_end = text.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-'))?;
    if !text.starts_with(|c: char| c.is_ascii_lowercase()) {
        return None;
    }
    let mut rest = text[name_end..].trim_start();
    let mut attributes = false;
    loop {
        if let Some(after) = rest.strip_prefix("/>") {
            return Some((after, true, attributes));
        }
        if let Some(after) = rest.strip_prefix('>') {
            return Some((after, false, attributes));
        }
        let key_end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || "-_".contains(c)))?;
        if key_end == 0 {
            return None;
        }
        rest = rest[key_end..].trim_start();
        attributes = true;
        if let Some(value) = rest.strip_prefix('=') {
            let literal = value.trim_start().strip_prefix('"')?;
            rest = literal[literal.find('"')? + 1..].trim_start();
        }
    }
}

/// Whether the element at the beginning of `text` (behind its `<`) is inert. Nested inert children are found by
/// themselves, so only what follows the start tag counts.
fn is_inert(text: &str) -> bool {
    match literal_tag(text) {
        Some((_, true, attributes)) => attributes,
        Some((after, false, attributes)) => {
            let after = after.trim_start();
            after.starts_with('"') || (attributes && after.starts_with("</"))
        }
        None => false,
    }
}

#[test]
fn no_view_holds_an_inert_element() -> io::Result<()> {
    let mut files = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files)?;
    assert!(files.len() > 20, "the sources were found");
    let mut slips = Vec::new();
    for file in files {
        let text: String = fs::read_to_string(&file)?
            .lines()
            .map(|line| if line.trim_start().starts_with("//") { "\n".to_owned() } else { format!("{line}\n") })
            .collect();
        for (at, _) in text.match_indices('<').filter(|(at, _)| is_inert(&text[at + 1..])) {
            slips.push(format!("{}:{}", file.display(), text[..at].lines().count().max(1)));
        }
    }
    assert!(
        slips.is_empty(),
        "inert elements (give one attribute as an expression, such as TRUE):\n{}",
        slips.join("\n")
    );
    Ok(())
}

#[test]
fn the_finder_knows_an_inert_element() {
    for inert in
        [r#"span class="dot"></span>"#, r#"path d="M0 0" />"#, "p>\"words\"</p>", "option value=\"a\">\n</option>"]
    {
        assert!(is_inert(inert), "{inert}");
    }
    for dynamic in [
        r#"span class="dot" aria-hidden=TRUE></span>"#,
        "br/>",
        "p>{text}</p>",
        "Icon glyph />",
        "u8>>()",
        "T: Into<Text>",
    ] {
        assert!(!is_inert(dynamic), "{dynamic}");
    }
}
