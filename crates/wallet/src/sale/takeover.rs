//! The buyer's side: looking at what a code hands over, and taking it.

use crate::{
    backing::Backing,
    command::{Answer, Notice, Subject},
    error::{Distrust, WalletError},
    history::History,
    keyring::{Takeover, VehicleKeys},
    outbox::{self, Item},
    record::sealing::{NewRecord, Sealer},
    relay::Auth,
    row::{self, Space},
    standing::flag_view,
    store::{Batch, Store, Table},
    transport::Transport,
    view::TakeoverView,
    wallet::{Context, Wallet},
};
use carnet_crypto::{
    sale::{accept, terms_hash},
    signature::verify_by,
};
use carnet_passport::{identity, odometer::contradiction};
use carnet_protocol::{
    api::path,
    category::Category,
    encoding,
    id::{FlagId, GrantId, StreamId},
    ledger::{Action, CarStanding, Flag, FlagKind, Rejection},
    payload::{Fact, Handover, Method, Origin, OriginKind, VehicleIdentity},
    quantity::Metres,
    sale::{SaleClaim, SaleOffer, SaleOutcome, SaleState, SaleTerms},
};
use rand_core::CryptoRng;
use std::collections::BTreeMap;

impl<S: Store, T: Transport> Wallet<S, T> {
    /// Opens the code that the owner of a saved passport sent to its reader.
    pub(crate) async fn open_offer<R: CryptoRng>(
        &mut self,
        grant: GrantId,
        cx: &mut Context<'_, R>,
    ) -> Result<Answer, WalletError> {
        match self.refresh_envelope(grant, cx).await {
            Ok(()) | Err(WalletError::Offline | WalletError::Busy { .. }) => {}
            Err(error) => return Err(error),
        }
        let code = self.reader(grant).await?.sale_code.ok_or(WalletError::NotForSale)?;
        self.open_link(&code.to_text(), None, cx).await
    }

    /// The offer behind the open code, held against who made it.
    fn offered(&self) -> Result<(SaleOffer, SaleTerms), WalletError> {
        let link = self.open_link.as_ref().ok_or(WalletError::NotFound)?;
        let (offer, _) = link.offer.as_ref().ok_or(WalletError::NotForSale)?;
        let untrusted = WalletError::Untrusted { what: Distrust::Grant };
        let terms = verify_by(&offer.terms, &link.owner()).map_err(|_| untrusted.clone())?;
        if (terms.stream, terms.sale) == (link.stream.stream, link.grant()) {
            Ok((offer.clone(), terms))
        } else {
            Err(untrusted)
        }
    }

    /// What the open code hands over.
    pub(crate) async fn takeover<R: CryptoRng>(&mut self, cx: &mut Context<'_, R>) -> Result<Answer, WalletError> {
        let (offer, terms) = self.offered()?;
        let members = self.members_for(&Subject::Link).await?;
        let (standing, refused) = self.stands(&terms, cx).await?;
        let history = self.classified(&Subject::Link, &members, cx).await?;
        let mut records: BTreeMap<Category, u32> = BTreeMap::new();
        for record in history.records().iter() {
            *records.entry(record.category()).or_default() += 1;
        }
        let view = TakeoverView {
            terms: history.newest().terms.clone().ok_or(WalletError::NotFound)?,
            odometer: terms.odometer,
            contradicted: contradiction(&Backing::of(&history).judged, terms.day, terms.odometer),
            day: terms.day,
            price: offer.price,
            until: offer.until,
            records: records.into_iter().collect(),
            owners: standing.owners.before + 1,
            flags: standing.flags.iter().map(|flag| flag_view(flag, &history, &members)).collect(),
            open: refused.is_none(),
        };
        Ok(Answer::Takeover(Box::new(view)))
    }

    /// How the car stands now, and why the ledger would not take an acceptance, whatever it says of liens.
    async fn stands<R: CryptoRng>(
        &mut self,
        terms: &SaleTerms,
        cx: &mut Context<'_, R>,
    ) -> Result<(CarStanding, Option<Rejection>), WalletError> {
        let path = path::fill(path::STANDING, &[&terms.stream]);
        let standing: CarStanding = self.relay(cx.now).get(&path, Auth::Open, cx.rng).await?;
        let path = path::fill(path::SALE, &[&terms.stream]);
        let sale: SaleState = self.relay(cx.now).get(&path, Auth::Open, cx.rng).await?;
        let refused = match sale.outcome {
            SaleOutcome::Sold { .. } => Some(Rejection::SaleDone),
            _ if sale.sale != terms.sale || sale.outcome == SaleOutcome::Cancelled => Some(Rejection::SaleUnknown),
            _ if sale.not_after < cx.now => Some(Rejection::SaleLapsed),
            _ if standing.flags.iter().any(|flag| flag.kind == FlagKind::Theft) => Some(Rejection::CarStolen),
            _ => None,
        };
        Ok((standing, refused))
    }

    pub(crate) async fn accept_sale<R: CryptoRng>(
        &mut self,
        odometer: Metres,
        liens: Vec<FlagId>,
        cx: &mut Context<'_, R>,
    ) -> Result<Answer, WalletError> {
        self.session.unlocked()?;
        let (offer, terms) = self.offered()?;
        if odometer != terms.odometer {
            return Err(WalletError::OdometerDiffers);
        }
        self.meet(cx).await?;
        self.exchange_keyring(cx).await?;
        if let Some(known) = self.session.unlocked()?.keyring.taken_over(terms.sale) {
            // Taken over before, perhaps on another device or before a crash.
            let stream = known.stream;
            return self.arrived(stream, cx).await;
        }
        // One's own offer, perhaps made on a device of which this one has just heard.
        if self.session.unlocked()?.keyring.vehicle(terms.stream).is_ok() {
            return Err(WalletError::BadInput);
        }
        // Asked before the code is used up: what the ledger would refuse can still be mended by either side.
        let (standing, refused) = self.stands(&terms, cx).await?;
        let unaware = |flag: &Flag| flag.kind == FlagKind::Lien && !liens.contains(&flag.flag);
        let unaware = standing.flags.iter().any(unaware).then_some(Rejection::LienUnacknowledged);
        if let Some(reason) = refused.or(unaware) {
            return Err(WalletError::Rejected { reason });
        }
        let identity = known_identity(&self.history(&Subject::Link, cx).await?);
        let link = self.open_link.as_ref().ok_or(WalletError::NotFound)?;
        let (_, code) = link.offer.as_ref().ok_or(WalletError::NotForSale)?;
        let mut keys = VehicleKeys::generate(link.terms.vehicle_name.clone(), link.terms.sample, cx.now, cx.rng);
        keys.epoch = self.session.unlocked()?.ring.devices.epoch();
        let stream = keys.stream;
        let owner = keys.signing_key().verifying_key();
        let claim = SaleClaim { stream: terms.stream, sale: terms.sale, next: stream, owner };
        let acceptance = accept(claim, code, terms_hash(&offer.terms), liens);
        keys.takeover = Some(Takeover { sale: terms.sale, acceptance, done: false });
        let (saved, received) = (link.to_saved(true, cx.now, cx.rng), link.to_received());
        let mut sealer = Sealer::new(&keys, cx.now);
        for fact in [Fact::Handover(Handover { odometer, agreed: offer.terms }), Fact::Identity(identity)] {
            sealer.add(first_record(fact, cx), cx.rng)?;
        }
        let sealed = sealer.finish();
        let mut batch = sealed.batch;
        let space = Space::from(stream);
        keys.unopened().write(&sealed.segment, &self.session.unlocked()?.local, space, &mut batch, cx.rng);
        outbox::enqueue(&self.store, space, sealed.items, &mut batch).await?;
        batch.put(Table::Grants, row::received(terms.sale), encoding::encode(&received));
        outbox::enqueue(&self.store, Space::from(terms.sale), vec![Item::Claim(terms.sale)], &mut batch).await?;
        let mut next = self.session.unlocked()?.keyring.duplicate()?;
        next.vehicles.push(keys);
        next.saved.push(saved);
        // The keys are safe here before anybody is told.
        self.commit_keyring(next, batch, cx).await?;
        self.arrived(stream, cx).await
    }

    /// Says to the ledger what is not known to be there, and shows the car.
    async fn arrived<R: CryptoRng>(
        &mut self,
        stream: StreamId,
        cx: &mut Context<'_, R>,
    ) -> Result<Answer, WalletError> {
        match self.settle_takeover(stream, cx).await {
            Ok(()) => self.open_link = None,
            // It is written down, and said again at the next sync.
            Err(WalletError::Offline | WalletError::Busy { .. }) => {}
            Err(error) => return Err(error),
        }
        self.tell_waiting(cx).await?;
        cx.tell(Notice::Changed(Some(stream)));
        Ok(Answer::Vehicle(self.card(stream, cx).await?))
    }

    /// Claims the handover and accepts the sale, as it is written down; then sends the first records and fetches what was
    /// handed over.
    ///
    /// # Errors
    /// [`WalletError::Rejected`], [`WalletError::LinkClaimed`], [`WalletError::LinkRevoked`] and
    /// [`WalletError::LinkEnded`]: there is no sale then, and nothing of it is left here.
    /// [`WalletError::Offline`] when it is not known what became of it.
    pub(crate) async fn settle_takeover<R: CryptoRng>(
        &mut self,
        stream: StreamId,
        cx: &mut Context<'_, R>,
    ) -> Result<(), WalletError> {
        let keys = self.session.unlocked()?.keyring.vehicle(stream)?;
        let Some(takeover) = keys.takeover.as_ref().filter(|takeover| !takeover.done) else { return Ok(()) };
        let (sale, acceptance, sign) = (takeover.sale, takeover.acceptance.clone(), keys.signing_key());
        self.push_lane(Space::from(sale), cx).await?;
        if self.sync.take_refusal() {
            let link = self.session.unlocked()?.keyring.saved(sale).map(|saved| saved.link);
            self.abandon(stream, sale, cx).await?;
            return Err(match link {
                Some(link) => self.why_not_claimed(link, cx).await,
                None => WalletError::LinkEnded,
            });
        }
        match self.submit_now(&sign, Action::AcceptSale(acceptance), cx).await {
            Ok(()) => {}
            Err(WalletError::Rejected { reason }) => {
                self.abandon(stream, sale, cx).await?;
                return Err(WalletError::Rejected { reason });
            }
            Err(error) => return Err(error),
        }
        let mut next = self.session.unlocked()?.keyring.duplicate()?;
        if let Some(takeover) = &mut next.vehicle_mut(stream)?.takeover {
            takeover.done = true;
        }
        self.commit_keyring(next, Batch::default(), cx).await?;
        let sent = self.push_lane(Space::from(stream), cx).await;
        let fetched = self.load_handed_over(sale, cx).await;
        match sent.and(fetched) {
            Ok(()) | Err(WalletError::Offline | WalletError::Busy { .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Forgets a takeover that came to nothing, with everything that was made for it.
    async fn abandon<R: CryptoRng>(
        &mut self,
        stream: StreamId,
        sale: GrantId,
        cx: &mut Context<'_, R>,
    ) -> Result<(), WalletError> {
        let mut next = self.session.unlocked()?.keyring.duplicate()?;
        next.vehicles.retain(|vehicle| vehicle.stream != stream);
        next.saved.retain(|saved| saved.grant != sale);
        next.forgotten.push(Takeover::name(stream));
        let mut batch = Batch::default();
        self.delete_granted(sale, &mut batch).await?;
        for table in [Table::Index, Table::Leaves, Table::Outbox, Table::Records, Table::Wraps] {
            self.delete_rows(table, Space::from(stream), &mut batch).await?;
        }
        self.delete_rows(Table::Outbox, Space::from(sale), &mut batch).await?;
        batch.delete(Table::Grants, row::received(sale));
        self.commit_keyring(next, batch, cx).await?;
        let opened = &mut self.session.unlocked_mut()?.opened;
        opened.remove(&Space::from(stream));
        opened.remove(&Space::from(sale));
        cx.tell(Notice::Changed(None));
        Ok(())
    }
}

/// What the car is, as the buyer's own passport says from its first day. The plate is the seller's registration.
fn known_identity(history: &History<'_>) -> VehicleIdentity {
    VehicleIdentity { plate: None, ..identity::view(history.records()).identity }
}

fn first_record<R>(fact: Fact, cx: &Context<'_, R>) -> NewRecord {
    NewRecord {
        day: cx.now.day(),
        at: None,
        method: Method::Typed,
        origin: Origin { kind: OriginKind::Manual, import: None },
        fact,
        note: None,
        files: Vec::new(),
    }
}
