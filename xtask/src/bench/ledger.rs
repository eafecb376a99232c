//! The embedded ledger by itself: verified, durable appends.

use super::Figure;
use super::example;
use crate::failure::Result;
use crate::workspace::Workspace;

/// Seconds for each setting.
const SECONDS: &str = "3";

/// One submitter, many, and many with full batches.
pub fn measure(workspace: &Workspace) -> Result<Vec<Figure>> {
    let printed = example::run(workspace, "carnet-ledger-embedded", "append_bench", &[SECONDS])?;
    let alone = example::number(&printed, "/append/0/commitments_per_s")?;
    let many = example::number(&printed, "/append/1/commitments_per_s")?;
    let batched = example::number(&printed, "/append/3/commitments_per_s")?;
    let rate = |what: &str, value: f64, reference: Option<(String, f64)>| Figure {
        what: what.into(),
        value,
        unit: "per s",
        reference,
        target: None,
    };
    Ok(vec![
        rate("commitments, one at a time, one submitter", alone, None),
        rate("commitments, one at a time, 64 submitters", many, Some(("one submitter".into(), alone))),
        rate("commitments, 500 at a time, 64 submitters", batched, Some(("one at a time".into(), many))),
        Figure {
            what: "slowest of 100 answers, 64 submitters".into(),
            value: example::number(&printed, "/append/1/p99_ms")?,
            unit: "ms",
            reference: None,
            target: Some(100.0),
        },
    ])
}
