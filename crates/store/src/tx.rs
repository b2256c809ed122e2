//! A transaction: statements, savepoints, names and the work put off until just before the commit.
//!
//! The same `Tx` serves a connection for its whole life. What is done with records, the log, search and so on is in
//! the modules beside this one, each an `impl Tx`.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use uuid::Uuid;

use crate::cell::{Row, RowRef};
use crate::error::{Error, failure};
use crate::postgres::Session;
use crate::search::IndexWork;
use crate::select::Plans;
use crate::sql::{Dialect, SqlWriter, Val, push_placeholder, quote_into};
use crate::tables::audit::NewEntry;
use crate::{sqlite, tables};

/// The driver's connection.
pub(crate) enum Link {
    Sqlite(rusqlite::Connection),
    Postgres(Box<Session>),
}

/// Changes of the record counters of one object.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct CountChange {
    pub(crate) live: i64,
    pub(crate) deleted: i64,
}

/// Work that is done once per transaction, just before the commit, however many jobs share it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Later {
    pub(crate) index: Vec<IndexWork>,
    pub(crate) counts: BTreeMap<String, CountChange>,
    pub(crate) audit: Vec<NewEntry>,
}

/// Where a job began, so that it alone can be taken back.
pub(crate) struct Mark {
    index: usize,
    counts: BTreeMap<String, CountChange>,
    audit: usize,
}

/// Names (of objects and actors) kept as small numbers.
#[derive(Debug, Default)]
struct Names {
    by_name: HashMap<String, i64>,
    by_number: HashMap<i64, Arc<str>>,
}

/// A transaction on one connection.
pub struct Tx {
    pub(crate) link: Link,
    pub(crate) schema: Arc<str>,
    pub(crate) later: Later,
    pub(crate) plans: Plans,
    pub(crate) known_words: HashSet<i64>,
    pub(crate) last_docs: HashMap<i64, i64>,
    pub(crate) last_batch: Option<(Uuid, i64)>,
    pub(crate) slot: i64,
    names: Names,
    texts: HashMap<String, Arc<str>>,
    failed: bool,
    depth: usize,
    written: u64,
}

impl Tx {
    /// A connection ready for transactions. `slot` tells connections of one store apart.
    pub(crate) fn new(link: Link, schema: &str, slot: i64) -> Self {
        Self {
            link,
            schema: schema.into(),
            later: Later::default(),
            plans: Plans::default(),
            known_words: HashSet::new(),
            last_docs: HashMap::new(),
            last_batch: None,
            slot,
            names: Names::default(),
            texts: HashMap::new(),
            failed: false,
            depth: 0,
            written: 0,
        }
    }

    /// The database's dialect.
    pub fn dialect(&self) -> Dialect {
        match self.link {
            Link::Sqlite(_) => Dialect::Sqlite,
            Link::Postgres(_) => Dialect::Postgres,
        }
    }

    /// Whether this is PostgreSQL.
    pub(crate) fn is_postgres(&self) -> bool {
        self.dialect() == Dialect::Postgres
    }

    /// An empty statement of this database.
    pub fn writer(&self) -> SqlWriter {
        SqlWriter::new(self.dialect(), &self.schema)
    }

    /// Whether a statement failed since the last savepoint; such a transaction must not commit.
    pub(crate) fn is_failed(&self) -> bool {
        self.failed
    }

    /// How often this connection has written, or put off to write.
    pub(crate) fn times_written(&self) -> u64 {
        self.written
    }

    pub(crate) fn note_written(&mut self) {
        self.written += 1;
    }

    /// Lets one transaction at a time do something of this workspace on PostgreSQL, from here to its end; on SQLite
    /// there is one that writes anyway.
    pub(crate) fn lock_alone(&mut self, what: &str) -> Result<(), Error> {
        if self.is_postgres() {
            let key = format!("{}{what}", self.schema);
            self.query("SELECT 1 FROM (SELECT pg_advisory_xact_lock(hashtext(?))) l", &[key.into()])?;
        }
        Ok(())
    }

    /// Runs a statement with `?` placeholders; `{name}` stands for the system table of that name. Returns the number
    /// of rows changed.
    pub fn execute(&mut self, sql: &str, params: &[Val]) -> Result<u64, Error> {
        let text = self.native(sql, params)?;
        self.run(&text, params)
    }

    /// Runs a query with `?` placeholders; `{name}` stands for the system table of that name.
    pub fn query(&mut self, sql: &str, params: &[Val]) -> Result<Vec<Row>, Error> {
        self.query_with(sql, params, Row::read)
    }

    /// Runs the query of a writer, which is in the database's own words already.
    pub fn query_written(&mut self, sql: &SqlWriter) -> Result<Vec<Row>, Error> {
        let mut rows = Vec::new();
        self.each(&sql.text, &sql.params, &mut |row| {
            rows.push(Row::read(row)?);
            Ok(())
        })?;
        Ok(rows)
    }

    /// The same, each row turned into something while it is at hand.
    pub(crate) fn query_with<T>(
        &mut self,
        sql: &str,
        params: &[Val],
        mut map: impl FnMut(RowRef<'_>) -> Result<T, Error>,
    ) -> Result<Vec<T>, Error> {
        let text = self.native(sql, params)?;
        let mut rows = Vec::new();
        self.each(&text, params, &mut |row| {
            rows.push(map(row)?);
            Ok(())
        })?;
        Ok(rows)
    }

    /// The first column of the first row as an integer; 0 when there is none.
    pub(crate) fn query_int(&mut self, sql: &str, params: &[Val]) -> Result<i64, Error> {
        let rows = self.query_with(sql, params, |row| Ok(row.cell(0)?.int().unwrap_or(0)))?;
        Ok(rows.first().copied().unwrap_or(0))
    }

    /// Runs a statement in the database's own dialect.
    pub(crate) fn run(&mut self, sql: &str, params: &[Val]) -> Result<u64, Error> {
        self.note_written();
        let result = match &mut self.link {
            Link::Sqlite(connection) => sqlite::execute(connection, sql, params),
            Link::Postgres(session) => session.execute(sql, params),
        };
        self.note(result)
    }

    /// Runs the same statement for many rows of parameters.
    pub(crate) fn run_many(&mut self, sql: &str, rows: &mut dyn Iterator<Item = Vec<Val>>) -> Result<(), Error> {
        self.note_written();
        let result = match &mut self.link {
            Link::Sqlite(connection) => sqlite::execute_many(connection, sql, rows),
            Link::Postgres(session) => {
                let mut run = || {
                    for params in &mut *rows {
                        session.execute(sql, &params)?;
                    }
                    Ok(())
                };
                run()
            }
        };
        self.note(result)
    }

    /// Runs a query in the database's own dialect and gives each row to `each`.
    pub(crate) fn each(
        &mut self,
        sql: &str,
        params: &[Val],
        each: &mut dyn FnMut(RowRef<'_>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        // Whoever reads may stop for reasons of their own: that is no failure of the statement.
        let mut stopped = false;
        let mut each = |row: RowRef<'_>| each(row).inspect_err(|_| stopped = true);
        let result = match &mut self.link {
            Link::Sqlite(connection) => sqlite::query(connection, sql, params, &mut each),
            Link::Postgres(session) => session.query(sql, params, &mut each),
        };
        if stopped { result } else { self.note(result) }
    }

    fn note<T>(&mut self, result: Result<T, Error>) -> Result<T, Error> {
        self.failed |= result.is_err();
        result
    }

    /// Portable SQL in the database's own words.
    fn native(&mut self, sql: &str, params: &[Val]) -> Result<Arc<str>, Error> {
        let dialect = self.dialect();
        if dialect == Dialect::Sqlite
            && let Some(text) = self.texts.get(sql)
        {
            return Ok(text.clone());
        }
        let text: Arc<str> = translate(dialect, &self.schema, sql, params)?.into();
        if dialect == Dialect::Sqlite {
            if self.texts.len() > 512 {
                self.texts.clear();
            }
            self.texts.insert(sql.to_owned(), text.clone());
        }
        Ok(text)
    }

    /// Tries something that may fail: on an error everything it did is taken back and the transaction goes on.
    pub fn attempt<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T, Error>) -> Result<T, Error> {
        let mark = self.mark();
        self.savepoint()?;
        match work(self) {
            Ok(value) if !self.failed => {
                self.release()?;
                Ok(value)
            }
            Ok(_) => {
                self.back_to(mark)?;
                Err(failure("a statement failed and its error was not passed on"))
            }
            Err(error @ Error::Retry(_)) => Err(error),
            Err(error) => {
                self.back_to(mark)?;
                Err(error)
            }
        }
    }

    /// Begins a transaction.
    pub(crate) fn begin(&mut self, writable: bool) -> Result<(), Error> {
        self.failed = false;
        self.depth = 0;
        self.later = Later::default();
        // Another process may have added documents since.
        self.last_docs.clear();
        match (&mut self.link, writable) {
            (Link::Sqlite(connection), true) => sqlite::execute(connection, "BEGIN IMMEDIATE", &[]).map(|_| ()),
            (Link::Sqlite(connection), false) => sqlite::execute(connection, "BEGIN", &[]).map(|_| ()),
            (Link::Postgres(session), writable) => session.begin(writable),
        }
    }

    /// Does what was put off and commits.
    pub(crate) fn commit(&mut self) -> Result<(), Error> {
        if self.failed {
            return Err(failure("a transaction whose statement failed is not committed"));
        }
        self.flush()?;
        match &mut self.link {
            Link::Sqlite(connection) => sqlite::execute(connection, "COMMIT", &[]).map(|_| ()),
            Link::Postgres(session) => session.commit(),
        }
    }

    /// Does what was put off: the search index, counters, the audit log.
    pub(crate) fn flush(&mut self) -> Result<(), Error> {
        let later = std::mem::take(&mut self.later);
        self.write_index(later.index)?;
        self.write_counts(later.counts)?;
        // Last, because others wait for the head's row from here on.
        self.write_audit(later.audit)
    }

    /// Ends a transaction without keeping anything.
    pub(crate) fn rollback(&mut self) {
        self.forget();
        self.later = Later::default();
        self.failed = false;
        let result = match &mut self.link {
            Link::Sqlite(connection) if connection.is_autocommit() => Ok(()),
            Link::Sqlite(connection) => sqlite::execute(connection, "ROLLBACK", &[]).map(|_| ()),
            Link::Postgres(session) => session.rollback(),
        };
        if let Err(error) = result {
            tracing::warn!(%error, "a rollback failed");
        }
    }

    /// Ends a reading transaction.
    pub(crate) fn end_read(&mut self) {
        let result = match &mut self.link {
            Link::Sqlite(connection) if connection.is_autocommit() => Ok(()),
            Link::Sqlite(connection) => sqlite::execute(connection, "COMMIT", &[]).map(|_| ()),
            Link::Postgres(session) => {
                session.end_read();
                Ok(())
            }
        };
        if let Err(error) = result {
            tracing::warn!(%error, "a reading transaction did not end well");
        }
    }

    /// Whether the database itself gave the transaction up (disk full, I/O error).
    pub(crate) fn is_lost(&self) -> bool {
        match &self.link {
            Link::Sqlite(connection) => connection.is_autocommit(),
            Link::Postgres(session) => session.is_closed(),
        }
    }

    /// Where the work put off stands now.
    pub(crate) fn mark(&self) -> Mark {
        Mark { index: self.later.index.len(), counts: self.later.counts.clone(), audit: self.later.audit.len() }
    }

    /// Sets a savepoint.
    pub(crate) fn savepoint(&mut self) -> Result<(), Error> {
        self.depth += 1;
        let sql = format!("SAVEPOINT s{}", self.depth);
        self.plain(&sql)
    }

    /// Keeps what was done since the last savepoint.
    pub(crate) fn release(&mut self) -> Result<(), Error> {
        let sql = format!("RELEASE s{}", self.depth);
        self.depth = self.depth.saturating_sub(1);
        self.plain(&sql)
    }

    /// Takes back what was done since the last savepoint.
    pub(crate) fn back_to(&mut self, mark: Mark) -> Result<(), Error> {
        self.forget();
        self.later.index.truncate(mark.index);
        self.later.counts = mark.counts;
        self.later.audit.truncate(mark.audit);
        let sql = format!("ROLLBACK TO s{}", self.depth);
        self.plain(&sql)?;
        self.failed = false;
        self.release()
    }

    /// Runs a statement without parameters that needs no answer.
    fn plain(&mut self, sql: &str) -> Result<(), Error> {
        match &mut self.link {
            Link::Sqlite(connection) => sqlite::execute(connection, sql, &[]).map(|_| ()),
            Link::Postgres(session) => session.batch(sql),
        }
    }

    /// What a connection remembers of rows that a rollback may have taken away.
    fn forget(&mut self) {
        self.names = Names::default();
        self.known_words.clear();
        self.last_docs.clear();
        self.last_batch = None;
    }

    /// The small number of a name, given one when it is new.
    pub(crate) fn number_of(&mut self, name: &str) -> Result<i64, Error> {
        if let Some(number) = self.names.by_name.get(name) {
            return Ok(*number);
        }
        let number = match self.find_number(name)? {
            Some(number) => number,
            None => {
                self.execute("INSERT INTO {name} (name) VALUES (?) ON CONFLICT (name) DO NOTHING", &[name.into()])?;
                self.find_number(name)?.ok_or_else(|| failure("a name was not kept"))?
            }
        };
        self.remember(name, number);
        Ok(number)
    }

    /// The small number of a name, if it has one.
    pub(crate) fn find_number(&mut self, name: &str) -> Result<Option<i64>, Error> {
        if let Some(number) = self.names.by_name.get(name) {
            return Ok(Some(*number));
        }
        let rows = self.query_with("SELECT id FROM {name} WHERE name = ?", &[name.into()], |row| row.int(0))?;
        if let Some(number) = rows.first() {
            self.remember(name, *number);
        }
        Ok(rows.first().copied())
    }

    /// The name of a small number.
    pub(crate) fn name_of(&mut self, number: i64) -> Result<Arc<str>, Error> {
        if let Some(name) = self.names.by_number.get(&number) {
            return Ok(name.clone());
        }
        let rows = self.query_with("SELECT name FROM {name} WHERE id = ?", &[Val::Int(number)], |row| {
            Ok(row.text(0)?.to_owned())
        })?;
        let name = rows.into_iter().next().ok_or_else(|| failure(format_args!("name {number} is unknown")))?;
        self.remember(&name, number);
        Ok(name.into())
    }

    fn remember(&mut self, name: &str, number: i64) {
        if self.names.by_name.len() > 4_096 {
            self.names = Names::default();
        }
        self.names.by_name.insert(name.to_owned(), number);
        self.names.by_number.insert(number, name.into());
    }
}

/// Portable SQL in a dialect's words: `{name}` becomes the system table, `?` a numbered placeholder. Both are left
/// alone inside quotes.
pub(crate) fn translate(dialect: Dialect, schema: &str, sql: &str, params: &[Val]) -> Result<String, Error> {
    let mut text = String::with_capacity(sql.len() + 64);
    let mut number = 0;
    let mut quote = None;
    let mut chars = sql.chars();
    while let Some(c) = chars.next() {
        match (quote, c) {
            (Some(open), c) => {
                if c == open {
                    quote = None;
                }
                text.push(c);
            }
            (None, '\'' | '"') => {
                quote = Some(c);
                text.push(c);
            }
            (None, '?') => {
                let value = params.get(number).ok_or_else(|| failure(format_args!("a parameter is missing: {sql}")))?;
                number += 1;
                push_placeholder(&mut text, dialect, number, value);
            }
            (None, '{') => {
                let name: String = chars.by_ref().take_while(|c| *c != '}').collect();
                if let Some(native) = tables::native_type(dialect, &name) {
                    text.push_str(native);
                    continue;
                }
                if dialect == Dialect::Postgres {
                    quote_into(&mut text, schema);
                    text.push('.');
                }
                quote_into(&mut text, &crate::sql::system_table(&name));
            }
            (None, c) => text.push(c),
        }
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn translates() {
        let translate = |dialect| {
            translate(dialect, "acme", "SELECT '?{x}' FROM {job} WHERE a = ? AND b = ?", &[1i64.into(), Val::Null])
                .unwrap()
        };
        assert_eq!(translate(Dialect::Sqlite), r#"SELECT '?{x}' FROM "_job" WHERE a = ?1 AND b = ?2"#);
        assert_eq!(translate(Dialect::Postgres), r#"SELECT '?{x}' FROM "acme"."_job" WHERE a = $1::int8 AND b = $2"#);
    }
}
