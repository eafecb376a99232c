//! Categories of a car's life: the unit in which an owner shares.

use serde::{Deserialize, Serialize};

/// What a record is about. On the wire it appears only as an opaque [`crate::id::CategoryLabel`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    /// VIN, plate, make, model, technical data.
    Identity,
    /// Odometer readings.
    Mileage,
    /// Services, repairs, upgrades.
    Maintenance,
    /// Periodic technical inspections.
    Inspection,
    /// Accidents, damage, wreck procedures.
    Incident,
    /// Registrations and changes of owner.
    Ownership,
    /// State and charging of the traction battery.
    Battery,
    /// Trips, consumption, refuelling.
    Driving,
    /// Where the car was.
    Location,
    /// Papers that belong to no other category.
    Documents,
    /// Costs, taxes, liens.
    Finance,
}

impl Category {
    /// All categories, in the order in which people see them.
    pub const ALL: [Category; 11] = [
        Category::Identity,
        Category::Mileage,
        Category::Maintenance,
        Category::Inspection,
        Category::Incident,
        Category::Ownership,
        Category::Battery,
        Category::Driving,
        Category::Location,
        Category::Documents,
        Category::Finance,
    ];

    /// Whether the category may speak of the owner rather than of the car. Private ones are not preselected when sharing, and
    /// stay out of what is held together unless the owner says otherwise. At a sale all of them stay with the seller but
    /// documents, which belong to the car: the wallet says what is handed over.
    pub const fn is_private(self) -> bool {
        matches!(self, Category::Driving | Category::Location | Category::Documents | Category::Finance)
    }
}

/// A category as one byte, its place in [`Category::ALL`] from 0: for lists of many, where names would weigh.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct CategoryNumber(pub Category);

/// A number that no category has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no category has number {0}")]
pub struct UnknownCategory(pub u8);

impl TryFrom<u8> for CategoryNumber {
    type Error = UnknownCategory;
    fn try_from(number: u8) -> Result<Self, UnknownCategory> {
        Category::ALL.get(usize::from(number)).copied().map(Self).ok_or(UnknownCategory(number))
    }
}

impl From<CategoryNumber> for u8 {
    fn from(CategoryNumber(category): CategoryNumber) -> u8 {
        category as u8
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_category_has_the_number_of_its_place_and_no_other_number_is_one() {
        for (place, category) in (0..).zip(Category::ALL) {
            assert_eq!(u8::from(CategoryNumber(category)), place);
            assert_eq!(CategoryNumber::try_from(place), Ok(CategoryNumber(category)));
        }
        assert_eq!(CategoryNumber::try_from(11), Err(UnknownCategory(11)));
    }
}
