//! The form for a record: what happened, when, the figures, and photos or papers that show it.

mod draft;
mod fields;
mod given;

use carnet_passport::odometer::of_fact;
use carnet_protocol::category::Category;
use carnet_protocol::day::Day;
use carnet_protocol::id::RecordId;
use carnet_protocol::limits::ATTACHMENT_MAX;
use carnet_protocol::payload::Fact;
use carnet_wallet::command::{FileData, Subject};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::File;

use self::draft::{Draft, Kind};
use self::fields::KindFields;
pub use self::given::Given;
use crate::action::{Deed, DeedFailure};
use crate::i18n::format;
use crate::reading_check::{ReadingCheck, ReadingQuestion};
use crate::t;
use crate::ui::{
    Button, ButtonKind, ButtonVariant, Field, FieldKind, FilePicker, Glyph, Icon, Notice, Select, SelectOption, Text,
    TextArea, Tone, focus_first_error,
};
use crate::upload::{UploadError, photo_or_paper, read};
use crate::words;

/// Files of one record.
const FILES_MAX: usize = 10;

/// A record as typed and checked.
pub struct Typed {
    /// The day it speaks of.
    pub day: Day,
    /// What happened.
    pub fact: Fact,
    /// Free text.
    pub note: Option<String>,
    /// Photos and papers.
    pub files: Vec<FileData>,
}

/// Whether records of a category can be typed at all.
pub fn can_type(category: Category) -> bool {
    !Kind::within(&[category]).is_empty()
}

/// The form; whoever shows it keeps the record.
#[component]
pub fn RecordForm(
    /// Categories of which records can be typed; all where none is named.
    #[prop(optional)]
    categories: Vec<Category>,
    /// The car whose readings a typed one is held against; where they cannot be seen, nothing is asked.
    #[prop(optional_no_strip)]
    subject: Option<Subject>,
    /// A record that this one corrects, whose reading is not asked.
    #[prop(optional)]
    besides: Option<RecordId>,
    /// A record that is corrected: what the fields start with.
    #[prop(optional)]
    given: Option<Given>,
    /// Keeping it.
    deed: Deed,
    /// It is typed and checked.
    #[prop(into)]
    on_typed: Callback<Typed>,
) -> impl IntoView {
    let kinds = Kind::within(&categories);
    let nature = given.as_ref().and_then(|given| match &given.fact {
        Fact::Inspection(inspection) => Some(words::nature(inspection.nature)),
        _ => None,
    });
    let draft = Draft::new(&kinds, given);
    let files = RwSignal::new(Vec::<FileData>::new());
    // Of inspections one kind is typed; one that is corrected stays what it is.
    let label = |kind: Kind| nature.clone().filter(|_| kind == Kind::Inspection).unwrap_or_else(|| kind.label());
    let kinds: Vec<_> = kinds.into_iter().map(|kind| SelectOption::new(kind.id(), label(kind))).collect();
    let check = ReadingCheck::new(subject, besides);
    // A draft is kept nowhere: what is not sealed yet must not lie in the browser's store. The browser asks before it is lost.
    let leaving = window_event_listener(leptos::ev::beforeunload, move |event| {
        if !draft.is_untouched() || files.with_untracked(|files| !files.is_empty()) {
            event.prevent_default();
        }
    });
    on_cleanup(move || leaving.remove());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some((day, fact)) = draft.checked() else { return focus_first_error() };
        let note = Some(draft.note.get_untracked().trim().to_owned()).filter(|note| !note.is_empty());
        let reading = of_fact(&fact).map(|odometer| (day, odometer));
        check.then(reading, move || on_typed.run(Typed { day, fact, note, files: files.get_untracked() }));
    };
    let save = move || if check.asks() { t!(new_record::save_all_the_same) } else { t!(new_record::save) };
    view! {
        <form class="form" on:submit=submit>
            <Select label=t!(new_record::kind) options=Signal::stored(kinds) value=draft.kind />
            <Field label=t!(new_record::day) kind=FieldKind::Date value=draft.day error=draft.errors.day />
            {move || view! { <KindFields draft kind=Kind::from_id(&draft.kind.get()) /> }}
            <TextArea label=t!(new_record::note) optional=t!(new_record::optional) value=draft.note />
            <Attach files />
            <ReadingQuestion check />
            <DeedFailure deed />
            <Button
                label=Text::from(move || save().get())
                variant=ButtonVariant::Primary
                kind=ButtonKind::Submit
                busy=deed.busy()
            />
            <p class="form__waiting" role="status">
                {move || deed.busy().get().then(|| t!(new_record::saving).get())}
            </p>
        </form>
    }
}

/// Photos and papers.
#[component]
fn Attach(files: RwSignal<Vec<FileData>>) -> impl IntoView {
    let refused = RwSignal::new(None::<Text>);
    let take = move |picked: Vec<File>| {
        refused.set(None);
        spawn_local(async move {
            for file in picked {
                let name = file.name();
                let outcome = read(&file, ATTACHMENT_MAX as u64).await;
                let full = files.try_with_untracked(|files| files.len() >= FILES_MAX);
                match (outcome, full) {
                    (_, None) => return,
                    (_, Some(true)) => refused.set(Some(t!(new_record::files_full, count = FILES_MAX))),
                    (Ok(data), _) => match photo_or_paper(&data.bytes) {
                        Some(kind) => {
                            files.update(|files| files.push(FileData { media_type: kind.to_owned(), ..data }))
                        }
                        None => refused.set(Some(t!(new_record::file_other_kind, name = name))),
                    },
                    (Err(UploadError::TooLarge { .. }), _) => {
                        let max = ATTACHMENT_MAX / 1_048_576;
                        refused.set(Some(t!(new_record::file_large, name = name, max = max)));
                    }
                    (Err(UploadError::Unreadable), _) => {
                        refused.set(Some(t!(new_record::file_unreadable, name = name)))
                    }
                }
            }
        });
    };
    let row = move |(index, file): (usize, FileData)| {
        let size = file.bytes.len().div_ceil(1_000) as f64;
        let remove = move |()| files.update(|files| drop(files.remove(index)));
        view! {
            <li class="files__row">
                <Icon glyph=Glyph::Document />
                <span class="files__name">{file.name}</span>
                <span class="files__size">{move || format::with_unit(size, "kilobyte")}</span>
                <Button
                    label=t!(new_record::remove_file)
                    variant=ButtonVariant::Quiet
                    glyph=Glyph::Close
                    icon_only=true
                    on_press=remove
                />
            </li>
        }
    };
    view! {
        <FilePicker
            label=t!(new_record::files)
            hint=t!(new_record::files_hint)
            drop_text=t!(new_record::drop)
            accept="image/*,application/pdf"
            multiple=true
            on_files=take
        />
        {move || refused.get().map(|title| view! { <Notice tone=Tone::Bad title /> })}
        <ul class="files">{move || files.get().into_iter().enumerate().map(row).collect_view()}</ul>
    }
}
