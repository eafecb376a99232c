//! A code to scan, drawn as one SVG path.

use std::fmt::Write as _;

use leptos::prelude::*;
use qrcode::{Color, EcLevel};

use super::Text;

/// The white margin in modules that scanners need (ISO/IEC 18004).
const QUIET_ZONE: usize = 4;

/// A code that holds a short text. Always dark on light, in dark mode too: many scanners read nothing else.
/// Shows nothing for a text that no code can hold (above 2,331 bytes).
#[component]
pub fn QrCode(
    /// What is read out instead; never the text itself, which may be a secret.
    #[prop(into)]
    label: Text,
    /// The text.
    #[prop(into)]
    value: Signal<String>,
) -> impl IntoView {
    move || {
        drawing(&value.read()).map(|(size, path)| {
            view! {
                <svg
                    class="qr-code"
                    viewBox=format!("0 0 {size} {size}")
                    role="img"
                    aria-label=label.clone()
                    shape-rendering="crispEdges"
                >
                    <rect class="qr-code__paper" width=size.to_string() height=size.to_string() />
                    <path class="qr-code__ink" d=path />
                </svg>
            }
        })
    }
}

/// The side in modules, margin included, and a path with one rectangle per run of dark modules.
fn drawing(value: &str) -> Option<(usize, String)> {
    let code = qrcode::QrCode::with_error_correction_level(value, EcLevel::M).ok()?;
    let width = code.width();
    let modules = code.to_colors();
    let mut path = String::new();
    for (row, line) in modules.chunks(width).enumerate() {
        let mut column = 0;
        for run in line.chunk_by(|left, right| left == right) {
            if run.first() == Some(&Color::Dark) {
                let (x, y, length) = (column + QUIET_ZONE, row + QUIET_ZONE, run.len());
                let _ = write!(path, "M{x} {y}h{length}v1h-{length}z");
            }
            column += run.len();
        }
    }
    Some((width + 2 * QUIET_ZONE, path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_starts_with_its_finder_pattern_inside_the_margin() {
        let drawn = drawing("https://carnet.example/s");
        // Version 2: 25 modules and two margins; the finder pattern's upper edge is a run of seven.
        assert!(drawn.is_some_and(|(size, path)| size == 33 && path.starts_with("M4 4h7v1h-7z")));
    }

    #[test]
    fn a_text_too_long_for_a_code_draws_nothing() {
        assert!(drawing(&"x".repeat(3_000)).is_none());
    }
}
