//! A second device by a code: without the words, past a relay that reads nothing, and past whoever saw the code.

use crate::world::*;
use carnet_protocol::{
    Blob,
    api::body::{MailboxMessage, MailboxPost},
    day::Day,
    encoding,
    meeting::MAILBOX_MS,
};
use carnet_wallet::{
    command::{Answer, Command, DeviceCommand, Subject},
    error::{Distrust, WalletError},
    transport::{Request, Response},
    view::{DevicesView, MeetingState, MeetingView, NewDeviceView, WalletState},
};
use std::time::Duration;

const NAME: &str = "Canary's phone";
const NEW_PASSPHRASE: &str = "canary of the second device";

impl Person {
    async fn device(&mut self, command: DeviceCommand) -> Result<Answer, WalletError> {
        self.ask(Command::Device(command)).await
    }

    async fn show_code(&mut self) -> String {
        let Answer::Meeting(view) = self.device(DeviceCommand::StartMeeting).await.unwrap() else { panic!("a code") };
        assert_eq!(view.state, MeetingState::Waiting);
        format!("https://carnet.example{}", view.link)
    }

    async fn look(&mut self) -> Result<MeetingView, WalletError> {
        match self.device(DeviceCommand::Meeting).await? {
            Answer::Meeting(view) => Ok(view),
            _ => panic!("a code"),
        }
    }

    async fn read_code(&mut self, link: &str) -> Result<NewDeviceView, WalletError> {
        let (link, name, passphrase) = (link.to_owned(), NAME.to_owned(), NEW_PASSPHRASE.to_owned());
        match self.device(DeviceCommand::Join { link, name, passphrase }).await? {
            Answer::Joining(view) => Ok(view),
            _ => panic!("joining"),
        }
    }

    async fn wait(&mut self) -> Result<NewDeviceView, WalletError> {
        match self.device(DeviceCommand::Joining).await? {
            Answer::Joining(view) => Ok(view),
            _ => panic!("joining"),
        }
    }

    async fn approve(&mut self, code: &str, passphrase: &str) -> Result<DevicesView, WalletError> {
        let (code, passphrase) = (code.to_owned(), passphrase.to_owned());
        match self.device(DeviceCommand::ApproveMeeting { code, passphrase }).await? {
            Answer::Devices(view) => Ok(view),
            _ => panic!("devices"),
        }
    }
}

fn writes_into_mailbox(request: &Request) -> bool {
    request.method.as_str() == "POST" && request.path.starts_with("/v1/mailboxes/") && !request.path.ends_with("read")
}

fn reads_mailbox(request: &Request) -> bool {
    request.path.starts_with("/v1/mailboxes/") && request.path.ends_with("read")
}

#[tokio::test]
async fn a_device_that_read_the_code_has_the_same_cars_without_the_words() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    let car = owner.add_car().await;
    owner.add_odometer(car, Day(20_000), 1_000).await;
    owner.settle().await;
    let mut new = world.person();
    let link = owner.show_code().await;
    assert_eq!(new.read_code(&link).await.unwrap().code, None);
    assert_eq!(owner.look().await.unwrap().state, MeetingState::Asked { name: NAME.into() });
    let code = new.wait().await.unwrap().code.unwrap();
    assert!(!new.wait().await.unwrap().joined, "nothing before the owner has approved");

    assert_eq!(
        owner.approve("000000", PASSPHRASE).await.err().filter(|_| code != "000000"),
        Some(WalletError::WrongCode)
    );
    assert_eq!(owner.approve(&code, "not the passphrase").await.err(), Some(WalletError::WrongPassphrase));
    assert!(!new.wait().await.unwrap().joined);
    let devices = owner.approve(&format!(" {} {}", &code[..3], &code[3..]), PASSPHRASE).await.unwrap().devices;
    assert_eq!(devices.iter().map(|device| device.name.as_str()).collect::<Vec<_>>(), ["", NAME]);
    assert_eq!(owner.look().await.err(), Some(WalletError::LinkEnded), "the code is used up");

    assert!(new.wait().await.unwrap().joined);
    let content = |mut passport: carnet_wallet::view::PassportView| {
        passport.proof.checked_at = None;
        passport.proof.cosigned.clear();
        // Each device verifies signatures at its own pace.
        passport.signatures.checked = 0;
        encoding::encode(&passport)
    };
    let (ours, theirs) = (owner.confirmed(car).await, new.confirmed(car).await);
    assert_eq!(content(theirs), content(ours));

    // Its own passphrase opens it, what it writes the first device reads, and the words still lead to both.
    new.ask(Command::Lock).await.unwrap();
    assert_eq!(
        new.ask(Command::Unlock { passphrase: PASSPHRASE.into() }).await.err(),
        Some(WalletError::WrongPassphrase)
    );
    new.ask(Command::Unlock { passphrase: NEW_PASSPHRASE.into() }).await.unwrap();
    new.add_odometer(car, Day(20_010), 1_500).await;
    new.settle().await;
    owner.settle().await;
    assert_eq!(owner.passport(Subject::Own(car)).await.unwrap().timeline.total, 3);
    let words = owner.words.join(" ");
    new.ask(Command::RehearseWords { words: words.clone() }).await.unwrap();
    let mut third = Person::restore(&world, &owner.words, PASSPHRASE).await;
    third.settle().await;
    assert_eq!(third.passport(Subject::Own(car)).await.unwrap().timeline.total, 3);
    assert_eq!(third.devices().await.len(), 3);

    // The relay saw neither the secret, nor names, nor passphrases.
    let secret = link.split('.').next_back().unwrap();
    for traffic in [owner.wire.traffic(), new.wire.traffic()] {
        for canary in [secret, NAME, NEW_PASSPHRASE, PASSPHRASE] {
            assert!(!traffic.windows(canary.len()).any(|part| part == canary.as_bytes()), "{canary}");
        }
    }
}

#[tokio::test]
async fn a_code_is_for_one_device_and_for_ten_minutes() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    owner.settle().await;
    let link = owner.show_code().await;
    // Somebody saw it over a shoulder and was faster. The owner's own device shows no code, and nothing is approved.
    let (mut thief, mut new) = (world.person(), world.person());
    thief.read_code(&link).await.unwrap();
    assert_eq!(new.read_code(&link).await.err(), Some(WalletError::LinkUsedUp));
    assert_eq!(new.wait().await.err(), Some(WalletError::LinkEnded));
    owner.look().await.unwrap();
    owner.device(DeviceCommand::CancelMeeting).await.unwrap();
    assert!(!thief.wait().await.unwrap().joined);
    assert_eq!(owner.devices().await.len(), 1);

    let link = owner.show_code().await;
    new.read_code(&link).await.unwrap();
    owner.look().await.unwrap();
    let code = new.wait().await.unwrap().code.unwrap();
    owner.later = Duration::from_millis(MAILBOX_MS);
    assert_eq!(owner.look().await.unwrap().state, MeetingState::Ended);
    assert_eq!(owner.approve(&code, PASSPHRASE).await.err(), Some(WalletError::LinkEnded));
    new.later = Duration::from_millis(MAILBOX_MS);
    assert_eq!(new.wait().await.err(), Some(WalletError::LinkEnded));

    assert_eq!(new.read_code("https://carnet.example/welcome/device#abc").await.err(), Some(WalletError::LinkMangled));
    let mut elsewhere = world.owner().await;
    assert_eq!(elsewhere.read_code(&link).await.err(), Some(WalletError::WalletExists));
    assert!(new.store.dump().is_empty());
}

/// The thief has photographed the code, and the relay hands each side what the thief wants.
#[tokio::test]
async fn a_relay_that_exchanges_the_request_is_found_by_the_digits() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    owner.settle().await;
    let link = owner.show_code().await;
    let (mut thief, mut new) = (world.person(), world.person());
    thief.read_code(&link).await.unwrap();
    // The new device is told that all is well.
    new.wire.tamper(|request, response| match writes_into_mailbox(request) {
        true => {
            Response { status: 200, body: encoding::encode(&carnet_protocol::api::body::Stored { new: 1 }), ..response }
        }
        false => response,
    });
    new.read_code(&link).await.unwrap();
    owner.look().await.unwrap();
    let shown = new.wait().await.unwrap().code.unwrap();
    let theirs = thief.wait().await.unwrap().code.unwrap();
    if shown != theirs {
        assert_eq!(owner.approve(&shown, PASSPHRASE).await.err(), Some(WalletError::WrongCode));
    }
    assert!(!thief.wait().await.unwrap().joined);
    assert_eq!(owner.devices().await.len(), 1);
}

/// With the answer in hand, whoever photographed the code could look for a request to which the same digits belong.
#[tokio::test]
async fn a_relay_that_refuses_the_answer_gets_no_second_request() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    owner.settle().await;
    let link = owner.show_code().await;
    let mut new = world.person();
    new.read_code(&link).await.unwrap();
    let heard = std::sync::Arc::new(std::sync::Mutex::new((Vec::new(), 0)));
    let into = heard.clone();
    owner.wire.tamper(move |request, response| {
        let (answers, reads) = &mut *into.lock().unwrap();
        *reads += usize::from(reads_mailbox(request));
        if !writes_into_mailbox(request) {
            return response;
        }
        answers.push(request.body.clone());
        // The relay has it, and says that it has not.
        if answers.len() == 1 { Response { status: 502, body: Vec::new(), ..response } } else { response }
    });
    assert!(owner.look().await.is_err());
    assert!(matches!(owner.look().await.unwrap().state, MeetingState::Asked { .. }));
    let (answers, reads) = std::mem::take(&mut *heard.lock().unwrap());
    assert_eq!((answers.len(), reads), (2, 1), "the request is read once");
    assert_eq!(answers[0], answers[1], "and the answer is the same");
    let shown = new.wait().await.unwrap().code.unwrap();
    owner.approve(&shown, PASSPHRASE).await.unwrap();
    assert!(new.wait().await.unwrap().joined);
}

#[tokio::test]
async fn a_mailbox_whose_content_is_exchanged_or_forged_adds_nothing() {
    let world = World::new().await;
    let (mut owner, mut other) = (world.owner().await, world.owner().await);
    owner.settle().await;
    other.settle().await;
    let (link, others) = (owner.show_code().await, other.show_code().await);
    let (mut new, mut stranger) = (world.person(), world.person());
    stranger.read_code(&others).await.unwrap();
    other.look().await.unwrap();
    stranger.wait().await.unwrap();
    // The other account's answer, in the place of the owner's.
    let heard = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let into = heard.clone();
    other.wire.tamper(move |request, response| {
        if let Some(body) = request.body.as_deref().filter(|_| writes_into_mailbox(request)) {
            let post: MailboxPost = encoding::decode(body).unwrap();
            *into.lock().unwrap() = post.sealed.0;
        }
        response
    });
    let others = other.show_code().await;
    world.person().read_code(&others).await.unwrap();
    other.look().await.unwrap();
    new.read_code(&link).await.unwrap();
    owner.look().await.unwrap();
    let body = encoding::encode(&MailboxMessage { sealed: Some(Blob(heard.lock().unwrap().clone())) });
    new.wire.tamper(move |request, response| match reads_mailbox(request) {
        true => Response { status: 200, body: body.clone(), ..response },
        false => response,
    });
    assert_eq!(new.wait().await.err(), Some(WalletError::Untrusted { what: Distrust::Meeting }));
    new.wire.honest();
    assert!(new.wait().await.unwrap().code.is_some());

    // To the showing device, what it cannot open is no request.
    let link = owner.show_code().await;
    owner.wire.tamper(|request, response| match reads_mailbox(request) {
        true => Response {
            status: 200,
            body: encoding::encode(&MailboxMessage { sealed: Some(Blob(vec![7; 80])) }),
            ..response
        },
        false => response,
    });
    assert_eq!(owner.look().await.err(), Some(WalletError::Untrusted { what: Distrust::Meeting }));
    owner.wire.honest();
    let mut second = world.person();
    second.read_code(&link).await.unwrap();
    assert!(matches!(owner.look().await.unwrap().state, MeetingState::Asked { .. }));
}

/// An approval is an entry of the list at one place: told again after the removal, it adds nothing.
#[tokio::test]
async fn a_replayed_approval_does_not_bring_a_removed_device_back() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    owner.settle().await;
    let link = owner.show_code().await;
    let mut new = world.person();
    new.read_code(&link).await.unwrap();
    owner.look().await.unwrap();
    let code = new.wait().await.unwrap().code.unwrap();
    let approved = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let into = approved.clone();
    owner.wire.tamper(move |request, response| {
        if request.method.as_str() == "PUT" && request.path.starts_with("/v1/keyrings/") {
            *into.lock().unwrap() = request.body.clone().unwrap();
        }
        response
    });
    owner.approve(&code, PASSPHRASE).await.unwrap();
    owner.wire.honest();
    assert!(new.wait().await.unwrap().joined);
    let device = new.this_device().await;
    owner.remove_device(device).await.unwrap();
    owner.settle().await;

    // The relay shows the owner the version in which the device was approved, as if it were the newest.
    let upload: carnet_protocol::api::body::KeyringUpload = encoding::decode(&approved.lock().unwrap()).unwrap();
    let body = encoding::encode(&upload.keyring);
    owner.wire.tamper(move |request, response| {
        match request.path.starts_with("/v1/keyrings/") && request.method.as_str() == "GET" {
            true => Response { status: 200, body: body.clone(), ..response },
            false => response,
        }
    });
    let untrusted = WalletError::Untrusted { what: Distrust::Keyring };
    assert_eq!(owner.ask(Command::Sync).await.err(), Some(untrusted));
    owner.wire.honest();
    assert_eq!(owner.devices().await.len(), 1);
    assert_eq!(new.ask(Command::Sync).await.err(), Some(WalletError::DeviceRemoved));
    let Answer::Status(status) = new.ask(Command::Status).await.unwrap() else { panic!("a status") };
    assert_eq!(status.state, WalletState::Absent);
}
