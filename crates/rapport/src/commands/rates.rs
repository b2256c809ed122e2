//! `rates import`: exchange rates from a file.

use std::process::ExitCode;

use anyhow::{Context as _, Result};
use model::Actor;

use crate::cli::Rates;
use crate::config::Config;
use crate::output::answer;

pub fn run(command: &Rates, config: &Config, json: bool) -> Result<ExitCode> {
    let Rates::Import { file } = command;
    let bytes = std::fs::read(file).with_context(|| format!("reading {}", file.display()))?;
    let done = config.open_existing()?.import_rates(&Actor::system("command line"), &bytes)?;
    let mut words = format!(
        "{} to {}: {} days new, {} changed, {} known already.",
        done.first, done.last, done.created, done.changed, done.unchanged
    );
    if let Some(batch) = done.batch {
        words.push_str(&format!("\nTake it back: rapport undo {batch}"));
    }
    answer(json, &serde_json::to_value(&done)?, &words);
    Ok(ExitCode::SUCCESS)
}
