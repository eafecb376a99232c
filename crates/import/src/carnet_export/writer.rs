//! Writing an export.

use super::{
    ExportedStanding,
    line::{Line, VERSION, day_text},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use carnet_protocol::{
    day::{Day, Timestamp},
    id::{RecordId, StreamId},
    key::VerifyingKey,
    payload::Payload,
};

/// Writes an export line by line.
pub struct Writer {
    out: Vec<u8>,
    records: u64,
    files: u64,
}

impl Writer {
    /// Begins one.
    pub fn new(at: Timestamp) -> Self {
        let mut writer = Self { out: Vec::new(), records: 0, files: 0 };
        writer.line(&Line::CarnetExport { version: VERSION, at });
        writer
    }

    /// A car; what follows is of it.
    pub fn car(&mut self, stream: StreamId, owner: VerifyingKey, name: &str) {
        self.line(&Line::Car { stream, owner, name: name.to_owned() });
    }

    /// A record: the canonical signed payload, the same opened, and what it counts.
    pub fn record(&mut self, day: Day, signed: &[u8], payload: Payload, standing: Option<ExportedStanding>) {
        self.records += 1;
        self.line(&Line::Record {
            record: payload.record,
            category: payload.fact.category(),
            day: day_text(day),
            signed: STANDARD.encode(signed),
            standing,
            payload: Some(Box::new(payload)),
        });
    }

    /// A file of the record before.
    pub fn file(&mut self, record: RecordId, name: &str, bytes: &[u8]) {
        self.files += 1;
        self.line(&Line::File { record, name: name.to_owned(), bytes: STANDARD.encode(bytes) });
    }

    /// Bytes so far.
    pub fn len(&self) -> usize {
        self.out.len()
    }

    /// Never: it begins with a line.
    pub fn is_empty(&self) -> bool {
        self.out.is_empty()
    }

    /// Ends it.
    pub fn finish(mut self) -> Vec<u8> {
        self.line(&Line::End { records: self.records, files: self.files });
        self.out
    }

    fn line(&mut self, line: &Line) {
        // Strings, numbers and lists only: no map with other keys, no writer that fails.
        serde_json::to_writer(&mut self.out, line).expect("a line is plain JSON");
        self.out.push(b'\n');
    }
}
