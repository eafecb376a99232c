//! What is said about a VIN while it is typed.

use carnet_passport::vin::{self, CheckDigit, VinShape};

use crate::t;
use crate::ui::Text;

/// A remark on a number as typed so far; `None` while there is nothing to say.
pub fn vin_hint(typed: &str) -> Option<Text> {
    let check = vin::check(typed);
    match check.shape {
        VinShape::Empty => None,
        VinShape::TooShort { missing } => Some(t!(vin::missing, count = missing)),
        VinShape::TooLong { extra } => Some(t!(vin::extra, count = extra)),
        VinShape::BadCharacter { character, position } => {
            Some(t!(vin::bad_character, character = character, position = position))
        }
        VinShape::Masked => Some(t!(vin::masked)),
        VinShape::Complete => Some(match check.check_digit {
            CheckDigit::Differs { .. } => t!(vin::check_digit_differs),
            CheckDigit::Right | CheckDigit::Unknown => t!(vin::complete),
        }),
    }
}
