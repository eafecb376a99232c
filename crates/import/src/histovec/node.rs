//! A place in a report: its value and its path for people.

use crate::{Place, SkipReason, dates, dates::DateFault, decimal::Decimal, json::Scalar, text};
use carnet_protocol::day::Day;
use serde_json::Value;

/// A value in the report and where it stands; missing values are nodes too.
pub struct Node<'a> {
    value: Option<&'a Value>,
    path: String,
}

impl<'a> Node<'a> {
    /// The whole report.
    pub fn root(value: &'a Value) -> Self {
        Node { value: Some(value), path: String::new() }
    }

    /// A field of an object.
    pub fn get(&self, field: &str) -> Node<'a> {
        let path = if self.path.is_empty() { field.to_owned() } else { format!("{}.{field}", self.path) };
        Node { value: self.value.and_then(|v| v.get(field)), path }
    }

    /// The elements of a list; none of anything else.
    pub fn items(&self) -> Vec<Node<'a>> {
        let elements = self.value.and_then(Value::as_array).into_iter().flatten();
        elements
            .enumerate()
            .map(|(i, value)| Node { value: Some(value), path: format!("{}[{}]", self.path, i + 1) })
            .collect()
    }

    /// Whether there is a value.
    pub fn is_there(&self) -> bool {
        !matches!(self.value, None | Some(Value::Null))
    }

    /// Where it stands.
    pub fn place(&self) -> Place {
        Place::Path { path: self.path.clone() }
    }

    /// The last part of the path.
    pub fn field(&self) -> String {
        self.path.rsplit('.').next().unwrap_or(&self.path).to_owned()
    }

    fn scalar(&self) -> Scalar {
        match self.value {
            Some(Value::Bool(value)) => Scalar::Bool(*value),
            Some(Value::Number(number)) => {
                Decimal::parse_plain(&number.to_string()).map_or(Scalar::None, Scalar::Number)
            }
            Some(Value::String(text)) if !text.trim().is_empty() => Scalar::Text(text.trim().to_owned()),
            _ => Scalar::None,
        }
    }

    /// The text.
    pub fn text(&self) -> Option<String> {
        self.scalar().text()
    }

    /// The truth value; a missing one is no.
    pub fn is_true(&self) -> bool {
        self.scalar().bool() == Some(true)
    }

    /// The whole number.
    pub fn number(&self) -> Option<u64> {
        self.scalar().decimal().and_then(|n| n.to_unsigned(1, 1))
    }

    /// The day.
    pub fn day(&self) -> Option<Day> {
        self.day_or_reason().ok()
    }

    /// The day, or why there is none.
    pub fn day_or_reason(&self) -> Result<Day, SkipReason> {
        let (field, value) = (self.field(), self.text().ok_or_else(|| SkipReason::Missing { field: self.field() })?);
        // The register writes ISO dates, its older lists day first.
        let order = Some(crate::DateOrder::DayMonthYear);
        let day = dates::parse(&value).map_or(Err(DateFault::NotADate), |date| date.day(order));
        day.map_err(|fault| {
            let value = text::excerpt(&value);
            match fault {
                DateFault::OutOfRange => SkipReason::DateOutOfRange { field, value },
                DateFault::NotADate | DateFault::NeedsOrder => SkipReason::BadDate { field, value },
            }
        })
    }
}
