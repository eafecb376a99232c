//! All that happens by chance, from one seed.

use crate::rng::TestRng;
use rand_core::Rng as _;
use std::{cell::RefCell, rc::Rc};

/// Clones roll on.
#[derive(Clone)]
pub struct Dice(Rc<RefCell<TestRng>>);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(Rc::new(RefCell::new(TestRng::new(seed))))
    }

    /// From 0 to `sides - 1`.
    pub fn roll(&self, sides: usize) -> usize {
        let number = self.0.borrow_mut().next_u64();
        usize::try_from(number % sides.max(1) as u64).unwrap()
    }

    /// Whether something of so many percent happens.
    pub fn percent(&self, of_hundred: usize) -> bool {
        self.roll(100) < of_hundred
    }

    pub fn pick<'a, T>(&self, from: &'a [T]) -> Option<&'a T> {
        if from.is_empty() { None } else { Some(&from[self.roll(from.len())]) }
    }
}
