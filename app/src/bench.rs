//! What `cargo xtask bench` calls in the page: cars of any size, shares, and the marks of the wallet's worker. Reached
//! as `window.wasmBindings`; compiled only with the feature `bench`.

use crate::wallet::{CallError, WalletClient};
use carnet_protocol::{id::StreamId, quantity::Metres};
use carnet_wallet::{
    command::{Answer, Command, SaleDraft, Subject, Verification},
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

/// Bytes of a car's sealed records, of their headers and of what is encrypted, on average.
///
/// # Errors
/// The car is not there.
#[wasm_bindgen]
pub async fn bench_sizes(vehicle: String) -> Result<Array, JsValue> {
    match call(Command::BenchRecordSizes { vehicle: id(&vehicle)? }).await? {
        Answer::RecordSizes { sealed, header, text } => {
            Ok([sealed, header, text].into_iter().map(|bytes| JsValue::from(bytes as f64)).collect())
        }
        _ => Err("not sizes".into()),
    }
}

/// Shares everything of a car; gives the id of the grant.
///
/// # Errors
/// The car is not there.
#[wasm_bindgen]
pub async fn bench_share(vehicle: String) -> Result<String, JsValue> {
    match call(Command::ShareBenchVehicle { vehicle: id(&vehicle)? }).await? {
        Answer::Shared(shared) => Ok(shared.share.grant.to_string()),
        _ => Err("not a share".into()),
    }
}

/// The bytes of a grant.
///
/// # Errors
/// It is not there.
#[wasm_bindgen]
pub async fn bench_grant_bytes(grant: String) -> Result<f64, JsValue> {
    let grant = grant.parse().map_err(|_| JsValue::from("not a grant"))?;
    match call(Command::BenchGrantBytes { grant }).await? {
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

/// Keeps the first screen of a car now, or drops it and keeps none until the next start.
///
/// # Errors
/// The car is not there.
#[wasm_bindgen]
pub async fn bench_screen(vehicle: String, keep: bool) -> Result<(), JsValue> {
    call(Command::BenchScreen { vehicle: id(&vehicle)?, keep }).await.map(drop)
}

/// Offers a car for sale; gives path and fragment of its code.
///
/// # Errors
/// The car is not there, or the passphrase is another.
#[wasm_bindgen]
pub async fn bench_offer(vehicle: String, kilometres: u32, passphrase: String) -> Result<String, JsValue> {
    let draft = SaleDraft { odometer: Metres::from_km(kilometres.into()), price: None, days: 7, reader: None };
    let verification = Verification::Passphrase(passphrase);
    match call(Command::OfferSale { vehicle: id(&vehicle)?, verification, draft }).await? {
        Answer::Sale(Some(sale)) => sale.code.ok_or_else(|| "no code".into()),
        _ => Err("not an offer".into()),
    }
}

/// Opens the code of an offer, checks and shows the passport behind it, and takes the car over; gives the milliseconds of
/// each.
///
/// # Errors
/// The code opens nothing, or the odometer is another than the seller's.
#[wasm_bindgen]
pub async fn bench_take_over(code: String, kilometres: u32) -> Result<Array, JsValue> {
    let mut moments = vec![now()];
    call(Command::OpenLink { fragment: code, pin: None }).await?;
    call(Command::Takeover).await?;
    moments.push(now());
    call(Command::Passport { subject: Subject::Link }).await?;
    moments.push(now());
    call(Command::AcceptSale { odometer: Metres::from_km(kilometres.into()), liens: Vec::new() }).await?;
    moments.push(now());
    Ok(moments.windows(2).map(|pair| JsValue::from(pair[1] - pair[0])).collect())
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
        CallError::NotFetched => "a part did not come".into(),
        CallError::Passkey(_) => "the passkey was not used".into(),
    })
}
