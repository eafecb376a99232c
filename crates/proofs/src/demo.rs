//! The policy for trying Carnet out: two of three cosigners whose secret keys everybody knows.

/// The policy's text. An app for real cars is built with its consortium's: `docs/decisions/policy.md`.
pub const POLICY: &str = include_str!("demo/policy.txt");
