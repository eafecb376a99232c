//! Taking everything along: a file in an open format, or a table of one category.

use carnet_protocol::category::Category;
use carnet_protocol::id::StreamId;
use carnet_wallet::command::FileData;
use carnet_wallet::error::WalletError;
use leptos::prelude::*;

use crate::action::{Deed, DeedFailure};
use crate::download::download;
use crate::t;
use crate::ui::{
    Button, Card, Checkbox, Field, FieldKind, Glyph, Progress, Select, SelectOption, Text, focus_first_error, on_change,
};
use crate::wallet::{CallError, use_wallet};
use crate::words;

/// Characters of a file's passphrase at least; the wallet refuses fewer too.
const SHORTEST: usize = 10;

/// What is wrong with each passphrase, said beside it.
#[derive(Clone, Copy)]
struct Wrong {
    own: RwSignal<Option<Text>>,
    file: RwSignal<Option<Text>>,
}

impl Wrong {
    fn new() -> Self {
        Self { own: RwSignal::new(None), file: RwSignal::new(None) }
    }

    /// Whether both can be tried; what cannot is marked, and has the focus.
    fn none_in(self, own: &str, file: Option<&str>) -> bool {
        self.own.set(own.is_empty().then(|| t!(export::passphrase_missing)));
        self.file.set(match file.map(|file| file.chars().count()) {
            Some(0) => Some(t!(export::file_passphrase_missing)),
            Some(count) if count < SHORTEST => Some(t!(create_wallet::passphrase_short)),
            _ => None,
        });
        let none = self.own.with_untracked(Option::is_none) && self.file.with_untracked(Option::is_none);
        if !none {
            focus_first_error();
        }
        none
    }
}

/// Whether the wallet did not open with what was typed.
fn is_wrong(error: &Option<CallError>) -> bool {
    matches!(error, Some(CallError::Wallet(WalletError::WrongPassphrase)))
}

/// The form: of one car, or of all.
#[component]
pub(crate) fn Export(vehicle: Option<StreamId>) -> impl IntoView {
    let wallet = use_wallet();
    let (passphrase, protect) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (protected, files) = (RwSignal::new(true), RwSignal::new(true));
    let (deed, wrong) = (Deed::new(), Wrong::new());
    let failed = deed.error();
    let own_error = Signal::derive(move || {
        wrong.own.get().or_else(|| failed.with(is_wrong).then(|| t!(faults::wrong_passphrase_title)))
    });
    on_change(
        move || failed.with(is_wrong),
        |wrong| {
            if *wrong {
                focus_first_error();
            }
        },
    );
    let save = move |file: FileData| {
        passphrase.set(String::new());
        protect.set(String::new());
        download(&file);
    };
    let export = move |()| {
        let typed = passphrase.get_untracked();
        let protect = protected.get_untracked().then(|| protect.get_untracked());
        let files = files.get_untracked();
        if !wrong.none_in(&typed, protect.as_deref()) {
            return;
        }
        deed.run(async move { wallet.export(vehicle, typed, protect, files).await }, save);
    };
    view! {
        <Card title=t!(export::title)>
            <div class="form">
                <p>{t!(export::text)}</p>
                <p class="aside">{t!(export::left_out)}</p>
                <Field
                    label=t!(export::passphrase)
                    kind=FieldKind::Password
                    value=passphrase
                    error=own_error
                />
                <Checkbox label=t!(export::files) checked=files />
                <Checkbox label=t!(export::protect) checked=protected />
                {move || {
                    protected
                        .get()
                        .then(|| {
                            view! {
                                <Field
                                    label=t!(export::file_passphrase)
                                    hint=t!(export::file_passphrase_hint)
                                    kind=FieldKind::NewPassword
                                    value=protect
                                    error=wrong.file
                                />
                            }
                        })
                }}
                <Button label=t!(export::save) glyph=Glyph::Download busy=deed.busy() on_press=export />
                {vehicle.map(|vehicle| view! { <OneTable vehicle passphrase wrong deed save=Callback::new(save) /> })}
                {move || deed.busy().get().then(|| view! { <Progress label=t!(export::gathering) /> })}
                {move || (!failed.with(is_wrong)).then(|| view! { <DeedFailure deed /> })}
            </div>
        </Card>
    }
}

/// One category for a spreadsheet.
#[component]
fn OneTable(
    vehicle: StreamId,
    passphrase: RwSignal<String>,
    wrong: Wrong,
    deed: Deed,
    save: Callback<FileData>,
) -> impl IntoView {
    let wallet = use_wallet();
    let chosen = RwSignal::new("0".to_owned());
    let options = Category::ALL.iter().enumerate();
    let options = options.map(|(n, category)| SelectOption::new(n.to_string(), words::category(*category))).collect();
    let export = move |()| {
        let number = chosen.get_untracked().parse::<usize>().unwrap_or_default();
        let category = Category::ALL[number.min(Category::ALL.len() - 1)];
        let typed = passphrase.get_untracked();
        if !wrong.none_in(&typed, None) {
            return;
        }
        let work = async move { wallet.export_table(vehicle, category, typed).await };
        deed.run(work, move |file| save.run(file));
    };
    view! {
        <Select label=t!(export::table) options=Signal::stored(options) value=chosen />
        <Button label=t!(export::save_table) glyph=Glyph::Download busy=deed.busy() on_press=export />
    }
}
