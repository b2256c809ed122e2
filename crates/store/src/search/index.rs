//! What search knows, kept in the transaction of the records.

use std::collections::{BTreeSet, HashMap};

use uuid::Uuid;

use super::words;
use crate::error::Error;
use crate::query::SearchDoc;
use crate::sql::{Val, system_table};
use crate::tx::Tx;

/// Numbers of documents of one object: the object's number stands above this many bits.
const OBJECT_SHIFT: u32 = 40;

/// Index work put off until just before the commit, so that a group of jobs shares it.
#[derive(Debug, Clone)]
pub(crate) enum IndexWork {
    Put(SearchDoc),
    Remove(Uuid),
}

impl Tx {
    /// Makes records findable; what search knew of them is replaced.
    pub fn index_many(&mut self, docs: &[SearchDoc]) -> Result<(), Error> {
        self.note_written();
        self.later.index.extend(docs.iter().cloned().map(IndexWork::Put));
        Ok(())
    }

    /// Makes records unfindable.
    pub fn unindex(&mut self, records: &[Uuid]) -> Result<(), Error> {
        self.note_written();
        self.later.index.extend(records.iter().copied().map(IndexWork::Remove));
        Ok(())
    }

    /// Does what was put off; of several orders for one record only the last counts.
    pub(crate) fn write_index(&mut self, work: Vec<IndexWork>) -> Result<(), Error> {
        if work.is_empty() {
            return Ok(());
        }
        let mut last: HashMap<Uuid, Option<SearchDoc>> = HashMap::with_capacity(work.len());
        for order in work {
            match order {
                IndexWork::Put(mut doc) => {
                    // Made again after it was removed: what search knew of it is still there.
                    doc.fresh &= !last.contains_key(&doc.record);
                    last.insert(doc.record, Some(doc));
                }
                IndexWork::Remove(record) => {
                    last.insert(record, None);
                }
            }
        }
        let (mut removed, mut docs) = (Vec::new(), Vec::new());
        for (record, doc) in last {
            match doc {
                Some(doc) => docs.push(doc),
                None => removed.push(record),
            }
        }
        // Ids are made in the order of time: the index is written from one end to the other.
        docs.sort_unstable_by_key(|doc| doc.record);
        removed.sort_unstable();
        if self.is_postgres() {
            self.remove_docs_postgres(&removed)?;
            self.put_docs_postgres(&docs)?;
        } else {
            self.remove_docs_sqlite(&removed)?;
            self.put_docs_sqlite(&docs)?;
        }
        self.learn_words(&docs)
    }

    fn find_doc(&mut self, record: Uuid) -> Result<Option<i64>, Error> {
        let rows = self.query_with("SELECT id FROM {doc} WHERE record = ?", &[Val::Id(record)], |row| row.int(0))?;
        Ok(rows.first().copied())
    }

    fn remove_docs_sqlite(&mut self, records: &[Uuid]) -> Result<(), Error> {
        for record in records {
            if let Some(id) = self.find_doc(*record)? {
                self.execute("DELETE FROM {doc} WHERE id = ?", &[Val::Int(id)])?;
                self.forget_words_of(id)?;
            }
        }
        Ok(())
    }

    fn forget_words_of(&mut self, id: i64) -> Result<(), Error> {
        self.execute("DELETE FROM {search} WHERE rowid = ?", &[Val::Int(id)])?;
        self.execute("DELETE FROM {search_text} WHERE rowid = ?", &[Val::Int(id)])?;
        Ok(())
    }

    fn put_docs_sqlite(&mut self, docs: &[SearchDoc]) -> Result<(), Error> {
        let mut numbered = Vec::with_capacity(docs.len());
        for doc in docs {
            let known = if doc.fresh { None } else { self.find_doc(doc.record)? };
            let id = match known {
                Some(id) => {
                    let params = [Val::Text(doc.title.clone()), Val::Int(id)];
                    self.execute("UPDATE {doc} SET title = ? WHERE id = ?", &params)?;
                    self.forget_words_of(id)?;
                    id
                }
                None => {
                    let id = self.next_doc(&doc.object)?;
                    self.execute(
                        "INSERT INTO {doc} (id, record, title) VALUES (?, ?, ?)",
                        &[Val::Int(id), Val::Id(doc.record), Val::Text(doc.title.clone())],
                    )?;
                    id
                }
            };
            numbered.push((id, doc));
        }
        // The full-text index writes itself out whenever a number is smaller than the one before.
        numbered.sort_unstable_by_key(|(id, _)| *id);
        let short = numbered
            .iter()
            .map(|(id, doc)| (*id, words::of_short(&doc.title, &doc.words, &doc.fragments)))
            .map(|(id, set)| vec![Val::Int(id), Val::Text(join(&set))]);
        self.run_many("INSERT INTO \"_search\" (rowid, words) VALUES (?1, ?2)", &mut { short })?;
        let long = numbered
            .iter()
            .filter(|(_, doc)| !doc.text.is_empty())
            .map(|(id, doc)| vec![Val::Int(*id), Val::Text(join(&words::of_long(&doc.text)))]);
        self.run_many("INSERT INTO \"_search_text\" (rowid, words) VALUES (?1, ?2)", &mut { long })
    }

    /// The next free document number of an object.
    fn next_doc(&mut self, object: &str) -> Result<i64, Error> {
        let number = self.number_of(object)?;
        let last = match self.last_docs.get(&number) {
            Some(last) => *last,
            None => {
                let (from, to) = doc_range(number);
                self.query_int("SELECT max(id) FROM {doc} WHERE id >= ? AND id < ?", &[Val::Int(from), Val::Int(to)])?
                    .max(from)
            }
        };
        self.last_docs.insert(number, last + 1);
        Ok(last + 1)
    }

    fn remove_docs_postgres(&mut self, records: &[Uuid]) -> Result<(), Error> {
        if records.is_empty() {
            return Ok(());
        }
        let mut sql = self.writer();
        sql.push("DELETE FROM ").table(&system_table("doc")).push(" WHERE record").in_list(Val::Ids(records.to_vec()));
        self.run(&sql.text, &sql.params)?;
        Ok(())
    }

    fn put_docs_postgres(&mut self, docs: &[SearchDoc]) -> Result<(), Error> {
        if docs.is_empty() {
            return Ok(());
        }
        let mut numbers = Vec::with_capacity(docs.len());
        for doc in docs {
            numbers.push(self.number_of(&doc.object)?);
        }
        let texts = |of: &dyn Fn(&SearchDoc) -> String| Val::Texts(docs.iter().map(of).collect());
        self.execute(
            "INSERT INTO {doc} (record, object, title, words, body) \
             SELECT d.record, d.object, d.title, array_to_tsvector(string_to_array(d.words, ' ')), \
             array_to_tsvector(string_to_array(d.body, ' ')) \
             FROM unnest(?, ?, ?, ?, ?) AS d(record, object, title, words, body) \
             ON CONFLICT (record) DO UPDATE SET title = excluded.title, words = excluded.words, body = excluded.body",
            &[
                Val::Ids(docs.iter().map(|doc| doc.record).collect()),
                Val::Ints(numbers),
                texts(&|doc| doc.title.replace('\0', "")),
                texts(&|doc| join(&words::of_short(&doc.title, &doc.words, &doc.fragments))),
                texts(&|doc| join(&words::of_long(&doc.text))),
            ],
        )?;
        Ok(())
    }

    /// Keeps the words of titles, by which typing errors are corrected.
    fn learn_words(&mut self, docs: &[SearchDoc]) -> Result<(), Error> {
        let mut new = BTreeSet::new();
        for word in docs.iter().flat_map(|doc| words::split(&doc.title)) {
            if self.known_words.insert(words::hash_of(&word)) {
                new.insert(word);
            }
        }
        if self.known_words.len() > 200_000 {
            self.known_words.clear();
        }
        for word in new {
            let added = self.execute(
                "INSERT INTO {word} (word) VALUES (?) ON CONFLICT (word) DO NOTHING",
                &[word.as_str().into()],
            )?;
            if added == 0 || !words::is_corrected(&word) {
                continue;
            }
            for key in words::nearby(&word) {
                self.execute(
                    "INSERT INTO {near} (hash, word) VALUES (?, ?) ON CONFLICT (hash, word) DO NOTHING",
                    &[Val::Int(key), word.as_str().into()],
                )?;
            }
        }
        Ok(())
    }
}

/// The document numbers of an object: from, and up to but without.
pub(super) fn doc_range(object: i64) -> (i64, i64) {
    (object << OBJECT_SHIFT, (object + 1) << OBJECT_SHIFT)
}

/// The object that a document number belongs to.
pub(super) fn object_of(number: i64) -> i64 {
    number >> OBJECT_SHIFT
}

fn join(set: &BTreeSet<String>) -> String {
    set.iter().map(String::as_str).collect::<Vec<_>>().join(" ")
}
