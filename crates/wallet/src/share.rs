//! Sharing: by link or to a member, looking at who looked, taking back.

mod listing;
mod renewal;
mod seen;

use crate::{
    command::{Answer, Audience, Notice, ShareDraft, ShareScope, Subject},
    directory::Members,
    error::WalletError,
    grant::{Held, seal_share},
    history::History,
    household::seal_bundles,
    journal::Opened,
    keyring::{Keyring, LinkKeys, Seed, Share, VehicleKeys},
    marks::mark,
    open::StreamKeys,
    outbox::{self, Item},
    row::{self, Space},
    store::{Batch, Store, Table},
    transport::Transport,
    view::{SharePreview, ShareView, SharedView},
    wallet::{Context, Wallet, boxed},
};
use carnet_crypto::{
    grant::{acceptance_key, acceptor_hash, grant_hash},
    link::{derive_link, generate_fragment, token_hash},
    secret::Secret,
};
use carnet_protocol::{
    category::Category,
    day::Timestamp,
    encoding,
    grant::{GrantEnvelope, Grantee},
    id::{GrantId, StreamId},
    ledger::Action,
    link::{Argon2Params, Link, LinkFragment},
};
use rand_core::CryptoRng;
use std::collections::{BTreeMap, HashSet};

/// Characters of a PIN.
const PIN_LENGTH: core::ops::RangeInclusive<usize> = 4..=12;

/// Characters of an audience's name and of a message.
const TEXT_MAX: usize = 1_000;

impl<S: Store, T: Transport> Wallet<S, T> {
    pub(crate) async fn preview_share(
        &mut self,
        vehicle: StreamId,
        scopes: &[ShareScope],
    ) -> Result<Answer, WalletError> {
        self.load_own(vehicle).await?;
        let history = self.history_of(&Subject::Own(vehicle))?;
        let (mut shown, mut hidden) = (BTreeMap::<Category, u32>::new(), BTreeMap::<Category, u32>::new());
        for scope in scopes {
            shown.insert(scope.category, 0);
        }
        for record in history.records().iter() {
            let category = record.category();
            let open = scopes.iter().any(|scope| scope.category == category && scope.days.contains(record.day));
            *(if open { &mut shown } else { &mut hidden }).entry(category).or_default() += 1;
        }
        Ok(Answer::SharePreview(SharePreview {
            shown: shown.into_iter().collect(),
            hidden: hidden.into_iter().collect(),
        }))
    }

    pub(crate) async fn share<R: CryptoRng>(
        &mut self,
        vehicle: StreamId,
        draft: ShareDraft,
        cx: &mut Context<'_, R>,
    ) -> Result<Answer, WalletError> {
        check(&draft, cx)?;
        self.session.unlocked()?.keyring.writable(vehicle)?.expect_own()?;
        let mut grant = GrantId([0; GrantId::LEN]);
        cx.rng.fill_bytes(&mut grant.0);
        let mut share = Share {
            grant,
            audience: String::new(),
            purpose: draft.purpose,
            message: draft.message.filter(|message| !message.trim().is_empty()),
            scopes: draft.scopes,
            grantee: Grantee { seal: carnet_protocol::key::SealingKey([0; 32]), sign: None },
            issued_at: cx.now,
            renewed: draft.not_after.is_none(),
            not_after: draft.not_after.unwrap_or_else(|| renewal::next_end(cx.now)),
            link: None,
            revoked_at: None,
        };
        let mut link_item = None;
        match draft.audience {
            Audience::Member(key) => {
                let member = self.member(key, cx).await?;
                share.audience = member.name;
                share.grantee = Grantee { seal: member.seal, sign: Some(member.sign) };
            }
            Audience::Link { name, max_opens, pin } => {
                share.audience = name;
                let link = self.make_link(vehicle, &mut share, max_opens, pin.as_deref(), cx)?;
                link_item = Some(link);
            }
        }
        let mut next = self.session.unlocked()?.keyring.duplicate()?;
        self.history(&Subject::Own(vehicle), cx).await?;
        mark("up to date");
        let (checkpoint, held) = (self.seen_note().await?, self.held(vehicle).await?);
        mark("held");
        let keys = next.vehicle_mut(vehicle)?;
        let envelope = seal_share(keys, &share, &held, checkpoint, cx.now, cx.rng)?;
        mark("seal");
        let mut items = vec![issue(keys, &share, &envelope), Item::PutGrant(grant)];
        items.extend(link_item);
        keys.shares.push(share);
        let mut batch = Batch::default();
        batch.put(Table::Grants, row::given(grant), encoding::encode(&envelope));
        outbox::enqueue(&self.store, Space::from(vehicle), items, &mut batch).await?;
        self.commit_keyring(next, batch, cx).await?;
        mark("commit");
        self.tell_waiting(cx).await?;
        cx.tell(Notice::Changed(Some(vehicle)));
        self.shared(vehicle, self.view_of_new(vehicle, grant, cx.now)?)
    }

    /// Draws a link for a share and derives its keys.
    pub(crate) fn make_link<R: CryptoRng>(
        &self,
        vehicle: StreamId,
        share: &mut Share,
        max_opens: Option<u32>,
        pin: Option<&str>,
        cx: &mut Context<'_, R>,
    ) -> Result<Item, WalletError> {
        let fragment = generate_fragment(cx.rng);
        let cost: Option<Argon2Params> = pin.map(|_| self.kdf_cost);
        let keys = derive_link(&fragment, pin.zip(cost))?;
        share.grantee = Grantee { seal: keys.seal.public(), sign: None };
        share.link = Some(LinkKeys {
            link: fragment.link,
            secret: Some(Seed::from(Secret::from_slice(&fragment.secret).map_err(|_| WalletError::BadInput)?)),
            binding: Seed::from(keys.binding.secret().duplicate()),
            max_opens,
            pin: pin.is_some(),
        });
        let sign = self.session.unlocked()?.keyring.vehicle(vehicle)?.signing_key();
        Ok(Item::PutLink(sign.sign(&Link {
            link: fragment.link,
            stream: vehicle,
            grant: share.grant,
            token_hash: token_hash(keys.token.expose()),
            expires: share.not_after,
            max_opens,
            pin: cost,
        })))
    }

    pub(crate) async fn show_link<R>(
        &mut self,
        vehicle: StreamId,
        grant: GrantId,
        cx: &mut Context<'_, R>,
    ) -> Result<Answer, WalletError> {
        let share = self.share_view(vehicle, grant, cx).await?;
        self.shared(vehicle, share)
    }

    /// A share with its link, where that can be shown.
    fn shared(&self, vehicle: StreamId, share: ShareView) -> Result<Answer, WalletError> {
        let link = self.session.unlocked()?.keyring.vehicle(vehicle)?.share(share.grant)?.link.as_ref();
        let link = link.and_then(|keys| {
            let fragment = LinkFragment { link: keys.link, secret: *keys.secret.as_ref()?.secret().expose() };
            Some(format!("/s#{}", fragment.to_text()))
        });
        Ok(Answer::Shared(Box::new(SharedView { share, link })))
    }

    pub(crate) async fn revoke<R: CryptoRng>(
        &mut self,
        vehicle: StreamId,
        grant: GrantId,
        cx: &mut Context<'_, R>,
    ) -> Result<Answer, WalletError> {
        boxed(|| self.fetch_handover(vehicle, cx)).await?;
        let mut next = self.session.unlocked()?.keyring.duplicate()?;
        self.load_own(vehicle).await?;
        let keys = next.vehicle_mut(vehicle)?;
        keys.expect_own()?;
        let share = keys.share_mut(grant)?;
        if share.revoked_at.is_some() {
            return Ok(Answer::Done);
        }
        let categories: Vec<Category> = share.scopes.iter().map(|scope| scope.category).collect();
        let mut items = take_back(vehicle, share, cx.now);
        keys.next_generation(&categories, cx.rng);
        items.splice(0..0, self.opening(vehicle)?);
        let mut batch = Batch::default();
        items.extend(self.reissue(&mut next, vehicle, &categories, &mut batch, cx).await?);
        outbox::enqueue(&self.store, Space::from(vehicle), items, &mut batch).await?;
        self.commit_keyring(next, batch, cx).await?;
        self.tell_waiting(cx).await?;
        cx.tell(Notice::Changed(Some(vehicle)));
        Ok(Answer::Done)
    }

    /// What goes before taking something back of a car in memory of which this device has seen nothing on the ledger: the
    /// device that shared may not have sent the car yet, of a car that it has not heard of the ledger takes nothing back,
    /// and the share would stand once it comes. Opening it twice is harmless.
    pub(crate) fn opening(&self, vehicle: StreamId) -> Result<Option<Item>, WalletError> {
        let keys = self.session.unlocked()?.keyring.vehicle(vehicle)?;
        let heard = keys.takeover.is_some() || keys.is_sold() || !self.opened(Space::from(vehicle))?.leaves.is_empty();
        Ok((!heard).then_some(Item::Act(Action::OpenStream { stream: vehicle })))
    }

    /// What there is to grant of a car that is in memory.
    pub(crate) async fn held(&self, vehicle: StreamId) -> Result<Held, WalletError> {
        let earlier = self.earlier_keys(vehicle).await?;
        Ok(Held::of(&self.history_of(&Subject::Own(vehicle))?, earlier))
    }

    /// The keys that this car's seller handed over, and those handed over to the seller, the latest first.
    async fn earlier_keys(&self, vehicle: StreamId) -> Result<Vec<StreamKeys>, WalletError> {
        let Some(takeover) = &self.session.unlocked()?.keyring.vehicle(vehicle)?.takeover else {
            return Ok(Vec::new());
        };
        let reader = self.reader(takeover.sale).await?;
        Ok(core::iter::once(reader.keys).chain(reader.earlier).collect())
    }

    /// Gives the new generation to those whose shares of these categories stand, and to who holds the car together.
    ///
    /// # Errors
    /// As sealing a share; [`WalletError::NotFound`] when the car is not in memory.
    pub(crate) async fn reissue<R: CryptoRng>(
        &self,
        next: &mut Keyring,
        vehicle: StreamId,
        categories: &[Category],
        batch: &mut Batch,
        cx: &mut Context<'_, R>,
    ) -> Result<Vec<Item>, WalletError> {
        self.reissue_as(next, vehicle, self.opened(Space::from(vehicle))?, categories, batch, cx).await
    }

    /// [`Self::reissue`] from a passport as it will be.
    ///
    /// # Errors
    /// As there.
    pub(crate) async fn reissue_as<R: CryptoRng>(
        &self,
        next: &mut Keyring,
        vehicle: StreamId,
        opened: &Opened,
        categories: &[Category],
        batch: &mut Batch,
        cx: &mut Context<'_, R>,
    ) -> Result<Vec<Item>, WalletError> {
        let of_them = |share: &Share| share.scopes.iter().any(|scope| categories.contains(&scope.category));
        let mut items = self.reissue_those(next.vehicle(vehicle)?, opened, of_them, batch, cx).await?;
        items.extend(seal_bundles(next, vehicle, |_| true, batch, cx)?);
        Ok(items)
    }

    /// Seals the shares that stand and are `wanted` anew.
    async fn reissue_those<R: CryptoRng>(
        &self,
        keys: &VehicleKeys,
        opened: &Opened,
        wanted: impl Fn(&Share) -> bool,
        batch: &mut Batch,
        cx: &mut Context<'_, R>,
    ) -> Result<Vec<Item>, WalletError> {
        let (checkpoint, earlier) = (self.seen_note().await?, self.earlier_keys(keys.stream).await?);
        let held = Held::of(&History::of(opened, None), earlier);
        let mut items = Vec::new();
        for share in keys.shares.iter().filter(|share| share.is_live(cx.now) && wanted(share)) {
            let envelope = seal_share(keys, share, &held, checkpoint.clone(), cx.now, cx.rng)?;
            batch.put(Table::Grants, row::given(share.grant), encoding::encode(&envelope));
            items.push(Item::ReplaceGrant(share.grant));
        }
        Ok(items)
    }

    /// Gives the readers of what was shared on this device the keys of records in these categories that another device
    /// brought later, under a generation of which there were none here. Who shared on the other device had them.
    ///
    /// # Errors
    /// As sealing a share.
    pub(crate) async fn reach_readers<R: CryptoRng>(
        &mut self,
        vehicle: StreamId,
        categories: &HashSet<Category>,
        cx: &mut Context<'_, R>,
    ) -> Result<(), WalletError> {
        let keyring = &self.session.unlocked()?.keyring;
        let Ok(keys) = keyring.writable(vehicle) else { return Ok(()) };
        let mut given = HashSet::new();
        for share in keys.shares.iter().filter(|share| share.is_live(cx.now)) {
            let of_them = share.scopes.iter().any(|scope| categories.contains(&scope.category));
            if of_them && self.store.read(Table::Grants, &row::given(share.grant)).await?.is_some() {
                given.insert(share.grant);
            }
        }
        if given.is_empty() {
            return Ok(());
        }
        let (next, mut batch) = (keyring.duplicate()?, Batch::default());
        let (keys, opened) = (next.vehicle(vehicle)?, self.opened(Space::from(vehicle))?);
        let items = self.reissue_those(keys, opened, |share| given.contains(&share.grant), &mut batch, cx).await?;
        outbox::enqueue(&self.store, Space::from(vehicle), items, &mut batch).await?;
        self.commit_keyring(next, batch, cx).await
    }
}

/// Marks a share as taken back. Answers what is to be sent for it.
pub(crate) fn take_back(stream: StreamId, share: &mut Share, now: Timestamp) -> Vec<Item> {
    share.revoked_at = Some(now);
    let grant = share.grant;
    let mut items = vec![Item::Act(Action::RevokeGrant { stream, grant }), Item::RemoveGrant(grant)];
    items.extend(share.link.as_ref().map(|link| Item::RemoveLink(link.link)));
    items
}

impl VehicleKeys {
    /// Takes back every link: whoever had this keyring has their secrets. Answers what is to be sent for it.
    pub fn end_links(&mut self, now: Timestamp) -> Vec<Item> {
        let (stream, shares) = (self.stream, self.shares.iter_mut());
        let links = shares.filter(|share| share.link.is_some() && share.is_live(now));
        links.flat_map(|share| take_back(stream, share, now)).collect()
    }

    /// Takes back what is shared with keys that are no member's: whoever had this keyring can have put them there.
    pub fn end_strangers(&mut self, members: &Members, now: Timestamp) -> Vec<Item> {
        let known = |share: &Share| {
            let member = share.grantee.sign.and_then(|sign| members.find(&sign));
            member.is_some_and(|member| member.seal == share.grantee.seal)
        };
        let (stream, shares) = (self.stream, self.shares.iter_mut());
        let strangers = shares.filter(|share| share.link.is_none() && share.is_live(now) && !known(share));
        strangers.flat_map(|share| take_back(stream, share, now)).collect()
    }
}

/// The transaction that issues a share's grant.
fn issue(keys: &VehicleKeys, share: &Share, envelope: &GrantEnvelope) -> Item {
    let (stream, grant) = (keys.stream, share.grant);
    let acceptor = share.link.is_none().then(|| {
        let key = acceptance_key(&keys.signing_key(), &stream, &grant);
        acceptor_hash(&stream, &grant, &key.verifying_key())
    });
    Item::Act(Action::IssueGrant { stream, grant, hash: grant_hash(envelope), acceptor, not_after: share.not_after })
}

fn check<R>(draft: &ShareDraft, cx: &Context<'_, R>) -> Result<(), WalletError> {
    let twice = (1..draft.scopes.len())
        .any(|n| draft.scopes[..n].iter().any(|scope| scope.category == draft.scopes[n].category));
    let texts_fit = draft.message.as_ref().is_none_or(|message| message.chars().count() <= TEXT_MAX);
    let audience_fits = match &draft.audience {
        Audience::Member(_) => true,
        // A link lies about in chats and mails; it always has an end.
        Audience::Link { name, max_opens, pin } => {
            draft.not_after.is_some()
                && name.chars().count() <= TEXT_MAX
                && *max_opens != Some(0)
                && pin.as_ref().is_none_or(|pin| PIN_LENGTH.contains(&pin.chars().count()))
        }
    };
    let ends_later = draft.not_after.is_none_or(|end| end > cx.now);
    let good = !draft.scopes.is_empty() && !twice && ends_later && texts_fit && audience_fits;
    if good { Ok(()) } else { Err(WalletError::BadInput) }
}
