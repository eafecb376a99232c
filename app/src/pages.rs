//! The pages: each loads what it shows and arranges it inside a `PageFrame`.

#[cfg(feature = "gallery")]
mod gallery;
mod not_found;
mod settings;

#[cfg(feature = "gallery")]
pub use gallery::Gallery;
pub use not_found::NotFound;
pub use settings::Settings;
