//! Lies about grants and links.

use super::{change, flip};
use crate::{Asked, Heard, Lie};
use carnet_protocol::{
    api::{
        body::{Inbox, LinkNotice, LinkOpened},
        path,
    },
    encoding,
    grant::GrantEnvelope,
    id::StreamId,
    key::VerifyingKey,
    ledger::StreamHead,
    link::Argon2Params,
};

/// Less than any floor.
const WEAK: Argon2Params = Argon2Params { memory_kib: 8, passes: 1, lanes: 1 };
/// More than a browser has.
const COSTLY: Argon2Params = Argon2Params { memory_kib: u32::MAX, passes: 1, lanes: 1 };

pub(super) fn tell(lie: Lie, asked: &Asked, honest: &[u8], heard: &Heard) -> Option<Vec<u8>> {
    match lie {
        Lie::GrantBitFlipped => change(honest, |opened: &mut LinkOpened| flip(&mut opened.envelope.sealed.sealed.0)),
        Lie::ViewTokenCut => change(honest, |opened: &mut LinkOpened| opened.view_token.0.pop().map(drop)),
        Lie::GrantOfAnotherLink => {
            let other = heard.first(path::LINK_OPEN, |other, _| other.path != asked.path)?;
            let other: LinkOpened = encoding::decode(&other).ok()?;
            change(honest, |opened: &mut LinkOpened| {
                opened.envelope = other.envelope;
                Some(())
            })
        }
        Lie::WeakKdf => notice(honest, Some(WEAK)),
        Lie::CostlyKdf => notice(honest, Some(COSTLY)),
        Lie::PinNotAsked => notice(honest, None),
        Lie::GrantReplayed => heard.first(path::GRANT, |other, body| {
            other.path == asked.path && body != honest && encoding::decode::<GrantEnvelope>(body).is_ok()
        }),
        Lie::GrantSwapped => heard.first(path::GRANT, |other, body| {
            other.path != asked.path && encoding::decode::<GrantEnvelope>(body).is_ok()
        }),
        Lie::InboxForged => {
            change(honest, |inbox: &mut Inbox| flip(&mut inbox.grants.first_mut()?.envelope.sealed.sealed.0))
        }
        Lie::InboxReplayed => heard.first(path::INBOX, |_, body| {
            body != honest && encoding::decode::<Inbox>(body).is_ok_and(|inbox| !inbox.grants.is_empty())
        }),
        Lie::StreamOwnerSwapped => change(honest, |head: &mut StreamHead| {
            head.owner = VerifyingKey([3; 32]);
            Some(())
        }),
        Lie::StreamSwapped => change(honest, |head: &mut StreamHead| {
            head.stream = StreamId([9; 16]);
            Some(())
        }),
        Lie::InboxEmptied => change(honest, |inbox: &mut Inbox| {
            inbox.grants.clear();
            Some(())
        }),
        _ => None,
    }
}

fn notice(honest: &[u8], pin: Option<Argon2Params>) -> Option<Vec<u8>> {
    change(honest, |notice: &mut LinkNotice| {
        notice.pin = pin;
        Some(())
    })
}
