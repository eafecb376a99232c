//! One measured number, what it is compared with, and what it should be.

use serde_json::{Value, json};

/// A measured number. Smaller is better for all units but those that count per second.
#[derive(Clone, Debug)]
pub struct Figure {
    /// What was measured.
    pub what: String,
    /// The number.
    pub value: f64,
    /// Its unit: `ms`, `KB`, `per s`.
    pub unit: &'static str,
    /// The same by another way, measured in the same run: its name and number.
    pub reference: Option<(String, f64)>,
    /// The number to reach.
    pub target: Option<f64>,
}

impl Figure {
    /// Whether it is as good as its target, if it has one.
    pub fn meets_target(&self) -> bool {
        self.target.is_none_or(
            |target| {
                if self.unit.ends_with("per s") { self.value >= target } else { self.value <= target }
            },
        )
    }

    /// The entry for `bench.json`.
    pub fn json(&self) -> Value {
        json!({
            "what": self.what,
            "value": self.value,
            "unit": self.unit,
            "reference": self.reference.as_ref().map(|(name, value)| json!({ "name": name, "value": value })),
            "target": self.target,
            "meets_target": self.meets_target(),
        })
    }
}

/// All figures as text in columns.
pub fn table(figures: &[Figure]) -> String {
    let mut lines = vec![format!("{:<46} {:>14} {:>34} {:>12}", "what", "measured", "reference", "target")];
    for figure in figures {
        let number = |value: f64| format!("{value:.1} {}", figure.unit);
        let reference = figure.reference.as_ref().map(|(name, value)| format!("{name} {}", number(*value)));
        let mark = if figure.meets_target() { "" } else { "  missed" };
        lines.push(format!(
            "{:<46} {:>14} {:>34} {:>12}{mark}",
            figure.what,
            number(figure.value),
            reference.unwrap_or_default(),
            figure.target.map(number).unwrap_or_default(),
        ));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figure(value: f64, unit: &'static str, target: f64) -> Figure {
        Figure { what: "x".into(), value, unit, reference: None, target: Some(target) }
    }

    #[test]
    fn rates_aim_high_and_all_else_low() {
        assert!(figure(9.0, "ms", 10.0).meets_target());
        assert!(!figure(11.0, "KB", 10.0).meets_target());
        assert!(figure(11.0, "per s", 10.0).meets_target());
        assert!(!figure(9.0, "per s", 10.0).meets_target());
    }

    #[test]
    fn a_missed_target_is_marked() {
        assert!(table(&[figure(11.0, "ms", 10.0)]).contains("missed"));
    }
}
