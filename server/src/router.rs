//! All routes as one table, from which the router and the OpenAPI document are both made.

use crate::{
    error::ApiError,
    handler::{
        cars, demo, events, grants, holders, inbox, info, keyrings, ledger, links, mailboxes, openapi, proofs, records,
        removals, shared_records, sources, views,
    },
    headers::{Transport, secure},
    limit::{
        body::SMALL_BODY,
        gate::{Gate, admit},
    },
    relay::App,
};
use axum::{
    Router,
    extract::{Request, State},
    handler::Handler,
    http::Method,
    middleware::from_fn_with_state,
    response::{IntoResponse, Response},
    routing::{self, MethodRouter},
};
use carnet_protocol::{
    api::path,
    limits::{BODY_MAX, KEYRING_MAX, SEALED_RECORD_MAX},
};

/// Who may send a request, as `auth.rs` proves it and the handler checks it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// Anyone.
    Open,
    /// The ledger's owner of the stream.
    StreamKey,
    /// The owner, or a co-holder that the ledger has for the stream.
    HouseholdKey,
    /// The key the grant is for.
    GranteeKey,
    /// Owner or grantee.
    EitherKey,
    /// The grantee, or the holder of a view token.
    GranteeOrView,
    /// Any key, about itself.
    OwnKey,
    /// A member of the ledger.
    Member,
}
use Proof::{EitherKey, GranteeKey, GranteeOrView, HouseholdKey, Member, Open, OwnKey, StreamKey};

/// One row of the table.
pub struct Route {
    /// The method.
    pub method: &'static str,
    /// The path with identifiers in braces.
    pub path: &'static str,
    /// Who may.
    pub proof: Proof,
    /// The body it takes, by the name of its type; empty for none.
    pub takes: &'static str,
    /// What it answers, likewise.
    pub answers: &'static str,
    /// What it does.
    pub says: &'static str,
    handler: MethodRouter<App>,
}

/// What a route asks of a request before its handler.
struct Asks {
    body_max: usize,
    signed: bool,
    receipted: bool,
}

/// The bodies of requests have one of these sizes.
const NO_BODY: usize = 4 * 1024;
/// A record, its wraps and the framing.
const RECORD_BODY: usize = SEALED_RECORD_MAX + 64 * 1024;
/// The keyring, its device list and a wrap for each device.
const KEYRING_BODY: usize = KEYRING_MAX + 128 * 1024;

impl Route {
    /// The largest body it takes, in bytes.
    pub fn body_max(&self) -> usize {
        match self.takes {
            "" => NO_BODY,
            "RecordUpload" | "SourceUpload" => RECORD_BODY,
            "KeyringUpload" => KEYRING_BODY,
            "BundleEnvelope" | "RecordBatch" | "Transactions" | "Wraps" | "GrantBatch" | "GrantEnvelope" => BODY_MAX,
            _ => SMALL_BODY,
        }
    }

    /// Whether only a signed request is good for it.
    fn is_signed(&self) -> bool {
        !matches!(self.proof, Open | GranteeOrView)
    }

    /// Whether its answers carry a receipt: whatever changes what the relay or the ledger keeps for somebody.
    pub fn is_receipted(&self) -> bool {
        matches!(self.method, "PUT" | "DELETE")
            || matches!(self.answers, "Stored" | "Receipts" | "SignedErasureStatement")
    }
}

/// The table: method and path, handler, who may, body, answer, sentence.
#[rustfmt::skip]
pub fn routes() -> Vec<Route> {
    vec![
        get(path::INFO, info::show, Open, "RelayInfo", "What this relay is"),
        get(path::OPENAPI, openapi::show, Open, "OpenAPI", "This document"),
        post(path::TRANSACTIONS, ledger::submit, Open, "Transactions", "Receipts", "Submit signed ledger transactions"),
        get(path::MEMBERS, ledger::members, Open, "MemberDirectory", "The ledger's members"),
        get(path::STREAM, ledger::stream, Open, "StreamHead", "The head of a stream"),
        get(path::LEAVES, ledger::leaves, Open, "LeafPage", "A stream's leaves after an index"),
        get(path::GRANT_STATE, ledger::grant, Open, "GrantState", "A grant's state on the ledger"),
        get(path::STANDING, cars::standing, Open, "CarStanding", "How a stream's car stands: VIN, flags, links"),
        get(path::STANDING_EVENTS, cars::events, Open, "EventPage", "What was said of a stream's car, after an index"),
        get(path::SALE, cars::sale, Open, "SaleState", "The newest offer to sell a stream's car"),
        get(path::CLASSES, cars::classes, Open, "ClassIndices", "How far classes are believed, and votes on it"),
        get(path::VIN_KEY, cars::vin_key, Open, "SignedTransaction", "The key for VIN tags, as the ledger names it"),
        post(path::VIN_EVALUATIONS, cars::evaluate, Member, "VinQuestion", "VinAnswer", "Evaluate a blinded VIN"),
        get(path::VIN_TAG, cars::holder, Member, "TagLookup", "Which passport stands for a tag"),
        get(path::CHECKPOINT, proofs::checkpoint, Open, "Note", "The newest checkpoint with its cosignatures"),
        post(path::CHECKPOINT_PROOF, proofs::checkpoint_proof, Open, "CheckpointRequest", "CheckpointProof", "A checkpoint that continues one seen before"),
        post(path::STREAM_PROOF, proofs::stream, Open, "ProofRequest", "StreamProof", "A stream's head, proved"),
        post(path::DIRECTORY_PROOF, proofs::directory, Open, "CheckpointRequest", "DirectoryProof", "The members, proved"),
        post(path::CONSISTENCY_PROOF, proofs::consistency, Open, "ConsistencyRequest", "ConsistencyProof", "What joins two checkpoints"),
        post(path::RECORDS, records::store, HouseholdKey, "RecordBatch", "Stored", "Store small sealed records"),
        get(path::RECORDS, records::list, HouseholdKey, "RecordPage", "A stream's records after a sequence number"),
        put(path::RECORD, records::store_one, HouseholdKey, "RecordUpload", "Stored", "Store a sealed record of any size"),
        get(path::RECORD, records::show, HouseholdKey, "SealedRecord", "One sealed record"),
        delete(path::RECORD, records::remove, HouseholdKey, "Remove a record's ciphertext"),
        post(path::REMOVALS, records::remove_many, HouseholdKey, "Removals", "Stored", "Remove records' ciphertexts"),
        post(path::WRAPS, records::wrap, StreamKey, "Wraps", "Stored", "Replace wraps by record and generation"),
        get(path::PAIRING_STATE, sources::pairing, Open, "PairingState", "A pairing's state on the ledger"),
        put(path::OFFER, sources::store_offer, StreamKey, "SealedOffer", "Stored", "Store an offer to pair"),
        get(path::OFFER, sources::offer, Member, "SealedOffer", "An offer to pair"),
        put(path::SEAL_KEYS, sources::store_seal_keys, StreamKey, "SealKeys", "Stored", "Publish a category's day seal keys"),
        get(path::DAY_SEAL_KEY, sources::day_seal_key, Member, "DaySealKey", "A day's seal key with its proof"),
        put(path::WRITTEN, sources::write, Member, "SourceUpload", "Stored", "Store a record as its source"),
        get(path::WRITTEN, sources::receipt, Member, "SourceReceipt", "What became of a record, for its source"),
        put(path::WRITTEN_ANSWER, sources::answer, StreamKey, "SealedAnswer", "Stored", "Answer a record's source"),
        put(path::INVITATION, holders::invite, StreamKey, "SignedInvitation", "Stored", "Store an invitation to hold a car together"),
        delete(path::INVITATION, holders::withdraw, StreamKey, "End an invitation"),
        post(path::JOIN, holders::join, Open, "SignedJoin", "Stored", "Answer an invitation, once"),
        get(path::JOINS, holders::joins, StreamKey, "Joins", "The answers to a stream's invitations"),
        put(path::HOLDER, holders::store, StreamKey, "BundleEnvelope", "Stored", "Store a co-holder's keys"),
        get(path::HOLDER, holders::show, OwnKey, "BundleEnvelope", "A co-holder's keys"),
        delete(path::HOLDER, holders::remove, StreamKey, "Remove a co-holder's keys"),
        post(path::ERASURES, removals::remove, StreamKey, "Removal", "SignedErasureStatement", "Remove records, or everything, for good"),
        get(path::VIEWS, views::list, StreamKey, "ViewPage", "Who looked, after a sequence number"),
        post(path::GRANTS, grants::store_again, StreamKey, "GrantBatch", "Stored", "Store standing grants again"),
        put(path::GRANT, grants::store, StreamKey, "GrantEnvelope", "Stored", "Store a grant"),
        get(path::GRANT, grants::show, EitherKey, "GrantEnvelope", "A grant"),
        delete(path::GRANT, grants::remove, StreamKey, "Take a grant back"),
        get(path::GRANT_RECORDS, shared_records::list, GranteeOrView, "RecordPage", "The records of a grant"),
        get(path::GRANT_RECORD, shared_records::show, GranteeOrView, "SealedRecord", "One sealed record of a grant"),
        get(path::EARLIER_RECORDS, shared_records::list_earlier, GranteeOrView, "RecordPage", "Records of an earlier owner's passport"),
        get(path::EARLIER_RECORD, shared_records::show_earlier, GranteeOrView, "SealedRecord", "One sealed record of an earlier owner's passport"),
        post(path::GRANT_ANSWER, grants::answer, GranteeKey, "GrantAnswer", "Stored", "Accept or decline a grant"),
        get(path::INBOX, inbox::list, OwnKey, "Inbox", "Grants to the signing key"),
        put(path::LINK, links::store, StreamKey, "SignedLink", "Stored", "Store a share link"),
        delete(path::LINK, links::remove, StreamKey, "End a share link"),
        post(path::LINK_NOTICE, links::notice, Open, "", "LinkNotice", "Whether a link asks for a PIN, and how many tries are left; uses nothing up"),
        post(path::LINK_OPEN, links::open, Open, "LinkOpen", "LinkOpened", "Open a link; uses up one opening"),
        post(path::LINK_CLAIM, links::claim, Open, "LinkClaim", "Stored", "Take a link over to a key; the link dies"),
        put(path::KEYRING, keyrings::store, OwnKey, "KeyringUpload", "Stored", "Store the next version of a keyring"),
        get(path::KEYRING, keyrings::show, OwnKey, "StoredKeyring", "The newest version of a keyring"),
        get(path::DEVICES, keyrings::devices, OwnKey, "DeviceRegister", "The devices of an account, and when each asked last"),
        put(path::MAILBOX, mailboxes::open, OwnKey, "MailboxOpen", "Stored", "Open a mailbox for two devices to meet"),
        post(path::MAILBOX, mailboxes::post, Open, "MailboxPost", "Stored", "Put a message into an empty place of a mailbox"),
        post(path::MAILBOX_READ, mailboxes::read, Open, "MailboxRead", "MailboxMessage", "The message in a place of a mailbox"),
        put(path::KEYRING_ERASURE, removals::erase_keyring, OwnKey, "SignedWalletErasure", "SignedErasureStatement", "Erase a keyring; a signed word takes its place"),
        get(path::KEYRING_ERASURE, removals::show_erasure, OwnKey, "SignedWalletErasure", "The word that a wallet was erased"),
        post(path::EVENT_TICKETS, events::ticket, EitherKey, "EventTopics", "EventTicket", "Ask for an event stream"),
        get(path::EVENTS, events::listen, Open, "EventStream", "Listen to events with a ticket"),
        get(path::DEMO_MEMBERS, demo::members, Open, "DemoMembers", "The demo consortium's keys, where there is one"),
    ]
}

/// The router of the interface and the app.
pub fn router(app: &App) -> Router {
    let transport = if app.config.https { Transport::Https } else { Transport::Http };
    let gate = |method, route, Asks { body_max, signed, receipted }| {
        from_fn_with_state(Gate { app: app.clone(), method, route, body_max, signed, receipted }, admit)
    };
    let nothing = || Asks { body_max: 0, signed: false, receipted: false };
    let mut router = Router::new();
    for route in routes() {
        let asks = Asks { body_max: route.body_max(), signed: route.is_signed(), receipted: route.is_receipted() };
        let gate = gate(route.method, route.path, asks);
        router = router.route(route.path, route.handler.layer(gate));
    }
    router
        .fallback(elsewhere.layer(gate("ANY", "app", nothing())))
        .method_not_allowed_fallback(not_allowed.layer(gate("ANY", "other method", nothing())))
        .layer(from_fn_with_state(transport, secure))
        .with_state(app.clone())
}

fn get<H: Handler<T, App>, T: 'static>(
    path: &'static str,
    handler: H,
    proof: Proof,
    answers: &'static str,
    says: &'static str,
) -> Route {
    Route { method: "GET", path, proof, takes: "", answers, says, handler: routing::get(handler) }
}

fn post<H: Handler<T, App>, T: 'static>(
    path: &'static str,
    handler: H,
    proof: Proof,
    takes: &'static str,
    answers: &'static str,
    says: &'static str,
) -> Route {
    Route { method: "POST", path, proof, takes, answers, says, handler: routing::post(handler) }
}

fn put<H: Handler<T, App>, T: 'static>(
    path: &'static str,
    handler: H,
    proof: Proof,
    takes: &'static str,
    answers: &'static str,
    says: &'static str,
) -> Route {
    Route { method: "PUT", path, proof, takes, answers, says, handler: routing::put(handler) }
}

fn delete<H: Handler<T, App>, T: 'static>(path: &'static str, handler: H, proof: Proof, says: &'static str) -> Route {
    Route { method: "DELETE", path, proof, takes: "", answers: "", says, handler: routing::delete(handler) }
}

/// What is no route: the app's files, or nothing.
async fn elsewhere(State(app): State<App>, request: Request) -> Result<Response, ApiError> {
    let path = request.uri().path();
    if path == "/v1" || path.starts_with("/v1/") {
        return Err(ApiError::NotFound);
    }
    if request.method() != Method::GET && request.method() != Method::HEAD {
        return Err(ApiError::MethodNotAllowed);
    }
    app.files.serve(request.uri(), request.headers()).await
}

async fn not_allowed() -> Response {
    ApiError::MethodNotAllowed.into_response()
}
