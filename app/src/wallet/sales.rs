//! Calls about selling a car and taking one over.

use super::session::calls;
use super::{CallError, WalletClient};
use carnet_protocol::{
    id::{FlagId, GrantId, StreamId},
    quantity::Metres,
};
use carnet_wallet::{
    command::{Answer, Command, SaleDraft, Verification},
    view::{LinkView, SaleView, TakeoverView, VehicleCard},
};

calls! {
    /// Offers a car for sale.
    offer_sale(vehicle: StreamId, verification: Verification, draft: SaleDraft) =>
        Command::OfferSale { vehicle, verification, draft },
        Answer::Sale(sale) => sale.map(|sale| *sale), Option<SaleView>;

    /// How the sale of a car stands.
    sale(vehicle: StreamId) => Command::Sale { vehicle }, Answer::Sale(sale) => sale.map(|sale| *sale), Option<SaleView>;

    /// Takes an offer back.
    cancel_sale(vehicle: StreamId) =>
        Command::CancelSale { vehicle }, Answer::Sale(sale) => sale.map(|sale| *sale), Option<SaleView>;

    /// Opens the code that the owner of a saved passport sent to its reader.
    open_offer(grant: GrantId) => Command::OpenOffer { grant }, Answer::Link(view) => view, LinkView;

    /// What the open code hands over.
    takeover() => Command::Takeover, Answer::Takeover(view) => *view, TakeoverView;

    /// Takes the car of the open code over.
    accept_sale(odometer: Metres, liens: Vec<FlagId>) =>
        Command::AcceptSale { odometer, liens }, Answer::Vehicle(card) => card, VehicleCard;
}
