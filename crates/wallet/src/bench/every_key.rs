//! What somebody could open who takes every key of this wallet and looks at everything that a relay has: for tests of who
//! must be shut out.

use crate::{error::WalletError, open::StreamKeys, store::Store, transport::Transport, wallet::Wallet};
use carnet_crypto::{
    header::BoundHeader,
    sealing::SealingSecret,
    wrap::{unwrap_day_bound, unwrap_inbox},
};
use carnet_protocol::{api::body::StoredRecord, encoding, record::SealedRecord};

impl<S: Store, T: Transport> Wallet<S, T> {
    /// How many of these records open with any key that is or was in this wallet, whatever stream or category the key is
    /// said to be for.
    ///
    /// # Errors
    /// [`WalletError::Locked`].
    pub async fn opened_with_every_key(&self, records: &[StoredRecord]) -> Result<usize, WalletError> {
        let keyring = &self.session.unlocked()?.keyring;
        let (mut all, mut inboxes) = (Vec::new(), Vec::new());
        for vehicle in &keyring.vehicles {
            all.push(StreamKeys::own(vehicle)?);
            inboxes.extend(vehicle.inboxes().secrets());
        }
        for saved in &keyring.saved {
            let reader = self.reader(saved.grant).await?;
            all.push(reader.keys);
            all.extend(reader.earlier);
        }
        Ok(records.iter().filter(|record| opens(record, &all, &inboxes)).count())
    }
}

fn opens(stored: &StoredRecord, all: &[StreamKeys], inboxes: &[SealingSecret]) -> bool {
    let Some(sealed) = stored.record.as_ref().and_then(|bytes| encoding::decode::<SealedRecord>(bytes).ok()) else {
        return false;
    };
    let bound = BoundHeader::new(&sealed.header);
    let mut days = all.iter().flat_map(|keys| &keys.scopes).filter_map(|scope| scope.cover.day_keys(sealed.header.day));
    let by_day = days.any(|keys| stored.wraps.iter().any(|wrap| unwrap_day_bound(wrap, &keys, &bound).is_ok()));
    let by_inbox = |inbox| stored.wraps.iter().any(|wrap| unwrap_inbox(wrap, inbox, &sealed.header).is_ok());
    by_day || inboxes.iter().any(by_inbox)
}
