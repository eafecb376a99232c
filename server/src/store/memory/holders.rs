//! Invitations and bundles in memory.

use super::MemoryTables;
use crate::store::{HolderTable, InvitationRow, StoreError};
use carnet_protocol::{
    holder::{BundleEnvelope, Join},
    id::StreamId,
    key::VerifyingKey,
    signed::Signed,
};

impl HolderTable for MemoryTables {
    fn invitation(&self, key: VerifyingKey) -> Result<Option<InvitationRow>, StoreError> {
        Ok(self.invitations.get(&key).cloned())
    }

    fn invitations_of(&self, stream: StreamId) -> Result<Vec<InvitationRow>, StoreError> {
        let of_stream = self.invitations.values().filter(|row| row.invitation.stream == stream);
        Ok(of_stream.cloned().collect())
    }

    fn insert_invitation(&mut self, row: &InvitationRow) -> Result<(), StoreError> {
        self.invitations.insert(row.invitation.key, row.clone());
        Ok(())
    }

    fn set_join(&mut self, key: VerifyingKey, join: &Signed<Join>) -> Result<(), StoreError> {
        if let Some(row) = self.invitations.get_mut(&key) {
            row.join = Some(join.clone());
        }
        Ok(())
    }

    fn delete_invitation(&mut self, key: VerifyingKey) -> Result<(), StoreError> {
        self.invitations.remove(&key);
        Ok(())
    }

    fn bundle(&self, stream: StreamId, holder: VerifyingKey) -> Result<Option<(u64, BundleEnvelope)>, StoreError> {
        Ok(self.bundles.get(&(stream, holder)).cloned())
    }

    fn bundles_of(&self, stream: StreamId) -> Result<u64, StoreError> {
        Ok(self.bundles.keys().filter(|(of, _)| *of == stream).count() as u64)
    }

    fn put_bundle(
        &mut self,
        stream: StreamId,
        holder: VerifyingKey,
        version: u64,
        envelope: &BundleEnvelope,
    ) -> Result<(), StoreError> {
        self.bundles.insert((stream, holder), (version, envelope.clone()));
        Ok(())
    }

    fn delete_bundle(&mut self, stream: StreamId, holder: VerifyingKey) -> Result<(), StoreError> {
        self.bundles.remove(&(stream, holder));
        Ok(())
    }
}
