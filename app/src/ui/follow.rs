//! Effects: one kind for all. Leptos makes a kilobyte of code for every effect with a closure of its own.

use leptos::prelude::*;

/// Does something now, and again whenever a signal read in it changes.
pub fn follow(run: impl FnMut() + 'static) {
    start(Box::new(run));
}

/// Does something with a value whenever it changes, but not now. Signals read meanwhile do not count.
pub fn on_change<T: 'static>(value: impl Fn() -> T + 'static, act: impl Fn(&T) + 'static) {
    let mut first = true;
    follow(move || {
        let value = value();
        if !std::mem::take(&mut first) {
            untrack(|| act(&value));
        }
    });
}

fn start(run: Box<dyn FnMut()>) {
    Effect::new(run);
}
