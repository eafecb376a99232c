//! Receipts: what was erased, and what the relay has said to it so far.

use super::rewrap::receipt_number;
use crate::{
    command::Answer,
    error::{Distrust, WalletError},
    outbox::Waiting,
    relay::{Auth, RelayError},
    row::{self, Space},
    session::Session,
    store::{Batch, Store, Table},
    sync::plan::Verdict,
    transport::{Method, Transport},
    view::ErasureView,
    wallet::{Context, Wallet},
};
use carnet_crypto::signature::{SigningKey, verify_by};
use carnet_protocol::{
    api::{ProblemCode, path},
    encoding,
    erasure::{ErasureReceipt, ErasureStatement, Removal, Removed},
    id::StreamId,
    signed::Signed,
};
use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};

/// Rows read at once.
const SCAN: usize = 256;

/// A receipt as it is kept.
#[derive(Serialize, Deserialize)]
pub(crate) struct KeptReceipt {
    /// The receipt.
    pub receipt: ErasureReceipt,
    /// Statements of the relay that it will have.
    pub awaited: u32,
}

/// Where the receipts stand.
pub(crate) struct Receipts {
    /// The number of the next one.
    pub next: u64,
}

impl<S: Store, T: Transport> Wallet<S, T> {
    pub(super) async fn receipts(&self) -> Result<Receipts, WalletError> {
        let (mut next, mut after) = (0, None::<Vec<u8>>);
        loop {
            let rows = self.store.scan(Table::Wallet, row::RECEIPT, after.as_deref(), SCAN).await?;
            let Some((key, _)) = rows.into_iter().last() else { return Ok(Receipts { next }) };
            next = receipt_number(&key).ok_or(WalletError::Damaged)? + 1;
            after = Some(key);
        }
    }

    /// Adds a receipt to a batch.
    pub(super) fn keep_receipt<R: CryptoRng>(
        &self,
        number: u64,
        receipt: &ErasureReceipt,
        awaited: u32,
        batch: &mut Batch,
        cx: &mut Context<'_, R>,
    ) -> Result<(), WalletError> {
        let kept = KeptReceipt { receipt: receipt.clone(), awaited };
        batch.expect(Table::Wallet, row::receipt(number), None);
        self.put_receipt(number, &kept, batch, cx)
    }

    fn put_receipt<R: CryptoRng>(
        &self,
        number: u64,
        kept: &KeptReceipt,
        batch: &mut Batch,
        cx: &mut Context<'_, R>,
    ) -> Result<(), WalletError> {
        let (key, table) = (row::receipt(number), Table::Wallet);
        let row = self.session.unlocked()?.local.seal_row(table.name(), &key, &encoding::encode(kept), cx.rng);
        batch.put(table, key, row);
        Ok(())
    }

    pub(super) async fn kept_receipt(&self, number: u64) -> Result<KeptReceipt, WalletError> {
        let (key, table) = (row::receipt(number), Table::Wallet);
        let row = self.store.read(table, &key).await?.ok_or(WalletError::NotFound)?;
        let opened = self.session.unlocked()?.local.open_row(table.name(), &key, &row);
        encoding::decode(&opened.map_err(|_| WalletError::Damaged)?).map_err(|_| WalletError::Damaged)
    }

    pub(super) async fn erasure_view(&self, number: u64) -> Result<ErasureView, WalletError> {
        let KeptReceipt { receipt, awaited } = self.kept_receipt(number).await?;
        let confirmed = receipt.statements.len() as u64 >= u64::from(awaited);
        Ok(ErasureView { number, confirmed, file: encoding::encode(&receipt), receipt })
    }

    /// All receipts, newest first; last the one that a wallet left behind which was erased here.
    pub(crate) async fn erasures(&self) -> Result<Answer, WalletError> {
        let mut views = Vec::new();
        if let Session::Unlocked(_) = self.session {
            for number in (0..self.receipts().await?.next).rev() {
                views.push(self.erasure_view(number).await?);
            }
        }
        if let Some(file) = self.store.read(Table::Wallet, row::LAST_RECEIPT).await? {
            let receipt: ErasureReceipt = encoding::decode(&file).map_err(|_| WalletError::Damaged)?;
            views.push(ErasureView { number: 0, confirmed: true, receipt, file });
        }
        Ok(Answer::Erasures(views))
    }

    /// Forgets the receipt that an erased wallet left behind.
    pub(crate) async fn forget_last_receipt(&self) -> Result<Answer, WalletError> {
        let mut batch = Batch::default();
        batch.delete(Table::Wallet, row::LAST_RECEIPT);
        self.store.commit(batch).await?;
        Ok(Answer::Done)
    }

    /// Asks the relay to remove something, and puts what it says into the receipt in one commit with the item's end.
    pub(crate) async fn send_removal<R: CryptoRng>(
        &mut self,
        lane: Space,
        item: &Waiting,
        (receipt, removal): (u64, &Removal),
        key: &SigningKey,
        cx: &mut Context<'_, R>,
    ) -> Result<Verdict, WalletError> {
        let stream = StreamId(lane.0);
        let path = path::fill(path::ERASURES, &[&stream]);
        let body = Some(encoding::encode(removal));
        let answer = self.relay(cx.now).send(Method::Post, &path, Auth::Key(key), body, cx.rng).await;
        let statement = match answer {
            Ok(body) => Some(self.read_statement(&body, |removed| is_for(stream, removal, removed))?),
            // It never had anything of it.
            Err(error) if error.is(ProblemCode::NotFound) => None,
            Err(RelayError::Refused { code: ProblemCode::Internal, .. }) => {
                return Ok(Verdict::Later(RelayError::Offline));
            }
            Err(RelayError::Refused { sentence, .. }) => {
                return Ok(Verdict::Done { items: 0, refused: Some(sentence) });
            }
            Err(error) => return Ok(Verdict::Later(error)),
        };
        let mut kept = match self.kept_receipt(receipt).await {
            Ok(kept) => kept,
            // Another device's item cannot be here; a receipt that is gone asks for nothing.
            Err(WalletError::NotFound) => return Ok(Verdict::Done { items: 1, refused: None }),
            Err(error) => return Err(error),
        };
        match statement {
            Some(statement) => kept.receipt.statements.push(statement),
            None => kept.awaited = kept.awaited.saturating_sub(1),
        }
        let mut batch = Batch::default();
        batch.expect(Table::Outbox, item.key.clone(), Some(item.row.clone()));
        batch.delete(Table::Outbox, item.key.clone());
        self.put_receipt(receipt, &kept, &mut batch, cx)?;
        self.store.commit(batch).await?;
        Ok(Verdict::Done { items: 0, refused: None })
    }

    /// A statement signed by the relay that was met, about what was asked for.
    pub(super) fn read_statement(
        &self,
        body: &[u8],
        wanted: impl Fn(&Removed) -> bool,
    ) -> Result<Signed<ErasureStatement>, WalletError> {
        let untrusted = WalletError::Untrusted { what: Distrust::Malformed };
        let signed: Signed<ErasureStatement> = encoding::decode(body).map_err(|_| untrusted.clone())?;
        let key = self.sync.relay_key().ok_or(untrusted.clone())?;
        match verify_by(&signed, &key) {
            Ok(statement) if wanted(&statement.removed) => Ok(signed),
            _ => Err(untrusted),
        }
    }
}

fn is_for(stream: StreamId, removal: &Removal, removed: &Removed) -> bool {
    match (removal, removed) {
        (Removal::Stream, Removed::Stream(of)) => *of == stream,
        (Removal::Records { records, .. }, Removed::Records { stream: of, records: gone }) => {
            *of == stream && gone == records
        }
        _ => false,
    }
}
