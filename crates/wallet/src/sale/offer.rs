//! The seller's side: offering, taking back, hearing that it is sold.

use super::{CODE_PATH, HANDED_OVER};
use crate::{
    command::{Answer, Notice, SaleDraft, ShareScope, Subject},
    error::WalletError,
    grant::seal_share,
    keyring::{SaleNote, SaleStage, Share},
    outbox::{self, Item},
    relay::Auth,
    row::{self, Space},
    store::{Batch, Store, Table},
    transport::Transport,
    view::{SaleStep, SaleView},
    wallet::{Context, Wallet},
};
use carnet_crypto::{
    grant::{acceptance_key, acceptor_hash, grant_hash},
    sale::terms_hash,
};
use carnet_protocol::{
    api::path,
    category::Category,
    day::{Day, DayRange, Timestamp},
    encoding,
    grant::{GrantEnvelope, Grantee, Purpose},
    id::{GrantId, Hash32, StreamId},
    key::SealingKey,
    ledger::{Action, Rejection, StreamStatus},
    limits::EVERLASTING_MS,
    link::{Link, LinkFragment},
    sale::{SaleOutcome, SaleState, SaleTerms},
};
use rand_core::CryptoRng;

/// Days that an offer may stand.
const DAYS: core::ops::RangeInclusive<u8> = 1..=30;

impl<S: Store, T: Transport> Wallet<S, T> {
    pub(crate) async fn offer_sale<R: CryptoRng>(
        &mut self,
        vehicle: StreamId,
        draft: SaleDraft,
        cx: &mut Context<'_, R>,
    ) -> Result<Answer, WalletError> {
        let keys = self.session.unlocked()?.keyring.writable(vehicle)?;
        keys.expect_own()?;
        let reads = |grant| keys.share(grant).is_ok_and(|share| share.is_live(cx.now));
        let priced = draft.price.as_ref().is_none_or(|price| price.minor >= 0 && price.currency.len() == 3);
        if draft.odometer.0 == 0 || !DAYS.contains(&draft.days) || !priced || !draft.reader.is_none_or(reads) {
            return Err(WalletError::BadInput);
        }
        self.settled(vehicle, cx).await?;
        let (note, envelope) = self.make_offer(vehicle, draft, cx).await?;
        let sale = note.handover.grant;
        let mut next = self.session.unlocked()?.keyring.duplicate()?;
        next.vehicle_mut(vehicle)?.sale = Some(note);
        let mut batch = Batch::default();
        batch.put(Table::Grants, row::given(sale), encoding::encode(&envelope));
        self.commit_keyring(next, batch, cx).await?;
        match self.settle_offer(vehicle, cx).await {
            // It is written down, and said again at the next sync.
            Ok(()) | Err(WalletError::Offline | WalletError::Busy { .. }) => {}
            Err(error) => return Err(error),
        }
        self.tell_waiting(cx).await?;
        cx.tell(Notice::Changed(Some(vehicle)));
        self.sale(vehicle, cx)
    }

    /// Sends all that waits for a car: what is frozen is what the buyer gets.
    async fn settled<R: CryptoRng>(&mut self, vehicle: StreamId, cx: &mut Context<'_, R>) -> Result<(), WalletError> {
        self.meet(cx).await?;
        self.push_lane(Space::from(vehicle), cx).await?;
        if self.sync.take_refusal() || !outbox::first_of(&self.store, Space::from(vehicle)).await?.is_empty() {
            return Err(WalletError::SaleOpen);
        }
        Ok(())
    }

    /// Draws an offer: the code, the handover of everything up to today, and the terms.
    async fn make_offer<R: CryptoRng>(
        &mut self,
        vehicle: StreamId,
        draft: SaleDraft,
        cx: &mut Context<'_, R>,
    ) -> Result<(SaleNote, GrantEnvelope), WalletError> {
        self.history(&Subject::Own(vehicle), cx).await?;
        let (mut sale, mut salt) = (GrantId([0; GrantId::LEN]), Hash32([0; 32]));
        cx.rng.fill_bytes(&mut sale.0);
        cx.rng.fill_bytes(&mut salt.0);
        let today = cx.now.day();
        // A record may be dated a day ahead, where the clocks of two countries meet.
        let last = self.opened(Space::from(vehicle))?.records.iter().map(|record| record.day).max();
        let days =
            DayRange::new(Day(0), last.map_or(today, |last| last.max(today))).map_err(|_| WalletError::BadInput)?;
        let mut handover = Share {
            grant: sale,
            audience: String::new(),
            purpose: Purpose::Purchase,
            message: None,
            scopes: HANDED_OVER.map(|category| ShareScope { category, days }).to_vec(),
            grantee: Grantee { seal: SealingKey([0; 32]), sign: None },
            issued_at: cx.now,
            not_after: Timestamp(EVERLASTING_MS),
            renewed: false,
            link: None,
            revoked_at: None,
        };
        self.make_link(vehicle, &mut handover, None, None, cx)?;
        let mut next = self.session.unlocked()?.keyring.duplicate()?;
        let keys = next.vehicle_mut(vehicle)?;
        let terms = SaleTerms { stream: vehicle, sale, day: today, odometer: draft.odometer, salt };
        keys.sale = Some(SaleNote {
            handover,
            terms: keys.signing_key().sign(&terms),
            odometer: draft.odometer,
            price: draft.price,
            until: cx.now.plus(u64::from(draft.days) * Timestamp::DAY),
            reader: draft.reader,
            stage: SaleStage::Offering,
        });
        let (checkpoint, held) = (self.seen_note().await?, self.held(vehicle).await?);
        let share = keys.sale.as_ref().map(|sale| &sale.handover).ok_or(WalletError::NotFound)?;
        let envelope = seal_share(keys, share, &held, checkpoint, cx.now, cx.rng)?;
        let note = keys.sale.take().ok_or(WalletError::NotFound)?;
        Ok((note, envelope))
    }

    /// Tells the ledger of an offer that is written down, and then the relay of its handover.
    ///
    /// # Errors
    /// [`WalletError::Rejected`]: there is no offer then, and none is left here. [`WalletError::Offline`] when it is not
    /// known what became of it.
    pub(crate) async fn settle_offer<R: CryptoRng>(
        &mut self,
        vehicle: StreamId,
        cx: &mut Context<'_, R>,
    ) -> Result<(), WalletError> {
        let keys = self.session.unlocked()?.keyring.vehicle(vehicle)?;
        let Some(note) = keys.sale.as_ref().filter(|sale| sale.stage == SaleStage::Offering) else { return Ok(()) };
        let (sale, sign) = (note.handover.grant, keys.signing_key());
        // Another device has begun it, and has the envelope.
        let Some(row) = self.store.read(Table::Grants, &row::given(sale)).await? else { return Ok(()) };
        let envelope: GrantEnvelope = encoding::decode(&row).map_err(|_| WalletError::Damaged)?;
        let action = Action::OfferSale {
            stream: vehicle,
            sale,
            hash: grant_hash(&envelope),
            terms: terms_hash(&note.terms),
            code: acceptor_hash(&vehicle, &sale, &acceptance_key(&sign, &vehicle, &sale).verifying_key()),
            not_after: note.until,
        };
        let mut next = self.session.unlocked()?.keyring.duplicate()?;
        match self.submit_now(&sign, action, cx).await {
            // Said before, and accepted meanwhile.
            Ok(()) | Err(WalletError::Rejected { reason: Rejection::SaleDone }) => {}
            Err(WalletError::Rejected { reason }) => {
                next.vehicle_mut(vehicle)?.sale = None;
                next.forgotten.push(sale);
                let mut batch = Batch::default();
                batch.delete(Table::Grants, row::given(sale));
                // What was said of it before may still be on its way, and must not count when it comes.
                let items = vec![Item::Act(Action::CancelSale { stream: vehicle, sale })];
                outbox::enqueue(&self.store, Space::from(vehicle), items, &mut batch).await?;
                self.commit_keyring(next, batch, cx).await?;
                return Err(WalletError::Rejected { reason });
            }
            Err(error) => return Err(error),
        }
        let keys = next.vehicle_mut(vehicle)?;
        let note = keys.sale.as_mut().ok_or(WalletError::NotFound)?;
        note.stage = SaleStage::Offered;
        let link = note.handover.link.as_ref().ok_or(WalletError::Damaged)?;
        let secret = link.secret.as_ref().ok_or(WalletError::Damaged)?;
        let fragment = LinkFragment { link: link.link, secret: *secret.secret().expose() };
        let token = carnet_crypto::link::derive_link(&fragment, None)?.token;
        let link = Link {
            link: fragment.link,
            stream: vehicle,
            grant: sale,
            token_hash: carnet_crypto::link::token_hash(token.expose()),
            expires: note.until,
            max_opens: None,
            pin: None,
        };
        let mut items = vec![Item::PutGrant(sale), Item::PutLink(sign.sign(&link))];
        let mut batch = Batch::default();
        if let Some(reader) = note.reader {
            items.extend(self.reissue_to(&next, vehicle, reader, &mut batch, cx).await?);
        }
        outbox::enqueue(&self.store, Space::from(vehicle), items, &mut batch).await?;
        self.commit_keyring(next, batch, cx).await?;
        self.push_lane(Space::from(vehicle), cx).await
    }

    /// Gives a share's reader its grant again, with the code that is in the keyring.
    async fn reissue_to<R: CryptoRng>(
        &mut self,
        next: &crate::keyring::Keyring,
        vehicle: StreamId,
        grant: GrantId,
        batch: &mut Batch,
        cx: &mut Context<'_, R>,
    ) -> Result<Option<Item>, WalletError> {
        self.history(&Subject::Own(vehicle), cx).await?;
        let keys = next.vehicle(vehicle)?;
        let (checkpoint, held) = (self.seen_note().await?, self.held(vehicle).await?);
        let Ok(share) = keys.share(grant) else { return Ok(None) };
        let envelope = seal_share(keys, share, &held, checkpoint, cx.now, cx.rng)?;
        batch.put(Table::Grants, row::given(grant), encoding::encode(&envelope));
        Ok(Some(Item::ReplaceGrant(grant)))
    }

    /// How a car's sale stands.
    pub(crate) fn sale<R>(&self, vehicle: StreamId, cx: &Context<'_, R>) -> Result<Answer, WalletError> {
        let Some(note) = &self.session.unlocked()?.keyring.vehicle(vehicle)?.sale else {
            return Ok(Answer::Sale(None));
        };
        let step = match note.stage {
            SaleStage::Offering => SaleStep::Waiting,
            SaleStage::Offered if note.until < cx.now => SaleStep::Lapsed,
            SaleStage::Offered => SaleStep::Offered,
            SaleStage::Sold { at, .. } => SaleStep::Sold { at },
        };
        let fragment = note.handover.link.as_ref().filter(|_| step == SaleStep::Offered).and_then(|link| {
            let fragment = LinkFragment { link: link.link, secret: *link.secret.as_ref()?.secret().expose() };
            Some(format!("{CODE_PATH}{}", fragment.to_text()))
        });
        Ok(Answer::Sale(Some(Box::new(SaleView {
            step,
            code: fragment,
            odometer: note.odometer,
            price: note.price.clone(),
            until: note.until,
            reader: note.reader,
            handed_over: note.handover.scopes.iter().map(|scope| scope.category).collect(),
        }))))
    }

    pub(crate) async fn cancel_sale<R: CryptoRng>(
        &mut self,
        vehicle: StreamId,
        cx: &mut Context<'_, R>,
    ) -> Result<Answer, WalletError> {
        let keys = self.session.unlocked()?.keyring.vehicle(vehicle)?;
        keys.expect_own()?;
        let note = keys.sale.as_ref().ok_or(WalletError::NotFound)?;
        let (sale, sign) = (note.handover.grant, keys.signing_key());
        match self.submit_now(&sign, Action::CancelSale { stream: vehicle, sale }, cx).await {
            // The ledger never heard of it, or of a later offer from another device.
            Ok(()) | Err(WalletError::Rejected { reason: Rejection::SaleUnknown }) => {}
            Err(WalletError::Rejected { reason: Rejection::SaleDone }) => {
                self.mark_sold(vehicle, cx).await?;
                return self.sale(vehicle, cx);
            }
            Err(error) => return Err(error),
        }
        self.fetch_handover(vehicle, cx).await?;
        self.load_own(vehicle).await?;
        let mut next = self.session.unlocked()?.keyring.duplicate()?;
        let keys = next.vehicle_mut(vehicle)?;
        let Some(note) = keys.sale.take() else { return self.sale(vehicle, cx) };
        // So that no other device brings it back.
        next.forgotten.push(sale);
        let keys = next.vehicle_mut(vehicle)?;
        let link = note.handover.link.as_ref().map(|link| link.link);
        let mut items = vec![Item::RemoveGrant(sale)];
        items.extend(link.map(Item::RemoveLink));
        // Whoever had the code has seen what was there; what is written from now on opens with none of it.
        let categories: Vec<Category> = HANDED_OVER.to_vec();
        keys.next_generation(&categories, cx.rng);
        let mut batch = Batch::default();
        batch.delete(Table::Grants, row::given(sale));
        // What of the handover still waits to be sent has nothing behind it any more.
        outbox::strike_grant(&self.store, Space::from(vehicle), sale, link, &mut batch).await?;
        items.extend(self.reissue(&mut next, vehicle, &categories, &mut batch, cx).await?);
        outbox::enqueue(&self.store, Space::from(vehicle), items, &mut batch).await?;
        self.commit_keyring(next, batch, cx).await?;
        self.tell_waiting(cx).await?;
        cx.tell(Notice::Changed(Some(vehicle)));
        self.sale(vehicle, cx)
    }

    /// Looks whether an offered car was sold, by the proved head of its passport; says whether it was found to be.
    pub(crate) async fn notice_sold<R: CryptoRng>(
        &mut self,
        vehicle: StreamId,
        cx: &mut Context<'_, R>,
    ) -> Result<bool, WalletError> {
        let keys = self.session.unlocked()?.keyring.vehicle(vehicle)?;
        if keys.is_sold() || keys.sale.is_none() {
            return Ok(false);
        }
        let head = self.opened(Space::from(vehicle))?.proof.as_ref().map(|proved| &proved.verified.head);
        let continued = head.is_some_and(|head| head.status == StreamStatus::Closed && head.standing.next.is_some());
        if continued {
            self.mark_sold(vehicle, cx).await?;
        } else {
            // A relay that only says so makes nobody's passport an archive, but it is worth another look soon.
            let head = self.stream_head(vehicle, cx).await;
            self.sync.sold_unproved |= head.is_ok_and(|head| head.status == StreamStatus::Closed);
        }
        Ok(continued)
    }

    /// Notes that the car was sold, and when, as the ledger says.
    async fn mark_sold<R: CryptoRng>(&mut self, vehicle: StreamId, cx: &mut Context<'_, R>) -> Result<(), WalletError> {
        let path = path::fill(path::SALE, &[&vehicle]);
        let state = self.relay(cx.now).get::<SaleState>(&path, Auth::Open, cx.rng).await;
        let state = self.note_connection(state)?;
        let mut next = self.session.unlocked()?.keyring.duplicate()?;
        let keys = next.vehicle_mut(vehicle)?;
        match (&mut keys.sale, state.outcome) {
            (Some(note), SaleOutcome::Sold { next, at }) if note.handover.grant == state.sale => {
                note.stage = SaleStage::Sold { next, at };
            }
            // Continued under another owner without this sale: a member re-opened it.
            _ => return Ok(()),
        }
        let mut batch = Batch::default();
        self.delete_rows(Table::Outbox, Space::from(vehicle), &mut batch).await?;
        self.commit_keyring(next, batch, cx).await?;
        cx.tell(Notice::Changed(Some(vehicle)));
        Ok(())
    }
}
