//! What the rules need of a host's storage: ordered keys and values.

/// A key with its value.
pub type Entry = (Vec<u8>, Vec<u8>);

/// Reading.
pub trait ReadState {
    /// Why the host cannot read or write.
    type Error: core::error::Error;

    /// The value under a key.
    ///
    /// # Errors
    /// The host's.
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, Self::Error>;

    /// At most `limit` entries whose keys start with `prefix` and come after `after`, in the order of keys.
    ///
    /// Narrow on purpose: on some hosts everything scanned is checked for conflicts at commit.
    ///
    /// # Errors
    /// The host's.
    fn scan(&self, prefix: &[u8], after: Option<&[u8]>, limit: usize) -> Result<Vec<Entry>, Self::Error>;
}

/// Reading and writing. A host whose reads do not see the transaction's own writes puts an [`crate::Overlay`] between.
pub trait State: ReadState {
    /// Sets the value under a key. Values are never empty: some hosts take an empty value for none.
    ///
    /// # Errors
    /// The host's.
    fn put(&mut self, key: Vec<u8>, value: Vec<u8>) -> Result<(), Self::Error>;

    /// Removes a key; one that is not there is no error.
    ///
    /// # Errors
    /// The host's.
    fn delete(&mut self, key: &[u8]) -> Result<(), Self::Error>;
}
