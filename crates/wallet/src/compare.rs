//! Several kept passports side by side.

use crate::{
    backing::Backing,
    command::{Answer, COMPARED_MAX, Subject},
    error::WalletError,
    store::Store,
    synthesis,
    transport::Transport,
    view::{ComparedView, ComparisonView},
    wallet::{Context, Wallet},
};
use carnet_passport::{OpenedRecord, compare, sample::is_sample, synthesis::Synthesis};
use carnet_protocol::id::GrantId;
use rand_core::CryptoRng;

/// One of the cars, opened.
struct Car {
    shown: ComparedView,
    records: Vec<OpenedRecord>,
    synthesis: Synthesis,
}

impl<S: Store, T: Transport> Wallet<S, T> {
    pub(crate) async fn compare_saved<R: CryptoRng>(
        &mut self,
        grants: &[GrantId],
        cx: &mut Context<'_, R>,
    ) -> Result<Answer, WalletError> {
        if grants.len() > COMPARED_MAX {
            return Err(WalletError::BadInput);
        }
        let (mut cars, mut closed) = (Vec::new(), Vec::new());
        for grant in grants {
            self.session.unlocked()?.keyring.saved(*grant).ok_or(WalletError::NotFound)?;
            match self.compared(*grant, cx).await {
                Ok(car) => cars.push(car),
                // One that cannot be opened or believed must not hide the others, nor stand beside them.
                Err(
                    WalletError::AccessEnded
                    | WalletError::AccessRevoked
                    | WalletError::NotFound
                    | WalletError::Untrusted { .. }
                    | WalletError::Offline
                    | WalletError::Busy { .. },
                ) => closed.push(*grant),
                Err(error) => return Err(error),
            }
        }
        let candidates: Vec<_> =
            cars.iter().map(|car| compare::Candidate { records: &car.records, synthesis: &car.synthesis }).collect();
        let rows = compare::view(&candidates);
        Ok(Answer::Comparison(ComparisonView { cars: cars.into_iter().map(|car| car.shown).collect(), rows, closed }))
    }

    /// One car, fetched and checked as when it is opened.
    async fn compared<R: CryptoRng>(&mut self, grant: GrantId, cx: &mut Context<'_, R>) -> Result<Car, WalletError> {
        self.fetch_granted(grant, cx).await?;
        let subject = Subject::Granted(grant);
        let members = self.members_for(&subject).await?;
        let history = self.classified(&subject, &members, cx).await?;
        let terms = history.newest().terms.as_ref().ok_or(WalletError::NotFound)?;
        let shown = ComparedView {
            grant,
            name: terms.vehicle_name.clone(),
            sample: terms.sample || is_sample(history.records()),
        };
        let synthesis = synthesis::view(&history, &members, &Backing::of(&history), None, cx.now);
        Ok(Car { shown, records: history.records().to_vec(), synthesis })
    }
}
