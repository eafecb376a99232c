//! One row of a list: from values to a fact.

use super::{
    column::{self, Column},
    money,
    settle::Settled,
    table::{Row, Table},
};
use crate::{
    DistanceUnit, LubeLoggerKind, SkipReason, VolumeUnit,
    dates::{self, DateFault},
    decimal::{Decimal, Marked, clean},
    dry_run::{Findings, believable},
    text,
};
use carnet_protocol::{
    day::Day,
    payload::{Expense, ExpenseKind, Fact, Maintenance, MaintenanceKind, OdometerReading, Refuelling},
    quantity::{Metres, Money},
};

/// What a row came to.
pub enum Read {
    /// A fact.
    Fact {
        /// Its day.
        day: Day,
        /// It.
        fact: Box<Fact>,
        /// Notes, tags and the owner's own fields.
        note: Option<String>,
    },
    /// It depends on an answer.
    Waits,
    /// It cannot be used.
    Skip(SkipReason),
}

/// A value that cannot be used, or not yet.
enum Fault {
    Waits,
    Skip(SkipReason),
}

impl From<SkipReason> for Fault {
    fn from(reason: SkipReason) -> Self {
        Fault::Skip(reason)
    }
}

/// Reads a row. A fault that no answer mends counts more than one that waits for an answer.
pub fn read(table: &Table, row: &Row, settled: &Settled, findings: &mut Findings) -> Read {
    let reader = RowReader { table, row, settled };
    if row.fields.len() > table.headers.len()
        && row.fields.iter().skip(table.headers.len()).any(|f| !f.trim().is_empty())
    {
        let (expected, found) = (text::number(table.headers.len()), text::number(row.fields.len()));
        return Read::Skip(SkipReason::FieldCount { expected, found });
    }
    let (day, fact) = (reader.day(), reader.fact(findings));
    match (day, fact) {
        (Err(Fault::Skip(reason)), _) | (_, Err(Fault::Skip(reason))) => Read::Skip(reason),
        (Err(Fault::Waits), _) | (_, Err(Fault::Waits)) => Read::Waits,
        (Ok(day), Ok(fact)) => Read::Fact { day, fact: Box::new(fact), note: reader.note(findings) },
    }
}

struct RowReader<'a> {
    table: &'a Table,
    row: &'a Row,
    settled: &'a Settled,
}

impl RowReader<'_> {
    fn value(&self, column: Column) -> Option<&str> {
        self.table.value(self.row, column)
    }

    fn missing(&self, column: Column, name: &str) -> Fault {
        let header = self.table.header(column);
        Fault::Skip(SkipReason::Missing { field: if header.is_empty() { name.to_owned() } else { header } })
    }

    fn day(&self) -> Result<Day, Fault> {
        if self.table.position(Column::Date).is_none() {
            return self.day_of_parts();
        }
        let Some(value) = self.value(Column::Date) else { return Err(self.missing(Column::Date, "Date")) };
        let field = || self.table.header(Column::Date);
        let date = dates::parse(value).map_or(Err(DateFault::NotADate), |d| d.day(self.settled.date_order));
        date.map_err(|fault| match fault {
            DateFault::NeedsOrder => Fault::Waits,
            DateFault::NotADate => SkipReason::BadDate { field: field(), value: text::excerpt(value) }.into(),
            DateFault::OutOfRange => SkipReason::DateOutOfRange { field: field(), value: text::excerpt(value) }.into(),
        })
    }

    fn day_of_parts(&self) -> Result<Day, Fault> {
        let part = |column, name| self.value(column).ok_or_else(|| self.missing(column, name));
        let (year, month, day) =
            (part(Column::Year, "Year")?, part(Column::Month, "Month")?, part(Column::Day, "Day")?);
        let date = || Day::from_civil(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
        date().ok_or_else(|| {
            let value = text::excerpt(&format!("{year}-{month}-{day}"));
            SkipReason::BadDate { field: self.table.header(Column::Day), value }.into()
        })
    }

    fn number(&self, column: Column) -> Result<Option<(Decimal, Marked)>, Fault> {
        let Some(value) = self.value(column) else { return Ok(None) };
        let bad = || SkipReason::BadNumber { field: self.table.header(column), value: text::excerpt(value) };
        let marked = clean(value).ok_or_else(bad)?;
        let number = match self.settled.decimal_mark {
            Some(mark) => Some(marked.parse(mark).ok_or_else(bad)?),
            None => marked.parse_either(),
        };
        number.map(|number| Some((number, marked))).ok_or(Fault::Waits)
    }

    fn out_of_range(&self, column: Column) -> Fault {
        let value = text::excerpt(self.value(column).unwrap_or_default());
        Fault::Skip(SkipReason::OutOfRange { field: self.table.header(column), value })
    }

    /// The odometer; 0 is LubeLogger's "not known".
    fn odometer(&self) -> Result<Option<Metres>, Fault> {
        let Some((number, _)) = self.number(Column::Odometer)? else { return Ok(None) };
        let metres = |unit| {
            let (numerator, denominator) = match unit {
                DistanceUnit::Kilometres => (1_000, 1),
                DistanceUnit::Miles => (1_609_344, 1_000),
            };
            number.to_unsigned(numerator, denominator).map(Metres).filter(|m| believable(*m))
        };
        // Out of range in kilometres is so in miles too; then no answer helps.
        let in_kilometres = metres(DistanceUnit::Kilometres).ok_or_else(|| self.out_of_range(Column::Odometer))?;
        if in_kilometres == Metres(0) {
            return Ok(None);
        }
        let unit = self.settled.distance_unit.ok_or(Fault::Waits)?;
        metres(unit).map(Some).ok_or_else(|| self.out_of_range(Column::Odometer))
    }

    fn cost(&self) -> Result<Option<Money>, Fault> {
        let Some((number, marked)) = self.number(Column::Cost)? else { return self.cost_of_price() };
        self.money(number, &marked, Column::Cost).map(Some)
    }

    /// Price of a unit times volume, where no total is given.
    fn cost_of_price(&self) -> Result<Option<Money>, Fault> {
        let (Some((price, marked)), Some((volume, _))) = (self.number(Column::Price)?, self.number(Column::Volume)?)
        else {
            return Ok(None);
        };
        let total = price.times(volume).ok_or_else(|| self.out_of_range(Column::Price))?;
        self.money(total, &marked, Column::Price).map(Some)
    }

    fn money(&self, number: Decimal, marked: &Marked, column: Column) -> Result<Money, Fault> {
        let currency = money::settled(marked, self.settled.currency.as_deref()).ok_or(Fault::Waits)?;
        money::amount(number, currency).ok_or_else(|| self.out_of_range(column))
    }

    fn volume_ml(&self) -> Result<u64, Fault> {
        let (number, _) = self.number(Column::Volume)?.ok_or_else(|| self.missing(Column::Volume, "FuelConsumed"))?;
        // Micro-litres of one unit, over a thousand: millilitres.
        let micro = match self.settled.volume_unit.ok_or(Fault::Waits)? {
            VolumeUnit::Litres => 1_000_000_000,
            VolumeUnit::UsGallons => 3_785_411_784,
            VolumeUnit::ImperialGallons => 4_546_090_000,
        };
        number
            .to_unsigned(micro, 1_000_000)
            .filter(|ml| (1..=VOLUME_MAX_ML).contains(ml))
            .ok_or_else(|| self.out_of_range(Column::Volume))
    }

    fn flag(&self, column: Column) -> Option<bool> {
        match self.value(column)?.to_lowercase().as_str() {
            "true" | "1" | "yes" | "x" => Some(true),
            "false" | "0" | "no" => Some(false),
            _ => None,
        }
    }

    fn fact(&self, findings: &mut Findings) -> Result<Fact, Fault> {
        match self.settled.shape {
            LubeLoggerKind::Odometer => self
                .odometer()?
                .map(|odometer| Fact::Odometer(OdometerReading { odometer }))
                .ok_or_else(|| self.missing(Column::Odometer, "Odometer")),
            LubeLoggerKind::Gas => self.refuelling(),
            LubeLoggerKind::Tax => Ok(Fact::Expense(Expense {
                kind: ExpenseKind::Tax,
                description: self.description(findings)?,
                cost: self.cost()?.ok_or_else(|| self.missing(Column::Cost, "Cost"))?,
            })),
            LubeLoggerKind::Work | LubeLoggerKind::Service | LubeLoggerKind::Repair | LubeLoggerKind::Upgrade => {
                self.work(findings)
            }
        }
    }

    fn description(&self, findings: &mut Findings) -> Result<String, Fault> {
        self.value(Column::Description)
            .and_then(|value| findings.text(value))
            .ok_or_else(|| self.missing(Column::Description, "Description"))
    }

    fn work(&self, findings: &mut Findings) -> Result<Fact, Fault> {
        // All values are read before waiting for the kind, so that a broken one is reported at once.
        let (description, odometer, cost) = (self.description(findings)?, self.odometer(), self.cost());
        let (odometer, cost) = match (odometer, cost) {
            (_, Err(Fault::Skip(reason))) => return Err(Fault::Skip(reason)),
            (odometer, cost) => (odometer?, cost?),
        };
        let kind = match self.settled.kind.ok_or(Fault::Waits)? {
            LubeLoggerKind::Repair => MaintenanceKind::Repair,
            LubeLoggerKind::Upgrade => MaintenanceKind::Upgrade,
            _ => MaintenanceKind::Service,
        };
        Ok(Fact::Maintenance(Maintenance { kind, description, odometer, cost, workshop: None }))
    }

    fn refuelling(&self) -> Result<Fact, Fault> {
        let (odometer, volume_ml, cost) = (self.odometer(), self.volume_ml(), self.cost());
        let (odometer, volume_ml, cost) = match (odometer, volume_ml, cost) {
            (_, Err(Fault::Skip(reason)), _) | (_, _, Err(Fault::Skip(reason))) => return Err(Fault::Skip(reason)),
            (odometer, volume_ml, cost) => (odometer?, volume_ml?, cost?),
        };
        // A tank is full unless the list says otherwise, as LubeLogger itself reads it.
        let full = self.flag(Column::Full).or_else(|| self.flag(Column::Partial).map(|p| !p)).unwrap_or(true);
        let missed = self.flag(Column::Missed).unwrap_or(false);
        Ok(Fact::Refuelling(Refuelling { odometer, volume_ml, cost, full, missed }))
    }

    /// Notes, then the owner's own fields, tags and the rest that has no place elsewhere, under the file's own names.
    fn note(&self, findings: &mut Findings) -> Option<String> {
        let mut lines: Vec<String> = Vec::new();
        for ((header, column), value) in self.table.headers.iter().zip(&self.table.columns).zip(&self.row.fields) {
            let (header, value) = (header.trim(), value.trim());
            match column {
                Some(Column::Notes) if !value.is_empty() => lines.insert(0, value.to_owned()),
                Some(Column::Tags) if !value.is_empty() => lines.push(format!("{header}: {value}")),
                Some(Column::InitialOdometer) if !value.is_empty() && value != "0" => {
                    lines.push(format!("{header}: {value}"));
                }
                Some(Column::Extra) if !value.is_empty() => {
                    lines.push(format!("{}: {value}", column::extra_name(header)));
                }
                _ => {}
            }
        }
        findings.text(&lines.join("\n"))
    }
}

/// The most fuel of one refuelling, in millilitres: a lorry's tanks hold less than 2,000 litres.
const VOLUME_MAX_ML: u64 = 2_000_000;
