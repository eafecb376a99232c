//! Holding a car together: an owner invites people with wallets of their own, admits who answers, gives them the keys and
//! takes them back.
//!
//! A co-holder reads and writes with a key of its own, which the ledger knows; sharing with others stays with the owner, so
//! that one person answers for who can look. How keys travel: `docs/sync.md`, "A car held together".

mod held;
mod rewrapping;

#[cfg(feature = "suite")]
use crate::keyring::CategoryKeys;
use crate::{
    command::{Answer, HouseholdCommand, Notice},
    error::WalletError,
    keyring::{Holder, Joined, Keyring, Seed, VehicleKeys},
    outbox::{self, Item},
    relay::Auth,
    row::{self, Space},
    store::{Batch, Store, Table},
    transport::Transport,
    view::{HolderState, HolderView, InvitationView},
    wallet::{Context, Wallet},
};
#[cfg(feature = "suite")]
use carnet_crypto::tree::TreeRoot;
use carnet_crypto::{
    holder::{BundleFor, invitation_key, seal_bundle},
    signature::verify_by,
};
#[cfg(feature = "suite")]
use carnet_protocol::id::CategoryLabel;
use carnet_protocol::{
    api::{ProblemCode, body::Joins, path},
    category::Category,
    day::Timestamp,
    encoding,
    holder::{Invitation, InvitationCode},
    id::StreamId,
    key::VerifyingKey,
    ledger::Action,
    limits::HOLDERS_MAX,
};
use rand_core::CryptoRng;

/// How long an invitation can be answered, in milliseconds: a day.
const INVITATION_MS: u64 = Timestamp::DAY;

/// Characters of a person's name.
const NAME_MAX: usize = 80;

impl<S: Store, T: Transport> Wallet<S, T> {
    pub(crate) async fn household<R: CryptoRng>(
        &mut self,
        command: HouseholdCommand,
        cx: &mut Context<'_, R>,
    ) -> Result<Answer, WalletError> {
        use HouseholdCommand as C;
        match command {
            C::Invite { vehicle, name, private } => self.invite_holder(vehicle, &name, private, cx).await,
            C::Holders { vehicle } => self.holders(vehicle, cx.now),
            C::ShowInvitation { vehicle, holder } => self.show_invitation(vehicle, holder, cx.now),
            C::Remove { vehicle, holder } => self.remove_holder(vehicle, holder, cx).await,
            C::ReadInvitation { code } => self.read_invitation(&code, cx),
            C::Join { code } => self.join_vehicle(&code, cx).await,
            C::Joinings => self.joinings(),
            C::Forget { vehicle } => self.forget_held(vehicle, cx).await,
        }
    }

    async fn invite_holder<R: CryptoRng>(
        &mut self,
        vehicle: StreamId,
        name: &str,
        private: bool,
        cx: &mut Context<'_, R>,
    ) -> Result<Answer, WalletError> {
        let name = name.trim();
        if name.is_empty() || name.chars().count() > NAME_MAX {
            return Err(WalletError::BadInput);
        }
        let mut next = self.session.unlocked()?.keyring.duplicate()?;
        next.writable(vehicle)?.expect_own()?;
        let keys = next.vehicle_mut(vehicle)?;
        if keys.holders.iter().filter(|holder| holder.joined.is_some() || holder.awaits_answer(cx.now)).count()
            >= HOLDERS_MAX
        {
            return Err(WalletError::BadInput);
        }
        // What expired unanswered is of no use any more.
        keys.holders.retain(|holder| holder.joined.is_some() || holder.awaits_answer(cx.now));
        let secret = Seed::generate(cx.rng);
        let key = invitation_key(secret.secret(), &vehicle).verifying_key();
        let expires = cx.now.plus(INVITATION_MS);
        let invitation = Invitation { stream: vehicle, key, expires };
        let item = Item::PutInvitation(keys.signing_key().sign(&invitation));
        keys.holders.push(Holder {
            secret,
            key,
            name: name.to_owned(),
            private,
            invited_at: cx.now,
            expires,
            joined: None,
            removed_at: None,
        });
        let mut batch = Batch::default();
        outbox::enqueue(&self.store, Space::from(vehicle), vec![item], &mut batch).await?;
        self.commit_keyring(next, batch, cx).await?;
        self.tell_waiting(cx).await?;
        cx.tell(Notice::Changed(Some(vehicle)));
        self.show_invitation(vehicle, key, cx.now)
    }

    fn show_invitation(&self, vehicle: StreamId, holder: VerifyingKey, now: Timestamp) -> Result<Answer, WalletError> {
        let keys = self.session.unlocked()?.keyring.writable(vehicle)?;
        let holder = keys.holders.iter().find(|known| known.key == holder).ok_or(WalletError::NotFound)?;
        if !holder.is_open(now) {
            return Err(WalletError::AccessEnded);
        }
        let code = InvitationCode {
            stream: vehicle,
            owner: keys.owner(),
            secret: *holder.secret.secret().expose(),
            expires: holder.expires,
            private: holder.private,
            vehicle_name: keys.name.clone(),
        };
        let link = format!("/join#{}", code.to_text());
        Ok(Answer::Invitation(InvitationView { holder: view(holder, false, now), link }))
    }

    fn holders(&self, vehicle: StreamId, now: Timestamp) -> Result<Answer, WalletError> {
        let keys = self.session.unlocked()?.keyring.vehicle(vehicle)?;
        let holders = keys.holders.iter().rev().map(|holder| view(holder, keys.is_sold(), now));
        Ok(Answer::Holders(holders.collect()))
    }

    /// Ends an invitation, or removes a co-holder: the key signs nothing more on the ledger, and what is written from now
    /// on is under keys that it never got.
    async fn remove_holder<R: CryptoRng>(
        &mut self,
        vehicle: StreamId,
        holder: VerifyingKey,
        cx: &mut Context<'_, R>,
    ) -> Result<Answer, WalletError> {
        self.load_own(vehicle).await?;
        let mut next = self.session.unlocked()?.keyring.duplicate()?;
        let keys = next.vehicle_mut(vehicle)?;
        keys.expect_own()?;
        // With the sale everybody's access has ended.
        let sold = keys.is_sold();
        let known = keys.holder_mut(holder)?;
        if sold || known.removed_at.is_some() {
            return Ok(Answer::Done);
        }
        known.removed_at = Some(cx.now);
        let (joined, private) = (known.joined, known.private);
        let mut items = vec![Item::RemoveInvitation(holder)];
        let mut batch = Batch::default();
        if let Some(Joined { sign, .. }) = joined {
            items.extend(remove_holder(vehicle, sign));
            let all = Category::ALL.into_iter();
            let categories: Vec<Category> = all.filter(|category| private || !category.is_private()).collect();
            keys.next_generation(&categories, cx.rng);
            items.extend(self.reissue(&mut next, vehicle, &categories, &mut batch, cx).await?);
        }
        outbox::enqueue(&self.store, Space::from(vehicle), items, &mut batch).await?;
        self.commit_keyring(next, batch, cx).await?;
        self.tell_waiting(cx).await?;
        cx.tell(Notice::Changed(Some(vehicle)));
        Ok(Answer::Done)
    }

    /// Admits who answered an invitation since the last time; says whether anybody was. Asks the relay only while one is open.
    pub(crate) async fn take_joins<R: CryptoRng>(&mut self, cx: &mut Context<'_, R>) -> Result<bool, WalletError> {
        let mut admitted = false;
        // While the car is offered for sale, nobody is let in, and once it is sold, nobody ever.
        let waits =
            |keys: &&VehicleKeys| keys.sale.is_none() && keys.holders.iter().any(|holder| holder.awaits_answer(cx.now));
        let vehicles = &self.session.unlocked()?.keyring.vehicles;
        let streams: Vec<StreamId> = vehicles.iter().filter(waits).map(|keys| keys.stream).collect();
        for stream in streams {
            let sign = self.session.unlocked()?.keyring.vehicle(stream)?.signing_key();
            let path = path::fill(path::JOINS, &[&stream]);
            let answer = self.relay(cx.now).get::<Joins>(&path, Auth::Key(&sign), cx.rng).await;
            match answer {
                // The car is not on the ledger yet: it waits in the outbox, and the invitation with it.
                Err(error) if error.is(ProblemCode::NotFound) => {}
                answer => {
                    let joins = self.note_connection(answer)?;
                    admitted |= self.admit(stream, joins, cx).await?;
                }
            }
        }
        Ok(admitted)
    }

    async fn admit<R: CryptoRng>(
        &mut self,
        stream: StreamId,
        joins: Joins,
        cx: &mut Context<'_, R>,
    ) -> Result<bool, WalletError> {
        let mut next = self.session.unlocked()?.keyring.duplicate()?;
        let keys = next.vehicle_mut(stream)?;
        let (mut items, mut answered, mut admitted) = (Vec::new(), Vec::new(), Vec::new());
        for signed in joins.joins {
            let open = keys.holders.iter_mut().find(|holder| holder.key == signed.key && holder.awaits_answer(cx.now));
            // Only who had the code can have signed it, so keys that the relay puts there itself are passed over.
            let (Some(holder), Ok(join)) = (open, verify_by(&signed, &signed.key)) else { continue };
            if join.stream != stream {
                continue;
            }
            holder.joined = Some(Joined { sign: join.sign, seal: join.seal, at: cx.now, version: 0 });
            items.push(Item::Act(Action::AdmitHolder { stream, holder: join.sign }));
            answered.push(Item::RemoveInvitation(holder.key));
            admitted.push(join.sign);
        }
        if admitted.is_empty() {
            return Ok(false);
        }
        let mut batch = Batch::default();
        items.extend(seal_bundles(&mut next, stream, |holder| admitted.contains(&holder.sign), &mut batch, cx)?);
        items.extend(answered);
        outbox::enqueue(&self.store, Space::from(stream), items, &mut batch).await?;
        self.commit_keyring(next, batch, cx).await?;
        cx.tell(Notice::Changed(Some(stream)));
        Ok(true)
    }
}

#[cfg(feature = "suite")]
impl<S: Store, T: Transport> Wallet<S, T> {
    /// All roots that this wallet has of a car, for tests that hand them to an adversary.
    ///
    /// # Panics
    /// The wallet is locked, or has no such car.
    #[allow(clippy::unwrap_used, reason = "test support")]
    pub fn category_roots(&self, vehicle: StreamId) -> Vec<(Category, CategoryLabel, Vec<TreeRoot>)> {
        let keys = self.session.unlocked().unwrap().keyring.vehicle(vehicle).unwrap();
        let whole = |keys: &CategoryKeys| (0..=keys.generation()).filter_map(|n| keys.tree(n)).collect();
        keys.categories().iter().map(|keys| (keys.category, keys.label, whole(keys))).collect()
    }
}

/// Seals the car's keys anew to the co-holders that are `wanted`; of a car that was sold to nobody.
///
/// # Errors
/// [`WalletError::BadInput`] when one of them has a weak key.
pub(crate) fn seal_bundles<R: CryptoRng>(
    next: &mut Keyring,
    stream: StreamId,
    wanted: impl Fn(&Joined) -> bool,
    batch: &mut Batch,
    cx: &mut Context<'_, R>,
) -> Result<Vec<Item>, WalletError> {
    let keys = next.vehicle_mut(stream)?;
    if keys.is_sold() {
        return Ok(Vec::new());
    }
    let (owner, mut items) = (keys.signing_key(), Vec::new());
    let bundles = [true, false].map(|private| keys.bundle(private));
    for holder in keys.holders.iter_mut().filter(|holder| holder.stands()) {
        let Some(joined) = holder.joined.as_mut().filter(|joined| wanted(joined)) else { continue };
        joined.version = cx.now.0.max(joined.version + 1);
        let to = BundleFor { stream, holder: joined.sign, seal: joined.seal, version: joined.version };
        let secret = bundles[usize::from(!holder.private)].clone();
        let envelope = seal_bundle(&to, secret, &owner, cx.rng).map_err(|_| WalletError::BadInput)?;
        batch.put(Table::Grants, row::bundle(joined.sign), encoding::encode(&envelope));
        items.push(Item::PutBundle(joined.sign));
    }
    Ok(items)
}

/// What takes a co-holder's key off the ledger, and its bundle from the relay.
pub(crate) fn remove_holder(stream: StreamId, holder: VerifyingKey) -> [Item; 2] {
    [Item::Act(Action::RemoveHolder { stream, holder }), Item::RemoveBundle(holder)]
}

fn view(holder: &Holder, sold: bool, now: Timestamp) -> HolderView {
    let state = match &holder.joined {
        _ if sold || holder.removed_at.is_some() => HolderState::Removed,
        Some(_) => HolderState::Joined,
        None if holder.is_open(now) => HolderState::Invited,
        None => HolderState::Expired,
    };
    HolderView {
        holder: holder.key,
        name: holder.name.clone(),
        private: holder.private,
        since: holder.joined.map_or(holder.invited_at, |joined| joined.at),
        expires: holder.expires,
        removed_at: holder.removed_at,
        state,
    }
}
