//! Copies of a whole workspace: consistent while others write, and put back before it is opened.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, BufWriter, Read, Write};
use std::path::Path;

use crate::error::{Error, failure};
use crate::sql::{Dialect, SqlWriter};
use crate::tx::{Link, Tx};
use crate::{Location, postgres, sqlite};

/// The first line of a PostgreSQL workspace's copy.
const MAGIC: &str = "rapport backup 1";

/// Writes a consistent copy to a new file.
pub(crate) fn backup(location: &Location, to: &Path) -> Result<(), Error> {
    match location {
        Location::Sqlite(path) => backup_sqlite(path, to),
        Location::Postgres { url, schema } => backup_postgres(url, schema, to),
    }
}

/// Puts a copy in the place of a workspace that is empty or missing.
pub(crate) fn restore(location: &Location, from: &Path) -> Result<(), Error> {
    match location {
        Location::Sqlite(path) => restore_sqlite(path, from),
        Location::Postgres { url, schema } => restore_postgres(url, schema, from),
    }
}

/// `VACUUM INTO` reads one snapshot and writes a compact file; writers go on meanwhile.
fn backup_sqlite(path: &Path, to: &Path) -> Result<(), Error> {
    if to.exists() {
        return Err(failure(format_args!("{} exists already", to.display())));
    }
    let connection = sqlite::connect(path, true)?;
    let target = to.to_str().ok_or_else(|| failure("the path of the copy is no UTF-8"))?;
    connection.execute("VACUUM INTO ?1", [target]).map_err(sqlite::translate)?;
    OpenOptions::new().write(true).open(to)?.sync_all()?;
    sync_folder(to)
}

fn restore_sqlite(path: &Path, from: &Path) -> Result<(), Error> {
    if path.exists() {
        return Err(failure(format_args!("{} exists already; restore into an empty folder", path.display())));
    }
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let partial = path.with_extension("restoring");
    std::fs::copy(from, &partial)?;
    {
        let connection = rusqlite::Connection::open(&partial).map_err(sqlite::translate)?;
        let answer: String =
            connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0)).map_err(sqlite::translate)?;
        if answer != "ok" {
            return Err(failure(format_args!("{} is damaged: {answer}", from.display())));
        }
    }
    OpenOptions::new().write(true).open(&partial)?.sync_all()?;
    std::fs::rename(&partial, path)?;
    sync_folder(path)
}

fn sync_folder(file: &Path) -> Result<(), Error> {
    if let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

/// A table of a schema and its columns, in order.
struct TableShape {
    name: String,
    /// Definition of each column.
    columns: Vec<(String, String)>,
}

/// One transaction sees one snapshot: definitions first, then every table by `COPY`, each with its length before it.
fn backup_postgres(url: &str, schema: &str, to: &Path) -> Result<(), Error> {
    let mut tx = postgres::open(url, schema, 0)?;
    tx.begin(false)?;
    let file = OpenOptions::new().write(true).create_new(true).open(to)?;
    let mut out = BufWriter::new(file);
    writeln!(out, "{MAGIC}")?;
    let shapes = shapes(&mut tx)?;
    let definitions = definitions(&mut tx, &shapes)?;
    writeln!(out, "{}", serde_json::to_string(&definitions).map_err(anyhow::Error::from)?)?;
    for shape in &shapes {
        let mut sql = SqlWriter::new(Dialect::Postgres, schema);
        sql.push("COPY ").table(&shape.name).push(" (");
        push_copied(&mut sql, shape);
        sql.push(") TO STDOUT");
        let Link::Postgres(session) = &mut tx.link else {
            return Err(failure("this is no PostgreSQL"));
        };
        // COPY's text form has one line per row and ends with `\.`, which no row can look like.
        writeln!(out, "{}", serde_json::json!({ "table": shape.name, "columns": copied(shape) }))?;
        session.copy_out(&sql.text, &mut out)?;
        writeln!(out, "\\.")?;
    }
    tx.end_read();
    let file = out.into_inner().map_err(|error| error.into_error())?;
    file.sync_all()?;
    sync_folder(to)
}

/// The transaction numbers of another cluster mean nothing here: restored changes count as long past.
fn copied(shape: &TableShape) -> Vec<&str> {
    shape.columns.iter().map(|(name, _)| name.as_str()).filter(|name| *name != "xid").collect()
}

fn push_copied(sql: &mut SqlWriter, shape: &TableShape) {
    for (at, name) in copied(shape).into_iter().enumerate() {
        sql.push(if at == 0 { "" } else { ", " }).ident(name);
    }
}

fn shapes(tx: &mut Tx) -> Result<Vec<TableShape>, Error> {
    let schema = tx.schema.to_string();
    let rows = tx.query(
        "SELECT c.relname::text, a.attname::text, format_type(a.atttypid, a.atttypmod) || \
         coalesce((SELECT ' COLLATE \"C\"' FROM pg_collation o WHERE o.oid = a.attcollation AND o.collname = 'C'), '') || \
         CASE WHEN a.attidentity <> '' THEN ' GENERATED BY DEFAULT AS IDENTITY' ELSE '' END || \
         CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END || \
         coalesce(' DEFAULT ' || (SELECT pg_get_expr(d.adbin, d.adrelid) FROM pg_attrdef d \
         WHERE d.adrelid = a.attrelid AND d.adnum = a.attnum), '') \
         FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
         JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped \
         WHERE n.nspname = ? AND c.relkind = 'r' ORDER BY c.relname, a.attnum",
        &[schema.into()],
    )?;
    let mut shapes: Vec<TableShape> = Vec::new();
    for row in rows {
        let (name, column) = (row.text(0)?, (row.text(1)?, row.text(2)?));
        match shapes.last_mut() {
            Some(last) if last.name == name => last.columns.push(column),
            _ => shapes.push(TableShape { name, columns: vec![column] }),
        }
    }
    Ok(shapes)
}

/// What makes the tables, and afterwards their keys and indexes. `{schema}` stands for the schema's quoted name.
fn definitions(tx: &mut Tx, shapes: &[TableShape]) -> Result<[Vec<String>; 2], Error> {
    let mut tables = Vec::new();
    for shape in shapes {
        let columns: Vec<String> =
            shape.columns.iter().map(|(name, definition)| format!("{} {definition}", quoted(name))).collect();
        tables.push(format!("CREATE TABLE {{schema}}.{} ({})", quoted(&shape.name), columns.join(", ")));
    }
    let schema = tx.schema.to_string();
    let keys = tx.query(
        "SELECT c.relname::text, k.conname::text, pg_get_constraintdef(k.oid) FROM pg_constraint k \
         JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace \
         WHERE n.nspname = ? AND k.contype IN ('p', 'u') ORDER BY 1, 2",
        &[schema.as_str().into()],
    )?;
    let mut after = Vec::new();
    for key in keys {
        let (table, name, definition) = (key.text(0)?, key.text(1)?, key.text(2)?);
        after.push(format!("ALTER TABLE {{schema}}.{} ADD CONSTRAINT {} {definition}", quoted(&table), quoted(&name)));
    }
    let indexes = tx.query(
        "SELECT t.relname::text, i.relname::text, x.indisunique, pg_get_indexdef(x.indexrelid) FROM pg_index x \
         JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid \
         JOIN pg_namespace n ON n.oid = t.relnamespace WHERE n.nspname = ? \
         AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = x.indexrelid) ORDER BY 1, 2",
        &[schema.as_str().into()],
    )?;
    for index in indexes {
        let (table, name, unique, definition) = (index.text(0)?, index.text(1)?, index.bool(2)?, index.text(3)?);
        let using = definition.split_once(" USING ").map(|(_, using)| using);
        let using = using.ok_or_else(|| failure("an index without a method"))?;
        let word = if unique { "UNIQUE INDEX" } else { "INDEX" };
        after.push(format!("CREATE {word} {} ON {{schema}}.{} USING {using}", quoted(&name), quoted(&table)));
    }
    Ok([tables, after])
}

fn quoted(name: &str) -> String {
    let mut text = String::new();
    crate::sql::quote_into(&mut text, name);
    text
}

fn restore_postgres(url: &str, schema: &str, from: &Path) -> Result<(), Error> {
    let mut tx = postgres::open(url, schema, 0)?;
    let mut input = BufReader::new(File::open(from)?);
    if read_line(&mut input)?.as_deref() != Some(MAGIC) {
        return Err(failure(format_args!("{} is no backup of a PostgreSQL workspace", from.display())));
    }
    let line = read_line(&mut input)?.ok_or_else(|| failure("the backup ends early"))?;
    let [tables, after]: [Vec<String>; 2] = serde_json::from_str(&line).map_err(anyhow::Error::from)?;
    let name = quoted(schema);
    tx.begin(true)?;
    let exists = tx.query("SELECT 1 FROM pg_tables WHERE schemaname = ? LIMIT 1", &[schema.into()])?;
    if !exists.is_empty() {
        tx.rollback();
        return Err(failure(format_args!("the schema {schema} is not empty; restore into an empty one")));
    }
    let result = fill(&mut tx, &name, &tables, &after, &mut input).and_then(|()| tx.commit());
    if result.is_err() {
        tx.rollback();
    }
    result
}

fn fill(tx: &mut Tx, schema: &str, tables: &[String], after: &[String], input: &mut impl BufRead) -> Result<(), Error> {
    let Link::Postgres(session) = &mut tx.link else {
        return Err(failure("this is no PostgreSQL"));
    };
    session.batch(&format!("CREATE SCHEMA IF NOT EXISTS {schema}"))?;
    for sql in tables {
        session.batch(&sql.replace("{schema}", schema))?;
    }
    session.batch(&format!("ALTER TABLE {schema}.\"_change\" ALTER COLUMN xid SET DEFAULT '0'::xid8"))?;
    while let Some(line) = read_line(input)? {
        let header: serde_json::Value = serde_json::from_str(&line).map_err(anyhow::Error::from)?;
        let table = header.get("table").and_then(serde_json::Value::as_str).unwrap_or_default();
        let columns: Vec<String> = header
            .get("columns")
            .and_then(serde_json::Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(|name| name.as_str().map(quoted))
            .collect();
        let sql = format!("COPY {schema}.{} ({}) FROM STDIN", quoted(table), columns.join(", "));
        session.copy_text_in(&sql, &mut Rows { input: &mut *input, line: Vec::new(), at: 0, done: false })?;
    }
    session.batch(&format!("ALTER TABLE {schema}.\"_change\" ALTER COLUMN xid SET DEFAULT pg_current_xact_id()"))?;
    for sql in after {
        session.batch(&sql.replace("{schema}", schema))?;
    }
    for (table, column) in [("_name", "id"), ("_batch", "no"), ("_change", "seq")] {
        session.batch(&format!(
            "SELECT setval(pg_get_serial_sequence('{schema}.\"{table}\"', '{column}'), \
             (SELECT coalesce(max({column}), 0) + 1 FROM {schema}.\"{table}\"), false)"
        ))?;
    }
    Ok(())
}

fn read_line(input: &mut impl BufRead) -> Result<Option<String>, Error> {
    let mut line = String::new();
    if input.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    Ok(Some(line.trim_end_matches('\n').to_owned()))
}

/// The rows of one table: everything up to the line `\.`.
struct Rows<'a, R> {
    input: &'a mut R,
    line: Vec<u8>,
    at: usize,
    done: bool,
}

impl<R: BufRead> Read for Rows<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.at >= self.line.len() && !self.done {
            self.line.clear();
            self.at = 0;
            let read = self.input.read_until(b'\n', &mut self.line)?;
            if read == 0 {
                return Err(std::io::Error::new(std::io::ErrorKind::UnexpectedEof, "the backup ends early"));
            }
            if self.line == b"\\.\n" {
                self.done = true;
                self.line.clear();
            }
        }
        let rest = self.line.get(self.at..).unwrap_or_default();
        let length = rest.len().min(buffer.len());
        for (to, from) in buffer.iter_mut().zip(rest) {
            *to = *from;
        }
        self.at += length;
        Ok(length)
    }
}
