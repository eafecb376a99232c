//! The member's side: blind, send, check, finish.

use crate::{Suite, Vin, VinTagError, randomness::Older};
use carnet_crypto::hash;
use carnet_protocol::{
    domain::Domain,
    id::VinTag,
    key::VinKey,
    vin::{BlindedVin, VinAnswer, VinQuestion},
};
use rand_core::CryptoRng;
use voprf::{EvaluationElement, Group as _, Proof, VoprfClient};

/// A blinded VIN, waiting for its answer. Good for one question.
pub struct Blinded {
    input: Vec<u8>,
    client: VoprfClient<Suite>,
    question: VinQuestion,
}

impl Blinded {
    /// Blinds a VIN: the question says nothing of it, and no two questions are alike.
    ///
    /// # Errors
    /// [`VinTagError::NotAVin`] for one that cannot be evaluated; chance of any: 2^-252.
    pub fn new(vin: &Vin, rng: &mut impl CryptoRng) -> Result<Self, VinTagError> {
        Self::of_input(vin.input(), rng)
    }

    fn of_input(input: Vec<u8>, rng: &mut impl CryptoRng) -> Result<Self, VinTagError> {
        let blinded = VoprfClient::<Suite>::blind(&input, &mut Older(rng)).map_err(|_| VinTagError::NotAVin)?;
        let question = VinQuestion { blinded: BlindedVin(blinded.message.serialize().into()) };
        Ok(Self { input, client: blinded.state, question })
    }

    /// What to send.
    pub fn question(&self) -> VinQuestion {
        self.question
    }

    /// Checks the answer against the key that the ledger names, and finishes it to the tag.
    ///
    /// # Errors
    /// [`VinTagError::Malformed`], [`VinTagError::Proof`].
    pub fn finish(self, answer: &VinAnswer, key: &VinKey) -> Result<VinTag, VinTagError> {
        let output = self.output(answer, key)?;
        Ok(hash::digest(Domain::HASH_VIN_TAG, &output)).map(|hash| VinTag(hash.0))
    }

    /// The function's value: 64 bytes.
    fn output(self, answer: &VinAnswer, key: &VinKey) -> Result<Vec<u8>, VinTagError> {
        let malformed = |_| VinTagError::Malformed;
        let element = EvaluationElement::<Suite>::deserialize(answer.evaluated.as_bytes()).map_err(malformed)?;
        let proof = Proof::<Suite>::deserialize(answer.proof.as_bytes()).map_err(malformed)?;
        // Refuses the neutral point and second encodings of others.
        let key = Suite::deserialize_elem(key.as_bytes()).map_err(malformed)?;
        let output = self.client.finalize(&self.input, &element, &proof, key).map_err(|_| VinTagError::Proof)?;
        Ok(output.to_vec())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::Evaluator;
    use carnet_protocol::vin::{EvaluatedVin, VinProof};
    use core::convert::Infallible;
    use rand_core::{TryCryptoRng, TryRng};
    use std::collections::BTreeMap;

    /// Gives what the vectors say was drawn, as the low half of the 64 bytes that a random scalar is reduced from.
    struct Drawn(Vec<u8>);

    impl TryRng for Drawn {
        type Error = Infallible;
        fn try_next_u32(&mut self) -> Result<u32, Infallible> {
            unreachable!("scalars are drawn as bytes")
        }
        fn try_next_u64(&mut self) -> Result<u64, Infallible> {
            unreachable!("scalars are drawn as bytes")
        }
        fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
            out.fill(0);
            out[..self.0.len()].copy_from_slice(&self.0);
            Ok(())
        }
    }
    impl TryCryptoRng for Drawn {}

    type Vector = BTreeMap<&'static str, Vec<u8>>;

    /// RFC 9497, appendix A.1.2, test vectors 1 and 2: `name = hexadecimal` lines, a blank one between two vectors.
    fn vectors() -> Vec<Vector> {
        let text = include_str!("../tests/vectors/rfc9497_ristretto255_sha512_voprf.txt");
        let parts = text.split("\n\n").filter(|part| part.contains(" = "));
        let line =
            |line: &'static str| line.split_once(" = ").map(|(name, hex)| (name, hex::decode(hex.trim()).unwrap()));
        parts.map(|part| part.lines().filter_map(line).collect()).collect()
    }

    fn array<const N: usize>(bytes: &[u8]) -> [u8; N] {
        bytes.try_into().unwrap()
    }

    fn blinded(vector: &Vector) -> Blinded {
        Blinded::of_input(vector["Input"].clone(), &mut Drawn(vector["Blind"].clone())).unwrap()
    }

    fn answer(vector: &Vector) -> VinAnswer {
        let evaluated = EvaluatedVin(array(&vector["EvaluationElement"]));
        VinAnswer { evaluated, proof: VinProof(array(&vector["Proof"])) }
    }

    #[test]
    fn published_vectors_come_out() {
        let vectors = vectors();
        assert_eq!(vectors.len(), 2);
        for vector in &vectors {
            let evaluator = Evaluator::of_seed(&vector["Seed"], &vector["KeyInfo"]).unwrap();
            assert_eq!(evaluator.key().as_bytes()[..], vector["pkSm"]);
            let question = blinded(vector).question();
            assert_eq!(question.blinded.as_bytes()[..], vector["BlindedElement"]);
            let drawn = &mut Drawn(vector["ProofRandomScalar"].clone());
            assert_eq!(evaluator.evaluate(&question, drawn), Ok(answer(vector)));
            assert_eq!(blinded(vector).output(&answer(vector), &evaluator.key()), Ok(vector["Output"].clone()));
        }
    }

    #[test]
    fn a_changed_vector_fails() {
        let [one, two] = vectors().try_into().unwrap();
        let key = VinKey(array(&one["pkSm"]));
        let swapped = VinAnswer { proof: answer(&two).proof, ..answer(&one) };
        assert_eq!(blinded(&one).output(&swapped, &key), Err(VinTagError::Proof));
        assert_eq!(blinded(&one).output(&answer(&two), &key), Err(VinTagError::Proof));
        let other = VinKey(array(&one["EvaluationElement"]));
        assert_eq!(blinded(&one).output(&answer(&one), &other), Err(VinTagError::Proof));
        for bit in 0..64 * 8 {
            let mut proof = answer(&one).proof;
            proof.0[bit / 8] ^= 1 << (bit % 8);
            let changed = VinAnswer { proof, ..answer(&one) };
            assert!(blinded(&one).output(&changed, &key).is_err(), "bit {bit}");
        }
        // The neutral point, and a number that is no point.
        for bytes in [[0; 32], [0xff; 32]] {
            let bad = VinAnswer { evaluated: EvaluatedVin(bytes), ..answer(&one) };
            assert_eq!(blinded(&one).output(&bad, &key), Err(VinTagError::Malformed));
            assert_eq!(blinded(&one).output(&answer(&one), &VinKey(bytes)), Err(VinTagError::Malformed));
        }
    }
}
