//! Public links of documents: addresses that are secrets, kept only as the hash of the secret, with an end.

use uuid::Uuid;

use crate::{Error, Row, Tx, Val};

/// Portable DDL.
pub const DDL: &[&str] = &[
    "CREATE TABLE IF NOT EXISTS {document_link} (id {id} PRIMARY KEY, document {id} NOT NULL, secret TEXT NOT NULL, \
     password TEXT, created_by {id} NOT NULL, created_at BIGINT NOT NULL, expires_at BIGINT NOT NULL, \
     downloads BIGINT NOT NULL, last_at BIGINT)",
    "CREATE UNIQUE INDEX IF NOT EXISTS document_link_secret ON {document_link} (secret)",
    "CREATE INDEX IF NOT EXISTS document_link_document ON {document_link} (document)",
];

/// The columns in their order.
const COLUMNS: &str = "id, document, secret, password, created_by, created_at, expires_at, downloads, last_at";

/// One link. Times in microseconds since the epoch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentLink {
    /// Names the link to those who keep it.
    pub id: Uuid,
    /// The document that it opens.
    pub document: Uuid,
    /// SHA-256 of the secret, in hexadecimal.
    pub secret: String,
    /// The hash of its password, if it has one.
    pub password: Option<String>,
    /// The user who made it, with whose rights it reads.
    pub created_by: Uuid,
    /// When it was made.
    pub created_at: i64,
    /// When it stops working.
    pub expires_at: i64,
    /// How often the file was taken.
    pub downloads: i64,
    /// When it was taken last.
    pub last_at: Option<i64>,
}

/// Keeps a link.
pub fn insert(tx: &mut Tx, link: &DocumentLink) -> Result<(), Error> {
    tx.execute(
        "INSERT INTO {document_link} (id, document, secret, password, created_by, created_at, expires_at, downloads) \
         VALUES (?, ?, ?, ?, ?, ?, ?, 0)",
        &[
            Val::Id(link.id),
            Val::Id(link.document),
            Val::Text(link.secret.clone()),
            link.password.clone().map_or(Val::Null, Val::Text),
            Val::Id(link.created_by),
            Val::Int(link.created_at),
            Val::Int(link.expires_at),
        ],
    )?;
    Ok(())
}

/// The link of a secret's hash.
pub fn find(tx: &mut Tx, secret: &str) -> Result<Option<DocumentLink>, Error> {
    let text = format!("SELECT {COLUMNS} FROM {{document_link}} WHERE secret = ?");
    tx.query(&text, &[Val::from(secret)])?.first().map(link_of).transpose()
}

/// The links of a document, the newest first; those that are over too.
pub fn of_document(tx: &mut Tx, document: Uuid) -> Result<Vec<DocumentLink>, Error> {
    let text = format!("SELECT {COLUMNS} FROM {{document_link}} WHERE document = ? ORDER BY created_at DESC, id DESC");
    tx.query(&text, &[Val::Id(document)])?.iter().map(link_of).collect()
}

fn link_of(row: &Row) -> Result<DocumentLink, Error> {
    Ok(DocumentLink {
        id: row.id(0)?,
        document: row.id(1)?,
        secret: row.text(2)?,
        password: row.text_or_none(3)?,
        created_by: row.id(4)?,
        created_at: row.int(5)?,
        expires_at: row.int(6)?,
        downloads: row.int(7)?,
        last_at: row.int_or_none(8),
    })
}

/// Counts that the file was taken.
pub fn count(tx: &mut Tx, id: Uuid, at: i64) -> Result<(), Error> {
    tx.execute(
        "UPDATE {document_link} SET downloads = downloads + 1, last_at = ? WHERE id = ?",
        &[Val::Int(at), Val::Id(id)],
    )?;
    Ok(())
}

/// Takes a link of a document back; whether there was one.
pub fn delete(tx: &mut Tx, document: Uuid, id: Uuid) -> Result<bool, Error> {
    let gone =
        tx.execute("DELETE FROM {document_link} WHERE document = ? AND id = ?", &[Val::Id(document), Val::Id(id)])?;
    Ok(gone > 0)
}
