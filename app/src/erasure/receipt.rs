//! A receipt on the screen, and as a file: readable lines, and the bytes that a program can check.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use carnet_protocol::erasure::{ErasureReceipt, ErasureScope, ErasureStatement, Removed};
use carnet_wallet::command::FileData;
use carnet_wallet::view::ErasureView;
use leptos::prelude::*;

use crate::download::download;
use crate::i18n::format;
use crate::t;
use crate::ui::{Badge, Button, Card, Fact, Facts, Glyph, Notice, Text, Tone};
use crate::words;

/// Characters of base64 in a line.
const LINE: usize = 64;

/// A receipt, with what the relay has yet to confirm.
#[component]
pub(crate) fn Receipt(view: ErasureView) -> impl IntoView {
    let ErasureView { confirmed, ref receipt, .. } = view;
    let at = seconds(receipt.at.0);
    let records = receipt.streams.iter().flat_map(|stream| &stream.records);
    let (all, committed) = (records.clone().count(), records.filter(|record| record.commitment.is_some()).count());
    let until = statements(receipt).map(|word| (word.records_until.0, word.keyrings_until.0)).max();
    let (title, kept_by_buyer) = (scope(receipt.scope), has_archive(receipt));
    let kept = StoredValue::new(view);
    let save = move |()| kept.with_value(|view| download(&file(view)));
    view! {
        <Card
            title
            actions=move || {
                if confirmed {
                    view! { <Badge tone=Tone::Good text=t!(erasure::confirmed) /> }
                } else {
                    view! { <Badge tone=Tone::Caution text=t!(erasure::waiting) /> }
                }
            }
        >
            {(!confirmed)
                .then(|| {
                    view! {
                        <Notice tone=Tone::Caution title=t!(erasure::waiting_title) text=t!(erasure::waiting_text) />
                    }
                })}
            {kept_by_buyer.then(|| view! { <p>{t!(erasure::archive_kept)}</p> })}
            <Facts>
                <Fact term=t!(erasure::when)>{move || format::date_time(at)}</Fact>
                <Fact term=t!(erasure::records_and_files)>{format::number(all as f64)}</Fact>
                <Fact term=t!(erasure::hashes)>{format::number(committed as f64)}</Fact>
                {until
                    .map(|(records, keyrings)| {
                        view! {
                            <Fact term=t!(
                                erasure::keyrings_until
                            )>{move || format::date_time(seconds(keyrings))}</Fact>
                            <Fact term=t!(erasure::records_until)>{move || format::date_time(seconds(records))}</Fact>
                        }
                    })}
            </Facts>
            <Button label=t!(erasure::save) glyph=Glyph::Download on_press=save />
        </Card>
    }
}

/// The last of each kind of backup is gone when the last statement says.
fn statements(receipt: &ErasureReceipt) -> impl Iterator<Item = ErasureStatement> {
    // Checked by the wallet when they came.
    receipt.statements.iter().filter_map(|signed| carnet_protocol::encoding::decode(&signed.body).ok())
}

/// Whether the relay left there what was handed over at a sale.
fn has_archive(receipt: &ErasureReceipt) -> bool {
    statements(receipt).any(|word| matches!(word.removed, Removed::Archive(_)))
}

fn scope(scope: ErasureScope) -> Text {
    match scope {
        ErasureScope::Record => t!(erasure::scope_record),
        ErasureScope::Category(category) => t!(erasure::scope_category, category = words::category(category).get()),
        ErasureScope::Vehicle => t!(erasure::scope_vehicle),
        ErasureScope::Everything => t!(erasure::scope_everything),
    }
}

fn seconds(milliseconds: u64) -> i64 {
    (milliseconds / 1_000) as i64
}

/// The file: what it says to people in their language, then its canonical bytes.
fn file(view: &ErasureView) -> FileData {
    let receipt = &view.receipt;
    let time = |at: u64| format::date_time(seconds(at));
    let when = time(receipt.at.0);
    let mut lines = vec![
        t!(erasure::file_title).get().into_owned(),
        String::new(),
        scope(receipt.scope).get().into_owned(),
        t!(erasure::file_when, time = when).get().into_owned(),
        t!(erasure::file_explains).get().into_owned(),
        String::new(),
    ];
    for stream in &receipt.streams {
        let id = stream.stream;
        lines.push(t!(erasure::file_stream, stream = id).get().into_owned());
        for record in &stream.records {
            let commitment = record.commitment.map(|hash| hash.to_string()).unwrap_or_else(|| "-".to_owned());
            let category = words::category(record.category).get().into_owned();
            lines.push(format!("  {}  {category}  {}  {commitment}", record.day, record.record));
        }
        let ended = stream.grants.iter().copied();
        let ended = ended.map(|grant| t!(erasure::file_grant, grant = grant).get().into_owned());
        lines.extend(ended.map(|line| format!("  {line}")));
    }
    lines.push(String::new());
    for word in statements(receipt) {
        let (at, records, keyrings) = (time(word.at.0), time(word.records_until.0), time(word.keyrings_until.0));
        lines.push(t!(erasure::file_statement, at = at, keyrings = keyrings, records = records).get().into_owned());
    }
    if has_archive(receipt) {
        lines.push(t!(erasure::archive_kept).get().into_owned());
    }
    if !view.confirmed {
        lines.push(t!(erasure::waiting_text).get().into_owned());
    }
    lines.push(String::new());
    lines.push("-----BEGIN CARNET ERASURE RECEIPT-----".to_owned());
    let armour = STANDARD.encode(&view.file);
    lines.extend(armour.as_bytes().chunks(LINE).map(|line| String::from_utf8_lossy(line).into_owned()));
    lines.push("-----END CARNET ERASURE RECEIPT-----\n".to_owned());
    let name = format!("carnet-erasure-{}.txt", receipt.at.day());
    FileData { name, media_type: "text/plain".to_owned(), bytes: lines.join("\n").into_bytes() }
}
