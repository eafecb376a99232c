//! A file as it was brought.

/// A file.
#[derive(Debug, Clone, Copy)]
pub struct SourceFile<'a> {
    /// Its name, with or without folders; only read for hints.
    pub name: &'a str,
    /// Its bytes.
    pub bytes: &'a [u8],
}
