//! Joins two keyrings of the same words that were changed on two devices.
//!
//! Nothing that either side holds is lost: secrets are united by the identifiers they belong to, a share taken back on
//! one side is taken back, and a new generation on either side stays.

use super::{Keyring, VehicleKeys};
use core::mem;

impl Keyring {
    /// Takes over what `other` has and this has not.
    pub fn merge(&mut self, mut other: Keyring) {
        self.ledger = self.ledger.or(other.ledger);
        // Which of the two is newer is for the caller to find out, who can ask what joins them.
        self.checkpoint = self.checkpoint.take().or(other.checkpoint.take());
        self.staff = self.staff.take().or(other.staff.take());
        self.forgotten.append(&mut other.forgotten);
        self.forgotten.sort();
        self.forgotten.dedup();
        for saved in other.saved {
            if self.saved(saved.grant).is_none() {
                self.saved.push(saved);
            }
        }
        let forgotten = mem::take(&mut self.forgotten);
        self.saved.retain(|saved| !forgotten.contains(&saved.grant));
        self.forgotten = forgotten;
        for vehicle in other.vehicles {
            match self.vehicle_mut(vehicle.stream) {
                Ok(ours) => ours.merge(vehicle),
                Err(_) => self.vehicles.push(vehicle),
            }
        }
        self.vehicles.sort_by_key(|vehicle| (vehicle.added_at, vehicle.stream));
    }
}

impl VehicleKeys {
    fn merge(&mut self, mut other: VehicleKeys) {
        for theirs in other.categories_mut() {
            let Some(ours) = self.categories_mut().iter_mut().find(|keys| keys.category == theirs.category) else {
                continue;
            };
            // Where both sides started a generation, both roots stay; opening one's own records tries them all.
            for root in theirs.roots_mut().drain(..) {
                if !ours.roots_mut().contains(&root) {
                    ours.roots_mut().push(root);
                }
            }
        }
        for share in other.shares {
            match self.share_mut(share.grant) {
                Ok(ours) => ours.revoked_at = ours.revoked_at.or(share.revoked_at),
                Err(_) => self.shares.push(share),
            }
        }
        self.shares.sort_by_key(|share| (share.issued_at, share.grant));
        for import in other.imports {
            match self.imports.iter_mut().find(|ours| ours.import == import.import) {
                Some(ours) => ours.undone |= import.undone,
                None => self.imports.push(import),
            }
        }
        self.imports.sort_by_key(|import| (import.at, import.import));
    }
}
