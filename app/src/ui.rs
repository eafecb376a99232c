//! The design system: every part that a page is made of. It knows neither the domain nor contexts nor messages;
//! texts come in as [`Text`], which `t!(part::id)` makes.
//!
//! # For authors of pages
//!
//! - **A page** is a component in `app/src/pages/`, a `<Route>` in `app/src/router.rs`, and inside a [`PageFrame`],
//!   which owns the heading, the focus on navigation, waiting and failing. A page loads and arranges; parts that know
//!   the domain are components of their own.
//! - **A message** is an entry in `app/locales/<part>.json` with all its languages; `t!(part::id)` in the view. No
//!   text literal in `view!`.
//! - **A style** is a file in `style/components/` named as the Rust file, listed in `style/main.scss`, inside
//!   `@layer components`. Values only from the tokens. No `style=` and no `style:` in a view: the content security
//!   policy forbids both. Geometry that depends on data is drawn in SVG attributes.
//! - **No inert elements.** Leptos turns a nested element that has only literal attributes and no dynamic child (such
//!   as `<span class="dot"></span>`) into an HTML string for `innerHTML`, which the page's Trusted Types rule refuses.
//!   Write at least one attribute as an expression: `<span class="dot" aria-hidden=TRUE></span>` with
//!   [`TRUE`], or `class=name`. An element with a `{...}` inside is never inert. A test in this crate finds slips.
//! - Native elements first; one `<h1>` (the frame's), then `<h2>` in order; buttons do, links go.
//! - Validate on submit, then call [`focus_first_error`]; a field's `error` appears beside it and is read out.
//! - A press whose button goes with what it changes leaves the focus somewhere: [`refocus`] between steps, [`Place`] among
//!   cards that are loaded again. `Confirm` sees to that by itself.

mod badge;
mod banner;
mod button;
mod card;
mod checkbox;
mod choice;
mod copy_field;
mod dialog;
mod disclosure;
mod each;
mod empty_state;
mod facts;
mod field;
mod file_picker;
mod focus;
mod follow;
mod icon;
mod id;
mod line_chart;
mod notice;
mod page_frame;
mod progress;
mod qr_code;
mod steps;
mod table;
mod tabs;
mod text;
mod toast;
mod tone;

pub use badge::Badge;
pub use banner::Banner;
pub use button::{Button, ButtonKind, ButtonVariant, LinkButton};
pub use card::{Card, CardLook};
pub use checkbox::Checkbox;
pub use choice::{Choice, ChoiceGroup, ChoiceLook};
pub use copy_field::CopyField;
pub use dialog::Dialog;
pub use disclosure::Disclosure;
pub use each::Each;
pub use empty_state::EmptyState;
pub use facts::{Fact, Facts};
pub use field::{Field, FieldKind, Select, SelectOption, TextArea, focus_first_error};
pub use file_picker::FilePicker;
pub use focus::{Place, focus_card_of};
pub use follow::{follow, on_change};
pub use icon::{Glyph, Icon};
pub use id::unique_id;
pub use line_chart::{ChartPoint, ChartSeries, LineChart, PointMark, ValueFormat};
pub use notice::Notice;
pub use page_frame::{Failure, PageFrame, Phase, Wait};
pub use progress::Progress;
pub use qr_code::QrCode;
pub use steps::{StepTitle, Steps, refocus};
pub use table::{Cell, Column, Table};
pub use tabs::{Tab, TabLink, TabLinks, Tabs};
pub use text::Text;
pub use toast::{Toast, Toasts};
pub use tone::Tone;

/// The attribute value `true`, as an expression: keeps a decorative element from being inert (see above).
pub const TRUE: &str = "true";

/// `"true"` or `"false"`, for ARIA attributes: Leptos would write a `bool` as an empty attribute or none.
pub fn aria(value: bool) -> &'static str {
    if value { TRUE } else { "false" }
}
