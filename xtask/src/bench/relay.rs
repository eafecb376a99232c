//! The relay under load from the same machine: 64 connections, verified and durable.

use super::Figure;
use super::example;
use crate::failure::Result;
use crate::workspace::Workspace;

/// Seconds for each kind of request.
const SECONDS: &str = "5";

/// Appends, uploads, reads, and what overload does.
pub fn measure(workspace: &Workspace) -> Result<Vec<Figure>> {
    let printed = example::run(workspace, "carnet-server", "relay_load", &[SECONDS])?;
    let mut figures = Vec::new();
    for (kind, name, target) in [
        ("appends", "durable appends, 64 connections", 2_000.0),
        ("uploads", "sealed records stored, 64 connections", 2_000.0),
        ("reads", "stored reads, 64 connections", 10_000.0),
    ] {
        figures.push(Figure {
            what: name.into(),
            value: example::number(&printed, &format!("/{kind}/per_second"))?,
            unit: "per s",
            reference: None,
            target: Some(target),
        });
        figures.push(Figure {
            what: format!("slowest of 100 {kind}"),
            value: example::number(&printed, &format!("/{kind}/p99_ms"))?,
            unit: "ms",
            reference: None,
            target: Some(100.0),
        });
    }
    let before = example::number(&printed, "/overload/memory_before_kib")?;
    let peak = example::number(&printed, "/overload/memory_peak_kib")?;
    let overload = |what: &str, path: &str, target: Option<f64>| -> Result<Figure> {
        let value = example::number(&printed, path)?;
        Ok(Figure { what: what.into(), value, unit: "answers", reference: None, target })
    };
    figures.push(overload("ten times the load: done", "/overload/answered/requests", None)?);
    figures.push(overload("ten times the load: 503, come back later", "/overload/busy", None)?);
    figures.push(overload("ten times the load: anything else", "/overload/failed", Some(0.0))?);
    figures.push(Figure {
        what: "memory gained at ten times the load, at most".into(),
        value: (peak - before) / 1_024.0,
        unit: "MiB",
        reference: Some(("before".into(), before / 1_024.0)),
        target: Some(64.0),
    });
    Ok(figures)
}
