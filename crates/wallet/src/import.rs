//! Bringing in files: dry run, commit, undo as a whole.

mod exported;

use crate::{
    command::{Answer, FileData, Notice},
    error::WalletError,
    import::exported::unsealed,
    keyring::ImportNote,
    outbox,
    record::sealing::{NewRecord, Sealer},
    row::Space,
    store::{Batch, Store},
    transport::Transport,
    view::ImportView,
    wallet::{Context, Wallet},
};
use carnet_import::{Answers, Draft, DryRun, ExistingFact, Format, Place, SourceFile, carnet_export::ExportedCar};
use carnet_passport::identity;
use carnet_protocol::{
    id::{ImportId, RecordId, StreamId},
    payload::{Origin, OriginKind},
};
use rand_core::CryptoRng;

impl<S: Store, T: Transport> Wallet<S, T> {
    pub(crate) async fn dry_run(
        &mut self,
        vehicle: StreamId,
        file: &FileData,
        answers: &Answers,
    ) -> Result<Answer, WalletError> {
        Ok(Answer::DryRun(Box::new(self.read_file(vehicle, file, answers).await?)))
    }

    async fn read_file(
        &mut self,
        vehicle: StreamId,
        file: &FileData,
        answers: &Answers,
    ) -> Result<DryRun, WalletError> {
        let opened = self.load_own(vehicle).await?;
        let existing: Vec<ExistingFact> =
            opened.records.iter().map(|record| ExistingFact::of(&record.payload.fact, record.day)).collect();
        let answers = self.filed(vehicle, answers)?;
        let Some(plain) = unsealed(&file.bytes, &answers)? else { return Ok(exported::asks_for_the_passphrase()) };
        let source = SourceFile { name: &file.name, bytes: &plain };
        let mut found = carnet_import::dry_run(&source, &answers, &existing).map_err(WalletError::Import)?;
        if found.format == Format::CarnetExport {
            let members = self.directory().await?;
            exported::check(&mut found, &exported::records(&plain, &answers)?, &members);
        }
        Ok(found)
    }

    /// The answers, and the car's own number where it is known and none was chosen: what belongs to another car is passed
    /// over.
    fn filed(&self, vehicle: StreamId, answers: &Answers) -> Result<Answers, WalletError> {
        let mut answers = answers.clone();
        if answers.vin.is_none() {
            let records = &self.opened(Space::from(vehicle))?.records;
            answers.vin = identity::view(records).vin.filter(|vin| vin.is_acceptable()).map(|v| v.normalised);
        }
        Ok(answers)
    }

    pub(crate) async fn commit_import<R: CryptoRng>(
        &mut self,
        vehicle: StreamId,
        file: &FileData,
        answers: &Answers,
        cx: &mut Context<'_, R>,
    ) -> Result<Answer, WalletError> {
        self.session.unlocked()?.keyring.writable(vehicle)?;
        let found = self.read_file(vehicle, file, answers).await?;
        if !found.questions.is_empty() {
            return Err(WalletError::QuestionsOpen);
        }
        let mut import = ImportId([0; ImportId::LEN]);
        cx.rng.fill_bytes(&mut import.0);
        let (kind, car) = match found.format {
            Format::CarnetExport => {
                let plain = unsealed(&file.bytes, answers)?.ok_or(WalletError::QuestionsOpen)?;
                (OriginKind::CarnetExport, exported::records(&plain, &self.filed(vehicle, answers)?)?)
            }
            _ => (found.drafts.first().map_or(OriginKind::Manual, |draft| draft.origin), None),
        };
        let records = new_records(found.drafts, car.as_ref(), import);
        let count = u32::try_from(records.len()).unwrap_or(u32::MAX);
        let note = ImportNote { import, file: file.name.clone(), kind, at: cx.now, records: count, undone: false };
        let mut next = self.session.unlocked()?.keyring.duplicate()?;
        let mut sealer = Sealer::new(self.session.unlocked()?.keyring.vehicle(vehicle)?, cx.now);
        match &car {
            Some(car) => sealer = exported::write(sealer, records, car, cx)?,
            None => sealer.add_all(records.into_iter().map(|(_, new)| new).collect(), cx)?,
        }
        let sealed = sealer.finish();
        let space = Space::from(vehicle);
        let mut batch = sealed.batch;
        outbox::enqueue(&self.store, space, sealed.items, &mut batch).await?;
        next.vehicle_mut(vehicle)?.imports.push(note.clone());
        self.commit_both(next, space, sealed.segment, batch, cx).await?;
        cx.tell(Notice::Changed(Some(vehicle)));
        Ok(Answer::Import(import_view(&note)))
    }

    pub(crate) fn imports(&self, vehicle: StreamId) -> Result<Answer, WalletError> {
        let imports = &self.session.unlocked()?.keyring.vehicle(vehicle)?.imports;
        Ok(Answer::Imports(imports.iter().rev().map(import_view).collect()))
    }

    pub(crate) async fn undo_import<R: CryptoRng>(
        &mut self,
        vehicle: StreamId,
        import: ImportId,
        cx: &mut Context<'_, R>,
    ) -> Result<Answer, WalletError> {
        self.session.unlocked()?.keyring.writable(vehicle)?;
        let mut next = self.session.unlocked()?.keyring.duplicate()?;
        let note = next.vehicle_mut(vehicle)?.imports.iter_mut().find(|note| note.import == import);
        note.ok_or(WalletError::NotFound)?.undone = true;
        let opened = self.load_own(vehicle).await?;
        let records: Vec<RecordId> = opened
            .records
            .iter()
            .filter(|record| record.payload.origin.import == Some(import))
            .map(|record| record.record)
            .collect();
        let mut batch = Batch::default();
        let segment = self.withdrawal(vehicle, &records, &mut batch, cx).await?;
        self.commit_both(next, Space::from(vehicle), segment, batch, cx).await?;
        cx.tell(Notice::Changed(Some(vehicle)));
        Ok(Answer::Done)
    }
}

fn new_records(drafts: Vec<Draft>, car: Option<&ExportedCar>, import: ImportId) -> Vec<(Place, NewRecord)> {
    let mut files = car.map(exported::files).unwrap_or_default();
    let record = |draft: Draft| {
        let new = NewRecord {
            files: files.remove(&draft.place).unwrap_or_default(),
            day: draft.day,
            at: draft.at,
            method: draft.method,
            origin: Origin { kind: draft.origin, import: Some(import) },
            fact: draft.fact,
            note: draft.note,
        };
        (draft.place, new)
    };
    drafts.into_iter().map(record).collect()
}

fn import_view(note: &ImportNote) -> ImportView {
    ImportView {
        import: note.import,
        file: note.file.clone(),
        kind: note.kind,
        at: note.at,
        records: note.records,
        undone: note.undone,
    }
}
