//! What seller and buyer agree on at a sale.

use crate::{quantity::Metres, sale::SaleTerms, signed::Signed};
use serde::{Deserialize, Serialize};

/// The odometer at the sale, signed by both: by the seller inside, by the buyer as the source of this record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handover {
    /// Total distance, as the seller's terms have it.
    pub odometer: Metres,
    /// The terms as the seller signed them; the ledger holds their hash.
    pub agreed: Signed<SaleTerms>,
}
