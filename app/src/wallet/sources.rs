//! Calls about what sources write: their owners' and their own.

use super::session::calls;
use super::{CallError, WalletClient};
use carnet_protocol::{
    day::Day,
    id::{GrantId, PairingId, RecordId, StreamId},
    payload::{Fact, StatementKind},
};
use carnet_wallet::{
    command::{Answer, Command, FileData, PairingDraft, SourceCommand as C, Via, WriteDraft},
    view::{PairedCarView, PairingView, RecordView, TimelinePage, WrittenView},
};

calls! {
    /// Lets a source write, and shows a code for it.
    pair_source(vehicle: StreamId, draft: PairingDraft) =>
        Command::Source(C::PairSource { vehicle, draft }), Answer::Pairing(view) => *view, PairingView;

    /// Sources that may write to a car, newest first.
    pairings(vehicle: StreamId) =>
        Command::Source(C::Pairings { vehicle }), Answer::Pairings(views) => views, Vec<PairingView>;

    /// Ends a pairing.
    end_pairing(vehicle: StreamId, pairing: PairingId) =>
        Command::Source(C::EndPairing { vehicle, pairing }), Answer::Pairings(views) => views, Vec<PairingView>;

    /// What sources wrote without leave and the owner has not answered.
    unanswered(vehicle: StreamId) =>
        Command::Source(C::Unanswered { vehicle }), Answer::Timeline(page) => page, TimelinePage;

    /// Accepts, disputes or rejects what a source wrote.
    answer_record(vehicle: StreamId, record: RecordId, kind: StatementKind, reason: Option<String>) =>
        Command::Source(C::AnswerRecord { vehicle, record, kind, reason }), Answer::Record(view) => *view, RecordView;

    /// Writes a record that corrects another.
    rectify_record(vehicle: StreamId, record: RecordId, day: Day, fact: Fact, note: Option<String>, files: Vec<FileData>) =>
        Command::Source(C::RectifyRecord { vehicle, record, day, fact, note, files }), Answer::Record(view) =>
        *view, RecordView;

    /// Takes an owner's leave to write.
    open_pairing(code: String) =>
        Command::Source(C::OpenPairing { code }), Answer::PairedCars(cars) => cars, Vec<PairedCarView>;

    /// Cars that this member's staff may write to, newest first.
    paired_cars() => Command::Source(C::PairedCars), Answer::PairedCars(cars) => cars, Vec<PairedCarView>;

    /// Writes a record as a source.
    write_record(via: Via, draft: WriteDraft) =>
        Command::Source(C::WriteRecord { via, draft }), Answer::Written(written) => written, Vec<WrittenView>;

    /// What was written as a source, newest first.
    written() => Command::Source(C::Written), Answer::Written(written) => written, Vec<WrittenView>;

    /// Sends a record that was not taken another way.
    resend_written(record: RecordId, via: Via) =>
        Command::Source(C::ResendWritten { record, via }), Answer::Written(written) => written, Vec<WrittenView>;

    /// Forgets a record that was not taken.
    discard_written(record: RecordId) =>
        Command::Source(C::DiscardWritten { record }), Answer::Written(written) => written, Vec<WrittenView>;

    /// Signs a record of another as well.
    counter_sign(grant: GrantId, record: RecordId) =>
        Command::Source(C::CounterSign { grant, record }), Answer::Done => (), ();
}
