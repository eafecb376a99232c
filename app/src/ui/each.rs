//! A list whose rows stay the same elements while others come and go.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use leptos::prelude::*;

/// A row: what tells it from others, and its view, made when it first appears.
struct Row {
    key: u64,
    view: Box<dyn FnOnce() -> AnyView + Send>,
}

type Rows = Arc<dyn Fn() -> Vec<Row> + Send + Sync>;

/// As Leptos's `For`. That one makes seven kilobytes of code for every kind of row; this one makes them once.
#[component]
pub fn Each<T, K, N>(
    /// The items, in order.
    each: impl Fn() -> Vec<T> + Send + Sync + 'static,
    /// What tells an item from others, and from itself with another look.
    key: impl Fn(&T) -> K + Send + Sync + 'static,
    /// The view of an item.
    children: impl Fn(T) -> N + Clone + Send + Sync + 'static,
) -> impl IntoView
where
    T: Send + 'static,
    K: Hash,
    N: IntoView + 'static,
{
    rows(Arc::new(move || {
        let row = |item: T| {
            let mut hasher = DefaultHasher::new();
            key(&item).hash(&mut hasher);
            let children = children.clone();
            Row { key: hasher.finish(), view: Box::new(move || children(item).into_any()) }
        };
        each().into_iter().map(row).collect()
    }))
}

fn rows(rows: Rows) -> AnyView {
    view! { <For each=move || rows() key=|row| row.key children=|row| (row.view)() /> }.into_any()
}
