//! The built app: hashed files forever, the rest checked each time, precompressed where the build left a `.br` or `.gz`.
//!
//! Every path without an extension is the app's (its router shows what belongs there). That includes links that a mail
//! program mangled to `/s%23...`: they get the app, which mends them; the path is neither looked up nor logged.

use crate::error::ApiError;
use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, HeaderValue, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use percent_encoding::percent_decode_str;
use std::{
    collections::HashMap,
    path::{Component, Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::UNIX_EPOCH,
};

const IMMUTABLE: &str = "public, max-age=31536000, immutable";
const CHECKED: &str = "no-cache";
const WITHOUT_APP: &str = "This is a Carnet relay. It was started without the app; its interface is under /v1.\n";
/// Encodings with their file extension, best first.
const ENCODINGS: [(&str, &str); 2] = [("br", "br"), ("gzip", "gz")];

/// The folder of the built app.
#[derive(Debug, Clone)]
pub struct AppFiles {
    root: Option<PathBuf>,
    /// What was served, by file, with its tag: readers share one copy, however slowly they take it. As large as the app.
    served: Arc<Mutex<HashMap<PathBuf, (String, Bytes)>>>,
}

struct Found {
    file: PathBuf,
    encoding: Option<&'static str>,
    size: u64,
    tag: String,
}

impl AppFiles {
    /// Files below `root`; without it, one sentence.
    pub fn new(root: Option<PathBuf>) -> Self {
        Self { root, served: Arc::default() }
    }

    /// Answers a GET for `uri`.
    ///
    /// # Errors
    /// [`ApiError::NotFound`] for a file that is not there, [`ApiError::Internal`] for one that cannot be read.
    pub async fn serve(&self, uri: &Uri, headers: &HeaderMap) -> Result<Response, ApiError> {
        let Some(root) = &self.root else {
            return Ok(([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], WITHOUT_APP).into_response());
        };
        let name = file_name(uri.path()).ok_or(ApiError::NotFound)?;
        let found = find(&root.join(&name), headers).await.ok_or(ApiError::NotFound)?;
        let unchanged = headers.get(header::IF_NONE_MATCH).is_some_and(|seen| tag_matches(seen, &found.tag));
        let body = if unchanged { Body::empty() } else { self.bytes(&found).await?.into() };
        let mut response = Response::new(body);
        if unchanged {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
        }
        describe(response.headers_mut(), &name, &found);
        Ok(response)
    }

    async fn bytes(&self, found: &Found) -> Result<Bytes, ApiError> {
        let served = || self.served.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, bytes)) = served().get(&found.file).filter(|(tag, _)| *tag == found.tag) {
            return Ok(bytes.clone());
        }
        let bytes = Bytes::from(tokio::fs::read(&found.file).await.map_err(|_| ApiError::Internal)?);
        served().insert(found.file.clone(), (found.tag.clone(), bytes.clone()));
        Ok(bytes)
    }
}

/// The file below the root that a path asks for; `None` when no path may ask for it.
fn file_name(path: &str) -> Option<PathBuf> {
    let decoded = percent_decode_str(path).decode_utf8().ok()?;
    // A mangled share link carries its `#` in the path; what follows is not the server's to read.
    let page = decoded.split('#').next().unwrap_or_default().trim_start_matches('/');
    if page.contains(['\\', '\0']) || page.split('/').any(|part| part.starts_with('.')) {
        return None;
    }
    let relative = Path::new(page);
    if relative.components().any(|part| !matches!(part, Component::Normal(_))) {
        return None;
    }
    // The compressed twins are ways to send a file, not files.
    match relative.extension().and_then(|extension| extension.to_str()) {
        None => Some(PathBuf::from("index.html")),
        Some("br" | "gz") => None,
        Some(_) => Some(relative.to_owned()),
    }
}

async fn find(file: &Path, headers: &HeaderMap) -> Option<Found> {
    for (encoding, extension) in ENCODINGS {
        if accepts(headers, encoding) {
            let mut twin = file.as_os_str().to_owned();
            twin.push(".");
            twin.push(extension);
            if let Some(found) = look(PathBuf::from(twin), Some(encoding)).await {
                return Some(found);
            }
        }
    }
    look(file.to_owned(), None).await
}

async fn look(file: PathBuf, encoding: Option<&'static str>) -> Option<Found> {
    // Not followed: a link out of the folder is not part of the app.
    let metadata = tokio::fs::symlink_metadata(&file).await.ok().filter(std::fs::Metadata::is_file)?;
    let modified = metadata.modified().ok()?.duration_since(UNIX_EPOCH).ok()?.as_nanos();
    let size = metadata.len();
    Some(Found { file, encoding, size, tag: format!("\"{size:x}-{modified:x}\"") })
}

fn describe(headers: &mut HeaderMap, name: &Path, found: &Found) {
    let cache = if is_hashed(name) { IMMUTABLE } else { CHECKED };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type(name)));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Ok(tag) = HeaderValue::from_str(&found.tag) {
        headers.insert(header::ETAG, tag);
    }
    if let Some(encoding) = found.encoding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    tracing::trace!(bytes = found.size, "app file");
}

/// Whether the client takes an encoding: named, and not with a weight of zero.
fn accepts(headers: &HeaderMap, encoding: &str) -> bool {
    headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok()).any(|value| {
        value.split(',').any(|item| {
            let (name, weight) = item.split_once(';').unwrap_or((item, "q=1"));
            let weight = weight.trim().strip_prefix("q=").and_then(|weight| weight.parse::<f32>().ok());
            name.trim().eq_ignore_ascii_case(encoding) && weight.unwrap_or(1.0) > 0.0
        })
    })
}

fn tag_matches(seen: &HeaderValue, tag: &str) -> bool {
    let seen = seen.to_str().unwrap_or_default();
    seen.split(',').any(|one| one.trim().trim_start_matches("W/") == tag)
}

/// Whether the build put a hash into the name: `name-<16 hex digits>.ext` or `name-<16 hex digits>_bg.wasm`.
fn is_hashed(name: &Path) -> bool {
    let stem = name.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    let stem = stem.strip_suffix("_bg").unwrap_or(stem);
    let hash = stem.rsplit_once('-').map_or("", |(_, hash)| hash);
    hash.len() >= 15 && hash.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn media_type(name: &Path) -> &'static str {
    match name.extension().and_then(|extension| extension.to_str()).unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "webmanifest" => "application/manifest+json",
        "json" | "map" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        "pdf" => "application/pdf",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn no_path_leads_out_of_the_folder_or_to_a_hidden_file() {
        for path in
            ["/../secret.txt", "/a/../../b.txt", "/%2e%2e/secret.txt", "/.env.txt", "/a\\..\\b.txt", "/a/./b.js"]
        {
            assert_eq!(file_name(path), None, "{path}");
        }
        assert_eq!(file_name("/a/b.js"), Some(PathBuf::from("a/b.js")));
        assert_eq!(file_name("//etc/passwd.txt"), Some(PathBuf::from("etc/passwd.txt")));
        assert_eq!(file_name("/app.wasm.br"), None);
    }

    #[test]
    fn pages_are_the_apps_and_a_mangled_share_link_too() {
        for path in ["/", "/vehicles/abc", "/s", "/s%23AAAA.BBBB", "/s%23..%2f..%2fx.js"] {
            assert_eq!(file_name(path), Some(PathBuf::from("index.html")), "{path}");
        }
    }

    #[test]
    fn only_names_with_a_hash_are_kept_forever() {
        for name in ["app-1a2b3c4d5e6f7a8b.js", "app-1a2b3c4d5e6f7a8b_bg.wasm", "main-1a2b3c4d5e6f7a8b.css"] {
            assert!(is_hashed(Path::new(name)), "{name}");
        }
        for name in ["index.html", "sw.js", "app-icon.png", "manifest.webmanifest", "boot-abc.js"] {
            assert!(!is_hashed(Path::new(name)), "{name}");
        }
    }

    #[test]
    fn an_encoding_refused_by_weight_is_not_used() {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_ENCODING, "gzip, br;q=0".parse().unwrap());
        assert!(accepts(&headers, "gzip"));
        assert!(!accepts(&headers, "br"));
    }

    /// A slow reader holds what it has not taken yet; a copy each would be the app's size times the connections.
    #[tokio::test]
    async fn readers_of_a_file_share_its_bytes_until_it_changes() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("index.html"), "first").unwrap();
        let files = AppFiles::new(Some(folder.path().to_owned()));
        let read = async || {
            let answer = files.serve(&Uri::from_static("/"), &HeaderMap::new()).await.unwrap();
            axum::body::to_bytes(answer.into_body(), 100).await.unwrap()
        };
        let (one, other) = (read().await, read().await);
        assert_eq!((one.as_ptr(), &one[..]), (other.as_ptr(), &b"first"[..]));
        std::fs::write(folder.path().join("index.html"), "second").unwrap();
        assert_eq!(&read().await[..], b"second");
    }
}
