//! Screenshots of each screen at both sizes, light and dark.

use crate::{Page, Step};
use serde_json::json;
use std::path::Path;

/// Sizes that screens are looked at in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// 390 x 844.
    Phone,
    /// 1280 x 800.
    Desk,
}

/// Colour schemes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Page {
    /// Gives the page a size.
    ///
    /// # Errors
    /// When the browser refuses.
    pub async fn resize(&self, size: Size) -> Step {
        let (width, height) = match size {
            Size::Phone => (390, 844),
            Size::Desk => (1280, 800),
        };
        let metrics =
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": size == Size::Phone });
        self.driver().cdp().send_raw("Emulation.setDeviceMetricsOverride", metrics).await?;
        Ok(())
    }

    /// Sets the colour scheme that the device asks for.
    ///
    /// # Errors
    /// When the browser refuses.
    pub async fn scheme(&self, scheme: Scheme) -> Step {
        let value = if scheme == Scheme::Dark { "dark" } else { "light" };
        let media = json!({ "features": [{ "name": "prefers-color-scheme", "value": value }] });
        self.driver().cdp().send_raw("Emulation.setEmulatedMedia", media).await?;
        Ok(())
    }

    /// Keeps four pictures of the screen, when `CARNET_SCREENSHOTS` names a folder, and fails when something sticks out
    /// sideways at either size. Leaves the page at phone size, light.
    ///
    /// # Errors
    /// When the browser refuses, a file cannot be written, or the page scrolls sideways.
    pub async fn keep(&self, name: &str) -> Step {
        let folder = std::env::var_os("CARNET_SCREENSHOTS");
        for (size, size_name) in [(Size::Desk, "desk"), (Size::Phone, "phone")] {
            self.resize(size).await?;
            let overflow =
                self.script("const d = document.documentElement; return d.scrollWidth - d.clientWidth").await?;
            if overflow.as_i64().unwrap_or(0) > 0 {
                return Err(format!("{name} sticks out sideways by {overflow} pixels at {size:?}").into());
            }
            let Some(folder) = &folder else { continue };
            std::fs::create_dir_all(folder)?;
            for (scheme, scheme_name) in [(Scheme::Dark, "dark"), (Scheme::Light, "light")] {
                self.scheme(scheme).await?;
                // Colours fade from one scheme to the other; a picture of the way is a picture of nothing. A transition that
                // is replaced over and over never ends; it shall not end the journey.
                let settle = "const done = arguments[0]; requestAnimationFrame(() => { \
                              const fading = document.getAnimations().filter((a) => a instanceof CSSTransition); \
                              const faded = Promise.allSettled(fading.map((a) => a.finished)); \
                              const enough = new Promise((late) => setTimeout(late, 2000)); \
                              Promise.race([faded, enough]).then(() => done(true)); });";
                self.driver().execute_async(settle, vec![]).await?;
                let picture = self.driver().screenshot_as_png().await?;
                std::fs::write(Path::new(folder).join(format!("{name}-{size_name}-{scheme_name}.png")), picture)?;
            }
        }
        Ok(())
    }
}
