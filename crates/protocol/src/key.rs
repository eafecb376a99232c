//! Public keys and signatures as bytes on the wire. Validity (points, subgroups) is checked by `carnet-crypto`.

use crate::bytes::byte_newtype;

byte_newtype! {
    /// An Ed25519 public key (RFC 8032).
    VerifyingKey, 32
}
byte_newtype! {
    /// An X25519 public key for HPKE (RFC 7748, RFC 9180).
    SealingKey, 32
}
byte_newtype! {
    /// An HPKE encapsulated key, DHKEM(X25519).
    EncappedKey, 32
}
byte_newtype! {
    /// An Ed25519 signature.
    Signature, 64
}
byte_newtype! {
    /// A nonce of ChaCha20-Poly1305.
    AeadNonce, 12
}
byte_newtype! {
    /// The public key of the function that turns VINs into tags: ristretto255 (RFC 9496), for RFC 9497.
    VinKey, 32
}
