//! Lies about the ledger: leaves, members, keyrings, and who it is.

use super::{change, flip};
use crate::{Asked, Heard, Lie};
use carnet_crypto::{secret::Secret, signature::SigningKey};
use carnet_protocol::{
    api::{
        body::{LeafPage, RelayInfo, StoredKeyring},
        path,
    },
    device::{DeviceChange, DeviceEntry, DeviceKeys},
    encoding,
    id::{Hash32, RecordId},
    key::VerifyingKey,
    ledger::{Leaf, MemberDirectory},
};

pub(super) fn tell(lie: Lie, asked: &Asked, honest: &[u8], heard: &Heard) -> Option<Vec<u8>> {
    match lie {
        Lie::LedgerSwapped => change(honest, |info: &mut RelayInfo| {
            info.ledger = Hash32([1; 32]);
            Some(())
        }),
        Lie::TrailingByte => Some([honest, &[0]].concat()),
        Lie::MemberLeftOut | Lie::MemberSwapped | Lie::MemberInvented | Lie::GenesisSwapped => {
            change(honest, |directory| members(lie, directory))
        }
        Lie::LeavesOfAnotherCar => heard.first(path::LEAVES, |other, body| {
            let shorter = encoding::decode::<LeafPage>(body).is_ok_and(|page| !page.leaves.is_empty());
            other.path.split('?').next() != asked.path.split('?').next() && shorter
        }),
        Lie::LeafPagesInACircle => change(honest, |page: &mut LeafPage| {
            page.next = Some(0);
            Some(())
        }),
        Lie::KeyringOld if asked.method == "GET" => heard.first(path::KEYRING, |other, body| {
            other.method == "GET" && other.path == asked.path && version(body) < version(honest)
        }),
        Lie::KeyringSwapped if asked.method == "GET" => {
            heard.first(path::KEYRING, |other, _| other.method == "GET" && other.path != asked.path)
        }
        Lie::KeyringForged if asked.method == "GET" => change(honest, |keyring: &mut StoredKeyring| {
            keyring.version += 1;
            flip(&mut keyring.sealed.0)
        }),
        Lie::DeviceLeftOut | Lie::DeviceInvented | Lie::WrapsExchanged if asked.method == "GET" => {
            change(honest, |keyring: &mut StoredKeyring| devices(lie, keyring))
        }
        _ => change(honest, |page: &mut LeafPage| leaves(lie, &mut page.leaves)),
    }
}

/// Changes the list of devices, in what is said to be a newer version.
fn devices(lie: Lie, keyring: &mut StoredKeyring) -> Option<()> {
    keyring.version += 1;
    match lie {
        Lie::DeviceLeftOut => drop(keyring.devices.pop()?),
        Lie::DeviceInvented => {
            let ours = SigningKey::from_seed(&Secret::from_slice(&[9; 32]).ok()?);
            let last: DeviceEntry = encoding::decode(&keyring.devices.last()?.body).ok()?;
            let keys = DeviceKeys { sign: ours.verifying_key(), seal: keyring.wraps.first()?.to };
            let (sequence, change) = (last.sequence + 1, DeviceChange::Add { device: keys });
            keyring.devices.push(ours.sign(&DeviceEntry { sequence, change, ..last }));
        }
        Lie::WrapsExchanged => {
            let [first, second, ..] = keyring.wraps.as_mut_slice() else { return None };
            (first.to, second.to) = (second.to, first.to);
        }
        _ => return None,
    }
    Some(())
}

fn version(keyring: &[u8]) -> Option<u64> {
    encoding::decode::<StoredKeyring>(keyring).ok().map(|keyring| keyring.version)
}

/// Changes leaves, where there are enough for that.
fn leaves(lie: Lie, leaves: &mut Vec<Leaf>) -> Option<()> {
    let count = leaves.len();
    if count < 3 {
        return None;
    }
    match lie {
        Lie::LeafDropped => drop(leaves.pop()),
        Lie::LeafDroppedAndClosedUp => {
            leaves.remove(0);
            leaves.iter_mut().for_each(|leaf| leaf.index -= 1);
        }
        Lie::LeavesReordered => leaves.swap(0, 1),
        Lie::LeafDuplicated => leaves[1] = leaves[0],
        Lie::LeafAltered => leaves[0].entry.commitment = Hash32([7; 32]),
        Lie::LeafOfAnotherSource => leaves[0].source = VerifyingKey([3; 32]),
        Lie::LeafRequalified => leaves[0].base_quality ^= 64,
        Lie::LeafBeyondNumbers => leaves[1].index = u64::MAX,
        Lie::LeafShadowed => {
            leaves.push(Leaf { index: leaves[count - 1].index + 1, withdrawn: true, ..leaves[0] });
        }
        Lie::LeafInvented => {
            let mut leaf = Leaf { index: leaves[count - 1].index + 1, ..leaves[0] };
            (leaf.entry.record, leaf.entry.commitment) = (RecordId([8; 16]), Hash32([8; 32]));
            leaves.push(leaf);
        }
        Lie::LeafWithdrawnFalsely => leaves[0].withdrawn = true,
        Lie::WithdrawalHidden => leaves.iter_mut().for_each(|leaf| leaf.withdrawn = false),
        _ => return None,
    }
    Some(())
}

fn members(lie: Lie, directory: &mut MemberDirectory) -> Option<()> {
    let first = directory.admissions.first()?.clone();
    match lie {
        Lie::MemberLeftOut => drop(directory.admissions.pop()),
        Lie::MemberSwapped => flip(&mut directory.admissions[0].body.0)?,
        Lie::MemberInvented => {
            let mut made_up = first;
            flip(&mut made_up.body.0)?;
            directory.admissions.push(made_up);
        }
        Lie::GenesisSwapped => directory.genesis = first,
        _ => return None,
    }
    Some(())
}
