//! The sale of a car: hash of the terms, and the buyer's claim by the key out of the handover. Format:
//! `docs/formats/sale.md`.

use crate::{hash::digest, signature::SigningKey};
use carnet_protocol::{
    domain::Domain,
    encoding,
    id::{FlagId, Hash32},
    sale::{SaleAcceptance, SaleClaim, SaleTerms},
    signed::Signed,
};

/// What the ledger holds of the terms that the seller signed: SHA-256 behind `HASH_SALE_TERMS`.
pub fn terms_hash(terms: &Signed<SaleTerms>) -> Hash32 {
    digest(Domain::HASH_SALE_TERMS, &encoding::encode(terms))
}

/// The buyer's side of a sale: `code` is the key out of the handover, `claim` says who takes what over.
pub fn accept(claim: SaleClaim, code: &SigningKey, terms: Hash32, liens: Vec<FlagId>) -> SaleAcceptance {
    let signature = code.sign(&claim).signature;
    let SaleClaim { stream, sale, next, .. } = claim;
    SaleAcceptance { stream, sale, next, terms, liens, code: code.verifying_key(), claim: signature }
}
