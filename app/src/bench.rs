//! What `cargo xtask bench` calls in the page: cars of any size, shares, and the marks of the wallet's worker. Reached
//! as `window.wasmBindings`; compiled only with the feature `bench`.

use crate::wallet::{CallError, WalletClient};
use carnet_protocol::id::StreamId;
use carnet_wallet::{
    command::{Answer, Command},
    marks,
};
use js_sys::{Array, Reflect};
use leptos::prelude::*;
use std::{cell::Cell, str::FromStr};
use wasm_bindgen::{JsCast, prelude::*};

thread_local! {
    static CLIENT: Cell<Option<WalletClient>> = const { Cell::new(None) };
}

/// Keeps the page's client for the functions below.
pub(crate) fn provide(client: WalletClient) {
    CLIENT.set(Some(client));
}

/// Starts noting marks in the worker.
pub(crate) fn start_clock() {
    marks::start(now);
}

/// Milliseconds since 1970, finer than `Date`: comparable between page and worker.
fn now() -> f64 {
    let performance = Reflect::get(&js_sys::global(), &"performance".into());
    let performance: Option<web_sys::Performance> = performance.ok().map(JsCast::unchecked_into);
    performance.map_or(f64::NAN, |performance| performance.time_origin() + performance.now())
}

/// Adds a car with so many records; gives its id.
///
/// # Errors
/// The wallet is not open.
#[wasm_bindgen]
pub async fn bench_add(records: u32) -> Result<String, JsValue> {
    match call(Command::AddBenchVehicle { records }).await? {
        Answer::Vehicle(card) => Ok(card.vehicle.to_string()),
        _ => Err("not a car".into()),
    }
}

/// What waits to be sent; -1 until the wallet has said so.
#[wasm_bindgen]
pub fn bench_waiting() -> i32 {
    let view = CLIENT.get().and_then(|client| client.sync_view().get_untracked());
    view.map_or(-1, |view| i32::try_from(view.waiting).unwrap_or(i32::MAX))
}

/// Checks all sealed records of a car; gives `[name, milliseconds]` of each part.
///
/// # Errors
/// The car is not there.
#[wasm_bindgen]
pub async fn bench_check(vehicle: String) -> Result<Array, JsValue> {
    marks_of(call(Command::CheckBenchVehicle { vehicle: id(&vehicle)? }).await?)
}

/// Shares everything of a car; gives the bytes of the grant.
///
/// # Errors
/// The car is not there.
#[wasm_bindgen]
pub async fn bench_share(vehicle: String) -> Result<f64, JsValue> {
    match call(Command::ShareBenchVehicle { vehicle: id(&vehicle)? }).await? {
        Answer::Bytes(bytes) => Ok(bytes as f64),
        _ => Err("not a size".into()),
    }
}

/// Takes back one share of a car of which so many others stand; gives `[name, milliseconds]` of each part.
///
/// # Errors
/// The car is not there.
#[wasm_bindgen]
pub async fn bench_revoke(vehicle: String, grantees: u32) -> Result<Array, JsValue> {
    marks_of(call(Command::RevokeBenchVehicle { vehicle: id(&vehicle)?, grantees }).await?)
}

/// The worker's marks since they were asked for last: `[name, moment]`, in milliseconds.
///
/// # Errors
/// The worker is gone.
#[wasm_bindgen]
pub async fn bench_marks() -> Result<Array, JsValue> {
    marks_of(call(Command::Marks).await?)
}

fn marks_of(answer: Answer) -> Result<Array, JsValue> {
    let Answer::Marks(marks) = answer else { return Err("not marks".into()) };
    Ok(marks.into_iter().map(|(name, at)| Array::of2(&name.into(), &(at as f64 / 1_000.0).into())).collect())
}

fn id(vehicle: &str) -> Result<StreamId, JsValue> {
    StreamId::from_str(vehicle).map_err(|_| "not a car's id".into())
}

async fn call(command: Command) -> Result<Answer, JsValue> {
    let client = CLIENT.get().ok_or("the application has not started")?;
    client.call(command).await.map_err(|error| match error {
        CallError::Wallet(error) => error.to_string().into(),
        CallError::Worker => "the worker is gone".into(),
        CallError::Passkey(_) => "the passkey was not used".into(),
    })
}
