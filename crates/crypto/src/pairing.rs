//! Pairing codes: 16 characters that are shown, scanned or typed at the counter. Format: `docs/formats/pairing.md`.
//!
//! From the code come where the relay keeps the offer, the key that seals it, and the key that claims it. The code has 80
//! random bits: more than anyone tries out in the quarter of an hour in which it can be claimed.

use crate::{
    aead::{Cipher, NONCE_LEN, random_nonce},
    error::OpenError,
    kdf::{expand, extract},
    secret::Secret,
    signature::SigningKey,
};
use carnet_protocol::{Blob, domain::Domain, encoding, id::OfferId, pairing::PairingOffer};
use rand_core::CryptoRng;

/// Random bytes of a code.
const CODE_LEN: usize = 10;

/// Characters of a code (Crockford's base 32): no letter that is mistaken for a digit.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A pairing code.
pub struct PairingCode(Secret<CODE_LEN>);

/// What a code opens.
#[derive(Debug)]
pub struct PairingKeys {
    /// Where the relay keeps the offer.
    pub offer: OfferId,
    /// Signs the claim.
    pub claim: SigningKey,
    seal: Secret<32>,
}

/// The text is no pairing code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a pairing code has 16 letters and digits")]
pub struct CodeError;

impl PairingCode {
    /// A fresh code.
    pub fn generate(rng: &mut impl CryptoRng) -> Self {
        Self(Secret::generate(rng))
    }

    /// A code kept in the keyring.
    ///
    /// # Errors
    /// [`CodeError`] unless it is of the right length.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, CodeError> {
        Secret::from_slice(bytes).map(Self).map_err(|_| CodeError)
    }

    /// The bytes, for the keyring.
    pub fn secret(&self) -> &Secret<CODE_LEN> {
        &self.0
    }

    /// Reads a code as typed or scanned, or a whole link with it behind `#`: in any case, with or without spaces and
    /// dashes, I and L for 1, O for 0.
    ///
    /// # Errors
    /// [`CodeError`].
    pub fn parse(text: &str) -> Result<Self, CodeError> {
        let text = text.trim().replace("%23", "#");
        let text = text.rsplit('#').next().unwrap_or_default();
        let mut digits = Vec::with_capacity(16);
        for letter in text.chars().filter(|letter| !letter.is_whitespace() && *letter != '-') {
            let letter = match letter.to_ascii_uppercase() {
                'I' | 'L' => '1',
                'O' => '0',
                other => other,
            };
            let digit = ALPHABET.iter().position(|known| char::from(*known) == letter).ok_or(CodeError)?;
            digits.push(u8::try_from(digit).map_err(|_| CodeError)?);
        }
        if digits.len() != 16 {
            return Err(CodeError);
        }
        // Eight digits of five bits are five bytes.
        Ok(Self(Secret::filled_by(|bytes: &mut [u8; CODE_LEN]| {
            for (five, eight) in bytes.chunks_mut(5).zip(digits.chunks(8)) {
                let number = eight.iter().fold(0_u64, |number, digit| number << 5 | u64::from(*digit));
                five.copy_from_slice(&number.to_be_bytes()[3..]);
            }
        })))
    }

    /// Four groups of four characters.
    pub fn to_text(&self) -> String {
        let mut text = String::with_capacity(19);
        for five in self.0.expose().chunks(5) {
            let number = five.iter().fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
            for place in (0..8).rev() {
                if place % 4 == 3 && !text.is_empty() {
                    text.push('-');
                }
                text.push(char::from(ALPHABET[(number >> (5 * place) & 31) as usize]));
            }
        }
        text
    }

    /// Its keys.
    pub fn derive(&self) -> PairingKeys {
        let master = extract(&[], self.0.expose());
        let id: Secret<16> = expand(&master, Domain::DERIVE_OFFER_ID, &[]);
        PairingKeys {
            offer: OfferId(*id.expose()),
            claim: SigningKey::from_seed(&expand(&master, Domain::DERIVE_PAIRING_CLAIM, &[])),
            seal: expand(&master, Domain::DERIVE_OFFER_KEY, &[]),
        }
    }
}

impl core::fmt::Debug for PairingCode {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("PairingCode(…)")
    }
}

impl PairingKeys {
    /// Seals an offer: nonce, ciphertext, tag, bound to where it is kept.
    pub fn seal(&self, offer: &PairingOffer, rng: &mut impl CryptoRng) -> Blob {
        let nonce = random_nonce(rng);
        let sealed = Cipher::new(self.seal.expose()).seal(&nonce.0, &self.place(), &encoding::encode(offer));
        Blob([nonce.0.as_slice(), &sealed].concat())
    }

    /// Opens an offer.
    ///
    /// # Errors
    /// [`OpenError`].
    pub fn open(&self, sealed: &[u8]) -> Result<PairingOffer, OpenError> {
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE_LEN>().ok_or(OpenError)?;
        let plain = Cipher::new(self.seal.expose()).open(nonce, &self.place(), sealed)?;
        encoding::decode(&plain).map_err(|_| OpenError)
    }

    fn place(&self) -> Vec<u8> {
        [Domain::SEAL_OFFER.as_bytes(), self.offer.as_bytes().as_slice()].concat()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::rng::TestRng;
    use carnet_protocol::{
        day::{DayRange, Timestamp},
        id::{CategoryLabel, PairingId, StreamId},
        key::VerifyingKey,
        pairing::{WriteGrant, WriteScope},
    };

    #[test]
    fn a_code_survives_being_typed() {
        let code = PairingCode::generate(&mut TestRng::new(1));
        let text = code.to_text();
        assert_eq!((text.len(), text.matches('-').count()), (19, 3));
        for typed in [text.clone(), text.to_lowercase(), text.replace('-', " "), format!("https://host/desk#{text}")] {
            assert_eq!(PairingCode::parse(&typed).unwrap().secret(), code.secret());
        }
        assert_eq!(PairingCode::parse("oooo-iiii-llll-OOOO").unwrap().to_text(), "0000-1111-1111-0000");
        for wrong in ["", "0000-0000-0000-000", "0000-0000-0000-00000", "UUUU-0000-0000-0000"] {
            assert_eq!(PairingCode::parse(wrong).err(), Some(CodeError));
        }
    }

    #[test]
    fn an_offer_opens_with_its_code_alone_and_in_its_place_alone() {
        let mut rng = TestRng::new(2);
        let (keys, other) = (PairingCode::generate(&mut rng).derive(), PairingCode::generate(&mut rng).derive());
        let sign = SigningKey::generate(&mut rng);
        let grant = WriteGrant {
            pairing: PairingId([1; 16]),
            stream: StreamId([2; 16]),
            claim: VerifyingKey([3; 32]),
            scopes: vec![WriteScope { label: CategoryLabel([4; 8]), days: DayRange::ALL }],
            issued_at: Timestamp(1),
            claim_before: Timestamp(2),
            not_after: Timestamp(3),
        };
        let offer = PairingOffer { grant: sign.sign(&grant), vehicle_name: "car".into(), categories: Vec::new() };
        let sealed = keys.seal(&offer, &mut rng);
        assert_eq!(keys.open(&sealed).unwrap(), offer);
        assert!(other.open(&sealed).is_err());
        let moved = PairingKeys { offer: other.offer, ..PairingCode(Secret::filled_by(|_| ())).derive() };
        assert!(moved.open(&sealed).is_err());
        for at in 0..sealed.len() {
            let mut changed = sealed.0.clone();
            changed[at] ^= 1;
            assert!(keys.open(&changed).is_err());
        }
    }
}
