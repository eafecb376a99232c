//! Acting for a member of the consortium.

use crate::{
    command::Answer,
    directory::member_view,
    error::WalletError,
    keyring::{Seed, StaffKeys},
    relay::Auth,
    store::{Batch, Store},
    transport::Transport,
    view::{StaffView, fingerprint},
    wallet::{Context, Wallet},
};
use carnet_crypto::{member::MemberKeys, secret::Secret};
use carnet_protocol::{
    api::{
        ProblemCode,
        body::{DemoMember, DemoMembers},
        path,
    },
    key::VerifyingKey,
    limits::NAME_MAX,
    member::{Member, MemberClass},
};
use rand_core::CryptoRng;

impl<S: Store, T: Transport> Wallet<S, T> {
    pub(crate) async fn staff<R: CryptoRng>(&mut self, cx: &mut Context<'_, R>) -> Result<Answer, WalletError> {
        if self.session.unlocked()?.keyring.staff.is_some() {
            match self.fetch_directory(cx).await {
                Ok(()) | Err(WalletError::Offline | WalletError::Busy { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        let members = self.directory().await?;
        let Some(staff) = &self.session.unlocked()?.keyring.staff else { return Ok(Answer::Staff(None)) };
        let keys = MemberKeys::from_seed(staff.seed.secret());
        let sign = keys.sign.verifying_key();
        let listed = members.find(&sign);
        let member = listed.cloned().unwrap_or_else(|| Member {
            sign,
            seal: keys.seal.public(),
            name: staff.name.clone(),
            class: staff.class,
            base_quality: 0,
        });
        Ok(Answer::Staff(Some(StaffView { member, fingerprint: fingerprint(&sign), admitted: listed.is_some() })))
    }

    pub(crate) async fn demo_roles<R: CryptoRng>(&mut self, cx: &mut Context<'_, R>) -> Result<Answer, WalletError> {
        let roles = self.demo_members(cx).await?;
        Ok(Answer::DemoRoles(roles.iter().map(|role| member_view(&role.member)).collect()))
    }

    async fn demo_members<R: CryptoRng>(&mut self, cx: &mut Context<'_, R>) -> Result<Vec<DemoMember>, WalletError> {
        let demo = self.relay(cx.now).get::<DemoMembers>(path::DEMO_MEMBERS, Auth::Open, cx.rng).await;
        match demo {
            // No demo consortium here.
            Err(error) if error.is(ProblemCode::NotFound) => Ok(Vec::new()),
            other => Ok(self.note_connection(other)?.members),
        }
    }

    pub(crate) async fn take_demo_role<R: CryptoRng>(
        &mut self,
        member: VerifyingKey,
        cx: &mut Context<'_, R>,
    ) -> Result<Answer, WalletError> {
        self.session.unlocked()?;
        let roles = self.demo_members(cx).await?;
        let role = roles.into_iter().find(|role| role.member.sign == member).ok_or(WalletError::NotFound)?;
        let seed = Secret::from_slice(&role.seed).map_err(|_| WalletError::BadInput)?;
        if MemberKeys::from_seed(&seed).sign.verifying_key() != member {
            return Err(WalletError::BadInput);
        }
        let Member { name, class, .. } = role.member;
        self.become_staff(StaffKeys { seed: Seed::from(seed), name, class, cars: Vec::new() }, cx).await
    }

    pub(crate) async fn request_membership<R: CryptoRng>(
        &mut self,
        name: String,
        class: MemberClass,
        cx: &mut Context<'_, R>,
    ) -> Result<Answer, WalletError> {
        let name = name.trim().to_owned();
        if name.is_empty() || name.len() > NAME_MAX {
            return Err(WalletError::BadInput);
        }
        // Drawn anew for a name of one's own; asking again under another name must not bring the old key along.
        self.become_staff(StaffKeys { seed: Seed::generate(cx.rng), name, class, cars: Vec::new() }, cx).await
    }

    async fn become_staff<R: CryptoRng>(
        &mut self,
        mut staff: StaffKeys,
        cx: &mut Context<'_, R>,
    ) -> Result<Answer, WalletError> {
        let mut next = self.session.unlocked()?.keyring.duplicate()?;
        // Taken up again, a role has still the cars that were paired with it.
        if let Some(before) = next.staff.take_if(|before| before.seed == staff.seed) {
            staff.cars = before.cars;
        }
        next.staff = Some(staff);
        self.commit_keyring(next, Batch::default(), cx).await?;
        self.tell_waiting(cx).await?;
        self.staff(cx).await
    }

    /// A member by its key, from the verified directory; nobody before the directory was confirmed once.
    pub(crate) async fn member<R: CryptoRng>(
        &mut self,
        key: VerifyingKey,
        cx: &mut Context<'_, R>,
    ) -> Result<Member, WalletError> {
        let confirmed = self.seen().await?.is_some();
        if confirmed && let Some(member) = self.directory().await?.find(&key) {
            return Ok(member.clone());
        }
        self.fetch_directory(cx).await?;
        // Before any quorum has confirmed a checkpoint, the ledger and its members may be the relay's invention.
        if self.policy.needed() > 0 && self.seen().await?.is_none() {
            return Err(self.why_unconfirmed(cx).await);
        }
        self.directory().await?.find(&key).cloned().ok_or(WalletError::NotFound)
    }
}
