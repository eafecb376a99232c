//! How often what is to be tried was tried: a check of what never happened shows nothing.

use core::ops::AddAssign;

/// What happened in a story, or in many.
#[derive(Debug, Default, Clone, Copy)]
pub struct Tally {
    /// Cars that were sold.
    pub sold: u64,
    /// Cars that were sold and sold again.
    pub resold: u64,
    /// Offers that their sellers were told are taken back.
    pub taken_back: u64,
    /// Codes that were no longer good: somebody else was faster, or the seller changed their mind.
    pub too_slow: u64,
    /// Records that came too late for a passport that was sold.
    pub too_late: u64,
    /// Records of sources that owners took in.
    pub taken_in: u64,
    /// Of these, those in quarantine.
    pub quarantined: u64,
    /// Records of sources that were not taken, with the reason told.
    pub not_taken: u64,
    /// Records of sources that owners accepted, disputed or rejected.
    pub answered: u64,
    /// Times that a browser started.
    pub looked: u64,
    /// Of these, those in which it had kept the first screen.
    pub kept: u64,
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.sold += other.sold;
        self.resold += other.resold;
        self.taken_back += other.taken_back;
        self.too_slow += other.too_slow;
        self.too_late += other.too_late;
        self.taken_in += other.taken_in;
        self.quarantined += other.quarantined;
        self.not_taken += other.not_taken;
        self.answered += other.answered;
        self.looked += other.looked;
        self.kept += other.kept;
    }
}

impl Tally {
    /// Panics when something of it hardly happened in so many stories.
    pub fn expect_enough_of(&self, stories: u64) {
        let often = [self.sold, self.taken_back, self.taken_in, self.kept];
        assert!(often.iter().all(|times| *times >= stories / 5), "too little happens: {self:?}");
        let seldom = [self.too_slow, self.quarantined, self.not_taken, self.answered];
        assert!(seldom.iter().all(|times| *times >= stories / 100), "too little happens: {self:?}");
    }
}
