//! Calls about cars, their records and imports.

use super::session::calls;
use super::{CallError, WalletClient};
use carnet_import::{Answers, DryRun};
use carnet_passport::odometer::Contradiction;
use carnet_protocol::{
    category::Category,
    day::Day,
    id::{ImportId, RecordId, StreamId},
    payload::{Fact, VehicleIdentity},
    quantity::Metres,
};
use carnet_wallet::{
    command::{Answer, Command, EraseTarget, FileData, Subject, TimelineFilter},
    view::{ErasurePreview, ErasureView, ImportView, PassportView, RecordView, TimelinePage, VehicleCard},
};

calls! {
    /// The cars of this wallet.
    vehicles() => Command::Vehicles, Answer::Vehicles(cards) => cards, Vec<VehicleCard>;

    /// Adds a car.
    add_vehicle(name: String, identity: VehicleIdentity) =>
        Command::AddVehicle { name, identity }, Answer::Vehicle(card) => card, VehicleCard;

    /// Adds the generated sample car.
    add_sample_vehicle() => Command::AddSampleVehicle, Answer::Vehicle(card) => card, VehicleCard;

    /// Gives a car another name.
    rename_vehicle(vehicle: StreamId, name: String) =>
        Command::RenameVehicle { vehicle, name }, Answer::Vehicle(card) => card, VehicleCard;

    /// The passport of a car, one's own or another's.
    passport(subject: Subject) => Command::Passport { subject }, Answer::Passport(view) => *view, PassportView;

    /// Entries of the timeline, newest first; `limit` is at most 500.
    timeline(subject: Subject, filter: TimelineFilter, offset: u32, limit: u32) =>
        Command::Timeline { subject, filter, offset, limit }, Answer::Timeline(page) => page, TimelinePage;

    /// One record in full.
    record(subject: Subject, record: RecordId) =>
        Command::Record { subject, record }, Answer::Record(view) => *view, RecordView;

    /// The bytes of an attachment.
    attachment(subject: Subject, record: RecordId, attachment: RecordId) =>
        Command::Attachment { subject, record, attachment }, Answer::File(file) => file, FileData;

    /// What readings on record say against one that is about to be written down.
    check_reading(subject: Subject, day: Day, odometer: Metres, besides: Option<RecordId>) =>
        Command::CheckReading { subject, day, odometer, besides },
        Answer::Contradiction(found) => found, Option<Contradiction>;

    /// Writes a record typed by the owner.
    add_record(vehicle: StreamId, day: Day, fact: Fact, note: Option<String>, files: Vec<FileData>) =>
        Command::AddRecord { vehicle, day, fact, note, files }, Answer::Record(view) => *view, RecordView;

    /// Withdraws a record; readers still see that there was one.
    withdraw_record(vehicle: StreamId, record: RecordId) =>
        Command::WithdrawRecord { vehicle, record }, Answer::Done => (), ();

    /// What erasing would do, in figures.
    preview_erasure(target: EraseTarget) =>
        Command::PreviewErasure { target }, Answer::ErasurePreview(preview) => preview, ErasurePreview;

    /// Erases for good; a car and everything need the passphrase.
    erase(target: EraseTarget, passphrase: Option<String>) =>
        Command::Erase { target, passphrase }, Answer::Erasure(view) => *view, ErasureView;

    /// The receipts, newest first.
    erasures() => Command::Erasures, Answer::Erasures(views) => views, Vec<ErasureView>;

    /// Forgets the receipt that an erased wallet left behind.
    forget_last_receipt() => Command::ForgetLastReceipt, Answer::Done => (), ();

    /// Everything of a car, or of all, as a file.
    export(vehicle: Option<StreamId>, passphrase: String, protect: Option<String>, files: bool) =>
        Command::Export { vehicle, passphrase, protect, files }, Answer::File(file) => file, FileData;

    /// A category of a car as a table.
    export_table(vehicle: StreamId, category: Category, passphrase: String) =>
        Command::ExportTable { vehicle, category, passphrase }, Answer::File(file) => file, FileData;

    /// What an import would do; changes nothing.
    dry_run(vehicle: StreamId, file: FileData, answers: Answers) =>
        Command::DryRun { vehicle, file, answers }, Answer::DryRun(run) => *run, DryRun;

    /// Does the import that the same arguments previewed; [`WalletClient::progress`] tells how far it is.
    commit_import(vehicle: StreamId, file: FileData, answers: Answers) =>
        Command::CommitImport { vehicle, file, answers }, Answer::Import(view) => view, ImportView;

    /// Past imports of a car, newest first.
    imports(vehicle: StreamId) => Command::Imports { vehicle }, Answer::Imports(views) => views, Vec<ImportView>;

    /// Withdraws all records of an import.
    undo_import(vehicle: StreamId, import: ImportId) =>
        Command::UndoImport { vehicle, import }, Answer::Done => (), ();
}
