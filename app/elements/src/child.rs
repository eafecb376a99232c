//! What stands between an element's tags.

use std::sync::{Arc, Mutex};

use leptos::prelude::{AnyView, IntoAny, Render, RenderHtml};

/// A closure between tags or on the right of `name=`; the macro wraps each in one.
pub struct Reactive<T>(pub(crate) Box<dyn FnMut() -> T + Send>);

/// Called by the macro.
#[doc(hidden)]
pub fn __as_shared_reactive_fn<T>(compute: impl FnMut() -> T + Send + 'static) -> Reactive<T> {
    Reactive(Box::new(compute))
}

/// A closure whose views have one type, so that the code that follows its signals exists once.
type Following = Arc<Mutex<dyn FnMut() -> AnyView + Send>>;

/// Lets a type of one's own stand for a view.
pub trait IntoRender {
    /// The view.
    type Output;

    /// Turns into it.
    fn into_render(self) -> Self::Output;
}

impl<T: Render> IntoRender for T {
    type Output = T;

    fn into_render(self) -> T {
        self
    }
}

impl<T> IntoRender for Reactive<T>
where
    T: IntoRender + 'static,
    T::Output: RenderHtml + Send,
{
    type Output = Following;

    fn into_render(self) -> Following {
        let mut view = self.0;
        Arc::new(Mutex::new(move || view().into_render().into_any()))
    }
}
