//! Erasing for good: what it means, asked once more before it is done, and the receipts.

mod receipt;

pub(crate) use receipt::Receipt;

use carnet_wallet::command::EraseTarget;
use carnet_wallet::view::ErasureView;
use leptos::prelude::*;

use crate::confirm::{Confirm, Question};
use crate::i18n::format;
use crate::load::load;
use crate::t;
use crate::ui::{ButtonVariant, Fact, Facts, Field, FieldKind, Glyph, Text, Wait};
use crate::wallet::use_wallet;

/// The button that asks, and its question; a car and everything ask for the passphrase as well.
#[component]
pub(crate) fn Erase(
    /// What.
    target: EraseTarget,
    /// Label of the button.
    #[prop(into)]
    label: Text,
    /// What it means, in plain words.
    #[prop(into)]
    text: Text,
    /// It is done; the receipt is there.
    #[prop(into)]
    on_done: Callback<ErasureView>,
) -> impl IntoView {
    let wallet = use_wallet();
    let question = Question::new();
    let passphrase = RwSignal::new(String::new());
    let fresh = matches!(target, EraseTarget::Vehicle { .. } | EraseTarget::Everything);
    let text = StoredValue::new(text);
    let erase = move |()| {
        let typed = fresh.then(|| passphrase.get_untracked());
        let work = async move { wallet.erase(target, typed).await };
        question.answer(work, t!(erasure::done), move |view| {
            passphrase.set(String::new());
            on_done.run(view);
        });
    };
    view! {
        <Confirm
            question
            label
            variant=if fresh { ButtonVariant::Danger } else { ButtonVariant::Quiet }
            glyph=Glyph::Trash
            title=t!(erasure::sure)
            yes=t!(erasure::now)
            on_yes=erase
        >
            <p>{text.get_value()}</p>
            <Consequences target />
            <p>{t!(erasure::everywhere)}</p>
            <p>{t!(erasure::kept_by_others)}</p>
            {fresh
                .then(|| view! { <Field label=t!(erasure::passphrase) kind=FieldKind::Password value=passphrase /> })}
        </Confirm>
    }
}

/// What would go, in figures.
#[component]
fn Consequences(target: EraseTarget) -> impl IntoView {
    let wallet = use_wallet();
    let preview = load(move || async move { wallet.preview_erasure(target).await });
    let found = preview.value();
    view! {
        <Wait phase=preview
            .phase(
                t!(erasure::counting),
            )>
            {move || {
                let found = found.get()?;
                let figure = |count: u32, term: Text| {
                    (count > 0).then(|| view! { <Fact term>{format::number(f64::from(count))}</Fact> })
                };
                Some(view! {
                    <Facts>
                        <Fact term=t!(erasure::records)>{format::number(f64::from(found.records))}</Fact>
                        {figure(found.files, t!(erasure::files))}
                        {found
                            .days
                            .map(|days| {
                                let (first, last) = (days.first().0, days.last().0);
                                view! {
                                    <Fact term=t!(
                                        erasure::days
                                    )>
                                        {t!(
                                            erasure::from_to, first = format::day(first), last = format::day(last)
                                        )}
                                    </Fact>
                                }
                            })}
                        {figure(found.ending, t!(erasure::ending))}
                        {figure(found.narrowed, t!(erasure::narrowed))}
                    </Facts>
                })
            }}
        </Wait>
    }
}
