//! The stage: a relay with its demo consortium, wires to it that can be cut and tampered with, and people.

use carnet_hostile_relay::{Asked, Heard, HostileRelay, Lie};
use carnet_proofs::Policy;
use carnet_protocol::{
    api::{path, receipt::HEADER},
    category::Category,
    day::{Day, DayRange, Timestamp},
    grant::Purpose,
    id::StreamId,
    key::VerifyingKey,
    link::Argon2Params,
    payload::{Fact, OdometerReading, VehicleIdentity},
    quantity::Metres,
};
use carnet_server::{
    clock::ShiftedClock,
    config::Config,
    serve::{RunningServer, start_at},
};
use carnet_wallet::{
    Wallet,
    command::{Answer, Audience, Command, DeviceCommand, FileData, Notice, ShareDraft, ShareScope, Subject},
    error::{Distrust, ProofFault, WalletError},
    store::{Batch, Store as _, memory::MemoryStore},
    transport::{Request, Response, Transport, TransportError},
    view::{DeviceView, LinkView, PassportView, ProofState, SharedView, SyncView, VehicleCard},
};
use getrandom::SysRng;
use getrandom::rand_core::UnwrapErr;
use http_body_util::{BodyExt as _, Full};
use hyper_util::rt::TokioIo;
use std::{
    sync::{Arc, Mutex},
    time::{Duration, SystemTime},
};
use tempfile::TempDir;

/// A passphrase, and a canary: it must appear nowhere.
pub const PASSPHRASE: &str = "canary correct horse battery";

/// The cheapest cost that the cryptography accepts.
const COST: Argon2Params = Argon2Params { memory_kib: 19 * 1024, passes: 2, lanes: 1 };

/// Whom everybody trusts: two of the demo consortium's three cosigners.
pub fn policy() -> Policy {
    Policy::parse(carnet_proofs::demo::POLICY).unwrap()
}

/// A relay with the demo consortium.
pub struct World {
    server: RunningServer,
    pub folder: TempDir,
    /// The relay's and the members' clock.
    pub clock: Arc<ShiftedClock>,
    heard: Heard,
}

impl World {
    pub async fn new() -> Self {
        Self::on(tempfile::tempdir().unwrap()).await
    }

    /// A relay on what another one has left behind.
    pub async fn on(folder: TempDir) -> Self {
        let mut config = Config {
            listen: "127.0.0.1:0".parse().unwrap(),
            metrics_listen: None,
            data_dir: folder.path().join("data"),
            demo: true,
            ..Config::default()
        };
        // Everyone in a test comes from one address.
        (config.limits.peer_rate, config.limits.peer_burst) = (100_000, 100_000);
        (config.limits.key_rate, config.limits.key_burst) = (100_000, 100_000);
        let clock = Arc::new(ShiftedClock::default());
        let server = start_at(config, clock.clone()).await.unwrap();
        Self { server, folder, clock, heard: Heard::default() }
    }

    /// Days pass, at the relay and for these people; the cosigners go on signing, as they do each day.
    pub async fn pass(&self, days: u64, people: &mut [&mut Person]) {
        self.clock.advance(days * Timestamp::DAY);
        for person in people.iter_mut() {
            person.later += Duration::from_millis(days * Timestamp::DAY);
        }
        let mut somebody = self.person();
        somebody.later = people[0].later;
        somebody.create().await;
        somebody.add_car().await;
        let stale = WalletError::Untrusted { what: Distrust::Proof(ProofFault::Stale) };
        while somebody.ask(Command::Sync).await.is_err_and(|error| error == stale) {}
    }

    pub fn authority(&self) -> String {
        self.server.address.to_string()
    }

    pub fn wire(&self) -> Wire {
        let state = WireState { relay: HostileRelay::new(self.heard.clone()), ..WireState::default() };
        Wire { authority: self.authority(), state: Arc::new(Mutex::new(state)) }
    }

    /// Someone with an empty browser.
    pub fn person(&self) -> Person {
        Person::with(MemoryStore::new(), self.wire())
    }

    /// Someone with a wallet.
    pub async fn owner(&self) -> Person {
        let mut person = self.person();
        person.create().await;
        person
    }

    pub async fn end(self) -> TempDir {
        self.server.shutdown().await;
        self.folder
    }
}

type Tamper = Box<dyn FnMut(&Request, Response) -> Response + Send>;

/// A connection to the relay.
#[derive(Clone)]
pub struct Wire {
    authority: String,
    state: Arc<Mutex<WireState>>,
}

#[derive(Default)]
struct WireState {
    cut: bool,
    closed: Option<&'static str>,
    lose_after: Option<u32>,
    tamper: Option<Tamper>,
    relay: HostileRelay,
    ledger: Option<String>,
    traffic: Vec<u8>,
    requests: Vec<String>,
}

impl Wire {
    /// Nothing goes through.
    pub fn cut(&self, cut: bool) {
        self.state.lock().unwrap().cut = cut;
    }

    /// Nothing goes through to paths that begin like this.
    pub fn close(&self, path: Option<&'static str>) {
        self.state.lock().unwrap().closed = path;
    }

    /// The next requests are answered; the one after them arrives, its answer is lost.
    pub fn lose_answer_after(&self, requests: u32) {
        self.state.lock().unwrap().lose_after = Some(requests);
    }

    /// The relay lies from now on.
    pub fn lie(&self, lie: Lie) {
        self.state.lock().unwrap().relay.begin(lie);
    }

    /// How many answers were lies, and what was asked after the first of them.
    pub fn told(&self) -> (usize, Vec<Asked>) {
        let state = self.state.lock().unwrap();
        (state.relay.told(), state.relay.asked_since().to_vec())
    }

    /// What concerns the ledger is answered by another relay from now on.
    pub fn split(&self, ledger: String) {
        self.state.lock().unwrap().ledger = Some(ledger);
    }

    /// Answers are changed like this from now on.
    pub fn tamper(&self, tamper: impl FnMut(&Request, Response) -> Response + Send + 'static) {
        self.state.lock().unwrap().tamper = Some(Box::new(tamper));
    }

    /// The relay is honest again.
    pub fn honest(&self) {
        let mut state = self.state.lock().unwrap();
        (state.tamper, state.ledger) = (None, None);
        state.relay.end();
    }

    /// All that went over it, both ways.
    pub fn traffic(&self) -> Vec<u8> {
        self.state.lock().unwrap().traffic.clone()
    }

    /// Method and path of each request since the last time.
    pub fn take_requests(&self) -> Vec<String> {
        std::mem::take(&mut self.state.lock().unwrap().requests)
    }

    async fn exchange(&self, request: &Request) -> Result<Response, TransportError> {
        let unreachable = |_| TransportError::Unreachable;
        let of_the_ledger = [path::INFO, "/v1/ledger", "/v1/proofs"].iter().any(|part| request.path.starts_with(part));
        let split = self.state.lock().unwrap().ledger.clone().filter(|_| of_the_ledger);
        let authority = split.as_ref().unwrap_or(&self.authority);
        let stream = tokio::net::TcpStream::connect(authority).await.map_err(|_| TransportError::Unreachable)?;
        let (mut sender, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(unreachable)?;
        tokio::spawn(connection);
        let mut builder = hyper::Request::builder()
            .method(request.method.as_str())
            .uri(&request.path)
            .header("host", authority)
            .header("content-type", "application/cbor");
        if let Some(authorization) = &request.authorization {
            builder = builder.header("authorization", authorization);
        }
        let body = Full::new(hyper::body::Bytes::from(request.body.clone().unwrap_or_default()));
        let response = sender.send_request(builder.body(body).unwrap()).await.map_err(unreachable)?;
        let status = response.status().as_u16();
        let retry = response.headers().get("retry-after").and_then(|value| value.to_str().ok()?.parse().ok());
        let receipt = response.headers().get(HEADER).and_then(|value| Some(value.to_str().ok()?.to_owned()));
        let body = response.into_body().collect().await.map_err(unreachable)?.to_bytes().to_vec();
        Ok(Response { status, retry_after_s: retry, receipt, body })
    }
}

impl Transport for Wire {
    fn authority(&self) -> &str {
        &self.authority
    }

    async fn send(&self, request: Request) -> Result<Response, TransportError> {
        {
            let mut state = self.state.lock().unwrap();
            if state.cut || state.closed.is_some_and(|closed| request.path.starts_with(closed)) {
                return Err(TransportError::Unreachable);
            }
            state.requests.push(format!("{} {}", request.method.as_str(), request.path));
            state.traffic.extend_from_slice(request.path.as_bytes());
            state.traffic.extend_from_slice(request.authorization.clone().unwrap_or_default().as_bytes());
            state.traffic.extend_from_slice(request.body.as_deref().unwrap_or_default());
        }
        let response = self.exchange(&request).await?;
        let mut state = self.state.lock().unwrap();
        match state.lose_after.take() {
            Some(0) => return Err(TransportError::TimedOut),
            Some(more) => state.lose_after = Some(more - 1),
            None => {}
        }
        state.traffic.extend_from_slice(&response.body);
        let response = state.answer(&request, response);
        match &mut state.tamper {
            Some(tamper) => Ok(tamper(&request, response)),
            None => Ok(response),
        }
    }
}

impl WireState {
    fn answer(&mut self, request: &Request, response: Response) -> Response {
        let (method, path) = (request.method.as_str().to_owned(), request.path.clone());
        let asked = Asked { method, path, body: request.body.clone().unwrap_or_default() };
        let honest =
            carnet_hostile_relay::Answer { status: response.status, receipt: response.receipt, body: response.body };
        let told = self.relay.answer(&asked, honest);
        Response { status: told.status, retry_after_s: response.retry_after_s, receipt: told.receipt, body: told.body }
    }
}

/// Someone at a browser.
pub struct Person {
    pub wallet: Wallet<MemoryStore, Wire>,
    pub store: MemoryStore,
    pub wire: Wire,
    pub notices: Vec<Notice>,
    pub words: Vec<String>,
    pub later: Duration,
}

impl Person {
    pub fn with(store: MemoryStore, wire: Wire) -> Self {
        let wallet = Self::bare(&store, &wire).with_first_screens("journeys");
        Self { wallet, store, wire, notices: Vec::new(), words: Vec::new(), later: Duration::ZERO }
    }

    /// A wallet that keeps no first screens.
    fn bare(store: &MemoryStore, wire: &Wire) -> Wallet<MemoryStore, Wire> {
        Wallet::new(store.clone(), wire.clone(), policy()).with_kdf_cost(COST)
    }

    /// [`Self::tab`], where nothing is shown but what was opened.
    pub fn bare_tab(&self) -> Person {
        let wallet = Self::bare(&self.store, &self.wire);
        Person { wallet, later: self.later, ..self.tab() }
    }

    /// A browser in which the words were typed in.
    pub async fn restore(world: &World, words: &[String], passphrase: &str) -> Person {
        let mut person = world.person();
        let command = Command::RestoreWallet { words: words.join("  "), passphrase: passphrase.into() };
        person.ask(command).await.unwrap();
        person.words = words.to_vec();
        person
    }

    pub async fn devices(&mut self) -> Vec<DeviceView> {
        let Answer::Devices(view) = self.ask(Command::Device(DeviceCommand::List)).await.unwrap() else {
            panic!("devices")
        };
        view.devices
    }

    /// This device's own entry.
    pub async fn this_device(&mut self) -> VerifyingKey {
        self.devices().await.into_iter().find(|device| device.this).unwrap().device
    }

    pub async fn remove_device(&mut self, device: VerifyingKey) -> Result<Answer, WalletError> {
        let passphrase = PASSPHRASE.to_owned();
        self.ask(Command::Device(DeviceCommand::Remove { device, passphrase })).await
    }

    /// Another tab of the same browser.
    pub fn tab(&self) -> Person {
        Person::with(self.store.clone(), self.wire.clone())
    }

    /// [`Self::tab`], for someone who goes on with it.
    pub fn tab_with_words(&self) -> Person {
        Person { words: self.words.clone(), ..self.tab() }
    }

    /// The same browser once more, with all that it has stored; what one does the other does not see.
    pub async fn twin(&self, wire: Wire) -> Person {
        let (store, mut batch) = (MemoryStore::new(), Batch::default());
        for (table, key, value) in self.store.dump() {
            batch.put(table, key, value);
        }
        store.commit(batch).await.unwrap();
        Person { words: self.words.clone(), ..Person::with(store, wire) }
    }

    pub fn now(&self) -> Timestamp {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap() + self.later;
        Timestamp(u64::try_from(now.as_millis()).unwrap())
    }

    pub async fn ask(&mut self, command: impl Into<Command>) -> Result<Answer, WalletError> {
        let now = self.now();
        let (wallet, notices) = (&mut self.wallet, &mut self.notices);
        wallet.handle(command.into(), now, &mut UnwrapErr(SysRng), &mut |notice| notices.push(notice)).await
    }

    /// What the worker does when there is nothing else to do.
    pub async fn rest(&mut self) {
        self.wallet.keep_first_screen(self.now(), &mut UnwrapErr(SysRng)).await.unwrap();
    }

    pub async fn create(&mut self) {
        let Answer::Words(words) = self.ask(Command::DrawWords).await.unwrap() else { panic!("words") };
        let check = [3_u8, 17].map(|n| (n, words[usize::from(n)].clone())).to_vec();
        self.words = words;
        self.ask(Command::CreateWallet { check, passphrase: PASSPHRASE.into() }).await.unwrap();
    }

    pub async fn unlock(&mut self) {
        self.ask(Command::Unlock { passphrase: PASSPHRASE.into() }).await.unwrap();
    }

    pub async fn add_car(&mut self) -> StreamId {
        let identity = VehicleIdentity {
            vin: Some("5YJ3E7EB0MF000001".into()),
            plate: Some("CANARY-77".into()),
            make: Some("Tesla".into()),
            model: Some("Model 3".into()),
            ..VehicleIdentity::default()
        };
        let name = "Canary's car".into();
        let Answer::Vehicle(card) = self.ask(Command::AddVehicle { name, identity }).await.unwrap() else {
            panic!("a vehicle")
        };
        card.vehicle
    }

    pub async fn add_sample(&mut self) -> StreamId {
        let Answer::Vehicle(card) = self.ask(Command::AddSampleVehicle).await.unwrap() else { panic!("a vehicle") };
        card.vehicle
    }

    pub async fn add_odometer(&mut self, vehicle: StreamId, day: Day, km: u64) {
        let fact = Fact::Odometer(OdometerReading { odometer: Metres::from_km(km) });
        let command = Command::AddRecord { vehicle, day, fact, note: Some("canary note".into()), files: Vec::new() };
        self.ask(command).await.unwrap();
    }

    pub async fn sync(&mut self) -> SyncView {
        let Answer::Sync(view) = self.ask(Command::Sync).await.unwrap() else { panic!("a sync view") };
        view
    }

    /// Syncs, and nothing is left.
    pub async fn settle(&mut self) {
        let view = self.sync().await;
        assert_eq!((view.waiting, view.refused), (0, None));
    }

    /// Syncs until the consortium has confirmed all of a car.
    pub async fn confirmed(&mut self, vehicle: StreamId) -> PassportView {
        loop {
            self.settle().await;
            let passport = self.passport(Subject::Own(vehicle)).await.unwrap();
            if passport.proof.state == ProofState::Proved && passport.proof.newer == 0 {
                return passport;
            }
        }
    }

    pub async fn vehicles(&mut self) -> Vec<VehicleCard> {
        let Answer::Vehicles(cards) = self.ask(Command::Vehicles).await.unwrap() else { panic!("vehicles") };
        cards
    }

    pub async fn passport(&mut self, subject: Subject) -> Result<PassportView, WalletError> {
        match self.ask(Command::Passport { subject }).await? {
            Answer::Passport(passport) => Ok(*passport),
            _ => panic!("a passport"),
        }
    }

    /// The passport once all its signatures are verified.
    pub async fn verified(&mut self, subject: Subject) -> PassportView {
        loop {
            let command = Command::CheckSignatures { subject: subject.clone() };
            let Answer::Signatures(view) = self.ask(command).await.unwrap() else { panic!("how far it is") };
            if view.checked == view.total {
                return self.passport(subject).await.unwrap();
            }
        }
    }

    pub async fn share(&mut self, vehicle: StreamId, audience: Audience, scopes: Vec<ShareScope>) -> SharedView {
        let draft = ShareDraft {
            audience,
            purpose: Purpose::Purchase,
            scopes,
            not_after: Some(self.now().plus(7 * Timestamp::DAY)),
            message: Some("canary message".into()),
        };
        self.share_as(vehicle, draft).await
    }

    /// Shares once members have confirmed the ledger: until then nothing is sealed to anybody in it.
    pub async fn share_as(&mut self, vehicle: StreamId, draft: ShareDraft) -> SharedView {
        loop {
            match self.ask(Command::Share { vehicle, draft: draft.clone() }).await {
                Ok(Answer::Shared(shared)) => return *shared,
                Err(WalletError::Busy { .. }) => drop(self.ask(Command::Sync).await.unwrap()),
                other => panic!("no share: {:?}", other.map(drop)),
            }
        }
    }

    pub async fn open(&mut self, link: &str, pin: Option<&str>) -> Result<LinkView, WalletError> {
        let command = Command::OpenLink { fragment: link.to_owned(), pin: pin.map(str::to_owned) };
        match self.ask(command).await? {
            Answer::Link(view) => Ok(view),
            _ => panic!("a link"),
        }
    }
}

pub fn by_link() -> Audience {
    Audience::Link { name: "Canary buyer".into(), max_opens: None, pin: None }
}

pub fn all_days(categories: &[Category]) -> Vec<ShareScope> {
    categories.iter().map(|category| ShareScope { category: *category, days: DayRange::ALL }).collect()
}

pub fn text_file(name: &str, bytes: &[u8]) -> FileData {
    FileData { name: name.into(), media_type: "text/plain".into(), bytes: bytes.to_vec() }
}
