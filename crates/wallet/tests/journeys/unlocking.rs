//! Ways to unlock: another passphrase, passkeys, and the words rehearsed.

use crate::world::*;
use carnet_wallet::{
    command::{Answer, Command},
    error::WalletError,
    view::{PasskeyView, WalletState},
};

const NEXT: &str = "another fine passphrase";

fn unlock(passphrase: &str) -> Command {
    Command::Unlock { passphrase: passphrase.into() }
}

fn change(current: &str, next: &str) -> Command {
    Command::ChangePassphrase { current: current.into(), next: next.into() }
}

fn add_passkey(number: u8) -> Command {
    Command::AddPasskey {
        passphrase: PASSPHRASE.into(),
        name: format!("key {number}"),
        credential: vec![number; 16],
        salt: vec![number; 32],
        output: output(number),
    }
}

fn with_passkey(number: u8, output: Vec<u8>) -> Command {
    Command::UnlockWithPasskey { credential: vec![number; 16], output }
}

fn output(number: u8) -> Vec<u8> {
    vec![number ^ 0x55; 32]
}

async fn passkeys(person: &mut Person) -> Vec<PasskeyView> {
    let Answer::Status(status) = person.ask(Command::Status).await.unwrap() else { panic!("a status") };
    status.passkeys
}

async fn state_after(person: &mut Person, command: Command) -> Result<WalletState, WalletError> {
    let Answer::Status(status) = person.ask(command).await? else { panic!("a status") };
    Ok(status.state)
}

#[tokio::test]
async fn another_passphrase_takes_the_place_of_the_first() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    owner.ask(change(PASSPHRASE, NEXT)).await.unwrap();
    owner.ask(Command::Lock).await.unwrap();
    assert_eq!(owner.ask(unlock(PASSPHRASE)).await.err(), Some(WalletError::WrongPassphrase));
    assert_eq!(state_after(&mut owner, unlock(NEXT)).await, Ok(WalletState::Unlocked));
}

#[tokio::test]
async fn a_passphrase_is_changed_by_who_knows_it_only() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    assert_eq!(owner.ask(change("not this one", NEXT)).await.err(), Some(WalletError::WrongPassphrase));
    let short = owner.ask(change(PASSPHRASE, "short")).await.err();
    assert_eq!(short, Some(WalletError::PassphraseTooShort { length: 5, min: 10 }));
    owner.ask(Command::Lock).await.unwrap();
    assert_eq!(owner.ask(change(PASSPHRASE, NEXT)).await.err(), Some(WalletError::Locked));
    assert_eq!(state_after(&mut owner, unlock(PASSPHRASE)).await, Ok(WalletState::Unlocked));
}

#[tokio::test]
async fn a_passkey_opens_the_wallet_until_it_is_removed() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    let car = owner.add_car().await;
    owner.ask(add_passkey(1)).await.unwrap();
    owner.ask(add_passkey(2)).await.unwrap();
    owner.ask(Command::Lock).await.unwrap();
    let listed: Vec<_> = passkeys(&mut owner).await.into_iter().map(|passkey| passkey.name).collect();
    assert_eq!(listed, ["key 1", "key 2"], "told while locked: the page must know what to ask for");

    assert_eq!(state_after(&mut owner, with_passkey(2, output(2))).await, Ok(WalletState::Unlocked));
    assert_eq!(owner.vehicles().await[0].vehicle, car);
    owner.ask(Command::RemovePasskey { credential: vec![2; 16] }).await.unwrap();
    owner.ask(Command::Lock).await.unwrap();
    assert_eq!(owner.ask(with_passkey(2, output(2))).await.err(), Some(WalletError::WrongPasskey));
    assert_eq!(state_after(&mut owner, with_passkey(1, output(1))).await, Ok(WalletState::Unlocked));
    owner.ask(Command::Lock).await.unwrap();
    assert_eq!(state_after(&mut owner, unlock(PASSPHRASE)).await, Ok(WalletState::Unlocked));
}

#[tokio::test]
async fn a_passkey_that_gives_something_else_opens_nothing() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    owner.ask(add_passkey(1)).await.unwrap();
    owner.ask(Command::Lock).await.unwrap();
    assert_eq!(owner.ask(with_passkey(1, output(2))).await.err(), Some(WalletError::WrongPasskey));
    assert_eq!(owner.ask(with_passkey(3, output(3))).await.err(), Some(WalletError::WrongPasskey));
    assert_eq!(owner.ask(with_passkey(1, Vec::new())).await.err(), Some(WalletError::BadInput));
    assert_eq!(passkeys(&mut owner).await.len(), 1);
}

#[tokio::test]
async fn whoever_finds_the_wallet_open_adds_no_passkey() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    let Command::AddPasskey { name, credential, salt, output, .. } = add_passkey(1) else { panic!("a passkey") };
    let guess = Command::AddPasskey { passphrase: "a guess".into(), name, credential, salt, output };
    assert_eq!(owner.ask(guess).await.err(), Some(WalletError::WrongPassphrase));
    assert!(passkeys(&mut owner).await.is_empty());
}

#[tokio::test]
async fn a_rehearsal_tells_the_right_words_from_others() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    let rehearse = |words: String| Command::RehearseWords { words };
    assert!(matches!(owner.ask(rehearse(owner.words.join(" ").to_uppercase())).await, Ok(Answer::Done)));
    let others = format!("{}art", "abandon ".repeat(23));
    assert_eq!(owner.ask(rehearse(others)).await.err(), Some(WalletError::OtherWords));
    assert_eq!(owner.ask(rehearse("art".into())).await.err(), Some(WalletError::BadWords { position: None }));
}
