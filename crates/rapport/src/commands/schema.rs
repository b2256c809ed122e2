//! `schema export`, `schema plan`, `schema apply`: the configuration as TOML files in a folder.

use std::path::Path;
use std::process::ExitCode;
use std::{fs, io};

use anyhow::{Context as _, Result};
use engine::configuration::{Difference, File};
use model::Actor;
use serde_json::json;

use crate::cli::Schema;
use crate::config::Config;
use crate::output::answer;

/// The folders that a configuration has.
const FOLDERS: [&str; 5] = ["objects", "roles", "territories", "views", "layouts"];

pub fn run(command: &Schema, config: &Config, json: bool) -> Result<ExitCode> {
    let actor = Actor::system("command line");
    match command {
        Schema::Export { to } => {
            let files = config.open_existing()?.export_configuration(&actor)?;
            write(to, &files)?;
            let words = format!("{} files in {}.", files.len(), to.display());
            let paths: Vec<&String> = files.iter().map(|(path, _)| path).collect();
            answer(json, &json!({ "files": paths }), &words);
        }
        Schema::Plan { from } => {
            let found = config.open_existing()?.plan_configuration(&actor, &read(from)?)?;
            answer(json, &json!({ "differences": found }), &words(&found, false));
        }
        Schema::Apply { from, prune } => {
            let (batch, done) = config.open()?.apply_configuration(&actor, &read(from)?, *prune)?;
            let undo = batch.map(|batch| format!("\nUndo this with `rapport undo {batch}`.")).unwrap_or_default();
            let words = format!("{}{undo}", words(&done, true));
            answer(json, &json!({ "batch": batch, "differences": done }), &words);
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn words(differences: &[Difference], done: bool) -> String {
    if differences.is_empty() {
        return "The workspace is what the files say.".to_owned();
    }
    let lines = differences.iter().map(|one| {
        let members = if one.members.is_empty() { String::new() } else { format!(": {}", one.members.join(", ")) };
        let only_here = if one.action == "remove" && !done { " (in no file; goes only with --prune)" } else { "" };
        format!("{:6} {} {}{members}{only_here}", one.action, one.kind, one.name)
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Writes the files; those of an earlier export that are no longer among them go.
fn write(folder: &Path, files: &[File]) -> Result<()> {
    for name in FOLDERS {
        let below = folder.join(name);
        fs::create_dir_all(&below).with_context(|| format!("making {}", below.display()))?;
        for path in toml_files(&below)? {
            let name = format!("{name}/{}", path.file_name().unwrap_or_default().to_string_lossy());
            if !files.iter().any(|(kept, _)| *kept == name) {
                fs::remove_file(&path).with_context(|| format!("removing {}", path.display()))?;
            }
        }
    }
    for (name, text) in files {
        let path = folder.join(name);
        fs::write(&path, text).with_context(|| format!("writing {}", path.display()))?;
    }
    Ok(())
}

fn read(folder: &Path) -> Result<Vec<File>> {
    anyhow::ensure!(folder.is_dir(), "{} is no folder. Make one with `rapport schema export`.", folder.display());
    let mut files = Vec::new();
    for name in FOLDERS {
        for path in toml_files(&folder.join(name))? {
            let text = fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
            files.push((format!("{name}/{}", path.file_name().unwrap_or_default().to_string_lossy()), text));
        }
    }
    Ok(files)
}

/// The TOML files of a folder in the order of their names; none when there is no folder.
fn toml_files(folder: &Path) -> Result<Vec<std::path::PathBuf>> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error).with_context(|| format!("reading {}", folder.display())),
    };
    let mut found = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}
