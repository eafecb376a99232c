//! What journeys have in common, each as a person would do it.

mod files;
mod members;

pub use members::Staff;

use crate::{Page, Step};

/// The passphrase of every wallet in the journeys.
pub const PASSPHRASE: &str = "a long enough passphrase";

impl Page {
    /// Makes a wallet from the page that stands where there is none; ends on the list of cars (or on an open link).
    /// Gives the words.
    ///
    /// # Errors
    /// When a step cannot be done.
    pub async fn create_wallet(&self) -> Step<Vec<String>> {
        self.sees("These 24 words are your wallet").await?;
        let words =
            self.script("return [...document.querySelectorAll('ol.words > li')].map((li) => li.textContent)").await?;
        let words: Vec<String> = serde_json::from_value(words)?;
        self.click("checkbox", "I have written all 24 words on paper").await?;
        self.click("button", "Continue").await?;
        for position in [3, 11, 20] {
            let word = words.get(position - 1).ok_or("the page shows 24 words")?;
            self.fill(&format!("Word {position}"), word).await?;
        }
        self.click("button", "Continue").await?;
        self.fill("Passphrase", PASSPHRASE).await?;
        self.fill("Passphrase again", PASSPHRASE).await?;
        self.click("button", "Open my wallet").await?;
        Ok(words)
    }

    /// A new wallet with the sample car, whose overview is shown at the end, with everything committed.
    ///
    /// # Errors
    /// When a step cannot be done.
    pub async fn start_with_sample_car(&self, origin: &str) -> Step<Vec<String>> {
        let words = self.set_up_wallet(origin).await?;
        self.click("button", "Try with a sample car").await?;
        self.sees("164 of 164 records are here and match the ledger").await?;
        Ok(words)
    }

    /// A new wallet with a car of one's own, whose overview is shown at the end.
    ///
    /// # Errors
    /// When a step cannot be done.
    pub async fn start_with_car(&self, origin: &str, name: &str, vin: &str, plate: &str) -> Step<Vec<String>> {
        let words = self.set_up_wallet(origin).await?;
        self.click("link", "Add your first car").await?;
        self.fill("Name", name).await?;
        self.fill("VIN", vin).await?;
        self.fill("Plate", plate).await?;
        self.click("button", "Add the car").await?;
        self.find("heading", "In short").await?;
        Ok(words)
    }

    /// Shares the car in view by a link with the preset categories; gives the link.
    ///
    /// # Errors
    /// When a step cannot be done.
    pub async fn share_by_link(&self, name: &str, pin: Option<&str>, limit: Option<&str>) -> Step<String> {
        self.click("link", "Share").await?;
        self.sees("They will not see").await?;
        self.fill("Name of the person", name).await?;
        if let Some(limit) = limit {
            self.click("radio", limit).await?;
        }
        if let Some(pin) = pin {
            self.click("checkbox", "Ask for a PIN").await?;
            self.fill("PIN", pin).await?;
        }
        self.click("button", "Share").await?;
        self.sees(&format!("The link for {name} is ready")).await?;
        self.sees("the link works now").await?;
        let field = self.find("textbox", "Share link").await?;
        Ok(field.prop("value").await?.ok_or("the link field has a value")?)
    }

    /// Opens the wallet that is locked in this browser.
    ///
    /// # Errors
    /// When a step cannot be done.
    pub async fn unlock(&self) -> Step {
        self.fill("Passphrase", PASSPHRASE).await?;
        self.click("button", "Unlock").await
    }
}
