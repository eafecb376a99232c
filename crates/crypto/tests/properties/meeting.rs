use crate::{
    device::{device, root},
    rng::TestRng,
};
use carnet_crypto::meeting::{derive_meeting, generate_meeting, mailbox_of, meeting_code};
use carnet_protocol::{
    id::{MailboxId, Nonce16},
    meeting::{MailboxPlace, MeetingFragment, MeetingHello, MeetingRequest},
};

fn request(number: u8) -> MeetingRequest {
    MeetingRequest { device: device(number).keys(), name: "Phone".into() }
}

#[test]
fn both_devices_read_each_other_and_tell_the_same_digits() {
    let rng = &mut TestRng::new(1);
    let (fragment, hello) = generate_meeting(root(1).account_key().verifying_key(), rng);
    let scanned = MeetingFragment::parse(&format!("https://host/welcome/device#{}", fragment.to_text())).unwrap();
    assert!(scanned == fragment);
    assert_eq!(mailbox_of(&hello), scanned.mailbox);
    let (showing, new) = (derive_meeting(&fragment), derive_meeting(&scanned));
    assert_eq!(showing.token, new.token);
    let sealed = new.seal(MailboxPlace::Request, &request(101), rng);
    let read: MeetingRequest = showing.open(MailboxPlace::Request, &sealed).unwrap();
    let answer = showing.seal(MailboxPlace::Hello, &hello, rng);
    let heard: MeetingHello = new.open(MailboxPlace::Hello, &answer).unwrap();
    let code = meeting_code(&hello, &read);
    assert_eq!(code, meeting_code(&heard, &request(101)));
    assert!(code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit()));
}

#[test]
fn a_message_opens_in_its_own_place_of_its_own_mailbox_alone() {
    let rng = &mut TestRng::new(2);
    let account = root(1).account_key().verifying_key();
    let (fragment, hello) = generate_meeting(account, rng);
    let keys = derive_meeting(&fragment);
    let sealed = keys.seal(MailboxPlace::Request, &request(101), rng);
    assert!(keys.open::<MeetingRequest>(MailboxPlace::Hello, &sealed).is_err());
    assert!(keys.open::<MeetingHello>(MailboxPlace::Request, &sealed).is_err(), "another type");
    for bit in 0..sealed.len() * 8 {
        let mut changed = sealed.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        assert!(keys.open::<MeetingRequest>(MailboxPlace::Request, &changed).is_err(), "bit {bit}");
    }
    for length in 0..sealed.len() {
        assert!(keys.open::<MeetingRequest>(MailboxPlace::Request, &sealed[..length]).is_err());
    }
    let mut elsewhere = [fragment.clone(), fragment.clone(), generate_meeting(account, rng).0];
    elsewhere[0].mailbox = MailboxId([1; 16]);
    elsewhere[1].secret[0] ^= 1;
    for other in elsewhere {
        assert!(derive_meeting(&other).open::<MeetingRequest>(MailboxPlace::Request, &sealed).is_err());
    }
    // What is said second is fixed by the name of the mailbox.
    let others = MeetingHello { account: root(2).account_key().verifying_key(), ..hello };
    assert_ne!(mailbox_of(&others), fragment.mailbox);
    assert_ne!(mailbox_of(&MeetingHello { nonce: Nonce16([0; 16]), ..hello }), fragment.mailbox);
}

/// A thief who must fix a request before the nonce is known gets the owner's digits by chance alone.
#[test]
fn digits_follow_from_all_that_is_said() {
    let rng = &mut TestRng::new(3);
    let mut same = 0;
    for _ in 0..2_000 {
        let (_, hello) = generate_meeting(root(1).account_key().verifying_key(), rng);
        same += u32::from(meeting_code(&hello, &request(101)) == meeting_code(&hello, &request(102)));
    }
    assert!(same < 3);
}
