//! The sale of a car: the seller's offer ([`offer`]), the buyer's takeover ([`takeover`]). Steps: `docs/formats/sale.md`.
//!
//! Each side writes down what it is about to do before it tells anybody, and says the same thing again until it knows what
//! became of it; the ledger takes either side's word once.

mod offer;
mod takeover;

use crate::{
    command::{Answer, Command, Notice},
    error::WalletError,
    keyring::{SaleStage, VehicleKeys},
    row::Space,
    store::{Batch, Store, Table},
    transport::Transport,
    view::VehicleStage,
    wallet::{Context, Wallet},
};
use carnet_protocol::{category::Category, id::StreamId};
use core::{
    future::{Future, ready},
    pin::Pin,
};
use rand_core::CryptoRng;

/// What goes to the buyer. How and where the seller drove and what it cost stays the seller's.
pub(crate) const HANDED_OVER: [Category; 8] = [
    Category::Identity,
    Category::Mileage,
    Category::Maintenance,
    Category::Inspection,
    Category::Incident,
    Category::Ownership,
    Category::Battery,
    Category::Documents,
];

/// Where the code of a sale is opened, before its fragment.
const CODE_PATH: &str = "/s#";

/// How a car stands in its list.
pub(crate) fn stage(vehicle: &VehicleKeys) -> VehicleStage {
    match (&vehicle.sale, &vehicle.takeover) {
        (Some(sale), _) if matches!(sale.stage, SaleStage::Sold { .. }) => VehicleStage::Sold,
        (Some(_), _) => VehicleStage::Offered,
        (None, Some(takeover)) if !takeover.done => VehicleStage::Arriving,
        (None, _) => VehicleStage::Own,
    }
}

impl<S: Store, T: Transport> Wallet<S, T> {
    /// One line per command of a sale. Their state is large and rarely wanted, so it is on the heap.
    pub(crate) fn dispatch_sale<'a, R: CryptoRng>(
        &'a mut self,
        command: Command,
        cx: &'a mut Context<'_, R>,
    ) -> Pin<Box<dyn Future<Output = Result<Answer, WalletError>> + 'a>> {
        use Command as C;
        match command {
            C::OfferSale { vehicle, verification, draft } => Box::pin(async move {
                self.verify(verification).await?;
                self.offer_sale(vehicle, draft, cx).await
            }),
            C::Sale { vehicle } => Box::pin(ready(self.sale(vehicle, cx))),
            C::CancelSale { vehicle } => Box::pin(self.cancel_sale(vehicle, cx)),
            C::OpenOffer { grant } => Box::pin(self.open_offer(grant, cx)),
            C::Takeover => Box::pin(self.takeover(cx)),
            C::AcceptSale { odometer, liens } => Box::pin(self.accept_sale(odometer, liens, cx)),
            _ => Box::pin(ready(Err(WalletError::BadInput))),
        }
    }

    /// Goes on with what was begun: offers that the ledger may not have yet, takeovers that wait for it. What the ledger
    /// refuses is over; it is told where it was begun, and in the list of cars.
    pub(crate) async fn resume_sales<R: CryptoRng>(&mut self, cx: &mut Context<'_, R>) -> Result<(), WalletError> {
        let unlocked = self.session.unlocked()?;
        let begun = |vehicle: &&VehicleKeys| {
            vehicle.sale.as_ref().is_some_and(|sale| sale.stage == SaleStage::Offering)
                || vehicle.takeover.as_ref().is_some_and(|takeover| !takeover.done)
        };
        let begun: Vec<StreamId> =
            unlocked.keyring.vehicles.iter().filter(begun).map(|vehicle| vehicle.stream).collect();
        for stream in begun {
            let arriving = self.session.unlocked()?.keyring.vehicle(stream)?.takeover.as_ref().is_some_and(|t| !t.done);
            let result =
                if arriving { self.settle_takeover(stream, cx).await } else { self.settle_offer(stream, cx).await };
            match result {
                Ok(())
                | Err(
                    WalletError::Rejected { .. }
                    | WalletError::LinkClaimed
                    | WalletError::LinkRevoked
                    | WalletError::LinkEnded,
                ) => {
                    cx.tell(Notice::Changed(None));
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Whether a car was sold and the whole of that is proved and kept: nothing more will come.
    pub(crate) async fn is_archive(&mut self, stream: StreamId) -> Result<bool, WalletError> {
        let sold = self.session.unlocked()?.keyring.vehicle(stream)?.is_sold();
        // Whether it is closed stands in its proof.
        Ok(sold && self.load_own(stream).await?.is_closed())
    }

    /// Whether every record that the ledger has of a car, and that its keys open, is here: the proof is kept before they
    /// are fetched.
    pub(crate) fn has_all(&self, stream: StreamId) -> Result<bool, WalletError> {
        Ok(self.opened(stream.into())?.completeness().missing == 0)
    }

    /// Forgets what waits for a car that was sold: its passport takes nothing any more.
    pub(crate) async fn end_lane(&self, lane: Space) -> Result<(), WalletError> {
        let mut batch = Batch::default();
        self.delete_rows(Table::Outbox, lane, &mut batch).await?;
        Ok(self.store.commit(batch).await?)
    }
}
