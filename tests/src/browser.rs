//! Headless Chromium through ChromeDriver, each session with a fresh profile.

use crate::{Page, Step, required};
use std::{
    io::{Read, Write},
    net::TcpStream,
    process::Stdio,
    time::Duration,
};
use tempfile::TempDir;
use thirtyfour::prelude::*;
use tokio::{
    io::{AsyncBufReadExt, BufReader, Lines},
    process::{Child, ChildStdout, Command},
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
    session: Session,
    profile: TempDir,
    downloads: TempDir,
}

/// The driver's session and its ChromeDriver.
struct Session {
    driver: WebDriver,
    port: u16,
    _chromedriver: Child,
}

impl Drop for Session {
    /// Ends the browser in good order, failed journeys included. By hand: the driver's own way out waits for answers on
    /// the runtime that is just ending.
    fn drop(&mut self) {
        let request = format!(
            "DELETE /session/{} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n",
            self.driver.session_id()
        );
        // A browser that does not answer ends with its ChromeDriver.
        let _ = TcpStream::connect(("127.0.0.1", self.port)).and_then(|mut stream| {
            stream.set_read_timeout(Some(Duration::from_secs(10)))?;
            stream.write_all(request.as_bytes())?;
            stream.read(&mut [0; 64])
        });
    }
}

impl Browser {
    /// Starts ChromeDriver on a port of its own and a browser with an empty profile.
    ///
    /// # Errors
    /// When either cannot be started.
    pub async fn start() -> Step<Self> {
        Self::start_on(tempfile::tempdir()?).await
    }

    /// [`Browser::start`] with the profile of a browser that has ended.
    ///
    /// # Errors
    /// As for [`Browser::start`].
    pub async fn start_on(profile: TempDir) -> Step<Self> {
        let (chromedriver, mut lines, port) = chromedriver().await?;
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        let downloads = tempfile::tempdir()?;
        let mut capabilities = DesiredCapabilities::chrome();
        capabilities.set_binary(&required("CHROMIUM")?)?;
        for flag in FLAGS {
            capabilities.add_arg(flag)?;
        }
        capabilities.add_arg(&format!("--user-data-dir={}", profile.path().display()))?;
        capabilities.add_experimental_option(
            "prefs",
            serde_json::json!({ "download.default_directory": downloads.path(), "intl.accept_languages": "en-US,en" }),
        )?;
        let driver = WebDriver::new(format!("http://127.0.0.1:{port}"), capabilities).await?;
        // From here on `Session` is what ends it.
        driver.clone().leak()?;
        let session = Session { driver, port, _chromedriver: chromedriver };
        let browser = Self { session, profile, downloads };
        browser.page().resize(crate::Size::Phone).await?;
        Ok(browser)
    }

    /// The page in front.
    pub fn page(&self) -> Page {
        Page::new(self.session.driver.clone())
    }

    /// Opens another tab of the same profile and brings it to the front.
    ///
    /// # Errors
    /// When the browser refuses.
    pub async fn new_tab(&self) -> Step {
        let tab = self.session.driver.new_tab().await?;
        self.session.driver.switch_to_window(tab).await?;
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

    /// Ends the session in good order, so that the profile is written out, and keeps the profile.
    pub fn quit(self) -> TempDir {
        drop(self.session);
        self.profile
    }

    /// Ends all its processes at once, as a crash of the device would, and keeps the profile as it lies on the disk.
    ///
    /// # Errors
    /// When the processes cannot be listed or ended.
    pub async fn kill(self) -> Step<TempDir> {
        let profile = self.profile.path().display().to_string();
        let mut ended = 0;
        for entry in std::fs::read_dir("/proc")? {
            let process = entry?;
            // What is no process, or has ended meanwhile, has no command line.
            let line = std::fs::read(process.path().join("cmdline")).unwrap_or_default();
            if String::from_utf8_lossy(&line).contains(&profile) {
                let id = process.file_name();
                ended +=
                    usize::from(Command::new("sh").args(["-c", "kill -KILL $0"]).arg(id).status().await?.success());
            }
        }
        if ended == 0 { Err("no process of the browser was found".into()) } else { Ok(self.profile) }
    }
}

/// Starts ChromeDriver and reads its port.
///
/// It draws a port on one family of addresses and gives up when somebody has the same on the other; then it is started
/// again.
async fn chromedriver() -> Step<(Child, Lines<BufReader<ChildStdout>>, u16)> {
    const STARTS: u32 = 5;
    for _ in 0..STARTS {
        let mut chromedriver = Command::new(required("CHROMEDRIVER")?)
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()?;
        let stdout = chromedriver.stdout.take().ok_or("ChromeDriver has no standard output")?;
        let mut lines = BufReader::new(stdout).lines();
        while let Some(line) = lines.next_line().await? {
            if let Some((_, rest)) = line.split_once("started successfully on port ") {
                return Ok((chromedriver, lines, rest.trim_end_matches('.').parse()?));
            }
        }
    }
    Err("ChromeDriver ended before it was ready, each time".into())
}
