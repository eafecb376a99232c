//! The terms of a share while they are being written, and their check on submit.

use std::str::FromStr;

use carnet_protocol::{
    category::Category,
    day::{Day, DayRange, Timestamp},
    grant::Purpose,
    id::StreamId,
    key::VerifyingKey,
};
use carnet_wallet::command::{Audience, ShareDraft, ShareScope};
use carnet_wallet::view::MemberView;
use leptos::prelude::*;

use super::calendar::{end_of, later};
use super::{presets, spelt_pin};
use crate::t;
use crate::typed::today;
use crate::ui::{Text, on_change};

/// Values of the first question.
pub(super) const LINK: &str = "link";
pub(super) const MEMBER: &str = "member";

/// Values of the question for the period.
pub(super) const ALL_DAYS: &str = "all";
pub(super) const FROM: &str = "from";
pub(super) const BETWEEN: &str = "between";

/// Values of the question for the end.
pub(super) const ON_A_DAY: &str = "day";
pub(super) const OPEN: &str = "open";

/// Without limit, as a value of the question for the number of uses.
pub(super) const UNLIMITED: &str = "unlimited";

/// Days until a share ends, as proposed and at most.
const LINK_DAYS: u16 = 14;
const MEMBER_DAYS: u16 = 90;
const LONGEST_DAYS: u16 = 730;

/// Characters of a PIN.
const PIN_LENGTH: std::ops::RangeInclusive<usize> = 4..=12;

/// Characters of a message.
const MESSAGE_MAX: usize = 1_000;

/// What is wrong with a field, until it is put right.
pub(super) type FieldError = RwSignal<Option<Text>>;

/// Where a car is shared with a certain member. Behind `#`: whom it is for does not go to the server with the address.
pub(crate) fn share_with(vehicle: StreamId, member: &VerifyingKey) -> String {
    format!("/cars/{vehicle}/share#{member}")
}

/// The member that such an address names, by what stands behind its path.
fn addressed(hash: &str) -> Option<VerifyingKey> {
    VerifyingKey::from_str(hash.strip_prefix('#')?).ok()
}

/// The form as it stands.
#[derive(Clone, Copy)]
pub(crate) struct ShareForm {
    pub(super) by: RwSignal<String>,
    pub(super) name: RwSignal<String>,
    pub(super) member: RwSignal<String>,
    pub(super) purpose: RwSignal<String>,
    pub(super) categories: [(Category, RwSignal<bool>); Category::ALL.len()],
    pub(super) period: RwSignal<String>,
    pub(super) first: RwSignal<String>,
    pub(super) last: RwSignal<String>,
    pub(super) ends: RwSignal<String>,
    pub(super) end: RwSignal<String>,
    pub(super) uses: RwSignal<String>,
    pub(super) with_pin: RwSignal<bool>,
    pub(super) pin: RwSignal<String>,
    pub(super) message: RwSignal<String>,
    pub(super) errors: Errors,
}

/// What is wrong, field by field.
#[derive(Clone, Copy)]
pub(super) struct Errors {
    pub(super) name: FieldError,
    pub(super) member: FieldError,
    pub(super) categories: FieldError,
    pub(super) first: FieldError,
    pub(super) last: FieldError,
    pub(super) end: FieldError,
    pub(super) pin: FieldError,
    pub(super) message: FieldError,
}

impl Errors {
    fn new() -> Self {
        let none = || RwSignal::new(None);
        Self {
            name: none(),
            member: none(),
            categories: none(),
            first: none(),
            last: none(),
            end: none(),
            pin: none(),
            message: none(),
        }
    }
}

impl ShareForm {
    /// As it stands at first: a link for a buyer.
    pub(crate) fn new() -> Self {
        let text = |value: &str| RwSignal::new(value.to_owned());
        Self {
            by: text(LINK),
            name: text(""),
            member: text(""),
            purpose: text(presets::value_of(Purpose::Purchase)),
            categories: Category::ALL
                .map(|category| (category, RwSignal::new(presets::proposed(Purpose::Purchase, category)))),
            period: text(ALL_DAYS),
            first: text(""),
            last: text(""),
            ends: text(ON_A_DAY),
            end: RwSignal::new(later(today(), LINK_DAYS).to_string()),
            uses: text(UNLIMITED),
            with_pin: RwSignal::new(false),
            pin: text(""),
            message: text(""),
            errors: Errors::new(),
        }
    }

    /// Proposes anew what follows from the audience and the purpose whenever they change. Effects write signals here
    /// because the fields' own signals hold both the proposal and what the owner makes of it.
    pub(crate) fn propose(self, members: ReadSignal<Option<Vec<MemberView>>>) {
        let audience = Memo::new(move |_| (self.is_link(), self.class(members)));
        on_change(
            move || audience.get(),
            move |(link, class)| {
                let purpose = match class {
                    _ if *link => Purpose::Purchase,
                    Some(class) => presets::usual_purpose(*class),
                    None => Purpose::Other,
                };
                self.purpose.set(presets::value_of(purpose).to_owned());
                let days = if *link { LINK_DAYS } else { MEMBER_DAYS };
                self.end.set(later(today(), days).to_string());
            },
        );
        on_change(
            move || self.purpose.get(),
            move |purpose| {
                let purpose = presets::purpose_of(purpose);
                for (category, ticked) in self.categories {
                    ticked.set(presets::proposed(purpose, category));
                }
            },
        );
    }

    /// Begins with a member of the consortium, where the address names one. After [`Self::propose`], so that what follows
    /// from it is proposed.
    pub(crate) fn begin_with_addressed(self) {
        let hash = window().location().hash().unwrap_or_default();
        if let Some(member) = addressed(&hash) {
            self.by.set(MEMBER.to_owned());
            self.member.set(member.to_string());
        }
    }

    /// Whether it is by link rather than for a member; reactive.
    pub(crate) fn is_link(self) -> bool {
        self.by.with(|by| by == LINK)
    }

    /// Whether it stands until it is taken back; reactive. Only a member's can.
    pub(super) fn is_open(self) -> bool {
        !self.is_link() && self.ends.with(|ends| ends == OPEN)
    }

    fn class(self, members: ReadSignal<Option<Vec<MemberView>>>) -> Option<carnet_protocol::member::MemberClass> {
        let key = self.member.get();
        members.with(|members| {
            let members = members.as_ref()?;
            members.iter().find(|view| view.member.sign.to_string() == key).map(|view| view.member.class)
        })
    }

    /// What would be opened; nothing as long as the days make no range. Reactive.
    pub(crate) fn scopes(self) -> Vec<ShareScope> {
        let Some(days) = self.days() else { return Vec::new() };
        let ticked = self.categories.iter().filter(|(_, ticked)| ticked.get());
        ticked.map(|(category, _)| ShareScope { category: *category, days }).collect()
    }

    fn days(self) -> Option<DayRange> {
        let period = self.period.get();
        if period == ALL_DAYS {
            return Some(DayRange::ALL);
        }
        let first = self.first.with(|day| Day::parse_iso(day))?;
        if period == FROM {
            return Some(DayRange::from(first));
        }
        let last = self.last.with(|day| Day::parse_iso(day))?;
        DayRange::new(first, last).ok()
    }

    /// The terms, if everything is in order; else the fields say what is not.
    pub(crate) fn checked(self) -> Option<ShareDraft> {
        untrack(|| {
            let (audience, scopes) = (self.check_audience(), self.check_scopes());
            let (not_after, message) = (self.check_end(), self.check_message());
            Some(ShareDraft {
                audience: audience?,
                purpose: self.purpose.with(|purpose| presets::purpose_of(purpose)),
                scopes: scopes?,
                not_after: not_after?,
                message: message?,
            })
        })
    }

    fn check_audience(self) -> Option<Audience> {
        if !self.is_link() {
            let key = self.member.with(|key| VerifyingKey::from_str(key).ok());
            self.errors.member.set(key.is_none().then(|| t!(share::member_missing)));
            return key.map(Audience::Member);
        }
        let name = self.name.get().trim().to_owned();
        self.errors.name.set(name.is_empty().then(|| t!(share::name_missing)));
        let pin = self.with_pin.get().then(|| spelt_pin(&self.pin.get()));
        let pin_fits = pin.as_ref().is_none_or(|pin| PIN_LENGTH.contains(&pin.chars().count()));
        self.errors.pin.set((!pin_fits).then(|| t!(share::pin_length)));
        let max_opens = self.uses.with(|uses| uses.parse().ok());
        (!name.is_empty() && pin_fits).then_some(Audience::Link { name, max_opens, pin })
    }

    fn check_scopes(self) -> Option<Vec<ShareScope>> {
        let none_ticked = !self.categories.iter().any(|(_, ticked)| ticked.get());
        self.errors.categories.set(none_ticked.then(|| t!(share::categories_missing)));
        let period = self.period.get();
        let is_day = |day: RwSignal<String>| day.with(|day| Day::parse_iso(day).is_some());
        let first_missing = period != ALL_DAYS && !is_day(self.first);
        self.errors.first.set(first_missing.then(|| t!(share::day_missing)));
        let last_missing = period == BETWEEN && !is_day(self.last);
        let backwards = !first_missing && !last_missing && self.days().is_none();
        self.errors.last.set(match (last_missing, backwards) {
            (true, _) => Some(t!(share::day_missing)),
            (_, true) => Some(t!(share::days_backwards)),
            _ => None,
        });
        let scopes = self.scopes();
        (!scopes.is_empty()).then_some(scopes)
    }

    /// The end, `Some(None)` where there is none.
    fn check_end(self) -> Option<Option<Timestamp>> {
        if self.is_open() {
            self.errors.end.set(None);
            return Some(None);
        }
        let (now, end) = (today(), self.end.with(|end| Day::parse_iso(end)));
        let end = end.filter(|end| (now..=later(now, LONGEST_DAYS)).contains(end));
        self.errors.end.set(end.is_none().then(|| t!(share::end_wrong)));
        end.map(|end| Some(end_of(end)))
    }

    fn check_message(self) -> Option<Option<String>> {
        let message = self.message.get().trim().to_owned();
        let fits = message.chars().count() <= MESSAGE_MAX;
        self.errors.message.set((!fits).then(|| t!(share::message_long, max = MESSAGE_MAX)));
        fits.then(|| Some(message).filter(|message| !message.is_empty()))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn an_address_names_the_member_to_share_with() {
        let member = VerifyingKey([7; 32]);
        let address = share_with(StreamId([1; 16]), &member);
        let (_, hash) = address.split_at(address.find('#').unwrap());
        assert_eq!(addressed(hash), Some(member));
        assert_eq!(addressed(""), None);
        assert_eq!(addressed("#elsewhere"), None);
    }
}
