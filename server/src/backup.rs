//! Backups: dated copies of the store, and how long they are kept.
//!
//! Records and keyrings go into files of their own. A record's backup opens with keys of a keyring only, so what decides
//! how long something erased can come back is how long keyrings are kept. The relay itself removes what is too old, when
//! it starts and every hour, and says so in `/v1/info` and with every removal. See `docs/decisions/erasure.md`.

use crate::{
    config::Backups,
    relay::App,
    serve::STORE_FILE,
    store::{
        StoreError,
        sqlite::{Part, copy},
    },
};
use carnet_protocol::{
    api::body::Retention,
    day::{Day, Timestamp},
};
use std::{
    fs, io,
    path::{Path, PathBuf},
    time::Duration,
};
use tokio::{sync::watch, task::JoinHandle};

/// How often what is too old is removed.
const SWEEP: Duration = Duration::from_secs(3_600);

/// Why there is no backup.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// A folder or file.
    #[error("the backup folder cannot be used: {0}")]
    Folder(#[from] io::Error),
    /// The store.
    #[error("the store cannot be copied: {0}")]
    Store(#[from] StoreError),
    /// There is none.
    #[error("there is no store in {0}: check --data-dir")]
    NoStore(PathBuf),
}

impl Backups {
    /// What `/v1/info` says.
    pub fn retention(&self) -> Retention {
        Retention { records: self.record_days, keyrings: self.keyring_days }
    }

    /// By when the last backup of records and the last one of keyrings is gone that was made before `now`.
    pub fn until(&self, now: Timestamp) -> (Timestamp, Timestamp) {
        let sweep = u64::try_from(SWEEP.as_millis()).unwrap_or(u64::MAX);
        let after = |days: u16| now.plus(u64::from(days) * Timestamp::DAY).plus(sweep);
        (after(self.record_days), after(self.keyring_days))
    }

    /// The folder of the backups.
    pub fn folder(&self, data_dir: &Path) -> PathBuf {
        self.folder.clone().unwrap_or_else(|| data_dir.join("backups"))
    }

    fn days(&self, part: Part) -> u16 {
        match part {
            Part::Records => self.record_days,
            Part::Keyrings => self.keyring_days,
        }
    }
}

/// Makes the backups that are kept at all, and removes those that are too old. Answers the new files. Blocks.
///
/// # Errors
/// [`BackupError`]; a half-written file is left under a name that no backup has, and removed the next time.
pub fn make(backups: &Backups, data_dir: &Path, now: Timestamp) -> Result<Vec<PathBuf>, BackupError> {
    let (store, folder) = (data_dir.join(STORE_FILE), backups.folder(data_dir));
    if !store.is_file() {
        return Err(BackupError::NoStore(data_dir.to_owned()));
    }
    crate::serve::make_private(&folder)?;
    let mut made = Vec::new();
    for part in [Part::Records, Part::Keyrings].into_iter().filter(|part| backups.days(*part) > 0) {
        let file = folder.join(name(part, now));
        let unfinished = file.with_extension("part");
        if unfinished.exists() {
            fs::remove_file(&unfinished)?;
        }
        copy(&store, &unfinished, part)?;
        fs::rename(&unfinished, &file)?;
        made.push(file);
    }
    sweep(backups, data_dir, now)?;
    Ok(made)
}

/// Removes the backups that are older than they are kept. Blocks.
///
/// # Errors
/// When the folder cannot be read or a file not be removed.
pub fn sweep(backups: &Backups, data_dir: &Path, now: Timestamp) -> io::Result<()> {
    let folder = backups.folder(data_dir);
    if !folder.is_dir() {
        return Ok(());
    }
    for entry in fs::read_dir(folder)? {
        let file = entry?.path();
        let Some((part, made)) = file.file_name().and_then(|name| read_name(name.to_str()?)) else { continue };
        let unfinished = file.extension().is_some_and(|extension| extension == "part");
        let kept = if unfinished { Timestamp::DAY } else { u64::from(backups.days(part)) * Timestamp::DAY };
        if made.plus(kept) <= now {
            fs::remove_file(file)?;
        }
    }
    Ok(())
}

/// Removes what is too old until the relay ends.
pub(crate) fn keep_swept(app: App, mut until: watch::Receiver<bool>) -> JoinHandle<()> {
    tokio::spawn(async move {
        loop {
            let (relay, now) = (app.clone(), app.clock.now());
            let swept =
                tokio::task::spawn_blocking(move || sweep(&relay.config.backups, &relay.config.data_dir, now)).await;
            if let Ok(Err(error)) = swept {
                tracing::error!(%error, "old backups were not removed");
            }
            tokio::select! {
                () = tokio::time::sleep(SWEEP) => {}
                _ = until.changed() => return,
            }
        }
    })
}

/// `records-20261128T065100Z.sqlite`: the date is what its age is counted from, and survives copying.
fn name(part: Part, now: Timestamp) -> String {
    let (year, month, day) = now.day().to_civil();
    let second = now.0 / 1_000 % 86_400;
    let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
    let part = word(part);
    format!("{part}-{year:04}{month:02}{day:02}T{hour:02}{minute:02}{second:02}Z.sqlite")
}

fn word(part: Part) -> &'static str {
    match part {
        Part::Records => "records",
        Part::Keyrings => "keyrings",
    }
}

/// Which part a file holds and when it was made, where its name is that of a backup.
fn read_name(name: &str) -> Option<(Part, Timestamp)> {
    let (stem, _) = name.split_once('.')?;
    let (kind, date) = stem.split_once('-')?;
    let part = [Part::Records, Part::Keyrings].into_iter().find(|part| word(*part) == kind)?;
    let number = |from: usize, to: usize| date.get(from..to)?.parse::<u16>().ok();
    let (month, day) = (u8::try_from(number(4, 6)?).ok()?, u8::try_from(number(6, 8)?).ok()?);
    let day = Day::from_civil(i32::from(number(0, 4)?), month, day)?;
    let seconds = u64::from(number(9, 11)?) * 3_600 + u64::from(number(11, 13)?) * 60 + u64::from(number(13, 15)?);
    let exact = date.len() == 16 && date.get(8..9) == Some("T") && date.ends_with('Z');
    exact.then(|| (part, Timestamp(u64::from(day.0) * Timestamp::DAY + seconds * 1_000)))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const NOW: Timestamp = Timestamp(1_795_000_000_000);

    #[test]
    fn a_backups_name_tells_its_part_and_second() {
        for part in [Part::Records, Part::Keyrings] {
            assert_eq!(read_name(&name(part, NOW)), Some((part, NOW)));
        }
        for other in ["records-2026.sqlite", "relay.sqlite", "records-20261328T065100Z.sqlite", "x-20261128T065100Z.s"]
        {
            assert_eq!(read_name(other), None, "{other}");
        }
    }

    #[test]
    fn keyrings_go_sooner_than_records_and_nothing_else_is_touched() {
        let folder = tempfile::tempdir().unwrap();
        let backups = Backups { folder: Some(folder.path().to_owned()), record_days: 30, keyring_days: 7 };
        let write = |name: String| fs::write(folder.path().join(name), b"x").unwrap();
        write(name(Part::Records, NOW));
        write(name(Part::Keyrings, NOW));
        write("notes.txt".to_owned());
        let left = |days: u64| {
            sweep(&backups, Path::new("elsewhere"), NOW.plus(days * Timestamp::DAY)).unwrap();
            fs::read_dir(folder.path()).unwrap().count()
        };
        assert_eq!([left(6), left(7), left(29), left(30), left(900)], [3, 2, 2, 1, 1]);
        let (records, keyrings) = backups.until(NOW);
        assert!(records >= NOW.plus(30 * Timestamp::DAY) && keyrings >= NOW.plus(7 * Timestamp::DAY));
    }
}
