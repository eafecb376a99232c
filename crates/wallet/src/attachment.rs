//! Files that belong to records.

use crate::{
    command::{Answer, FileData, Subject},
    error::WalletError,
    journal::Entry,
    open::StreamKeys,
    relay::Auth,
    row::Space,
    store::{Batch, Store, Table},
    transport::Transport,
    wallet::{Context, Wallet},
};
use carnet_protocol::{
    api::path,
    encoding,
    id::{GrantId, RecordId, StreamId},
    payload::Attachment,
    record::RecordWrap,
};
use rand_core::CryptoRng;

impl<S: Store, T: Transport> Wallet<S, T> {
    pub(crate) async fn attachment<R: CryptoRng>(
        &mut self,
        subject: &Subject,
        record: RecordId,
        attachment: RecordId,
        cx: &mut Context<'_, R>,
    ) -> Result<Answer, WalletError> {
        let opened = self.subject(subject, cx).await?;
        let named = opened.record(record)?.payload.attachments.iter().find(|named| named.record == attachment);
        let named = named.ok_or(WalletError::NotFound)?.clone();
        let entry = opened.entries.get(&attachment).filter(|entry| entry.is_attachment());
        let entry = entry.ok_or(WalletError::NotFound)?.clone();
        let bytes = match subject {
            Subject::Own(stream) => self.own_file(*stream, &entry, &named, cx).await?,
            Subject::Granted(grant) => {
                let reader = self.reader(*grant).await?;
                let auth = Auth::Key(&reader.sign);
                self.granted_file(*grant, &reader.keys, auth, &entry, &named, cx).await?
            }
            Subject::Link => {
                let link = self.open_link.as_ref().ok_or(WalletError::NotFound)?;
                let auth = Auth::View(link.view_token.expose());
                self.granted_file(link.grant(), &link.stream, auth, &entry, &named, cx).await?
            }
        };
        Ok(Answer::File(FileData { name: named.name, media_type: named.media_type, bytes }))
    }

    pub(crate) async fn own_file<R: CryptoRng>(
        &self,
        stream: StreamId,
        entry: &Entry,
        named: &Attachment,
        cx: &mut Context<'_, R>,
    ) -> Result<Vec<u8>, WalletError> {
        let (space, record) = (Space::from(stream), named.record);
        let vehicle = self.session.unlocked()?.keyring.vehicle(stream)?;
        let wraps = self.store.scan(Table::Wraps, &space.record(record), None, 64).await?;
        let wraps: Vec<RecordWrap> = wraps
            .into_iter()
            .map(|(_, row)| encoding::decode(&row).map_err(|_| WalletError::Damaged))
            .collect::<Result<_, _>>()?;
        let keys = StreamKeys::own(vehicle)?;
        if let Some(bytes) = self.store.read(Table::Records, &space.record(record)).await? {
            let opened = keys.opener().open_attachment(&bytes, entry, &wraps, named);
            return opened.map_err(|_| WalletError::Damaged);
        }
        // After a restore, large files come when they are first looked at.
        let path = path::fill(path::RECORD, &[&stream, &record]);
        let bytes = self.relay(cx.now).get_bytes(&path, Auth::Key(&vehicle.signing_key()), cx.rng).await?;
        let opened = keys.opener().open_attachment(&bytes, entry, &wraps, named)?;
        let mut batch = Batch::default();
        batch.put(Table::Records, space.record(record), bytes);
        self.store.commit(batch).await?;
        Ok(opened)
    }

    async fn granted_file<R: CryptoRng>(
        &self,
        grant: GrantId,
        keys: &StreamKeys,
        auth: Auth<'_>,
        entry: &Entry,
        named: &Attachment,
        cx: &mut Context<'_, R>,
    ) -> Result<Vec<u8>, WalletError> {
        let path = path::fill(path::GRANT_RECORD, &[&grant, &named.record]);
        let bytes = self.relay(cx.now).get_bytes(&path, auth, cx.rng).await.map_err(crate::reader::ended)?;
        keys.opener().open_attachment(&bytes, entry, &entry.wraps, named)
    }
}
