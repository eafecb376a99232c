//! `carnet verify bundle`.

use crate::End;
use carnet_proofs::{Policy, Verified, bundle, bundle::BundleError};
use carnet_protocol::{
    day::{Day, Timestamp},
    ledger::{FlagKind, StreamStatus},
    proof::Bundle,
};
use std::fmt::Write as _;

/// The largest bundle: a million leaves of 33 bytes.
const BUNDLE_MAX: u64 = 40 * 1024 * 1024;

/// Checks the bundle in a file, by the policy in another file or by its own.
pub fn bundle(file: &str, policy: Option<&str>) -> End {
    let unreadable = |file: &str, why: String| End::Unclear(format!("{file} cannot be read: {why}"));
    match std::fs::metadata(file) {
        Ok(found) if found.len() > BUNDLE_MAX => return unreadable(file, "it is too large for a bundle".into()),
        Ok(_) => {}
        Err(error) => return unreadable(file, error.to_string()),
    }
    let bytes = match std::fs::read(file) {
        Ok(bytes) => bytes,
        Err(error) => return unreadable(file, error.to_string()),
    };
    let own = match policy.map(|file| (file, std::fs::read_to_string(file))) {
        None => None,
        Some((file, Err(error))) => return unreadable(file, error.to_string()),
        Some((file, Ok(text))) => match Policy::parse(&text) {
            Ok(policy) => Some(policy),
            Err(error) => return unreadable(file, error.to_string()),
        },
    };
    let checked = bundle::parse(&bytes).and_then(|bundle| {
        let verified = bundle::verify(&bundle, own.as_ref())?;
        Ok((bundle, verified))
    });
    match checked {
        Ok((bundle, verified)) => End::Good(report(&bundle, &verified, own.is_some())),
        Err(BundleError::Finding(finding)) => {
            End::Bad(format!("the proof does NOT hold: {finding} ({})", finding.code()))
        }
        Err(error) => End::Unclear(error.to_string()),
    }
}

/// What was proved, in words.
fn report(bundle: &Bundle, verified: &Verified, own_policy: bool) -> String {
    let (head, checkpoint) = (&verified.head, &verified.witnessed.checkpoint);
    let mut text = String::from("The proof holds.\n\n");
    let mut line = |name: &str, value: String| {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "  {name:<12}{value}");
    };
    line("passport", head.stream.to_string());
    let open = if head.status == StreamStatus::Open { "open" } else { "closed" };
    line("state", open.to_owned());
    for flag in &head.standing.flags {
        let says = match flag.kind {
            FlagKind::Wreck => "DECLARED A WRECK",
            FlagKind::Theft => "REPORTED STOLEN",
            FlagKind::Lien => "a lender has a claim on the car",
        };
        line("attention", format!("{says} ({})", flag.declared.day));
    }
    let vin = head.standing.vin.map_or_else(
        || "not attested by any member".to_owned(),
        |vin| format!("attested by a member at {}", time(vin.at)),
    );
    line("VIN", vin);
    if let Some(previous) = head.standing.previous {
        line("continues", previous.to_string());
    }
    if let Some(next) = head.standing.next {
        line("goes on in", next.to_string());
    }
    line("records", format!("{} committed, all {} accounted for", head.records.count, bundle.leaves.len()));
    line("withdrawn", verified.withdrawn.len().to_string());
    line("log", format!("{}, {} transactions", checkpoint.origin, checkpoint.log.count));
    line("ledger", checkpoint.ledger.to_string());
    for cosigned in &verified.witnessed.cosigned {
        line("cosigned", format!("{} at {}", cosigned.by, time(cosigned.at)));
    }
    line("made", time(bundle.made_at));
    text += if own_policy {
        "\nChecked by the policy you gave.\n"
    } else {
        "\nChecked by the policy inside the bundle. It says who is trusted; compare it with the consortium's own:\n\n"
    };
    if !own_policy {
        bundle.policy.lines().for_each(|one| text += &format!("  {one}\n"));
    }
    text
}

/// Day, hours and minutes, UTC.
fn time(at: Timestamp) -> String {
    let minutes = at.0 / 60_000;
    let day = u16::try_from(minutes / 1_440).map_or_else(|_| "later".to_owned(), |day| Day(day).to_string());
    format!("{day} {:02}:{:02} UTC", minutes / 60 % 24, minutes % 60)
}
