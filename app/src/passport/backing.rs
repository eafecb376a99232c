//! How far a record can be believed: a badge in the list, and the reasons with the readings that clash in full.

use carnet_passport::odometer::OdometerFinding;
use carnet_passport::quality::Quality;
use leptos::prelude::*;

use crate::t;
use crate::ui::{Badge, Disclosure, Glyph, Notice, Tone};
use crate::words;

/// The badges of a record in the list.
pub(super) fn badges(quality: Option<&Quality>, findings: &[OdometerFinding]) -> AnyView {
    let clash = findings.iter().max_by_key(|finding| finding.standing).map(|finding| {
        let (title, _) = words::finding(finding);
        view! { <Badge tone=finding_tone(finding) glyph=Glyph::Gauge text=title /> }
    });
    let quality = quality.map(|quality| {
        let (tone, text) = words::quality(quality);
        view! { <Badge tone text /> }
    });
    view! { {quality} {clash} }.into_any()
}

/// Grave or innocent.
pub(super) fn finding_tone(finding: &OdometerFinding) -> Tone {
    if finding.standing.alarms() { Tone::Bad } else { Tone::Info }
}

/// The index with what it is the sum of, and each clash with its two readings.
#[component]
pub(super) fn Backing(quality: Option<Quality>, findings: Vec<OdometerFinding>) -> impl IntoView {
    let clashes = findings
        .iter()
        .map(|finding| {
            let (title, text) = words::finding(finding);
            view! { <Notice tone=finding_tone(finding) title text /> }
        })
        .collect_view();
    view! {
        {clashes}
        {quality
            .map(|quality| {
                let (tone, text) = words::quality(&quality);
                let reasons = quality
                    .reasons
                    .iter()
                    .map(|reason| {
                        // A minus as wide as the plus.
                        let sign = if reason.points < 0 { '−' } else { '+' };
                        let points = format!("{sign}{}", reason.points.unsigned_abs());
                        view! {
                            <li class="backing__reason">
                                <span class="backing__points">{points}</span>
                                <span>{words::quality_reason(reason.kind)}</span>
                            </li>
                        }
                    })
                    .collect_view();
                view! {
                    <div class="backing">
                        <Badge tone text />
                        <Disclosure summary=t!(quality::why) open=true>
                            <ul class="backing__reasons">{reasons}</ul>
                            <p class="aside">{t!(quality::means, version = quality.version)}</p>
                        </Disclosure>
                    </div>
                }
            })}
    }
}
