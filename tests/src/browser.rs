//! Headless Chromium through ChromeDriver, each session with a fresh profile.

use crate::{Page, Step, required};
use std::process::Stdio;
use tempfile::TempDir;
use thirtyfour::prelude::*;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
};

/// Flags for a browser that runs as root in a container and talks to nobody but the page's host.
const FLAGS: [&str; 9] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
];

/// A browser with a profile of its own: one person's device. Ends when dropped.
pub struct Browser {
    driver: WebDriver,
    _chromedriver: Child,
    profile: TempDir,
    downloads: TempDir,
}

impl Browser {
    /// Starts ChromeDriver on a port of its own and a browser with an empty profile.
    ///
    /// # Errors
    /// When either cannot be started.
    pub async fn start() -> Step<Self> {
        let mut chromedriver = Command::new(required("CHROMEDRIVER")?)
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()?;
        let stdout = chromedriver.stdout.take().ok_or("ChromeDriver has no standard output")?;
        let mut lines = BufReader::new(stdout).lines();
        let port: u16 = loop {
            let line = lines.next_line().await?.ok_or("ChromeDriver ended before it was ready")?;
            if let Some((_, rest)) = line.split_once("started successfully on port ") {
                break rest.trim_end_matches('.').parse()?;
            }
        };
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        let (profile, downloads) = (tempfile::tempdir()?, tempfile::tempdir()?);
        let mut capabilities = DesiredCapabilities::chrome();
        capabilities.set_binary(&required("CHROMIUM")?)?;
        for flag in FLAGS {
            capabilities.add_arg(flag)?;
        }
        capabilities.add_arg(&format!("--user-data-dir={}", profile.path().display()))?;
        capabilities.add_experimental_option(
            "prefs",
            serde_json::json!({ "download.default_directory": downloads.path(), "intl.accept_languages": "en" }),
        )?;
        let driver = WebDriver::new(format!("http://127.0.0.1:{port}"), capabilities).await?;
        let browser = Self { driver, _chromedriver: chromedriver, profile, downloads };
        browser.page().resize(crate::Size::Phone).await?;
        Ok(browser)
    }

    /// The page in front.
    pub fn page(&self) -> Page {
        Page::new(self.driver.clone())
    }

    /// Opens another tab of the same profile and brings it to the front.
    ///
    /// # Errors
    /// When the browser refuses.
    pub async fn new_tab(&self) -> Step {
        let tab = self.driver.new_tab().await?;
        self.driver.switch_to_window(tab).await?;
        Ok(())
    }

    /// Where the profile lies: IndexedDB and everything else that the browser keeps on disk.
    pub fn profile(&self) -> &std::path::Path {
        self.profile.path()
    }

    /// Where downloads go.
    pub fn downloads(&self) -> &std::path::Path {
        self.downloads.path()
    }

    /// Ends the session in good order, so that the profile is written out.
    ///
    /// # Errors
    /// When the browser does not end.
    pub async fn quit(self) -> Step<TempDir> {
        self.driver.quit().await?;
        Ok(self.profile)
    }
}
