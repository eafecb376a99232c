//! The real relay with its embedded ledger and demo consortium, on a port of its own, in a folder of its own.

use crate::{Recorder, Step, required};
use carnet_server::{clock::ShiftedClock, config::Config, serve};
use std::{
    path::{Path, PathBuf},
    process::Stdio,
    sync::Arc,
    time::Duration,
};
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
};

/// A running relay; killed when dropped.
pub struct Relay {
    child: Child,
    app: PathBuf,
    address: String,
    data: TempDir,
    log: PathBuf,
    recorder: Recorder,
    later: Option<serve::RunningServer>,
}

impl Relay {
    /// Starts the relay on an empty data folder and waits for its ready line.
    ///
    /// # Errors
    /// When the program cannot be started or ends before it is ready.
    pub async fn start() -> Step<Self> {
        Self::serving(required("CARNET_APP_DIR")?.into()).await
    }

    /// [`Relay::start`] with another folder of files to serve in the app's place.
    ///
    /// # Errors
    /// As for [`Relay::start`].
    pub async fn serving(app: PathBuf) -> Step<Self> {
        let data = tempfile::tempdir()?;
        let log = data.path().join("relay.log");
        let (child, address) = spawn(&app, &data, &log, "127.0.0.1:0").await?;
        let recorder = Recorder::start(&address).await?;
        Ok(Self { child, app, address, data, log, recorder, later: None })
    }

    /// The relay itself, without the proxy in between: for measuring.
    pub fn direct_origin(&self) -> String {
        format!("http://{}", self.address.replace("127.0.0.1", "localhost"))
    }

    /// Host and port of the relay itself, for another proxy in front of it.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Where the browser goes: the recording proxy in front of the relay.
    pub fn origin(&self) -> String {
        format!("http://localhost:{}", self.recorder.port())
    }

    /// Takes the relay out of everybody's reach, or back. The driver's own switch does not hold for the wallet's worker.
    pub fn cut(&self, cut: bool) {
        self.recorder.cut(cut);
    }

    /// All bytes that went between browser and relay so far.
    pub fn traffic(&self) -> Vec<u8> {
        self.recorder.bytes()
    }

    /// Every file the relay has written: database, ledger, log.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn files(&self) -> Step<Vec<(PathBuf, Vec<u8>)>> {
        let mut found = Vec::new();
        let mut folders = vec![self.data.path().to_path_buf()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder)? {
                let path = entry?.path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let bytes = std::fs::read(&path)?;
                    found.push((path, bytes));
                }
            }
        }
        Ok(found)
    }

    /// Ends the relay without warning, as a power cut would. The browser finds nobody there.
    ///
    /// # Errors
    /// When the process cannot be killed.
    pub async fn kill(&mut self) -> Step {
        self.child.kill().await?;
        Ok(())
    }

    /// Starts it again on the same data and the same port.
    ///
    /// # Errors
    /// As for [`Relay::start`].
    pub async fn restart(&mut self) -> Step {
        let (child, _) = spawn(&self.app, &self.data, &self.log, &self.address).await?;
        self.child = child;
        Ok(())
    }

    /// Starts it again on the same data and the same port, by a clock that is ahead by `passed`: as if that time had
    /// gone by. The program goes by the machine's clock alone, so here its library serves, inside the test.
    ///
    /// # Errors
    /// As for [`Relay::start`].
    pub async fn restart_after(&mut self, passed: Duration) -> Step {
        self.kill().await?;
        if let Some(later) = self.later.take() {
            later.shutdown().await;
        }
        let clock = Arc::new(ShiftedClock::default());
        clock.advance(u64::try_from(passed.as_millis())?);
        let config = Config {
            listen: self.address.parse()?,
            metrics_listen: None,
            app_dir: Some(self.app.clone()),
            data_dir: self.data.path().to_path_buf(),
            demo: true,
            ..Config::default()
        };
        self.later = Some(serve::start_at(config, clock).await?);
        Ok(())
    }
}

async fn spawn(app: &Path, data: &TempDir, log: &PathBuf, listen: &str) -> Step<(Child, String)> {
    let log = std::fs::OpenOptions::new().create(true).append(true).open(log)?;
    let mut child = Command::new(required("CARNET_SERVER_BIN")?)
        .arg("--app-dir")
        .arg(app)
        .args(["--listen", listen, "--metrics-listen", "127.0.0.1:0", "--demo", "--data-dir"])
        .arg(data.path())
        .stdout(Stdio::piped())
        .stderr(log)
        .kill_on_drop(true)
        .spawn()?;
    let stdout = child.stdout.take().ok_or("the relay has no standard output")?;
    let mut lines = BufReader::new(stdout).lines();
    while let Some(line) = lines.next_line().await? {
        if let Some((_, address)) = line.split_once("listening on http://") {
            let address = address.trim().to_owned();
            // Keeps the pipe open and empty, or the relay would fail to print.
            tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
            return Ok((child, address));
        }
    }
    Err("the relay ended before it was ready; see its log".into())
}
