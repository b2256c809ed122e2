//! The program: configuration, wiring, subcommands.

mod cli;
mod commands;
mod config;
mod output;
mod place;

use std::process::ExitCode;

use clap::Parser as _;

/// The capabilities of the program.
const MODULES: &[engine::Module] = &[contacts::MODULE, sales::MODULE];

/// A tenth more writes a second than the system's (docs/decisions/0005-allocator.md).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = cli::Cli::parse();
    if matches!(cli.command, cli::Command::ExtractText) {
        // Reads what strangers made: it learns nothing of configuration and data.
        return commands::extract_text::run().unwrap_or(ExitCode::FAILURE);
    }
    let place = match config::load(&cli) {
        Ok(config) => config,
        Err(error) => return output::fail(&error, cli.json),
    };
    start_log(&place, matches!(cli.command, cli::Command::Serve(_)));
    let done = commands::run(cli.command, &place, cli.json);
    place.finish();
    match done {
        Ok(code) => code,
        Err(error) => output::fail(&error, cli.json),
    }
}

/// Structured logs on standard error: JSON for machines, lines for people. The server tells more than a command.
fn start_log(config: &config::Config, serving: bool) {
    let fallback = if serving { "info" } else { "warn" };
    let filter = tracing_subscriber::EnvFilter::try_new(config.log.as_deref().unwrap_or(fallback))
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new(fallback));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if config.log_json { log.json().init() } else { log.init() }
}
