//! Recovery words: 24 English words of BIP-39, 256 bits and a checksum of 8.

use crate::{
    kdf::expand,
    normal::{Form, normal},
    root::Root,
    secret::Secret,
};
use bip39::{Language, Mnemonic};
use carnet_protocol::domain::Domain;
use rand_core::CryptoRng;
use zeroize::{Zeroize as _, Zeroizing};

/// How many words there are.
pub const WORD_COUNT: usize = 24;

/// The words. Whoever has them has everything.
#[derive(Debug, PartialEq, Eq)]
pub struct RecoveryWords(Secret<32>);

/// The words typed in are not recovery words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WordsError {
    /// Too many or too few.
    #[error("there must be 24 words, not {found}")]
    Count {
        /// Words found.
        found: usize,
    },
    /// A word that is not in the list.
    #[error("word {position} is not one of the recovery words: check its spelling")]
    UnknownWord {
        /// Its place, from 1.
        position: usize,
    },
    /// All are in the list, but they do not belong together.
    #[error("the words do not fit together: one of them is wrong, or two are exchanged")]
    Checksum,
}

impl RecoveryWords {
    /// Fresh words.
    pub fn generate(rng: &mut impl CryptoRng) -> Self {
        Self(Secret::generate(rng))
    }

    /// Reads words as people type and paste them: any case, any white space, numbered or with commas.
    ///
    /// # Errors
    /// [`WordsError`], with the place of a word that is not in the list.
    pub fn parse(text: &str) -> Result<Self, WordsError> {
        let decomposed = normal(text, Form::Nfkd);
        // Room for all but the oddest input, so that no outgrown copy stays behind.
        let mut lower = Zeroizing::new(String::with_capacity(2 * decomposed.len()));
        lower.extend(decomposed.chars().flat_map(char::to_lowercase));
        let words = lower.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
        let mut joined = Zeroizing::new(String::with_capacity(lower.len() + 1));
        let mut found = 0;
        for word in words {
            joined.push_str(word);
            joined.push(' ');
            found += 1;
        }
        if found != WORD_COUNT {
            return Err(WordsError::Count { found });
        }
        let mnemonic = Mnemonic::parse_in_normalized(Language::English, &joined).map_err(|error| match error {
            bip39::Error::UnknownWord(index) => WordsError::UnknownWord { position: index + 1 },
            _ => WordsError::Checksum,
        })?;
        let (mut entropy, _) = mnemonic.to_entropy_array();
        let secret = Secret::filled_by(|out: &mut [u8; 32]| out.copy_from_slice(&entropy[..32]));
        entropy.zeroize();
        Ok(Self(secret))
    }

    /// The words in order, in lower case.
    pub fn words(&self) -> impl Iterator<Item = &'static str> {
        let mnemonic = Mnemonic::from_entropy_in(Language::English, self.0.expose()).expect("256 bits make 24 words");
        let indices: [&'static str; WORD_COUNT] = {
            let mut words = mnemonic.words();
            core::array::from_fn(|_| words.next().expect("256 bits make 24 words"))
        };
        indices.into_iter()
    }

    /// The root they stand for.
    pub fn to_root(&self) -> Root {
        Root::from_secret(expand(&self.0, Domain::DERIVE_ROOT, &[]))
    }
}

/// Whether a word is in the list, for checking while people type.
pub fn is_known_word(word: &str) -> bool {
    Language::English.find_word(&word.to_lowercase()).is_some()
}

#[cfg(test)]
mod tests;
