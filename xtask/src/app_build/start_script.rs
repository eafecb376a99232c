//! Moves inline scripts of the page into files of their own.
//!
//! Trunk starts the app from an inline module; the content security policy (`script-src 'self'`) allows none. A file
//! whose name carries its hash does the same and can be cached for ever.

use std::path::Path;

use crate::failure::{Failure, Result};
use crate::workspace;

/// Extracts every inline script of `dist/index.html`; refuses a page that the policy would still break.
pub fn extract(dist: &Path) -> Result<()> {
    let path = dist.join("index.html");
    let page = workspace::read(&path)?;
    let (page, scripts) = split(&page);
    for script in scripts {
        workspace::write(&dist.join(&script.name), script.body)?;
    }
    if let Some(offence) = offence(&page) {
        return Err(Failure::new(
            format!("dist/index.html still holds {offence}, which the content security policy forbids."),
            "Move it out of app/index.html into a file of its own.",
        ));
    }
    workspace::write(&path, page)
}

struct Script {
    name: String,
    body: String,
}

/// The page with inline scripts replaced by references, and those scripts.
fn split(page: &str) -> (String, Vec<Script>) {
    let mut out = String::with_capacity(page.len());
    let mut scripts = Vec::new();
    let mut rest = page;
    while let Some((before, attributes, body, after)) = next_script(rest) {
        out.push_str(before);
        if body.trim().is_empty() || is_data(attributes) {
            out.push_str(&rest[before.len()..rest.len() - after.len()]);
        } else {
            let name = format!("start-{}.js", &workspace::sha256_hex(body.as_bytes())[..16]);
            out.push_str(&format!("<script{attributes} src=\"/{name}\"></script>"));
            scripts.push(Script { name, body: body.to_owned() });
        }
        rest = after;
    }
    out.push_str(rest);
    (out, scripts)
}

/// Text before the next script element, its attributes with their leading space, its body, text after it.
fn next_script(page: &str) -> Option<(&str, &str, &str, &str)> {
    let start = page.find("<script")?;
    let tag = &page[start + "<script".len()..];
    let (attributes, inside) = tag.split_once('>')?;
    let (body, after) = inside.split_once("</script>")?;
    Some((&page[..start], attributes, body, after))
}

/// Data blocks are not run, so the policy lets them pass.
fn is_data(attributes: &str) -> bool {
    attributes.contains("json")
}

/// What in the page the policy forbids, if anything.
fn offence(page: &str) -> Option<&'static str> {
    let lower = page.to_ascii_lowercase();
    if lower.contains("<style") {
        return Some("an inline style sheet");
    }
    let tags = lower.split('<').filter_map(|tag| tag.split('>').next());
    for tag in tags {
        if tag.contains(" style=") {
            return Some("an inline style");
        }
        if tag.split_whitespace().skip(1).any(|word| word.starts_with("on") && word.contains('=')) {
            return Some("an inline event handler");
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_inline_module_moves_into_a_file_named_by_its_hash() {
        let (page, scripts) = split("<body><script type=module>import a from '/a.js';a()</script></body>");
        assert_eq!(scripts.len(), 1);
        assert_eq!(scripts[0].body, "import a from '/a.js';a()");
        assert_eq!(page, format!("<body><script type=module src=\"/{}\"></script></body>", scripts[0].name));
    }

    #[test]
    fn scripts_with_a_source_and_data_stay() {
        let page = "<script src=\"/a.js\"></script><script type=\"application/json\">{}</script><p>x</p>";
        assert_eq!(split(page).0, page);
    }

    #[test]
    fn what_the_policy_forbids_is_found() {
        assert_eq!(offence("<p style=\"x\">"), Some("an inline style"));
        assert_eq!(offence("<STYLE>p{}</STYLE>"), Some("an inline style sheet"));
        assert_eq!(offence("<p onclick=\"x()\">"), Some("an inline event handler"));
        assert_eq!(offence("<p class=\"on\">2 > 1 on=off</p>"), None);
    }
}
