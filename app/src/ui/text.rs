//! The text of a label, title or hint: fixed or following a signal (such as the chosen language).

use std::sync::Arc;

use leptos::oco::Oco;
use leptos::prelude::*;
use leptos::tachys::html::attribute::IntoAttributeValue;

/// Text as every part of the design system takes it.
///
/// One type instead of a closure per text: each closure type would get a copy of Leptos's rendering code, which for
/// some hundred messages is several times the size of the messages.
#[derive(Clone)]
pub struct Text(Arc<dyn Fn() -> Oco<'static, str> + Send + Sync>);

impl Text {
    /// The text as it is now; follows its signals when called inside a reactive scope.
    pub fn get(&self) -> Oco<'static, str> {
        (self.0)()
    }
}

impl IntoRender for Text {
    type Output = Arc<dyn Fn() -> Oco<'static, str> + Send + Sync>;

    fn into_render(self) -> Self::Output {
        self.0
    }
}

impl IntoAttributeValue for Text {
    type Output = Arc<dyn Fn() -> Oco<'static, str> + Send + Sync>;

    fn into_attribute_value(self) -> Self::Output {
        self.0
    }
}

impl<F, S> From<F> for Text
where
    F: Fn() -> S + Send + Sync + 'static,
    S: Into<Oco<'static, str>>,
{
    fn from(text: F) -> Self {
        Self(Arc::new(move || text().into()))
    }
}

impl From<&'static str> for Text {
    fn from(text: &'static str) -> Self {
        Self(Arc::new(move || Oco::Borrowed(text)))
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        let text: Oco<'static, str> = Oco::Counted(Arc::from(text));
        Self(Arc::new(move || text.clone()))
    }
}

impl From<Signal<String>> for Text {
    fn from(text: Signal<String>) -> Self {
        Self(Arc::new(move || text.get().into()))
    }
}

impl From<RwSignal<String>> for Text {
    fn from(text: RwSignal<String>) -> Self {
        Self(Arc::new(move || text.get().into()))
    }
}
