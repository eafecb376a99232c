//! Share links: `https://host/s#<link id>.<secret>`. Format: `docs/formats/link.md`.
//!
//! A link is a grant whose grantee key is derived from the link's secret. The relay holds the hash of a bearer
//! token derived from the same secret (and the PIN, where there is one), never the secret.

use crate::{
    bytes::{decode_text, encode_text},
    day::Timestamp,
    domain::Domain,
    id::{GrantId, Hash32, LinkId, StreamId},
    key::VerifyingKey,
    signed::Signable,
};
use serde::{Deserialize, Serialize};

/// What the relay keeps of a link. Signed by the stream's owner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// The link.
    pub link: LinkId,
    /// The stream.
    pub stream: StreamId,
    /// The grant it opens.
    pub grant: GrantId,
    /// Hash of the bearer token, label `HASH_LINK_TOKEN`.
    pub token_hash: Hash32,
    /// It opens nothing after this time.
    pub expires: Timestamp,
    /// How often it can be opened; `None` without limit.
    pub max_opens: Option<u32>,
    /// How the PIN is stretched; `None` when there is no PIN.
    pub pin: Option<Argon2Params>,
}

impl Signable for Link {
    const DOMAIN: Domain = Domain::SIGN_LINK;
}

/// Cost of Argon2id (RFC 9106). The client refuses less than its floor, whatever the relay says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Argon2Params {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}

/// A reader takes a link over to keys of their own; the link dies. Authorised by the bearer token, signed by the
/// claimer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// The link.
    pub link: LinkId,
    /// The key that fetches from now on; it also signs this claim.
    pub claimer: VerifyingKey,
}

impl Signable for Claim {
    const DOMAIN: Domain = Domain::SIGN_CLAIM;
}

/// The part of a share link after `#`.
#[derive(Clone, PartialEq, Eq)]
pub struct LinkFragment {
    /// The link's id.
    pub link: LinkId,
    /// The secret. It never reaches a server.
    pub secret: [u8; 32],
}

/// A share link that cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// There is nothing after `#`.
    #[error("the link has nothing after the # sign: it was cut off, ask for it again")]
    Empty,
    /// It is not `<id>.<secret>`.
    #[error("the link is incomplete or was changed on the way: copy the whole of it again")]
    Mangled,
}

impl LinkFragment {
    /// Reads a fragment, with or without the leading `#`, and mends what mail programs and chats do to it: `%23` for
    /// `#`, `%2E` for the dot, white space, trailing punctuation, tracking parameters after `&` or `?`.
    ///
    /// # Errors
    /// [`LinkError`] when no id and secret can be made out.
    pub fn parse(text: &str) -> Result<Self, LinkError> {
        let compact: String = text.split_whitespace().collect();
        let compact = compact.replace("%23", "#").replace("%2E", ".").replace("%2e", ".");
        let part = compact.rsplit('#').next().unwrap_or_default();
        let part = part.split(['&', '?']).next().unwrap_or_default();
        let part = part.trim_matches(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_'));
        if part.is_empty() {
            return Err(LinkError::Empty);
        }
        let (id, secret) = part.split_once('.').ok_or(LinkError::Mangled)?;
        Ok(Self {
            link: id.parse().map_err(|_| LinkError::Mangled)?,
            secret: decode_text::<32>(secret).map_err(|_| LinkError::Mangled)?,
        })
    }

    /// From 48 bytes, identifier and secret, as a sealed grant carries it.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (link, secret) = bytes.split_first_chunk::<16>()?;
        Some(Self { link: LinkId(*link), secret: secret.try_into().ok()? })
    }

    /// See [`Self::from_bytes`].
    pub fn to_bytes(&self) -> [u8; 48] {
        let mut bytes = [0; 48];
        bytes[..16].copy_from_slice(self.link.as_bytes());
        bytes[16..].copy_from_slice(&self.secret);
        bytes
    }

    /// `<id>.<secret>`, without `#`.
    pub fn to_text(&self) -> String {
        format!("{}.{}", self.link, encode_text(&self.secret))
    }
}

impl core::fmt::Debug for LinkFragment {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("LinkFragment").field("link", &self.link).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_fragment_survives_what_mail_programs_do_to_it() {
        let fragment = LinkFragment { link: LinkId([0xfb; 16]), secret: [0x3e; 32] };
        let text = fragment.to_text();
        for mangled in [
            text.clone(),
            format!("#{text}"),
            format!("%23{text}"),
            format!("https://host/s%23{text}"),
            format!("https://host/s#{text}&utm_source=x"),
            format!("<https://host/s#{text}>."),
            text.replace('.', "%2E"),
            format!(" {} \n{}", &text[..10], &text[10..]),
        ] {
            assert_eq!(LinkFragment::parse(&mangled).unwrap(), fragment, "{mangled}");
        }
    }

    #[test]
    fn a_cut_off_link_is_refused() {
        let text = LinkFragment { link: LinkId([1; 16]), secret: [2; 32] }.to_text();
        assert_eq!(LinkFragment::parse(""), Err(LinkError::Empty));
        assert_eq!(LinkFragment::parse("#"), Err(LinkError::Empty));
        for cut in 1..text.len() {
            assert_eq!(LinkFragment::parse(&text[..cut]), Err(LinkError::Mangled), "{cut}");
        }
    }
}
