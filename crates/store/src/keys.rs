//! The keys by which records are recognised again: an index of hashes for upserts and duplicates.

use std::collections::{BTreeSet, HashMap};

use sha2::{Digest, Sha256};
use tokio_postgres::types::Type;
use uuid::Uuid;

use crate::error::Error;
use crate::query::RecordKeys;
use crate::sql::{Val, system_table};
use crate::tx::Tx;

/// Portable DDL. `key_set` keeps the hashes of each record, so that they can be replaced without an index by record.
pub(crate) const DDL: &[&str] = &[
    "CREATE TABLE IF NOT EXISTS {key} (hash BIGINT NOT NULL, record {id} NOT NULL, PRIMARY KEY (hash, record)) {clustered}",
    "CREATE TABLE IF NOT EXISTS {key_set} (record {id} NOT NULL PRIMARY KEY, hashes {bytes} NOT NULL) {clustered}",
];

/// 64 bits of a SHA-256 over object and key.
fn hash_of(object: &str, key: &str) -> i64 {
    let digest = Sha256::new().chain_update(object).chain_update([0]).chain_update(key).finalize();
    let mut first = [0; 8];
    first.iter_mut().zip(digest).for_each(|(to, from)| *to = from);
    i64::from_be_bytes(first)
}

fn unpack(bytes: &[u8]) -> BTreeSet<i64> {
    bytes.chunks_exact(8).filter_map(|chunk| chunk.try_into().ok()).map(i64::from_be_bytes).collect()
}

impl Tx {
    /// Keeps the keys by which records are recognised again; an empty list removes them.
    pub fn set_keys(&mut self, keys: &[RecordKeys]) -> Result<(), Error> {
        let wanted: HashMap<Uuid, BTreeSet<i64>> = keys
            .iter()
            .map(|keys| (keys.record, keys.keys.iter().map(|key| hash_of(&keys.object, key)).collect()))
            .collect();
        let before: Vec<Uuid> = keys.iter().filter(|keys| !keys.fresh).map(|keys| keys.record).collect();
        let known = self.known_key_sets(before)?;
        let (mut gone, mut new, mut sets, mut replaced) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for (record, hashes) in &wanted {
            let old = known.get(record);
            if old == Some(hashes) || (old.is_none() && hashes.is_empty()) {
                continue;
            }
            let none = BTreeSet::new();
            let before = old.unwrap_or(&none);
            gone.extend(before.difference(hashes).map(|hash| (*hash, *record)));
            new.extend(hashes.difference(before).map(|hash| (*hash, *record)));
            if old.is_some() {
                replaced.push(*record);
            }
            if !hashes.is_empty() {
                sets.push((*record, hashes.iter().flat_map(|hash| hash.to_be_bytes()).collect::<Vec<u8>>()));
            }
        }
        // In the order of the index, so that neighbours are written together.
        new.sort_unstable();
        sets.sort_unstable();
        for (hash, record) in gone {
            self.execute("DELETE FROM {key} WHERE hash = ? AND record = ?", &[Val::Int(hash), Val::Id(record)])?;
        }
        if !replaced.is_empty() {
            let mut sql = self.writer();
            sql.push("DELETE FROM ").table(&system_table("key_set")).push(" WHERE record").in_list(Val::Ids(replaced));
            self.run(&sql.text, &sql.params)?;
        }
        let columns = [("hash".into(), Type::INT8), ("record".into(), Type::UUID)];
        let mut rows = new.iter().map(|(hash, record)| vec![Val::Int(*hash), Val::Id(*record)]);
        self.insert_rows(&system_table("key"), &columns, new.len(), &mut rows)?;
        let columns = [("record".into(), Type::UUID), ("hashes".into(), Type::BYTEA)];
        let count = sets.len();
        let mut rows = sets.into_iter().map(|(record, hashes)| vec![Val::Id(record), Val::Bytes(hashes)]);
        self.insert_rows(&system_table("key_set"), &columns, count, &mut rows)
    }

    fn known_key_sets(&mut self, records: Vec<Uuid>) -> Result<HashMap<Uuid, BTreeSet<i64>>, Error> {
        if records.is_empty() {
            return Ok(HashMap::new());
        }
        let mut sql = self.writer();
        sql.push("SELECT record, hashes FROM ").table(&system_table("key_set")).push(" WHERE record");
        sql.in_list(Val::Ids(records));
        let mut known = HashMap::new();
        self.each(&sql.text, &sql.params, &mut |row| {
            if let crate::cell::Cell::Bytes(bytes) = row.cell(1)? {
                known.insert(row.id(0)?, unpack(bytes));
            }
            Ok(())
        })?;
        Ok(known)
    }

    /// Records that have one of the keys, at most `per_key_max` of each key.
    pub fn find_by_keys(
        &mut self,
        object: &str,
        keys: &[String],
        per_key_max: usize,
    ) -> Result<Vec<(String, Uuid)>, Error> {
        let most = Val::Int(i64::try_from(per_key_max).unwrap_or(i64::MAX));
        let mut found = Vec::new();
        if !self.is_postgres() {
            for key in keys {
                let params = [Val::Int(hash_of(object, key)), most.clone()];
                let records =
                    self.query_with("SELECT record FROM {key} WHERE hash = ? LIMIT ?", &params, |row| row.id(0))?;
                found.extend(records.into_iter().map(|record| (key.clone(), record)));
            }
            return Ok(found);
        }
        let mut by_hash: HashMap<i64, Vec<&String>> = HashMap::new();
        for key in keys {
            by_hash.entry(hash_of(object, key)).or_default().push(key);
        }
        let mut hashes: Vec<i64> = by_hash.keys().copied().collect();
        hashes.sort_unstable();
        let rows = self.query_with(
            "SELECT k.hash, r.record FROM unnest(?) AS k(hash) CROSS JOIN LATERAL \
             (SELECT o.record FROM {key} o WHERE o.hash = k.hash ORDER BY o.record LIMIT ?) r ORDER BY 1, 2",
            &[Val::Ints(hashes), most],
            |row| Ok((row.int(0)?, row.id(1)?)),
        )?;
        for (hash, record) in rows {
            found.extend(by_hash.get(&hash).into_iter().flatten().map(|key| ((*key).clone(), record)));
        }
        Ok(found)
    }
}
