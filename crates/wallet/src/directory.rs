//! The consortium's members, taken only from transactions that the pinned ledger's authority signed.

use crate::{
    command::Answer,
    error::{Distrust, ProofFault, WalletError},
    keyring::{Holder, Keyring},
    relay::Auth,
    row,
    store::{Batch, Store, Table},
    transport::Transport,
    view::{MemberView, SourceName, fingerprint},
    wallet::{Context, Wallet},
};
use carnet_crypto::{hash::digest, signature};
use carnet_passport::OpenedRecord;
use carnet_protocol::{
    api::path,
    domain::Domain,
    encoding,
    id::StreamId,
    key::VerifyingKey,
    ledger::{Action, MemberDirectory},
    member::{GenesisHash, Member},
    payload::{Origin, OriginKind},
};
use rand_core::CryptoRng;

/// Verified members.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Members {
    members: Vec<Member>,
    /// Who writes one's own car, where that is what is looked at.
    household: Option<Household>,
}

/// Who writes a car that this wallet holds: for its holders it is no matter of indifference which of them typed something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Household {
    stream: StreamId,
    own: VerifyingKey,
    /// Whether something can be written to it now.
    writable: bool,
    /// Those that the owner has invited, by the owner's words for them.
    names: Vec<(VerifyingKey, String)>,
}

impl Household {
    /// Of a car of this wallet. Only the owner's wallet has names.
    ///
    /// # Errors
    /// [`WalletError::NotFound`].
    pub fn of(keyring: &Keyring, stream: StreamId) -> Result<Self, WalletError> {
        let (keys, writable) = (keyring.vehicle(stream)?, keyring.writable(stream).is_ok());
        let named = |holder: &Holder| Some((holder.joined?.sign, holder.name.clone()));
        let names = keys.holders.iter().filter_map(named).collect();
        Ok(Self { stream, own: keys.signing_key().verifying_key(), writable, names })
    }

    /// Who of its holders wrote a record; `None` for one of an earlier owner.
    fn source(&self, record: &OpenedRecord) -> Option<SourceName> {
        let origin = origin(record);
        if record.payload.stream != self.stream {
            return None;
        }
        if record.source == self.own {
            return Some(SourceName::Own(origin));
        }
        let name = self.names.iter().find(|(sign, _)| *sign == record.source).map(|(_, name)| name.clone());
        Some(SourceName::Holder { name, origin })
    }
}

/// Where an owner's record comes from. One that was typed into the app elsewhere came here in a Carnet export: who brought
/// it has not typed it.
fn origin(record: &OpenedRecord) -> OriginKind {
    match record.payload.origin {
        Origin { kind: OriginKind::Manual, import: Some(_) } => OriginKind::CarnetExport,
        Origin { kind, .. } => kind,
    }
}

impl Members {
    /// Verifies a directory against the ledger's pin.
    ///
    /// # Errors
    /// [`Distrust::Directory`].
    pub fn verify(directory: &MemberDirectory, pin: &GenesisHash) -> Result<Self, WalletError> {
        let untrusted = || WalletError::Untrusted { what: Distrust::Directory };
        if digest(Domain::HASH_TRANSACTION, &encoding::encode(&directory.genesis)) != *pin {
            return Err(untrusted());
        }
        let genesis = signature::verify(&directory.genesis).map_err(|_| untrusted())?;
        if genesis.ledger.is_some() || !matches!(genesis.action, Action::Genesis { .. }) {
            return Err(untrusted());
        }
        let authority = directory.genesis.key;
        let mut members = Vec::with_capacity(directory.admissions.len());
        for admission in &directory.admissions {
            let transaction = signature::verify_by(admission, &authority).map_err(|_| untrusted())?;
            match transaction.action {
                Action::AdmitMember(member) if transaction.ledger == Some(*pin) => members.push(member),
                _ => return Err(untrusted()),
            }
        }
        Ok(Self { members, household: None })
    }

    /// The same, for looking at a car that this wallet holds.
    pub fn within(self, household: Household) -> Self {
        Self { household: Some(household), ..self }
    }

    /// Whether it is no car of this wallet, or one to which something can be written.
    pub fn may_write(&self) -> bool {
        self.household.as_ref().is_none_or(|household| household.writable)
    }

    /// The member with this key.
    pub fn find(&self, key: &VerifyingKey) -> Option<&Member> {
        self.members.iter().find(|member| member.sign == *key)
    }

    /// Who wrote a record.
    pub fn source(&self, record: &OpenedRecord) -> SourceName {
        if record.owner_made {
            let holder = self.household.as_ref().and_then(|household| household.source(record));
            return holder.unwrap_or(SourceName::Owner(origin(record)));
        }
        match self.find(&record.source) {
            Some(member) => SourceName::Member { name: member.name.clone(), class: member.class },
            None => SourceName::Unknown,
        }
    }

    /// Who a member's key is.
    pub fn name_of(&self, key: &VerifyingKey) -> SourceName {
        match self.find(key) {
            Some(member) => SourceName::Member { name: member.name.clone(), class: member.class },
            None => SourceName::Unknown,
        }
    }

    /// Notes the class of each record's source. What a member wrote is no owner's, whatever index its class has.
    pub fn classify<'r>(&self, records: impl Iterator<Item = &'r mut OpenedRecord>, owner: &VerifyingKey) {
        for record in records.filter(|record| record.source != *owner) {
            record.source_class = self.find(&record.source).map(|member| member.class);
            record.owner_made &= record.source_class.is_none();
        }
    }
}

/// The directory as served is the newest; nobody can be made up in it, for the authority has signed each admission.
/// Nobody is left out either when it has all that are in the one that a checkpoint commits to.
///
/// # Errors
/// [`ProofFault::Directory`].
pub(crate) fn expect_nobody_left_out(
    served: &MemberDirectory,
    proved: Option<&MemberDirectory>,
) -> Result<(), WalletError> {
    let goes_on = |proved: &MemberDirectory| {
        served.genesis == proved.genesis && proved.admissions.iter().all(|one| served.admissions.contains(one))
    };
    if proved.is_none_or(goes_on) {
        Ok(())
    } else {
        Err(WalletError::Untrusted { what: Distrust::Proof(ProofFault::Directory) })
    }
}

pub(crate) fn member_view(member: &Member) -> MemberView {
    MemberView { fingerprint: fingerprint(&member.sign), member: member.clone() }
}

impl<S: Store, T: Transport> Wallet<S, T> {
    pub(crate) async fn members<R: CryptoRng>(&mut self, cx: &mut Context<'_, R>) -> Result<Answer, WalletError> {
        self.session.unlocked()?;
        match self.fetch_directory(cx).await {
            Ok(()) | Err(WalletError::Offline | WalletError::Busy { .. }) => {}
            Err(error) => return Err(error),
        }
        Ok(Answer::Members(self.directory().await?.members.iter().map(member_view).collect()))
    }

    /// Fetches and verifies the directory, and keeps it for when the relay cannot be reached.
    pub(crate) async fn fetch_directory<R: CryptoRng>(&mut self, cx: &mut Context<'_, R>) -> Result<(), WalletError> {
        if self.session.unlocked()?.keyring.ledger.is_none() {
            self.meet(cx).await?;
        }
        let Some(pin) = self.session.unlocked()?.keyring.ledger else { return Ok(()) };
        let proved = self.prove_directory(None, cx).await?;
        let directory = self.relay(cx.now).get::<MemberDirectory>(path::MEMBERS, Auth::Open, cx.rng).await;
        let directory = self.note_connection(directory)?;
        Members::verify(&directory, &pin)?;
        expect_nobody_left_out(&directory, proved.as_ref().map(|(proof, _)| &proof.directory))?;
        let row = encoding::encode(&directory);
        if self.store.read(Table::Wallet, row::DIRECTORY).await?.as_ref() != Some(&row) {
            let mut batch = Batch::default();
            batch.put(Table::Wallet, row::DIRECTORY, row);
            self.store.commit(batch).await?;
        }
        Ok(())
    }

    /// Who admits members to the pinned ledger.
    ///
    /// # Errors
    /// [`WalletError::Offline`] before the first contact.
    pub(crate) async fn authority(&self) -> Result<VerifyingKey, WalletError> {
        let row = self.store.read(Table::Wallet, row::DIRECTORY).await?.ok_or(WalletError::Offline)?;
        let directory: MemberDirectory = encoding::decode(&row).map_err(|_| WalletError::Damaged)?;
        Ok(directory.genesis.key)
    }

    /// The members as last fetched; empty before the first contact.
    pub(crate) async fn directory(&self) -> Result<Members, WalletError> {
        let Some(pin) = self.session.unlocked()?.keyring.ledger else { return Ok(Members::default()) };
        let Some(row) = self.store.read(Table::Wallet, row::DIRECTORY).await? else { return Ok(Members::default()) };
        let directory: MemberDirectory = encoding::decode(&row).map_err(|_| WalletError::Damaged)?;
        Members::verify(&directory, &pin).map_err(|_| WalletError::Damaged)
    }
}
