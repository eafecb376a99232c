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

    /// How far it is from its target: as parts of the reference where there is one.
    fn shortfall(&self) -> String {
        let target = self.target.unwrap_or_default();
        match &self.reference {
            Some((_, reference)) if *reference > 0.0 => {
                format!("  missed: target {:.2} of it, is {:.2}", target / reference, self.value / reference)
            }
            _ => format!("  missed: target {target:.1}, is {:.1}", self.value),
        }
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
    let mut lines = vec![format!("{:<52} {:>14} {:>40} {:>14}", "what", "measured", "reference", "target")];
    for figure in figures {
        let number = |value: f64| match value {
            value if value < 10.0 => format!("{value:.2} {}", figure.unit),
            value => format!("{value:.1} {}", figure.unit),
        };
        let reference = figure.reference.as_ref().map(|(name, value)| format!("{name} {}", number(*value)));
        let mark = if figure.meets_target() { String::new() } else { figure.shortfall() };
        lines.push(format!(
            "{:<52} {:>14} {:>40} {:>14}{mark}",
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
