//! Why something failed, as people are told: what happened and what to do next, in their language.

use carnet_import::ImportError;
use carnet_protocol::ledger::Rejection;
use carnet_wallet::error::{Distrust, ProofFault, WalletError};

use crate::i18n::format;
use crate::passkey::PasskeyFault;
use crate::t;
use crate::ui::{Failure, Text};

const MEGABYTE: u64 = 1_000_000;

/// A relay that is busy asks for seconds or minutes; more is left of a day whose quota is used up.
const DAYS_QUOTA_S: u32 = 600;

/// Title and explanation of an error.
pub struct Fault {
    /// What happened, in one line.
    pub title: Text,
    /// What it means and what to do.
    pub text: Text,
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Failure { title: fault.title, text: fault.text, next: None }
    }
}

macro_rules! fault {
    ($title:ident, $text:ident) => {
        Fault { title: t!(faults::$title), text: t!(faults::$text) }
    };
}

/// What a wallet's error means for the person in front of the screen.
pub fn of_wallet(error: &WalletError) -> Fault {
    match error.clone() {
        WalletError::Locked => fault!(locked_title, locked_text),
        WalletError::NoWallet => fault!(no_wallet_title, no_wallet_text),
        WalletError::WalletExists => fault!(wallet_exists_title, wallet_exists_text),
        WalletError::WrongPassphrase => fault!(wrong_passphrase_title, wrong_passphrase_text),
        WalletError::WrongPasskey => fault!(wrong_passkey_title, wrong_passkey_text),
        WalletError::OtherWords => fault!(other_words_title, other_words_text),
        WalletError::PassphraseTooShort { length, min } => Fault {
            title: t!(faults::passphrase_short_title),
            text: t!(faults::passphrase_short_text, length = length, min = min),
        },
        WalletError::WrongWord { position } => Fault {
            title: t!(faults::wrong_word_title, position = u32::from(position) + 1),
            text: t!(faults::wrong_word_text),
        },
        WalletError::BadWords { position: Some(position) } => Fault {
            title: t!(faults::bad_word_title, position = u32::from(position) + 1),
            text: t!(faults::bad_word_text),
        },
        WalletError::BadWords { position: None } => fault!(bad_words_title, bad_words_text),
        WalletError::NoBackup => fault!(no_backup_title, no_backup_text),
        WalletError::DeviceRemoved => fault!(device_removed_title, device_removed_text),
        WalletError::DevicesFull => fault!(devices_full_title, devices_full_text),
        WalletError::WrongCode => fault!(wrong_code_title, wrong_code_text),
        WalletError::Erased => fault!(erased_title, erased_text),
        WalletError::NotFound => fault!(not_found_title, not_found_text),
        WalletError::BadInput => fault!(bad_input_title, bad_input_text),
        WalletError::FileTooLarge { bytes, max } => file_too_large(bytes, max),
        WalletError::ExportTooLarge { max } => {
            let max = max / MEGABYTE;
            Fault { title: t!(faults::export_large_title), text: t!(faults::export_large_text, max = max) }
        }
        WalletError::Import(error) => of_import(error),
        WalletError::QuestionsOpen => fault!(questions_open_title, questions_open_text),
        WalletError::LinkMangled => fault!(link_mangled_title, link_mangled_text),
        WalletError::LinkUnknown => fault!(link_unknown_title, link_unknown_text),
        WalletError::LinkEnded => fault!(link_ended_title, link_ended_text),
        WalletError::LinkRevoked => fault!(link_revoked_title, link_revoked_text),
        WalletError::LinkClaimed => fault!(link_claimed_title, link_claimed_text),
        WalletError::LinkUsedUp => fault!(link_used_up_title, link_used_up_text),
        WalletError::PairingCodeWrong => fault!(pairing_code_title, pairing_code_text),
        WalletError::OutsidePairing => fault!(outside_pairing_title, outside_pairing_text),
        WalletError::AccessEnded => fault!(access_ended_title, access_ended_text),
        WalletError::AccessRevoked => fault!(access_revoked_title, access_revoked_text),
        WalletError::OwnerOnly => fault!(owner_only_title, owner_only_text),
        WalletError::NotShared => fault!(not_shared_title, not_shared_text),
        WalletError::Untrusted { what } => Fault { title: distrust(what), text: t!(faults::untrusted_text) },
        WalletError::Offline => fault!(offline_title, offline_text),
        WalletError::Busy { retry_after_s } if retry_after_s > DAYS_QUOTA_S => {
            let hours = retry_after_s.div_ceil(3_600);
            Fault { title: t!(faults::quota_title), text: t!(faults::quota_text, count = hours) }
        }
        WalletError::Busy { retry_after_s } => {
            Fault { title: t!(faults::busy_title), text: t!(faults::busy_text, count = retry_after_s) }
        }
        WalletError::Refused(reason) => {
            Fault { title: t!(faults::refused_title), text: t!(faults::refused_text, reason = reason) }
        }
        WalletError::CarSold => fault!(car_sold_title, car_sold_text),
        WalletError::SaleOpen => fault!(sale_open_title, sale_open_text),
        WalletError::NotForSale => fault!(not_for_sale_title, not_for_sale_text),
        WalletError::OdometerDiffers => fault!(odometer_differs_title, odometer_differs_text),
        WalletError::Rejected { reason } => rejected(reason),
        WalletError::ClockOff { relay: None } => fault!(clock_off_title, clock_off_text),
        WalletError::ClockOff { relay: Some(relay) } => {
            let time = format::date_time((relay.0 / 1_000) as i64);
            Fault { title: t!(faults::clock_off_title), text: t!(faults::clock_off_by_text, time = time) }
        }
        WalletError::StorageFull => fault!(storage_full_title, storage_full_text),
        WalletError::StorageUnavailable => fault!(storage_unavailable_title, storage_unavailable_text),
        WalletError::Conflict => fault!(conflict_title, conflict_text),
        WalletError::Damaged => fault!(damaged_title, damaged_text),
    }
}

/// The ledger's rules refused something; those that people meet are told with what to do.
fn rejected(reason: Rejection) -> Fault {
    match reason {
        Rejection::PassportExists => fault!(passport_exists_title, passport_exists_text),
        Rejection::PassportContinued => fault!(passport_continued_title, passport_continued_text),
        Rejection::PassportUnknown => fault!(passport_unknown_title, passport_unknown_text),
        Rejection::VinConflict => fault!(vin_conflict_title, vin_conflict_text),
        Rejection::FlagStands => fault!(flag_stands_title, flag_stands_text),
        Rejection::FlagUnknown => fault!(flag_unknown_title, flag_unknown_text),
        Rejection::SecondReportNeeded => fault!(second_report_title, second_report_text),
        Rejection::NotAllowed => fault!(not_allowed_title, not_allowed_text),
        Rejection::ProposalClosed => fault!(proposal_closed_title, proposal_closed_text),
        Rejection::VoteConflict => fault!(vote_conflict_title, vote_conflict_text),
        Rejection::SaleDone | Rejection::SaleUnknown | Rejection::SaleLapsed => fault!(sale_over_title, sale_over_text),
        Rejection::LienUnacknowledged => fault!(lien_title, lien_text),
        Rejection::CarStolen => fault!(car_stolen_title, car_stolen_text),
        Rejection::StreamClosed => fault!(stream_closed_title, stream_closed_text),
        reason => Fault { title: t!(faults::rejected_title), text: t!(faults::rejected_text, reason = reason) },
    }
}

/// A passkey could not be made or used.
pub fn of_passkey(error: PasskeyFault) -> Fault {
    match error {
        PasskeyFault::Cancelled => fault!(passkey_cancelled_title, passkey_cancelled_text),
        PasskeyFault::Unable => fault!(passkey_unable_title, passkey_unable_text),
        PasskeyFault::NoDomain => fault!(passkey_domain_title, passkey_domain_text),
    }
}

/// The worker that holds the wallet ended unexpectedly.
pub fn worker_gone() -> Fault {
    fault!(worker_gone_title, worker_gone_text)
}

/// A part of the application did not come.
pub fn part_missing() -> Fault {
    fault!(part_missing_title, part_missing_text)
}

fn file_too_large(bytes: u64, max: u64) -> Fault {
    // Rounded up, so that a file just above the limit does not read as if it fitted.
    let (size, max) = (bytes.div_ceil(MEGABYTE), max / MEGABYTE);
    Fault { title: t!(faults::file_large_title), text: t!(faults::file_large_text, size = size, max = max) }
}

fn distrust(what: Distrust) -> Text {
    match what {
        Distrust::Malformed => t!(faults::untrusted_malformed_title),
        Distrust::Ledger => t!(faults::untrusted_ledger_title),
        Distrust::Directory => t!(faults::untrusted_directory_title),
        Distrust::Grant => t!(faults::untrusted_grant_title),
        Distrust::Keyring => t!(faults::untrusted_keyring_title),
        Distrust::Meeting => t!(faults::untrusted_meeting_title),
        Distrust::WeakKdf => t!(faults::untrusted_weak_kdf_title),
        Distrust::Stream => t!(faults::untrusted_stream_title),
        Distrust::Chain => t!(faults::untrusted_chain_title),
        Distrust::Record => t!(faults::untrusted_record_title),
        Distrust::Receipt => t!(faults::untrusted_receipt_title),
        Distrust::SealKey => t!(faults::untrusted_seal_key_title),
        Distrust::VinKey => t!(faults::untrusted_vin_key_title),
        Distrust::Proof(fault) => disproved(fault),
    }
}

fn disproved(fault: ProofFault) -> Text {
    match fault {
        ProofFault::Malformed => t!(faults::proof_malformed),
        ProofFault::UnknownLog => t!(faults::proof_unknown_log),
        ProofFault::LogSignature => t!(faults::proof_log_signature),
        ProofFault::Cosignature => t!(faults::proof_cosignature),
        ProofFault::Quorum => t!(faults::proof_quorum),
        ProofFault::Stale => t!(faults::proof_stale),
        ProofFault::OtherLedger => t!(faults::proof_other_ledger),
        ProofFault::Rollback => t!(faults::proof_rollback),
        ProofFault::Fork => t!(faults::proof_fork),
        ProofFault::Inconsistent => t!(faults::proof_inconsistent),
        ProofFault::MapProof => t!(faults::proof_map),
        ProofFault::Head => t!(faults::proof_head),
        ProofFault::OtherStream => t!(faults::proof_other_stream),
        ProofFault::UnknownStream => t!(faults::proof_unknown_stream),
        ProofFault::Directory => t!(faults::proof_directory),
        ProofFault::LeavesDropped => t!(faults::proof_dropped),
        ProofFault::LeavesAdded => t!(faults::proof_added),
        ProofFault::LeafDuplicated => t!(faults::proof_duplicated),
        ProofFault::LeavesReordered => t!(faults::proof_reordered),
        ProofFault::LeafAltered => t!(faults::proof_altered),
        ProofFault::Withdrawals => t!(faults::proof_withdrawals),
        ProofFault::Owner => t!(faults::proof_owner),
    }
}

/// A file of no known kind, with what it names instead, where it names anything.
fn unknown_format(seen: &[String]) -> Fault {
    let seen: Vec<&str> = seen.iter().map(|name| name.trim()).filter(|name| !name.is_empty()).collect();
    if seen.is_empty() {
        return fault!(import_unknown_title, import_unknown_empty);
    }
    let seen = seen.join(", ");
    Fault { title: t!(faults::import_unknown_title), text: t!(faults::import_unknown_text, seen = seen) }
}

/// Why a file cannot be brought in.
pub fn of_import(error: ImportError) -> Fault {
    match error {
        ImportError::Empty => fault!(import_empty_title, import_empty_text),
        ImportError::TooLarge { bytes, max } => file_too_large(bytes, max),
        ImportError::TooManyRows { max } => {
            Fault { title: t!(faults::import_rows_title), text: t!(faults::import_rows_text, max = max) }
        }
        ImportError::NotText { .. } => fault!(import_not_text_title, import_not_text_text),
        ImportError::BrokenJson { line, column } => Fault {
            title: t!(faults::import_json_title),
            text: t!(faults::import_json_text, line = line, column = column),
        },
        ImportError::BrokenCsv { line } => {
            Fault { title: t!(faults::import_csv_title), text: t!(faults::import_csv_text, line = line) }
        }
        ImportError::UnknownFormat { seen } => unknown_format(&seen),
        ImportError::ListNotRead { .. } => fault!(import_list_title, import_list_text),
        ImportError::MissingColumn { column, seen } => {
            let seen = seen.join(", ");
            Fault {
                title: t!(faults::import_column_title, column = column),
                text: t!(faults::import_column_text, seen = seen),
            }
        }
        ImportError::NoRows => fault!(import_no_rows_title, import_no_rows_text),
        ImportError::WrongVehicle { vin } => {
            Fault { title: t!(faults::import_vehicle_title), text: t!(faults::import_vehicle_text, vin = vin) }
        }
        ImportError::CutOff => fault!(import_cut_title, import_cut_text),
        ImportError::EmptyReport => fault!(import_report_title, import_report_text),
    }
}
