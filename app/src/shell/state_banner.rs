//! The banner below the header: tells the one state that matters most.

use leptos::prelude::*;

use crate::browser;
use crate::i18n::format;
use crate::status::{SyncState, use_status};
use crate::t;
use crate::ui::{Banner, Glyph, Tone};

/// The banner; empty while all is well. Its region is always there, so that changes are read out.
#[component]
pub(super) fn StateBanner() -> impl IntoView {
    let status = use_status();
    let state = Memo::new(move |_| State::of(status.sync.get(), status.online.get(), status.update_waiting.get()));
    view! {
        <div class="state-banner" role="status" aria-live="polite">
            {move || state.get().view()}
        </div>
    }
}

/// What the banner tells, gravest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Contradiction,
    ClockOff(i64),
    Erased,
    Offline(u32),
    RelayUnreachable(u32),
    UpdateWaiting,
    Well,
}

impl State {
    fn of(sync: SyncState, online: bool, update_waiting: bool) -> Self {
        match sync {
            SyncState::Contradiction => Self::Contradiction,
            SyncState::ClockOff(relay) if online => Self::ClockOff(relay),
            SyncState::Erased => Self::Erased,
            SyncState::Waiting(count) | SyncState::Sending(count) | SyncState::RelayUnreachable(count) if !online => {
                Self::Offline(count)
            }
            _ if !online => Self::Offline(0),
            SyncState::RelayUnreachable(count) => Self::RelayUnreachable(count),
            _ if update_waiting => Self::UpdateWaiting,
            _ => Self::Well,
        }
    }

    fn view(self) -> Option<AnyView> {
        let banner = match self {
            Self::Contradiction => view! { <Banner tone=Tone::Bad text=t!(shell::contradiction) /> }.into_any(),
            Self::ClockOff(relay) => {
                let time = format::date_time(relay);
                view! { <Banner tone=Tone::Bad text=t!(faults::clock_off_by_text, time = time) /> }.into_any()
            }
            Self::Erased => view! { <Banner tone=Tone::Caution text=t!(erasure::elsewhere) /> }.into_any(),
            Self::Offline(0) => {
                view! { <Banner tone=Tone::Caution glyph=Glyph::Offline text=t!(shell::offline) /> }.into_any()
            }
            Self::Offline(count) => {
                view! { <Banner tone=Tone::Caution glyph=Glyph::Offline text=t!(shell::offline_waiting, count = count) /> }
                    .into_any()
            }
            Self::RelayUnreachable(count) => {
                view! { <Banner tone=Tone::Caution glyph=Glyph::Refresh text=t!(shell::relay_unreachable, count = count) /> }
                    .into_any()
            }
            Self::UpdateWaiting => {
                let reload = Callback::new(|()| browser::apply_update());
                view! {
                    <Banner
                        tone=Tone::Info
                        glyph=Glyph::Refresh
                        text=t!(shell::update_waiting)
                        action=(t!(shell::reload), reload)
                    />
                }
                .into_any()
            }
            Self::Well => return None,
        };
        Some(banner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gravest_state_is_told() {
        assert_eq!(State::of(SyncState::Contradiction, false, true), State::Contradiction);
        assert_eq!(State::of(SyncState::Waiting(3), false, true), State::Offline(3));
        assert_eq!(State::of(SyncState::RelayUnreachable(2), true, true), State::RelayUnreachable(2));
        assert_eq!(State::of(SyncState::ClockOff(5), true, true), State::ClockOff(5));
        assert_eq!(State::of(SyncState::Settled, true, true), State::UpdateWaiting);
        assert_eq!(State::of(SyncState::Sending(1), true, false), State::Well);
    }
}
