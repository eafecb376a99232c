//! How often the odometer rules warn, and of what: a labelled set of generated histories.
//!
//! Cars are driven day by day, people write readings down in their ways, and odometers are turned back as cheats do;
//! none of it knows the rules. `cargo test -p carnet-passport --test odometer_histories -- --nocapture` prints the
//! table that `docs/odometer.md` shows.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

#[path = "histories/car.rs"]
mod car;
#[path = "histories/honest.rs"]
mod honest;
#[path = "histories/log.rs"]
mod log;
#[path = "histories/numbers.rs"]
mod numbers;
#[path = "histories/turned.rs"]
mod turned;

use carnet_passport::odometer::{self, OdometerReport, Verdict};
use numbers::Numbers;
use std::ops::Range;

/// Histories of each kind while the rules were written.
const KNOWN: Range<u64> = 0..200;

/// Histories of each kind that nobody looked at before the rules stood.
const HELD_OUT: Range<u64> = 1_000_000..1_000_200;

/// A step back, in metres, that must be found.
const MUST_BE_FOUND: u64 = 2_000_000;

/// Histories of one kind by verdict.
#[derive(Default)]
struct Row {
    verdicts: [u32; 4],
    /// Turned back, but no two readings show more than [`MUST_BE_FOUND`] of it.
    unseen: u32,
}

impl Row {
    fn count(&mut self, verdict: Verdict) {
        self.verdicts[verdict as usize] += 1;
    }

    fn all(&self) -> u32 {
        self.verdicts.iter().sum()
    }

    fn alarms(&self) -> u32 {
        self.verdicts[Verdict::Suspicious as usize] + self.verdicts[Verdict::RolledBack as usize]
    }
}

fn seeded(kind: usize, seed: u64) -> Numbers {
    Numbers::new(seed * 1_000 + kind as u64)
}

fn report(records: &[carnet_passport::OpenedRecord]) -> OdometerReport {
    odometer::view(records).report
}

/// Prints what could not be told as it is, where asked to.
fn explain(kind: &str, seed: u64, records: &[carnet_passport::OpenedRecord], report: &OdometerReport) {
    if std::env::var("CARNET_SHOW_HISTORY").is_ok_and(|wanted| wanted == kind) {
        println!("--- {kind} {seed}: {:?}", report.verdict);
        for finding in &report.findings {
            println!("    {:?} {:?}", finding.standing, finding.kind);
            for point in [finding.earlier, finding.later] {
                println!("        {} {} {:?} {:?}", point.day, point.odometer.km(), point.method, point.source_class);
            }
        }
        if std::env::var("CARNET_SHOW_READINGS").is_ok() {
            for point in odometer::view(records).points {
                println!("  {} {} {:?} {:?}", point.day, point.odometer.km(), point.method, point.source_class);
            }
        }
    }
}

fn honest_rows(seeds: &Range<u64>) -> Vec<(&'static str, Row)> {
    let kinds = honest::KINDS.iter().enumerate();
    kinds
        .map(|(kind, (name, story))| {
            let mut row = Row::default();
            for seed in seeds.clone() {
                let records = story(&mut seeded(kind, seed));
                let report = report(&records);
                if report.verdict.alarms() {
                    explain(name, seed, &records, &report);
                }
                row.count(report.verdict);
            }
            (*name, row)
        })
        .collect()
}

fn turned_rows(seeds: &Range<u64>) -> Vec<(&'static str, Row)> {
    let kinds = turned::KINDS.iter().enumerate();
    kinds
        .map(|(kind, (name, story))| {
            let mut row = Row::default();
            for seed in seeds.clone() {
                let (records, drop) = story(&mut seeded(100 + kind, seed));
                if drop <= MUST_BE_FOUND {
                    row.unseen += 1;
                    continue;
                }
                let report = report(&records);
                if !report.verdict.alarms() {
                    explain(name, seed, &records, &report);
                }
                row.count(report.verdict);
            }
            (*name, row)
        })
        .collect()
}

/// Prints a table; the number of histories and of alarms in it.
fn table(title: &str, rows: &[(&str, Row)]) -> (u32, u32) {
    println!(
        "\n{title:<32} {:>10} {:>9} {:>10} {:>11} {:>7}",
        "consistent", "explained", "suspicious", "rolled back", "unseen"
    );
    for (name, row) in rows {
        let [a, b, c, d] = row.verdicts;
        println!("{name:<32} {a:>10} {b:>9} {c:>10} {d:>11} {:>7}", row.unseen);
    }
    (rows.iter().map(|(_, row)| row.all()).sum(), rows.iter().map(|(_, row)| row.alarms()).sum())
}

fn rates(what: &str, seeds: &Range<u64>) -> ((u32, u32), (u32, u32)) {
    let honest = table(&format!("honest ({what})"), &honest_rows(seeds));
    let turned = table(&format!("turned back ({what})"), &turned_rows(seeds));
    println!("\n{what}: false alarms {} of {}, found {} of {}", honest.1, honest.0, turned.1, turned.0);
    (honest, turned)
}

#[test]
fn every_rollback_of_more_than_2000_km_is_found_and_honest_cars_are_left_in_peace() {
    let ((honest, false_alarms), (turned, found)) = rates("known", &KNOWN);
    assert!(honest >= 300 && turned >= 300);
    assert!(u64::from(false_alarms) * 100 < u64::from(honest), "{false_alarms} of {honest} honest histories");
    assert_eq!(found, turned, "rollbacks found");
}

/// The same kinds with seeds that were not looked at while the rules were written, so that the rates are those of
/// histories that the rules have not seen.
#[test]
fn the_rates_hold_on_histories_that_the_rules_have_not_seen() {
    let ((honest, false_alarms), (turned, found)) = rates("held out", &HELD_OUT);
    assert!(u64::from(false_alarms) * 100 < u64::from(honest), "{false_alarms} of {honest} honest histories");
    assert!(u64::from(found) * 1_000 >= u64::from(turned) * 995, "{found} of {turned} rollbacks");
}
