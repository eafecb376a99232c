//! Opening a share link, step by step: the link, perhaps a PIN, then the passport.

use carnet_wallet::command::Subject;
use carnet_wallet::error::WalletError;
use carnet_wallet::view::LinkView;
use leptos::prelude::*;

use crate::action::Deed;
use crate::browser;
use crate::errand;
use crate::wallet::{CallError, WalletClient, use_wallet};

/// Where the reader stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Something is being opened, or an open link is looked for.
    Opening,
    /// A link is needed.
    Link,
    /// A link was open in this tab, and its secret is gone with the page that was: the same link is needed again.
    Gone,
    /// The link may well be good, but it could not be opened now.
    Retry,
    /// A PIN is needed.
    Pin {
        /// How often a wrong one was given.
        misses: u32,
        /// How often it may still be wrong.
        left: u32,
    },
    /// It is open; the number tells one link from the next.
    Open(u32),
}

/// A link on its way to being open.
#[derive(Clone, Copy)]
pub(crate) struct Opening {
    wallet: WalletClient,
    step: RwSignal<Step>,
    opened: StoredValue<u32>,
    misses: StoredValue<u32>,
    // The link's secret, as long as it takes to open it: the worker may ask for the PIN first.
    fragment: StoredValue<String>,
    deed: Deed,
}

impl Opening {
    /// Opens the link of the address bar; where there is none, the one that is open already.
    pub(crate) fn start() -> Self {
        let this = Self {
            wallet: use_wallet(),
            step: RwSignal::new(Step::Opening),
            opened: StoredValue::new(0),
            misses: StoredValue::new(0),
            fragment: StoredValue::new(String::new()),
            deed: Deed::new(),
        };
        if !this.take() {
            this.resume();
        }
        this
    }

    /// Opens the link of the address bar, if there is a new one.
    pub(crate) fn take(self) -> bool {
        let fragment = browser::take_link_fragment();
        let found = fragment.is_some();
        if let Some(fragment) = fragment {
            self.open(fragment);
        }
        found
    }

    /// Opens a link: the fragment or the whole of it.
    pub(crate) fn open(self, link: String) {
        // From now on a reload loses something.
        browser::note_link(true);
        self.fragment.set_value(link);
        self.misses.set_value(0);
        self.retry();
    }

    /// Opens the same link once more.
    pub(crate) fn retry(self) {
        self.step.set(Step::Opening);
        self.ask(None);
    }

    /// Opens the link with its PIN.
    pub(crate) fn open_with(self, pin: String) {
        self.ask(Some(pin));
    }

    /// Back to where a link is asked for.
    pub(crate) fn restart(self) {
        browser::note_link(false);
        self.fragment.set_value(String::new());
        self.step.set(Step::Link);
    }

    fn ask(self, pin: Option<String>) {
        let (wallet, step, fragment) = (self.wallet, self.step, self.fragment);
        let link = fragment.get_value();
        let work = async move {
            let with_pin = pin.is_some();
            let outcome = wallet.open_link(link, pin).await;
            // The failure itself stands above whatever comes next.
            match &outcome {
                Err(error) if is_final(error) => {
                    // It opens nothing any more, so nothing of it is kept.
                    browser::note_link(false);
                    fragment.try_set_value(String::new());
                    step.try_set(Step::Link);
                }
                Err(_) if !with_pin => drop(step.try_set(Step::Retry)),
                _ => {}
            }
            outcome
        };
        self.deed.run(work, move |view| match view {
            LinkView::PinNeeded { wrong, tries_left: left } => {
                self.misses.update_value(|misses| *misses += u32::from(wrong));
                self.step.set(Step::Pin { misses: self.misses.get_value(), left });
            }
            LinkView::Opened(_) => self.show(),
        });
    }

    fn resume(self) {
        let (wallet, step) = (self.wallet, self.step);
        leptos::task::spawn_local(async move {
            // Without the relay the link is still there, and what can be shown of it says the rest.
            let passport = wallet.passport(Subject::Link).await;
            let open = !matches!(
                passport,
                Err(CallError::Wallet(WalletError::NotFound) | CallError::Worker | CallError::NotFetched)
            );
            // A link may have come in meanwhile.
            if step.try_get_untracked() == Some(Step::Opening) && !self.deed.busy().get_untracked() {
                if open {
                    self.show();
                } else {
                    step.set(if browser::had_link() { Step::Gone } else { Step::Link });
                }
            }
        });
    }

    fn show(self) {
        errand::link_open(true);
        self.fragment.set_value(String::new());
        self.opened.update_value(|count| *count += 1);
        self.step.set(Step::Open(self.opened.get_value()));
    }

    /// Where the reader stands.
    pub(crate) fn step(self) -> Signal<Step> {
        self.step.into()
    }

    /// The work of opening, for its failure and for busy buttons.
    pub(crate) fn deed(self) -> Deed {
        self.deed
    }
}

/// Whether the link opens nothing any more, however often it is tried.
fn is_final(error: &CallError) -> bool {
    use WalletError::{LinkClaimed, LinkEnded, LinkMangled, LinkRevoked, LinkUnknown, LinkUsedUp};
    let CallError::Wallet(error) = error else { return false };
    matches!(error, LinkMangled | LinkUnknown | LinkEnded | LinkRevoked | LinkClaimed | LinkUsedUp)
}
