//! Numbers as people's programs write them: `1,234.50`, `1.234,50 €`, `1'234.50`, `(12.00)`. Which mark stands before
//! the fraction is decided over all values of a file, for one program wrote them all.

use super::Decimal;
use crate::{DecimalMark, limits};

/// A number stripped of everything but its digits and marks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marked {
    negative: bool,
    /// Digits, commas and points, as written.
    body: String,
    /// What stood around it: a currency's symbol or code.
    pub unit: String,
}

/// Takes a value apart; `None` when there is no number in it, or several.
pub fn clean(value: &str) -> Option<Marked> {
    let mut marked = Marked { negative: false, body: String::new(), unit: String::new() };
    let value = value.trim();
    let inner = value.strip_prefix('(').and_then(|v| v.strip_suffix(')'));
    marked.negative = inner.is_some();
    let mut ended = false;
    for c in inner.unwrap_or(value).chars() {
        match c {
            '0'..='9' if ended => return None,
            '0'..='9' | ',' | '.' => marked.body.push(c),
            '-' | '\u{2212}' if !marked.negative => marked.negative = true,
            // Spaces and apostrophes part groups of digits.
            '\'' | '\u{2019}' => {}
            c if c.is_whitespace() => {}
            '-' | '+' | '\u{2212}' => return None,
            other => {
                ended = marked.body.contains(|c: char| c.is_ascii_digit());
                marked.unit.push(other);
            }
        }
    }
    // A mark that belongs to the unit (`kr.`, `Rs.`) or ends a sentence.
    let body = marked.body.trim_end_matches(['.', ',']);
    let body = if marked.unit.is_empty() { body } else { body.trim_start_matches(['.', ',']) };
    marked.body = body.to_owned();
    (marked.body.contains(|c: char| c.is_ascii_digit()) && marked.unit.chars().count() <= 5).then_some(marked)
}

/// What a number says of its decimal mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Evidence {
    /// It has no mark.
    None,
    /// It can only be read with this one.
    Only(DecimalMark),
    /// It reads both ways, and means different numbers.
    Either,
}

impl Marked {
    fn evidence(&self) -> Evidence {
        let point = self.parse(DecimalMark::Point);
        let comma = self.parse(DecimalMark::Comma);
        match (point, comma) {
            (Some(a), Some(b)) if same(a, b) => Evidence::None,
            (Some(_), Some(_)) => Evidence::Either,
            (Some(_), None) => Evidence::Only(DecimalMark::Point),
            (None, Some(_)) => Evidence::Only(DecimalMark::Comma),
            (None, None) => Evidence::None,
        }
    }

    /// The number, with `mark` before its fraction and the other one between groups of digits.
    pub fn parse(&self, mark: DecimalMark) -> Option<Decimal> {
        let (decimal, group) = match mark {
            DecimalMark::Point => ('.', ','),
            DecimalMark::Comma => (',', '.'),
        };
        let (whole, fraction) = self.body.split_once(decimal).unwrap_or((&self.body, ""));
        if fraction.contains(['.', ',']) || !well_grouped(whole, group) {
            return None;
        }
        let digits = whole.replace(group, "");
        let text = format!("{}{digits}.{fraction}", if self.negative { "-" } else { "" });
        Decimal::parse_plain(text.trim_end_matches('.'))
    }

    /// The number where both readings are the same, or there is only one.
    pub fn parse_either(&self) -> Option<Decimal> {
        match self.evidence() {
            Evidence::Only(mark) => self.parse(mark),
            Evidence::None => self.parse(DecimalMark::Point).or_else(|| self.parse(DecimalMark::Comma)),
            Evidence::Either => None,
        }
    }
}

fn same(a: Decimal, b: Decimal) -> bool {
    a.to_integer(1_000_000, 1) == b.to_integer(1_000_000, 1)
}

/// Groups of three digits after a first group of one to three, which does not begin with zero; groups of two as in
/// India, if the last has three.
fn well_grouped(whole: &str, group: char) -> bool {
    let mut groups = whole.rsplit(group);
    let last = groups.next().unwrap_or("");
    let mut rest = groups.peekable();
    if rest.peek().is_none() {
        return true;
    }
    if last.len() != 3 {
        return false;
    }
    while let Some(digits) = rest.next() {
        let is_first = rest.peek().is_none();
        let fits = if is_first { (1..=3).contains(&digits.len()) } else { matches!(digits.len(), 2 | 3) };
        if !fits || (is_first && digits.starts_with('0')) {
            return false;
        }
    }
    true
}

/// Counts what the values of a file say of its decimal mark.
#[derive(Debug, Default)]
pub struct MarkVote {
    point: bool,
    comma: bool,
    ambiguous: Vec<(String, String)>,
}

/// How the vote came out.
#[derive(Debug, PartialEq, Eq)]
pub enum MarkFound {
    /// No value has a mark that matters.
    Irrelevant,
    /// All agree.
    Mark(DecimalMark),
    /// No value tells, or they contradict each other.
    Unknown,
}

impl MarkVote {
    /// Takes in one value of a column.
    pub fn add(&mut self, column: &str, value: &str) {
        match clean(value).map(|marked| marked.evidence()) {
            Some(Evidence::Only(DecimalMark::Point)) => self.point = true,
            Some(Evidence::Only(DecimalMark::Comma)) => self.comma = true,
            Some(Evidence::Either) if self.ambiguous.len() < limits::EXAMPLES_MAX => {
                self.ambiguous.push((column.to_owned(), crate::text::excerpt(value)));
            }
            _ => {}
        }
    }

    /// The result.
    pub fn found(&self) -> MarkFound {
        match (self.point, self.comma) {
            _ if self.ambiguous.is_empty() && self.point == self.comma => MarkFound::Irrelevant,
            (true, false) => MarkFound::Mark(DecimalMark::Point),
            (false, true) => MarkFound::Mark(DecimalMark::Comma),
            _ => MarkFound::Unknown,
        }
    }

    /// Values that read both ways: one column and its values.
    pub fn examples(&self) -> (String, Vec<String>) {
        let column = self.ambiguous.first().map(|(column, _)| column.clone()).unwrap_or_default();
        let values = self.ambiguous.iter().filter(|(c, _)| *c == column).map(|(_, value)| value.clone()).collect();
        (column, values)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn found(values: &[&str]) -> MarkFound {
        let mut vote = MarkVote::default();
        values.iter().for_each(|v| vote.add("c", v));
        vote.found()
    }

    #[test]
    fn one_clear_value_decides_for_all() {
        assert_eq!(found(&["8.331", "16.24"]), MarkFound::Mark(DecimalMark::Point));
        assert_eq!(found(&["1.234", "40,45"]), MarkFound::Mark(DecimalMark::Comma));
        assert_eq!(found(&["1,234,567"]), MarkFound::Mark(DecimalMark::Point));
        assert_eq!(found(&["0.331"]), MarkFound::Mark(DecimalMark::Point));
        assert_eq!(found(&["12345,678"]), MarkFound::Mark(DecimalMark::Comma));
        assert_eq!(found(&["1.234,50 €"]), MarkFound::Mark(DecimalMark::Comma));
        assert_eq!(found(&["12", "204836"]), MarkFound::Irrelevant);
    }

    #[test]
    fn values_that_read_both_ways_or_disagree_decide_nothing() {
        assert_eq!(found(&["1.234", "2,345"]), MarkFound::Unknown);
        assert_eq!(found(&["45,000"]), MarkFound::Unknown);
        assert_eq!(found(&["40,45", "40.45", "1.234"]), MarkFound::Unknown);
    }

    #[test]
    fn money_is_found_among_its_signs() {
        let read = |v: &str| clean(v).and_then(|m| m.parse_either().map(|d| (d.to_string(), m.unit)));
        assert_eq!(read("$123.45"), Some(("123.45".into(), "$".into())));
        assert_eq!(read("123,45 €"), Some(("123.45".into(), "€".into())));
        assert_eq!(read("-$5.20"), Some(("-5.20".into(), "$".into())));
        assert_eq!(read("($5.20)"), Some(("-5.20".into(), "$".into())));
        assert_eq!(read("CHF 1'234.50"), Some(("1234.50".into(), "CHF".into())));
        assert_eq!(read("1\u{202f}234,50 €"), Some(("1234.50".into(), "€".into())));
        assert_eq!(read("12,50 kr."), Some(("12.50".into(), "kr".into())));
        assert_eq!(read("1 2 km 3"), None);
        assert_eq!(read("abc"), None);
        assert_eq!(read(""), None);
    }
}
