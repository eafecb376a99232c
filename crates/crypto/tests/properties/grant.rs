use crate::{
    rng::TestRng,
    sample::{days, draft, tree},
};
use carnet_crypto::{
    OpenError,
    grant::{
        GrantDraft, GrantError, acceptance_key, acceptor_hash, grant_hash, open_grant, seal_grant, seal_link_grant,
        verify_grant,
    },
    link::{derive_link, generate_fragment},
    sealing::SealingSecret,
    signature::{SignatureError, SigningKey, verify},
    tree::CoverError,
};
use carnet_protocol::{
    category::Category,
    day::{Day, DayRange, Timestamp},
    encoding,
    grant::{Grant, GrantEnvelope},
    id::{CategoryLabel, GrantId, Hash32, StreamId},
    key::{SealingKey, VerifyingKey},
    limits::GRANT_SCOPES_MAX,
};

struct Parties {
    owner: SigningKey,
    grantee: SealingSecret,
    rng: TestRng,
}

fn parties() -> Parties {
    let mut rng = TestRng::new(1);
    Parties { owner: SigningKey::generate(&mut rng), grantee: SealingSecret::generate(&mut rng), rng }
}

fn sealed(parties: &mut Parties) -> GrantEnvelope {
    let draft = draft(parties.grantee.public(), &[Category::Mileage, Category::Battery], days(19_000, 20_700));
    seal_grant(draft, &parties.owner, &mut parties.rng).unwrap()
}

#[test]
fn a_grant_opens_to_its_grantee_with_everything_in_it() {
    let mut parties = parties();
    let envelope = sealed(&mut parties);
    let owner = parties.owner.verifying_key();
    let opened = open_grant(&envelope, &parties.grantee, &owner).unwrap();
    assert_eq!(opened.owner, owner);
    assert_eq!(opened.terms.audience, "Maria");
    assert_eq!(opened.scopes.len(), 2);
    for (number, scope) in opened.scopes.iter().enumerate() {
        assert_eq!(scope.label, CategoryLabel([number as u8; 8]));
        assert_eq!(scope.cover.keys(), tree(number as u8).cover(scope.days).keys());
        assert!(scope.cover.day_keys(Day(20_000)).is_some() && scope.cover.day_keys(Day(18_999)).is_none());
    }
    let accepting = opened.acceptance.unwrap().verifying_key();
    let (stream, grant) = (opened.grant.stream, opened.grant.grant);
    assert_eq!(accepting, acceptance_key(&parties.owner, &stream, &grant).verifying_key());
    assert_ne!(acceptor_hash(&stream, &grant, &accepting), acceptor_hash(&stream, &GrantId([0; 16]), &accepting));
    assert_ne!(accepting, acceptance_key(&parties.owner, &stream, &GrantId([0; 16])).verifying_key());
}

#[test]
fn a_grant_over_all_categories_and_any_history_is_small() {
    let mut parties = parties();
    // The worst range there is: 30 keys per category. A checkpoint with the names of the demo has 720 bytes.
    let draft = draft(parties.grantee.public(), &Category::ALL, days(1, 65_534));
    let draft = GrantDraft { checkpoint: Some("c".repeat(720)), ..draft };
    let envelope = seal_grant(draft, &parties.owner, &mut parties.rng).unwrap();
    assert!(encoding::encode(&envelope).len() <= 12_000, "{}", encoding::encode(&envelope).len());
    assert!(open_grant(&envelope, &parties.grantee, &parties.owner.verifying_key()).is_ok());
}

#[test]
fn strangers_and_strange_owners_are_told_apart() {
    let mut parties = parties();
    let envelope = sealed(&mut parties);
    let stranger = SealingSecret::generate(&mut parties.rng);
    let other_owner = SigningKey::generate(&mut parties.rng).verifying_key();
    let owner = parties.owner.verifying_key();
    assert_eq!(open_grant(&envelope, &stranger, &owner).unwrap_err(), GrantError::OtherGrantee);
    let wrong = GrantError::Signature(SignatureError::OtherSigner);
    assert_eq!(open_grant(&envelope, &parties.grantee, &other_owner).unwrap_err(), wrong);
}

#[test]
fn any_flipped_bit_of_an_envelope_fails_and_changes_its_hash() {
    let mut parties = parties();
    let envelope = sealed(&mut parties);
    let owner = parties.owner.verifying_key();
    let bytes = encoding::encode(&envelope);
    for bit in 0..bytes.len() * 8 {
        let mut changed = bytes.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        if let Ok(changed) = encoding::decode::<GrantEnvelope>(&changed) {
            assert!(open_grant(&changed, &parties.grantee, &owner).is_err(), "bit {bit}");
            assert!(verify_grant(&changed).is_err(), "bit {bit}");
            assert_ne!(grant_hash(&changed), grant_hash(&envelope), "bit {bit}");
        }
    }
}

/// Someone who may sign (another owner) takes over a sealed part that was not made for what they sign.
#[test]
fn a_sealed_part_cannot_be_signed_into_another_grant() {
    let mut parties = parties();
    let envelope = sealed(&mut parties);
    let grant = verify(&envelope.grant).unwrap();
    let thief = SigningKey::generate(&mut parties.rng);
    let stolen = GrantEnvelope { grant: thief.sign(&grant), sealed: envelope.sealed.clone() };
    let opened = open_grant(&stolen, &parties.grantee, &thief.verifying_key());
    assert_eq!(opened.unwrap_err(), GrantError::Open(OpenError));

    let changes: [fn(&mut Grant); 7] = [
        |grant| grant.grant = GrantId([9; 16]),
        |grant| grant.stream = StreamId([9; 16]),
        |grant| grant.grantee.sign = Some(VerifyingKey([9; 32])),
        |grant| grant.scopes[0].generation += 1,
        |grant| grant.scopes[1].days = DayRange::ALL,
        |grant| grant.issued_at = Timestamp(0),
        |grant| grant.not_after = Timestamp(u64::MAX >> 1),
    ];
    for (number, change) in changes.iter().enumerate() {
        let mut changed = grant.clone();
        change(&mut changed);
        let signed = GrantEnvelope { grant: parties.owner.sign(&changed), sealed: envelope.sealed.clone() };
        let opened = open_grant(&signed, &parties.grantee, &parties.owner.verifying_key());
        assert_eq!(opened.unwrap_err(), GrantError::Open(OpenError), "change {number}");
    }
    let mut changed = grant;
    changed.sealed_hash = Hash32([0; 32]);
    let signed = GrantEnvelope { grant: parties.owner.sign(&changed), sealed: envelope.sealed };
    assert_eq!(verify_grant(&signed).unwrap_err(), GrantError::OtherSealedPart);
}

#[test]
fn parts_of_two_grants_do_not_mix() {
    let mut parties = parties();
    let (a, b) = (sealed(&mut parties), sealed(&mut parties));
    let mixed = GrantEnvelope { grant: a.grant, sealed: b.sealed };
    let opened = open_grant(&mixed, &parties.grantee, &parties.owner.verifying_key());
    assert_eq!(opened.unwrap_err(), GrantError::OtherSealedPart);
}

#[test]
fn a_draft_that_cannot_be_kept_is_refused() {
    let Parties { owner, grantee, mut rng } = parties();
    let range = days(1, 100);
    let none = draft(grantee.public(), &[], range);
    assert_eq!(seal_grant(none, &owner, &mut rng), Err(GrantError::ScopeCount { found: 0 }));
    let many = draft(grantee.public(), &[Category::Mileage; GRANT_SCOPES_MAX + 1], range);
    assert_eq!(seal_grant(many, &owner, &mut rng), Err(GrantError::ScopeCount { found: GRANT_SCOPES_MAX + 1 }));
    let mut short = draft(grantee.public(), &[Category::Mileage], range);
    short.scopes[0].cover.pop();
    let found = short.scopes[0].cover.len();
    let error = GrantError::Cover(CoverError::Count { expected: found + 1, found });
    assert_eq!(seal_grant(short, &owner, &mut rng), Err(error));
    let weak = draft(SealingKey([0; 32]), &[Category::Mileage], range);
    assert!(matches!(seal_grant(weak, &owner, &mut rng), Err(GrantError::GranteeKey(_))));
}

#[test]
fn a_grant_behind_a_link_does_not_pass_for_one_to_a_key() {
    let Parties { owner, mut rng, .. } = parties();
    let keys = derive_link(&generate_fragment(&mut rng), None).unwrap();
    let draft = draft(keys.seal.public(), &[Category::Mileage], days(1, 100));
    let envelope = seal_link_grant(draft, &keys.binding, &owner, &mut rng).unwrap();
    let opened = open_grant(&envelope, &keys.seal, &owner.verifying_key());
    assert_eq!(opened.unwrap_err(), GrantError::Open(OpenError));
}
