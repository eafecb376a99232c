//! Searching in a record's words.

use crate::opened::OpenedRecord;
use carnet_protocol::payload::{Fact, VehicleIdentity};

/// The words of a search, folded.
pub fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(fold).collect()
}

/// Whether every word occurs somewhere in the record's own words.
pub fn contains_all(record: &OpenedRecord, words: &[String]) -> bool {
    words.is_empty() || {
        let text = fold(&searchable(record));
        words.iter().all(|word| text.contains(word.as_str()))
    }
}

fn searchable(record: &OpenedRecord) -> String {
    let payload = &record.payload;
    let mut parts: Vec<&str> = Vec::new();
    match &payload.fact {
        Fact::Identity(identity) => parts.extend(identity_words(identity)),
        Fact::Maintenance(work) => {
            parts.push(&work.description);
            parts.extend(work.workshop.as_deref());
        }
        Fact::Inspection(inspection) => {
            parts.extend(inspection.label.as_deref());
            parts.extend(inspection.centre.as_deref());
        }
        Fact::Incident(incident) => parts.push(&incident.description),
        Fact::Ownership(event) => {
            parts.extend(event.label.as_deref());
            parts.extend(event.code.as_deref());
        }
        Fact::Document(paper) => parts.push(&paper.title),
        Fact::Expense(expense) => parts.push(&expense.description),
        Fact::Odometer(_)
        | Fact::ClusterReplacement(_)
        | Fact::Handover(_)
        | Fact::Battery(_)
        | Fact::Charge(_)
        | Fact::Driving(_)
        | Fact::Refuelling(_)
        | Fact::Location(_)
        | Fact::Statement(_) => {}
    }
    parts.extend(payload.note.as_deref());
    parts.extend(payload.attachments.iter().map(|a| a.name.as_str()));
    parts.join("\n")
}

fn identity_words(identity: &VehicleIdentity) -> impl Iterator<Item = &str> {
    [&identity.vin, &identity.plate, &identity.make, &identity.model, &identity.variant, &identity.colour]
        .into_iter()
        .flatten()
        .map(String::as_str)
}

/// Small letters without the accents of Western European languages, so that `revision` finds `Révision`.
fn fold(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).map(unaccented).filter(|c| !is_combining(*c)).collect()
}

fn unaccented(c: char) -> char {
    match c {
        'à'..='å' | 'ā' => 'a',
        'ç' => 'c',
        'è'..='ë' | 'ē' => 'e',
        'ì'..='ï' | 'ī' => 'i',
        'ñ' => 'n',
        'ò'..='ö' | 'ø' | 'ō' => 'o',
        'ù'..='ü' | 'ū' => 'u',
        'ý' | 'ÿ' => 'y',
        '’' => '\'',
        other => other,
    }
}

/// Accents that stand as characters of their own.
fn is_combining(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}
