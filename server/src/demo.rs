//! A demo consortium: an authority and five members whose keys are public, so that a newcomer can play every role.
//!
//! Its seeds are random and lie in the data folder. A folder that holds a real consortium's ledger is refused.

use crate::{
    admission::{self, AdmissionError},
    vin,
};
use carnet_crypto::{member::MemberKeys, secret::Secret};
use carnet_ledger_embedded::EmbeddedLedger;
use carnet_protocol::{
    Blob,
    api::body::{DemoMember, DemoMembers},
    day::Timestamp,
    encoding,
    member::{Member, MemberClass},
};
use carnet_vin_tag::Evaluator;
use serde::{Deserialize, Serialize};
use std::{fs, path::Path};

/// File of the seeds below the data folder.
const SEEDS_FILE: &str = "demo-seeds.cbor";

/// Names, classes and base quality indices; `(demo)` keeps anybody from taking them for real.
const MEMBERS: [(&str, MemberClass, u8); 5] = [
    ("Demo Motors", MemberClass::Manufacturer, 95),
    ("Garage du Parc (demo)", MemberClass::Garage, 80),
    ("Lakeside Insurance (demo)", MemberClass::Insurer, 70),
    ("Harbour Bank (demo)", MemberClass::Bank, 60),
    ("Vauban Experts (demo)", MemberClass::Expert, 90),
];

/// Why there is no demo.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The data folder belongs to a real consortium.
    #[error("this data folder holds the ledger of a real consortium: start without --demo, or name another --data-dir")]
    RealLedger,
    /// The seeds cannot be read or written.
    #[error("the demo's keys cannot be kept in the data folder: {0}")]
    Seeds(#[from] std::io::Error),
    /// The file of the seeds is damaged.
    #[error("the demo's keys are damaged: move the data folder away to begin anew")]
    Damaged,
    /// The ledger did not take a member.
    #[error(transparent)]
    Admission(#[from] AdmissionError),
}

#[derive(Serialize, Deserialize)]
struct Seeds {
    authority: Blob,
    members: Vec<Blob>,
}

/// Makes the demo consortium, or completes and finds the one made before.
///
/// # Errors
/// [`DemoError`].
pub fn set_up(folder: &Path, ledger: &EmbeddedLedger, now: Timestamp) -> Result<(DemoMembers, Evaluator), DemoError> {
    let seeds = match seeds(&folder.join(SEEDS_FILE))? {
        Some(seeds) => completed(&folder.join(SEEDS_FILE), seeds)?,
        None if admission::has_genesis(ledger)? => return Err(DemoError::RealLedger),
        None => make_seeds(&folder.join(SEEDS_FILE))?,
    };
    let authority = keys(&seeds.authority)?.sign;
    admission::make_ledger(ledger, &authority, "Carnet demo consortium", now)?;
    let mut members = Vec::with_capacity(MEMBERS.len());
    for ((name, class, base_quality), seed) in MEMBERS.into_iter().zip(seeds.members) {
        let keys = keys(&seed)?;
        let (sign, seal) = (keys.sign.verifying_key(), keys.seal.public());
        let member = Member { sign, seal, name: name.to_owned(), class, base_quality };
        admission::admit(ledger, &authority, &member, now)?;
        members.push(DemoMember { member, seed });
    }
    let evaluator = vin::evaluator(&folder.join(vin::DEMO_KEY_FILE), true)?;
    vin::publish(ledger, &authority, &evaluator, now)?;
    Ok((DemoMembers { members }, evaluator))
}

fn keys(seed: &Blob) -> Result<MemberKeys, DemoError> {
    Ok(MemberKeys::from_seed(&Secret::from_slice(seed).map_err(|_| DemoError::Damaged)?))
}

fn seeds(file: &Path) -> Result<Option<Seeds>, DemoError> {
    match fs::read(file) {
        Ok(bytes) => encoding::decode(&bytes).map(Some).map_err(|_| DemoError::Damaged),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// A demo that was made when it had fewer members gets the others as well.
fn completed(file: &Path, mut seeds: Seeds) -> Result<Seeds, DemoError> {
    if seeds.members.len() < MEMBERS.len() {
        while seeds.members.len() < MEMBERS.len() {
            seeds.members.push(admission::random_seed()?);
        }
        let complete = file.with_extension("cbor.new");
        // Left behind by a start that broke off.
        let _ = fs::remove_file(&complete);
        admission::write_private(&complete, &encoding::encode(&seeds))?;
        fs::rename(&complete, file)?;
    }
    Ok(seeds)
}

/// Written before the ledger is made, so that a start that breaks off is completed by the next.
fn make_seeds(file: &Path) -> Result<Seeds, DemoError> {
    let members = MEMBERS.iter().map(|_| admission::random_seed()).collect::<Result<_, _>>()?;
    let seeds = Seeds { authority: admission::random_seed()?, members };
    admission::write_private(file, &encoding::encode(&seeds))?;
    Ok(seeds)
}
