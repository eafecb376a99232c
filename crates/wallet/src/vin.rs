//! Attesting a VIN as a member that saw the car: the tag from the consortium, without telling it the VIN.

use crate::{
    command::{Answer, Subject},
    error::{Distrust, WalletError},
    relay::Auth,
    standing::stated_vin,
    store::Store,
    transport::Transport,
    wallet::{Context, Wallet},
};
use carnet_crypto::signature;
use carnet_passport::identity;
use carnet_protocol::{
    api::path,
    id::{GrantId, RecordId, StreamId, VinTag},
    key::VinKey,
    ledger::{Action, Rejection, Transaction, VinSighting},
    signed::Signed,
    vin::{TagLookup, VinAnswer},
};
use carnet_vin_tag::{Blinded, Vin, VinTagError};
use rand_core::CryptoRng;

impl<S: Store, T: Transport> Wallet<S, T> {
    pub(crate) async fn attest_vin<R: CryptoRng>(
        &mut self,
        grant: GrantId,
        odometer: Option<RecordId>,
        cx: &mut Context<'_, R>,
    ) -> Result<Answer, WalletError> {
        let subject = Subject::Granted(grant);
        let (stream, sighting) = self.sighting(grant, odometer, cx).await?;
        self.say(&subject, Action::AttestVin { stream, sighting }, cx).await?;
        self.standing(&subject, cx).await
    }

    pub(crate) async fn reopen_passport<R: CryptoRng>(
        &mut self,
        grant: GrantId,
        odometer: Option<RecordId>,
        evidence: RecordId,
        cx: &mut Context<'_, R>,
    ) -> Result<Answer, WalletError> {
        let subject = Subject::Granted(grant);
        let (stream, sighting) = self.sighting(grant, odometer, cx).await?;
        let (_, evidence) = self.evidence(&subject, evidence, cx).await?;
        let previous = self.tag_holder(sighting.tag, cx).await?;
        let previous = previous.ok_or(WalletError::Rejected { reason: Rejection::PassportUnknown })?;
        self.say(&subject, Action::ReopenPassport { stream, previous, sighting, evidence }, cx).await?;
        self.standing(&subject, cx).await
    }

    /// What the member saw: the VIN that the passport shows, by the record that states it, as a tag.
    async fn sighting<R: CryptoRng>(
        &mut self,
        grant: GrantId,
        odometer: Option<RecordId>,
        cx: &mut Context<'_, R>,
    ) -> Result<(StreamId, VinSighting), WalletError> {
        self.fetch_granted(grant, cx).await?;
        let opened = self.subject(&Subject::Granted(grant), cx).await?;
        let stream = opened.stream;
        let shown = identity::view(&opened.records).identity.vin.ok_or(WalletError::NotFound)?;
        let vin = Vin::parse(&shown).map_err(|_| WalletError::BadInput)?;
        let stating = opened.records.iter().rev().find(|record| stated_vin(&record.payload.fact) == Some(vin));
        let record = stating.ok_or(WalletError::NotFound)?.record;
        let tag = self.vin_tag(&vin, cx).await?;
        Ok((stream, VinSighting { tag, record, odometer }))
    }

    /// The tag of a VIN. The relay learns neither; it cannot use another key than the one named on the ledger.
    async fn vin_tag<R: CryptoRng>(&mut self, vin: &Vin, cx: &mut Context<'_, R>) -> Result<VinTag, WalletError> {
        let key = self.vin_key(cx).await?;
        let blinded = Blinded::new(vin, cx.rng).map_err(|_| WalletError::BadInput)?;
        let (sign, question) = (self.staff_key()?, blinded.question());
        let answer = self.relay(cx.now).post(path::VIN_EVALUATIONS, Auth::Key(&sign), &question, cx.rng).await;
        let answer: VinAnswer = self.note_connection(answer)?;
        blinded.finish(&answer, &key).map_err(|error| match error {
            VinTagError::NotAVin => WalletError::BadInput,
            VinTagError::Malformed => WalletError::Untrusted { what: Distrust::Malformed },
            VinTagError::Proof => WalletError::Untrusted { what: Distrust::VinKey },
        })
    }

    /// The key for VIN tags, from the transaction in which the pinned ledger's authority named it.
    async fn vin_key<R: CryptoRng>(&mut self, cx: &mut Context<'_, R>) -> Result<VinKey, WalletError> {
        self.fetch_directory(cx).await?;
        let authority = self.authority().await?;
        let signed = self.relay(cx.now).get::<Signed<Transaction>>(path::VIN_KEY, Auth::Open, cx.rng).await;
        let signed = self.note_connection(signed)?;
        let untrusted = WalletError::Untrusted { what: Distrust::VinKey };
        let transaction = signature::verify_by(&signed, &authority).map_err(|_| untrusted.clone())?;
        match transaction.action {
            Action::PublishVinKey { key } if transaction.ledger == self.session.unlocked()?.keyring.ledger => Ok(key),
            _ => Err(untrusted),
        }
    }

    /// The passport that stands for a tag.
    async fn tag_holder<R: CryptoRng>(
        &mut self,
        tag: VinTag,
        cx: &mut Context<'_, R>,
    ) -> Result<Option<StreamId>, WalletError> {
        let (sign, path) = (self.staff_key()?, path::fill(path::VIN_TAG, &[&tag]));
        let found = self.relay(cx.now).get::<TagLookup>(&path, Auth::Key(&sign), cx.rng).await;
        let found = self.note_connection(found)?;
        Ok(found.known.then_some(found.stream))
    }
}
