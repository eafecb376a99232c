//! The keyring: every secret of a wallet, in one sealed and versioned row.
//!
//! It holds random secrets per car, so that deleting them is erasure, and what an owner must get back from the words
//! alone: names, shares with their links, imports, saved passports. It is sealed by `carnet_crypto::keyring`
//! (`docs/formats/keyring.md`); here stands what is inside. No type of it has Debug, and only the sealed form is ever
//! stored or sent.

mod device;
mod erased;
mod generation;
mod holder;
mod inbox;
mod merge;
mod pairing;
mod sale;
mod saved;
mod seed;
mod share;
mod vehicle;

pub(crate) use device::DeviceName;
pub(crate) use erased::ErasedVehicle;
pub(crate) use generation::Generation;
pub(crate) use holder::{Holder, Joined, Joining};
pub(crate) use inbox::Inboxes;
pub(crate) use pairing::{PairedCar, Pairing};
pub(crate) use sale::{SaleNote, SaleStage, Takeover};
pub(crate) use saved::{SavedPassport, StaffKeys};
pub(crate) use seed::Seed;
pub(crate) use share::{LinkKeys, Share};
pub(crate) use vehicle::{CategoryKeys, ImportNote, VehicleKeys};

use crate::error::WalletError;
use carnet_protocol::{
    encoding,
    id::{GrantId, StreamId},
    key::VerifyingKey,
    member::GenesisHash,
};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// The version of the keyring's inner format.
const FORMAT: u16 = 1;

/// What is inside the sealed row.
#[derive(Serialize, Deserialize)]
pub(crate) struct Keyring {
    format: u16,
    /// The ledger this wallet trusts, pinned on first contact.
    pub ledger: Option<GenesisHash>,
    /// The last checkpoint of the ledger seen when this was written, a signed note: what another device sees must
    /// continue it.
    pub checkpoint: Option<String>,
    /// What the owner calls the devices.
    pub devices: Vec<DeviceName>,
    /// The cars, in the order in which they were added.
    pub vehicles: Vec<VehicleKeys>,
    /// Invitations to hold a car together that were answered and wait for its owner.
    pub joining: Vec<Joining>,
    /// One's own keys to cars that were held together and are forgotten, so that another device does not bring them back.
    pub left: Vec<VerifyingKey>,
    /// The member role, if any.
    pub staff: Option<StaffKeys>,
    /// Passports of other people's cars, taken over from links.
    pub saved: Vec<SavedPassport>,
    /// Saved passports that were forgotten, offers that are over and takeovers that came to nothing
    /// ([`Takeover::name`]), so that another device does not bring them back.
    pub forgotten: Vec<GrantId>,
    /// Cars that were erased, so that another device does not bring them back.
    pub erased: Vec<ErasedVehicle>,
    /// The whole wallet is being erased.
    pub ending: bool,
}

impl Keyring {
    /// An empty one.
    pub fn new() -> Self {
        Self {
            format: FORMAT,
            ledger: None,
            checkpoint: None,
            devices: Vec::new(),
            vehicles: Vec::new(),
            joining: Vec::new(),
            left: Vec::new(),
            staff: None,
            saved: Vec::new(),
            forgotten: Vec::new(),
            erased: Vec::new(),
            ending: false,
        }
    }

    /// Its canonical encoding, wiped on drop.
    pub fn encode(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(encoding::encode(self))
    }

    /// A copy to be changed; it takes the place of this one once it is stored.
    pub fn duplicate(&self) -> Result<Self, WalletError> {
        Self::decode(&self.encode())
    }

    /// Reads the inside of an opened keyring.
    ///
    /// # Errors
    /// [`WalletError::Damaged`] when it is not one, or one of a later version of Carnet: it is never overwritten.
    pub fn decode(bytes: &[u8]) -> Result<Self, WalletError> {
        let keyring: Keyring = encoding::decode(bytes).map_err(|_| WalletError::Damaged)?;
        if keyring.format == FORMAT { Ok(keyring) } else { Err(WalletError::Damaged) }
    }

    /// Gives a device a name, unless it has a later one.
    pub fn name_device(&mut self, name: DeviceName) {
        device::set(&mut self.devices, name);
    }

    /// The keys of a car.
    pub fn vehicle(&self, stream: StreamId) -> Result<&VehicleKeys, WalletError> {
        self.vehicles.iter().find(|vehicle| vehicle.stream == stream).ok_or(WalletError::NotFound)
    }

    /// See [`Self::vehicle`].
    pub fn vehicle_mut(&mut self, stream: StreamId) -> Result<&mut VehicleKeys, WalletError> {
        self.vehicles.iter_mut().find(|vehicle| vehicle.stream == stream).ok_or(WalletError::NotFound)
    }

    /// The keys of a car to which may be written: not sold, not offered for sale, not still on its way here, and where it
    /// is somebody else's, still held together.
    ///
    /// # Errors
    /// [`WalletError::CarSold`], [`WalletError::SaleOpen`], [`WalletError::AccessEnded`]; as [`Self::vehicle`].
    pub fn writable(&self, stream: StreamId) -> Result<&VehicleKeys, WalletError> {
        let vehicle = self.vehicle(stream)?;
        vehicle.expect_standing()?;
        match vehicle.sale.as_ref().map(|sale| sale.stage) {
            Some(SaleStage::Sold { .. }) => Err(WalletError::CarSold),
            Some(SaleStage::Offering | SaleStage::Offered) => Err(WalletError::SaleOpen),
            None if vehicle.takeover.as_ref().is_some_and(|takeover| !takeover.done) => Err(WalletError::SaleOpen),
            None => Ok(vehicle),
        }
    }

    /// The car that came to this wallet by a sale.
    pub fn taken_over(&self, sale: GrantId) -> Option<&VehicleKeys> {
        self.vehicles.iter().find(|vehicle| vehicle.takeover.as_ref().is_some_and(|takeover| takeover.sale == sale))
    }

    /// A saved passport.
    pub fn saved(&self, grant: GrantId) -> Option<&SavedPassport> {
        self.saved.iter().find(|saved| saved.grant == grant)
    }
}
