use crate::{
    rng::TestRng,
    sample::{days, draft},
};
use carnet_crypto::{
    KdfError, OpenError,
    grant::{GrantError, open_link_grant, seal_grant, seal_link_grant, verify_grant},
    link::{LinkBinding, LinkKeys, derive_link, generate_fragment, token_hash},
    signature::{SigningKey, verify},
};
use carnet_protocol::{
    category::Category,
    grant::{GrantEnvelope, Grantee},
    id::LinkId,
    link::{Argon2Params, LinkFragment},
};

/// The cheapest cost that is accepted: these tests are not about cost.
const COST: Argon2Params = Argon2Params { memory_kib: 19 * 1024, passes: 2, lanes: 1 };

fn parts(keys: &LinkKeys) -> [Vec<u8>; 3] {
    [keys.token.expose().to_vec(), keys.seal.public().0.to_vec(), keys.binding.secret().expose().to_vec()]
}

#[test]
fn secret_link_id_pin_and_cost_each_change_every_key() {
    let fragment = generate_fragment(&mut TestRng::new(1));
    let mut other_link = fragment.clone();
    other_link.link = LinkId([9; 16]);
    let mut other_secret = fragment.clone();
    other_secret.secret[31] ^= 1;
    let dearer = Argon2Params { passes: 3, ..COST };
    let keys: Vec<[Vec<u8>; 3]> = [
        (&fragment, None),
        (&other_link, None),
        (&other_secret, None),
        (&fragment, Some(("1234", COST))),
        (&fragment, Some(("1235", COST))),
        (&fragment, Some(("1234", dearer))),
        (&fragment, Some(("", COST))),
    ]
    .iter()
    .map(|(fragment, pin)| parts(&derive_link(fragment, *pin).unwrap()))
    .collect();
    assert_eq!(keys[0], parts(&derive_link(&fragment, None).unwrap()), "the same link gives the same keys");
    let mut all: Vec<&Vec<u8>> = keys.iter().flatten().collect();
    let count = all.len();
    all.sort();
    all.dedup();
    assert_eq!(all.len(), count);
}

#[test]
fn a_cost_chosen_to_be_weak_is_refused() {
    let fragment = generate_fragment(&mut TestRng::new(2));
    let weak = Argon2Params { memory_kib: 8, passes: 1, lanes: 1 };
    assert!(matches!(derive_link(&fragment, Some(("1234", weak))), Err(KdfError::TooWeak { .. })));
}

#[test]
fn the_token_is_kept_as_a_hash() {
    let keys = derive_link(&generate_fragment(&mut TestRng::new(3)), None).unwrap();
    let hash = token_hash(keys.token.expose());
    assert_ne!(&hash.0, keys.token.expose());
    assert_eq!(hash, token_hash(keys.token.expose()));
    assert_ne!(hash, token_hash(&keys.token.expose()[..31]));
}

struct Shared {
    fragment: LinkFragment,
    owner: SigningKey,
    envelope: GrantEnvelope,
    rng: TestRng,
}

fn shared() -> Shared {
    let mut rng = TestRng::new(4);
    let (fragment, owner) = (generate_fragment(&mut rng), SigningKey::generate(&mut rng));
    let keys = derive_link(&fragment, None).unwrap();
    let draft = draft(keys.seal.public(), &[Category::Mileage], days(1, 100));
    let envelope = seal_link_grant(draft, &keys.binding, &owner, &mut rng).unwrap();
    Shared { fragment, owner, envelope, rng }
}

#[test]
fn a_reader_with_the_link_alone_learns_whose_grant_it_is() {
    let shared = shared();
    let opened = open_link_grant(&shared.envelope, &derive_link(&shared.fragment, None).unwrap()).unwrap();
    assert_eq!(opened.owner, shared.owner.verifying_key());
    assert_eq!(opened.scopes.len(), 1);
    assert!(opened.acceptance.is_none());
}

#[test]
fn a_maker_who_kept_the_binding_can_renew_the_grant() {
    let mut shared = shared();
    let keys = derive_link(&shared.fragment, None).unwrap();
    let kept = LinkBinding::from_secret(shared.fragment.link, keys.binding.secret());
    let draft = draft(keys.seal.public(), &[Category::Mileage, Category::Battery], days(1, 100));
    let renewed = seal_link_grant(draft, &kept, &shared.owner, &mut shared.rng).unwrap();
    assert_eq!(open_link_grant(&renewed, &keys).unwrap().scopes.len(), 2);
}

/// The relay knows the envelope and so the link's public seal key, everything but the secret.
#[test]
fn a_relay_cannot_put_another_grant_behind_a_link() {
    let Shared { fragment, owner, envelope, mut rng } = shared();
    let keys = derive_link(&fragment, None).unwrap();
    let public = verify_grant(&envelope).unwrap().grantee.seal;
    let relay = SigningKey::generate(&mut rng);
    let refused = |envelope: &GrantEnvelope| {
        assert_eq!(open_link_grant(envelope, &keys).unwrap_err(), GrantError::Open(OpenError));
    };
    let forged = || draft(public, &[Category::Mileage], days(1, 100));
    refused(&seal_grant(forged(), &relay, &mut rng).unwrap());
    let guessed = LinkBinding::from_secret(fragment.link, &carnet_crypto::secret::Secret::generate(&mut rng));
    refused(&seal_link_grant(forged(), &guessed, &relay, &mut rng).unwrap());
    // Not even the owner's own sealed part under another name, nor the grant behind another of the owner's links.
    let grant = verify(&envelope.grant).unwrap();
    refused(&GrantEnvelope { grant: relay.sign(&grant), sealed: envelope.sealed.clone() });
    let other = derive_link(&generate_fragment(&mut rng), None).unwrap();
    let other_draft = draft(other.seal.public(), &[Category::Mileage], days(1, 100));
    let elsewhere = seal_link_grant(other_draft, &other.binding, &owner, &mut rng).unwrap();
    assert_eq!(open_link_grant(&elsewhere, &keys).unwrap_err(), GrantError::OtherGrantee);
    // The same keys under another link's name.
    let renamed = LinkBinding::from_secret(LinkId([9; 16]), keys.binding.secret());
    refused(&seal_link_grant(forged(), &renamed, &owner, &mut rng).unwrap());
}

#[test]
fn a_wrong_pin_opens_nothing() {
    let mut rng = TestRng::new(5);
    let (fragment, owner) = (generate_fragment(&mut rng), SigningKey::generate(&mut rng));
    let keys = derive_link(&fragment, Some(("4711", COST))).unwrap();
    let mut draft = draft(keys.seal.public(), &[Category::Mileage], days(1, 100));
    draft.grantee = Grantee { seal: keys.seal.public(), sign: None };
    let envelope = seal_link_grant(draft, &keys.binding, &owner, &mut rng).unwrap();
    assert!(open_link_grant(&envelope, &derive_link(&fragment, Some(("4711", COST))).unwrap()).is_ok());
    for pin in [None, Some(("4712", COST))] {
        let wrong = derive_link(&fragment, pin).unwrap();
        assert_eq!(open_link_grant(&envelope, &wrong).unwrap_err(), GrantError::OtherGrantee);
    }
}
