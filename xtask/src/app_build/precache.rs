//! The list of all files of the app, for the service worker, and the id of this build.
//!
//! `precache.json` is `{"build": "<16 hex digits>", "files": [{"url": "/...", "hash": "<hex SHA-256>", "bytes": n}, ...]}`,
//! sizes uncompressed. A service worker is compared byte by byte by the browser to find a new version, so the
//! build id replaces the word `__CARNET_BUILD__` in it.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::failure::{Failure, Result};
use crate::workspace;

const LIST: &str = "precache.json";
const PLACEHOLDER: &str = "__CARNET_BUILD__";

/// Writes the list and stamps the service worker.
pub fn write(dist: &Path) -> Result<()> {
    let mut files = Vec::new();
    let mut worker = None;
    for path in workspace::files_below(dist)? {
        let bytes = fs::read(&path).map_err(|error| Failure::file(&path, &error))?;
        let url = url(dist, &path);
        if url == format!("/{LIST}") {
            continue;
        }
        match String::from_utf8(bytes) {
            Ok(text) if url.ends_with(".js") && text.contains(PLACEHOLDER) => worker = Some((path, text)),
            Ok(text) => files.push(entry(&url, text.as_bytes())),
            Err(binary) => files.push(entry(&url, binary.as_bytes())),
        }
    }
    let worker_text = worker.as_ref().map_or("", |(_, text)| text.as_str());
    let listed = Value::Array(files.clone()).to_string();
    let build = workspace::sha256_hex(format!("{listed}{worker_text}").as_bytes())[..16].to_owned();
    if let Some((path, text)) = worker {
        workspace::write(&path, text.replace(PLACEHOLDER, &build))?;
    }
    workspace::write(&dist.join(LIST), json!({ "build": build, "files": files }).to_string())
}

fn entry(url: &str, bytes: &[u8]) -> Value {
    json!({ "url": url, "hash": workspace::sha256_hex(bytes), "bytes": bytes.len() })
}

fn url(dist: &Path, path: &Path) -> String {
    let parts: Vec<_> = path
        .strip_prefix(dist)
        .unwrap_or(path)
        .components()
        .map(|part| part.as_os_str().to_string_lossy().into_owned())
        .collect();
    format!("/{}", parts.join("/"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn build_of(dist: &Path) -> String {
        let list: Value = serde_json::from_str(&fs::read_to_string(dist.join(LIST)).unwrap()).unwrap();
        list["build"].as_str().unwrap().to_owned()
    }

    #[test]
    fn the_build_id_follows_every_file_and_the_worker() {
        let folder = tempfile::tempdir().unwrap();
        let dist = folder.path();
        let worker = "const BUILD = '__CARNET_BUILD__';";
        fs::write(dist.join("a.js"), "1").unwrap();
        fs::write(dist.join("sw.js"), worker).unwrap();
        write(dist).unwrap();
        let first = build_of(dist);
        assert!(fs::read_to_string(dist.join("sw.js")).unwrap().contains(&first));

        fs::write(dist.join("sw.js"), worker).unwrap();
        write(dist).unwrap();
        assert_eq!(build_of(dist), first);

        fs::write(dist.join("a.js"), "2").unwrap();
        fs::write(dist.join("sw.js"), worker).unwrap();
        write(dist).unwrap();
        let second = build_of(dist);
        assert_ne!(second, first);

        fs::write(dist.join("sw.js"), format!("{worker} more();")).unwrap();
        write(dist).unwrap();
        assert_ne!(build_of(dist), second);
    }

    #[test]
    fn files_in_folders_keep_their_path() {
        assert_eq!(url(Path::new("d"), Path::new("d/icons/a.svg")), "/icons/a.svg");
        assert_eq!(url(Path::new("d"), Path::new("d/index.html")), "/index.html");
    }
}
