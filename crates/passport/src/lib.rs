//! What a passport shows: pure views over opened records.
//!
//! Every view depends on the set of records alone, never on their order, a clock, a language or a device; a figure
//! that is computed carries the method and what it was computed from. Views are plain data with integers and strings
//! only, so that they cross a worker's boundary unchanged. Texts are the front end's.

pub mod battery;
pub mod compare;
pub mod identity;
pub mod odometer;
mod opened;
pub mod quality;
pub mod sample;
pub mod summary;
pub mod synthesis;
pub mod timeline;
pub mod units;
mod views;
pub mod vin;

pub use opened::OpenedRecord;
pub use views::Views;
