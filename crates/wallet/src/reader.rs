//! Reading another's passport: what was granted is fetched, held against the ledger, opened, and kept.

mod kept;

use crate::{
    error::{Distrust, ProofFault, WalletError},
    journal::{Opened, Segment},
    open::{Delivered, StreamKeys},
    passport::terms_view,
    proof::{Proved, expect_to_continue},
    relay::{Auth, RelayError, page_path},
    row,
    store::{Batch, Store, Table},
    transport::Transport,
    view::{SaleHint, TermsView},
    wallet::{Context, Wallet},
};
use carnet_crypto::{
    grant::{OpenedEarlier, OpenedGrant, open_grant, open_link_grant},
    link::{LinkBinding, LinkKeys},
    member::MemberKeys,
    sealing::SealingSecret,
    signature::SigningKey,
};
use carnet_protocol::{
    api::{ProblemCode, body::RecordPage, path},
    encoding,
    grant::{Grant, GrantEnvelope},
    id::{GrantId, StreamId},
    key::VerifyingKey,
    ledger::{Leaf, StreamHead},
    link::LinkFragment,
    sale::SaleOffer,
};
use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

/// A grant that one received, as it lies in the store.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Received {
    /// The envelope.
    pub envelope: GrantEnvelope,
    /// The stream's owner by the ledger.
    pub owner: VerifyingKey,
    /// What was answered.
    pub accepted: Option<bool>,
    /// Whether it was taken back.
    pub revoked: bool,
}

/// One stream as it was read under a grant.
pub(crate) struct Read {
    pub opened: Opened,
    pub segment: Segment,
    pub leaves: Vec<Leaf>,
}

/// What is needed to read under a grant.
pub(crate) struct Reader {
    pub grant: Grant,
    pub keys: StreamKeys,
    pub terms: TermsView,
    /// Signs requests.
    pub sign: SigningKey,
    /// Accepts on the ledger; `None` for a claimed link.
    pub acceptance: Option<SigningKey>,
    /// The keys of earlier owners' passports, the latest first.
    pub earlier: Vec<StreamKeys>,
    /// The code of a sale that is offered to this reader.
    pub sale_code: Option<LinkFragment>,
}

impl Reader {
    fn new(opened: OpenedGrant, sign: SigningKey) -> Self {
        let OpenedGrant { grant, terms, scopes, earlier, acceptance, offer, sale_code, .. } = opened;
        let keys = StreamKeys::granted(grant.stream, scopes);
        let terms = TermsView { sale: sale_hint(&offer, &sale_code), ..terms_view(&grant, &terms, &keys.scopes) };
        Self { grant, keys, terms, sign, acceptance, earlier: earlier_keys(earlier), sale_code }
    }
}

/// The keys of earlier owners' passports.
pub(crate) fn earlier_keys(earlier: Vec<OpenedEarlier>) -> Vec<StreamKeys> {
    earlier.into_iter().map(|one| StreamKeys::granted(one.stream, one.scopes)).collect()
}

/// What a grant has to do with a sale.
pub(crate) fn sale_hint(offer: &Option<SaleOffer>, code: &Option<LinkFragment>) -> SaleHint {
    match (offer, code) {
        (Some(_), _) => SaleHint::Handover,
        (None, Some(_)) => SaleHint::Offered,
        (None, None) => SaleHint::None,
    }
}

/// What a refusal to serve a grant means.
pub(crate) fn ended(error: RelayError) -> WalletError {
    match &error {
        RelayError::Refused { code: ProblemCode::Revoked, .. } => WalletError::AccessRevoked,
        RelayError::Refused {
            code:
                ProblemCode::Gone
                | ProblemCode::UsedUp
                | ProblemCode::NotFound
                | ProblemCode::Forbidden
                | ProblemCode::Unauthenticated,
            ..
        } => WalletError::AccessEnded,
        _ => error.into(),
    }
}

impl<S: Store, T: Transport> Wallet<S, T> {
    /// The keys for a grant in this wallet.
    ///
    /// # Errors
    /// [`WalletError::NotFound`]; [`Distrust::Grant`] when the envelope is not what its owner made for us.
    pub(crate) async fn reader(&self, grant: GrantId) -> Result<Reader, WalletError> {
        let row = self.store.read(Table::Grants, &row::received(grant)).await?.ok_or(WalletError::NotFound)?;
        let received: Received = encoding::decode(&row).map_err(|_| WalletError::Damaged)?;
        self.open_received(&received)
    }

    /// Opens an envelope with whatever key of this wallet it is for.
    pub(crate) fn open_received(&self, received: &Received) -> Result<Reader, WalletError> {
        let untrusted = |_| WalletError::Untrusted { what: Distrust::Grant };
        let keyring = &self.session.unlocked()?.keyring;
        let claimed: Grant = encoding::decode(&received.envelope.grant.body)
            .map_err(|_| WalletError::Untrusted { what: Distrust::Grant })?;
        if let Some(saved) = keyring.saved(claimed.grant) {
            if saved.owner != received.owner {
                return Err(WalletError::Untrusted { what: Distrust::Stream });
            }
            let link = LinkKeys {
                token: saved.token.secret().duplicate(),
                seal: SealingSecret::derive(saved.seal.secret()),
                binding: LinkBinding::from_secret(saved.link, saved.binding.secret()),
            };
            let opened = open_link_grant(&received.envelope, &link).map_err(untrusted)?;
            if opened.owner != saved.owner {
                return Err(WalletError::Untrusted { what: Distrust::Grant });
            }
            return Ok(Reader::new(opened, SigningKey::from_seed(saved.sign.secret())));
        }
        let staff = keyring.staff.as_ref().ok_or(WalletError::NotFound)?;
        let MemberKeys { sign, seal } = MemberKeys::from_seed(staff.seed.secret());
        let opened = open_grant(&received.envelope, &seal, &received.owner).map_err(untrusted)?;
        Ok(Reader::new(opened, sign))
    }

    /// Fetches a granted passport anew and keeps it; where the relay cannot be reached, what was kept is opened.
    pub(crate) async fn fetch_granted<R: CryptoRng>(
        &mut self,
        grant: GrantId,
        cx: &mut Context<'_, R>,
    ) -> Result<(), WalletError> {
        let refreshed = self.refresh_envelope(grant, cx).await;
        let reader = match refreshed {
            Ok(()) | Err(WalletError::Offline | WalletError::Busy { .. }) => self.reader(grant).await?,
            Err(error) => return self.access_ended(grant, error, cx).await,
        };
        if reader.grant.not_after <= cx.now {
            return Err(WalletError::AccessEnded);
        }
        let owner = self.received(grant).await?.owner;
        let auth = Auth::Key(&reader.sign);
        let fetched = self.read_granted(&reader.keys, &reader.earlier, &reader.grant, owner, auth, cx).await;
        match fetched {
            Ok(read) => self.keep_granted(grant, read, reader.terms, cx).await,
            Err(WalletError::Offline | WalletError::Busy { .. }) => self.load_granted(grant, owner, reader).await,
            Err(error) => self.access_ended(grant, error, cx).await,
        }
    }

    pub(crate) async fn received(&self, grant: GrantId) -> Result<Received, WalletError> {
        let row = self.store.read(Table::Grants, &row::received(grant)).await?.ok_or(WalletError::NotFound)?;
        encoding::decode(&row).map_err(|_| WalletError::Damaged)
    }

    /// Fetches the envelope: its owner may have added keys of a further generation, or taken it back.
    pub(crate) async fn refresh_envelope<R: CryptoRng>(
        &mut self,
        grant: GrantId,
        cx: &mut Context<'_, R>,
    ) -> Result<(), WalletError> {
        let keyring = &self.session.unlocked()?.keyring;
        let (sign, owner) = match (keyring.saved(grant), &keyring.staff) {
            (Some(saved), _) => (SigningKey::from_seed(saved.sign.secret()), Some(saved.owner)),
            (None, Some(staff)) => (MemberKeys::from_seed(staff.seed.secret()).sign, None),
            (None, None) => return Err(WalletError::NotFound),
        };
        let path = path::fill(path::GRANT, &[&grant]);
        let envelope = self.relay(cx.now).get::<GrantEnvelope>(&path, Auth::Key(&sign), cx.rng).await;
        if !matches!(envelope, Err(RelayError::Refused { .. })) {
            self.note_connection(envelope.as_ref().map(drop).map_err(Clone::clone))?;
        }
        let envelope = envelope.map_err(ended)?;
        let verified = grant_of(&envelope)?;
        if verified.grant != grant {
            return Err(WalletError::Untrusted { what: Distrust::Grant });
        }
        let before = match self.received(grant).await {
            Ok(received) => Some(received),
            Err(WalletError::NotFound) => None,
            Err(error) => return Err(error),
        };
        if before.as_ref().is_some_and(|received| received.envelope == envelope && !received.revoked) {
            return Ok(());
        }
        if before.as_ref().is_some_and(|received| goes_back(&received.envelope, &verified)) {
            return Err(WalletError::Untrusted { what: Distrust::Grant });
        }
        let owner = match owner.or(before.as_ref().map(|received| received.owner)) {
            Some(owner) => owner,
            None => self.stream_head(verified.stream, cx).await?.owner,
        };
        let received =
            Received { envelope, owner, accepted: before.and_then(|received| received.accepted), revoked: false };
        self.open_received(&received)?;
        let mut batch = Batch::default();
        batch.put(Table::Grants, row::received(grant), encoding::encode(&received));
        Ok(self.store.commit(batch).await?)
    }

    pub(crate) async fn stream_head<R: CryptoRng>(
        &self,
        stream: StreamId,
        cx: &mut Context<'_, R>,
    ) -> Result<StreamHead, WalletError> {
        let path = path::fill(path::STREAM, &[&stream]);
        let head: StreamHead = match self.relay(cx.now).get(&path, Auth::Open, cx.rng).await {
            Err(error) if error.is(ProblemCode::NotFound) => {
                return Err(WalletError::Untrusted { what: Distrust::Stream });
            }
            other => other?,
        };
        if head.stream == stream { Ok(head) } else { Err(WalletError::Untrusted { what: Distrust::Stream }) }
    }

    /// Fetches, checks and opens everything that a grant opens, the passport itself first.
    pub(crate) async fn read_granted<R: CryptoRng>(
        &self,
        keys: &StreamKeys,
        earlier: &[StreamKeys],
        grant: &Grant,
        owner: VerifyingKey,
        auth: Auth<'_>,
        cx: &mut Context<'_, R>,
    ) -> Result<Vec<Read>, WalletError> {
        let mut read = vec![self.read_newest(keys, grant, owner, auth, cx).await?];
        for keys in earlier {
            let one = self.read_earlier(keys, grant, &read[read.len() - 1].opened, auth, cx).await?;
            read.push(one);
        }
        Ok(read)
    }

    async fn read_newest<R: CryptoRng>(
        &self,
        keys: &StreamKeys,
        grant: &Grant,
        owner: VerifyingKey,
        auth: Auth<'_>,
        cx: &mut Context<'_, R>,
    ) -> Result<Read, WalletError> {
        let mut leaves = self.fetch_leaves(keys.stream, None, cx).await?;
        let proved = self.prove(keys.stream, &mut leaves, grant.checkpoint.as_deref(), cx).await?;
        match &proved {
            Some(proved) if proved.verified.head.owner == owner => {}
            Some(_) => return Err(WalletError::Untrusted { what: Distrust::Proof(ProofFault::Owner) }),
            // Not confirmed yet: until then there is the relay's word only, and the reader is told so.
            None => self.check_unproved(keys.stream, owner, &leaves, cx).await?,
        }
        let path = path::fill(path::GRANT_RECORDS, &[&grant.grant]);
        self.read_records(keys, owner, leaves, proved, path, auth, cx).await
    }

    /// An earlier owner's passport, which must be the one that the later one continues, on the ledger's word for both.
    async fn read_earlier<R: CryptoRng>(
        &self,
        keys: &StreamKeys,
        grant: &Grant,
        later: &Opened,
        auth: Auth<'_>,
        cx: &mut Context<'_, R>,
    ) -> Result<Read, WalletError> {
        let mut leaves = self.fetch_leaves(keys.stream, None, cx).await?;
        let proved = self.prove(keys.stream, &mut leaves, grant.checkpoint.as_deref(), cx).await?;
        let untrusted = WalletError::Untrusted { what: Distrust::Chain };
        let owner = match &proved {
            Some(proved) if proved.verified.head.standing.next.is_none_or(|next| next == later.stream) => {
                proved.verified.head.owner
            }
            Some(_) => return Err(untrusted),
            None => {
                let owner = self.stream_head(keys.stream, cx).await?.owner;
                self.check_unproved(keys.stream, owner, &leaves, cx).await?;
                owner
            }
        };
        if later.proof.as_ref().is_some_and(|proof| proof.verified.head.standing.previous != Some(keys.stream)) {
            return Err(untrusted);
        }
        let path = path::fill(path::EARLIER_RECORDS, &[&grant.grant, &keys.stream]);
        self.read_records(keys, owner, leaves, proved, path, auth, cx).await
    }

    /// Fetches and opens the records of a stream, held against its leaves.
    #[expect(clippy::too_many_arguments, reason = "what was checked of a stream, and the way to its records")]
    async fn read_records<R: CryptoRng>(
        &self,
        keys: &StreamKeys,
        owner: VerifyingKey,
        leaves: Vec<Leaf>,
        proved: Option<Proved>,
        records: String,
        auth: Auth<'_>,
        cx: &mut Context<'_, R>,
    ) -> Result<Read, WalletError> {
        let count = leaves.len() as u64;
        let leaves: Vec<Leaf> = leaves.into_iter().filter(|leaf| keys.names(leaf) || leaf.quarantined).collect();
        let mut opened = Opened::new(keys.stream, owner);
        opened.scopes = keys.ranges();
        opened.add_leaves(leaves.clone());
        (opened.next_leaf, opened.proof) = (count, proved);
        let (mut segment, mut opener, mut after) = (Segment::default(), keys.opener(), None);
        let mut delivered = HashSet::new();
        loop {
            let path = page_path(records.clone(), after);
            let page: RecordPage = self.relay(cx.now).get(&path, auth, cx.rng).await.map_err(ended)?;
            if !page.records.iter().all(|stored| delivered.insert(stored.header.record)) {
                return Err(WalletError::Untrusted { what: Distrust::Record });
            }
            let with_leaves = page.records.into_iter().map(|stored| {
                let leaf = opened.leaves.get(&stored.header.record);
                (stored, leaf)
            });
            let standing = with_leaves.filter(|(stored, leaf)| match leaf {
                Some(leaf) => !leaf.withdrawn,
                // Of a source nothing counts before it is committed: until then anyone could have put it there.
                None => stored.header.source == owner || stored.header.stream != keys.stream,
            });
            for delivered in opener.open_page(standing.collect())? {
                if let Delivered::Opened(entry) = delivered {
                    segment.records.push(*entry);
                }
            }
            match page.next {
                Some(next) if after.is_none_or(|after| next > after) => after = Some(next),
                Some(_) => return Err(WalletError::Untrusted { what: Distrust::Malformed }),
                None => break,
            }
        }
        Ok(Read { opened, segment, leaves })
    }

    /// What can be held against the relay's own word for a stream that no checkpoint knows yet.
    async fn check_unproved<R: CryptoRng>(
        &self,
        stream: StreamId,
        owner: VerifyingKey,
        leaves: &[Leaf],
        cx: &mut Context<'_, R>,
    ) -> Result<(), WalletError> {
        let head = self.stream_head(stream, cx).await?;
        expect_to_continue(&[], leaves)?;
        if head.owner == owner && leaves.len() as u64 >= head.leaves {
            Ok(())
        } else {
            Err(WalletError::Untrusted { what: Distrust::Stream })
        }
    }
}

/// Whether a grant has older keys than the one before it, or ends earlier: its owner only ever adds generations and moves
/// the end ahead.
pub(crate) fn goes_back(before: &GrantEnvelope, grant: &Grant) -> bool {
    let Ok(before) = encoding::decode::<Grant>(&before.grant.body) else { return false };
    let newest = |grant: &Grant, label| {
        grant.scopes.iter().filter(|scope| scope.label == label).map(|scope| scope.generation).max()
    };
    grant.not_after < before.not_after
        || before.scopes.iter().any(|scope| newest(grant, scope.label) < newest(&before, scope.label))
}

/// The signed part of a grant, verified.
pub(crate) fn grant_of(envelope: &GrantEnvelope) -> Result<Grant, WalletError> {
    carnet_crypto::grant::verify_grant(envelope).map_err(|_| WalletError::Untrusted { what: Distrust::Grant })
}
