//! The audit log: who did what, as a chain of hashes in which nothing can be changed, removed or put in unnoticed.
//!
//! `h(0) = SHA-256(chain id)`, `h(n) = SHA-256(h(n-1) ‖ SHA-256(entry n))`. An entry is canonical JSON: its members in
//! the order of their names, no spaces. It is built from the columns, so that nothing is kept twice. Entries of a
//! transaction are written just before its commit, under the lock of the one row that knows the head.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::cell::{Cell, RowRef};
use crate::error::{Error, failure};
use crate::sql::Val;
use crate::tx::Tx;

/// Portable DDL.
pub(crate) const DDL: &[&str] = &[
    "CREATE TABLE IF NOT EXISTS {audit} (idx {serial}, at BIGINT NOT NULL, kind {text} NOT NULL, \
     actor {text} NOT NULL, subject {text}, address {text}, details {text} NOT NULL, hash {bytes} NOT NULL)",
    "CREATE INDEX IF NOT EXISTS audit_by_kind ON {audit} (kind, idx)",
    "CREATE INDEX IF NOT EXISTS audit_by_actor ON {audit} (actor, idx)",
    "CREATE INDEX IF NOT EXISTS audit_by_time ON {audit} (at, idx)",
    "CREATE TABLE IF NOT EXISTS {audit_head} (id BIGINT PRIMARY KEY, chain {id} NOT NULL, idx BIGINT NOT NULL, \
     hash {bytes} NOT NULL)",
];

/// Entries read at once while the chain is checked.
const SLICE: i64 = 20_000;
/// Faults named; the first is what counts.
const FAULTS_MAX: usize = 100;

/// A hash of the chain.
pub type Hash = [u8; 32];

/// What is to be kept of something that happened.
#[derive(Debug, Clone, PartialEq)]
pub struct NewEntry {
    /// When, in microseconds since the epoch.
    pub at: i64,
    /// What: `login.ok`, `role.changed`.
    pub kind: String,
    /// Who: an actor's label.
    pub actor: String,
    /// To whom or what: `user:<id>`, an object's name.
    pub subject: Option<String>,
    /// From which address of the network.
    pub address: Option<String>,
    /// More: names and ids that may stay for ever, never values of people.
    pub details: Map<String, Json>,
}

/// An entry as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Its place in the chain, from 1.
    pub index: i64,
    /// What happened.
    pub what: NewEntry,
}

/// Where the chain ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// Which chain: made with the first entry.
    pub chain: Uuid,
    /// Index of the last entry.
    pub index: i64,
    /// Its hash.
    pub hash: Hash,
}

/// Which entries are wanted, newest first.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// A kind, or the first word of several: `login`.
    pub kind: Option<String>,
    /// An actor's label.
    pub actor: Option<String>,
    /// What the entries are about: `person:<id>`.
    pub subject: Option<String>,
    /// Not before.
    pub from: Option<i64>,
    /// Before.
    pub to: Option<i64>,
    /// Only entries before this index.
    pub before: Option<i64>,
    /// At most so many.
    pub limit: usize,
}

/// Something in the chain that is not as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// The entry.
    pub index: i64,
    /// In words.
    pub why: String,
}

/// What a walk along the chain found.
#[derive(Debug, Clone, Default)]
pub struct Walked {
    /// Entries that are there.
    pub entries: i64,
    /// When the oldest was written.
    pub oldest_at: Option<i64>,
    /// What is wrong, in the order of the chain.
    pub broken: Vec<Broken>,
}

fn digest(parts: &[&[u8]]) -> Hash {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part);
    }
    hasher.finalize().into()
}

fn hash_of(bytes: &[u8]) -> Result<Hash, Error> {
    bytes.try_into().map_err(|_| failure("a hash of the audit log has another length"))
}

fn quoted(text: &str) -> String {
    Json::String(text.to_owned()).to_string()
}

/// The canonical JSON of an entry from its columns.
fn canonical(index: i64, at: i64, texts: [&str; 2], maybe: [Option<&str>; 2], details: &str) -> String {
    let [kind, actor] = texts.map(quoted);
    let [subject, address] = maybe.map(|text| text.map_or_else(|| "null".to_owned(), quoted));
    format!(
        "{{\"actor\":{actor},\"address\":{address},\"at\":{at},\"details\":{details},\"index\":{index},\
         \"kind\":{kind},\"subject\":{subject}}}"
    )
}

/// JSON with the members of every object in the order of their names.
fn sorted(json: &Json) -> Json {
    match json {
        Json::Object(map) => {
            let mut names: Vec<&String> = map.keys().collect();
            names.sort_unstable();
            names.into_iter().map(|name| (name.clone(), map.get(name).map_or(Json::Null, sorted))).collect()
        }
        Json::Array(list) => list.iter().map(sorted).collect(),
        other => other.clone(),
    }
}

impl Tx {
    /// Keeps an entry when this transaction commits.
    pub fn audit(&mut self, entry: NewEntry) {
        self.note_written();
        self.later.audit.push(entry);
    }

    /// Appends what this transaction audits. The head's row is locked from here to the commit: one chain, one order.
    pub(crate) fn write_audit(&mut self, entries: Vec<NewEntry>) -> Result<(), Error> {
        if entries.is_empty() {
            return Ok(());
        }
        let chain = Uuid::now_v7();
        self.execute(
            "INSERT INTO {audit_head} (id, chain, idx, hash) VALUES (1, ?, 0, ?) ON CONFLICT (id) DO NOTHING",
            &[Val::Id(chain), Val::Bytes(digest(&[chain.as_bytes()]).to_vec())],
        )?;
        let count = i64::try_from(entries.len()).unwrap_or(i64::MAX);
        let rows =
            self.query("UPDATE {audit_head} SET idx = idx + ? WHERE id = 1 RETURNING idx, hash", &[Val::Int(count)])?;
        let row = rows.first().ok_or_else(|| failure("the audit log has no head"))?;
        let (mut index, mut hash) = (row.int(0)? - count, hash_of(&row.bytes(1)?)?);
        for entry in entries {
            index += 1;
            let details = sorted(&Json::Object(entry.details)).to_string();
            let maybe = [entry.subject.as_deref(), entry.address.as_deref()];
            let text = canonical(index, entry.at, [&entry.kind, &entry.actor], maybe, &details);
            hash = digest(&[&hash, &digest(&[text.as_bytes()])]);
            self.execute(
                "INSERT INTO {audit} (idx, at, kind, actor, subject, address, details, hash) \
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                &[
                    Val::Int(index),
                    Val::Int(entry.at),
                    Val::Text(entry.kind),
                    Val::Text(entry.actor),
                    entry.subject.map_or(Val::Null, Val::Text),
                    entry.address.map_or(Val::Null, Val::Text),
                    Val::Text(details),
                    Val::Bytes(hash.to_vec()),
                ],
            )?;
        }
        self.execute("UPDATE {audit_head} SET hash = ? WHERE id = 1", &[Val::Bytes(hash.to_vec())])?;
        Ok(())
    }
}

/// Where the chain ends; `None` before the first entry.
pub fn find_head(tx: &mut Tx) -> Result<Option<Head>, Error> {
    let rows = tx.query("SELECT chain, idx, hash FROM {audit_head} WHERE id = 1", &[])?;
    let head = |row: &crate::Row| -> Result<Head, Error> {
        Ok(Head { chain: row.id(0)?, index: row.int(1)?, hash: hash_of(&row.bytes(2)?)? })
    };
    rows.first().map(head).transpose()
}

/// Entries, newest first.
pub fn list(tx: &mut Tx, wanted: &Wanted) -> Result<Vec<Entry>, Error> {
    let mut conditions = vec!["idx < ?"];
    let mut params = vec![Val::Int(wanted.before.unwrap_or(i64::MAX))];
    if let Some(kind) = &wanted.kind {
        // A word and what follows it after a dot; `/` is the sign behind the dot.
        conditions.push("(kind = ? OR (kind >= ? AND kind < ?))");
        params.extend([kind.as_str().into(), format!("{kind}.").into(), format!("{kind}/").into()]);
    }
    for (condition, value) in [
        ("actor = ?", wanted.actor.as_deref().map(Val::from)),
        ("subject = ?", wanted.subject.as_deref().map(Val::from)),
        ("at >= ?", wanted.from.map(Val::Int)),
        ("at < ?", wanted.to.map(Val::Int)),
    ] {
        if let Some(value) = value {
            conditions.push(condition);
            params.push(value);
        }
    }
    params.push(Val::Int(i64::try_from(wanted.limit).unwrap_or(i64::MAX)));
    let sql = format!("{SELECTED} WHERE {} ORDER BY idx DESC LIMIT ?", conditions.join(" AND "));
    tx.query_with(&sql, &params, |row| {
        let columns = Columns::read(row)?;
        let details = serde_json::from_str(columns.details).map_err(anyhow::Error::from)?;
        Ok(Entry {
            index: columns.index,
            what: NewEntry {
                at: columns.at,
                kind: columns.texts[0].to_owned(),
                actor: columns.texts[1].to_owned(),
                subject: columns.maybe[0].map(str::to_owned),
                address: columns.maybe[1].map(str::to_owned),
                details,
            },
        })
    })
}

const SELECTED: &str = "SELECT idx, at, kind, actor, subject, address, details, hash FROM {audit}";

/// A row as it stands there.
struct Columns<'a> {
    index: i64,
    at: i64,
    texts: [&'a str; 2],
    maybe: [Option<&'a str>; 2],
    details: &'a str,
}

impl<'a> Columns<'a> {
    fn read(row: RowRef<'a>) -> Result<Self, Error> {
        Ok(Self {
            index: row.int(0)?,
            at: row.int(1)?,
            texts: [text(row.cell(2)?)?, text(row.cell(3)?)?],
            maybe: [maybe_text(row.cell(4)?)?, maybe_text(row.cell(5)?)?],
            details: text(row.cell(6)?)?,
        })
    }

    fn canonical(&self) -> String {
        canonical(self.index, self.at, self.texts, self.maybe, self.details)
    }
}

/// Strict, unlike elsewhere: what is no text any more was tampered with.
fn text(cell: Cell<'_>) -> Result<&str, Error> {
    cell.text().ok_or_else(|| failure("a text of the audit log is none"))
}

fn maybe_text(cell: Cell<'_>) -> Result<Option<&str>, Error> {
    if cell == Cell::Null { Ok(None) } else { text(cell).map(Some) }
}

/// A walk on its way along the chain.
struct Walk<'a> {
    heads: &'a BTreeMap<i64, Hash>,
    walked: Walked,
    before: Hash,
    last: i64,
}

impl Walk<'_> {
    fn tell(&mut self, index: i64, why: impl Into<String>) {
        if self.walked.broken.len() < FAULTS_MAX {
            self.walked.broken.push(Broken { index, why: why.into() });
        }
    }

    fn step(&mut self, row: RowRef<'_>) -> Result<(), Error> {
        let index = row.int(0)?;
        if index != self.last + 1 {
            let missing = index - self.last - 1;
            self.tell(self.last + 1, format!("{missing} entries are missing before entry {index}"));
        }
        let follows = index == self.last + 1;
        self.last = index;
        self.walked.entries += 1;
        let stored = match row.cell(7)? {
            Cell::Bytes(bytes) => hash_of(bytes).ok(),
            _ => None,
        };
        match Columns::read(row) {
            Ok(columns) => {
                self.walked.oldest_at = Some(self.walked.oldest_at.map_or(columns.at, |at| at.min(columns.at)));
                let computed = digest(&[&self.before, &digest(&[columns.canonical().as_bytes()])]);
                // Behind a gap nothing can be computed; the stored hash begins anew.
                if follows && Some(computed) != stored {
                    self.tell(index, "the entry is not the one that was written");
                }
            }
            Err(_) => self.tell(index, "the entry cannot be read"),
        }
        if let Some(signed) = self.heads.get(&index)
            && Some(*signed) != stored
        {
            self.tell(index, "the entry is not the one whose head was signed");
        }
        self.before = stored.unwrap_or_default();
        Ok(())
    }
}

/// Walks along the whole chain and compares it with the signed heads.
pub fn walk(tx: &mut Tx, heads: &BTreeMap<i64, Hash>) -> Result<Walked, Error> {
    let head = find_head(tx)?;
    let before = head.map(|head| digest(&[head.chain.as_bytes()])).unwrap_or_default();
    let mut walk = Walk { heads, walked: Walked::default(), before, last: 0 };
    loop {
        let after = walk.last;
        let text = format!("{SELECTED} WHERE idx > ? ORDER BY idx LIMIT ?");
        tx.query_with(&text, &[Val::Int(after), Val::Int(SLICE)], |row| walk.step(row))?;
        if walk.last == after {
            break;
        }
    }
    let last = walk.last;
    let signed = heads.keys().next_back().copied().unwrap_or(0);
    let known = head.map_or(0, |head| head.index).max(signed);
    if known > last {
        walk.tell(last + 1, format!("the end is missing: the chain went on to entry {known}"));
    } else if head.is_none_or(|head| head.index < last || head.hash != walk.before) && last > 0 {
        walk.tell(last, "the chain does not end where its head says");
    }
    Ok(walk.walked)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_entry_is_written_in_one_way_only() {
        let details = sorted(&json!({ "b": [{ "d": 1, "c": "\u{7}" }], "a": null })).to_string();
        assert_eq!(details, r#"{"a":null,"b":[{"c":"\u0007","d":1}]}"#);
        assert_eq!(
            canonical(7, 1, ["login.ok", "user:1"], [Some("a\"b"), None], &details),
            r#"{"actor":"user:1","address":null,"at":1,"details":{"a":null,"b":[{"c":"\u0007","d":1}]},"index":7,"kind":"login.ok","subject":"a\"b"}"#
        );
    }
}
