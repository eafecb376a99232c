//! The map on disk, in versions: an update makes new nodes along the ways to what it changes and keeps the old ones, so
//! that proofs can be had for a checkpoint that readers hold while the next is being cosigned.

use super::file::{MAP, ROOTS, STALE};
use crate::error::BooksError;
use carnet_proofs::map::{EMPTY, bit, branch_hash, entry_hash};
use carnet_protocol::{
    Blob, encoding,
    id::Hash32,
    proof::{MapEntry, MapProof},
};
use redb::{ReadTransaction, ReadableTable, Table, WriteTransaction};
use serde::{Deserialize, Serialize};

/// A node as its parent knows it. Carrying the hash, a way down reads one node per level and no siblings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Reference {
    id: u64,
    hash: Hash32,
}

/// A node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
enum Node {
    Branch(Option<Reference>, Option<Reference>),
    Entry(MapEntry, Blob),
}

/// A new value: its key, the hash that stands in the tree, and what that is the hash of.
pub(crate) struct Update {
    pub entry: MapEntry,
    pub content: Vec<u8>,
}

/// What a key leads to.
pub(crate) struct Found {
    pub proof: MapProof,
    /// What the value is the hash of, when the key is there.
    pub content: Option<Vec<u8>>,
}

fn hash_of(half: Option<Reference>) -> Hash32 {
    half.map_or(EMPTY, |reference| reference.hash)
}

/// The map inside a write transaction.
pub(crate) struct Map<'txn> {
    nodes: Table<'txn, u64, &'static [u8]>,
    roots: Table<'txn, u64, &'static [u8]>,
    stale: Table<'txn, (u64, u64), ()>,
    next: u64,
}

impl<'txn> Map<'txn> {
    pub(crate) fn begin(write: &'txn WriteTransaction) -> Result<Self, BooksError> {
        let nodes = write.open_table(MAP)?;
        // The newest node is never stale before there is a newer one.
        let next = nodes.last()?.map_or(0, |(id, _)| id.value() + 1);
        Ok(Self { nodes, roots: write.open_table(ROOTS)?, stale: write.open_table(STALE)?, next })
    }

    /// Makes the version after `size` transactions out of the newest one. Of two updates of a key the last counts.
    pub(crate) fn update(&mut self, size: u64, mut updates: Vec<Update>) -> Result<Hash32, BooksError> {
        let root = match self.roots.last()? {
            Some((_, root)) => decode::<Option<Reference>>(root.value())?,
            None => None,
        };
        updates.reverse();
        updates.sort_by_key(|update| update.entry.key);
        updates.dedup_by_key(|update| update.entry.key);
        let root = self.put(root, 0, updates, size)?;
        self.roots.insert(size, encoding::encode(&root).as_slice())?;
        Ok(hash_of(root))
    }

    fn put(
        &mut self,
        half: Option<Reference>,
        depth: usize,
        mut updates: Vec<Update>,
        size: u64,
    ) -> Result<Option<Reference>, BooksError> {
        let Some(old) = half.filter(|_| !updates.is_empty()) else {
            return if updates.is_empty() { Ok(half) } else { self.build(depth, updates) };
        };
        let node = decode(self.nodes.get(old.id)?.ok_or(BooksError::Damaged("node of the map"))?.value())?;
        self.stale.insert((size, old.id), ())?;
        match node {
            Node::Entry(entry, content) => {
                if updates.iter().all(|update| update.entry.key != entry.key) {
                    updates.push(Update { entry, content: content.0 });
                }
                self.build(depth, updates)
            }
            Node::Branch(left, right) => {
                let (for_right, for_left) = updates.into_iter().partition(|update| bit(&update.entry.key, depth));
                let left = self.put(left, depth + 1, for_left, size)?;
                let right = self.put(right, depth + 1, for_right, size)?;
                self.branch(left, right).map(Some)
            }
        }
    }

    /// A part of the map that has these entries and no others.
    fn build(&mut self, depth: usize, mut updates: Vec<Update>) -> Result<Option<Reference>, BooksError> {
        if updates.len() > 1 {
            let (for_right, for_left) = updates.into_iter().partition(|update| bit(&update.entry.key, depth));
            let (left, right) = (self.build(depth + 1, for_left)?, self.build(depth + 1, for_right)?);
            return self.branch(left, right).map(Some);
        }
        let Some(Update { entry, content }) = updates.pop() else { return Ok(None) };
        self.make(entry_hash(&entry), &Node::Entry(entry, Blob(content))).map(Some)
    }

    fn branch(&mut self, left: Option<Reference>, right: Option<Reference>) -> Result<Reference, BooksError> {
        self.make(branch_hash(&hash_of(left), &hash_of(right)), &Node::Branch(left, right))
    }

    fn make(&mut self, hash: Hash32, node: &Node) -> Result<Reference, BooksError> {
        let id = self.next;
        self.next += 1;
        self.nodes.insert(id, encoding::encode(node).as_slice())?;
        Ok(Reference { id, hash })
    }

    /// Gives up all versions but those of these sizes and the newest, and the nodes that none of the kept needs.
    pub(crate) fn keep(&mut self, sizes: &[u64]) -> Result<(), BooksError> {
        let newest = self.roots.last()?.map_or(0, |(size, _)| size.value());
        self.roots.retain(|size, _| size == newest || sizes.contains(&size))?;
        let oldest = self.roots.first()?.map_or(0, |(size, _)| size.value());
        let mut useless = Vec::new();
        for entry in self.stale.range(..=(oldest, u64::MAX))? {
            useless.push(entry?.0.value());
        }
        for (size, id) in useless {
            self.nodes.remove(id)?;
            self.stale.remove((size, id))?;
        }
        Ok(())
    }
}

impl Map<'_> {
    /// What a key leads to in the version after `size` transactions; `None` when there is no such version.
    pub(crate) fn find(read: &ReadTransaction, size: u64, key: &Hash32) -> Result<Option<Found>, BooksError> {
        let (nodes, roots) = (read.open_table(MAP)?, read.open_table(ROOTS)?);
        let Some(root) = roots.get(size)? else { return Ok(None) };
        let mut here: Option<Reference> = decode(root.value())?;
        let mut siblings = Vec::new();
        while let Some(reference) = here {
            match decode(nodes.get(reference.id)?.ok_or(BooksError::Damaged("node of the map"))?.value())? {
                Node::Branch(left, right) => {
                    let (way, other) = if bit(key, siblings.len()) { (right, left) } else { (left, right) };
                    siblings.push(hash_of(other));
                    here = way;
                }
                Node::Entry(entry, content) => {
                    let content = (entry.key == *key).then_some(content.0);
                    return Ok(Some(Found { proof: MapProof { entry: Some(entry), siblings }, content }));
                }
            }
        }
        Ok(Some(Found { proof: MapProof { entry: None, siblings }, content: None }))
    }
}

fn decode<T: Serialize + serde::de::DeserializeOwned>(bytes: &[u8]) -> Result<T, BooksError> {
    encoding::decode(bytes).map_err(|_| BooksError::Damaged("node of the map"))
}
