//! The embedded ledger: verified, durable appends, alone and with a transparency log beside it; and how the log's costs
//! grow with the ledger.

use super::Figure;
use super::example;
use crate::failure::Result;
use crate::workspace::Workspace;
use serde_json::Value;

/// Seconds for each setting.
const SECONDS: &str = "3";

/// Commitments at the end of the curve.
const COMMITMENTS: &str = "1000000";

/// One submitter, many, many with full batches; then with transparency.
pub fn measure(workspace: &Workspace) -> Result<Vec<Figure>> {
    let mut figures = appends(workspace)?;
    let printed = example::run(workspace, "carnet-transparency", "transparency_bench", &[SECONDS, COMMITMENTS])?;
    figures.extend(transparency(&printed)?);
    Ok(figures)
}

fn appends(workspace: &Workspace) -> Result<Vec<Figure>> {
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

/// Rates with and without, and the costs at the end of the curve beside those at a hundredth of it.
fn transparency(printed: &Value) -> Result<Vec<Figure>> {
    let mut figures = Vec::new();
    for (at, what) in ["one at a time", "500 at a time"].into_iter().enumerate() {
        let without = example::number(printed, &format!("/append/{at}/without_per_s"))?;
        figures.push(Figure {
            what: format!("commitments, {what}, 32 submitters, with transparency"),
            value: example::number(printed, &format!("/append/{at}/with_per_s"))?,
            unit: "per s",
            reference: Some(("without".into(), without)),
            target: None,
        });
    }
    figures.push(Figure {
        what: "proof of a passport besides its records and three cosignatures, 10^6 commitments".into(),
        value: example::number(printed, "/curve/2/stream_proof_bytes")?,
        unit: "bytes",
        reference: Some(("10^4 commitments".into(), example::number(printed, "/curve/0/stream_proof_bytes")?)),
        // 4 KiB less the cosignatures, about 150 bytes each.
        target: Some(3_600.0),
    });
    let costs = [
        ("checkpoint_after_one_ms", "record one transaction and sign a checkpoint, 10^6 commitments", None),
        ("stream_proof_ms", "proof of a passport, 10^6 commitments", None),
        ("consistency_proof_ms", "consistency proof, 10^6 commitments", None),
        (
            "start_after_crash_ms",
            "start of ledger and log after a crash, root worked out anew, 10^6 commitments",
            Some(30_000.0),
        ),
    ];
    for (name, what, target) in costs {
        let first = example::number(printed, &format!("/curve/0/{name}"))?;
        figures.push(Figure {
            what: what.into(),
            value: example::number(printed, &format!("/curve/2/{name}"))?,
            unit: "ms",
            reference: Some(("10^4 commitments".into(), first)),
            target,
        });
    }
    Ok(figures)
}
