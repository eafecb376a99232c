//! Leptos as the app sees it: the same macros, signals and components, but every HTML and SVG element is of one type.
//!
//! Leptos gives each element a type made of its tag, its attributes and its children, and the compiler writes the code to
//! build, rebuild, copy and remove it anew for each such type: 440 KB of the app were that. Here an element is a tag, a list
//! of [settings](setting) and a list of children ([`Element`]), whose code exists once. The macro `view!` does not notice:
//! it calls functions by their paths in a crate called `leptos`, and in the app this crate is called so.
//!
//! What is not here is Leptos's own. What Leptos offers and the app does not use (`style:`, `inner_html`, `bind:`, `use:`,
//! rendering on a server) is not offered on elements.

mod child;
mod element;
mod names;
mod node;
mod setting;

pub use child::__as_shared_reactive_fn;
pub use leptos::*;

/// What components import: Leptos's, with what stands on elements exchanged.
pub mod prelude {
    pub use crate::child::IntoRender;
    pub use crate::setting::IntoAttributeValue;
    pub use leptos::prelude::*;
}

/// Where the macro looks for elements and attributes.
pub mod tachys {
    pub use leptos::tachys::*;

    /// HTML.
    pub mod html {
        pub use leptos::tachys::html::*;

        /// Attributes.
        pub mod attribute {
            pub use crate::setting::IntoAttributeValue;
            pub use leptos::tachys::html::attribute::*;
        }

        /// Elements by their tags.
        pub mod element {
            pub use crate::element::Element;
            pub use crate::names::html::*;
        }
    }

    /// SVG elements by their tags.
    pub mod svg {
        pub use crate::names::svg::*;
    }
}
