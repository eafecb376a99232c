use crate::relay::{By, TestRelay};
use serde_json::Value;
use std::collections::BTreeSet;

const METHODS: [&str; 5] = ["GET", "POST", "PUT", "DELETE", "PATCH"];
const ID: &str = "AAAAAAAAAAAAAAAAAAAAAA";

/// The path with something in its braces.
fn concrete(path: &str) -> String {
    let names = path.split('{').skip(1).filter_map(|part| part.split('}').next());
    names.fold(path.to_owned(), |path, name| path.replace(&format!("{{{name}}}"), ID))
}

#[tokio::test]
async fn the_document_tells_of_every_route_and_no_other() {
    let relay = TestRelay::start().await;
    let answer = relay.get("/v1/openapi.json", By::Nobody).await;
    assert_eq!(answer.headers["content-type"], "application/json");
    let document: Value = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!(document["openapi"], "3.1.0");
    let mut operations = BTreeSet::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for method in METHODS {
            let told = methods.get(method.to_lowercase());
            let answer = relay.send(relay.prepare(method, &concrete(path), By::Nobody, Vec::new())).await;
            // What is not routed is 405 with our own sentence; a 404 can be a missing thing, but not on a
            // route that does not exist, because the path is known to exist from the other methods.
            assert_eq!(answer.status != 405, told.is_some(), "{method} {path}: {}", answer.status);
            if let Some(operation) = told {
                assert!(operations.insert(operation["operationId"].as_str().unwrap().to_owned()));
            }
        }
    }
    let served: BTreeSet<String> =
        carnet_server::router::routes().iter().map(|route| format!("{} {}", route.method, route.path)).collect();
    assert_eq!(operations.len(), served.len());
}

#[tokio::test]
async fn every_path_of_the_protocol_is_routed() {
    let routed: BTreeSet<&str> = carnet_server::router::routes().iter().map(|route| route.path).collect();
    let source = include_str!("../../../crates/protocol/src/api/path.rs");
    let paths = source.lines().filter(|line| line.starts_with("pub const")).filter_map(|line| line.split('"').nth(1));
    for path in paths {
        assert!(routed.contains(path), "{path}");
    }
}

#[tokio::test]
async fn references_lead_somewhere() {
    let document = carnet_server::handler::openapi::document(&carnet_server::router::routes());
    let text = document.to_string();
    for reference in text.split("\"$ref\":\"#/").skip(1) {
        let path = format!("/{}", reference.split('"').next().unwrap());
        assert!(document.pointer(&path).is_some(), "{path}");
    }
}
