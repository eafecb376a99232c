//! Share links that come in through the address bar while the page is open.

use std::sync::LazyLock;

use leptos::prelude::*;
use wasm_bindgen::closure::Closure;

use crate::browser;

// One listener for the whole page: the script that calls it back forgets none.
static ARRIVALS: LazyLock<ArcRwSignal<u32>> = LazyLock::new(|| {
    let count = ArcRwSignal::new(0u32);
    let listener = Closure::<dyn Fn()>::new({
        let count = count.clone();
        move || count.update(|count| *count = count.wrapping_add(1))
    });
    browser::on_link_fragment(&listener);
    listener.forget();
    count
});

/// Grows with every link that comes in.
pub(crate) fn arrivals() -> ArcRwSignal<u32> {
    ARRIVALS.clone()
}
