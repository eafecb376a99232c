//! Where values lie on an axis, and which of them are written beside it.

/// An axis: the values it covers, its ticks, and the pixels it is laid onto.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Scale {
    low: f64,
    high: f64,
    step: f64,
    from: f64,
    to: f64,
}

impl Scale {
    /// An axis whose ends are round numbers (1, 2 or 5 times a power of ten apart), with about `ticks` steps.
    /// `None` without values.
    pub(super) fn over(values: impl Iterator<Item = f64>, from_zero: bool, ticks: usize) -> Option<Self> {
        let (low, high) = range(values)?;
        let low = if from_zero { low.min(0.0) } else { low };
        // A single value, or equal ones, stand in the middle of one step to each side.
        let (low, high) = if high > low { (low, high) } else { (low - 1.0, high + 1.0) };
        let step = round_step((high - low) / ticks.max(1) as f64);
        let (low, high) = ((low / step).floor() * step, (high / step).ceil() * step);
        Some(Self { low, high, step, from: 0.0, to: 1.0 })
    }

    /// An axis that ends with the values themselves, cut in at most `ticks - 1` equal steps. `None` without values.
    pub(super) fn exact(values: impl Iterator<Item = f64>, ticks: usize) -> Option<Self> {
        let (low, high) = range(values)?;
        let (low, high) = if high > low { (low, high) } else { (low - 1.0, high + 1.0) };
        let step = (high - low) / ticks.saturating_sub(1).max(1) as f64;
        Some(Self { low, high, step, from: 0.0, to: 1.0 })
    }

    /// The axis laid onto pixels; `from` may be above `to`.
    pub(super) fn onto(self, from: f64, to: f64) -> Self {
        Self { from, to, ..self }
    }

    /// The pixel of a value.
    pub(super) fn place(&self, value: f64) -> f64 {
        self.from + (value - self.low) / (self.high - self.low) * (self.to - self.from)
    }

    /// Pixels between the ends.
    pub(super) fn length(&self) -> f64 {
        (self.to - self.from).abs()
    }

    /// The values written beside the axis, lowest first.
    pub(super) fn ticks(&self) -> impl Iterator<Item = f64> + '_ {
        let count = ((self.high - self.low) / self.step).round() as usize;
        (0..=count).map(move |index| if index == count { self.high } else { self.low + index as f64 * self.step })
    }

    /// The lowest value.
    pub(super) fn first(&self) -> f64 {
        self.low
    }

    /// The highest value.
    pub(super) fn last(&self) -> f64 {
        self.high
    }
}

fn range(values: impl Iterator<Item = f64>) -> Option<(f64, f64)> {
    values.filter(|value| value.is_finite()).fold(None, |range, value| match range {
        None => Some((value, value)),
        Some((low, high)) => Some((value.min(low), value.max(high))),
    })
}

/// The next of 1, 2, 5, 10, ... times a power of ten that is not below `least`.
fn round_step(least: f64) -> f64 {
    let power = 10_f64.powf(least.log10().floor());
    [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .map(|factor| factor * power)
        .find(|step| *step >= least * 0.999)
        .unwrap_or(10.0 * power)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn over(values: &[f64]) -> Vec<f64> {
        Scale::over(values.iter().copied(), false, 5).map(|scale| scale.ticks().collect()).unwrap_or_default()
    }

    #[test]
    fn ticks_are_round_and_enclose_the_values() {
        assert_eq!(over(&[12_340.0, 61_200.0]), [10_000.0, 20_000.0, 30_000.0, 40_000.0, 50_000.0, 60_000.0, 70_000.0]);
        assert_eq!(over(&[93.2, 97.9]), [93.0, 94.0, 95.0, 96.0, 97.0, 98.0]);
    }

    #[test]
    fn one_value_has_an_axis_around_it_and_none_has_no_axis() {
        assert!(over(&[42.0]).first().is_some_and(|low| *low < 42.0));
        assert!(over(&[]).is_empty());
        assert!(over(&[f64::NAN]).is_empty());
    }

    #[test]
    fn values_lie_between_the_ends_even_upside_down() {
        let scale = Scale::exact([0.0, 10.0].into_iter(), 3).map(|scale| scale.onto(200.0, 0.0));
        assert_eq!(
            scale.map(|scale| (scale.place(0.0), scale.place(5.0), scale.place(10.0))),
            Some((200.0, 100.0, 0.0))
        );
    }
}
