//! Vehicle identification numbers (ISO 3779, ISO 3780, ISO 4030), checked while they are typed.
//!
//! Only the shape can be wrong. The check digit of position 9 is mandatory in North America and China alone; most
//! European cars fail it, so it warns and never refuses.

use serde::{Deserialize, Serialize};

/// Characters of a complete number.
pub const LEN: usize = 17;

/// What stands in place of a character that a source has masked.
const MASK: char = '*';

/// What there is to say about a number.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct VinCheck {
    /// The number in capitals, without spaces, dots and hyphens.
    pub normalised: String,
    /// Whether it may stand in a passport.
    pub shape: VinShape,
    /// The check digit of position 9.
    pub check_digit: CheckDigit,
    /// World manufacturer identifier, the first three characters, where they are all there.
    pub wmi: Option<String>,
    /// Model years that position 10 can mean, the earlier first; empty where it means none or the maker does not
    /// use it that way. One year for Tesla.
    pub model_years: Vec<u16>,
    /// The maker, where Carnet knows the manufacturer identifier.
    pub maker: Option<Maker>,
}

impl VinCheck {
    /// Whether the number may stand in a passport: complete, or masked by its source.
    pub fn is_acceptable(&self) -> bool {
        matches!(self.shape, VinShape::Complete | VinShape::Masked)
    }
}

/// The shape of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VinShape {
    /// Nothing was typed.
    Empty,
    /// So far right, characters are missing.
    TooShort {
        /// How many.
        missing: u16,
    },
    /// There are characters too many.
    TooLong {
        /// How many.
        extra: u16,
    },
    /// A character that no number has: I, O, Q (mistaken for 1 and 0), or neither letter nor digit.
    BadCharacter {
        /// The character, in capitals.
        character: char,
        /// Where, from 1.
        position: u16,
    },
    /// 17 characters, some hidden by the source.
    Masked,
    /// 17 characters.
    Complete,
}

/// The check digit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckDigit {
    /// Cannot be computed yet, or not at all (masked).
    Unknown,
    /// As computed.
    Right,
    /// Not as computed: a slip in typing, or a maker that does not use it.
    Differs {
        /// What it would be.
        expected: char,
    },
}

/// Makers whose numbers say more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Maker {
    /// Tesla.
    Tesla,
}

/// Checks a number, complete or half typed.
pub fn check(text: &str) -> VinCheck {
    let normalised = normalise(text);
    let chars: Vec<char> = normalised.chars().collect();
    let shape = shape_of(&chars);
    let check_digit = match shape {
        VinShape::Complete => check_digit_of(&chars),
        _ => CheckDigit::Unknown,
    };
    let wmi = (chars.len() >= 3 && chars[..3].iter().all(|c| value_of(*c).is_some()))
        .then(|| chars[..3].iter().collect::<String>());
    let maker = wmi.as_deref().and_then(maker_of);
    let model_years = match shape {
        VinShape::Complete | VinShape::Masked | VinShape::TooShort { .. } => years_of(&chars, maker),
        _ => Vec::new(),
    };
    VinCheck { normalised, shape, check_digit, wmi, model_years, maker }
}

/// Whether two numbers can be of the same car: equal wherever neither is masked.
pub fn may_be_same(a: &str, b: &str) -> bool {
    let (a, b) = (normalise(a), normalise(b));
    a.chars().count() == b.chars().count() && a.chars().zip(b.chars()).all(|(x, y)| x == y || x == MASK || y == MASK)
}

fn normalise(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '.')).flat_map(char::to_uppercase).collect()
}

fn shape_of(chars: &[char]) -> VinShape {
    if let Some(at) = chars.iter().position(|c| value_of(*c).is_none() && *c != MASK) {
        return VinShape::BadCharacter { character: chars[at], position: u16::try_from(at + 1).unwrap_or(u16::MAX) };
    }
    match chars.len() {
        0 => VinShape::Empty,
        n if n < LEN => VinShape::TooShort { missing: (LEN - n) as u16 },
        n if n > LEN => VinShape::TooLong { extra: u16::try_from(n - LEN).unwrap_or(u16::MAX) },
        _ if chars.contains(&MASK) => VinShape::Masked,
        _ => VinShape::Complete,
    }
}

/// The transliterated value of a character, `None` where a number cannot have it.
fn value_of(c: char) -> Option<u32> {
    match c {
        '0'..='9' => c.to_digit(10),
        'A'..='H' => Some(c as u32 - 'A' as u32 + 1),
        'J'..='N' => Some(c as u32 - 'J' as u32 + 1),
        'P' => Some(7),
        'R' => Some(9),
        'S'..='Z' => Some(c as u32 - 'S' as u32 + 2),
        _ => None,
    }
}

/// Weights of the positions; the check digit itself counts nothing (49 CFR 565.15).
const WEIGHTS: [u32; LEN] = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];

fn check_digit_of(chars: &[char]) -> CheckDigit {
    let expected = expected_digit(chars);
    if chars[8] == expected { CheckDigit::Right } else { CheckDigit::Differs { expected } }
}

fn expected_digit(chars: &[char]) -> char {
    let sum: u32 = chars.iter().zip(WEIGHTS).map(|(c, weight)| value_of(*c).unwrap_or(0) * weight).sum();
    match sum % 11 {
        10 => 'X',
        rest => char::from_digit(rest, 10).unwrap_or('0'),
    }
}

/// A number of 17 characters with its check digit put into position 9.
pub(crate) fn with_check_digit(vin: &str) -> String {
    let mut chars: Vec<char> = vin.chars().collect();
    if chars.len() == LEN {
        chars[8] = expected_digit(&chars);
    }
    chars.into_iter().collect()
}

/// The code of a model year in position 10.
pub(crate) fn year_code(year: u16) -> char {
    // The codes began in 1980, which is a multiple of their 30.
    let index = usize::from(year % 30);
    YEAR_CODES.chars().nth(index).unwrap_or('A')
}

/// Manufacturer identifiers of Tesla: cars from Fremont and Austin, light trucks, Shanghai, Berlin, and Roadster.
fn maker_of(wmi: &str) -> Option<Maker> {
    matches!(wmi, "5YJ" | "7SA" | "7G2" | "LRW" | "XP7" | "SFZ").then_some(Maker::Tesla)
}

/// Codes of position 10, in the order of the years from 1980 on; after 30 years they come again.
const YEAR_CODES: &str = "ABCDEFGHJKLMNPRSTVWXY123456789";

fn years_of(chars: &[char], maker: Option<Maker>) -> Vec<u16> {
    let Some(index) = chars.get(9).and_then(|c| YEAR_CODES.find(*c)) else { return Vec::new() };
    let early = 1980 + index as u16;
    match maker {
        // Tesla's first car was of model year 2008.
        Some(Maker::Tesla) if early < 2008 => vec![early + 30],
        Some(Maker::Tesla) => vec![early],
        None => vec![early, early + 30],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_numbers_pass() {
        for vin in ["1M8GDM9AXKP042788", "11111111111111111", "1N4AL2AP9CC248968"] {
            let check = check(vin);
            assert_eq!(check.shape, VinShape::Complete, "{vin}");
            assert_eq!(check.check_digit, CheckDigit::Right, "{vin}");
        }
    }

    #[test]
    fn a_wrong_check_digit_warns_and_names_the_right_one() {
        let check = check("1M8GDM9A1KP042788");
        assert!(check.is_acceptable());
        assert_eq!(check.check_digit, CheckDigit::Differs { expected: 'X' });
    }

    #[test]
    fn a_number_is_judged_while_it_is_typed() {
        assert_eq!(check("").shape, VinShape::Empty);
        assert_eq!(check("5yj 3e7").shape, VinShape::TooShort { missing: 11 });
        assert_eq!(check("5YJSA11111111111").shape, VinShape::TooShort { missing: 1 });
        assert_eq!(check("1M8GDM9AXKP0427889").shape, VinShape::TooLong { extra: 1 });
        assert_eq!(check("1M8O").shape, VinShape::BadCharacter { character: 'O', position: 4 });
        assert_eq!(check("1M8é").shape, VinShape::BadCharacter { character: 'É', position: 4 });
        assert_eq!(check("VF3********123456").shape, VinShape::Masked);
    }

    #[test]
    fn the_year_of_a_tesla_is_told_by_its_number() {
        let check = check("5YJ3E7EB0MF000001");
        assert_eq!(check.maker, Some(Maker::Tesla));
        assert_eq!(check.model_years, [2021]);
        assert_eq!(super::check("1M8GDM9AXKP042788").model_years, [1989, 2019]);
    }

    #[test]
    fn masked_numbers_match_where_they_can_be_seen() {
        assert!(may_be_same("VF3********123456", "vf3abcdefgh123456"));
        assert!(!may_be_same("VF3********123456", "VF3ABCDEFGH123457"));
        assert!(!may_be_same("VF3", "VF3ABCDEFGH123457"));
    }
}
