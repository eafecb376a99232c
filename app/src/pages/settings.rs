//! Settings of this device: language and theme, and installing the application.

mod trust;
mod unlocking;
mod wallet;

use carnet_wallet::view::WalletState;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use self::unlocking::Unlocking;
use self::wallet::WalletSettings;
use crate::browser;
use crate::i18n::{Locale, locale};
use crate::preferences::{Theme, choose_locale, choose_theme, theme};
use crate::t;
use crate::ui::{Button, Card, Choice, ChoiceGroup, ChoiceLook, Glyph, LinkButton, PageFrame, on_change};
use crate::wallet::use_wallet;

/// Language, theme, installing.
#[component]
pub fn Settings() -> impl IntoView {
    view! {
        <PageFrame title=t!(settings::title) lead=t!(settings::lead) narrow=true>
            <Card title=t!(settings::language)>
                <LanguageChoice />
            </Card>
            <Card title=t!(settings::appearance)>
                <ThemeChoice />
            </Card>
            <Unlocking />
            <DevicesCard />
            <WalletSettings />
            <Card title=t!(erasure::title)>
                <p>{t!(erasure::settings_text)}</p>
                <LinkButton href="/settings/erasure".to_owned() label=t!(erasure::settings_link) glyph=Glyph::Trash />
            </Card>
            <InstallOffer />
        </PageFrame>
    }
}

#[component]
fn LanguageChoice() -> impl IntoView {
    let choices = Locale::ALL.map(|locale| Choice::new(locale.tag(), locale.endonym())).to_vec();
    let selected = RwSignal::new(untrack(locale).tag().to_owned());
    // Choosing is the event; the group writes the signal, and this passes it on to the preferences.
    on_change(move || selected.get(), |tag| choose_tag(tag));
    view! {
        <ChoiceGroup
            legend=t!(settings::language_question)
            legend_hidden=true
            choices
            selected
            look=ChoiceLook::Segmented
        />
    }
}

fn choose_tag(tag: &str) {
    if let Some(locale) = Locale::from_tag(tag) {
        choose_locale(locale);
    }
}

#[component]
fn ThemeChoice() -> impl IntoView {
    let choices = vec![
        Choice::new(Theme::System.name(), t!(settings::theme_system)).glyph(Glyph::Settings),
        Choice::new(Theme::Light.name(), t!(settings::theme_light)).glyph(Glyph::Sun),
        Choice::new(Theme::Dark.name(), t!(settings::theme_dark)).glyph(Glyph::Moon),
    ];
    let selected = RwSignal::new(theme().name().to_owned());
    on_change(move || selected.get(), |name| choose_theme(Theme::from_name(name)));
    view! {
        <ChoiceGroup
            legend=t!(settings::theme_question)
            legend_hidden=true
            choices
            selected
            look=ChoiceLook::Segmented
        />
    }
}

/// Shown while the wallet is open.
#[component]
fn DevicesCard() -> impl IntoView {
    let state = use_wallet().state();
    move || {
        (state.get() == Some(WalletState::Unlocked)).then(|| {
            view! {
                <Card title=t!(devices::title)>
                    <p>{t!(devices::settings_text)}</p>
                    <LinkButton href="/settings/devices".to_owned() label=t!(devices::to_devices) />
                </Card>
            }
        })
    }
}

/// Shown where the browser offers to install.
#[component]
fn InstallOffer() -> impl IntoView {
    let offered = RwSignal::new(browser::can_install());
    let install = move |()| {
        spawn_local(async move {
            // Declined or withdrawn: either way the browser's offer is used up.
            let _ = browser::install().await;
            offered.set(false);
        });
    };
    move || {
        offered.get().then(|| {
            view! {
                <Card title=t!(settings::install)>
                    <p>{t!(settings::install_text)}</p>
                    <Button label=t!(settings::install_button) glyph=Glyph::Download on_press=install />
                </Card>
            }
        })
    }
}
