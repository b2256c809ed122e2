//! `import`: a file becomes records.

use std::fs::File;
use std::io::{BufWriter, IsTerminal as _, Write as _};
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use contacts::import::{self, OnMatch as Matched, Wanted};
use model::Actor;
use serde_json::json;

use crate::cli::{Import, OnMatch};
use crate::config::Config;
use crate::output::answer;

pub fn run(arguments: &Import, config: &Config, json: bool) -> Result<ExitCode> {
    let workspace = config.open()?;
    workspace.begin()?;
    let actor = Actor::system("command line");
    let wanted = Wanted {
        object: arguments.object.clone(),
        file: arguments.file.clone(),
        dry_run: arguments.dry_run,
        on_match: match arguments.on_match {
            OnMatch::Update => Matched::Update,
            OnMatch::Fill => Matched::Fill,
            OnMatch::Skip => Matched::Skip,
            OnMatch::Create => Matched::Create,
        },
    };
    let shows_progress = !json && std::io::stderr().is_terminal();
    let done = import::run_to_end(&workspace, &actor, &wanted, |progress| {
        if shows_progress {
            eprint!("\r{:3.0} %", progress * 100.0);
        }
    })?;
    if shows_progress {
        eprint!("\r     \r");
    }
    let counts = import::Counts::from_json(&done.row.counts);
    if let Some(path) = &arguments.errors {
        let file = File::create(path).with_context(|| format!("writing {}", path.display()))?;
        let mut out = BufWriter::new(file);
        import::errors_csv(&workspace, &actor, done.row.id, &mut out)?;
        out.flush()?;
    }
    let batch = done.row.batch.filter(|_| !arguments.dry_run);
    let mut value = counts.to_json();
    if let Some(map) = value.as_object_mut() {
        map.insert("batch".to_owned(), json!(batch));
        map.insert("import".to_owned(), json!(done.row.id));
    }
    answer(json, &value, &words(&counts, batch, arguments));
    Ok(ExitCode::SUCCESS)
}

fn words(counts: &import::Counts, batch: Option<uuid::Uuid>, arguments: &Import) -> String {
    let mut words = format!(
        "{} rows: {} {}, {} {}, {} unchanged, {} duplicates, {} skipped, {} errors.",
        counts.rows,
        counts.created,
        if arguments.dry_run { "would be created" } else { "created" },
        counts.updated,
        if arguments.dry_run { "would be updated" } else { "updated" },
        counts.unchanged,
        counts.duplicates,
        counts.skipped,
        counts.errors,
    );
    if counts.related_created > 0 {
        let made: Vec<String> = counts.related.iter().map(|(object, count)| format!("{count} × {object}")).collect();
        words.push_str(&format!(" Made on the way: {}.", made.join(", ")));
    }
    if counts.suppressed > 0 {
        words.push_str(&format!(" {} with a suppressed address, which stays so.", counts.suppressed));
    }
    if counts.errors > 0 {
        words.push_str("\nSee the refused rows with their reasons: add --errors FILE.");
    }
    if let Some(batch) = batch {
        words.push_str(&format!("\nTake it back: rapport undo {batch}"));
    }
    words
}
