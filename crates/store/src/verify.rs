//! What can be checked about a database without the engine: checksums of the records, links, counters, pages.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use model::{Kind, Object, Record, Schema};
use serde_json::Value as Json;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::error::Error;
use crate::query::{Checksum, Deleted, Select};
use crate::records::links_of;
use crate::sql::{Dialect, link_table};
use crate::tx::{CountChange, Tx};

/// Fields that say when and by whom, not what: two databases with the same content differ in them.
const STAMPS: [&str; 6] = ["version", "created_at", "created_by", "updated_at", "updated_by", "deleted_at"];
/// Most faults named before the list is cut.
const FAULTS_MAX: usize = 100;

impl Tx {
    /// Count and content hash of every object's live records.
    pub(crate) fn checksum(&mut self, schema: &Arc<Schema>) -> Result<Vec<Checksum>, Error> {
        let mut checksums = Vec::new();
        for object in schema.objects() {
            let mut hasher = Sha256::new();
            let mut count = 0;
            let mut line = String::new();
            self.select(&Select::all(schema, object), &mut |record| {
                line.clear();
                push_record(&mut line, &record);
                hasher.update(line.as_bytes());
                count += 1;
                Ok(())
            })?;
            let sha256 = hasher.finalize().iter().fold(String::new(), |mut text, byte| {
                let written = write!(text, "{byte:02x}");
                debug_assert!(written.is_ok(), "writing to a String does not fail");
                text
            });
            checksums.push(Checksum { object: object.name.clone(), count, sha256 });
        }
        Ok(checksums)
    }

    /// What is wrong with the database itself; empty when all is well.
    pub(crate) fn verify(&mut self, schema: &Arc<Schema>) -> Result<Vec<String>, Error> {
        let mut faults = Vec::new();
        if self.dialect() == Dialect::Sqlite {
            // The check trusts what this connection remembers of the full-text indexes; a search makes it look again.
            for search in ["{search}", "{search_text}"] {
                let sql = format!("SELECT count(*) FROM (SELECT 1 FROM {search} WHERE {search} MATCH '\"-\"' LIMIT 1)");
                self.query_int(&sql, &[])?;
            }
            // The full-text index notices what other connections wrote only when it is searched; unasked, it would be
            // checked against an old picture of itself.
            self.query("SELECT rowid FROM {search} WHERE {search} MATCH 'x' LIMIT 1", &[])?;
            self.query("SELECT rowid FROM {search_text} WHERE {search_text} MATCH 'x' LIMIT 1", &[])?;
            let answers = self.query("PRAGMA integrity_check(20)", &[])?;
            for answer in answers {
                let text = answer.text(0)?;
                if text != "ok" {
                    faults.push(format!("integrity: {text}"));
                }
            }
        }
        for object in schema.objects() {
            self.verify_count(object, &mut faults)?;
            self.verify_links(schema, object, &mut faults)?;
            if faults.len() > FAULTS_MAX {
                break;
            }
        }
        faults.truncate(FAULTS_MAX);
        Ok(faults)
    }

    fn verify_count(&mut self, object: &Object, faults: &mut Vec<String>) -> Result<(), Error> {
        let mut sql = self.writer();
        sql.push("SELECT count(*), count(\"deleted_at\") FROM ").table(object.table());
        let mut real = CountChange::default();
        self.each(&sql.text, &sql.params, &mut |row| {
            let (all, deleted) = (row.int(0)?, row.int(1)?);
            real = CountChange { live: all - deleted, deleted };
            Ok(())
        })?;
        let kept = self.counted(&object.name)?;
        if kept != real {
            faults.push(format!("{}: counted {kept:?}, but there are {real:?}", object.plural));
        }
        Ok(())
    }

    /// Link rows must say what the records' lists say.
    fn verify_links(
        &mut self,
        schema: &Arc<Schema>,
        object: &Arc<Object>,
        faults: &mut Vec<String>,
    ) -> Result<(), Error> {
        for field in object.fields.iter().filter(|field| matches!(field.kind, Kind::References | Kind::About)) {
            let Some(table) = link_table(object, field) else {
                continue;
            };
            let mut links: BTreeMap<(Uuid, Uuid), i8> = BTreeMap::new();
            let mut sql = self.writer();
            sql.push("SELECT \"record\", \"target\" FROM ").table(&table);
            self.each(&sql.text, &sql.params, &mut |row| {
                *links.entry((row.id(0)?, row.id(1)?)).or_default() += 1;
                Ok(())
            })?;
            let select =
                Select { fields: vec![field.name.clone()], deleted: Deleted::With, ..Select::all(schema, object) };
            self.select(&select, &mut |record| {
                for link in links_of(field, record.id, record.get(&field.name)) {
                    if let [crate::sql::Val::Id(from), crate::sql::Val::Id(to), ..] = link.as_slice() {
                        *links.entry((*from, *to)).or_default() -= 1;
                    }
                }
                Ok(())
            })?;
            for ((record, target), difference) in links.into_iter().filter(|(_, difference)| *difference != 0) {
                let what = if difference > 0 { "a link without its record's list" } else { "a list without its link" };
                faults.push(format!("{table}: {record} to {target}: {what}"));
                if faults.len() > FAULTS_MAX {
                    return Ok(());
                }
            }
        }
        Ok(())
    }
}

/// The record as one line of canonical JSON: keys sorted, missing values and stamps left out.
fn push_record(out: &mut String, record: &Record) {
    out.push_str(&record.id.to_string());
    for (name, value) in &record.values {
        if STAMPS.contains(&name.as_str()) || value.is_missing() {
            continue;
        }
        out.push(' ');
        out.push_str(name);
        out.push('=');
        push_canonical(out, &value.to_json());
    }
    out.push('\n');
}

fn push_canonical(out: &mut String, json: &Json) {
    match json {
        Json::Object(map) => {
            let sorted: BTreeMap<&String, &Json> = map.iter().collect();
            out.push('{');
            for (at, (name, value)) in sorted.into_iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                out.push_str(&Json::from(name.as_str()).to_string());
                out.push(':');
                push_canonical(out, value);
            }
            out.push('}');
        }
        Json::Array(list) => {
            out.push('[');
            for (at, value) in list.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                push_canonical(out, value);
            }
            out.push(']');
        }
        other => out.push_str(&other.to_string()),
    }
}
