//! Where a workspace is, and opening it.

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use engine::Workspace;
use store::{Location, Options};

use crate::config::Config;

impl Config {
    /// The database: a PostgreSQL schema, or one file in the data folder.
    pub fn location(&self) -> Result<Location> {
        let Some(url) = &self.database_url else { return Ok(Location::Sqlite(self.data.join("rapport.db"))) };
        let (url, schema) = split_schema(url);
        anyhow::ensure!(
            schema.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_') && !schema.is_empty(),
            "the schema in the database URL may have small letters, digits and underscores only: `{schema}`"
        );
        Ok(Location::Postgres { url, schema })
    }

    /// The folder of uploaded files.
    pub fn files(&self) -> PathBuf {
        self.data.join("files")
    }

    /// How the store works.
    pub fn options(&self) -> Options {
        let mut options = Options::default();
        if let Some(readers) = self.file.readers {
            options.readers = readers.max(1);
        }
        options
    }

    /// Opens the workspace, making it when it is missing.
    pub fn open(&self) -> Result<Workspace> {
        std::fs::create_dir_all(&self.data).with_context(|| format!("making {}", self.data.display()))?;
        let workspace = Workspace::open(&self.location()?, &self.options(), crate::MODULES)?;
        workspace.unlock(&self.keys())?;
        Ok(self.opened.get_or_init(|| workspace).clone())
    }

    /// Signs what the command audited.
    pub fn finish(&self) {
        let running = self.opened.get().filter(|workspace| !workspace.is_stopping());
        if let Some(Err(error)) = running.map(Workspace::seal_audit) {
            tracing::warn!(error = format!("{error:#}"), "the audit log was not signed");
        }
    }

    /// The folder of the workspace's keys.
    pub fn keys(&self) -> PathBuf {
        self.keys.clone().unwrap_or_else(|| self.data.join("keys"))
    }

    /// Opens a workspace that must be there.
    pub fn open_existing(&self) -> Result<Workspace> {
        if let Location::Sqlite(path) = self.location()? {
            anyhow::ensure!(
                path.exists(),
                "there is no workspace at {}; start one with `rapport serve` or name its folder with --data",
                path.display()
            );
        }
        self.open()
    }
}

/// Takes `schema=name` out of the URL's parameters; `rapport` when it names none.
fn split_schema(url: &str) -> (String, String) {
    let Some((head, query)) = url.split_once('?') else { return (url.to_owned(), "rapport".to_owned()) };
    let mut schema = "rapport".to_owned();
    let mut rest = Vec::new();
    for part in query.split('&') {
        match part.strip_prefix("schema=") {
            Some(name) => name.clone_into(&mut schema),
            None => rest.push(part),
        }
    }
    let url = if rest.is_empty() { head.to_owned() } else { format!("{head}?{}", rest.join("&")) };
    (url, schema)
}

#[cfg(test)]
mod tests {
    use super::split_schema;

    #[test]
    fn the_schema_is_taken_from_the_url() {
        let split = |url| split_schema(url);
        assert_eq!(split("postgres://h/db"), ("postgres://h/db".to_owned(), "rapport".to_owned()));
        assert_eq!(
            split("postgres://h/db?sslmode=require&schema=acme"),
            ("postgres://h/db?sslmode=require".to_owned(), "acme".to_owned())
        );
    }
}
