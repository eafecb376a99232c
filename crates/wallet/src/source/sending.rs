//! Sending what was written as a source. The content key is wrapped at each attempt, to the seal key that is in force
//! then: what waited here while its owner began a new generation opens with none that was given out before.

use super::written::Written;
use crate::{
    error::{Distrust, WalletError},
    receipt::Delivered,
    relay::{Auth, RelayError},
    row::Space,
    store::{Store, Table},
    sync::plan::{self, Step, Verdict},
    transport::{Method, Transport},
    wallet::{Context, Wallet},
};
use carnet_crypto::{
    record::ContentKey,
    signature::SigningKey,
    wrap::{wrap_day_seal, wrap_inbox},
};
use carnet_proofs::seal_keys::{Expected, SealTarget, TargetKey, verify_day};
use carnet_protocol::{
    Blob,
    api::{
        body::{RecordUpload, SourceUpload},
        path,
        receipt::KeptReceipt,
    },
    encoding,
    id::RecordId,
    record::RecordWrap,
    seal_keys::DaySealKey,
};
use rand_core::CryptoRng;

impl<S: Store, T: Transport> Wallet<S, T> {
    /// Sends one record; what the relay keeps already does no harm.
    pub(crate) async fn send_written<R: CryptoRng>(
        &mut self,
        lane: Space,
        record: RecordId,
        step: &Step,
        key: &SigningKey,
        cx: &mut Context<'_, R>,
    ) -> Result<(Verdict, Option<KeptReceipt>), WalletError> {
        let nothing_to_send = (Verdict::Done { items: 1, refused: None }, None);
        let Some(written) = self.written_record(lane, record).await? else { return Ok(nothing_to_send) };
        let Some(bytes) = self.store.read(Table::Records, &lane.record(record)).await? else {
            return Ok(nothing_to_send);
        };
        let target = match self.seal_target(&written, key, cx).await? {
            Ok(target) => target,
            Err(error) => return Ok((plan::judge(step, Err(error), 1), None)),
        };
        let wraps = vec![wrap(&written, &target, cx.rng)?];
        let upload = RecordUpload { record: Blob(bytes), wraps };
        let body = encoding::encode(&SourceUpload { pairing: written.pairing, record: upload });
        let path = path::fill(path::WRITTEN, &[&written.header.stream, &record]);
        let (request, logs) = ((Method::Put, path.as_str()), self.receipt_keys());
        let Delivered { outcome, receipt } =
            self.relay(cx.now).deliver(request, Auth::Key(key), Some(body), &logs, cx.rng).await;
        Ok((plan::judge(step, outcome.map(drop), 1).receipted(receipt.is_some()), receipt))
    }

    /// To which key the record is sealed now.
    async fn seal_target<R: CryptoRng>(
        &self,
        written: &Written,
        key: &SigningKey,
        cx: &mut Context<'_, R>,
    ) -> Result<Result<SealTarget, RelayError>, WalletError> {
        let header = &written.header;
        let path = path::fill(path::DAY_SEAL_KEY, &[&header.stream, &header.label, &header.day.0]);
        let served: DaySealKey = match self.relay(cx.now).get(&path, Auth::Key(key), cx.rng).await {
            Ok(served) => served,
            // The owner's wallet publishes them with its next sync; until then the lane stands.
            Err(error) => return Ok(Err(error)),
        };
        let expected = Expected {
            owner: &written.owner,
            stream: &header.stream,
            label: &header.label,
            day: header.day,
            generation: written.generation,
        };
        let target = verify_day(&served, &expected);
        target.map(Ok).map_err(|_| WalletError::Untrusted { what: Distrust::SealKey })
    }
}

fn wrap(written: &Written, target: &SealTarget, rng: &mut impl CryptoRng) -> Result<RecordWrap, WalletError> {
    let content = ContentKey::from_secret(written.content.secret().duplicate());
    let SealTarget { generation, key } = *target;
    let wrapped = match key {
        TargetKey::Day(key) => wrap_day_seal(&content, &key, &written.header, generation, rng),
        TargetKey::Inbox(key) => wrap_inbox(&content, &key, &written.header, generation, rng),
    };
    wrapped.map_err(|_| WalletError::Untrusted { what: Distrust::SealKey })
}
