//! Transactions in, heads, leaves, grants and members out. The ledger's own rules judge; the relay passes on.

use crate::{
    auth::Anyone,
    error::ApiError,
    exchange::{After, Cbor, Ids},
    limit::{body::Received, gate::Peer},
    relay::App,
    store::{StoreError, Tables},
};
use axum::{Extension, extract::State};
use carnet_protocol::{
    api::body::{LeafPage, Receipts, Transactions},
    encoding,
    id::{GrantId, StreamId},
    key::VerifyingKey,
    ledger::{Action, GrantState, MemberDirectory, Outcome, Receipt, StreamHead, Transaction},
    limits::TRANSACTIONS_MAX,
    signed::Signed,
};
use std::{sync::atomic::Ordering, time::Instant};

/// Bytes of transactions that cost the network address as much as a request: what is accepted is kept for good, and
/// whoever opens a stream may fill it.
const CHARGED: usize = 16 * 1024;

/// Submits transactions; each stands alone, and its receipt says what became of it.
pub async fn submit(
    State(app): State<App>,
    _: Anyone,
    Extension(Peer(peer)): Extension<Peer>,
    Extension(received): Extension<Received>,
    Cbor(body): Cbor<Transactions>,
) -> Result<Cbor<Receipts>, ApiError> {
    // One of them is paid for as a request; each has a signature to be checked.
    let cost = received.bytes.len() / CHARGED + body.transactions.len().saturating_sub(1);
    app.peer_quota.charge(peer, u32::try_from(cost).unwrap_or(u32::MAX), Instant::now())?;
    if body.transactions.is_empty() || body.transactions.len() > TRANSACTIONS_MAX {
        return Err(ApiError::BadRequest("There must be 1 to 64 transactions."));
    }
    let written: Vec<_> = body.transactions.iter().map(written_to).collect();
    let issues = issues(&body.transactions);
    let receipts = app.ledger.submit(body.transactions).await?;
    note_issues(&app, issues, &receipts).await?;
    let accepted = receipts.iter().filter(|receipt| matches!(receipt.outcome, Outcome::Accepted { .. })).count() as u64;
    app.metrics.transactions_accepted.fetch_add(accepted, Ordering::Relaxed);
    app.metrics.transactions_rejected.fetch_add(receipts.len() as u64 - accepted, Ordering::Relaxed);
    for (receipt, written) in receipts.iter().zip(written) {
        let Some((stream, key)) = written.filter(|_| matches!(receipt.outcome, Outcome::Accepted { .. })) else {
            continue;
        };
        // The owner's own need no telling: who sent them knows.
        if app.ledger.stream_head(stream).await?.is_some_and(|head| head.owner != key) {
            app.tell_stream(stream);
        }
    }
    Ok(Cbor(Receipts { receipts }))
}

/// The passport to which a source may have written, and who signed it.
fn written_to(signed: &Signed<Transaction>) -> Option<(StreamId, VerifyingKey)> {
    let transaction: Transaction = encoding::decode(&signed.body).ok()?;
    match transaction.action {
        Action::AppendRecords { stream, .. }
        | Action::AppendPaired { stream, .. }
        | Action::PairSource { stream, .. }
        | Action::EndPairing { stream, .. } => Some((stream, signed.key)),
        _ => None,
    }
}

/// Which transaction issues which grant, for which stream.
fn issues(transactions: &[Signed<Transaction>]) -> Vec<(usize, GrantId, StreamId)> {
    let actions = transactions.iter().map(|signed| encoding::decode::<Transaction>(&signed.body).map(|one| one.action));
    let issue = |(n, action)| match action {
        Ok(Action::IssueGrant { grant, stream, .. }) => Some((n, grant, stream)),
        _ => None,
    };
    actions.enumerate().filter_map(issue).collect()
}

/// Notes the grants that were issued, before anybody is told that they were: from then on their names are known.
async fn note_issues(app: &App, issues: Vec<(usize, GrantId, StreamId)>, receipts: &[Receipt]) -> Result<(), ApiError> {
    let accepted = |n: usize| receipts.get(n).is_some_and(|one| matches!(one.outcome, Outcome::Accepted { .. }));
    let issued: Vec<_> = issues.into_iter().filter(|(n, ..)| accepted(*n)).collect();
    if issued.is_empty() {
        return Ok(());
    }
    let note = move |tables: &mut dyn Tables| {
        issued.iter().try_for_each(|(_, grant, stream)| tables.note_issue(*grant, *stream))
    };
    app.store.write(note).await.map_err(|error: StoreError| error.into())
}

/// The members.
pub async fn members(State(app): State<App>, _: Anyone) -> Result<Cbor<MemberDirectory>, ApiError> {
    Ok(Cbor(app.ledger.directory().await?))
}

/// The head of a stream.
pub async fn stream(
    State(app): State<App>,
    _: Anyone,
    Ids(stream): Ids<StreamId>,
) -> Result<Cbor<StreamHead>, ApiError> {
    app.ledger.stream_head(stream).await?.map(Cbor).ok_or(ApiError::NotFound)
}

/// A page of a stream's leaves.
pub async fn leaves(
    State(app): State<App>,
    _: Anyone,
    Ids(stream): Ids<StreamId>,
    After(after): After,
) -> Result<Cbor<LeafPage>, ApiError> {
    app.ledger.leaves(stream, after).await?.map(Cbor).ok_or(ApiError::NotFound)
}

/// The state of a grant.
pub async fn grant(
    State(app): State<App>,
    _: Anyone,
    Ids((stream, grant)): Ids<(StreamId, GrantId)>,
) -> Result<Cbor<GrantState>, ApiError> {
    app.ledger.grant_state(stream, grant).await?.map(Cbor).ok_or(ApiError::NotFound)
}
