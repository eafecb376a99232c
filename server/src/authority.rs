//! Under which names a relay takes proofs.

use std::net::SocketAddr;

/// A relay that others can reach must know its own name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "a relay that listens beyond this machine must know under which host its clients reach it, or proofs made for it \
     could be used elsewhere: set public_authorities, for example --public-authorities carnet.example.org"
)]
pub struct NoAuthority;

/// The hosts, with ports where not the scheme's own, for which proofs are accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Authorities {
    /// Exactly these.
    Named(Vec<String>),
    /// This machine's own names at any port: nobody else reaches a relay on loopback, and proxies for testing and
    /// containers map ports.
    Loopback,
}

impl Authorities {
    /// The configured names, or the loopback names for a relay that listens there only.
    ///
    /// # Errors
    /// [`NoAuthority`].
    pub fn new(configured: &[String], listen: SocketAddr) -> Result<Self, NoAuthority> {
        match (configured.is_empty(), listen.ip().is_loopback()) {
            (false, _) => Ok(Self::Named(configured.to_vec())),
            (true, true) => Ok(Self::Loopback),
            (true, false) => Err(NoAuthority),
        }
    }

    /// Whether a `Host` header names this relay.
    pub fn accept(&self, host: &str) -> bool {
        match self {
            Self::Named(names) => names.iter().any(|name| name.eq_ignore_ascii_case(host)),
            Self::Loopback => {
                let name = match host.rsplit_once(':') {
                    Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
                    _ => host,
                };
                ["127.0.0.1", "[::1]", "localhost"].iter().any(|own| own.eq_ignore_ascii_case(name))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn loopback_goes_by_its_own_names_only() {
        let loopback = Authorities::new(&[], "127.0.0.1:8787".parse().unwrap()).unwrap();
        for host in ["127.0.0.1:8787", "localhost", "LOCALHOST:1", "[::1]:9", "[::1]"] {
            assert!(loopback.accept(host), "{host}");
        }
        for host in ["", "evil.example", "localhost.evil.example:8787", "127.0.0.1.evil.example", "localhost:x"] {
            assert!(!loopback.accept(host), "{host}");
        }
    }

    #[test]
    fn a_public_relay_is_named() {
        let listen = "0.0.0.0:80".parse().unwrap();
        assert_eq!(Authorities::new(&[], listen), Err(NoAuthority));
        let named = Authorities::new(&["carnet.example.org".to_owned()], listen).unwrap();
        assert!(named.accept("Carnet.example.org"));
        assert!(!named.accept("localhost"));
    }
}
