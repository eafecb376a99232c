//! The wallet: one entry for everything a front end asks.

use crate::{
    command::{Answer, Command, Notice, Subject},
    error::WalletError,
    link::OpenLink,
    marks::mark,
    meeting::{Joining, Meeting},
    relay::Relay,
    session::Session,
    store::Store,
    sync::SyncState,
    transport::Transport,
};
use carnet_crypto::{argon2_default, words::RecoveryWords};
use carnet_proofs::{Policy, Witnessed};
use carnet_protocol::{day::Timestamp, link::Argon2Params};
use core::pin::Pin;
use rand_core::CryptoRng;
use std::sync::Mutex;

/// How often a command is tried when another tab changes the keyring at the same moment.
const ATTEMPTS: u32 = 3;

/// Does a command with what another tab wrote in mind, again where one was faster. A macro, so that each half of the
/// wallet's code leads to its own commands only.
macro_rules! tried {
    ($wallet:ident, $command:ident, $cx:expr, $dispatch:ident) => {{
        let mut cx = $cx;
        let mut attempt = 1;
        mark("before");
        loop {
            $wallet.refresh().await?;
            mark("refresh");
            match $wallet.$dispatch($command.clone(), &mut cx).await {
                Err(WalletError::Conflict) if attempt < ATTEMPTS => attempt += 1,
                result => return result,
            }
        }
    }};
}

/// A wallet in one tab. Several may share a store; each sees what the others did at its next command.
pub struct Wallet<S, T> {
    pub(crate) store: S,
    pub(crate) transport: T,
    pub(crate) policy: Policy,
    pub(crate) kdf_cost: Argon2Params,
    /// Whose first screens count: those that this build of a front end kept.
    pub(crate) build: Option<String>,
    pub(crate) session: Session,
    pub(crate) drawn: Option<RecoveryWords>,
    pub(crate) open_link: Option<Box<OpenLink>>,
    pub(crate) meeting: Option<Box<Meeting>>,
    pub(crate) joining: Option<Box<Joining>>,
    pub(crate) sync: SyncState,
    /// The kept checkpoint whose signatures were verified last: commands read it several times.
    pub(crate) checked: Mutex<Option<Witnessed>>,
}

/// What a command needs from outside: time, randomness, and someone to tell.
pub(crate) struct Context<'a, R> {
    pub now: Timestamp,
    pub rng: &'a mut R,
    pub on: &'a mut dyn FnMut(Notice),
}

impl<R> Context<'_, R> {
    pub fn tell(&mut self, notice: Notice) {
        (self.on)(notice);
    }
}

impl<S: Store, T: Transport> Wallet<S, T> {
    /// A wallet over a store and a way to the relay, which believes the ledger as far as `policy` says. It starts
    /// locked, whatever the store holds.
    pub fn new(store: S, transport: T, policy: Policy) -> Self {
        Self {
            store,
            transport,
            policy,
            kdf_cost: argon2_default(),
            build: None,
            session: Session::Closed,
            drawn: None,
            open_link: None,
            meeting: None,
            joining: None,
            sync: SyncState::default(),
            checked: Mutex::default(),
        }
    }

    /// Sets what stretching a passphrase costs from now on; below its floor the cryptography refuses.
    pub fn with_kdf_cost(mut self, cost: Argon2Params) -> Self {
        self.kdf_cost = cost;
        self
    }

    /// Keeps the first screen of a car when it is told to ([`Self::keep_first_screen`]), and shows one that was kept by the
    /// same build while it is true. `build` changes with everything that a passport is made by.
    pub fn with_first_screens(mut self, build: impl Into<String>) -> Self {
        self.build = Some(build.into());
        self
    }

    /// Does one command. `now` is the device's clock; `on` hears what happens on the way.
    ///
    /// # Errors
    /// [`WalletError`]; nothing was changed, unless the variant says otherwise.
    pub async fn handle<R: CryptoRng>(
        &mut self,
        command: Command,
        now: Timestamp,
        rng: &mut R,
        on: &mut dyn FnMut(Notice),
    ) -> Result<Answer, WalletError> {
        if command.reads() { self.read(command, now, rng, on).await } else { self.keep(command, now, rng, on).await }
    }

    /// Does one command that shows a passport to whoever reads it ([`Command::reads`]). A front end whose code is
    /// fetched in parts calls this instead of [`Self::handle`], and does without the rest.
    ///
    /// # Errors
    /// As there; [`WalletError::BadInput`] for another command.
    pub async fn read<R: CryptoRng>(
        &mut self,
        command: Command,
        now: Timestamp,
        rng: &mut R,
        on: &mut dyn FnMut(Notice),
    ) -> Result<Answer, WalletError> {
        tried!(self, command, Context { now, rng, on }, dispatch_reading)
    }

    /// Does one command of all the others.
    ///
    /// # Errors
    /// As [`Self::handle`]; [`WalletError::BadInput`] for a command that [`Self::read`] does.
    pub async fn keep<R: CryptoRng>(
        &mut self,
        command: Command,
        now: Timestamp,
        rng: &mut R,
        on: &mut dyn FnMut(Notice),
    ) -> Result<Answer, WalletError> {
        tried!(self, command, Context { now, rng, on }, dispatch)
    }

    pub(crate) fn relay(&self, now: Timestamp) -> Relay<'_, T> {
        Relay { transport: &self.transport, now }
    }

    /// One line per command that [`Command::reads`].
    async fn dispatch_reading<R: CryptoRng>(
        &mut self,
        command: Command,
        cx: &mut Context<'_, R>,
    ) -> Result<Answer, WalletError> {
        use Command as C;
        match command {
            C::Status => boxed(|| self.status()).await,
            C::Passport { subject: subject @ (Subject::Granted(_) | Subject::Link) } => {
                boxed(|| self.passport(&subject, cx)).await
            }
            C::Timeline { subject, filter, offset, limit } => {
                boxed(|| self.timeline(&subject, &filter, offset, limit, cx)).await
            }
            C::Record { subject, record } => boxed(|| self.record(&subject, record, cx)).await,
            C::Attachment { subject, record, attachment } => {
                boxed(|| self.attachment(&subject, record, attachment, cx)).await
            }
            C::CheckReading { subject, day, odometer, besides } => {
                boxed(|| self.check_reading(&subject, day, odometer, besides, cx)).await
            }
            C::Members => boxed(|| self.members(cx)).await,
            C::OpenLink { fragment, pin } => boxed(|| self.open_link(&fragment, pin.as_deref(), cx)).await,
            C::Standing { subject } => boxed(|| self.standing(&subject, cx)).await,
            C::CheckSignatures { subject } => boxed(|| self.check_signatures(&subject, cx)).await,
            C::ProofBundle { subject } => boxed(|| self.proof_bundle(&subject, cx)).await,
            C::Trust => boxed(|| self.trust()).await,
            _ => Err(WalletError::BadInput),
        }
    }

    /// One line per command of the others.
    async fn dispatch<R: CryptoRng>(
        &mut self,
        command: Command,
        cx: &mut Context<'_, R>,
    ) -> Result<Answer, WalletError> {
        use Command as C;
        match command {
            C::DrawWords => boxed(|| self.draw_words(cx)).await,
            C::CreateWallet { check, passphrase } => boxed(|| self.create_wallet(&check, &passphrase, cx)).await,
            C::Unlock { passphrase } => boxed(|| self.unlock(&passphrase)).await,
            C::UnlockWithPasskey { credential, output } => {
                boxed(|| self.unlock_with_passkey(&credential, output)).await
            }
            C::AddPasskey { passphrase, name, credential, salt, output } => {
                boxed(|| self.open_with_passphrase(&passphrase)).await?;
                boxed(|| self.add_passkey(&name, &credential, &salt, output, cx)).await
            }
            C::RemovePasskey { credential } => boxed(|| self.remove_passkey(&credential)).await,
            C::ChangePassphrase { current, next } => boxed(|| self.change_passphrase(&current, &next, cx)).await,
            C::RehearseWords { words } => self.rehearse(&words),
            C::RestoreWallet { words, passphrase } => boxed(|| self.restore_wallet(&words, &passphrase, cx)).await,
            C::Device(command) => boxed(|| self.device(command, cx)).await,
            C::Lock => boxed(|| self.lock()).await,
            C::SetIdleLock { minutes } => boxed(|| self.set_idle_lock(minutes)).await,
            C::RemoveWallet => boxed(|| self.remove_wallet()).await,
            C::Vehicles => boxed(|| self.vehicles(cx)).await,
            C::Passport { subject: Subject::Own(vehicle) } => boxed(|| self.own_passport(vehicle, cx)).await,
            C::AddVehicle { name, identity } => boxed(|| self.add_vehicle(name, identity, cx)).await,
            C::AddSampleVehicle => boxed(|| self.add_sample_vehicle(cx)).await,
            #[cfg(feature = "bench")]
            C::AddBenchVehicle { records } => boxed(|| self.add_bench_vehicle(records, cx)).await,
            #[cfg(feature = "bench")]
            C::CheckBenchVehicle { vehicle } => boxed(|| self.check_bench_vehicle(vehicle)).await,
            #[cfg(feature = "bench")]
            C::BenchRecordSizes { vehicle } => boxed(|| self.bench_record_sizes(vehicle)).await,
            #[cfg(feature = "bench")]
            C::ShareBenchVehicle { vehicle } => boxed(|| self.share_bench_vehicle(vehicle, cx)).await,
            #[cfg(feature = "bench")]
            C::BenchGrantBytes { grant } => boxed(|| self.bench_grant_bytes(grant)).await,
            #[cfg(feature = "bench")]
            C::BenchScreen { vehicle, keep } => boxed(|| self.bench_screen(vehicle, keep, cx)).await,
            #[cfg(feature = "bench")]
            C::RevokeBenchVehicle { vehicle, grantees } => {
                boxed(|| self.revoke_bench_vehicle(vehicle, grantees, cx)).await
            }
            #[cfg(feature = "bench")]
            C::Marks => Ok(Answer::Marks(crate::marks::take())),
            C::RenameVehicle { vehicle, name } => boxed(|| self.rename_vehicle(vehicle, name, cx)).await,
            C::AddRecord { vehicle, day, fact, note, files } => {
                boxed(|| self.add_record(vehicle, day, fact, note, files, cx)).await
            }
            C::WithdrawRecord { vehicle, record } => boxed(|| self.withdraw_record(vehicle, record, cx)).await,
            C::PreviewErasure { target } => boxed(|| self.preview_erasure(&target, cx)).await,
            C::Erase { target, passphrase } => boxed(|| self.erase(target, passphrase.as_deref(), cx)).await,
            C::Erasures => boxed(|| self.erasures()).await,
            C::ForgetLastReceipt => boxed(|| self.forget_last_receipt()).await,
            C::DryRun { vehicle, file, answers } => boxed(|| self.dry_run(vehicle, &file, &answers)).await,
            C::CommitImport { vehicle, file, answers } => {
                boxed(|| self.commit_import(vehicle, &file, &answers, cx)).await
            }
            C::Export { vehicle, passphrase, protect, files } => {
                boxed(|| self.export(vehicle, (&passphrase, protect.as_deref()), files, cx)).await
            }
            C::ExportTable { vehicle, category, passphrase } => {
                boxed(|| self.export_table(vehicle, category, &passphrase, cx)).await
            }
            C::Imports { vehicle } => self.imports(vehicle),
            C::UndoImport { vehicle, import } => boxed(|| self.undo_import(vehicle, import, cx)).await,
            C::PreviewShare { vehicle, scopes } => boxed(|| self.preview_share(vehicle, &scopes)).await,
            C::Share { vehicle, draft } => boxed(|| self.share(vehicle, draft, cx)).await,
            C::Shares { vehicle } => boxed(|| self.shares(vehicle, cx)).await,
            C::ShowLink { vehicle, grant } => boxed(|| self.show_link(vehicle, grant, cx)).await,
            C::Revoke { vehicle, grant } => boxed(|| self.revoke(vehicle, grant, cx)).await,
            C::Household(command) => boxed(|| self.household(command, cx)).await,
            C::Looks { vehicle } => boxed(|| self.looks(vehicle, cx)).await,
            C::ClaimLink => boxed(|| self.claim_link(cx)).await,
            C::Saved => boxed(|| self.saved(cx)).await,
            C::AskSaved => boxed(|| self.ask_saved(cx)).await,
            C::ForgetSaved { grant } => boxed(|| self.forget_saved(grant, cx)).await,
            C::Compare { grants } => boxed(|| self.compare_saved(&grants, cx)).await,
            C::OfferSale { .. }
            | C::Sale { .. }
            | C::CancelSale { .. }
            | C::OpenOffer { .. }
            | C::Takeover
            | C::AcceptSale { .. } => boxed(|| self.dispatch_sale(command, cx)).await,
            C::Staff => boxed(|| self.staff(cx)).await,
            C::DemoRoles => boxed(|| self.demo_roles(cx)).await,
            C::TakeDemoRole { member } => boxed(|| self.take_demo_role(member, cx)).await,
            C::RequestMembership { name, class } => boxed(|| self.request_membership(name, class, cx)).await,
            C::Inbox => boxed(|| self.inbox(cx)).await,
            C::AnswerGrant { grant, accept } => boxed(|| self.answer_grant(grant, accept, cx)).await,
            C::Source(command) => boxed(|| self.source_command(command, cx)).await,
            C::AttestVin { grant, odometer } => boxed(|| self.attest_vin(grant, odometer, cx)).await,
            C::ReopenPassport { grant, odometer, evidence } => {
                boxed(|| self.reopen_passport(grant, odometer, evidence, cx)).await
            }
            C::DeclareFlag { subject, kind, day, evidence } => {
                boxed(|| self.declare_flag(&subject, kind, day, evidence, cx)).await
            }
            C::ReportFlag { subject, flag, day, evidence } => {
                boxed(|| self.report_flag(&subject, flag, day, evidence, cx)).await
            }
            C::LiftFlag { subject, flag, day, evidence } => {
                boxed(|| self.lift_flag(&subject, flag, day, evidence, cx)).await
            }
            C::ClassVotes => boxed(|| self.class_votes(cx)).await,
            C::ProposeClassIndex { class, index } => boxed(|| self.propose_class_index(class, index, cx)).await,
            C::VoteClassIndex { proposal, approve } => boxed(|| self.vote_class_index(proposal, approve, cx)).await,
            C::Evidence => boxed(|| self.contradiction()).await,
            C::Acknowledgements => boxed(|| self.acknowledgements()).await,
            C::StartTrustAnew { passphrase } => {
                boxed(|| self.open_with_passphrase(&passphrase)).await?;
                boxed(|| self.start_trust_anew()).await
            }
            C::Sync => boxed(|| self.synchronise(cx)).await,
            C::Status
            | C::Passport { .. }
            | C::Timeline { .. }
            | C::Record { .. }
            | C::Attachment { .. }
            | C::CheckReading { .. }
            | C::Members
            | C::OpenLink { .. }
            | C::Standing { .. }
            | C::CheckSignatures { .. }
            | C::ProofBundle { .. }
            | C::Trust => Err(WalletError::BadInput),
        }
    }
}

/// A future on the heap, made there: many of them made in one function would fill its frame, one beside the other.
#[inline(never)]
pub(crate) fn boxed<F: Future>(make: impl FnOnce() -> F) -> Pin<Box<F>> {
    Box::pin(make())
}
