//! What a badge, notice or banner means, beside its words.

use super::Glyph;

/// The meaning of a coloured part; always shown with an icon and a text as well.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// No judgement.
    #[default]
    Neutral,
    /// Something to know.
    Info,
    /// As it should be.
    Good,
    /// Look at this.
    Caution,
    /// Wrong, lost or refused.
    Bad,
}

impl Tone {
    /// The class modifier.
    pub(super) fn modifier(self) -> &'static str {
        match self {
            Self::Neutral => "neutral",
            Self::Info => "info",
            Self::Good => "good",
            Self::Caution => "caution",
            Self::Bad => "bad",
        }
    }

    /// The icon where the caller names none.
    pub fn glyph(self) -> Glyph {
        match self {
            Self::Neutral => Glyph::Dot,
            Self::Info => Glyph::Info,
            Self::Good => Glyph::Check,
            Self::Caution => Glyph::Warning,
            Self::Bad => Glyph::Stop,
        }
    }
}
