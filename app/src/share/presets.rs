//! What is proposed for a purpose, and the values that stand for purposes and classes in forms.

use carnet_protocol::{category::Category, grant::Purpose, member::MemberClass};

/// Purposes with their values in the form, in the order in which people see them.
pub(super) const PURPOSES: [(&str, Purpose); 6] = [
    ("purchase", Purpose::Purchase),
    ("quote", Purpose::InsuranceQuote),
    ("claim", Purpose::InsuranceClaim),
    ("financing", Purpose::Financing),
    ("service", Purpose::Service),
    ("other", Purpose::Other),
];

/// Classes with their values in forms.
pub(crate) const CLASSES: [(&str, MemberClass); 5] = [
    ("garage", MemberClass::Garage),
    ("insurer", MemberClass::Insurer),
    ("bank", MemberClass::Bank),
    ("expert", MemberClass::Expert),
    ("manufacturer", MemberClass::Manufacturer),
];

/// The purpose that a value of the form stands for.
pub(super) fn purpose_of(value: &str) -> Purpose {
    PURPOSES.iter().find(|(own, _)| *own == value).map_or(Purpose::Other, |(_, purpose)| *purpose)
}

/// The form's value of a purpose.
pub(super) fn value_of(purpose: Purpose) -> &'static str {
    PURPOSES.iter().find(|(_, own)| *own == purpose).map_or("other", |(value, _)| value)
}

/// The class that a value of a form stands for.
pub(crate) fn class_of(value: &str) -> MemberClass {
    CLASSES.iter().find(|(own, _)| *own == value).map_or(MemberClass::Garage, |(_, class)| *class)
}

/// What a member of this class usually asks for.
pub(super) fn usual_purpose(class: MemberClass) -> Purpose {
    match class {
        MemberClass::Manufacturer | MemberClass::Garage => Purpose::Service,
        MemberClass::Insurer => Purpose::InsuranceQuote,
        MemberClass::Bank => Purpose::Financing,
        MemberClass::Expert => Purpose::InsuranceClaim,
    }
}

/// Whether a category is ticked at first: all that the advice to such a reader asks for. What speaks of the owner is not,
/// whoever asks for it.
pub(super) fn proposed(purpose: Purpose, category: Category) -> bool {
    use Category::{Battery, Identity, Incident, Inspection, Maintenance, Mileage, Ownership};
    let wanted: &[Category] = match purpose {
        Purpose::Purchase | Purpose::Other => &Category::ALL,
        Purpose::InsuranceQuote => &[Identity, Mileage, Incident, Inspection, Ownership],
        Purpose::InsuranceClaim => &[Identity, Mileage, Maintenance, Incident, Inspection, Ownership],
        Purpose::Financing => &[Identity, Mileage, Maintenance, Inspection, Incident, Ownership, Battery],
        Purpose::Service => &[Identity, Mileage, Maintenance, Inspection, Battery],
    };
    wanted.contains(&category) && !category.is_private()
}

#[cfg(test)]
mod tests {
    use super::*;
    use carnet_passport::synthesis::Reader;

    #[test]
    fn nothing_private_is_proposed() {
        for (_, purpose) in PURPOSES {
            let mut private = Category::ALL.into_iter().filter(|category| category.is_private());
            assert!(!private.any(|category| proposed(purpose, category)), "{purpose:?}");
        }
    }

    #[test]
    fn a_reader_with_what_is_proposed_is_not_advised_to_ask_for_more() {
        let readers = [
            (Purpose::Purchase, Reader::PrivateBuyer),
            (Purpose::InsuranceQuote, Reader::Insurer),
            (Purpose::InsuranceClaim, Reader::Insurer),
            (Purpose::Financing, Reader::Bank),
            (Purpose::Service, Reader::Garage),
        ];
        for (purpose, reader) in readers {
            let missing = reader.needs().iter().find(|category| !proposed(purpose, **category));
            assert_eq!(missing, None, "{purpose:?}");
        }
    }

    #[test]
    fn every_purpose_has_a_value_of_its_own() {
        for (value, purpose) in PURPOSES {
            assert_eq!(purpose_of(value_of(purpose)), purpose_of(value));
        }
    }

    #[test]
    fn a_buyer_is_proposed_all_that_speaks_of_the_car() {
        let proposed = Category::ALL.iter().filter(|category| proposed(Purpose::Purchase, **category)).count();
        assert_eq!(proposed, Category::ALL.iter().filter(|category| !category.is_private()).count());
    }
}
