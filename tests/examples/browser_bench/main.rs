//! What the app costs in a real browser, as one JSON object on the last line. Run by `cargo xtask bench`, which builds
//! the app with its feature `bench` and sets the environment.
//!
//! `browser_bench passport` opens, checks, shares and sends cars of several sizes and sets the JavaScript references
//! beside them (one number behind it: only that size); `browser_bench start` opens the app and a bare counter, cold and warm.

mod passport;
mod start;

use carnet_e2e::{Page, Step};
use serde_json::Value;
use std::path::PathBuf;

#[tokio::main]
async fn main() -> Step {
    let figures = match std::env::args().nth(1).as_deref() {
        Some("passport") => {
            passport::measure(std::env::args().nth(2).map(|records| records.parse()).transpose()?).await?
        }
        Some("start") => start::measure().await?,
        _ => return Err("say `passport` or `start`".into()),
    };
    println!("{figures}");
    Ok(())
}

/// A folder that the environment names.
fn folder(name: &str) -> Step<PathBuf> {
    std::env::var_os(name)
        .map(PathBuf::from)
        .ok_or_else(|| format!("{name} is not set: run `cargo xtask bench`").into())
}

/// Runs the body of an async function in the page and gives what it returns.
async fn evaluate(page: &Page, body: &str, arguments: Vec<Value>) -> Step<Value> {
    let script = format!(
        "const done = arguments[arguments.length - 1]; \
         (async (...given) => {{ {body} }})(...arguments).then((value) => done({{ value }}), \
         (error) => done({{ error: String(error) }}));"
    );
    let mut answer = page.driver().execute_async(script, arguments).await?.json().clone();
    match answer.get("error") {
        Some(error) => Err(format!("{error}, of: {body}").into()),
        None => Ok(answer["value"].take()),
    }
}

/// The middle one.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
