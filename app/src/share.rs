//! Sharing one's own car: the form with its preview, the link that comes of it, the list of shares and who looked.

mod audience;
mod calendar;
mod categories;
mod draft;
mod entry;
mod link_card;
mod looks;
mod made;
mod period;
mod presets;
mod preview;
mod scopes;
mod take_back;

pub(crate) use audience::AudienceCard;
pub(crate) use categories::CategoriesCard;
pub(crate) use draft::{ShareForm, share_with};
pub(crate) use entry::ShareEntry;
pub(crate) use looks::LooksTable;
pub(crate) use made::Made;
pub(crate) use period::EndCard;
pub(crate) use presets::{CLASSES, class_of};
pub(crate) use preview::Preview;
pub(crate) use scopes::ScopeList;

/// A PIN as both sides spell it: no space around, capital letters, as the field shows them.
pub(crate) fn spelt_pin(typed: &str) -> String {
    typed.trim().to_uppercase()
}

#[cfg(test)]
mod tests {
    use super::spelt_pin;

    #[test]
    fn a_pin_reads_the_same_however_it_is_typed() {
        assert_eq!(spelt_pin(" ab12 "), spelt_pin("AB12"));
    }
}
