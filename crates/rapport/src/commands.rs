//! One file per subcommand.

mod accounts;
mod audit;
mod backup;
mod bench;
mod demo;
mod export;
pub mod extract_text;
mod import;
mod rates;
mod schema;
mod serve;

use std::process::ExitCode;

use anyhow::Result;
use model::Actor;
use serde_json::json;

use crate::cli::{Cli, Command};
use crate::config::Config;
use crate::output::answer;

/// Runs a subcommand.
pub fn run(command: Command, config: &Config, json: bool) -> Result<ExitCode> {
    match command {
        Command::Serve(arguments) => serve::run(&arguments, config),
        Command::Demo(arguments) => demo::run(&arguments, config, json),
        Command::Import(arguments) => import::run(&arguments, config, json),
        Command::Export(arguments) => export::run(&arguments, config, json),
        Command::Rates(command) => rates::run(&command, config, json),
        Command::Undo { batch } => undo(batch, config, json),
        Command::Backup { to, without_keys } => backup::backup(&to, without_keys, config, json),
        Command::Restore { from } => backup::restore(&from, config, json),
        Command::Verify => verify(config, json),
        Command::Openapi => openapi(config),
        Command::Audit(command) => audit::run(command, config, json),
        Command::Schema(command) => schema::run(&command, config, json),
        Command::User(command) => accounts::user(command, config, json),
        Command::Key(command) => accounts::key(command, config, json),
        Command::Bench(arguments) => bench::run(&arguments, config, json),
        Command::Upgrade => upgrade(config, json),
        Command::ExtractText => extract_text::run(),
    }
}

fn undo(batch: uuid::Uuid, config: &Config, json: bool) -> Result<ExitCode> {
    let workspace = config.open_existing()?;
    let undone = workspace.undo(&Actor::system("command line"), batch)?;
    let mut words = format!("{} records brought back. Undo this with `rapport undo {}`.", undone.undone, undone.batch);
    if undone.kept_count > 0 {
        words.push_str(&format!("\n{} values were changed since and stay:", undone.kept_count));
    }
    for kept in undone.kept.iter().take(20) {
        let field = kept.field.as_deref().map(|field| format!(".{field}")).unwrap_or_default();
        words.push_str(&format!("\n  {} {}{field}: {}", kept.object, kept.id, kept.reason));
    }
    answer(json, &serde_json::to_value(&undone)?, &words);
    Ok(ExitCode::SUCCESS)
}

fn verify(config: &Config, json: bool) -> Result<ExitCode> {
    let workspace = config.open_existing()?;
    let faults = workspace.verify()?;
    let words = match faults.len() {
        0 => "All is well: history, figures, references, search and the database itself.".to_owned(),
        count => {
            let lines: Vec<String> = faults
                .iter()
                .take(50)
                .map(|fault| {
                    let id = fault.id.map(|id| id.to_string()).unwrap_or_default();
                    format!("  [{}] {} {id} {}", fault.promise, fault.object, fault.detail)
                })
                .collect();
            format!("{count} faults:\n{}", lines.join("\n"))
        }
    };
    answer(json, &json!({ "faults": faults }), &words);
    Ok(if faults.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn openapi(config: &Config) -> Result<ExitCode> {
    let workspace = config.open()?;
    println!("{}", serde_json::to_string_pretty(&api::openapi::document(&workspace))?);
    Ok(ExitCode::SUCCESS)
}

fn upgrade(config: &Config, json: bool) -> Result<ExitCode> {
    let workspace = config.open_existing()?;
    let statements = workspace.store().apply_schema(&workspace.schema())?;
    // Opening already applied what was missing; a second look that finds nothing proves it.
    anyhow::ensure!(statements.is_empty(), "the tables still differ after an upgrade: {}", statements.join("; "));
    answer(json, &json!({ "version": Cli::version() }), "The tables are what this version needs.");
    Ok(ExitCode::SUCCESS)
}

impl Cli {
    fn version() -> &'static str {
        env!("CARGO_PKG_VERSION")
    }
}
