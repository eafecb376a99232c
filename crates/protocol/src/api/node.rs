//! Every path of a member's cosigner.

/// `POST` [`crate::proof::CosignRequest`]: [`crate::proof::CosignAnswer`]. The log's signature is inside.
pub const COSIGN: &str = "/v1/cosign";
/// `GET`: the cosigner's public key as policies have it, and how many transactions it has, as text.
pub const COSIGNER: &str = "/v1/cosigner";
