//! `export`: records to a file or to standard output.

use std::fs::File;
use std::io::{BufWriter, Write, stdout};
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use contacts::export::{ExportFormat, Wanted, run as export};
use engine::Query;
use model::Actor;
use serde_json::json;

use crate::cli::{Export, Format};
use crate::config::Config;
use crate::output::answer;

pub fn run(arguments: &Export, config: &Config, json: bool) -> Result<ExitCode> {
    let workspace = config.open_existing()?;
    let object = workspace.load_plural(&arguments.object)?;
    let query = Query {
        object: object.name.clone(),
        filter: arguments.filter.clone(),
        sort: arguments.sort.clone(),
        fields: arguments.fields.clone(),
        ..Query::default()
    };
    let format = match arguments.format {
        Format::Csv => ExportFormat::Csv,
        Format::Xlsx => ExportFormat::Xlsx,
        Format::Vcf => ExportFormat::Vcard,
        Format::Jsonl => ExportFormat::Jsonl,
    };
    let out: Box<dyn Write + Send> = match &arguments.output {
        Some(path) => {
            let file = File::create(path).with_context(|| format!("writing {}", path.display()))?;
            Box::new(BufWriter::new(file))
        }
        None => Box::new(BufWriter::new(stdout())),
    };
    let count = export(&workspace, &Actor::system("command line"), Wanted { query, format, clear: true }, out)?;
    if let Some(path) = &arguments.output {
        let words = format!("{count} {} written to {}.", object.label_plural.to_lowercase(), path.display());
        answer(json, &json!({ "records": count, "file": path }), &words);
    }
    Ok(ExitCode::SUCCESS)
}
