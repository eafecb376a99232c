//! A search for planted secrets in whatever form they may have leaked: as text, wide, as hex, in base64.

use base64::{
    Engine,
    engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD},
};
use std::collections::HashMap;

/// The shortest form that is looked for: anything shorter would be found by chance.
const SHORTEST: usize = 8;

/// What is looked for, by its first bytes.
#[derive(Default)]
pub struct Search {
    forms: HashMap<[u8; 4], Vec<(String, Vec<u8>)>>,
}

impl Search {
    /// Looks for a text as well: UTF-8, UTF-16, and the bytes of both as [`Search::bytes`] has them.
    pub fn text(&mut self, name: &str, text: &str) {
        let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        self.bytes(name, text.as_bytes());
        self.bytes(name, &wide);
    }

    /// Looks for bytes as well: as they are, as hex in either case, and in both alphabets of base64.
    pub fn bytes(&mut self, name: &str, bytes: &[u8]) {
        self.form(name, bytes.to_vec());
        self.form(name, hex::encode(bytes).into_bytes());
        self.form(name, hex::encode_upper(bytes).into_bytes());
        // Base64 takes three bytes at a time, so the same bytes look different behind one or two others. What depends on
        // the neighbours is cut off at both ends.
        for before in 0..3 {
            let mut shifted = vec![0; before];
            shifted.extend_from_slice(bytes);
            let whole = shifted.len() / 3 * 4;
            let first = [0, 2, 3][before];
            for encoded in [STANDARD_NO_PAD.encode(&shifted), URL_SAFE_NO_PAD.encode(&shifted)] {
                self.form(name, encoded.as_bytes().get(first..whole).unwrap_or_default().to_vec());
            }
        }
    }

    fn form(&mut self, name: &str, form: Vec<u8>) {
        if form.len() < SHORTEST {
            return;
        }
        if let Some(start) = form.first_chunk::<4>() {
            let known = self.forms.entry(*start).or_default();
            if !known.iter().any(|(_, own)| *own == form) {
                known.push((name.to_owned(), form));
            }
        }
    }

    /// The names of what stands among these bytes.
    pub fn found_in<'a>(&'a self, bytes: &'a [u8]) -> impl Iterator<Item = &'a str> {
        bytes.windows(4).enumerate().flat_map(move |(at, start)| {
            let here = start.first_chunk::<4>().and_then(|start| self.forms.get(start));
            let rest = &bytes[at..];
            here.into_iter().flatten().filter(move |(_, form)| rest.starts_with(form)).map(|(name, _)| name.as_str())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_found_wherever_it_stands_and_nothing_else() {
        let mut search = Search::default();
        search.text("plate", "CN-4242-RY");
        let wide: Vec<u8> = "CN-4242-RY".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let hidden = |text: &str| STANDARD_NO_PAD.encode(text).into_bytes();
        for leak in [
            b"..CN-4242-RY..".to_vec(),
            wide,
            b"434e2d343234322d5259".to_vec(),
            hidden("plate CN-4242-RY!"),
            hidden("a plate CN-4242-RY!"),
            hidden("my plate CN-4242-RY!"),
        ] {
            assert_eq!(search.found_in(&leak).next(), Some("plate"), "{leak:?}");
        }
        assert_eq!(search.found_in(b"CN-4243-RY and everything else").next(), None);
    }
}
