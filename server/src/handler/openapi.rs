//! The OpenAPI 3.1 document, made from the router's own table, so that it cannot tell of routes that are not there.

use crate::{
    auth::Anyone,
    error::ApiError,
    router::{Proof, Route, routes},
};
use axum::{
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use carnet_protocol::{
    api::CBOR,
    limits::{INLINE_RECORD_MAX, PAGE_MAX},
};
use serde_json::{Map, Value, json};
use std::{collections::BTreeSet, sync::OnceLock};

/// The document as JSON.
pub async fn show(_: Anyone) -> Result<Response, ApiError> {
    static DOCUMENT: OnceLock<String> = OnceLock::new();
    let text = DOCUMENT.get_or_init(|| document(&routes()).to_string());
    Ok(([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], text.as_str()).into_response())
}

/// The document of a table of routes.
pub fn document(routes: &[Route]) -> Value {
    let mut paths = Map::new();
    for route in routes {
        let path = paths.entry(route.path).or_insert_with(|| Value::Object(Map::new()));
        path[route.method.to_lowercase()] = operation(route);
    }
    let schemas: BTreeSet<&str> = routes.iter().flat_map(|route| [route.takes, route.answers]).collect();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Carnet relay",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Bodies are canonical CBOR as docs/formats/api.md describes; errors are RFC 9457 problem \
                details in JSON. The relay sees sealed bytes only.",
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "paths": paths,
        "components": {
            "schemas": schemas.iter().filter(|name| !name.is_empty()).map(|name| schema(name)).collect::<Map<_, _>>(),
            "responses": { "Problem": problem() },
            "securitySchemes": {
                "key": { "type": "http", "scheme": "Carnet-Key", "description": "Signature over the request." },
                "view": { "type": "http", "scheme": "Carnet-View", "description": "Token that opening a link gave." },
            },
        },
    })
}

fn operation(route: &Route) -> Value {
    let mut operation = json!({
        "summary": route.says,
        "operationId": operation_id(route),
        "security": security(route.proof),
        "parameters": parameters(route),
        "responses": { "default": { "$ref": "#/components/responses/Problem" } },
    });
    let media = media_type(route.answers);
    operation["responses"][if route.answers.is_empty() { "204" } else { "200" }] = if route.answers.is_empty() {
        json!({ "description": "Done" })
    } else {
        json!({ "description": route.answers, "content": { media: reference(route.answers) } })
    };
    if route.is_receipted() {
        let success = if route.answers.is_empty() { "204" } else { "200" };
        operation["responses"][success]["headers"] = json!({ "Carnet-Receipt": {
            "description": "The log's signature over request and answer, docs/formats/receipt.md.",
            "schema": { "type": "string", "format": "base64url" },
        } });
    }
    if !route.takes.is_empty() {
        operation["requestBody"] = json!({
            "required": true,
            "description": format!("At most {} bytes.", route.body_max()),
            "content": { CBOR: reference(route.takes) },
        });
    }
    operation
}

/// `get_v1_grants_grant_records`: unique because method and path are.
fn operation_id(route: &Route) -> String {
    let path = route.path.replace(['{', '}'], "").replace(['/', '.'], "_");
    format!("{}{path}", route.method.to_lowercase())
}

fn security(proof: Proof) -> Value {
    match proof {
        Proof::Open => json!([]),
        Proof::GranteeOrView => json!([{ "key": [] }, { "view": [] }]),
        Proof::StreamKey
        | Proof::HouseholdKey
        | Proof::GranteeKey
        | Proof::EitherKey
        | Proof::OwnKey
        | Proof::Member => {
            json!([{ "key": [] }])
        }
    }
}

fn parameters(route: &Route) -> Value {
    let identifiers = route.path.split('{').skip(1).filter_map(|part| part.split('}').next());
    let mut parameters: Vec<Value> = identifiers
        .map(|name| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string", "format": "base64url" } }))
        .collect();
    if ["EventPage", "LeafPage", "RecordPage", "ViewPage"].contains(&route.answers) {
        parameters.push(json!({ "name": "after", "in": "query", "schema": { "type": "integer", "minimum": 0 },
            "description": format!("`next` of the page before; at most {PAGE_MAX} entries come at a time, records \
                over {INLINE_RECORD_MAX} bytes without their bytes.") }));
    }
    if route.answers == "EventStream" {
        parameters.push(json!({ "name": "ticket", "in": "query", "required": true, "schema": { "type": "string" } }));
        parameters.push(json!({ "name": "Last-Event-ID", "in": "header", "schema": { "type": "integer" } }));
    }
    Value::Array(parameters)
}

fn media_type(name: &str) -> &'static str {
    match name {
        "OpenAPI" => "application/json",
        "EventStream" => "text/event-stream",
        "Note" => "text/plain",
        _ => CBOR,
    }
}

fn reference(name: &str) -> Value {
    json!({ "schema": { "$ref": format!("#/components/schemas/{name}") } })
}

fn schema(name: &str) -> (String, Value) {
    let says = match name {
        "OpenAPI" => "This document.".to_owned(),
        "EventStream" => "Server-sent events; `reset` means that some may have been missed.".to_owned(),
        "Note" => "A signed note, docs/formats/checkpoint.md.".to_owned(),
        _ => format!("Canonical CBOR of `{name}`, docs/formats/api.md."),
    };
    (name.to_owned(), json!({ "type": "string", "contentMediaType": media_type(name), "description": says }))
}

fn problem() -> Value {
    json!({
        "description": "What went wrong (RFC 9457).",
        "content": { "application/problem+json": { "schema": {
            "type": "object",
            "required": ["type", "title", "status", "code"],
            "properties": {
                "type": { "type": "string" },
                "title": { "type": "string" },
                "status": { "type": "integer" },
                "code": { "type": "string" },
                "detail": { "type": "string" },
            },
        } } },
    })
}
