//! A browser with a wallet, which can die between any two awaits and comes back on what it had stored.

use crate::{
    dice::Dice,
    network::{Network, Wire},
    relay::policy,
    rng::TestRng,
};
use carnet_crypto::{
    device::DeviceSecret,
    passkey::{PasskeyEnvelope, open_passkey},
    secret::Secret,
};
use carnet_protocol::{
    api::body::{StoredKeyring, StoredRecord},
    day::Timestamp,
    encoding,
    id::StreamId,
    key::VerifyingKey,
    link::Argon2Params,
};
use carnet_wallet::{
    Wallet,
    command::{Answer, Command, Subject, Verification},
    error::WalletError,
    store::{Batch, Rows, Store, StoreError, Table, memory::MemoryStore},
};
use serde::{Deserialize, Serialize};
use std::{cell::Cell, rc::Rc};
use tokio::sync::Notify;

pub const PASSPHRASE: &str = "a passphrase that is used once";
/// The cheapest cost that the cryptography accepts; paid once per wallet, for stories unlock by passkey.
const COST: Argon2Params = Argon2Params { memory_kib: 19 * 1024, passes: 2, lanes: 1 };

/// Whose first screens are kept.
const BUILD: &str = "simulation";

/// Where a browser can die: counted down at each await of its store and its network.
#[derive(Clone, Default)]
pub struct Gate(Rc<GateState>);

#[derive(Default)]
struct GateState {
    left: Cell<Option<usize>>,
    died: Notify,
}

impl Gate {
    /// Dies at the `nth` await from now on.
    pub fn die_at(&self, nth: usize) {
        self.0.left.set(Some(nth));
    }

    pub async fn pass(&self) {
        match self.0.left.get() {
            None => {}
            Some(0) => {
                self.0.died.notify_one();
                core::future::pending::<()>().await;
            }
            Some(left) => self.0.left.set(Some(left - 1)),
        }
    }
}

/// A store at whose every operation the browser can die, before it or after.
#[derive(Clone)]
pub struct MortalStore {
    inner: MemoryStore,
    gate: Gate,
}

impl Store for MortalStore {
    async fn read(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        self.gate.pass().await;
        self.inner.read(table, key).await
    }

    async fn scan(&self, table: Table, prefix: &[u8], after: Option<&[u8]>, limit: usize) -> Result<Rows, StoreError> {
        self.gate.pass().await;
        self.inner.scan(table, prefix, after, limit).await
    }

    async fn commit(&self, batch: Batch) -> Result<(), StoreError> {
        self.gate.pass().await;
        let result = self.inner.commit(batch).await;
        self.gate.pass().await;
        result
    }

    async fn erase(&self) -> Result<(), StoreError> {
        self.inner.erase().await
    }
}

/// What a command came to.
pub enum End {
    Done(Box<Result<Answer, WalletError>>),
    /// The browser died on the way; it is back, and nobody knows what was done.
    Died,
}

pub struct Device {
    /// For telling.
    pub name: &'static str,
    network: Network,
    store: MemoryStore,
    rng: TestRng,
    /// For what is kept unasked.
    kept_rng: TestRng,
    gate: Gate,
    wallet: Wallet<MortalStore, Wire>,
    number: u8,
}

impl Device {
    /// A browser whose store is as `template`'s.
    pub async fn new(name: &'static str, number: u8, seed: u64, template: &MemoryStore, network: &Network) -> Self {
        let store = copy(template).await;
        let (rng, kept_rng) = (TestRng::new(seed), TestRng::new(seed));
        let gate = Gate::default();
        let wallet = wallet(&store, &gate, network);
        let mut device = Self { name, network: network.clone(), store, rng, kept_rng, gate, wallet, number };
        device.unlock().await;
        device
    }

    pub fn now(&self) -> Timestamp {
        use carnet_server::clock::Clock as _;
        self.network.relay().clock.now()
    }

    pub async fn ask(&mut self, command: Command) -> Result<Answer, WalletError> {
        let now = self.now();
        let result = self.wallet.handle(command, now, &mut self.rng, &mut |_| {}).await;
        // As the worker does when there is nothing else to do.
        let _ = self.wallet.keep_first_screen(now, &mut self.kept_rng).await;
        result
    }

    /// Shows a car that has no earlier owners, and then what a browser that starts now shows of it, with what was kept for that
    /// and without: they are the same. Says whether anything was.
    pub async fn look(&mut self, vehicle: StreamId) -> bool {
        let command = || Command::Passport { subject: Subject::Own(vehicle) };
        // Another device may have sold it, or given it back.
        if self.ask(command()).await.is_err() {
            return false;
        }
        let (now, mut shown) = (self.now(), Vec::new());
        let start = || bare(&self.store, &Gate::default(), &self.network);
        for (mut started, keeps) in [(start().with_first_screens(BUILD), true), (start(), false)] {
            let (credential, output) = (credential(self.number), output(self.number));
            let unlock = Command::UnlockWithPasskey { credential, output };
            started.handle(unlock, now, &mut self.kept_rng, &mut |_| {}).await.unwrap();
            let cards = started.handle(Command::Vehicles, now, &mut self.kept_rng, &mut |_| {}).await;
            let passport = started.handle(command(), now, &mut self.kept_rng, &mut |_| {}).await;
            let (Ok(Answer::Vehicles(cards)), Ok(Answer::Passport(passport))) = (cards, passport) else {
                panic!("{} shows nothing any more", self.name)
            };
            assert!(keeps || started.is_open(vehicle));
            shown.push((cards, passport, started.is_open(vehicle)));
        }
        assert_eq!((&shown[0].0, &shown[0].1), (&shown[1].0, &shown[1].1), "{}: what was kept is not true", self.name);
        !shown[0].2
    }

    /// [`Self::ask`], where the browser may die at one of the next awaits.
    pub async fn ask_mortally(&mut self, command: Command, dice: &Dice) -> End {
        match self.ask_broken_off(command, dice).await {
            // It lives on; its store and wire still have the gate, which is open now.
            Some(done) => {
                self.gate.0.left.set(None);
                End::Done(Box::new(done))
            }
            None => {
                self.gate = Gate::default();
                self.wallet = wallet(&self.store, &self.gate, &self.network);
                self.unlock().await;
                End::Died
            }
        }
    }

    /// Synchronises until the worker breaks it off at one of the next awaits, for the page asks for something; the wallet goes
    /// on with what is in memory.
    pub async fn sync_broken_off(&mut self, dice: &Dice) -> End {
        let done = self.ask_broken_off(Command::Sync, dice).await;
        self.gate.0.left.set(None);
        let _ = self.wallet.keep_first_screen(self.now(), &mut self.kept_rng).await;
        done.map_or(End::Died, |done| End::Done(Box::new(done)))
    }

    /// What was asked, unless it was dropped at one of the next awaits.
    async fn ask_broken_off(&mut self, command: Command, dice: &Dice) -> Option<Result<Answer, WalletError>> {
        let now = self.now();
        self.gate.die_at(dice.roll(60));
        let gate = self.gate.clone();
        let mut told = |_| {};
        tokio::select! {
            biased;
            () = gate.0.died.notified() => None,
            done = self.wallet.handle(command, now, &mut self.rng, &mut told) => Some(done),
        }
    }

    /// That it is its owner who asks.
    pub fn verification(&self) -> Verification {
        Verification::Passkey { credential: credential(self.number), output: output(self.number) }
    }

    /// How many of these open with any key that is in its wallet.
    pub async fn opens(&self, records: &[StoredRecord]) -> usize {
        self.wallet.opened_with_every_key(records).await.unwrap()
    }

    /// One that was removed has nothing left to unlock.
    async fn unlock(&mut self) {
        let (credential, output) = (credential(self.number), output(self.number));
        match self.ask(Command::UnlockWithPasskey { credential, output }).await {
            Ok(_) => {}
            Err(error) => assert!(self.store.dump().len() <= 1, "{} does not open: {error}", self.name),
        }
    }

    /// All that somebody can copy out of this browser: the device's secret, and its keyring as it lies there.
    pub fn loot(&self) -> Option<(DeviceSecret, StoredKeyring)> {
        let rows = self.store.dump();
        let row = |table: Table, name: &[u8]| {
            rows.iter().find(|(of, key, _)| *of == table && key == name).map(|(_, _, value)| value.clone())
        };
        let passkeys: Vec<KeptPasskey> = encoding::decode(&row(Table::Wallet, b"passkeys")?).unwrap();
        let output = Secret::from_slice(&output(self.number)).unwrap();
        let device = open_passkey(&passkeys[0].envelope, &output).unwrap();
        Some((device, encoding::decode(&row(Table::Keyring, b"current")?).unwrap()))
    }
}

fn wallet(store: &MemoryStore, gate: &Gate, network: &Network) -> Wallet<MortalStore, Wire> {
    bare(store, gate, network).with_first_screens(BUILD)
}

/// One that keeps no first screens.
fn bare(store: &MemoryStore, gate: &Gate, network: &Network) -> Wallet<MortalStore, Wire> {
    let store = MortalStore { inner: store.clone(), gate: gate.clone() };
    let wire = Wire { network: network.clone(), gate: gate.clone() };
    Wallet::new(store, wire, policy()).with_kdf_cost(COST)
}

async fn copy(from: &MemoryStore) -> MemoryStore {
    let (store, mut batch) = (MemoryStore::new(), Batch::default());
    for (table, key, value) in from.dump() {
        batch.put(table, key, value);
    }
    store.commit(batch).await.unwrap();
    store
}

fn credential(number: u8) -> Vec<u8> {
    vec![number + 1; 16]
}

fn output(number: u8) -> Vec<u8> {
    vec![number + 0x51; 32]
}

/// A passkey as the wallet keeps it.
#[derive(Serialize, Deserialize)]
struct KeptPasskey {
    name: String,
    added_at: Timestamp,
    envelope: PasskeyEnvelope,
}

/// Browsers with one wallet, which their passkeys open; the relay has its keyring where they are several. For a member's
/// staff, where one is named.
pub async fn with_wallet(numbers: &[u8], network: &Network, member: Option<VerifyingKey>) -> Vec<MemoryStore> {
    let mut first = empty(numbers[0], network);
    let Answer::Words(words) = first.ask(Command::DrawWords).await.unwrap() else { panic!("words") };
    let check = [3_u8, 17].map(|n| (n, words[usize::from(n)].clone())).to_vec();
    first.ask(Command::CreateWallet { check, passphrase: PASSPHRASE.into() }).await.unwrap();
    if let Some(member) = member {
        first.ask(Command::TakeDemoRole { member }).await.unwrap();
    }
    let mut devices = vec![first];
    for number in &numbers[1..] {
        devices[0].ask(Command::Sync).await.unwrap();
        let mut next = empty(*number, network);
        let (words, passphrase) = (words.join(" "), PASSPHRASE.into());
        next.ask(Command::RestoreWallet { words, passphrase }).await.unwrap();
        devices.push(next);
    }
    let mut stores = Vec::new();
    for mut device in devices {
        let (passphrase, name) = (PASSPHRASE.into(), "key".into());
        let (credential, output, salt) =
            (credential(device.number), output(device.number), vec![device.number + 1; 32]);
        device.ask(Command::AddPasskey { passphrase, name, credential, salt, output }).await.unwrap();
        stores.push(device.store);
    }
    stores
}

fn empty(number: u8, network: &Network) -> Device {
    let (store, gate) = (MemoryStore::new(), Gate::default());
    let wallet = wallet(&store, &gate, network);
    let (rng, kept_rng) = (TestRng::new(1_000_000 + u64::from(number)), TestRng::new(u64::from(number)));
    Device { name: "new", network: network.clone(), store, rng, kept_rng, gate, wallet, number }
}
