//! A typed odometer reading is held against those on record before it is kept; what contradicts is asked about, once.

use carnet_passport::odometer::{Contradiction, ContradictionKind};
use carnet_protocol::{day::Day, id::RecordId, quantity::Metres};
use carnet_wallet::command::Subject;
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::i18n::format;
use crate::t;
use crate::ui::{Notice, Text, Tone, follow};
use crate::wallet::{WalletClient, use_wallet};

/// A reading with its day.
type Reading = (Day, Metres);

/// Asks about readings of one car.
#[derive(Clone, Copy)]
pub(crate) struct ReadingCheck {
    wallet: WalletClient,
    subject: StoredValue<Option<Subject>>,
    /// A record that the reading corrects.
    besides: Option<RecordId>,
    asked: RwSignal<Option<(Reading, Contradiction)>>,
    /// Given again after it was asked about.
    meant: StoredValue<Option<Reading>>,
}

impl ReadingCheck {
    /// Of the car of which readings can be seen; where there is none, every reading passes.
    pub(crate) fn new(subject: Option<Subject>, besides: Option<RecordId>) -> Self {
        let (asked, meant) = (RwSignal::new(None), StoredValue::new(None));
        Self { wallet: use_wallet(), subject: StoredValue::new(subject), besides, asked, meant }
    }

    /// Runs `go` when nothing speaks against the reading, or when it was asked about and is given again.
    pub(crate) fn then(self, reading: Option<Reading>, go: impl FnOnce() + 'static) {
        let known = self.asked.with_untracked(|asked| asked.as_ref().map(|(about, _)| *about));
        if known.is_some() && known == reading {
            self.meant.set_value(known);
        }
        let open = reading.filter(|_| self.meant.get_value() != reading);
        let (Some((day, odometer)), Some(subject)) = (open, self.subject.get_value()) else {
            // It is answered. What else stands in the way, a wrong passphrase for instance, is said alone.
            self.asked.set(None);
            return go();
        };
        let found = self.wallet.check_reading(subject, day, odometer, self.besides);
        spawn_local(async move {
            // What cannot be asked now is judged by every reader later; it is no reason not to write it down.
            let found = found.await.ok().flatten();
            // `try_set` hands the value back when the page has been left meanwhile.
            let left = self.asked.try_set(found.map(|found| ((day, odometer), found))).is_some();
            if !left && found.is_none() {
                go();
            }
        });
    }

    /// Whether something is asked.
    pub(crate) fn asks(self) -> bool {
        self.asked.with(Option::is_some)
    }
}

/// A contradiction in a sentence.
pub(crate) fn said(found: Contradiction) -> Text {
    let Contradiction { kind, known } = found;
    Text::from(move || {
        let km = format::with_unit(known.odometer.km() as f64, "kilometer");
        let day = format::day(known.day.0);
        match kind {
            ContradictionKind::Lower => t!(new_record::reading_lower, day = day, km = km).get(),
            ContradictionKind::Higher => t!(new_record::reading_higher, day = day, km = km).get(),
            ContradictionKind::TooFar => t!(new_record::reading_far, day = day, km = km).get(),
        }
    })
}

/// What is asked, read out at once.
#[component]
pub(crate) fn ReadingQuestion(
    /// About which readings.
    check: ReadingCheck,
) -> impl IntoView {
    let place = NodeRef::<html::Div>::new();
    // On a phone it stands below what is on the screen.
    follow(move || {
        if let (true, Some(place)) = (check.asks(), place.get()) {
            place.scroll_into_view();
        }
    });
    let asked = move || {
        let asked = check.asked.get();
        asked.map(|(_, found)| view! { <Notice tone=Tone::Bad title=said(found) text=t!(new_record::reading_sure) /> })
    };
    view! {
        <div class="form__asked" node_ref=place>
            {asked}
        </div>
    }
}
