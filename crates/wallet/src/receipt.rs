//! Receipts: nothing leaves the outbox but on the log's signed word for what the relay has answered. The last ones of
//! each passport are kept, so that a relay that cannot show later what it acknowledged is convicted by them. Format:
//! `docs/formats/receipt.md`.

use crate::{
    command::{Answer, FileData},
    error::WalletError,
    relay::{Auth, Relay, RelayError, judge},
    row::{self, Space},
    store::{Batch, Store, Table},
    transport::{Method, Transport},
    wallet::Wallet,
};
use carnet_crypto::receipt::{Exchange, body_hash, check_receipt};
use carnet_protocol::{
    api::receipt::{KeptReceipt, KeptReceipts},
    encoding,
    key::VerifyingKey,
    limits::RECEIPTS_KEPT,
};
use rand_core::CryptoRng;

/// Rows read at once: one for each passport.
const SCAN: usize = 64;

/// What became of a request that changes something.
pub(crate) struct Delivered {
    /// The answer's body.
    pub outcome: Result<Vec<u8>, RelayError>,
    /// The log's word for it; `None` where there is none that holds.
    pub receipt: Option<KeptReceipt>,
}

impl Delivered {
    /// The answer, where it says that something was done and is signed.
    ///
    /// # Errors
    /// What the relay said, or [`RelayError::NoReceipt`].
    pub fn receipted(self) -> Result<Vec<u8>, RelayError> {
        let body = self.outcome?;
        if self.receipt.is_some() { Ok(body) } else { Err(RelayError::NoReceipt) }
    }
}

impl<T: Transport> Relay<'_, T> {
    /// Sends what changes something, for an answer signed by one of these logs.
    pub async fn deliver(
        &self,
        (method, path): (Method, &str),
        auth: Auth<'_>,
        body: Option<Vec<u8>>,
        logs: &[VerifyingKey],
        rng: &mut impl CryptoRng,
    ) -> Delivered {
        let request = self.request(method, path, auth, body, rng);
        let authorization = request.authorization.clone().unwrap_or_default();
        let body = body_hash(request.body.as_deref().unwrap_or_default());
        let response = match self.exchange(request).await {
            Ok(response) => response,
            Err(error) => return Delivered { outcome: Err(error), receipt: None },
        };
        let exchange = Exchange {
            method: method.as_str(),
            path,
            authorization: &authorization,
            body,
            status: response.status,
            answer: &response.body,
        };
        let receipt = response.receipt.as_deref().and_then(|header| check_receipt(header, &exchange, logs).ok());
        Delivered { outcome: judge(response), receipt }
    }
}

impl<S: Store, T: Transport> Wallet<S, T> {
    /// The logs whose receipts count.
    pub(crate) fn receipt_keys(&self) -> Vec<VerifyingKey> {
        self.policy.logs().iter().map(|log| *log.key()).collect()
    }

    /// Adds a receipt to those kept of a lane.
    pub(crate) async fn keep_receipt(
        &self,
        lane: Space,
        receipt: KeptReceipt,
        batch: &mut Batch,
    ) -> Result<(), WalletError> {
        let mut kept = self.kept_receipts(lane).await?;
        kept.receipts.push(receipt);
        let surplus = kept.receipts.len().saturating_sub(RECEIPTS_KEPT);
        kept.receipts.drain(..surplus);
        // No condition: of two tabs that send at the same moment one keeps its receipts, and nothing else waits for it.
        batch.put(Table::Wallet, lane.receipts(), encoding::encode(&kept));
        Ok(())
    }

    async fn kept_receipts(&self, lane: Space) -> Result<KeptReceipts, WalletError> {
        match self.store.read(Table::Wallet, &lane.receipts()).await? {
            Some(row) => encoding::decode(&row).map_err(|_| WalletError::Damaged),
            None => Ok(KeptReceipts::default()),
        }
    }

    /// All that is kept.
    pub(crate) async fn all_receipts(&self) -> Result<KeptReceipts, WalletError> {
        let mut all = KeptReceipts::default();
        let mut after = None::<Vec<u8>>;
        loop {
            let rows = self.store.scan(Table::Wallet, row::ACKNOWLEDGED, after.as_deref(), SCAN).await?;
            let Some((last, _)) = rows.last() else { return Ok(all) };
            after = Some(last.clone());
            for (_, row) in rows {
                let kept: KeptReceipts = encoding::decode(&row).map_err(|_| WalletError::Damaged)?;
                all.receipts.extend(kept.receipts);
            }
        }
    }

    /// The same as a file, for whoever is to hold the relay to it.
    pub(crate) async fn receipts(&self) -> Result<Answer, WalletError> {
        self.session.unlocked()?;
        let all = self.all_receipts().await?;
        if all.receipts.is_empty() {
            return Err(WalletError::NotFound);
        }
        let media_type = "application/octet-stream".into();
        let bytes = encoding::encode(&all);
        Ok(Answer::File(FileData { name: "relay.carnet-receipts".into(), media_type, bytes }))
    }
}
