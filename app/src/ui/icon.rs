//! Small line icons, drawn on a 24 x 24 grid. Decorative: the text beside an icon, or an `aria-label`, says the same.

use leptos::prelude::*;

use super::TRUE;

macro_rules! glyphs {
    ($($(#[$doc:meta])* $name:ident = $path:literal),* $(,)?) => {
        /// The drawings there are.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Glyph { $($(#[$doc])* $name),* }

        impl Glyph {
            /// Every drawing, for the gallery.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            fn path(self) -> &'static str {
                match self { $(Self::$name => $path),* }
            }
        }
    };
}

glyphs! {
    /// A battery.
    Battery = "M3 8h15a1 1 0 0 1 1 1v6a1 1 0 0 1-1 1H3a1 1 0 0 1-1-1V9a1 1 0 0 1 1-1zM22 11v2M6 11v2M10 11v2",
    /// An office: a member of the consortium.
    Building = "M5 21V4a1 1 0 0 1 1-1h8a1 1 0 0 1 1 1v17M15 9h3a1 1 0 0 1 1 1v11M3 21h18M9 7h2M9 11h2M9 15h2",
    /// A day or period.
    Calendar = "M4 6h16a1 1 0 0 1 1 1v12a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V7a1 1 0 0 1 1-1zM3 11h18M8 3v5M16 3v5",
    /// A vehicle.
    Car = "M5 11l1.6-4.6A2 2 0 0 1 8.5 5h7a2 2 0 0 1 1.9 1.4L19 11M4 11h16a1 1 0 0 1 1 1v5H3v-5a1 1 0 0 1 1-1zM5 17v2M19 17v2M6.5 14h1.5M16 14h1.5",
    /// Done, in order.
    Check = "M4.5 12.5l5 5 10-11",
    /// Opens below.
    ChevronDown = "M6 9l6 6 6-6",
    /// Leads on.
    ChevronRight = "M9 6l6 6-6 6",
    /// A time.
    Clock = "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7v5l3.5 2",
    /// Close, remove.
    Close = "M6 6l12 12M18 6L6 18",
    /// Copy.
    Copy = "M9 9h10a1 1 0 0 1 1 1v10a1 1 0 0 1-1 1H9a1 1 0 0 1-1-1V10a1 1 0 0 1 1-1zM5 15H4a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1h10a1 1 0 0 1 1 1v1",
    /// A paper.
    Document = "M14 3H7a1 1 0 0 0-1 1v16a1 1 0 0 0 1 1h10a1 1 0 0 0 1-1V7zM14 3v4h4M9 12h6M9 16h6",
    /// No judgement.
    Dot = "M12 9.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z",
    /// Save to the device.
    Download = "M12 4v11M7 11l5 5 5-5M4 20h16",
    /// Who looked.
    Eye = "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM12 9.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6z",
    /// Narrow a list.
    Filter = "M4 6h16M7 12h10M10 18h4",
    /// Mileage.
    Gauge = "M4.2 18a9.5 9.5 0 1 1 15.6 0M12 15l4-5M12 14a1.5 1.5 0 1 0 0 3 1.5 1.5 0 0 0 0-3z",
    /// Language.
    Globe = "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM3 12h18M12 3c5 5 5 13 0 18M12 3c-5 5-5 13 0 18",
    /// One hand to another: a sale.
    Handover = "M3 8h15M14.5 4.5L18 8l-3.5 3.5M21 16H6M9.5 12.5L6 16l3.5 3.5",
    /// Something to know.
    Info = "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 11v5.5M12 7.5v.5",
    /// A key or passphrase.
    Key = "M8 11a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM10.8 12.2L20 3M16 7l3 3M13.5 9.5l2 2",
    /// A link.
    Link = "M10 14a4 4 0 0 0 6 .4l3-3a4 4 0 0 0-5.7-5.7L12 7M14 10a4 4 0 0 0-6-.4l-3 3a4 4 0 0 0 5.7 5.7L12 17",
    /// Locked, sealed.
    Lock = "M6 11h12a1 1 0 0 1 1 1v8a1 1 0 0 1-1 1H6a1 1 0 0 1-1-1v-8a1 1 0 0 1 1-1zM8 11V8a4 4 0 0 1 8 0v3",
    /// Money: what things cost.
    Money = "M3 6h18v12H3zM12 9.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6zM6 9.5v.5M18 14v.5",
    /// Dark.
    Moon = "M20 14.5A8.5 8.5 0 0 1 9.5 4 8.5 8.5 0 1 0 20 14.5z",
    /// No connection.
    Offline = "M3 3l18 18M8.5 15.5a5 5 0 0 1 7 0M5 12a10 10 0 0 1 4-2.4M19 12a10 10 0 0 0-6-2.9M12 19v.5",
    /// A place.
    Pin = "M12 21s7-6.2 7-11a7 7 0 0 0-14 0c0 4.8 7 11 7 11zM12 7.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z",
    /// Add.
    Plus = "M12 5v14M5 12h14",
    /// Paper copy.
    Print = "M7 9V3h10v6M7 18H4a1 1 0 0 1-1-1v-7a1 1 0 0 1 1-1h16a1 1 0 0 1 1 1v7a1 1 0 0 1-1 1h-3M7 14h10v7H7z",
    /// A code to scan.
    Qr = "M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h2v2h-2zM18 18h2v2h-2zM18 14h2M14 20h2",
    /// Do it again, sync.
    Refresh = "M20 11a8 8 0 0 0-14.5-3.5L4 9M4 4v5h5M4 13a8 8 0 0 0 14.5 3.5L20 15M20 20v-5h-5",
    /// Find.
    Search = "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM15.5 15.5L20.5 20.5",
    /// Settings.
    Settings = "M4 7h9M17 7h3M4 17h3M11 17h9M15 4.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5zM9 14.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z",
    /// Give access.
    Share = "M12 15V4M8 7.5L12 3.5l4 4M6 12H5a1 1 0 0 0-1 1v7a1 1 0 0 0 1 1h14a1 1 0 0 0 1-1v-7a1 1 0 0 0-1-1h-1",
    /// Verified, protected.
    Shield = "M12 3l7.5 2.8V11c0 5-3.2 8.2-7.5 10-4.3-1.8-7.5-5-7.5-10V5.8zM8.5 12l2.5 2.5 4.5-5",
    /// Wrong, refused.
    Stop = "M8.3 3h7.4L21 8.3v7.4L15.7 21H8.3L3 15.7V8.3zM12 7.5v5.5M12 16v.5",
    /// Light.
    Sun = "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2v2.5M12 19.5V22M2 12h2.5M19.5 12H22M4.9 4.9l1.8 1.8M17.3 17.3l1.8 1.8M19.1 4.9l-1.8 1.8M6.7 17.3l-1.8 1.8",
    /// Delete.
    Trash = "M4 7h16M10 3.5h4M6 7l1 13a1 1 0 0 0 1 1h8a1 1 0 0 0 1-1l1-13M10 11v6M14 11v6",
    /// Open.
    Unlock = "M6 11h12a1 1 0 0 1 1 1v8a1 1 0 0 1-1 1H6a1 1 0 0 1-1-1v-8a1 1 0 0 1 1-1zM8 11V8a4 4 0 0 1 7.5-2",
    /// Bring in.
    Upload = "M12 16V4.5M7 9l5-5 5 5M4 20h16",
    /// A person.
    User = "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4.5 20.5c.5-4 3.5-6 7.5-6s7 2 7.5 6",
    /// Look at this.
    Warning = "M12 3.5L2.5 20h19zM12 10v4.5M12 17v.5",
    /// Maintenance.
    Wrench = "M14.5 6.5a4.5 4.5 0 0 1 5.8-2.3L17 7.5l.5 2.5 2.5.5 1.9-1.9a4.5 4.5 0 0 1-6.3 4.9L8.5 20.5a2.1 2.1 0 0 1-3-3l7-7.1a4.5 4.5 0 0 1 2-3.9z",
}

/// One of the drawings, as large as the text beside it.
#[component]
pub fn Icon(
    /// Which.
    glyph: Glyph,
) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 24 24" aria-hidden=TRUE focusable="false">
            <path d=glyph.path() />
        </svg>
    }
}
