//! Grants: which categories, days and generations of a stream a grantee may open. Format: `docs/formats/grant.md`.

use crate::{
    Blob,
    category::{Category, CategoryNumber},
    day::{DayRange, Timestamp},
    domain::Domain,
    id::{CategoryLabel, GrantId, Hash32, StreamId},
    key::{EncappedKey, SealingKey, VerifyingKey},
    record::Suite,
    sale::SaleOffer,
    signed::{Signable, Signed},
};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Types that are written as the list of their fields, in this order: in a grant the names would weigh. Nothing is copied
/// on the way, so that key material stays where it is.
macro_rules! written_as_list {
    ($($name:ident { $($field:ident),+ $(,)? })+) => {$(
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let Self { $($field),+ } = self;
                ($($field,)+).serialize(serializer)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let ($($field,)+) = Deserialize::deserialize(deserializer)?;
                Ok(Self { $($field),+ })
            }
        }
    )+};
}

written_as_list! {
    Grant { suite, grant, stream, grantee, scopes, earlier, issued_at, not_after, sealed_hash, checkpoint }
    GrantScope { label, days, generation }
    GrantSecret { terms, keys, earlier, acceptance, offer, sale_code }
    GrantTerms { vehicle_name, audience, purpose, message, not_shared, sample, shared_at, renewed }
}

/// The signed, readable part: all that the relay needs to serve a grant. Signed by the stream's owner. Written as a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// Cipher suite of the sealed part.
    pub suite: Suite,
    /// The grant.
    pub grant: GrantId,
    /// The stream it opens.
    pub stream: StreamId,
    /// To whom the sealed part is sealed.
    pub grantee: Grantee,
    /// What the relay may serve.
    pub scopes: Vec<GrantScope>,
    /// The same of earlier owners' passports of the car, the latest first.
    pub earlier: Vec<EarlierScopes>,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// The relay serves nothing after this time.
    pub not_after: Timestamp,
    /// Hash of the sealed part, label `HASH_SEALED_GRANT`.
    pub sealed_hash: Hash32,
    /// The last checkpoint that the owner has seen, a signed note; by it a reader finds out when the ledger shows the
    /// two of them different histories. `None` before the owner's first.
    pub checkpoint: Option<String>,
}

impl Signable for Grant {
    const DOMAIN: Domain = Domain::SIGN_GRANT;
}

/// The keys of a grantee.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Grantee {
    /// The sealed part is sealed to this key.
    pub seal: SealingKey,
    /// Requests to the relay are signed with this key; for links, `None`: a bearer token stands for it.
    pub sign: Option<VerifyingKey>,
}

/// One category and range of days, as the relay sees it. Written as a list: a grant has many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct GrantScope {
    /// The category, opaquely.
    pub label: CategoryLabel,
    /// The days.
    pub days: DayRange,
    /// Generation of the day tree whose wraps open it.
    pub generation: u16,
}

/// What the relay may serve of an earlier owner's passport: no more than was handed over at the sale.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct EarlierScopes {
    /// Its stream.
    pub stream: StreamId,
    /// Categories and days.
    pub scopes: Vec<GrantScope>,
}

/// The sealed part: HPKE to the grantee.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealedGrant {
    /// HPKE encapsulated key.
    pub enc: EncappedKey,
    /// [`GrantSecret`], canonically encoded and sealed.
    pub sealed: Blob,
}

/// A grant as it is stored and served.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GrantEnvelope {
    /// The signed part.
    pub grant: Signed<Grant>,
    /// The sealed part.
    pub sealed: SealedGrant,
}

/// What only the grantee reads. Written as a list. Holds key material: the only copies live in the sealed part and in wiped
/// memory, so this type has no Debug.
#[derive(Clone, PartialEq, Eq)]
pub struct GrantSecret {
    /// In the owner's words: what, for whom, why.
    pub terms: GrantTerms,
    /// For each scope of the signed part, in its order: the category, and its at most 30 node keys of 32 bytes in the order
    /// of the range's cover, one after the other.
    pub keys: Vec<(CategoryNumber, Blob)>,
    /// The same for each of the earlier passports of the signed part.
    pub earlier: Vec<Vec<(CategoryNumber, Blob)>>,
    /// 32 bytes: seed of the key that accepts this grant on the ledger (see [`crate::ledger::acceptor_bytes`]), or the
    /// sale that it hands over; `None` behind any other share link.
    pub acceptance: Option<Blob>,
    /// The offer, where this is the handover of a sale.
    pub offer: Option<SaleOffer>,
    /// 48 bytes, identifier and secret: the code of a sale that its owner offers to this reader.
    pub sale_code: Option<Blob>,
}

/// The terms as people read them. Written as a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrantTerms {
    /// What the owner calls the car.
    pub vehicle_name: String,
    /// For whom, in the owner's words ("Maria", "Demo Insurer").
    pub audience: String,
    /// What for.
    pub purpose: Purpose,
    /// A message from the owner.
    pub message: Option<String>,
    /// Categories the owner has records in but does not share with this grant.
    pub not_shared: Vec<Category>,
    /// Whether the car is the generated sample car.
    pub sample: bool,
    /// When it was shared; each renewal of its keys or of its end is issued later.
    pub shared_at: Timestamp,
    /// Whether it has no end of its own: its owner moves `not_after` ahead for as long as it stands.
    pub renewed: bool,
}

/// Why a grant is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// A second-hand buyer looks at the car.
    Purchase,
    /// An insurer quotes.
    InsuranceQuote,
    /// An insurer reviews a claim.
    InsuranceClaim,
    /// A bank finances.
    Financing,
    /// A garage works on the car.
    Service,
    /// Something else, said in the message.
    Other,
}
