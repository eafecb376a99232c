//! Headers that every answer carries: what the browser must not do with it.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, header},
    middleware::Next,
    response::Response,
};

/// The content security policy. `wasm-unsafe-eval` lets WebAssembly compile and nothing else be evaluated; attachments
/// are saved, never shown, so nothing needs `blob:`; every script and worker URL goes through the app's one policy.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; \
    style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; worker-src 'self'; \
    manifest-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'; \
    require-trusted-types-for 'script'; trusted-types carnet";

/// The camera scans codes; the rest is not asked for.
const PERMISSIONS_POLICY: &str = "camera=(self), accelerometer=(), autoplay=(), display-capture=(), geolocation=(), \
    gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), serial=(), usb=()";

const FIXED: [(HeaderName, &str); 8] = [
    (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-embedder-policy"), "require-corp"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("permissions-policy"), PERMISSIONS_POLICY),
];

/// Two years, the value the preload lists ask for.
const HSTS: &str = "max-age=63072000; includeSubDomains";

/// Whether browsers reach the relay by HTTPS, by its own or a proxy's certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// They do: HSTS is sent.
    Https,
    /// Plain HTTP, for one machine.
    Http,
}

/// Middleware that sets them.
pub async fn secure(State(transport): State<Transport>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    set(response.headers_mut(), transport);
    response
}

fn set(headers: &mut HeaderMap, transport: Transport) {
    for (name, value) in FIXED {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if transport == Transport::Https {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(HSTS));
    }
    // What is not said to be cacheable is not: answers of the interface hold what only their reader should have.
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policy_is_strict_and_hsts_only_over_https() {
        assert!(!CONTENT_SECURITY_POLICY.contains("unsafe-inline"));
        assert!(!CONTENT_SECURITY_POLICY.contains("'unsafe-eval'"));
        assert!(!CONTENT_SECURITY_POLICY.contains("  "));
        for (transport, expected) in [(Transport::Http, false), (Transport::Https, true)] {
            let mut headers = HeaderMap::new();
            set(&mut headers, transport);
            assert_eq!(headers.contains_key(header::STRICT_TRANSPORT_SECURITY), expected);
            assert_eq!(headers[header::CACHE_CONTROL], "no-store");
        }
    }
}
