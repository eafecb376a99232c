//! Lies about checkpoints and what they prove.

use super::{change, flip};
use crate::{
    Asked, Heard, Lie,
    forge::{checkpoint, is_cosignature, signed_anew, with_lines},
};
use carnet_protocol::{
    api::path,
    encoding,
    id::{Hash32, StreamId},
    key::VerifyingKey,
    proof::{ConsistencyProof, DirectoryProof, ProofRequest, StreamProof},
};

/// 25 hours.
const LONG_AGO_MS: u64 = 25 * 60 * 60 * 1_000;

pub(super) fn tell(lie: Lie, asked: &Asked, honest: &[u8], heard: &Heard) -> Option<Vec<u8>> {
    let stream = |asked: &Asked| encoding::decode::<ProofRequest>(&asked.body).ok().map(|request| request.stream);
    match lie {
        Lie::ConsistencyWithheld => change(honest, |proof: &mut ConsistencyProof| {
            proof.hashes.clear();
            Some(())
        }),
        Lie::ProvedMemberLeftOut => {
            change(honest, |proof: &mut DirectoryProof| proof.directory.admissions.pop().map(drop))
        }
        Lie::DirectoryOfAFork => change(honest, |proof: &mut DirectoryProof| {
            proof.checkpoint = signed_anew(&proof.checkpoint, |said| said.log.root = Hash32([5; 32]), 0)?;
            Some(())
        }),
        Lie::ProofOfAnotherCar => {
            // As new as the honest one, or it would be a rollback.
            let (this, size) = (stream(asked)?, size(honest));
            heard.first(path::STREAM_PROOF, |other, body| {
                stream(other) != Some(this) && knows_it(body) && self::size(body) == size
            })
        }
        Lie::RolledBack => {
            let (this, size) = (stream(asked)?, size(honest)?);
            heard.first(path::STREAM_PROOF, |other, body| {
                stream(other) == Some(this) && knows_it(body) && self::size(body).is_some_and(|older| older < size)
            })
        }
        Lie::PassportNotYetOpened => {
            let this: StreamId = stream(asked)?;
            heard.first(path::STREAM_PROOF, |other, body| stream(other) == Some(this) && !knows_it(body))
        }
        _ => change(honest, |proof: &mut StreamProof| {
            alter(lie, proof).or_else(|| {
                proof.checkpoint = note(lie, &proof.checkpoint)?;
                Some(())
            })
        }),
    }
}

/// Whether a proof has a head.
fn knows_it(proof: &[u8]) -> bool {
    encoding::decode::<StreamProof>(proof).is_ok_and(|proof| proof.head.is_some())
}

fn size(proof: &[u8]) -> Option<u64> {
    let proof: StreamProof = encoding::decode(proof).ok()?;
    Some(checkpoint(&proof.checkpoint)?.log.count)
}

/// Changes what stands beside the checkpoint.
fn alter(lie: Lie, proof: &mut StreamProof) -> Option<()> {
    match lie {
        Lie::MapProofWrong => proof.map.siblings.first_mut()?.0[0] ^= 1,
        Lie::OwnerSwapped => proof.head.as_mut()?.owner = VerifyingKey([3; 32]),
        Lie::HeadShortened => proof.head.as_mut()?.records.count -= 1,
        Lie::HeadRedated => proof.head.as_mut()?.opened_at.0 -= 1,
        Lie::HeadDenied => proof.head = None,
        Lie::WithdrawalInvented => proof.withdrawn.push(0),
        Lie::WithdrawalsLeftOut => proof.withdrawn.clear(),
        _ => return None,
    }
    Some(())
}

/// Another checkpoint in the place of this one.
fn note(lie: Lie, honest: &str) -> Option<String> {
    let first_cosignature = |lines: &[carnet_proofs::note::NoteSignature]| lines.iter().position(is_cosignature);
    match lie {
        Lie::CheckpointGarbled => Some(honest.replacen("\nmap ", "\nmop ", 1)),
        Lie::LogRenamed => signed_anew(honest, |said| said.origin = "carnet.example/elsewhere".into(), 0),
        Lie::LogSignatureMissing => with_lines(honest, |lines| lines.retain(is_cosignature)),
        Lie::LogSignatureWrong => with_lines(honest, |lines| {
            lines.iter_mut().filter(|line| !is_cosignature(line)).for_each(|line| line.bytes[0] ^= 1);
        }),
        Lie::CosignaturesMissing | Lie::QuorumOfOneTwice => with_lines(honest, |lines| {
            let Some(one) = first_cosignature(lines).map(|at| lines[at].clone()) else { return };
            lines.retain(|line| !is_cosignature(line));
            let times = if lie == Lie::QuorumOfOneTwice { 2 } else { 1 };
            lines.extend(std::iter::repeat_n(one, times));
        }),
        Lie::CosignatureBorrowed => with_lines(honest, |lines| {
            let Some(bytes) = first_cosignature(lines).map(|at| lines[at].bytes.clone()) else { return };
            lines.iter_mut().filter(|line| is_cosignature(line)).for_each(|line| line.bytes.clone_from(&bytes));
        }),
        Lie::CosignatureWrong => with_lines(honest, |lines| {
            let Some(at) = first_cosignature(lines) else { return };
            let _flipped = flip(&mut lines[at].bytes);
        }),
        Lie::CosignaturesStale => signed_anew(honest, |_| {}, LONG_AGO_MS),
        Lie::CheckpointOfAnotherLedger => signed_anew(honest, |said| said.ledger = Hash32([1; 32]), 0),
        Lie::TwoRoots => signed_anew(honest, |said| said.log.root = Hash32([5; 32]), 0),
        Lie::TwoMaps => signed_anew(honest, |said| said.map = Hash32([5; 32]), 0),
        Lie::LogRewritten => signed_anew(
            honest,
            |said| {
                said.log.count += 1;
                said.log.root = Hash32([5; 32]);
            },
            0,
        ),
        _ => None,
    }
}
