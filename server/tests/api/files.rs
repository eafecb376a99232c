use crate::{
    client::{Answer, send_raw},
    relay::{By, TestRelay},
};
use http_body_util::Full;
use hyper::Request;

const SCRIPT: &str = "/app-0123456789abcdef.js";

async fn with_app() -> (TestRelay, tempfile::TempDir) {
    let app = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(app.path().join(name), text).unwrap();
    write("index.html", "<!doctype html>app");
    write("index.html.gz", "gzipped page");
    write("sw.js", "worker");
    write(&SCRIPT[1..], "script");
    write(&format!("{}.br", &SCRIPT[1..]), "brotli script");
    write(&format!("{}.gz", &SCRIPT[1..]), "gzipped script");
    write("app-0123456789abcdef_bg.wasm", "wasm");
    write("manifest.webmanifest", "{}");
    let folder = app.path().to_owned();
    std::fs::write(folder.join(".secret.txt"), "hidden").unwrap();
    (TestRelay::start_with(|config| config.app_dir = Some(folder)).await, app)
}

async fn fetch(relay: &TestRelay, path: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = Request::get(path).header("host", "localhost");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    send_raw(relay.address(), request.body(Full::default()).unwrap()).await
}

#[tokio::test]
async fn hashed_files_stay_and_the_rest_is_checked_each_time() {
    let (relay, _app) = with_app().await;
    let script = fetch(&relay, SCRIPT, &[]).await;
    assert_eq!(script.body, b"script");
    assert_eq!(script.headers["cache-control"], "public, max-age=31536000, immutable");
    assert_eq!(script.headers["content-type"], "text/javascript; charset=utf-8");
    let wasm = fetch(&relay, "/app-0123456789abcdef_bg.wasm", &[]).await;
    assert_eq!(wasm.headers["content-type"], "application/wasm");
    assert_eq!(wasm.headers["cache-control"], "public, max-age=31536000, immutable");
    let manifest = fetch(&relay, "/manifest.webmanifest", &[]).await;
    assert_eq!(manifest.headers["content-type"], "application/manifest+json");
    for path in ["/", "/index.html", "/sw.js"] {
        let page = fetch(&relay, path, &[]).await;
        assert_eq!(page.headers["cache-control"], "no-cache", "{path}");
        let tag = page.headers["etag"].to_str().unwrap().to_owned();
        let again = fetch(&relay, path, &[("if-none-match", &tag)]).await;
        assert_eq!((again.status, again.body.len()), (304, 0), "{path}");
    }
}

#[tokio::test]
async fn the_best_accepted_encoding_is_sent_and_named() {
    let (relay, _app) = with_app().await;
    for (accepted, body, encoding) in [
        ("gzip, deflate, br", "brotli script", Some("br")),
        ("gzip", "gzipped script", Some("gzip")),
        ("br;q=0, gzip;q=0.5", "gzipped script", Some("gzip")),
        ("identity", "script", None),
    ] {
        let script = fetch(&relay, SCRIPT, &[("accept-encoding", accepted)]).await;
        assert_eq!(script.body, body.as_bytes(), "{accepted}");
        assert_eq!(script.headers.get("content-encoding").map(|e| e.to_str().unwrap()), encoding, "{accepted}");
        assert_eq!(script.headers["vary"], "accept-encoding");
        assert_eq!(script.headers["content-type"], "text/javascript; charset=utf-8");
    }
    let page = fetch(&relay, "/s", &[("accept-encoding", "br, gzip")]).await;
    assert_eq!(page.body, b"gzipped page");
}

#[tokio::test]
async fn pages_are_the_apps_and_nothing_outside_the_folder_is_served() {
    let (relay, _app) = with_app().await;
    for path in ["/vehicles/abc", "/s", "/s%23AAAAAAAAAAAAAAAAAAAAAA.secret", "/desk"] {
        let page = fetch(&relay, path, &[]).await;
        assert_eq!((page.status, page.body.as_slice()), (200, b"<!doctype html>app".as_slice()), "{path}");
    }
    for path in ["/../data/relay.sqlite", "/%2e%2e/data/relay.sqlite", "/.secret.txt", "/missing.js", "/sw.js.br"] {
        assert_eq!(fetch(&relay, path, &[]).await.status, 404, "{path}");
    }
    assert_eq!(fetch(&relay, "/v1", &[]).await.status, 404);
    assert_eq!(fetch(&relay, "/v1/nothing", &[]).await.status, 404);
}

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let (relay, _app) = with_app().await;
    for path in ["/", SCRIPT, "/missing.js", "/v1/info", "/v1/nothing", "/v1/inbox"] {
        let headers = fetch(&relay, path, &[]).await.headers;
        let policy = headers["content-security-policy"].to_str().unwrap();
        assert!(policy.starts_with("default-src 'none'; script-src 'self' 'wasm-unsafe-eval';"), "{path}");
        assert!(policy.contains("require-trusted-types-for 'script'"));
        assert_eq!(headers["referrer-policy"], "no-referrer", "{path}");
        assert_eq!(headers["x-content-type-options"], "nosniff");
        assert_eq!(headers["cross-origin-opener-policy"], "same-origin");
        assert_eq!(headers["cross-origin-embedder-policy"], "require-corp");
        assert_eq!(headers["cross-origin-resource-policy"], "same-origin");
        assert!(headers.contains_key("cache-control"));
        assert!(!headers.contains_key("strict-transport-security"));
        assert!(!headers.contains_key("access-control-allow-origin"));
    }
    let relay = TestRelay::start_with(|config| config.https = true).await;
    let answer = relay.get("/", By::Nobody).await;
    assert!(answer.headers.contains_key("strict-transport-security"));
    assert!(String::from_utf8(answer.body).unwrap().contains("without the app"));
}
