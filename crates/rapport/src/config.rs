//! Configuration: flags, then environment, then one TOML file, then defaults.

use std::path::PathBuf;
use std::sync::OnceLock;

use anyhow::{Context as _, Result};
use engine::Workspace;
use serde::Deserialize;

use crate::cli::Cli;

/// What the TOML file may say.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct File {
    data: Option<PathBuf>,
    keys: Option<PathBuf>,
    database_url: Option<String>,
    log: Option<String>,
    log_json: Option<bool>,
    /// Where to listen.
    pub listen: Option<String>,
    /// The address people use.
    pub public_url: Option<String>,
    /// Proxies whose headers count.
    pub trusted_proxies: Vec<String>,
    /// Networks of one's own in which push services may be.
    pub push_networks: Vec<String>,
    /// Requests per minute and API key.
    pub rate_per_minute: Option<u32>,
    /// Reader threads.
    pub readers: Option<usize>,
}

/// The configuration in force.
pub struct Config {
    /// Folder with the database and the files.
    pub data: PathBuf,
    /// Folder with the keys of the workspace; beside the data when nobody says otherwise.
    pub keys: Option<PathBuf>,
    /// A PostgreSQL database instead of SQLite.
    pub database_url: Option<String>,
    /// What is logged.
    pub log: Option<String>,
    /// Log lines as JSON.
    pub log_json: bool,
    /// The rest of the file.
    pub file: File,
    /// The workspace, once it was opened: what was audited is signed when the command is done.
    pub opened: OnceLock<Workspace>,
}

/// Puts flags, environment and file together.
pub fn load(cli: &Cli) -> Result<Config> {
    let file = match &cli.config {
        Some(path) => {
            let text = std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
            toml::from_str::<File>(&text).with_context(|| format!("in {}", path.display()))?
        }
        None => File::default(),
    };
    Ok(Config {
        data: cli.data.clone().or_else(|| file.data.clone()).unwrap_or_else(|| PathBuf::from("data")),
        database_url: cli.database_url.clone().or_else(|| file.database_url.clone()),
        log: cli.log.clone().or_else(|| file.log.clone()),
        log_json: cli.log_json || file.log_json.unwrap_or(false),
        keys: cli.keys.clone().or_else(|| file.keys.clone()),
        opened: OnceLock::new(),
        file,
    })
}
