//! What the means of roll-ups are made of: the sum and the number of values of each parent, so that a mean follows a
//! change without asking all records again. A parent without a row has not been asked yet.

use std::collections::HashMap;

use uuid::Uuid;

use crate::measure::Total;
use crate::sql::system_table;
use crate::{Error, Tx, Val};

/// Portable DDL. Sums are texts: they may be longer than 64 bits.
pub const DDL: &[&str] = &["CREATE TABLE IF NOT EXISTS {mean} (field {text} NOT NULL, parent {id} NOT NULL, \
     sum TEXT NOT NULL, count BIGINT NOT NULL, PRIMARY KEY (field, parent)) {clustered}"];

/// The totals of these parents that are known; `field` is `object.field`.
///
/// # Errors
/// A database that fails.
pub fn find(tx: &mut Tx, field: &str, parents: &[Uuid]) -> Result<HashMap<Uuid, Total>, Error> {
    let mut sql = tx.writer();
    sql.push("SELECT parent, sum, count FROM ").table(&system_table("mean")).push(" WHERE field = ").param(field);
    sql.push(" AND parent").in_list(Val::Ids(parents.to_vec()));
    let mut found = HashMap::new();
    tx.each(&sql.text, &sql.params, &mut |row| {
        let sum = row.text(1)?.parse().map_err(anyhow::Error::from)?;
        found.insert(row.id(0)?, Total { sum, count: row.cell(2)?.int().unwrap_or(0) });
        Ok(())
    })?;
    Ok(found)
}

/// Keeps the total of a parent.
///
/// # Errors
/// A database that fails.
pub fn set(tx: &mut Tx, field: &str, parent: Uuid, total: Total) -> Result<(), Error> {
    tx.execute(
        "INSERT INTO {mean} (field, parent, sum, count) VALUES (?, ?, ?, ?) \
         ON CONFLICT (field, parent) DO UPDATE SET sum = excluded.sum, count = excluded.count",
        &[field.into(), parent.into(), total.sum.to_string().into(), Val::Int(total.count)],
    )?;
    Ok(())
}
