//! The text inside files, under the hash of their content: read once, whichever records name the file.

use std::collections::HashMap;

use crate::sql::system_table;
use crate::{Error, Tx, Val};

/// Portable DDL.
pub const DDL: &[&str] = &["CREATE TABLE IF NOT EXISTS {file_text} (file {text} NOT NULL PRIMARY KEY, \
     state TEXT NOT NULL, body TEXT NOT NULL)"];

/// What reading a file gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileText {
    /// Whether there is text, else why not: a word of whoever read it.
    pub state: String,
    /// The text; empty when there is none.
    pub body: String,
}

/// How reading these files ended, by file; those not read yet are missing.
///
/// # Errors
/// A database that fails.
pub fn states(tx: &mut Tx, files: &[String]) -> Result<HashMap<String, String>, Error> {
    load(tx, "state", files)
}

/// The texts of these files, by file; those without any are missing.
///
/// # Errors
/// A database that fails.
pub fn bodies(tx: &mut Tx, files: &[String]) -> Result<HashMap<String, String>, Error> {
    let mut found = load(tx, "body", files)?;
    found.retain(|_, body| !body.is_empty());
    Ok(found)
}

fn load(tx: &mut Tx, column: &str, files: &[String]) -> Result<HashMap<String, String>, Error> {
    let mut found = HashMap::new();
    if files.is_empty() {
        return Ok(found);
    }
    let mut sql = tx.writer();
    sql.push("SELECT file, ").push(column).push(" FROM ").table(&system_table("file_text")).push(" WHERE file");
    sql.in_list(Val::Texts(files.to_vec()));
    tx.each(&sql.text, &sql.params, &mut |row| {
        found.insert(row.text(0)?.to_owned(), row.text(1)?.to_owned());
        Ok(())
    })?;
    Ok(found)
}

/// Keeps what reading a file gave.
///
/// # Errors
/// A database that fails.
pub fn set(tx: &mut Tx, file: &str, text: &FileText) -> Result<(), Error> {
    tx.execute(
        "INSERT INTO {file_text} (file, state, body) VALUES (?, ?, ?) \
         ON CONFLICT (file) DO UPDATE SET state = excluded.state, body = excluded.body",
        // No database keeps a NUL in a text.
        &[file.into(), text.state.as_str().into(), text.body.replace('\0', "").into()],
    )?;
    Ok(())
}

/// Files that were read, in the order of their names, from behind one of them.
///
/// # Errors
/// A database that fails.
pub fn list(tx: &mut Tx, after: &str, limit: usize) -> Result<Vec<String>, Error> {
    let limit = Val::Int(i64::try_from(limit).unwrap_or(i64::MAX));
    let sql = "SELECT file FROM {file_text} WHERE file > ? ORDER BY file LIMIT ?";
    tx.query_with(sql, &[after.into(), limit], |row| Ok(row.text(0)?.to_owned()))
}

/// Forgets what was read of these files.
///
/// # Errors
/// A database that fails.
pub fn delete(tx: &mut Tx, files: &[String]) -> Result<(), Error> {
    let mut sql = tx.writer();
    sql.push("DELETE FROM ").table(&system_table("file_text")).push(" WHERE file");
    sql.in_list(Val::Texts(files.to_vec()));
    tx.run(&sql.text, &sql.params)?;
    Ok(())
}
