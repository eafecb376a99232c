//! Every path of the relay. `{…}` stand for base64url identifiers.

/// `GET`: [`super::body::RelayInfo`].
pub const INFO: &str = "/v1/info";
/// `GET`: the OpenAPI document.
pub const OPENAPI: &str = "/v1/openapi.json";
/// `POST` [`super::body::Transactions`]: [`super::body::Receipts`]. The signatures are inside.
pub const TRANSACTIONS: &str = "/v1/ledger/transactions";
/// `GET`: [`crate::ledger::MemberDirectory`].
pub const MEMBERS: &str = "/v1/ledger/members";
/// `GET`: [`crate::ledger::StreamHead`].
pub const STREAM: &str = "/v1/ledger/streams/{stream}";
/// `GET ?after=<index>`: [`super::body::LeafPage`].
pub const LEAVES: &str = "/v1/ledger/streams/{stream}/leaves";
/// `GET`: [`crate::ledger::GrantState`].
pub const GRANT_STATE: &str = "/v1/ledger/streams/{stream}/grants/{grant}";
/// `GET`: [`crate::ledger::CarStanding`].
pub const STANDING: &str = "/v1/ledger/streams/{stream}/standing";
/// `GET ?after=<index>`: [`super::body::EventPage`].
pub const STANDING_EVENTS: &str = "/v1/ledger/streams/{stream}/standing/events";
/// `GET`: [`crate::sale::SaleState`] of the newest offer.
pub const SALE: &str = "/v1/ledger/streams/{stream}/sale";
/// `GET`: [`super::body::ClassIndices`].
pub const CLASSES: &str = "/v1/ledger/classes";
/// `GET`: the signed transaction that named the key for VIN tags.
pub const VIN_KEY: &str = "/v1/ledger/vin-key";
/// `POST` [`crate::vin::VinQuestion`]: [`crate::vin::VinAnswer`]. Member key; so many a day.
pub const VIN_EVALUATIONS: &str = "/v1/vin/evaluations";
/// `GET`: [`crate::vin::TagLookup`]. Member key.
pub const VIN_TAG: &str = "/v1/vin/tags/{tag}";
/// `GET`: the newest checkpoint, a signed note with its cosignatures, as text.
pub const CHECKPOINT: &str = "/v1/checkpoint";
/// `POST` [`crate::proof::CheckpointRequest`]: [`crate::proof::CheckpointProof`].
pub const CHECKPOINT_PROOF: &str = "/v1/proofs/checkpoint";
/// `POST` [`crate::proof::ProofRequest`]: [`crate::proof::StreamProof`].
pub const STREAM_PROOF: &str = "/v1/proofs/stream";
/// `POST` [`crate::proof::CheckpointRequest`]: [`crate::proof::DirectoryProof`].
pub const DIRECTORY_PROOF: &str = "/v1/proofs/directory";
/// `POST` [`crate::proof::ConsistencyRequest`]: [`crate::proof::ConsistencyProof`].
pub const CONSISTENCY_PROOF: &str = "/v1/proofs/consistency";
/// `POST` [`super::body::RecordBatch`]; `GET ?after=<sequence>`: [`super::body::RecordPage`]. Stream key.
pub const RECORDS: &str = "/v1/streams/{stream}/records";
/// `PUT` [`super::body::RecordUpload`] (large ones); `GET`: the sealed record; `DELETE`. Stream key.
pub const RECORD: &str = "/v1/streams/{stream}/records/{record}";
/// `POST` [`super::body::Removals`]: removes records. Stream key.
pub const REMOVALS: &str = "/v1/streams/{stream}/removals";
/// `POST` [`super::body::GrantBatch`]: grants that stand, again, with further keys or a later end. Stream key.
pub const GRANTS: &str = "/v1/streams/{stream}/grants";
/// `POST` [`super::body::Wraps`]: replaces wraps. Stream key.
pub const WRAPS: &str = "/v1/streams/{stream}/wraps";
/// `GET`: [`crate::pairing::PairingState`].
pub const PAIRING_STATE: &str = "/v1/ledger/streams/{stream}/pairings/{pairing}";
/// `PUT` [`crate::pairing::SealedOffer`]: stream key. `GET`: the same. Member key.
pub const OFFER: &str = "/v1/offers/{offer}";
/// `PUT` [`crate::seal_keys::SealKeys`]: replaces the category's batch. Stream key.
pub const SEAL_KEYS: &str = "/v1/streams/{stream}/seal-keys/{label}";
/// `GET`: [`crate::seal_keys::DaySealKey`]. Member key.
pub const DAY_SEAL_KEY: &str = "/v1/streams/{stream}/seal-keys/{label}/{day}";
/// `PUT` [`super::body::SourceUpload`]; `GET`: [`super::body::SourceReceipt`]. Member key, the record's source.
pub const WRITTEN: &str = "/v1/streams/{stream}/written/{record}";
/// `PUT` [`super::body::SealedAnswer`]: the owner's answer to who wrote the record. Stream key.
pub const WRITTEN_ANSWER: &str = "/v1/streams/{stream}/written/{record}/answer";
/// `PUT` [`crate::signed::Signed`] [`crate::holder::Invitation`]; `DELETE`. Stream key.
pub const INVITATION: &str = "/v1/streams/{stream}/invitations/{key}";
/// `GET`: [`super::body::Joins`]. Stream key.
pub const JOINS: &str = "/v1/streams/{stream}/joins";
/// `POST` [`crate::signed::Signed`] [`crate::holder::Join`], once. The signature is inside.
pub const JOIN: &str = "/v1/invitations/{key}/join";
/// `PUT` [`crate::holder::BundleEnvelope`]; `DELETE`. Stream key. `GET`: the bundle, for its co-holder's key.
pub const HOLDER: &str = "/v1/streams/{stream}/holders/{holder}";
/// `POST` [`crate::erasure::Removal`]: a signed [`crate::erasure::ErasureStatement`]. Stream key.
pub const ERASURES: &str = "/v1/streams/{stream}/erasures";
/// `GET ?after=<sequence>`: [`super::body::ViewPage`]. Stream key.
pub const VIEWS: &str = "/v1/streams/{stream}/views";
/// `PUT` [`crate::grant::GrantEnvelope`]; `DELETE` (stream key). `GET`: the envelope (stream key or grantee).
pub const GRANT: &str = "/v1/grants/{grant}";
/// `GET ?after=<sequence>`: [`super::body::RecordPage`]. Grantee key or view token.
pub const GRANT_RECORDS: &str = "/v1/grants/{grant}/records";
/// `GET`: one sealed record of a grant. Grantee key or view token.
pub const GRANT_RECORD: &str = "/v1/grants/{grant}/records/{record}";
/// `GET ?after=<sequence>`: [`super::body::RecordPage`] of an earlier owner's passport. Grantee key or view token.
pub const EARLIER_RECORDS: &str = "/v1/grants/{grant}/earlier/{stream}/records";
/// `GET`: one sealed record of an earlier owner's passport. Grantee key or view token.
pub const EARLIER_RECORD: &str = "/v1/grants/{grant}/earlier/{stream}/records/{record}";
/// `POST` [`super::body::GrantAnswer`]: accept or decline. Grantee key.
pub const GRANT_ANSWER: &str = "/v1/grants/{grant}/answer";
/// `GET`: [`super::body::Inbox`] of the signing key.
pub const INBOX: &str = "/v1/inbox";
/// `PUT` [`crate::signed::Signed`] [`crate::link::Link`]; `DELETE`. Stream key.
pub const LINK: &str = "/v1/links/{link}";
/// `POST`: [`super::body::LinkNotice`]: whether a PIN is asked for. Uses nothing up.
pub const LINK_NOTICE: &str = "/v1/links/{link}/notice";
/// `POST` [`super::body::LinkOpen`]: [`super::body::LinkOpened`]. Uses up one opening.
pub const LINK_OPEN: &str = "/v1/links/{link}/open";
/// `POST` [`super::body::LinkClaim`]: the claimer's key fetches from now on, the link dies.
pub const LINK_CLAIM: &str = "/v1/links/{link}/claim";
/// `PUT` [`super::body::KeyringUpload`], `GET`: [`super::body::StoredKeyring`]. Account key or a device on its list.
pub const KEYRING: &str = "/v1/keyrings/{account}";
/// `GET`: [`super::body::DeviceRegister`]. Account key or a device that is or was on its list;
/// empty for any other.
pub const DEVICES: &str = "/v1/keyrings/{account}/devices";
/// `PUT` [`super::body::MailboxOpen`], any key. `POST` [`super::body::MailboxPost`]: a message into an empty place.
pub const MAILBOX: &str = "/v1/mailboxes/{mailbox}";
/// `POST` [`super::body::MailboxRead`]: [`super::body::MailboxMessage`].
pub const MAILBOX_READ: &str = "/v1/mailboxes/{mailbox}/read";
/// `PUT` a signed [`crate::erasure::WalletErasure`]: a signed [`crate::erasure::ErasureStatement`]; `GET`: what was put.
/// Account key.
pub const KEYRING_ERASURE: &str = "/v1/keyrings/{account}/erasure";
/// `POST` [`super::body::EventTopics`]: [`super::body::EventTicket`]. Signed by the stream key of the topic.
pub const EVENT_TICKETS: &str = "/v1/events/tickets";
/// `GET ?ticket=…`, server-sent events, resumed by `Last-Event-ID`.
pub const EVENTS: &str = "/v1/events";
/// `GET`: [`super::body::DemoMembers`]; only where the relay runs a demo consortium.
pub const DEMO_MEMBERS: &str = "/v1/demo/members";

/// Puts identifiers into a path's braces, in order.
pub fn fill(template: &str, parts: &[&dyn core::fmt::Display]) -> String {
    let mut out = String::with_capacity(template.len() + parts.len() * 22);
    let mut parts = parts.iter();
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        let close = rest[open..].find('}').map_or(rest.len(), |at| open + at + 1);
        out.push_str(&rest[..open]);
        if let Some(part) = parts.next() {
            out.push_str(&part.to_string());
        }
        rest = &rest[close..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_go_into_braces_in_order() {
        assert_eq!(fill(RECORD, &[&"s", &"r"]), "/v1/streams/s/records/r");
        assert_eq!(fill(INFO, &[]), "/v1/info");
    }
}
