//! Bringing in a file: a dry run first, questions where the file leaves something open, then the import, and its undoing.

mod examples;
mod outcome;
mod past;
mod questions;

use carnet_import::{Answers, DryRun};
use carnet_protocol::id::StreamId;
use carnet_wallet::command::FileData;
use carnet_wallet::error::WalletError;
use carnet_wallet::view::ImportView;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::File;

use self::examples::Examples;
use self::outcome::Outcome;
use self::past::PastImports;
use self::questions::Questions;
use crate::action::{Deed, DeedFailure};
use crate::faults;
use crate::pages::vehicle::{OfVehicle, VehicleTabs, Writable, car_name};
use crate::t;
use crate::ui::{
    Button, ButtonVariant, Card, FilePicker, LinkButton, Notice, PageFrame, Progress, TRUE, Text, Tone, refocus,
};
use crate::upload::{UploadError, read};
use crate::wallet::use_wallet;

/// The import page.
#[component]
pub fn Import() -> impl IntoView {
    view! {
        <OfVehicle page=|vehicle| {
            let page = |vehicle| view! { <ImportPage vehicle /> }.into_any();
            view! { <Writable vehicle title=t!(import::title) page /> }.into_any()
        } />
    }
}

/// What is being brought in.
#[derive(Clone, Copy)]
struct Bringing {
    file: RwSignal<Option<FileData>>,
    answers: RwSignal<Answers>,
    run: RwSignal<Option<DryRun>>,
    done: RwSignal<Option<ImportView>>,
    refused: RwSignal<Option<(Text, Text)>>,
}

impl Bringing {
    fn new() -> Self {
        Self {
            file: RwSignal::new(None),
            answers: RwSignal::new(Answers::default()),
            run: RwSignal::new(None),
            done: RwSignal::new(None),
            refused: RwSignal::new(None),
        }
    }

    fn forget(self) {
        self.file.set(None);
        self.answers.set(Answers::default());
        self.run.set(None);
        self.refused.set(None);
    }
}

#[component]
fn ImportPage(vehicle: StreamId) -> impl IntoView {
    let wallet = use_wallet();
    let bringing = Bringing::new();
    let (trying, committing) = (Deed::new(), Deed::new());
    let dry_run = move || {
        let Some(file) = bringing.file.get_untracked() else { return };
        let answers = bringing.answers.get_untracked();
        trying.run(async move { wallet.dry_run(vehicle, file, answers).await }, move |run| {
            bringing.run.set(Some(run));
            refocus();
        });
    };
    let take = move |picked: Vec<File>| {
        bringing.forget();
        bringing.done.set(None);
        spawn_local(async move {
            let Some(file) = picked.into_iter().next() else { return };
            match read(&file, carnet_import::limits::EXPORT_FILE_MAX as u64).await {
                Ok(data) => {
                    bringing.file.set(Some(data));
                    dry_run();
                }
                Err(error) => {
                    let fault = upload_fault(error);
                    bringing.refused.set(Some((fault.title, fault.text)));
                }
            }
        });
    };
    let commit = move |()| {
        let Some(file) = bringing.file.get_untracked() else { return };
        let answers = bringing.answers.get_untracked();
        committing.run(async move { wallet.commit_import(vehicle, file, answers).await }, move |view| {
            bringing.forget();
            bringing.done.set(Some(view));
            refocus();
        });
    };
    let share = Signal::derive(move || {
        wallet.progress().get().map(|progress| f64::from(progress.done) / f64::from(progress.total.max(1)))
    });
    let failed = trying.error();
    let lost = Memo::new(move |_| {
        let nothing = bringing.run.with(|run| run.as_ref().is_some_and(holds_nothing));
        nothing || bringing.refused.with(Option::is_some) || failed.with(Option::is_some)
    });
    view! {
        <PageFrame
            title=t!(import::title)
            of=car_name()
            lead=t!(import::lead)
            above=move || view! { <VehicleTabs vehicle /> }
        >
            <Card title=t!(import::choose)>
                <FilePicker
                    label=t!(import::file)
                    hint=t!(import::file_hint)
                    drop_text=t!(import::drop)
                    accept=".json,.csv,.txt,.ndjson,.jsonl,.carnet-sealed,application/json,text/csv"
                    on_files=take
                />
                {move || trying.busy().get().then(|| view! { <Progress label=t!(import::reading) /> })}
                {move || {
                    bringing.refused.get().map(|(title, text)| view! { <Notice tone=Tone::Bad title text /> })
                }} <DeedFailure deed=trying /> {move || lost.get().then(|| view! { <Examples /> })}
            </Card>
            {move || bringing.done.get().map(|view| view! { <Done vehicle view /> })}
            {move || {
                bringing
                    .run
                    .get()
                    .map(|run| {
                        let open = !run.questions.is_empty();
                        let questions = run.questions.clone();
                        let count = run.drafts.len();
                        view! {
                            <Outcome run />
                            {open
                                .then(|| {
                                    view! {
                                        <Questions questions answers=bringing.answers on_answered=move |()| dry_run() />
                                    }
                                })}
                            <div class="actions">
                                {(count > 0)
                                    .then(|| {
                                        view! {
                                            <Button
                                                label=t!(import::commit, count = count)
                                                variant=ButtonVariant::Primary
                                                disabled=open
                                                busy=committing.busy()
                                                on_press=commit
                                            />
                                        }
                                    })}
                                <Button
                                    label=t!(import::cancel)
                                    variant=ButtonVariant::Quiet
                                    on_press=move |()| {
                                        bringing.forget();
                                        refocus();
                                    }
                                />
                            </div>
                        }
                    })
            }}
            {move || {
                committing.busy().get().then(|| view! { <Progress label=t!(import::writing) value=share /> })
            }}
            <DeedFailure deed=committing />
            <PastImports vehicle />
        </PageFrame>
    }
}

/// Whether a file was understood and has nothing to bring in, new or known.
fn holds_nothing(run: &DryRun) -> bool {
    run.drafts.is_empty() && run.duplicates.is_empty() && run.withheld == 0
}

fn upload_fault(error: UploadError) -> faults::Fault {
    match error {
        UploadError::TooLarge { bytes } => {
            let max = carnet_import::limits::EXPORT_FILE_MAX as u64;
            faults::of_wallet(&WalletError::FileTooLarge { bytes, max })
        }
        UploadError::Unreadable => faults::Fault { title: t!(import::unreadable), text: t!(import::unreadable_text) },
    }
}

#[component]
fn Done(vehicle: StreamId, view: ImportView) -> impl IntoView {
    let records = view.records;
    view! {
        <div tabindex="-1" data-step=TRUE>
            <Notice tone=Tone::Good title=t!(import::done, count = records) text=t!(import::done_text)>
                <LinkButton href=format!("/cars/{vehicle}") label=t!(import::see) />
            </Notice>
        </div>
    }
}
