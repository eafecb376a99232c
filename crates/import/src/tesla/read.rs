//! From text to samples: a document, or lines.

use super::sample::Sample;
use crate::{ImportError, Place, SkipReason, dry_run::Findings, json::broken, limits, text};
use serde::de::{Deserialize, Deserializer, SeqAccess, Visitor, value::MapAccessDeserializer};

/// A sample and where it stands.
pub struct Numbered {
    /// Where.
    pub place: Place,
    /// The sample, out of its envelope.
    pub sample: Sample,
}

/// Reads all samples; broken lines of a log are passed over and reported.
///
/// # Errors
/// [`ImportError::BrokenJson`] where the text is neither a document nor lines of objects;
/// [`ImportError::TooManyRows`].
pub fn samples(text: &str, findings: &mut Findings) -> Result<Vec<Numbered>, ImportError> {
    match serde_json::from_str::<Document>(text) {
        Ok(document) => Ok(of_document(document, findings)?),
        Err(error) => lines(text, findings)?.ok_or_else(|| broken(&error)),
    }
}

fn of_document(document: Document, findings: &mut Findings) -> Result<Vec<Numbered>, ImportError> {
    let elements = match document {
        Document::One(sample) => {
            return Ok(vec![Numbered { place: Place::File, sample: sample.unwrapped() }]);
        }
        Document::Many(elements) => elements,
    };
    if elements.len() > limits::ROWS_MAX {
        return Err(ImportError::TooManyRows { max: text::number(limits::ROWS_MAX) });
    }
    let mut found = Vec::new();
    for (i, element) in elements.into_iter().enumerate() {
        let place = Place::Element { number: text::number(i + 1) };
        keep(element.0.map(|sample| *sample), place, &mut found, findings);
    }
    Ok(found)
}

fn keep(sample: Option<Sample>, place: Place, found: &mut Vec<Numbered>, findings: &mut Findings) {
    match sample.map(Sample::unwrapped).filter(Sample::has_blocks) {
        Some(sample) => found.push(Numbered { place, sample }),
        None => findings.skip(place, SkipReason::NotASample),
    }
}

/// Newline-delimited objects; `None` when not one line is a sample.
fn lines(text: &str, findings: &mut Findings) -> Result<Option<Vec<Numbered>>, ImportError> {
    let numbered = text.lines().enumerate().map(|(i, line)| (i + 1, line.trim())).filter(|(_, line)| !line.is_empty());
    if numbered.clone().count() > limits::ROWS_MAX {
        // A broken document may have as many lines as it likes; a log may not.
        let is_log = numbered
            .clone()
            .take(50)
            .any(|(_, line)| serde_json::from_str::<Sample>(line).is_ok_and(|s| s.unwrapped().has_blocks()));
        return if is_log { Err(ImportError::TooManyRows { max: text::number(limits::ROWS_MAX) }) } else { Ok(None) };
    }
    let (mut found, mut faults) = (Vec::new(), Vec::new());
    for (line, content) in numbered {
        let place = Place::Line { line: text::number(line) };
        match serde_json::from_str::<Document>(content) {
            Ok(Document::One(sample)) => {
                let sample = sample.unwrapped();
                if sample.has_blocks() {
                    found.push(Numbered { place, sample });
                } else {
                    faults.push((place, SkipReason::NotASample));
                }
            }
            Ok(Document::Many(_)) => faults.push((place, SkipReason::NotASample)),
            Err(error) => faults.push((place, SkipReason::BrokenJson { column: text::number(error.column()) })),
        }
    }
    if found.is_empty() {
        return Ok(None);
    }
    for (place, reason) in faults {
        findings.skip(place, reason);
    }
    Ok(Some(found))
}

/// A whole JSON document.
enum Document {
    One(Box<Sample>),
    Many(Vec<crate::json::Block<Sample>>),
}

impl<'de> Deserialize<'de> for Document {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(DocumentVisitor)
    }
}

struct DocumentVisitor;

impl<'de> Visitor<'de> for DocumentVisitor {
    type Value = Document;

    fn expecting(&self, f: &mut core::fmt::Formatter) -> core::fmt::Result {
        f.write_str("an object or an array")
    }

    fn visit_map<A: serde::de::MapAccess<'de>>(self, map: A) -> Result<Document, A::Error> {
        Sample::deserialize(MapAccessDeserializer::new(map)).map(|sample| Document::One(Box::new(sample)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Document, A::Error> {
        let mut elements = Vec::new();
        // One more than the limit is read, so that the limit is seen to be passed; the rest is only drained.
        while elements.len() <= limits::ROWS_MAX {
            match seq.next_element()? {
                Some(element) => elements.push(element),
                None => return Ok(Document::Many(elements)),
            }
        }
        while seq.next_element::<serde::de::IgnoredAny>()?.is_some() {}
        Ok(Document::Many(elements))
    }
}
