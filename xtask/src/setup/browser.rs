//! A Chromium and its driver, for tests.

use std::env;
use std::path::PathBuf;
use std::process::Command;

use serde_json::json;

use super::{apt, on_path};
use crate::failure::{Failure, Result};
use crate::process;
use crate::workspace::{self, Workspace};

const BROWSERS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// No window, no sandbox (tests run as root in containers), and none of the browser's own conversations with its
/// maker, which make tests slow and flaky where there is no network.
const ARGUMENTS: [&str; 9] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
];

/// The programs that tests drive.
pub struct Browser {
    /// The browser.
    pub chromium: PathBuf,
    /// Its driver.
    pub chromedriver: PathBuf,
}

impl Browser {
    /// Finds or installs both.
    pub fn ready(workspace: &Workspace) -> Result<Self> {
        let why = "tests run in a real browser";
        if find_chromium().is_none() {
            apt::ensure(workspace, &["chromium"], why).map_err(advise)?;
        }
        if find_chromedriver().is_none() {
            apt::ensure(workspace, &["chromium-driver"], why).map_err(advise)?;
        }
        let (Some(chromium), Some(chromedriver)) = (find_chromium(), find_chromedriver()) else {
            return Err(advise(Failure::new("The packages hold neither `chromium` nor `chromedriver`.", "")));
        };
        let browser = Self { chromium, chromedriver };
        browser.warn_of_mismatch();
        Ok(browser)
    }

    /// Writes the settings that `wasm-bindgen-test-runner` passes on to the driver.
    pub fn write_webdriver_settings(&self, workspace: &Workspace) -> Result<PathBuf> {
        let path = workspace.wasm_target().join("webdriver.json");
        let settings = json!({ "goog:chromeOptions": { "binary": self.chromium, "args": ARGUMENTS } });
        workspace::write(&path, settings.to_string())?;
        Ok(path)
    }

    /// The driver refuses a browser of another major version with a message that is easily overlooked.
    fn warn_of_mismatch(&self) {
        let browser = major(&self.chromium);
        let driver = major(&self.chromedriver);
        if let (Some(browser), Some(driver)) = (browser, driver)
            && browser != driver
        {
            process::say(format!(
                "careful: the browser is version {browser}, its driver {driver}; they should be equal"
            ));
        }
    }
}

fn find_chromium() -> Option<PathBuf> {
    let named = env::var_os("CHROMIUM").map(PathBuf::from);
    named.or_else(|| BROWSERS.iter().find_map(|name| on_path(name)))
}

fn find_chromedriver() -> Option<PathBuf> {
    env::var_os("CHROMEDRIVER").map(PathBuf::from).or_else(|| on_path("chromedriver"))
}

fn major(program: &PathBuf) -> Option<u32> {
    let said = process::capture(Command::new(program).arg("--version"))?;
    said.split_whitespace().find_map(|word| word.split_once('.')?.0.parse().ok())
}

fn advise(failure: Failure) -> Failure {
    Failure::new(
        "The tests need Chromium and its driver, which were not found and could not be installed.",
        format!("Install `chromium` and `chromedriver`, or name them in CHROMIUM and CHROMEDRIVER. {failure}"),
    )
}
