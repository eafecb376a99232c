//! A disk that loses power: what was written since the last sync is lost, kept, or torn into sectors.

use redb::StorageBackend;
use std::{
    io::{Error, ErrorKind},
    sync::{Arc, Mutex},
};

/// What becomes of the writes since the last sync when the power goes.
#[derive(Debug, Clone, Copy)]
pub enum Unsynced {
    Lost,
    Kept,
    /// Each sector is kept or lost as the seed has it, and so is each change of the length.
    Torn(u64),
}

const SECTOR: usize = 512;

#[derive(Debug)]
enum Change {
    Length(u64),
    Write(usize, Vec<u8>),
}

#[derive(Debug, Default)]
struct Platter {
    durable: Vec<u8>,
    current: Vec<u8>,
    unsynced: Vec<Change>,
    syncs: u64,
    /// The sync, counted from 1, during which the power goes.
    fails_at: Option<u64>,
    dead: bool,
}

/// A handle on the disk; clones are the same disk.
#[derive(Debug, Clone, Default)]
pub struct Disk(Arc<Mutex<Platter>>);

impl Disk {
    pub fn of(image: Vec<u8>) -> Self {
        Self(Arc::new(Mutex::new(Platter { durable: image.clone(), current: image, ..Platter::default() })))
    }

    /// The power goes during the `nth` sync from now.
    pub fn fail_at(&self, nth: u64) {
        let mut platter = self.0.lock().unwrap();
        platter.fails_at = Some(platter.syncs + nth);
    }

    pub fn syncs(&self) -> u64 {
        self.0.lock().unwrap().syncs
    }

    /// What is found on the disk when the power is back.
    pub fn image(&self, unsynced: Unsynced) -> Vec<u8> {
        let platter = self.0.lock().unwrap();
        let mut image = platter.durable.clone();
        let mut coin = match unsynced {
            Unsynced::Lost => return image,
            Unsynced::Kept => return platter.current.clone(),
            Unsynced::Torn(seed) => seed | 1,
        };
        let mut kept = || {
            // xorshift64
            coin ^= coin << 13;
            coin ^= coin >> 7;
            coin ^= coin << 17;
            coin & 1 == 0
        };
        for change in &platter.unsynced {
            match change {
                Change::Length(length) if kept() => image.resize(usize::try_from(*length).unwrap(), 0),
                Change::Length(_) => {}
                Change::Write(at, data) => {
                    for (n, sector) in data.chunks(SECTOR).enumerate() {
                        let at = at + n * SECTOR;
                        if kept() && at + sector.len() <= image.len() {
                            image[at..at + sector.len()].copy_from_slice(sector);
                        }
                    }
                }
            }
        }
        image
    }
}

impl Platter {
    fn alive(&self) -> Result<(), Error> {
        if self.dead { Err(Error::other("no power")) } else { Ok(()) }
    }
}

impl StorageBackend for Disk {
    fn len(&self) -> Result<u64, Error> {
        let platter = self.0.lock().unwrap();
        platter.alive()?;
        Ok(platter.current.len() as u64)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> Result<(), Error> {
        let platter = self.0.lock().unwrap();
        platter.alive()?;
        let at = usize::try_from(offset).unwrap();
        let found = platter.current.get(at..at + out.len()).ok_or(ErrorKind::UnexpectedEof)?;
        out.copy_from_slice(found);
        Ok(())
    }

    fn set_len(&self, len: u64) -> Result<(), Error> {
        let mut platter = self.0.lock().unwrap();
        platter.alive()?;
        platter.current.resize(usize::try_from(len).unwrap(), 0);
        platter.unsynced.push(Change::Length(len));
        Ok(())
    }

    fn sync_data(&self) -> Result<(), Error> {
        let mut platter = self.0.lock().unwrap();
        platter.alive()?;
        platter.syncs += 1;
        if platter.fails_at == Some(platter.syncs) {
            platter.dead = true;
            return platter.alive();
        }
        platter.durable = platter.current.clone();
        platter.unsynced.clear();
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> Result<(), Error> {
        let mut platter = self.0.lock().unwrap();
        platter.alive()?;
        let at = usize::try_from(offset).unwrap();
        let end = at + data.len();
        if end > platter.current.len() {
            platter.current.resize(end, 0);
            platter.unsynced.push(Change::Length(end as u64));
        }
        platter.current[at..end].copy_from_slice(data);
        platter.unsynced.push(Change::Write(at, data.to_vec()));
        Ok(())
    }
}
