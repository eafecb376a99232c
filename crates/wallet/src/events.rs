//! Tickets for the relay's event stream, so that a front end hears of news without asking.

use crate::{relay::Auth, store::Store, transport::Transport, wallet::Wallet};
use carnet_crypto::member::MemberKeys;
use carnet_protocol::{
    api::{
        body::{EventTicket, EventTopics},
        path,
    },
    day::Timestamp,
    id::Nonce16,
};
use rand_core::CryptoRng;

impl<S: Store, T: Transport> Wallet<S, T> {
    /// Tickets for [`path::EVENTS`], at most `max`: one per key, the member role first, then the cars added last.
    /// None while locked. A key for which the relay gives none is passed over; events are hints, and a sync finds the
    /// same without them.
    pub async fn event_tickets<R: CryptoRng>(&self, max: usize, now: Timestamp, rng: &mut R) -> Vec<Nonce16> {
        let Ok(unlocked) = self.session.unlocked() else { return Vec::new() };
        let keyring = &unlocked.keyring;
        let staff = keyring.staff.iter().map(|staff| (MemberKeys::from_seed(staff.seed.secret()).sign, None));
        let cars = keyring.vehicles.iter().rev().filter(|vehicle| vehicle.expect_standing().is_ok());
        let cars = cars.map(|vehicle| (vehicle.signing_key(), Some(vehicle.stream)));
        let (relay, mut tickets) = (self.relay(now), Vec::new());
        for (key, stream) in staff.chain(cars).take(max) {
            let topics = EventTopics { streams: stream.into_iter().collect(), inbox: stream.is_none() };
            let answer = relay.post::<_, EventTicket>(path::EVENT_TICKETS, Auth::Key(&key), &topics, rng);
            tickets.extend(answer.await.ok().map(|answer| answer.ticket));
        }
        tickets
    }
}
