//! Windows-1252, the encoding of old spreadsheet exports. The same as Latin-1 except for 0x80 to 0x9f.

/// Characters of the bytes 0x80 to 0x9f; zero where there is none.
const HIGH: [char; 32] = [
    '€', '\0', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\0', 'Ž', '\0', '\0', '‘', '’', '“', '”', '•',
    '–', '—', '˜', '™', 'š', '›', 'œ', '\0', 'ž', 'Ÿ',
];

/// The text, or `None` when a byte has no character or the control characters show that it is no text.
pub fn decode(bytes: &[u8]) -> Option<String> {
    bytes
        .iter()
        .map(|byte| match byte {
            b'\t' | b'\n' | b'\r' | 0x0c => Some(char::from(*byte)),
            0x00..=0x1f | 0x7f => None,
            0x80..=0x9f => Some(HIGH[usize::from(byte - 0x80)]).filter(|c| *c != '\0'),
            _ => Some(char::from(*byte)),
        })
        .collect()
}
