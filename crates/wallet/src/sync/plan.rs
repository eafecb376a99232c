//! The pure part of sending: which items go into the next request, and what an answer means for them.

use crate::{
    outbox::{Item, Part, Waiting},
    relay::RelayError,
};
use carnet_protocol::{
    api::{ProblemCode, body::Receipts},
    id::GrantId,
    ledger::{Action, Outcome, Rejection},
    limits::{BATCH_MAX, BODY_MAX, GRANT_BATCH_MAX, TRANSACTIONS_MAX},
};

/// What one request carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Step {
    /// Records in one batch.
    Upload(Vec<Part>),
    /// Transactions in one submission.
    Submit(Vec<Action>),
    /// Grants that stand, again, in one batch.
    Reissue(Vec<GrantId>),
    /// Anything else goes by itself.
    Single(Item),
}

/// Bytes that the parts of a body may have together; 64 KiB stay free for what surrounds them.
pub(crate) const BODY_ROOM: u64 = BODY_MAX as u64 - 64 * 1024;

/// A signed append of one entry on the wire: 16 + 8 + 32 bytes and a day, with their names and lengths.
const ENTRY_BYTES: u64 = 112;

/// A signed transaction without its list.
const TRANSACTION_BYTES: u64 = 512;

/// The next request for a lane, and how many of its items it carries; `None` when nothing waits.
pub(crate) fn next(waiting: &[Waiting]) -> Option<(Step, usize)> {
    match &waiting.first()?.item {
        Item::Upload(_) => Some(upload(waiting)),
        Item::Act(_) => Some(submit(waiting)),
        Item::ReplaceGrant(_) => Some(reissue(waiting)),
        other => Some((Step::Single(other.clone()), 1)),
    }
}

fn upload(waiting: &[Waiting]) -> (Step, usize) {
    let (mut records, mut bytes, mut taken) = (Vec::new(), 0, 0);
    for item in waiting.iter().map(|waiting| &waiting.item) {
        let Item::Upload(parts) = item else { break };
        let more: u64 = parts.iter().map(part_bytes).sum();
        if taken > 0 && (records.len() + parts.len() > BATCH_MAX || bytes + more > BODY_ROOM) {
            break;
        }
        records.extend(parts);
        bytes += more;
        taken += 1;
    }
    (Step::Upload(records), taken)
}

/// Bytes of a record in a batch.
pub(crate) fn part_bytes(part: &Part) -> u64 {
    // Names and lengths of the fields around it.
    part.bytes + 64
}

fn submit(waiting: &[Waiting]) -> (Step, usize) {
    let (mut actions, mut bytes) = (Vec::new(), 0);
    for item in waiting.iter().map(|waiting| &waiting.item) {
        let Item::Act(action) = item else { break };
        let entries = match action {
            Action::AppendRecords { entries, .. } | Action::AppendPaired { entries, .. } => entries.len() as u64,
            _ => 0,
        };
        bytes += TRANSACTION_BYTES + entries * ENTRY_BYTES;
        if !actions.is_empty() && (actions.len() == TRANSACTIONS_MAX || bytes > BODY_ROOM) {
            break;
        }
        actions.push(action.clone());
    }
    let taken = actions.len();
    (Step::Submit(actions), taken)
}

fn reissue(waiting: &[Waiting]) -> (Step, usize) {
    let grants = waiting.iter().map_while(|waiting| match &waiting.item {
        Item::ReplaceGrant(grant) => Some(*grant),
        _ => None,
    });
    let grants: Vec<GrantId> = grants.take(GRANT_BATCH_MAX).collect();
    let taken = grants.len();
    (Step::Reissue(grants), taken)
}

/// What an answer means for the items it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// So many of them are done and leave the outbox; all later ones stay. Where there is a reason, the next one was
    /// refused for good and the lane stands.
    Done {
        /// Items done.
        items: usize,
        /// Why the next one is not.
        refused: Option<String>,
    },
    /// Nothing is known, or the relay asks to wait: everything stays.
    Later(RelayError),
}

impl Verdict {
    /// The same where the log has signed for it; without that, nothing leaves the outbox.
    pub fn receipted(self, signed: bool) -> Self {
        match self {
            Verdict::Done { items: 1.., .. } if !signed => Verdict::Later(RelayError::NoReceipt),
            other => other,
        }
    }
}

/// What receipts mean for the actions they are about.
pub(crate) fn judge_receipts(actions: &[Action], receipts: &Receipts) -> Verdict {
    for (done, action) in actions.iter().enumerate() {
        let refused = match receipts.receipts.get(done).map(|receipt| receipt.outcome) {
            Some(Outcome::Accepted { .. }) => continue,
            Some(Outcome::Rejected(reason)) if is_settled(action, reason) => continue,
            Some(Outcome::Rejected(reason)) => reason.to_string(),
            None => return Verdict::Later(RelayError::Malformed),
        };
        return Verdict::Done { items: done, refused: Some(refused) };
    }
    Verdict::Done { items: actions.len(), refused: None }
}

/// Whether a refusal says that there is nothing left to do.
fn is_settled(action: &Action, reason: Rejection) -> bool {
    matches!(
        (action, reason),
        // Taken back meanwhile, or it ended while it waited here.
        (Action::IssueGrant { .. } | Action::AcceptGrant { .. }, Rejection::GrantRevoked | Rejection::GrantExpired)
            // Opened to be safe, and there already: another device sold or erased the car meanwhile.
            | (Action::OpenStream { .. }, Rejection::StreamExists)
            // Its issue ended while it waited here, so the ledger never heard of it.
            | (Action::RevokeGrant { .. }, Rejection::GrantUnknown | Rejection::StreamUnknown)
            // Over in another way.
            | (
                Action::CancelSale { .. },
                Rejection::SaleUnknown | Rejection::SaleDone | Rejection::StreamUnknown
            )
            // The passport was never opened, and nobody can have been paired with it.
            | (Action::EndPairing { .. }, Rejection::StreamUnknown)
            // Another device closed it when the car was erased, or it was never opened.
            | (
                Action::CloseStream { .. } | Action::WithdrawRecords { .. },
                Rejection::StreamClosed | Rejection::StreamUnknown
            )
            // What was to be ended never began, or the person came back with another key.
            | (Action::RemoveHolder { .. }, Rejection::HolderUnknown)
            | (Action::AdmitHolder { .. }, Rejection::HolderRemoved)
            // It ended or was taken back meanwhile, or another device moved its end further ahead.
            | (
                Action::RenewGrant { .. },
                Rejection::GrantRevoked
                    | Rejection::GrantExpired
                    | Rejection::GrantUnknown
                    | Rejection::GrantConflict
                    | Rejection::StreamClosed
            )
    )
}

/// What the answer to anything but a submission means.
pub(crate) fn judge(step: &Step, answer: Result<(), RelayError>, taken: usize) -> Verdict {
    match answer {
        Ok(()) => Verdict::Done { items: taken, refused: None },
        Err(RelayError::Refused { code, .. }) if is_gone(step, code) => Verdict::Done { items: taken, refused: None },
        // A fault of the relay passes; an answer that no rule foresees must not lose anything.
        Err(RelayError::Refused { code: ProblemCode::Internal, .. }) => Verdict::Later(RelayError::Offline),
        Err(RelayError::Refused { sentence, .. }) => Verdict::Done { items: 0, refused: Some(sentence) },
        Err(error) => Verdict::Later(error),
    }
}

/// Whether the relay's refusal says that there is nothing left to do.
fn is_gone(step: &Step, code: ProblemCode) -> bool {
    let Step::Single(item) = step else { return false };
    match item {
        // What is to be removed is not there.
        Item::Remove(_) | Item::Rewrap(_) | Item::Removal { .. } | Item::RemoveGrant(_) | Item::RemoveLink(_) => {
            matches!(code, ProblemCode::NotFound | ProblemCode::Gone)
        }
        // What ended meanwhile needs no answer and no place.
        Item::RemoveInvitation(_) | Item::RemoveBundle(_) => matches!(code, ProblemCode::NotFound | ProblemCode::Gone),
        Item::PutInvitation(_) => code == ProblemCode::Gone,
        // A newer one is there, from another device; or the passport was closed, and nobody holds it together any more.
        Item::PutBundle(_) => matches!(code, ProblemCode::Conflict | ProblemCode::Gone),
        Item::Answer { .. } => matches!(code, ProblemCode::NotFound | ProblemCode::Gone),
        Item::PutGrant(_) | Item::PutLink(_) => code == ProblemCode::Gone,
        // A member that is no more, or a record that was withdrawn, hears of no answer.
        Item::PutAnswer(..) => code == ProblemCode::NotFound,
        Item::ReplaceGrant(_)
        | Item::Upload(_)
        | Item::UploadLarge(_)
        | Item::Write(_)
        | Item::Act(_)
        | Item::Claim(_) => false,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use carnet_protocol::{
        day::Day,
        id::{CategoryLabel, GrantId, Hash32, RecordId, StreamId},
        ledger::{LeafEntry, Receipt},
    };

    const STREAM: StreamId = StreamId([1; 16]);

    fn lane(items: Vec<Item>) -> Vec<Waiting> {
        items.into_iter().map(|item| Waiting { key: Vec::new(), row: Vec::new(), item }).collect()
    }

    fn upload(records: usize, bytes: u64) -> Item {
        Item::Upload(vec![Part { record: RecordId([2; 16]), generation: 0, bytes }; records])
    }

    fn append(entries: usize) -> Item {
        let record = RecordId([3; 16]);
        let entry = LeafEntry { record, label: CategoryLabel([0; 8]), day: Day(1), commitment: Hash32([0; 32]) };
        Item::Act(Action::AppendRecords { stream: STREAM, entries: vec![entry; entries] })
    }

    fn taken(items: Vec<Item>) -> usize {
        next(&lane(items)).unwrap().1
    }

    #[test]
    fn small_uploads_travel_together() {
        assert_eq!(next(&[]), None);
        assert_eq!(taken(vec![upload(1, 800); 128]), 128);
        assert_eq!(taken(vec![upload(200, 800), upload(200, 800), upload(200, 800)]), 2);
        assert_eq!(taken(vec![upload(2, 60_000); 40]), 16);
        assert_eq!(
            taken(vec![
                upload(1, 800),
                Item::UploadLarge(Part { record: RecordId([4; 16]), generation: 0, bytes: 100_000 }),
                upload(1, 800)
            ]),
            1
        );
    }

    #[test]
    fn ten_thousand_commitments_are_two_submissions() {
        let items = vec![append(BATCH_MAX); 20];
        assert!(taken(items.clone()) >= 20, "one request carries them all");
        assert_eq!(taken(vec![append(BATCH_MAX); 64]), 35);
        assert_eq!(taken(vec![append(1); 128]), TRANSACTIONS_MAX);
        assert_eq!(taken(vec![append(1), Item::PutGrant(GrantId([5; 16])), append(1)]), 1);
    }

    #[test]
    fn order_is_kept_and_nothing_is_passed_over() {
        let open = Item::Act(Action::OpenStream { stream: STREAM });
        let items = vec![open.clone(), upload(1, 800), append(1)];
        let (step, taken) = next(&lane(items)).unwrap();
        assert_eq!((step, taken), (Step::Submit(vec![Action::OpenStream { stream: STREAM }]), 1));
    }

    #[test]
    fn fifty_grants_given_again_are_one_request() {
        let mut items: Vec<Item> = (0..50).map(|n| Item::ReplaceGrant(GrantId([n; 16]))).collect();
        assert!(matches!(next(&lane(items.clone())).unwrap(), (Step::Reissue(grants), 50) if grants.len() == 50));
        items.insert(20, Item::PutGrant(GrantId([99; 16])));
        assert_eq!(taken(items), 20);
    }

    fn receipts(outcomes: &[Outcome]) -> Receipts {
        let receipt = |outcome: &Outcome| Receipt { transaction: Hash32([0; 32]), outcome: *outcome };
        Receipts { receipts: outcomes.iter().map(receipt).collect() }
    }

    #[test]
    fn items_leave_only_with_a_positive_receipt() {
        let actions = [Action::OpenStream { stream: STREAM }, Action::CloseStream { stream: STREAM }];
        let accepted = Outcome::Accepted { sequence: 7 };
        let refused = Outcome::Rejected(Rejection::NotAllowed);
        assert_eq!(
            judge_receipts(&actions, &receipts(&[accepted, accepted])),
            Verdict::Done { items: 2, refused: None }
        );
        assert_eq!(
            judge_receipts(&actions, &receipts(&[accepted, refused])),
            Verdict::Done { items: 1, refused: Some(Rejection::NotAllowed.to_string()) }
        );
        assert_eq!(judge_receipts(&actions, &receipts(&[accepted])), Verdict::Later(RelayError::Malformed));
    }

    #[test]
    fn nothing_is_done_without_a_signature() {
        let done = Verdict::Done { items: 2, refused: None };
        assert_eq!(done.clone().receipted(true), done);
        assert_eq!(done.receipted(false), Verdict::Later(RelayError::NoReceipt));
        let refused = Verdict::Done { items: 0, refused: Some(String::new()) };
        assert_eq!(refused.clone().receipted(false), refused, "a refusal takes nothing away");
        let remove = Step::Single(Item::RemoveGrant(GrantId([5; 16])));
        let gone = Err(RelayError::Refused { code: ProblemCode::Gone, sentence: String::new() });
        assert_eq!(judge(&remove, gone, 1).receipted(false), Verdict::Later(RelayError::NoReceipt));
    }

    #[test]
    fn what_ended_while_it_waited_is_settled() {
        let revoke = [Action::RevokeGrant { stream: STREAM, grant: GrantId([5; 16]) }];
        let unknown = receipts(&[Outcome::Rejected(Rejection::GrantUnknown)]);
        assert_eq!(judge_receipts(&revoke, &unknown), Verdict::Done { items: 1, refused: None });
        let remove = Step::Single(Item::RemoveGrant(GrantId([5; 16])));
        let gone = || Err(RelayError::Refused { code: ProblemCode::Gone, sentence: String::new() });
        assert_eq!(judge(&remove, gone(), 1), Verdict::Done { items: 1, refused: None });
        let upload = Step::Upload(Vec::new());
        assert!(matches!(judge(&upload, gone(), 1), Verdict::Done { items: 0, refused: Some(_) }));
        assert_eq!(judge(&upload, Err(RelayError::Offline), 1), Verdict::Later(RelayError::Offline));
    }
}
