//! The one table of domain-separation labels.
//!
//! Every signature, hash and derivation starts with exactly one of these, so that bytes made for one purpose never
//! pass for another. No label is a prefix of another: each ends in a zero byte and none has one inside.

/// A purpose for which bytes are signed, hashed or derived.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Domain(&'static str);

impl Domain {
    /// The label's bytes, zero-terminated.
    pub const fn as_bytes(self) -> &'static [u8] {
        self.0.as_bytes()
    }
}

macro_rules! domains {
    ($($(#[$doc:meta])* $name:ident = $label:literal;)*) => {
        impl Domain {
            $($(#[$doc])* pub const $name: Domain = Domain(concat!("carnet/v1/", $label, "\0"));)*

            /// Every label, for tests that try each in the place of each other.
            pub const ALL: &'static [Domain] = &[$(Domain::$name),*];
        }
    };
}

domains! {
    /// Signature over a ledger transaction.
    SIGN_TRANSACTION = "sign/transaction";
    /// Signature over a grant.
    SIGN_GRANT = "sign/grant";
    /// Signature over a share link's public part.
    SIGN_LINK = "sign/link";
    /// Signature over a claim of a share link.
    SIGN_CLAIM = "sign/claim";
    /// Signature over an invitation to hold a car together.
    SIGN_INVITATION = "sign/invitation";
    /// Signature over the answer to one.
    SIGN_JOIN = "sign/join";
    /// Signature over a co-holder's bundle of keys.
    SIGN_BUNDLE = "sign/bundle";
    /// Signature over the payload inside a sealed record.
    SIGN_PAYLOAD = "sign/payload";
    /// Signature over an HTTP request to the relay.
    SIGN_REQUEST = "sign/request";
    /// Signature of the log's key over a request and the relay's answer.
    SIGN_RECEIPT = "sign/receipt";
    /// Signature over a keyring version.
    SIGN_KEYRING = "sign/keyring";
    /// Signature over the terms of a sale, by the seller.
    SIGN_SALE_TERMS = "sign/sale-terms";
    /// Signature that binds a buyer to the seller's code.
    SIGN_SALE_CLAIM = "sign/sale-claim";
    /// Signature over an entry of an account's device list.
    SIGN_DEVICE = "sign/device";
    /// Signature of a relay over what it removed.
    SIGN_ERASURE = "sign/erasure";
    /// Signature of an account over the erasure of its wallet.
    SIGN_WALLET_ERASURE = "sign/wallet-erasure";
    /// Signature over a batch of public day seal keys.
    SIGN_SEAL_KEYS = "sign/seal-keys";
    /// Signature over an owner's leave to write.
    SIGN_WRITE_GRANT = "sign/write-grant";
    /// Signature over a source's claim of such a leave.
    SIGN_PAIRING_CLAIM = "sign/pairing-claim";
    /// Hash of a sealed record, the commitment on the ledger.
    HASH_RECORD = "hash/record";
    /// Hash of a record header, bound into its wraps.
    HASH_HEADER = "hash/header";
    /// Hash that names a transaction.
    HASH_TRANSACTION = "hash/transaction";
    /// Hash of a grant's signed part and sealed part, on the ledger.
    HASH_GRANT = "hash/grant";
    /// Hash that names the one key that may accept a grant.
    HASH_ACCEPTOR = "hash/acceptor";
    /// Hash of a grant's sealed part, inside its signed part.
    HASH_SEALED_GRANT = "hash/sealed-grant";
    /// Hash of the signed terms of a sale, on the ledger.
    HASH_SALE_TERMS = "hash/sale-terms";
    /// Hash of the sealed part of a co-holder's bundle, inside its signed part.
    HASH_BUNDLE = "hash/bundle";
    /// Hash of a link's bearer token, all that the relay keeps of it.
    HASH_LINK_TOKEN = "hash/link-token";
    /// Hash of a request body.
    HASH_BODY = "hash/body";
    /// Hash of the body of an answer, in its receipt.
    HASH_ANSWER = "hash/answer";
    /// Hash of a request's `Authorization` header, in its receipt.
    HASH_AUTHORIZATION = "hash/authorization";
    /// Hash of a sealed keyring version.
    HASH_KEYRING = "hash/keyring";
    /// Hash of the wraps of a keyring version's key.
    HASH_KEYRING_WRAPS = "hash/keyring-wraps";
    /// Hash of a signed entry of a device list, which the next one names.
    HASH_DEVICE = "hash/device";
    /// Hash that names the mailbox in which two devices meet, over what the one adds to their code later.
    HASH_MEETING = "hash/meeting";
    /// Hash of a mailbox's bearer token, all that the relay keeps of it.
    HASH_MEETING_TOKEN = "hash/meeting-token";
    /// Hash of which two devices compare the first digits.
    HASH_MEETING_CODE = "hash/meeting-code";
    /// Hash of a stream's head, the value of the map of heads.
    HASH_STREAM_HEAD = "hash/stream-head";
    /// Hash of the directory of members, a value of the same map.
    HASH_DIRECTORY = "hash/directory";
    /// Hash of what an entry of the map is about: its key.
    HASH_MAP_KEY = "hash/map-key";
    /// Hash of an entry of the map with its key.
    HASH_MAP_ENTRY = "hash/map-entry";
    /// Hash of two halves of the map.
    HASH_MAP_BRANCH = "hash/map-branch";
    /// In front of a transaction that is an entry of the log.
    LOG_TRANSACTION = "log/transaction";
    /// In front of a record that is a leaf of its stream's tree. With the tree's own prefix byte and the leaf it fills two
    /// blocks of SHA-256 exactly; a longer label would cost every record another one.
    LOG_RECORD = "log/leaf";
    /// In front of a withdrawal in its stream's tree of withdrawals.
    LOG_WITHDRAWAL = "log/withdrawal";
    /// In front of the name of a transaction in its stream's tree of grant events.
    LOG_GRANT = "log/grant";
    /// In front of a public day seal key in its batch's tree.
    LOG_SEAL_KEY = "log/seal-key";
    /// Hash of an attachment's plaintext, inside the payload that refers to it.
    HASH_ATTACHMENT = "hash/attachment";
    /// Hash of a VIN's evaluation: its tag on the ledger.
    HASH_VIN_TAG = "hash/vin-tag";
    /// Link of the chain over what was said of a car.
    HASH_STANDING = "hash/standing";
    /// What the first screen of a car was made from.
    HASH_SHOWN = "hash/shown";
    /// Child of a node of the day tree.
    DERIVE_TREE_NODE = "derive/tree-node";
    /// Day key from a leaf of the day tree.
    DERIVE_DAY_KEY = "derive/day-key";
    /// Day seal key pair from a leaf of the day tree.
    DERIVE_DAY_SEAL = "derive/day-seal";
    /// Encryption key and key commitment of a body, from its content key. With the header hash it fills one block of
    /// SHA-256 exactly; a longer label would cost every record another one.
    DERIVE_CONTENT = "derive/body";
    /// Keys of the wallet's root from the recovery words.
    DERIVE_ROOT = "derive/root";
    /// The account's signing key from the root.
    DERIVE_ACCOUNT = "derive/account";
    /// The key pair for which the keyring's key is wrapped, from the root.
    DERIVE_WORDS_SEAL = "derive/words-seal";
    /// A device's signing key from its secret.
    DERIVE_DEVICE_SIGN = "derive/device-sign";
    /// A device's sealing key pair from its secret.
    DERIVE_DEVICE_SEAL = "derive/device-seal";
    /// The key that seals the keyring, from the keyring's key.
    DERIVE_KEYRING = "derive/keyring";
    /// A mailbox's bearer token, from the secret that one device shows another.
    DERIVE_MEETING_TOKEN = "derive/meeting-token";
    /// The key that seals what two devices write into a mailbox, from the same.
    DERIVE_MEETING_KEY = "derive/meeting-key";
    /// The key that seals the rows of the local store, from the device's secret.
    DERIVE_LOCAL = "derive/local";
    /// A share link's bearer token from its secret and PIN.
    DERIVE_LINK_TOKEN = "derive/link-token";
    /// A share link's HPKE key pair from its secret and PIN.
    DERIVE_LINK_KEY = "derive/link-key";
    /// A share link's HPKE pre-shared key from its secret and PIN, by which a reader knows the grant is the sharer's.
    DERIVE_LINK_BINDING = "derive/link-binding";
    /// The key that accepts one grant, from its owner's signing seed.
    DERIVE_ACCEPTANCE = "derive/acceptance";
    /// The key that answers an invitation, from the secret of its code.
    DERIVE_INVITATION = "derive/invitation";
    /// A member's signing key from its seed.
    DERIVE_MEMBER_SIGN = "derive/member-sign";
    /// A member's sealing key pair from its seed.
    DERIVE_MEMBER_SEAL = "derive/member-seal";
    /// The key that turns VINs into tags, from its seed.
    DERIVE_VIN_KEY = "derive/vin-key";
    /// In front of a VIN that is evaluated, so that the key serves no other use.
    EVALUATE_VIN = "evaluate/vin";
    /// The key of a log or a cosigner, which signs notes and nothing else, from its seed.
    DERIVE_NOTE_KEY = "derive/note-key";
    /// Where the relay keeps an offer to pair, from the pairing code.
    DERIVE_OFFER_ID = "derive/offer-id";
    /// The key that seals an offer to pair, from the pairing code.
    DERIVE_OFFER_KEY = "derive/offer-key";
    /// The key that claims a pairing, from the pairing code.
    DERIVE_PAIRING_CLAIM = "derive/pairing-claim";
    /// Key that wraps the device's secret under a passphrase.
    DERIVE_PASSPHRASE = "derive/passphrase";
    /// Key that wraps the device's secret under a passkey.
    DERIVE_PASSKEY = "derive/passkey";
    /// Wrap of a content key under a day key.
    WRAP_DAY = "wrap/day";
    /// Wrap of a content key to a day seal key.
    WRAP_DAY_SEAL = "wrap/day-seal";
    /// Wrap of a content key to a stream's inbox key.
    WRAP_INBOX = "wrap/inbox";
    /// HPKE info of the sealed part of a grant to a member or person.
    SEAL_GRANT = "seal/grant";
    /// HPKE info of the sealed part of a grant behind a share link.
    SEAL_LINK_GRANT = "seal/link-grant";
    /// Associated data of a sealed offer to pair.
    SEAL_OFFER = "seal/offer";
    /// HPKE info of an owner's answer to a source.
    SEAL_ANSWER = "seal/answer";
    /// HPKE info of a co-holder's bundle.
    SEAL_BUNDLE = "seal/bundle";
    /// Wrap of the keyring's key for the words or a device.
    WRAP_KEYRING = "wrap/keyring";
    /// Associated data of what two devices write into a mailbox.
    SEAL_MEETING = "seal/meeting";
    /// Associated data of a sealed keyring.
    SEAL_KEYRING = "seal/keyring";
    /// Associated data of a passphrase envelope.
    SEAL_PASSPHRASE = "seal/passphrase";
    /// Keys of an export, from the root drawn for it.
    DERIVE_EXPORT = "derive/export";
    /// Associated data of an export under a passphrase.
    SEAL_EXPORT = "seal/export";
    /// Associated data of a passkey envelope.
    SEAL_PASSKEY = "seal/passkey";
    /// Associated data of a local index row.
    SEAL_LOCAL = "seal/local";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_distinct_and_prefix_free() {
        for (i, a) in Domain::ALL.iter().enumerate() {
            assert_eq!(a.as_bytes().iter().filter(|b| **b == 0).count(), 1);
            assert_eq!(a.as_bytes().last(), Some(&0));
            for b in &Domain::ALL[i + 1..] {
                assert_ne!(a, b);
            }
        }
    }
}
