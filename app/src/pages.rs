//! The pages: each loads what it shows and arranges it inside a `PageFrame`.

mod compare;
mod create_wallet;
mod desk;
mod devices;
mod erasure;
#[cfg(feature = "gallery")]
mod gallery;
mod import;
mod join_wallet;
mod new_record;
mod new_vehicle;
mod not_found;
mod reader;
mod restore_wallet;
mod saved;
mod sell;
mod settings;
mod share;
mod shares;
mod sources;
mod theft;
mod unlock;
pub(crate) mod vehicle;
mod vehicles;
mod votes;
mod welcome;
mod write;

pub use compare::Compare;
pub(crate) use create_wallet::ChoosePassphrase;
pub use create_wallet::CreateWallet;
pub use desk::{Desk, DeskPassport};
pub use devices::Devices;
pub use erasure::{Erasure, VehicleSettings};
#[cfg(feature = "gallery")]
pub use gallery::Gallery;
pub use import::Import;
pub use join_wallet::JoinWallet;
pub use new_record::NewRecord;
pub use new_vehicle::NewVehicle;
pub use not_found::NotFound;
pub use reader::Reader;
pub use restore_wallet::RestoreWallet;
pub use saved::{Saved, SavedPassport};
pub use sell::Sell;
pub use settings::Settings;
pub use share::Share;
pub use shares::Shares;
pub use sources::Sources;
pub use theft::Theft;
pub use unlock::Unlock;
pub use vehicle::{Vehicle, VehicleAdd, VehicleTimeline};
pub use vehicles::Vehicles;
pub use votes::DeskVotes;
pub use welcome::Welcome;
pub use write::{Report, Write};
