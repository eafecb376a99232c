//! Holding what the relay serves against the consortium's ledger: one checkpoint with its quorum, one proof for the
//! passport's head, and the root over all leaves. What was checked is kept, to be shown without a connection and to be
//! handed to others.
//!
//! The last checkpoint seen is kept with strict durability and goes into the keyring with its next version; each new
//! one must continue it. Two that cannot both be true are kept as evidence, and from then on nothing is sent.

use crate::{
    command::{Answer, FileData, Subject},
    error::{Distrust, ProofFault, WalletError},
    journal::Opened,
    marks::mark,
    relay::{Auth, RelayError},
    row::{self, Space},
    store::{Batch, Store, Table},
    transport::Transport,
    view::{CosignedView, ProofState, ProofView, TrustView},
    wallet::{Context, Wallet},
};
use carnet_proofs::{Evidence, Finding, Freshness, Leaves, Policy, Verified, Verifier, Witnessed, bundle, verifier};
use carnet_protocol::{
    api::{ProblemCode, path},
    day::Timestamp,
    encoding,
    id::{RecordId, StreamId},
    ledger::Leaf,
    proof::{
        Bundle, CheckpointRequest, ConsistencyProof, ConsistencyRequest, DirectoryProof, ProofRequest, StreamProof,
    },
};
use rand_core::CryptoRng;
use std::{collections::HashSet, sync::PoisonError};

/// A passport's proof, as checked last.
#[derive(Clone)]
pub(crate) struct Proved {
    /// What was found.
    pub verified: Verified,
    /// The same for others to check.
    pub bundle: Bundle,
}

impl From<Finding> for WalletError {
    fn from(finding: Finding) -> Self {
        WalletError::Untrusted { what: Distrust::Proof(ProofFault::from(&finding)) }
    }
}

impl Proved {
    /// Reads a kept one; `None` where it does not hold by this policy, as when the app came with a new one.
    fn read(row: &[u8], policy: &Policy) -> Option<Self> {
        let bundle = bundle::parse(row).ok()?;
        let verified = bundle::verify(&bundle, Some(policy)).ok()?;
        Some(Self { verified, bundle })
    }

    /// How far it proves a passport of so many leaves.
    pub fn view(&self, leaves: u64) -> ProofView {
        let records = self.verified.head.records.count;
        ProofView {
            state: ProofState::Proved,
            checked_at: Some(self.bundle.made_at),
            size: self.verified.witnessed.checkpoint.log.count,
            cosigned: cosigned(&self.verified.witnessed),
            records,
            newer: leaves.saturating_sub(records),
        }
    }
}

impl<S: Store, T: Transport> Wallet<S, T> {
    /// The last checkpoint seen, with the row it is kept in.
    pub(crate) async fn seen(&self) -> Result<Option<Witnessed>, WalletError> {
        let Some(row) = self.store.read(Table::Wallet, row::CHECKPOINT).await? else { return Ok(None) };
        let note = String::from_utf8(row).map_err(|_| WalletError::Damaged)?;
        let mut checked = self.checked.lock().unwrap_or_else(PoisonError::into_inner);
        if checked.as_ref().is_none_or(|checked| checked.note != note) {
            // One that the policy of a new version no longer trusts cannot be compared with.
            *checked = self.policy.witness(&note, Freshness::Any).ok();
        }
        Ok(checked.clone())
    }

    /// The note of the last checkpoint seen, for grants and the keyring to carry.
    pub(crate) async fn seen_note(&self) -> Result<Option<String>, WalletError> {
        Ok(self.seen().await?.map(|seen| self.policy.known(&seen)))
    }

    /// Keeps a checkpoint that continues the one before it.
    async fn keep_checkpoint(&self, seen: Option<&Witnessed>, newer: &Witnessed) -> Result<(), WalletError> {
        if seen.is_some_and(|seen| seen.checkpoint.log.count >= newer.checkpoint.log.count) {
            return Ok(());
        }
        // Only a wallet remembers; whoever opens a link without one leaves nothing behind.
        if self.session.unlocked().is_err() {
            return Ok(());
        }
        let mut batch = Batch::default();
        if let Some(seen) = seen {
            // Another tab that saw a newer one meanwhile must not be set back.
            batch.expect(Table::Wallet, row::CHECKPOINT, Some(seen.note.clone().into_bytes()));
        }
        batch.put(Table::Wallet, row::CHECKPOINT, newer.note.clone().into_bytes());
        Ok(self.store.commit(batch).await?)
    }

    /// Takes over the last checkpoint that another of the owner's devices saw, where it is newer and of one history
    /// with this device's.
    pub(crate) async fn adopt_checkpoint<R: CryptoRng>(
        &self,
        note: Option<String>,
        cx: &mut Context<'_, R>,
    ) -> Result<(), WalletError> {
        let theirs = note.and_then(|note| self.policy.witness(&note, Freshness::Any).ok());
        let Some(theirs) = theirs else { return Ok(()) };
        let seen = self.seen().await?;
        if let Some(ours) = &seen {
            self.compare(&theirs, ours, cx).await?;
        }
        self.keep_checkpoint(seen.as_ref(), &theirs).await
    }

    /// Keeps the evidence that a finding brings, and gives the error to show.
    async fn note_finding(&self, finding: Finding) -> WalletError {
        if let Some(evidence) = finding.evidence()
            && self.session.unlocked().is_ok()
        {
            let mut batch = Batch::default();
            batch.put(Table::Wallet, row::EVIDENCE, evidence.export().0);
            if let Err(error) = self.store.commit(batch).await {
                return error.into();
            }
        }
        finding.into()
    }

    /// Refuses where two checkpoints clash: to such a ledger nothing is written.
    ///
    /// # Errors
    /// [`ProofFault::Fork`], whichever of the kinds it was.
    pub(crate) async fn expect_no_evidence(&self) -> Result<(), WalletError> {
        match self.store.read(Table::Wallet, row::EVIDENCE).await? {
            None => Ok(()),
            Some(_) => Err(WalletError::Untrusted { what: Distrust::Proof(ProofFault::Fork) }),
        }
    }

    fn verifier<'a>(&'a self, seen: Option<&'a Witnessed>, now: Timestamp) -> Verifier<'a> {
        let ledger = self.session.unlocked().ok().and_then(|unlocked| unlocked.keyring.ledger);
        Verifier { policy: &self.policy, ledger, seen, freshness: Freshness::At(now) }
    }

    /// Proves a stream by the ledger's newest checkpoint, and that these are all its leaves; marks those that are
    /// withdrawn. `owners` is the checkpoint that came with a grant. `None` where the consortium has not confirmed the
    /// stream yet.
    ///
    /// # Errors
    /// [`Distrust::Proof`], before any key was used on what the relay delivered.
    pub(crate) async fn prove<R: CryptoRng>(
        &self,
        stream: StreamId,
        leaves: &mut [Leaf],
        owners: Option<&str>,
        cx: &mut Context<'_, R>,
    ) -> Result<Option<Proved>, WalletError> {
        let (seen, owners) = (self.seen().await?, self.owners(owners)?);
        let request = ProofRequest { stream, seen: seen.as_ref().map(|seen| seen.checkpoint.log.count) };
        let proof: StreamProof = match self.relay(cx.now).post(path::STREAM_PROOF, Auth::Open, &request, cx.rng).await {
            Err(error) if is_unconfirmed(&error) => return no_checkpoint(seen.as_ref().or(owners.as_ref()), error),
            other => other?,
        };
        let check = self.verifier(seen.as_ref(), cx.now);
        let verified = match check.head(&stream, &proof) {
            // Opened after the checkpoint was made, unless its owner has seen a later one.
            Err(Finding::UnknownStream) => {
                let witnessed = self.policy.witness(&proof.checkpoint, Freshness::At(cx.now))?;
                self.compare_with_owner(owners.as_ref(), &witnessed, cx).await?;
                return Ok(None);
            }
            Err(finding) => return Err(self.note_finding(finding).await),
            Ok(verified) => verified,
        };
        self.compare_with_owner(owners.as_ref(), &verified.witnessed, cx).await?;
        let (proved, newer) = verifier::split(&verified.head, leaves);
        check.stream(&stream, &proof, Leaves::Whole(proved))?;
        expect_to_continue(proved, newer)?;
        let bundle = bundle::make(&self.policy, &verified, &proof, proved, cx.now);
        self.keep_checkpoint(seen.as_ref(), &verified.witnessed).await?;
        // A mark on a leaf is the relay's word; only what the checkpoint proves counts.
        for leaf in leaves.iter_mut().take_while(|leaf| leaf.index < verified.head.records.count) {
            leaf.withdrawn = verified.withdrawn.contains(&leaf.index);
        }
        Ok(Some(Proved { verified, bundle }))
    }

    /// The checkpoint that came with a grant.
    fn owners(&self, note: Option<&str>) -> Result<Option<Witnessed>, WalletError> {
        match note.map(|note| self.policy.witness(note, Freshness::Any)).transpose() {
            // The owner's app trusts another log or other members; there is nothing to compare.
            Err(Finding::UnknownLog { .. } | Finding::NoQuorum { .. }) => Ok(None),
            other => Ok(other?),
        }
    }

    /// Holds the checkpoint that came with a grant against the newest: two readers who meet find out when the ledger
    /// shows them different histories. Nor may the newest be older than what the owner had when the grant was made:
    /// someone who reads for the first time could be shown the passport as it was before.
    async fn compare_with_owner<R: CryptoRng>(
        &self,
        owners: Option<&Witnessed>,
        ours: &Witnessed,
        cx: &mut Context<'_, R>,
    ) -> Result<(), WalletError> {
        let Some(owners) = owners else { return Ok(()) };
        self.compare(owners, ours, cx).await?;
        if owners.checkpoint.log.count <= ours.checkpoint.log.count {
            return Ok(());
        }
        let evidence = Evidence { seen: owners.note.clone(), served: ours.note.clone(), consistency: Vec::new() };
        Err(self.note_finding(Finding::Rollback(Box::new(evidence))).await)
    }

    /// Asks what joins two checkpoints, and checks it.
    async fn compare<R: CryptoRng>(
        &self,
        one: &Witnessed,
        two: &Witnessed,
        cx: &mut Context<'_, R>,
    ) -> Result<(), WalletError> {
        let in_order = one.checkpoint.log.count <= two.checkpoint.log.count;
        let (older, newer) = if in_order { (one, two) } else { (two, one) };
        let (from, to) = (older.checkpoint.log.count, newer.checkpoint.log.count);
        let hashes = if from == to {
            Vec::new()
        } else {
            let request = ConsistencyRequest { from, to };
            let answer: Result<ConsistencyProof, RelayError> =
                self.relay(cx.now).post(path::CONSISTENCY_PROOF, Auth::Open, &request, cx.rng).await;
            match answer {
                // A relay that cannot join the two has no proof to give.
                Err(RelayError::Refused { .. }) => Vec::new(),
                other => other?.hashes,
            }
        };
        match verifier::compare(older, newer, &hashes) {
            Ok(()) => Ok(()),
            Err(finding) => Err(self.note_finding(finding).await),
        }
    }

    /// The directory of members as a checkpoint commits to it, so that nobody is left out of it; `owners` as in
    /// [`Self::prove`]. `None` before the first checkpoint.
    ///
    /// # Errors
    /// [`Distrust::Proof`].
    pub(crate) async fn prove_directory<R: CryptoRng>(
        &self,
        owners: Option<&str>,
        cx: &mut Context<'_, R>,
    ) -> Result<Option<(DirectoryProof, Witnessed)>, WalletError> {
        let (seen, owners) = (self.seen().await?, self.owners(owners)?);
        let request = CheckpointRequest { seen: seen.as_ref().map(|seen| seen.checkpoint.log.count) };
        let answer = self.relay(cx.now).post(path::DIRECTORY_PROOF, Auth::Open, &request, cx.rng).await;
        let proof: DirectoryProof = match answer {
            Err(error) if is_unconfirmed(&error) => return no_checkpoint(seen.as_ref().or(owners.as_ref()), error),
            other => other?,
        };
        match self.verifier(seen.as_ref(), cx.now).directory(&proof) {
            Err(finding) => Err(self.note_finding(finding).await),
            Ok(witnessed) => {
                self.compare_with_owner(owners.as_ref(), &witnessed, cx).await?;
                self.keep_checkpoint(seen.as_ref(), &witnessed).await?;
                Ok(Some((proof, witnessed)))
            }
        }
    }

    /// Why no quorum has confirmed the directory: there is none yet, or no log to confirm it by.
    pub(crate) async fn why_unconfirmed<R: CryptoRng>(&self, cx: &mut Context<'_, R>) -> WalletError {
        let request = CheckpointRequest { seen: None };
        match self.relay(cx.now).post::<_, DirectoryProof>(path::DIRECTORY_PROOF, Auth::Open, &request, cx.rng).await {
            Ok(_) => WalletError::Busy { retry_after_s: 1 },
            Err(error) if error.is(ProblemCode::NotFound) => {
                WalletError::Untrusted { what: Distrust::Proof(ProofFault::Quorum) }
            }
            Err(error) => error.into(),
        }
    }

    /// The proof of a passport as kept in the store.
    pub(crate) async fn kept_proof(&self, space: Space) -> Result<Option<Proved>, WalletError> {
        let row = self.store.read(Table::Wallet, &space.proof()).await?;
        mark("read proof");
        let proved = row.and_then(|row| Proved::read(&row, &self.policy));
        mark("check proof");
        Ok(proved)
    }

    /// The proof bundle of a passport, as a file for whoever wants to check it without this relay.
    pub(crate) async fn proof_bundle<R: CryptoRng>(
        &mut self,
        subject: &Subject,
        cx: &mut Context<'_, R>,
    ) -> Result<Answer, WalletError> {
        let opened = self.subject(subject, cx).await?;
        let proved = opened.proof.as_ref().ok_or(WalletError::NotFound)?;
        Ok(Answer::File(FileData {
            name: "passport.carnet-proof".into(),
            media_type: "application/octet-stream".into(),
            bytes: encoding::encode(&proved.bundle),
        }))
    }

    /// How the wallet stands to the ledger.
    pub(crate) async fn trust(&self) -> Result<Answer, WalletError> {
        let evidence = self.store.read(Table::Wallet, row::EVIDENCE).await?;
        let seen = self.seen().await?;
        Ok(Answer::Trust(TrustView {
            contradiction: evidence.is_some(),
            seen: seen.as_ref().map(|seen| seen.checkpoint.log.count),
            cosigned: seen.as_ref().map(cosigned).unwrap_or_default(),
            needed: count(self.policy.needed()),
            cosigners: self.policy.cosigners().iter().map(|cosigner| cosigner.name.clone()).collect(),
            receipts: !self.all_acknowledgements().await?.receipts.is_empty(),
        }))
    }

    /// The two checkpoints that clash, as a file for the consortium.
    pub(crate) async fn contradiction(&self) -> Result<Answer, WalletError> {
        let bytes = self.store.read(Table::Wallet, row::EVIDENCE).await?.ok_or(WalletError::NotFound)?;
        encoding::decode::<Evidence>(&bytes).map_err(|_| WalletError::Damaged)?;
        let media_type = "application/octet-stream".into();
        Ok(Answer::File(FileData { name: "contradiction.carnet-evidence".into(), media_type, bytes }))
    }

    /// Forgets the evidence and the checkpoints that clash, after the consortium has explained itself. Asks for the
    /// passphrase: whoever finds the wallet open must not make it trust a forked ledger.
    pub(crate) async fn start_trust_anew(&mut self) -> Result<Answer, WalletError> {
        let mut batch = Batch::default();
        batch.delete(Table::Wallet, row::EVIDENCE).delete(Table::Wallet, row::CHECKPOINT);
        self.store.commit(batch).await?;
        self.trust().await
    }
}

impl Opened {
    /// How far what is shown is proved.
    pub fn proof_view(&self) -> ProofView {
        let pending = || ProofView {
            state: ProofState::Pending,
            checked_at: None,
            size: 0,
            cosigned: Vec::new(),
            records: 0,
            newer: self.next_leaf,
        };
        self.proof.as_ref().map_or_else(pending, |proved| proved.view(self.next_leaf))
    }
}

/// Whether the relay says that it has no log, or no checkpoint with a quorum in it yet.
fn is_unconfirmed(error: &RelayError) -> bool {
    error.is(ProblemCode::NotFound) || matches!(error, RelayError::Busy { .. })
}

/// Leaves that are newer than the proof go on where it ends, and speak of no record that it knows: one told again could
/// hide what is proved.
///
/// # Errors
/// The [`Finding`].
pub(crate) fn expect_to_continue(proved: &[Leaf], newer: &[Leaf]) -> Result<(), Finding> {
    if newer.is_empty() {
        return Ok(());
    }
    let mut known: HashSet<RecordId> = proved.iter().map(|leaf| leaf.entry.record).collect();
    for (index, leaf) in (proved.len() as u64..).zip(newer) {
        if !known.insert(leaf.entry.record) {
            return Err(Finding::LeafDuplicated { index: leaf.index });
        }
        if leaf.index != index {
            return Err(Finding::LeavesReordered { index });
        }
    }
    Ok(())
}

/// Nothing is confirmed yet, unless this wallet, or the owner who shared, has seen a checkpoint before.
fn no_checkpoint<A>(seen: Option<&Witnessed>, error: RelayError) -> Result<Option<A>, WalletError> {
    match (seen, error) {
        (None, _) => Ok(None),
        (Some(_), RelayError::Busy { retry_after_s }) => Err(WalletError::Busy { retry_after_s }),
        (Some(_), _) => Err(WalletError::Untrusted { what: Distrust::Proof(ProofFault::Quorum) }),
    }
}

fn cosigned(witnessed: &Witnessed) -> Vec<CosignedView> {
    witnessed.cosigned.iter().map(|one| CosignedView { by: one.by.clone(), at: one.at }).collect()
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
