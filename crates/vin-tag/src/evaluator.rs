//! The consortium's side.

use crate::{Suite, VinTagError, randomness::Older};
use carnet_crypto::secret::Secret;
use carnet_protocol::{
    domain::Domain,
    key::VinKey,
    vin::{EvaluatedVin, VinAnswer, VinProof, VinQuestion},
};
use rand_core::CryptoRng;
use voprf::{BlindedElement, Group as _, VoprfServer};

/// Holds the key. Whoever has it can try VINs without limit, so it is the consortium's best kept secret.
pub struct Evaluator(VoprfServer<Suite>);

impl Evaluator {
    /// The key of a seed (`DeriveKeyPair` of RFC 9497 with the label as its info).
    ///
    /// # Errors
    /// [`VinTagError::Malformed`] for a seed that gives no key; chance of any: 2^-252 to the power of 256.
    pub fn from_seed(seed: &Secret<32>) -> Result<Self, VinTagError> {
        Self::of_seed(seed.expose(), Domain::DERIVE_VIN_KEY.as_bytes())
    }

    pub(crate) fn of_seed(seed: &[u8], info: &[u8]) -> Result<Self, VinTagError> {
        VoprfServer::new_from_seed(seed, info).map(Self).map_err(|_| VinTagError::Malformed)
    }

    /// The public half, to be named on the ledger.
    pub fn key(&self) -> VinKey {
        VinKey(Suite::serialize_elem(self.0.get_public_key()).into())
    }

    /// Evaluates a blinded VIN. Every question takes the same work and gets an answer of the same form: nothing is known
    /// here of any VIN.
    ///
    /// # Errors
    /// [`VinTagError::Malformed`].
    pub fn evaluate(&self, question: &VinQuestion, rng: &mut impl CryptoRng) -> Result<VinAnswer, VinTagError> {
        let blinded = BlindedElement::deserialize(question.blinded.as_bytes()).map_err(|_| VinTagError::Malformed)?;
        let evaluated = self.0.blind_evaluate(&mut Older(rng), &blinded);
        Ok(VinAnswer {
            evaluated: EvaluatedVin(evaluated.message.serialize().into()),
            proof: VinProof(evaluated.proof.serialize().into()),
        })
    }
}

impl core::fmt::Debug for Evaluator {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Evaluator(..)")
    }
}
