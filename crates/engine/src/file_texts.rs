//! The text inside files as search knows it: of a field of files that `search` names, the name and the text of the first
//! file, which is the newest version. Texts are kept by content, so that undo and restore find them again.

use std::collections::HashMap;
use std::fs::File;
use std::sync::Arc;

use model::{Field, Kind, Object, Record};
use serde_json::Value as Json;
use store::blobs::Blobs;
use store::tables::file_texts::{self, FileText};
use store::{Error, Tx};
use uuid::Uuid;

use crate::effects::search_doc;
use crate::workspace::Workspace;

/// Reads the text out of a file; an error is a fault of the machine, not of the file.
pub type TextReader = Arc<dyn Fn(File) -> anyhow::Result<FileText> + Send + Sync>;

/// The files of a workspace.
pub struct Files {
    /// Where they lie.
    pub blobs: Blobs,
    /// Who reads the text inside.
    pub reader: TextReader,
}

/// Texts by file.
pub(crate) type Texts = HashMap<String, String>;

/// The fields of files that search looks into.
pub fn searched_files(object: &Object) -> impl Iterator<Item = &Field> {
    object.search.iter().filter_map(|name| object.find_field(name)).filter(|field| field.kind == Kind::Files)
}

/// The newest file of a field.
pub(crate) fn newest<'a>(record: &'a Record, field: &str) -> Option<&'a Json> {
    record.get(field).as_json()?.as_array()?.first()
}

/// The id of the newest file of a field: the hash of its content.
pub fn newest_file<'a>(record: &'a Record, field: &str) -> Option<&'a str> {
    newest(record, field)?.get("id")?.as_str()
}

/// The texts that search knows of these records.
pub(crate) fn texts_of<'a>(
    tx: &mut Tx,
    object: &Object,
    records: impl IntoIterator<Item = &'a Record>,
) -> Result<Texts, Error> {
    let fields: Vec<&Field> = searched_files(object).collect();
    if fields.is_empty() {
        return Ok(Texts::new());
    }
    let named = records
        .into_iter()
        .flat_map(|record| fields.iter().filter_map(|field| newest_file(record, &field.name)).collect::<Vec<_>>());
    let mut files: Vec<String> = named.map(str::to_owned).collect();
    files.sort_unstable();
    files.dedup();
    file_texts::bodies(tx, &files)
}

impl Workspace {
    /// Tells the workspace where its files lie and who reads them. Once; what is told later is not heard.
    pub fn attach_files(&self, blobs: Blobs, reader: TextReader) {
        let files = Files { blobs, reader };
        if self.0.files.set(files).is_err() {
            tracing::debug!("the files are attached already");
        }
    }

    /// The files, where the program has them.
    pub fn files(&self) -> Option<&Files> {
        self.0.files.get()
    }

    /// Makes anew what search knows of records, in a transaction that is open already.
    ///
    /// # Errors
    /// Not found object; a database that fails.
    pub fn reindex(&self, tx: &mut Tx, object: &str, ids: &[Uuid]) -> Result<(), Error> {
        let object = self.compiled().rules(object)?.object.clone();
        if object.search.is_empty() {
            return tx.unindex(ids);
        }
        // Locked, so that nobody puts an older state over a newer one.
        let mut records = tx.lock_many(&object, ids)?;
        records.retain(|record| record.get("deleted_at").is_missing());
        let texts = texts_of(tx, &object, &records)?;
        let docs: Vec<_> = records.iter().map(|record| search_doc(&object, record, &texts, false)).collect();
        if docs.is_empty() { Ok(()) } else { tx.index_many(&docs) }
    }
}
