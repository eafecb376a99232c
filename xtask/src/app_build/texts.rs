//! The texts of each language as a file of its own, named in the head of the page.

use std::path::Path;

use super::catalogue::{Catalogue, LANGUAGES};
use crate::failure::{Failure, Result};
use crate::workspace;

/// Writes `text-<language>-<hash>.txt` for every language in `locales` into `dist`, and their names into the page.
pub fn write(locales: &Path, dist: &Path) -> Result<()> {
    let catalogue = Catalogue::read(locales).map_err(|error| Failure::file(locales, &error))?;
    let mut names = String::new();
    for (index, language) in LANGUAGES.iter().enumerate() {
        let text = catalogue.text(index);
        let name = format!("text-{language}-{}.txt", &workspace::sha256_hex(text.as_bytes())[..16]);
        names.push_str(&format!("<meta name=\"text-{language}\" content=\"/{name}\">"));
        workspace::write(&dist.join(name), text)?;
    }
    let path = dist.join("index.html");
    let page = workspace::read(&path)?;
    workspace::write(&path, super::before_scripts(&page, &names)?)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::fs;

    #[test]
    fn every_language_has_a_file_that_the_page_names() {
        let folder = tempfile::tempdir().unwrap();
        let (locales, dist) = (folder.path().join("locales"), folder.path().join("dist"));
        fs::create_dir_all(&locales).unwrap();
        fs::create_dir_all(&dist).unwrap();
        let cars = r#"{ "one": "a car", "other": "{count} cars" }"#;
        let messages = format!(
            r#"{{ "b": {{ "en": "B", "fr": "Bé", "zh-Hant": "乙" }}, "a": {{ "en": {cars}, "fr": {cars}, "zh-Hant": "{{count}}" }} }}"#
        );
        fs::write(locales.join("x.json"), messages).unwrap();
        fs::write(dist.join("index.html"), "<meta charset=utf-8><script src=/boot.js></script>").unwrap();
        write(&locales, &dist).unwrap();
        let page = fs::read_to_string(dist.join("index.html")).unwrap();
        let name = page.split("name=\"text-en\" content=\"/").nth(1).unwrap().split('"').next().unwrap();
        assert_eq!(fs::read_to_string(dist.join(name)).unwrap(), "B\u{1f}a car\u{1e}{count} cars");
        assert!(page.find("/text-zh-Hant-").unwrap() < page.find("<script").unwrap());
    }
}
