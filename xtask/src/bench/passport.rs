//! A car in a real browser: opened, checked, shared and sent, beside the best that JavaScript libraries do with the same
//! bytes in the same browser.

mod references;

use serde_json::Value;

use super::Figure;
use super::example::{drive, number};
use crate::failure::Result;
use crate::workspace::Workspace;

/// Records of the cars.
const SIZES: [&str; 3] = ["100", "1000", "10000"];
/// The car that targets speak of.
const LARGEST: &str = "10000";

/// The checkpoint work against the best library stack at the same.
const OF_CHECKPOINT: f64 = 1.0 / 4.0;
/// The same against the best that verifies each record.
const OF_EACH: f64 = 1.0 / 30.0;
/// The first screen against the cryptography in it, besides one frame.
const TIMES_CRYPTO: f64 = 3.0;
/// One frame at 60 a second, in milliseconds.
const FRAME_MS: f64 = 1_000.0 / 60.0;
/// A grant over everything, in milliseconds and in KB.
const GRANT_MS: f64 = 30.0;
const GRANT_KB: f64 = 12.0;
/// A revocation with 50 others who get new keys, committed and sent, in milliseconds: what a tap may take.
const REVOKE_MS: f64 = 1_000.0;

/// All sizes.
pub fn measure(workspace: &Workspace) -> Result<Vec<Figure>> {
    let references = references::folder(workspace)?;
    let printed = drive(workspace, "passport", &[("CARNET_REFERENCE_DIR", &references)])?;
    crate::workspace::write(&workspace.target.join("bench/passport.json"), printed.to_string())?;
    let mut figures = Vec::new();
    for records in SIZES {
        let car = Car { printed: &printed, records };
        figures.extend(car.check()?);
        figures.extend(car.open()?);
        figures.extend(car.share_and_send()?);
        figures.extend(car.sell()?);
    }
    Ok(figures)
}

/// The figures of one size.
struct Car<'a> {
    printed: &'a Value,
    records: &'a str,
}

impl Car<'_> {
    fn number(&self, path: &str) -> Result<f64> {
        number(self.printed, &format!("/{}/{path}", self.records))
    }

    fn sum(&self, paths: &[&str]) -> Result<f64> {
        paths.iter().map(|path| self.number(path)).sum()
    }

    /// The cryptography from the local store to opened data: the journal opened, the kept proof with its tree, and the
    /// leaves held against it.
    fn local(&self) -> Result<f64> {
        self.sum(&["open/parts/open journal", "open/parts/check proof", "open/parts/check leaves"])
    }

    /// The cryptography of checking and opening what is delivered: hash, tree, unwrap and decrypt.
    fn delivered(&self) -> Result<f64> {
        self.sum(&["check/hash", "check/tree", "check/open"])
    }

    fn figure(&self, what: &str, value: f64, unit: &'static str) -> Figure {
        Figure { what: format!("{}: {what}", self.records), value, unit, reference: None, target: None }
    }

    /// A target holds for the largest car; the others show how it grows.
    fn target(&self, target: f64) -> Option<f64> {
        (self.records == LARGEST).then_some(target)
    }

    fn check(&self) -> Result<Vec<Figure>> {
        let (stack, together) = references::best(self.printed, self.records, "checkpoint_")?;
        let (single, each) = references::best(self.printed, self.records, "each_")?;
        let against = |what: &str, value: f64, target: bool| {
            let beside = |what: &str, name: &str, reference: f64, of: f64| Figure {
                reference: Some((name.to_owned(), reference)),
                target: target.then_some(of * reference).filter(|_| self.records == LARGEST),
                ..self.figure(what, value, "ms")
            };
            let each_what = "  against each verified and opened";
            [beside(what, &stack, together, OF_CHECKPOINT), beside(each_what, &single, each, OF_EACH)]
        };
        let first = self.sum(&["check/hash", "check/tree", "check/open the first 50"])?;
        let mut figures = Vec::new();
        figures.extend(against("check and open all, from the local store", self.local()?, true));
        figures.extend(against("check and open all, as delivered", self.delivered()?, false));
        figures.extend(against("check all as delivered, open the first 50", first, false));
        figures.push(self.figure("  decoding for it", self.number("check/decode")?, "ms"));
        figures.push(self.figure("  all source signatures, one by one", self.number("check/verify")?, "ms"));
        Ok(figures)
    }

    fn open(&self) -> Result<Vec<Figure>> {
        let local = self.local()?;
        let target = TIMES_CRYPTO * local + FRAME_MS;
        let mut figures = vec![Figure {
            reference: Some(("its cryptography".into(), local)),
            ..self.figure("store to opened data, in the worker", self.number("open/worker_ms")?, "ms")
        }];
        figures.extend(self.screen("again", "store to first screen", self.target(target))?);
        figures.extend(self.screen("open", "store to first screen, after a change", None)?);
        Ok(figures)
    }

    /// From the store to the first screen, with where the time went.
    fn screen(&self, of: &str, what: &str, target: Option<f64>) -> Result<Vec<Figure>> {
        let mut figures = vec![
            Figure {
                reference: Some(("of it on the page".into(), self.number(&format!("{of}/page_ms"))?)),
                target,
                ..self.figure(what, self.number(&format!("{of}/screen_ms"))?, "ms")
            },
            Figure {
                target: self.target(0.0),
                ..self.figure(
                    "  tasks over 50 ms on the page's thread",
                    self.number(&format!("{of}/long_tasks"))?,
                    "tasks",
                )
            },
            self.figure("  longest time without a frame", self.number(&format!("{of}/frame_gap_ms"))?, "ms"),
        ];
        let parts = self.printed.pointer(&format!("/{}/{of}/parts", self.records)).and_then(Value::as_object);
        for (name, value) in parts.into_iter().flatten() {
            figures.push(self.figure(&format!("    {name}"), value.as_f64().unwrap_or_default(), "ms"));
        }
        Ok(figures)
    }

    fn share_and_send(&self) -> Result<Vec<Figure>> {
        let grant = self.figure("grant over everything", self.number("grant/ms")?, "ms");
        let bytes = self.figure("grant over everything", self.number("grant/bytes")? / 1_000.0, "KB");
        let commit = self.number("revocation/revoke")?;
        let rewrapped =
            self.figure("revocation, 50 others re-wrapped and sent", self.number("revocation/send")? + commit, "ms");
        Ok(vec![
            Figure { target: Some(REVOKE_MS), ..rewrapped },
            self.figure("  committed here", commit, "ms"),
            Figure { target: Some(GRANT_MS), ..grant },
            Figure { target: Some(GRANT_KB), ..bytes },
            self.figure("written, durable here", self.number("append/local_ms")?, "ms"),
            self.figure("sent, durable at the relay", self.number("append/sent_ms")?, "ms"),
            self.figure("requests for it", self.number("append/requests")?, "requests"),
        ])
    }

    /// A sale: the buyer's check grows with the records, the rest must not.
    fn sell(&self) -> Result<Vec<Figure>> {
        let part = |what: &str, name: &str| Ok(self.figure(what, self.number(&format!("sale/{name}"))?, "ms"));
        Ok(vec![
            part("sale, offered and sent", "offer_ms")?,
            part("sale, the buyer opens the code", "open_ms")?,
            part("sale, the buyer fetches and checks the passport", "check_ms")?,
            part("sale, taken over", "accept_ms")?,
            part("sale, all of the buyer's part until it is sent", "buyer_ms")?,
            self.figure("sale, requests of the buyer", self.number("sale/requests")?, "requests"),
        ])
    }
}
