//! Steps around cars, records, files and links.

use crate::{Page, Step};
use std::path::Path;

impl Page {
    /// Creates a wallet at `origin` without a car and gives its 24 words.
    ///
    /// # Errors
    /// When a step cannot be done.
    pub async fn set_up_wallet(&self, origin: &str) -> Step<Vec<String>> {
        self.open(origin).await?;
        self.click("link", "Create a wallet").await?;
        let words = self.create_wallet().await?;
        self.sees("No car yet").await?;
        Ok(words)
    }

    /// Adds a car of this name to a wallet without cars; ends on its overview.
    ///
    /// # Errors
    /// When a step cannot be done.
    pub async fn add_first_car(&self, name: &str) -> Step {
        self.click("link", "Add your first car").await?;
        self.fill("Name", name).await?;
        self.click("button", "Add the car").await?;
        self.find("link", "Timeline").await?;
        self.sees(name).await
    }

    /// Types an odometer reading with a note and, if given, a file; ends on the timeline.
    ///
    /// # Errors
    /// When a step cannot be done.
    pub async fn type_reading(&self, date: &str, kilometres: u32, note: &str, file: Option<&Path>) -> Step {
        self.fill_reading(date, kilometres, note, file).await?;
        self.click("button", "Save the record").await?;
        self.find("heading", "Timeline").await.map(drop)
    }

    /// Types an odometer reading with a note and, if given, a file, and does not save it yet.
    ///
    /// # Errors
    /// When a step cannot be done.
    pub async fn fill_reading(&self, date: &str, kilometres: u32, note: &str, file: Option<&Path>) -> Step {
        self.click("link", "Add").await?;
        self.click("link", "Type a record").await?;
        self.choose("What happened", "Odometer reading").await?;
        self.fill_date("Day", date).await?;
        self.fill("Odometer", &kilometres.to_string()).await?;
        self.fill("Note", note).await?;
        if let Some(file) = file {
            self.give_file("Add photos or PDFs", file).await?;
            let name = file.file_name().and_then(|name| name.to_str()).ok_or("the file has a plain name")?;
            self.sees(name).await?;
        }
        Ok(())
    }

    /// Opens the import page of the car in front and hands it a file.
    ///
    /// # Errors
    /// When a step cannot be done.
    pub async fn bring_in(&self, file: &Path) -> Step {
        self.click("link", "Add").await?;
        self.click("link", "Import a file").await?;
        self.find("heading", "Import a file").await?;
        self.give_file("Choose a file", file).await
    }

    /// Fills in who a link is for; ends on the share page, before the terms are submitted.
    ///
    /// # Errors
    /// When a step cannot be done.
    pub async fn begin_link(&self, person: &str) -> Step {
        self.click("link", "Share").await?;
        self.fill("Name of the person", person).await
    }

    /// Submits the share form and gives the link that is shown.
    ///
    /// # Errors
    /// When a step cannot be done.
    pub async fn finish_link(&self) -> Step<String> {
        self.click("button", "Share").await?;
        let field = self.find("textbox", "Share link").await?;
        let link = field.prop("value").await?.unwrap_or_default();
        if link.contains('#') { Ok(link) } else { Err(format!("“{link}” is not a share link").into()) }
    }
}
