//! Taking everything along: a file in an open format, or a table of one category.

use carnet_protocol::category::Category;
use carnet_protocol::id::StreamId;
use carnet_wallet::command::FileData;
use leptos::prelude::*;

use crate::action::{Deed, DeedFailure};
use crate::download::download;
use crate::t;
use crate::ui::{Button, Card, Checkbox, Field, FieldKind, Glyph, Progress, Select, SelectOption};
use crate::wallet::use_wallet;
use crate::words;

/// The form: of one car, or of all.
#[component]
pub(crate) fn Export(vehicle: Option<StreamId>) -> impl IntoView {
    let wallet = use_wallet();
    let (passphrase, protect) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (protected, files) = (RwSignal::new(true), RwSignal::new(true));
    let deed = Deed::new();
    let save = move |file: FileData| {
        passphrase.set(String::new());
        protect.set(String::new());
        download(&file);
    };
    let export = move |()| {
        let typed = passphrase.get_untracked();
        let protect = protected.get_untracked().then(|| protect.get_untracked());
        let files = files.get_untracked();
        deed.run(async move { wallet.export(vehicle, typed, protect, files).await }, save);
    };
    view! {
        <Card title=t!(export::title)>
            <div class="form">
                <p>{t!(export::text)}</p>
                <p class="aside">{t!(export::left_out)}</p>
                <Field label=t!(export::passphrase) kind=FieldKind::Password value=passphrase />
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
                                />
                            }
                        })
                }}
                <Button label=t!(export::save) glyph=Glyph::Download busy=deed.busy() on_press=export />
                {vehicle.map(|vehicle| view! { <OneTable vehicle passphrase deed save=Callback::new(save) /> })}
                {move || deed.busy().get().then(|| view! { <Progress label=t!(export::gathering) /> })}
                <DeedFailure deed />
            </div>
        </Card>
    }
}

/// One category for a spreadsheet.
#[component]
fn OneTable(vehicle: StreamId, passphrase: RwSignal<String>, deed: Deed, save: Callback<FileData>) -> impl IntoView {
    let wallet = use_wallet();
    let chosen = RwSignal::new("0".to_owned());
    let options = Category::ALL.iter().enumerate();
    let options = options.map(|(n, category)| SelectOption::new(n.to_string(), words::category(*category))).collect();
    let export = move |()| {
        let number = chosen.get_untracked().parse::<usize>().unwrap_or_default();
        let category = Category::ALL[number.min(Category::ALL.len() - 1)];
        let typed = passphrase.get_untracked();
        let work = async move { wallet.export_table(vehicle, category, typed).await };
        deed.run(work, move |file| save.run(file));
    };
    view! {
        <Select label=t!(export::table) options=Signal::stored(options) value=chosen />
        <Button label=t!(export::save_table) glyph=Glyph::Download busy=deed.busy() on_press=export />
    }
}
