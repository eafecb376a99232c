//! What holds for the whole list: kind, date order, decimal mark, units, currency; found in the columns, answered, or
//! asked.

use super::{
    column::{self, Column},
    money::{self, CurrencySeen},
    table::Table,
};
use crate::{
    Answers, DateOrder, DecimalMark, DistanceUnit, ImportNote, LubeLoggerKind, Question, VolumeUnit,
    dates::{OrderFound, OrderVote},
    decimal::{MarkFound, MarkVote, clean},
    dry_run::Findings,
    limits, text,
};

/// What holds for all rows; `None` where it is asked.
pub struct Settled {
    /// The list; never [`LubeLoggerKind::Work`].
    pub kind: Option<LubeLoggerKind>,
    /// Whether rows are fuel, odometer, work or tax, which is known even while the kind of work is asked.
    pub shape: LubeLoggerKind,
    /// Order of dates.
    pub date_order: Option<DateOrder>,
    /// Decimal mark.
    pub decimal_mark: Option<DecimalMark>,
    /// Unit of odometers.
    pub distance_unit: Option<DistanceUnit>,
    /// Unit of fuel.
    pub volume_unit: Option<VolumeUnit>,
    /// Currency of costs that name none.
    pub currency: Option<String>,
}

/// Settles what can be settled and asks the rest.
pub fn settle(table: &Table, kind: LubeLoggerKind, answers: &Answers, findings: &mut Findings) -> Settled {
    let settled = Settled {
        kind: settle_kind(kind, answers, findings),
        shape: kind,
        date_order: settle_order(table, answers, findings),
        decimal_mark: settle_mark(table, answers, findings),
        distance_unit: settle_distance(table, answers, findings),
        volume_unit: settle_volume(table, answers, findings),
        currency: settle_currency(table, answers, findings),
    };
    let unread: Vec<String> = table
        .headers
        .iter()
        .zip(&table.columns)
        .filter(|(header, column)| column.is_none() && !header.trim().is_empty())
        .map(|(header, _)| text::excerpt(header.trim()))
        .take(20)
        .collect();
    if !unread.is_empty() {
        findings.notes.push(ImportNote::ColumnsNotRead { columns: unread });
    }
    settled
}

const WORK: [LubeLoggerKind; 3] = [LubeLoggerKind::Service, LubeLoggerKind::Repair, LubeLoggerKind::Upgrade];

fn settle_kind(kind: LubeLoggerKind, answers: &Answers, findings: &mut Findings) -> Option<LubeLoggerKind> {
    let is_work = kind == LubeLoggerKind::Work || WORK.contains(&kind);
    // The name of a file may have been given by anyone; the owner's answer counts more.
    match answers.lubelogger_kind.filter(|answer| is_work && WORK.contains(answer)) {
        Some(answer) => Some(answer),
        None if kind == LubeLoggerKind::Work => {
            findings.questions.push(Question::LubeLoggerKind { options: WORK.to_vec() });
            None
        }
        None => Some(kind),
    }
}

fn values(table: &Table, column: Column) -> impl Iterator<Item = &str> {
    table.rows.iter().filter_map(move |row| table.value(row, column))
}

fn settle_order(table: &Table, answers: &Answers, findings: &mut Findings) -> Option<DateOrder> {
    let mut vote = OrderVote::default();
    values(table, Column::Date).for_each(|value| vote.add(value));
    match vote.found() {
        OrderFound::Irrelevant => None,
        OrderFound::Order(order) => {
            findings.notes.push(ImportNote::DateOrderFound { order });
            Some(order)
        }
        OrderFound::Unknown => {
            if answers.date_order.is_none() {
                findings.questions.push(Question::DateOrder {
                    column: table.header(Column::Date),
                    examples: vote.examples(),
                    options: vec![DateOrder::DayMonthYear, DateOrder::MonthDayYear],
                });
            }
            answers.date_order
        }
    }
}

const NUMBERS: [Column; 5] = [Column::Odometer, Column::InitialOdometer, Column::Cost, Column::Price, Column::Volume];

fn settle_mark(table: &Table, answers: &Answers, findings: &mut Findings) -> Option<DecimalMark> {
    let mut vote = MarkVote::default();
    for column in NUMBERS {
        let header = table.header(column);
        values(table, column).for_each(|value| vote.add(&header, value));
    }
    match vote.found() {
        MarkFound::Irrelevant => None,
        MarkFound::Mark(mark) => {
            findings.notes.push(ImportNote::DecimalMarkFound { mark });
            Some(mark)
        }
        MarkFound::Unknown => {
            if answers.decimal_mark.is_none() {
                let (column, examples) = vote.examples();
                let options = vec![DecimalMark::Point, DecimalMark::Comma];
                findings.questions.push(Question::DecimalMark { column, examples, options });
            }
            answers.decimal_mark
        }
    }
}

fn examples(table: &Table, column: Column) -> Vec<String> {
    values(table, column).filter(|v| is_positive(v)).take(limits::EXAMPLES_MAX).map(text::excerpt).collect()
}

/// LubeLogger writes 0 where an odometer is not known.
fn is_positive(value: &str) -> bool {
    clean(value).is_some_and(|m| m.parse_either().is_none_or(|n| n.to_unsigned(1, 1) != Some(0)))
}

fn settle_distance(table: &Table, answers: &Answers, findings: &mut Findings) -> Option<DistanceUnit> {
    let examples = examples(table, Column::Odometer);
    if answers.distance_unit.is_none() && !examples.is_empty() {
        findings.questions.push(Question::DistanceUnit {
            column: table.header(Column::Odometer),
            examples,
            options: vec![DistanceUnit::Kilometres, DistanceUnit::Miles],
        });
    }
    answers.distance_unit
}

fn settle_volume(table: &Table, answers: &Answers, findings: &mut Findings) -> Option<VolumeUnit> {
    let header = table.header(Column::Volume);
    let options = column::volume_units(&header);
    if let [unit] = options[..] {
        return Some(unit);
    }
    let answer = answers.volume_unit.filter(|unit| options.contains(unit));
    let examples = examples(table, Column::Volume);
    if answer.is_none() && !examples.is_empty() {
        findings.questions.push(Question::VolumeUnit { column: header, examples, options });
    }
    answer
}

fn settle_currency(table: &Table, answers: &Answers, findings: &mut Findings) -> Option<String> {
    let (mut open, mut options) = (Vec::new(), None);
    let column = if table.position(Column::Cost).is_some() { Column::Cost } else { Column::Price };
    for value in values(table, column) {
        let Some(marked) = clean(value) else { continue };
        let likely: &[&str] = match money::currency(&marked.unit) {
            CurrencySeen::Code(_) => continue,
            CurrencySeen::OneOf(codes) => codes,
            CurrencySeen::None | CurrencySeen::Unknown => &money::COMMON,
        };
        options.get_or_insert(likely);
        if open.len() < limits::EXAMPLES_MAX {
            open.push(text::excerpt(value));
        }
    }
    let answer = answers.currency.as_deref().and_then(currency_code);
    if let (None, Some(options)) = (&answer, options) {
        findings.questions.push(Question::Currency {
            column: table.header(column),
            examples: open,
            options: options.iter().map(|code| (*code).to_owned()).collect(),
        });
    }
    answer
}

/// An answered currency: three letters, or empty for "not known".
fn currency_code(answer: &str) -> Option<String> {
    let code = answer.trim().to_uppercase();
    (code.is_empty() || (code.len() == 3 && code.bytes().all(|b| b.is_ascii_uppercase()))).then_some(code)
}
