//! The way to the relay, on which anything can happen to a request.

use crate::{device::Gate, dice::Dice, relay::SimRelay};
use axum::body::Body;
use carnet_protocol::api::receipt::HEADER;
use carnet_wallet::transport::{Request, Response, Transport, TransportError};
use http_body_util::BodyExt as _;
use std::{
    cell::{Cell, Ref, RefCell, RefMut},
    rc::Rc,
};
use tower::Service as _;

pub const AUTHORITY: &str = "relay.test";

/// What becomes of a request.
#[derive(Clone, Copy, Debug)]
enum Fate {
    Delivered,
    /// It does not arrive.
    Lost,
    /// It arrives, its answer does not.
    AnswerLost,
    /// It arrives twice.
    Twice,
    /// The sender gives up; it arrives later, after others.
    Late,
    /// A gateway in front of the relay has no time.
    Busy,
}

/// Clones are the same network, with the relay at its end.
#[derive(Clone)]
pub struct Network {
    relay: Rc<RefCell<Option<SimRelay>>>,
    dice: Dice,
    /// Of a hundred requests so many have a bad fate.
    pub bad: Rc<Cell<usize>>,
    late: Rc<RefCell<Vec<Request>>>,
}

impl Network {
    pub fn to(relay: SimRelay, dice: Dice) -> Self {
        Self { relay: Rc::new(RefCell::new(Some(relay))), dice, bad: Rc::default(), late: Rc::default() }
    }

    pub fn relay(&self) -> Ref<'_, SimRelay> {
        Ref::map(self.relay.borrow(), |relay| relay.as_ref().unwrap())
    }

    pub fn relay_mut(&self) -> RefMut<'_, SimRelay> {
        RefMut::map(self.relay.borrow_mut(), |relay| relay.as_mut().unwrap())
    }

    pub fn take_relay(&self) -> SimRelay {
        self.relay.borrow_mut().take().unwrap()
    }

    /// What was thought lost arrives, in any order.
    pub async fn deliver_late(&self) {
        while !self.late.borrow().is_empty() {
            let at = self.dice.roll(self.late.borrow().len());
            let request = self.late.borrow_mut().swap_remove(at);
            self.deliver(request).await;
        }
    }

    fn fate(&self) -> Fate {
        if !self.dice.percent(self.bad.get()) {
            return Fate::Delivered;
        }
        let fates = [Fate::Lost, Fate::AnswerLost, Fate::AnswerLost, Fate::Twice, Fate::Late, Fate::Busy];
        fates[self.dice.roll(fates.len())]
    }

    async fn deliver(&self, request: Request) -> Response {
        let mut router = self.relay().router();
        let mut builder = axum::http::Request::builder()
            .method(request.method.as_str())
            .uri(&request.path)
            .header("host", AUTHORITY)
            .header("content-type", "application/cbor");
        if let Some(authorization) = &request.authorization {
            builder = builder.header("authorization", authorization);
        }
        let asked = builder.body(Body::from(request.body.unwrap_or_default())).unwrap();
        let (head, body) = router.call(asked).await.unwrap().into_parts();
        let text = |name: &str| head.headers.get(name).and_then(|value| Some(value.to_str().ok()?.to_owned()));
        Response {
            status: head.status.as_u16(),
            retry_after_s: text("retry-after").and_then(|value| value.parse().ok()),
            receipt: text(HEADER),
            body: body.collect().await.unwrap().to_bytes().to_vec(),
        }
    }
}

/// One browser's connection.
#[derive(Clone)]
pub struct Wire {
    pub network: Network,
    pub gate: Gate,
}

impl Transport for Wire {
    fn authority(&self) -> &str {
        AUTHORITY
    }

    async fn send(&self, request: Request) -> Result<Response, TransportError> {
        self.gate.pass().await;
        let network = &self.network;
        let answer = match network.fate() {
            Fate::Lost => Err(TransportError::Unreachable),
            Fate::Busy => Ok(Response { status: 502, retry_after_s: None, receipt: None, body: b"gateway".to_vec() }),
            Fate::Late => {
                network.late.borrow_mut().push(request);
                Err(TransportError::TimedOut)
            }
            Fate::AnswerLost => {
                network.deliver(request).await;
                Err(TransportError::TimedOut)
            }
            Fate::Twice => {
                let first = network.deliver(request.clone()).await;
                network.deliver(request).await;
                Ok(first)
            }
            Fate::Delivered => Ok(network.deliver(request).await),
        };
        self.gate.pass().await;
        answer
    }
}
