//! `backup` and `restore`: a folder with the database, the files and a manifest of checksums.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, Result, ensure};
use model::Actor;
use serde_json::{Value as Json, json};
use store::{Checksum, Store};

use crate::config::Config;
use crate::output::answer;

const MANIFEST: &str = "manifest.json";
const DATABASE: &str = "database";
const FILES: &str = "files";

const KEYS: &str = "keys";

pub fn backup(to: &Path, without_keys: bool, config: &Config, json: bool) -> Result<ExitCode> {
    ensure!(!to.exists(), "{} exists already; name a new folder for the backup", to.display());
    let workspace = config.open_existing()?;
    fs::create_dir_all(to).with_context(|| format!("making {}", to.display()))?;
    // Before the database: a head that is signed meanwhile is of entries that the copy has not.
    copy_keys(&config.keys(), &to.join(KEYS), without_keys)?;
    workspace.store().backup(&to.join(DATABASE))?;
    let files = copy_folder(&config.files(), &to.join(FILES))?;
    let sums = sums_of_copy(&to.join(DATABASE), config)?;
    let manifest = json!({ "version": env!("CARGO_PKG_VERSION"), "checksums": sums, "files": files, "sealed": true });
    fs::write(to.join(MANIFEST), serde_json::to_vec_pretty(&manifest)?)?;
    let records: u64 = sums.iter().filter_map(|sum| sum.get("count")?.as_u64()).sum();
    let mut words = format!("{records} records and {files} files saved in {}.", to.display());
    if without_keys {
        words.push_str("\nThe keys are not in it: keep a copy of them, without it the backup does not start.");
    }
    answer(json, &manifest, &words);
    Ok(ExitCode::SUCCESS)
}

pub fn restore(from: &Path, config: &Config, json: bool) -> Result<ExitCode> {
    let text = fs::read_to_string(from.join(MANIFEST))
        .with_context(|| format!("{} is no backup: its {MANIFEST} cannot be read", from.display()))?;
    let manifest: Json = serde_json::from_str(&text).context("the manifest is damaged")?;
    let location = config.location()?;
    if let store::Location::Sqlite(path) = &location {
        ensure!(!path.exists(), "{} is not empty; restore into a new place with --data", config.data.display());
    }
    fs::create_dir_all(&config.data)?;
    restore_keys(&from.join(KEYS), &config.keys())?;
    // Before anything is written: without its keys the restored workspace would not start.
    let sealed = manifest.get("sealed") == Some(&Json::Bool(true));
    ensure!(
        !sealed || engine::keys::are_there(&config.keys()),
        "the backup has no keys; put those of the workspace into {} and restore again",
        config.keys().display()
    );
    Store::restore(&location, &from.join(DATABASE))?;
    let files = copy_folder(&from.join(FILES), &config.files())?;
    ensure!(
        manifest.get("files").and_then(Json::as_u64) == Some(files),
        "the backup is damaged: files are missing or too many"
    );
    let workspace = config.open()?;
    workspace.audit_restored(&Actor::system("command line"))?;
    // What waited when the backup was made may have gone out since.
    let held = workspace.hold_mail()?;
    workspace.drop_pushes()?;
    let sums = as_json(&workspace.store().checksum(&workspace.schema())?);
    let wanted = manifest.get("checksums").and_then(Json::as_array).cloned().unwrap_or_default();
    let differing: Vec<String> = wanted
        .iter()
        .filter(|sum| !sums.contains(sum))
        .filter_map(|sum| sum.get("object")?.as_str().map(str::to_owned))
        .collect();
    ensure!(differing.is_empty(), "the restored records differ from the backup's checksums: {}", differing.join(", "));
    let records: u64 = sums.iter().filter_map(|sum| sum.get("count")?.as_u64()).sum();
    let mut words = format!("{records} records and {files} files restored; every checksum is right.");
    if held > 0 {
        words.push_str(&format!("\n{held} mails that waited are held: release or cancel them under Settings, Mail."));
    }
    answer(json, &json!({ "checksums": sums, "files": files, "held_mails": held }), &words);
    Ok(ExitCode::SUCCESS)
}

/// Checksums of the copy itself, so that writes during the backup do not matter.
fn sums_of_copy(copy: &Path, config: &Config) -> Result<Vec<Json>> {
    let folder = tempfile_beside(copy)?;
    let scratch = store::Location::Sqlite(folder.join("check.db"));
    let result = if config.database_url.is_none() {
        Store::restore(&scratch, copy)?;
        let workspace = engine::Workspace::open(&scratch, &config.options(), crate::MODULES)?;
        let sums = as_json(&workspace.store().checksum(&workspace.schema())?);
        workspace.stop();
        workspace.store().close();
        sums
    } else {
        // A copy of PostgreSQL needs a server to be opened; the sums are of the workspace itself.
        let workspace = config.open_existing()?;
        as_json(&workspace.store().checksum(&workspace.schema())?)
    };
    fs::remove_dir_all(&folder)?;
    Ok(result)
}

fn tempfile_beside(copy: &Path) -> Result<std::path::PathBuf> {
    let folder = copy.with_file_name("check");
    fs::create_dir_all(&folder)?;
    Ok(folder)
}

fn as_json(sums: &[Checksum]) -> Vec<Json> {
    sums.iter().map(|sum| json!({ "object": sum.object, "count": sum.count, "sha256": sum.sha256 })).collect()
}

/// The names of the files with keys; what else lies beside them are signed heads, which hide nothing.
fn is_key(name: &std::ffi::OsStr) -> bool {
    Path::new(name).extension().is_some_and(|extension| extension == "key")
}

/// Copies the keys, if they are wanted, and the signed heads.
fn copy_keys(from: &Path, to: &Path, without_keys: bool) -> Result<()> {
    engine::keys::make_folder(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        if entry.file_type()?.is_file() && !(without_keys && is_key(&entry.file_name())) {
            fs::copy(entry.path(), to.join(entry.file_name()))?;
        }
    }
    Ok(())
}

/// Puts back what is missing; what is there already stays, also heads that were signed after the backup.
fn restore_keys(from: &Path, to: &Path) -> Result<()> {
    if !from.exists() {
        return Ok(());
    }
    engine::keys::make_folder(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if !target.exists() {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

/// Copies a folder and returns the number of files; a folder that is not there is empty.
fn copy_folder(from: &Path, to: &Path) -> Result<u64> {
    fs::create_dir_all(to)?;
    if !from.exists() {
        return Ok(0);
    }
    let mut count = 0;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            count += copy_folder(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), &target)?;
            count += 1;
        }
    }
    Ok(count)
}
