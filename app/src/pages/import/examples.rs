//! What can be brought in, shown where a file could not be, or held nothing.

use leptos::prelude::*;

use crate::t;
use crate::ui::{Disclosure, Text};

/// The kinds of files, each with the beginning of one.
#[component]
pub(super) fn Examples() -> impl IntoView {
    let example = |(name, where_from, begins): (Text, Text, &'static str)| {
        view! {
            <li>
                <p>
                    <strong>{name}</strong>
                    {BETWEEN}
                    {where_from}
                </p>
                <pre class="listing">
                    <code>{begins}</code>
                </pre>
            </li>
        }
    };
    let examples = [
        (t!(words::origin_lube_logger), t!(import::example_lube_logger), LIST),
        (t!(words::origin_tesla_vehicle_data), t!(import::example_tesla), TESLA),
        (t!(words::origin_histovec), t!(import::example_histovec), HISTOVEC),
        (t!(words::origin_carnet_export), t!(import::example_carnet), CARNET),
    ];
    view! {
        <Disclosure summary=t!(import::examples_title) open=true>
            <ul class="notes">{examples.map(example).into_iter().collect_view()}</ul>
        </Disclosure>
    }
}

const BETWEEN: &str = " · ";

/// A list of LubeLogger: a table whose first line names its columns.
const LIST: &str = "Date,Odometer,Description,Cost
2025-03-14,45200,Oil and filters,189.90
2025-09-20,51830,Brake pads,240.00";

/// One answer of Tesla's interface.
const TESLA: &str = r#"{"response": {"vin": "5YJ3E7EB0MF000001",
  "vehicle_state": {"timestamp": 1741946400000, "odometer": 28085.4},
  "charge_state": {"timestamp": 1741946400000, "battery_level": 71}}}"#;

/// The beginning of a HistoVec report.
const HISTOVEC: &str = r#"{"vehicule": {"certificat_immatriculation": {…}, "historique": [{…}]},
  "controles_techniques": [{…}]}"#;

/// The beginning of a wallet's export.
const CARNET: &str = r#"{"carnet_export":{"version":1,"at":1795000000000}}
{"car":{"stream":"…","owner":"…","name":"…"}}"#;

#[cfg(test)]
mod tests {
    use super::*;
    use carnet_import::{Answers, Format, SourceFile, carnet_export::is_export, detect, dry_run};

    fn format(example: &str) -> Option<Format> {
        detect(&SourceFile { name: "service.csv", bytes: example.as_bytes() }).ok()
    }

    #[test]
    fn what_is_shown_as_an_example_is_known_for_what_it_is() {
        assert!(matches!(format(LIST), Some(Format::LubeLogger(_))));
        assert_eq!(format(TESLA), Some(Format::TeslaVehicleData));
        assert!(is_export(CARNET.as_bytes()));
        let read = dry_run(&SourceFile { name: "x.json", bytes: TESLA.as_bytes() }, &Answers::default(), &[]);
        assert!(read.is_ok_and(|run| run.drafts.len() > 1));
    }
}
