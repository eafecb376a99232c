//! Everything that a wallet holds, as a file in an open format. Format: `docs/formats/export.md`.
//!
//! Who finds a wallet open must not carry it away: an export asks for the passphrase anew.

mod table;

use crate::{
    command::{Answer, FileData, Notice},
    error::WalletError,
    journal::Opened,
    open::StreamKeys,
    row::Space,
    said::Said,
    session::check_passphrase,
    store::{Store, Table},
    transport::Transport,
    wallet::{Context, Wallet},
};
use carnet_crypto::export::seal_export;
use carnet_import::{
    carnet_export::{ExportedStanding, Writer},
    limits::EXPORT_MAX,
};
use carnet_passport::{OpenedRecord, quality};
use carnet_protocol::{
    category::Category,
    id::{RecordId, StreamId},
    payload::Attachment,
};
use rand_core::CryptoRng;
use std::collections::HashMap;

/// Records between two notices of progress.
const PROGRESS: usize = 100;

impl<S: Store, T: Transport> Wallet<S, T> {
    /// One car, or all: records with their sources' signatures, and files; under a passphrase of its own where one is
    /// given.
    pub(crate) async fn export<R: CryptoRng>(
        &mut self,
        vehicle: Option<StreamId>,
        (passphrase, protect): (&str, Option<&str>),
        files: bool,
        cx: &mut Context<'_, R>,
    ) -> Result<Answer, WalletError> {
        self.open_with_passphrase(passphrase).await?;
        protect.map_or(Ok(()), check_passphrase)?;
        let streams = match vehicle {
            Some(vehicle) => vec![vehicle],
            None => self.session.unlocked()?.keyring.vehicles.iter().map(|vehicle| vehicle.stream).collect(),
        };
        let mut writer = Writer::new(cx.now);
        for stream in streams {
            self.export_car(stream, &mut writer, files, cx).await?;
        }
        let plain = zeroize::Zeroizing::new(writer.finish());
        let day = cx.now.day();
        Ok(Answer::File(match protect {
            None => FileData {
                name: format!("carnet-{day}.carnet.jsonl"),
                media_type: "application/x-ndjson".to_owned(),
                bytes: plain.to_vec(),
            },
            Some(protect) => FileData {
                name: format!("carnet-{day}.carnet-sealed"),
                media_type: "application/octet-stream".to_owned(),
                bytes: seal_export(&plain, protect, self.kdf_cost, cx.rng)?,
            },
        }))
    }

    async fn export_car<R: CryptoRng>(
        &mut self,
        stream: StreamId,
        writer: &mut Writer,
        files: bool,
        cx: &mut Context<'_, R>,
    ) -> Result<(), WalletError> {
        let opened = self.load_own(stream).await?;
        let (owner, records) = (opened.owner, in_order(opened));
        let name = self.session.unlocked()?.keyring.vehicle(stream)?.name.clone();
        writer.car(stream, owner, &name);
        let keys = StreamKeys::own(self.session.unlocked()?.keyring.vehicle(stream)?)?;
        let mut opener = keys.opener();
        let space = Space::from(stream);
        let total = u32::try_from(records.len()).unwrap_or(u32::MAX);
        let wraps = self.all_wraps(space).await?;
        let standings = self.standings(stream).await?;
        for (done, record) in records.into_iter().enumerate() {
            if done > 0 && done % PROGRESS == 0 {
                cx.tell(Notice::Progress { done: u32::try_from(done).unwrap_or(u32::MAX), total });
            }
            let sealed = self.store.read(Table::Records, &space.record(record)).await?.ok_or(WalletError::Damaged)?;
            let wraps = wraps.get(&record).map(Vec::as_slice).unwrap_or_default();
            let signed = opener.open_plain(&sealed, wraps).ok_or(WalletError::Damaged)?;
            let found = self.opened(space)?.record(record)?;
            let (day, payload) = (found.day, found.payload.clone());
            let named = if files { payload.attachments.clone() } else { Vec::new() };
            writer.record(day, &signed, payload, standings.get(&record).copied());
            fits(writer)?;
            for file in named {
                self.export_file(stream, &file, writer, cx).await?;
                fits(writer)?;
            }
        }
        Ok(())
    }

    /// What each record of a car counts.
    async fn standings(&mut self, stream: StreamId) -> Result<HashMap<RecordId, ExportedStanding>, WalletError> {
        let members = self.directory().await?;
        let history = self.classified_here(stream, &members).await?;
        let said = Said::of(history.newest());
        Ok(history.newest().records.iter().map(|record| (record.record, standing(&said, record))).collect())
    }

    async fn export_file<R: CryptoRng>(
        &self,
        stream: StreamId,
        file: &Attachment,
        writer: &mut Writer,
        cx: &mut Context<'_, R>,
    ) -> Result<(), WalletError> {
        let entry = self.opened(Space::from(stream))?.entries.get(&file.record);
        // A source may have named a file that it never sent.
        let Some(entry) = entry.filter(|entry| entry.is_attachment()).cloned() else { return Ok(()) };
        let bytes = self.own_file(stream, &entry, file, cx).await?;
        writer.file(file.record, &file.name, &bytes);
        Ok(())
    }

    /// A category of a car as a table.
    pub(crate) async fn export_table<R: CryptoRng>(
        &mut self,
        vehicle: StreamId,
        category: Category,
        passphrase: &str,
        cx: &mut Context<'_, R>,
    ) -> Result<Answer, WalletError> {
        self.open_with_passphrase(passphrase).await?;
        let members = self.directory().await?;
        let history = self.classified_here(vehicle, &members).await?;
        let of_category = history.newest().records.iter().filter(|record| record.category() == category);
        let mut records: Vec<_> = of_category.map(|record| (record, members.source(record))).collect();
        records.sort_by_key(|(record, _)| (record.day, record.payload.at, record.record));
        let bytes = table::csv(&records).into_bytes();
        let word = serde_json::to_value(category).ok().and_then(|word| word.as_str().map(str::to_owned));
        let name = format!("carnet-{}-{}.csv", word.unwrap_or_default(), cx.now.day());
        Ok(Answer::File(FileData { name, media_type: "text/csv".to_owned(), bytes }))
    }
}

fn standing(said: &Said<'_>, record: &OpenedRecord) -> ExportedStanding {
    let (standing, payload) = (said.standing(record), &record.payload);
    ExportedStanding {
        points: quality::points(quality::source(record, &standing), payload.method, payload.origin.kind),
        disputes: standing.disputes,
        quarantined: said.is_quarantined(record.record),
    }
}

/// Whether what is written so far may be brought in again.
fn fits(writer: &Writer) -> Result<(), WalletError> {
    if writer.len() > EXPORT_MAX {
        return Err(WalletError::ExportTooLarge { max: EXPORT_MAX as u64 });
    }
    Ok(())
}

fn in_order(opened: &Opened) -> Vec<RecordId> {
    let mut records: Vec<_> = opened.records.iter().map(|record| (record.day, record.record)).collect();
    records.sort();
    records.into_iter().map(|(_, record)| record).collect()
}
