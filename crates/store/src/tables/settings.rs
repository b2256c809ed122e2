//! Settings of the workspace: small JSON values by name.

use serde_json::Value as Json;

use crate::error::Error;
use crate::sql::Val;
use crate::tx::Tx;

/// Portable DDL.
pub(crate) const DDL: &[&str] =
    &["CREATE TABLE IF NOT EXISTS {setting} (name {text} PRIMARY KEY, value {json} NOT NULL) {clustered}"];

/// One setting.
pub fn find(tx: &mut Tx, name: &str) -> Result<Option<Json>, Error> {
    let rows = tx.query("SELECT value FROM {setting} WHERE name = ?", &[name.into()])?;
    let Some(row) = rows.first() else {
        return Ok(None);
    };
    Ok(Some(serde_json::from_str(&row.text(0)?).map_err(anyhow::Error::from)?))
}

/// One setting, which nobody changes until the transaction ends; where it is not set, it is set to this.
pub fn hold(tx: &mut Tx, name: &str, otherwise: &Json) -> Result<Json, Error> {
    locked(tx, name, otherwise, " FOR SHARE")
}

/// The same for a transaction that is about to change it: whoever claims it, too, waits.
pub fn claim(tx: &mut Tx, name: &str, otherwise: &Json) -> Result<Json, Error> {
    locked(tx, name, otherwise, " FOR UPDATE")
}

fn locked(tx: &mut Tx, name: &str, otherwise: &Json, lock: &str) -> Result<Json, Error> {
    let lock = if tx.is_postgres() { lock } else { "" };
    for _ in 0..2 {
        let rows = tx.query(&format!("SELECT value FROM {{setting}} WHERE name = ?{lock}"), &[name.into()])?;
        if let Some(row) = rows.first() {
            return Ok(serde_json::from_str(&row.text(0)?).map_err(anyhow::Error::from)?);
        }
        insert(tx, name, otherwise)?;
    }
    Err(anyhow::anyhow!("the setting {name} does not stay").into())
}

/// All settings whose name begins with a prefix, by name.
pub fn list(tx: &mut Tx, prefix: &str) -> Result<Vec<(String, Json)>, Error> {
    let rows = tx.query(
        "SELECT name, value FROM {setting} WHERE name >= ? AND name < ? ORDER BY name",
        &[prefix.into(), format!("{prefix}\u{10ffff}").into()],
    )?;
    let mut settings = Vec::with_capacity(rows.len());
    for row in &rows {
        settings.push((row.text(0)?, serde_json::from_str(&row.text(1)?).map_err(anyhow::Error::from)?));
    }
    Ok(settings)
}

/// Sets a setting unless it is set: of several that come at once, the first stays.
pub fn insert(tx: &mut Tx, name: &str, value: &Json) -> Result<(), Error> {
    tx.execute(
        "INSERT INTO {setting} (name, value) VALUES (?, ?) ON CONFLICT (name) DO NOTHING",
        &[name.into(), Val::Json(value.to_string())],
    )?;
    Ok(())
}

/// Sets a setting; JSON `null` removes it.
pub fn set(tx: &mut Tx, name: &str, value: &Json) -> Result<(), Error> {
    if value.is_null() {
        tx.execute("DELETE FROM {setting} WHERE name = ?", &[name.into()])?;
    } else {
        tx.execute(
            "INSERT INTO {setting} (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            &[name.into(), Val::Json(value.to_string())],
        )?;
    }
    Ok(())
}
