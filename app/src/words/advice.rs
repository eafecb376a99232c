//! What a reader should do, by who reads and by how grave the gravest question is.

use carnet_passport::synthesis::{Reader, Severity};

use crate::t;
use crate::ui::Text;

/// The heading of the advice.
pub fn reader(value: Reader) -> Text {
    match value {
        Reader::PrivateBuyer => t!(advice::buyer),
        Reader::Insurer => t!(advice::insurer),
        Reader::Bank => t!(advice::bank),
        Reader::Garage => t!(advice::garage),
        Reader::Owner => t!(advice::owner),
    }
}

/// What to do now, then what this reader always does.
pub fn advice(reader: Reader, gravest: Option<Severity>) -> [Text; 2] {
    let now = match (reader, gravest) {
        (Reader::PrivateBuyer, Some(Severity::Stop)) => t!(advice::buyer_stop),
        (Reader::PrivateBuyer, Some(Severity::Warning)) => t!(advice::buyer_warning),
        (Reader::PrivateBuyer, _) => t!(advice::buyer_clear),
        (Reader::Insurer, Some(Severity::Stop)) => t!(advice::insurer_stop),
        (Reader::Insurer, Some(Severity::Warning)) => t!(advice::insurer_warning),
        (Reader::Insurer, _) => t!(advice::insurer_clear),
        (Reader::Bank, Some(Severity::Stop)) => t!(advice::bank_stop),
        (Reader::Bank, Some(Severity::Warning)) => t!(advice::bank_warning),
        (Reader::Bank, _) => t!(advice::bank_clear),
        (Reader::Garage, Some(Severity::Stop)) => t!(advice::garage_stop),
        (Reader::Garage, Some(Severity::Warning)) => t!(advice::garage_warning),
        (Reader::Garage, _) => t!(advice::garage_clear),
        (Reader::Owner, Some(Severity::Stop)) => t!(advice::owner_stop),
        (Reader::Owner, Some(Severity::Warning)) => t!(advice::owner_warning),
        (Reader::Owner, _) => t!(advice::owner_clear),
    };
    let always = match reader {
        Reader::PrivateBuyer => t!(advice::buyer_always),
        Reader::Insurer => t!(advice::insurer_always),
        Reader::Bank => t!(advice::bank_always),
        Reader::Garage => t!(advice::garage_always),
        Reader::Owner => t!(advice::owner_always),
    };
    [now, always]
}
