//! The one spelling of a VIN that is evaluated.

use crate::VinTagError;
use carnet_protocol::domain::Domain;

/// A complete VIN (ISO 3779): 17 capital letters and digits without I, O and Q.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Vin([u8; 17]);

impl Vin {
    /// Reads a VIN as people write it: lower case, blanks, hyphens and dots make no difference.
    ///
    /// # Errors
    /// [`VinTagError::NotAVin`], also for a masked or shortened number: it could be that of several cars.
    pub fn parse(text: &str) -> Result<Self, VinTagError> {
        let kept = text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '.'));
        let mut vin = [0; 17];
        let mut length = 0;
        for c in kept {
            let c = c.to_ascii_uppercase();
            let good = c.is_ascii_digit() || (c.is_ascii_uppercase() && !matches!(c, 'I' | 'O' | 'Q'));
            let place = vin.get_mut(length).filter(|_| good).ok_or(VinTagError::NotAVin)?;
            *place = c as u8;
            length += 1;
        }
        if length == vin.len() { Ok(Self(vin)) } else { Err(VinTagError::NotAVin) }
    }

    /// What is evaluated: the label, then the VIN.
    pub(crate) fn input(&self) -> Vec<u8> {
        [Domain::EVALUATE_VIN.as_bytes(), &self.0].concat()
    }
}

impl core::fmt::Debug for Vin {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Vin(..)")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_spelling_of_a_vin_is_one() {
        let vin = Vin::parse("WVWZZZ1KZ6W000001").unwrap();
        for text in ["wvwzzz1kz6w000001", " WVW ZZZ 1K Z6W000001 ", "WVW-ZZZ-1KZ6W0000-01", "WVWZZZ1KZ6W.000001"] {
            assert_eq!(Vin::parse(text), Ok(vin));
        }
        assert_eq!(format!("{vin:?}"), "Vin(..)");
    }

    #[test]
    fn what_is_no_complete_vin_is_refused() {
        for text in [
            "",
            "WVWZZZ1KZ6W00000",
            "WVWZZZ1KZ6W0000012",
            "WVWZZZ1KZ6W00000*",
            "WVWZZZ1KZ6WO00001",
            "ÄVWZZZ1KZ6W000001",
        ] {
            assert_eq!(Vin::parse(text), Err(VinTagError::NotAVin), "{text}");
        }
    }
}
