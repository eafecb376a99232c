//! The real relay without sockets and threads of its own: its router, its files, a clock that is set by hand. Cosigners
//! sign when they are told to.

use crate::{
    device,
    dice::Dice,
    network::{AUTHORITY, Network},
};
use axum::Router;
use carnet_crypto::{secret::Secret, signature::SigningKey};
use carnet_proofs::{
    Policy,
    note::NoteSignature,
    vkey::{NoteKeyKind, NoteVerifier},
};
use carnet_protocol::{day::Timestamp, key::VerifyingKey, member::MemberClass, proof::CosignAnswer};
use carnet_server::{
    authority::Authorities,
    clock::Clock,
    config::Config,
    demo,
    ledger::{self, EmbeddedHost, LedgerHost as _},
    relay::{App, Parts, Relay},
    router::router,
    store::{Store, sqlite::SqliteBackend},
    transparency::Transparency,
};
use carnet_transparency::{
    Cosigner,
    demo::{COSIGNERS, ORIGIN, cosigner_key, log_key},
};
use carnet_wallet::store::memory::MemoryStore;
use std::{
    fs,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};
use tempfile::TempDir;
use tokio::sync::watch;

/// When all stories begin: in 2026.
pub const BEGIN: Timestamp = Timestamp(1_790_000_000_000);

pub fn policy() -> Policy {
    Policy::parse(carnet_proofs::demo::POLICY).unwrap()
}

/// Time as the story has it.
pub struct SetClock(AtomicU64);

impl Clock for SetClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }
}

impl SetClock {
    pub fn pass(&self, milliseconds: u64) {
        self.0.fetch_add(milliseconds, Ordering::SeqCst);
    }
}

/// In memory where the system has a file system there: nothing here asks what a power cut leaves.
fn folder() -> TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { tempfile::tempdir_in(memory).unwrap() } else { tempfile::tempdir().unwrap() }
}

/// What all stories begin with: a relay with its demo consortium, an owner's three devices, another owner's, a buyer's,
/// and one each of an insurer's staff and of a garage's.
pub struct Template {
    folder: TempDir,
    /// In the order of a story's devices.
    pub devices: Vec<MemoryStore>,
    /// The insurer.
    pub member: VerifyingKey,
}

impl Template {
    pub fn new() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let data = folder();
        let relay = SimRelay::on(folder());
        let member = relay.insurer().0;
        let garage = relay.member(MemberClass::Garage).0;
        let network = Network::to(relay, Dice::new(0));
        let devices = runtime.block_on(async {
            let mut stores = device::with_wallet(&[0, 1, 2], &network, None).await;
            for (n, role) in (3..).zip([None, None, Some(member), Some(garage)]) {
                stores.extend(device::with_wallet(&[n], &network, role).await);
            }
            stores
        });
        let kept = network.take_relay().end();
        copy(kept.path(), data.path());
        Self { folder: data, devices, member }
    }

    pub fn relay(&self) -> SimRelay {
        let data = folder();
        copy(self.folder.path(), data.path());
        SimRelay::on(data)
    }
}

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}

struct Running {
    app: App,
    router: Router,
    _ending: watch::Sender<bool>,
}

pub struct SimRelay {
    folder: TempDir,
    pub clock: Arc<SetClock>,
    running: Option<Running>,
    cosigners: Vec<Cosigner>,
}

impl SimRelay {
    fn on(folder: TempDir) -> Self {
        let clock = Arc::new(SetClock(AtomicU64::new(BEGIN.0)));
        let log = NoteVerifier::new(ORIGIN, NoteKeyKind::Ed25519, log_key().verifying_key()).unwrap();
        // As many as make a quorum.
        let cosigners = COSIGNERS[..2].iter().enumerate().map(|(n, name)| {
            let books = folder.path().join(format!("cosigner-{n}"));
            Cosigner::open(&books, log.clone(), name, cosigner_key(name)).unwrap()
        });
        let cosigners = cosigners.collect();
        let running = Some(open(folder.path(), &clock));
        Self { folder, clock, running, cosigners }
    }

    pub fn app(&self) -> &App {
        &self.running.as_ref().unwrap().app
    }

    /// Ends it and starts it again on its files.
    pub fn restart(&mut self) {
        self.stop();
        self.running = Some(open(self.folder.path(), &self.clock));
    }

    fn stop(&mut self) {
        let running = self.running.take().unwrap();
        running.app.store.close();
        running.app.ledger.close();
    }

    fn end(mut self) -> TempDir {
        self.stop();
        self.cosigners.clear();
        self.folder
    }

    /// The demo's insurer: the public key it signs with, and the seed of its keys.
    pub fn insurer(&self) -> (VerifyingKey, Vec<u8>) {
        self.member(MemberClass::Insurer)
    }

    /// The same of the demo's member of a class.
    fn member(&self, class: MemberClass) -> (VerifyingKey, Vec<u8>) {
        let members = &self.app().demo.as_ref().unwrap().members;
        let member = members.iter().find(|one| one.member.class == class).unwrap();
        (member.member.sign, member.seed.0.clone())
    }

    pub fn router(&self) -> Router {
        self.running.as_ref().unwrap().router.clone()
    }

    /// Has the cosigners sign what is new, and publishes it.
    pub fn checkpoint(&self) {
        let app = self.app();
        let log = app.transparency.as_ref().unwrap();
        app.ledger.record(&log.prover).unwrap();
        let lines = self.cosigners.iter().map(|cosigner| {
            loop {
                let request = app.ledger.feed(&log.prover, cosigner.size().unwrap()).unwrap().unwrap();
                if let CosignAnswer::Cosigned { line } = cosigner.cosign(&request, self.clock.now()).unwrap() {
                    return NoteSignature::parse(&line).unwrap();
                }
            }
        });
        log.prover.publish(lines.collect()).unwrap();
    }
}

fn open(folder: &Path, clock: &Arc<SetClock>) -> Running {
    let mut config = Config { metrics_listen: None, data_dir: folder.to_owned(), demo: true, ..Config::default() };
    (config.limits.peer_rate, config.limits.peer_burst) = (1_000_000, 1_000_000);
    (config.limits.key_rate, config.limits.key_burst) = (1_000_000, 1_000_000);
    let clock: Arc<dyn Clock> = clock.clone();
    let ledger = ledger::open(&folder.join("ledger.redb"), clock.clone()).unwrap();
    let (demo, vin) = demo::set_up(folder, &ledger, clock.now()).unwrap();
    let ledger = EmbeddedHost::new(ledger).unwrap().unwrap();
    let transparency = Transparency::open(&config, ledger.genesis(), Vec::new()).unwrap().map(Arc::new);
    let store = Store::new(SqliteBackend::open(&folder.join("relay.sqlite"), 64).unwrap());
    let authorities = Authorities::new(&[AUTHORITY.to_owned()], config.listen).unwrap();
    let (ending, until) = watch::channel(false);
    let parts = Parts {
        store,
        ledger: Box::new(ledger),
        transparency,
        clock,
        authorities,
        demo: Some(demo),
        vin: Some(vin),
        sign: SigningKey::from_seed(&Secret::from_slice(&[1; 32]).unwrap()),
        ending: until,
    };
    let app = Arc::new(Relay::new(config, parts));
    Running { router: router(&app), app, _ending: ending }
}
