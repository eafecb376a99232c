//! A relay that lies, for tests: it stands between a real client and a real relay, hands requests on as they are and
//! changes answers on their way back.
//!
//! It holds what a malicious relay would hold: everything that was ever answered, and, as the demo's keys are public
//! ([`carnet_transparency::demo`]), those of a log and of all its cosigners. Owners' and readers' keys it has not.
//!
//! How to use it: a test gives one [`Heard`] to all its connections to the same relay, so that an old answer to one
//! person can be told to another. Each connection has a [`HostileRelay`], through which every answer goes
//! ([`HostileRelay::answer`]); it is honest until [`HostileRelay::begin`] names one of [`Lie::ALL`]. What a lie does
//! is its documentation, [`Lie::says`]; on which routes, [`Lie::routes`]; to whom it is told and what must come of it,
//! [`Lie::ends`]. A lie that was not told shows nothing, so look at [`HostileRelay::told`] afterwards.
//!
//! The fixture knows no transport: it is a function over the bytes of requests and answers, for the wallet's journeys
//! as for a proxy in front of a browser.

mod forge;
mod heard;
mod lie;
mod tell;

pub use heard::Heard;
pub use lie::{End, Lie, Victim};

/// A request as it went to the relay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// `GET`, `POST`, `PUT` or `DELETE`.
    pub method: String,
    /// Path and query.
    pub path: String,
    /// The body; empty for none.
    pub body: Vec<u8>,
}

/// What is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// The `Carnet-Receipt` header, where there is one.
    pub receipt: Option<String>,
    /// The body.
    pub body: Vec<u8>,
}

/// One connection to a relay that may lie.
#[derive(Debug, Clone, Default)]
pub struct HostileRelay {
    heard: Heard,
    lie: Option<Lie>,
    told: usize,
    since: Vec<Asked>,
}

impl HostileRelay {
    /// A connection that is honest so far, with the memory it shares with others to the same relay.
    pub fn new(heard: Heard) -> Self {
        Self { heard, ..Self::default() }
    }

    /// Lies from now on.
    pub fn begin(&mut self, lie: Lie) {
        (self.lie, self.told, self.since) = (Some(lie), 0, Vec::new());
    }

    /// Is honest again.
    pub fn end(&mut self) {
        self.lie = None;
    }

    /// How many answers were changed since [`Self::begin`].
    pub fn told(&self) -> usize {
        self.told
    }

    /// What was asked since the lie was first told: what the client did with it.
    pub fn asked_since(&self) -> &[Asked] {
        &self.since
    }

    /// What the client gets for a request in the place of the honest answer.
    pub fn answer(&mut self, asked: &Asked, honest: Answer) -> Answer {
        let Some(lie) = self.lie else {
            self.heard.keep(asked, &honest);
            return honest;
        };
        if self.told > 0 {
            self.since.push(asked.clone());
        }
        if !lie.routes().iter().any(|route| is_on(route, &asked.path)) {
            return honest;
        }
        match tell::tell(lie, asked, &honest, &self.heard) {
            Some(told) if told != honest => {
                self.told += 1;
                told
            }
            _ => honest,
        }
    }
}

/// Whether a path, with or without a query, is one of a route with identifiers in braces.
pub(crate) fn is_on(route: &str, path: &str) -> bool {
    let path = path.split('?').next().unwrap_or_default();
    let (mut expected, mut found) = (route.split('/'), path.split('/'));
    loop {
        match (expected.next(), found.next()) {
            (None, None) => return true,
            (Some(expected), Some(found)) if expected == found || expected.starts_with('{') => {}
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use carnet_protocol::api::path;

    #[test]
    fn a_path_is_on_its_own_route_only() {
        assert!(is_on(path::LEAVES, "/v1/ledger/streams/abc/leaves?after=3"));
        assert!(!is_on(path::STREAM, "/v1/ledger/streams/abc/leaves"));
        assert!(!is_on(path::LEAVES, "/v1/ledger/streams/abc"));
    }

    #[test]
    fn an_honest_answer_goes_through_as_it_is() {
        let mut relay = HostileRelay::new(Heard::default());
        let asked = Asked { method: "GET".into(), path: path::INFO.into(), body: Vec::new() };
        let honest = Answer { status: 200, receipt: None, body: vec![1, 2, 3] };
        assert_eq!(relay.answer(&asked, honest.clone()), honest);
        // A lie about another route leaves it alone as well.
        relay.begin(Lie::LeafDropped);
        assert_eq!(relay.answer(&asked, honest.clone()), honest);
        assert_eq!(relay.told(), 0);
    }

    #[test]
    fn every_lie_is_told_to_somebody() {
        for lie in Lie::ALL {
            assert!(!lie.ends().is_empty() && !lie.routes().is_empty() && !lie.says().is_empty(), "{lie:?}");
        }
    }
}
