//! For whom: a person with a link, or a member of the consortium.

use carnet_wallet::view::MemberView;
use leptos::prelude::*;

use super::draft::{LINK, MEMBER, ShareForm};
use super::presets::PURPOSES;
use crate::load::Loaded;
use crate::t;
use crate::ui::{Card, Choice, ChoiceGroup, ChoiceLook, EmptyState, Field, Glyph, Select, SelectOption, Text, Wait};
use crate::words;

/// The first questions: who, and what for.
#[component]
pub(crate) fn AudienceCard(
    /// The form.
    form: ShareForm,
    /// The directory.
    members: Loaded<Vec<MemberView>>,
) -> impl IntoView {
    let ways = vec![
        Choice::new(LINK, t!(share::by_link)).hint(t!(share::by_link_hint)).glyph(Glyph::Link),
        Choice::new(MEMBER, t!(share::to_member)).hint(t!(share::to_member_hint)).glyph(Glyph::Building),
    ];
    let purposes: Vec<_> =
        PURPOSES.iter().map(|(value, purpose)| SelectOption::new(*value, words::purpose(*purpose))).collect();
    view! {
        <Card title=t!(share::audience)>
            <ChoiceGroup
                legend=t!(share::audience)
                legend_hidden=true
                choices=ways
                selected=form.by
                look=ChoiceLook::Cards
            />
            {move || {
                if form.is_link() {
                    view! {
                        <Field
                            label=t!(share::name)
                            hint=t!(share::name_hint)
                            value=form.name
                            error=form.errors.name
                            max_length=80
                        />
                    }
                        .into_any()
                } else {
                    view! { <MemberChoice form members /> }.into_any()
                }
            }}
            <Select label=t!(share::purpose) options=purposes value=form.purpose />
        </Card>
    }
}

#[component]
fn MemberChoice(form: ShareForm, members: Loaded<Vec<MemberView>>) -> impl IntoView {
    let list = members.value();
    view! {
        <Wait phase=members
            .phase(
                t!(share::loading_members),
            )>
            {move || {
                let members = list.get().unwrap_or_default();
                if members.is_empty() {
                    view! {
                        <EmptyState
                            glyph=Glyph::Building
                            title=t!(share::members_none)
                            text=t!(share::members_none_text)
                        />
                    }
                        .into_any()
                } else {
                    view! {
                        <ChoiceGroup
                            legend=t!(share::member)
                            choices=members.into_iter().map(choice).collect()
                            selected=form.member
                            look=ChoiceLook::Cards
                        />
                        <p class="share__hint">{t!(share::fingerprint_hint)}</p>
                    }
                        .into_any()
                }
            }}
        </Wait>
        <super::categories::GroupError error=form.errors.member />
    }
}

fn choice(view: MemberView) -> Choice {
    let MemberView { member, fingerprint } = view;
    let class = words::class(member.class);
    let hint = Text::from(move || format!("{} · {fingerprint}", class.get()));
    Choice::new(member.sign.to_string(), member.name).hint(hint).glyph(Glyph::Building)
}
