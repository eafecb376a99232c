//! Shows that the words are on paper: three of them, typed.

use leptos::prelude::*;

use crate::t;
use crate::ui::{Button, ButtonKind, ButtonVariant, Field, Text, focus_first_error};

/// Asks for some of the words. The wallet checks them again; this check is for telling which one is wrong at once.
#[component]
pub(super) fn CheckWords(
    /// All words.
    words: Vec<String>,
    /// Positions asked for, from 0.
    asked: Vec<u8>,
    /// Back to the words.
    #[prop(into)]
    on_back: Callback<()>,
    /// All are right: positions and words.
    #[prop(into)]
    on_next: Callback<Vec<(u8, String)>>,
) -> impl IntoView {
    let entries: Vec<_> = asked
        .into_iter()
        .map(|position| (position, RwSignal::new(String::new()), RwSignal::new(None::<Text>)))
        .collect();
    let fields = entries
        .iter()
        .map(|(position, value, error)| {
            let number = u32::from(*position) + 1;
            view! {
                <Field
                    label=t!(create_wallet::word_number, number = number)
                    value=*value
                    error=*error
                />
            }
        })
        .collect_view();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let typed: Vec<_> = entries
            .iter()
            .map(|(position, value, error)| {
                let word = value.get_untracked().trim().to_lowercase();
                let right = words.get(usize::from(*position)) == Some(&word);
                error.set(match word.as_str() {
                    _ if right => None,
                    "" => Some(t!(create_wallet::word_missing)),
                    _ => Some(t!(create_wallet::word_wrong)),
                });
                (*position, word, right)
            })
            .collect();
        if typed.iter().all(|(_, _, right)| *right) {
            on_next.run(typed.into_iter().map(|(position, word, _)| (position, word)).collect());
        } else {
            focus_first_error();
        }
    };
    view! {
        <form class="form" on:submit=submit>
            <p>{t!(create_wallet::check_text)}</p>
            {fields}
            <div class="actions">
                <Button label=t!(create_wallet::next) variant=ButtonVariant::Primary kind=ButtonKind::Submit />
                <Button label=t!(create_wallet::back_to_words) variant=ButtonVariant::Quiet on_press=on_back />
            </div>
        </form>
    }
}
