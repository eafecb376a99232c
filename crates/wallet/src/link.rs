//! Share links from the reader's side: opening one without a wallet, taking it over into one.

use crate::{
    command::Answer,
    directory::{Members, expect_nobody_left_out},
    error::{Distrust, WalletError},
    journal::Opened,
    keyring::{SavedPassport, Seed},
    open::StreamKeys,
    outbox::{self, Item},
    passport::terms_view,
    reader::{Read, Received, earlier_keys, grant_of, sale_hint},
    relay::{Auth, RelayError},
    row::{self, Space},
    store::{Batch, Store, Table},
    transport::{Method, Transport},
    view::{LinkView, SavedView, TermsView},
    wallet::{Context, Wallet},
};
use carnet_crypto::{
    grant::{OpenedGrant, open_link_grant},
    link::{LinkKeys, derive_link},
    secret::Secret,
    signature::SigningKey,
};
use carnet_protocol::{
    Blob,
    api::{
        ProblemCode,
        body::{LinkNotice, LinkOpen, LinkOpened, RelayInfo},
        path,
    },
    day::Timestamp,
    encoding,
    grant::GrantEnvelope,
    id::{GrantId, LinkId},
    key::VerifyingKey,
    ledger::MemberDirectory,
    link::LinkFragment,
    sale::SaleOffer,
};
use rand_core::CryptoRng;

/// A link that is open in this tab. Its keys live here and nowhere else, until it is claimed.
pub(crate) struct OpenLink {
    link: LinkId,
    keys: LinkKeys,
    envelope: GrantEnvelope,
    owner: VerifyingKey,
    pub view_token: Secret<32>,
    pub terms: TermsView,
    pub stream: StreamKeys,
    pub members: Members,
    /// The keys of earlier owners' passports, the latest first.
    pub earlier: Vec<StreamKeys>,
    /// The offer, where the link is a seller's code, with the key that accepts it.
    pub offer: Option<(SaleOffer, SigningKey)>,
    pub opened: Option<Opened>,
}

impl OpenLink {
    /// The grant behind it.
    pub fn grant(&self) -> GrantId {
        self.terms.grant
    }

    /// Who shared it: the stream's owner.
    pub fn owner(&self) -> VerifyingKey {
        self.owner
    }

    /// Its keys as a wallet keeps them.
    pub fn to_saved(&self, handed_over: bool, now: Timestamp, rng: &mut impl CryptoRng) -> SavedPassport {
        SavedPassport {
            grant: self.grant(),
            stream: self.stream.stream,
            owner: self.owner,
            link: self.link,
            token: Seed::from(self.keys.token.duplicate()),
            seal: Seed::from(self.keys.seal.material().duplicate()),
            binding: Seed::from(self.keys.binding.secret().duplicate()),
            sign: Seed::generate(rng),
            claimed_at: now,
            handed_over,
        }
    }

    /// Its grant as a wallet keeps it.
    pub fn to_received(&self) -> Received {
        Received { envelope: self.envelope.clone(), owner: self.owner, accepted: Some(true), revoked: false }
    }
}

impl<S: Store, T: Transport> Wallet<S, T> {
    pub(crate) async fn open_link<R: CryptoRng>(
        &mut self,
        fragment: &str,
        pin: Option<&str>,
        cx: &mut Context<'_, R>,
    ) -> Result<Answer, WalletError> {
        let fragment = LinkFragment::parse(fragment).map_err(|_| WalletError::LinkMangled)?;
        let notice = self.link_notice(fragment.link, cx).await?;
        let notice: LinkNotice =
            encoding::decode(&notice).map_err(|_| WalletError::Untrusted { what: Distrust::Malformed })?;
        let tries_left = notice.tries_left;
        let pin = match (notice.pin, pin) {
            (None, _) => None,
            (Some(cost), Some(pin)) => Some((pin, cost)),
            (Some(_), None) => return Ok(Answer::Link(LinkView::PinNeeded { wrong: false, tries_left })),
        };
        let keys = derive_link(&fragment, pin)?;
        let path = path::fill(path::LINK_OPEN, &[&fragment.link]);
        let body = LinkOpen { token: Blob(keys.token.expose().to_vec()) };
        let answer: Result<LinkOpened, RelayError> = self.relay(cx.now).post(&path, Auth::Open, &body, cx.rng).await;
        let answer = match answer {
            Err(error) if error.is(ProblemCode::WrongToken) && pin.is_some() => {
                let tries_left = tries_left.saturating_sub(1);
                return Ok(Answer::Link(LinkView::PinNeeded { wrong: true, tries_left }));
            }
            other => other.map_err(refused)?,
        };
        let link = self.accept_link(fragment.link, keys, answer, cx).await?;
        let terms = link.terms.clone();
        self.open_link = Some(Box::new(link));
        Ok(Answer::Link(LinkView::Opened(terms)))
    }

    /// What the relay says of a link before it is opened, as it came; this uses nothing up.
    async fn link_notice<R: CryptoRng>(&self, link: LinkId, cx: &mut Context<'_, R>) -> Result<Vec<u8>, WalletError> {
        let path = path::fill(path::LINK_NOTICE, &[&link]);
        self.relay(cx.now).send(Method::Post, &path, Auth::Open, None, cx.rng).await.map_err(refused)
    }

    /// Checks what a link opened to: the sharer's grant, on a stream that the ledger gives to the same key.
    async fn accept_link<R: CryptoRng>(
        &self,
        link: LinkId,
        keys: LinkKeys,
        answer: LinkOpened,
        cx: &mut Context<'_, R>,
    ) -> Result<OpenLink, WalletError> {
        let malformed = WalletError::Untrusted { what: Distrust::Malformed };
        let opened =
            open_link_grant(&answer.envelope, &keys).map_err(|_| WalletError::Untrusted { what: Distrust::Grant })?;
        let OpenedGrant { grant, owner, terms, scopes, earlier, acceptance, offer, sale_code } = opened;
        if grant.not_after <= cx.now {
            return Err(WalletError::LinkEnded);
        }
        let members = self.members_of_ledger(grant.checkpoint.as_deref(), cx).await?;
        let stream = StreamKeys::granted(grant.stream, scopes);
        Ok(OpenLink {
            link,
            keys,
            terms: TermsView { sale: sale_hint(&offer, &sale_code), ..terms_view(&grant, &terms, &stream.scopes) },
            envelope: answer.envelope,
            owner,
            view_token: Secret::from_slice(&answer.view_token).map_err(|_| malformed)?,
            stream,
            members,
            earlier: earlier_keys(earlier),
            offer: offer.zip(acceptance),
            opened: None,
        })
    }

    /// The members of the relay's ledger, which must be the pinned one where there is a wallet.
    async fn members_of_ledger<R: CryptoRng>(
        &self,
        owners: Option<&str>,
        cx: &mut Context<'_, R>,
    ) -> Result<Members, WalletError> {
        let proved = self.prove_directory(owners, cx).await?;
        let info: RelayInfo = self.relay(cx.now).get(path::INFO, Auth::Open, cx.rng).await?;
        let pinned = self.session.unlocked().ok().and_then(|unlocked| unlocked.keyring.ledger);
        let known = proved.as_ref().map(|(_, witnessed)| witnessed.checkpoint.ledger).or(pinned);
        if known.is_some_and(|known| known != info.ledger) {
            return Err(WalletError::Untrusted { what: Distrust::Ledger });
        }
        let directory: MemberDirectory = self.relay(cx.now).get(path::MEMBERS, Auth::Open, cx.rng).await?;
        expect_nobody_left_out(&directory, proved.as_ref().map(|(proof, _)| &proof.directory))?;
        Members::verify(&directory, &info.ledger)
    }

    /// The passport behind the open link, fetched when it is first looked at.
    pub(crate) async fn linked<R: CryptoRng>(&mut self, cx: &mut Context<'_, R>) -> Result<&mut Opened, WalletError> {
        let link = self.open_link.as_ref().ok_or(WalletError::NotFound)?;
        let fetched = if link.opened.is_none() {
            let auth = Auth::View(link.view_token.expose());
            let grant = grant_of(&link.envelope)?;
            let read = self.read_granted(&link.stream, &link.earlier, &grant, link.owner, auth, cx).await?;
            let mut parts = read.into_iter().map(|Read { mut opened, segment, .. }| {
                opened.apply(segment);
                opened
            });
            let newest = parts.next();
            newest.map(|newest| Opened { terms: Some(link.terms.clone()), earlier: parts.collect(), ..newest })
        } else {
            None
        };
        let link = self.open_link.as_mut().ok_or(WalletError::NotFound)?;
        link.opened = link.opened.take().or(fetched);
        link.opened.as_mut().ok_or(WalletError::NotFound)
    }

    pub(crate) async fn claim_link<R: CryptoRng>(&mut self, cx: &mut Context<'_, R>) -> Result<Answer, WalletError> {
        let mut next = self.session.unlocked()?.keyring.duplicate()?;
        let open = self.open_link.as_ref().ok_or(WalletError::NotFound)?;
        let (grant, link) = (open.grant(), open.link);
        if next.saved(grant).is_some() {
            return self.saved(cx).await;
        }
        if open.offer.is_some() {
            // A seller's code is there to take the car over, not to look at it for good.
            return Err(WalletError::SaleOpen);
        }
        next.saved.push(open.to_saved(false, cx.now, cx.rng));
        let received = open.to_received();
        // The keys are safe here before the relay lets the link die.
        let mut batch = Batch::default();
        batch.put(Table::Grants, row::received(grant), encoding::encode(&received));
        outbox::enqueue(&self.store, Space::from(grant), vec![Item::Claim(grant)], &mut batch).await?;
        self.commit_keyring(next, batch, cx).await?;
        match self.push_lane(Space::from(grant), cx).await {
            Ok(()) if self.sync.take_refusal() => {
                self.drop_saved(grant, cx).await?;
                return Err(self.why_not_claimed(link, cx).await);
            }
            Ok(()) | Err(WalletError::Offline | WalletError::Busy { .. }) => {}
            Err(error) => return Err(error),
        }
        self.open_link = None;
        self.tell_waiting(cx).await?;
        self.saved(cx).await
    }

    /// Why a link was not handed over: what the relay says of it now. Somebody else may have been faster.
    pub(crate) async fn why_not_claimed<R: CryptoRng>(&self, link: LinkId, cx: &mut Context<'_, R>) -> WalletError {
        match self.link_notice(link, cx).await {
            Err(why @ (WalletError::LinkClaimed | WalletError::LinkRevoked)) => why,
            _ => WalletError::LinkEnded,
        }
    }

    pub(crate) async fn saved<R: CryptoRng>(&mut self, cx: &mut Context<'_, R>) -> Result<Answer, WalletError> {
        let saved: Vec<(GrantId, Timestamp)> = self
            .session
            .unlocked()?
            .keyring
            .saved
            .iter()
            .filter(|saved| !saved.handed_over)
            .map(|saved| (saved.grant, saved.claimed_at))
            .collect();
        let mut views = Vec::with_capacity(saved.len());
        for (grant, claimed_at) in saved {
            let reader = match self.reader(grant).await {
                // After a restore the terms come from the relay.
                Err(WalletError::NotFound) => match self.refresh_envelope(grant, cx).await {
                    Ok(()) => self.reader(grant).await?,
                    Err(
                        WalletError::AccessEnded
                        | WalletError::AccessRevoked
                        | WalletError::Offline
                        | WalletError::Busy { .. },
                    ) => continue,
                    Err(error) => return Err(error),
                },
                other => other?,
            };
            let revoked = self.received(grant).await?.revoked;
            let revoked_at = if revoked { self.noted_taken_back(grant).await? } else { None };
            views.push(SavedView { terms: reader.terms, claimed_at, revoked, revoked_at });
        }
        Ok(Answer::Saved(views))
    }

    pub(crate) async fn forget_saved<R: CryptoRng>(
        &mut self,
        grant: GrantId,
        cx: &mut Context<'_, R>,
    ) -> Result<Answer, WalletError> {
        let keyring = &self.session.unlocked()?.keyring;
        keyring.saved(grant).filter(|saved| !saved.handed_over).ok_or(WalletError::NotFound)?;
        self.drop_saved(grant, cx).await?;
        self.tell_waiting(cx).await?;
        self.saved(cx).await
    }

    async fn drop_saved<R: CryptoRng>(&mut self, grant: GrantId, cx: &mut Context<'_, R>) -> Result<(), WalletError> {
        let mut next = self.session.unlocked()?.keyring.duplicate()?;
        next.saved.retain(|saved| saved.grant != grant);
        next.forgotten.push(grant);
        let space = Space::from(grant);
        let mut batch = Batch::default();
        self.delete_granted(grant, &mut batch).await?;
        self.delete_rows(Table::Outbox, space, &mut batch).await?;
        batch.delete(Table::Grants, row::received(grant)).delete(Table::Grants, row::taken_back(grant));
        self.commit_keyring(next, batch, cx).await?;
        self.session.unlocked_mut()?.opened.remove(&space);
        Ok(())
    }
}

/// What a refusal to open a link means.
fn refused(error: RelayError) -> WalletError {
    match &error {
        RelayError::Refused { code: ProblemCode::NotFound | ProblemCode::WrongToken, .. } => WalletError::LinkUnknown,
        RelayError::Refused { code: ProblemCode::Gone, .. } => WalletError::LinkEnded,
        RelayError::Refused { code: ProblemCode::Revoked, .. } => WalletError::LinkRevoked,
        RelayError::Refused { code: ProblemCode::Claimed, .. } => WalletError::LinkClaimed,
        RelayError::Refused { code: ProblemCode::UsedUp, .. } => WalletError::LinkUsedUp,
        _ => error.into(),
    }
}
