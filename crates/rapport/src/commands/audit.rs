//! `audit`: the list of what was done, and the proof that it is as it was written.

use std::process::ExitCode;

use anyhow::Result;
use engine::AuditReport;
use engine::audit::entry_json;
use model::Actor;
use serde_json::{Value as Json, json};
use store::tables::audit::Wanted;

use crate::cli::Audit;
use crate::config::Config;
use crate::output::answer;

pub fn run(command: Audit, config: &Config, json: bool) -> Result<ExitCode> {
    match command {
        Audit::Verify => verify(config, json),
        Audit::List { kind, actor, before, limit } => {
            list(config, Wanted { kind, actor, before, limit, ..Wanted::default() }, json)
        }
    }
}

fn verify(config: &Config, json: bool) -> Result<ExitCode> {
    let workspace = config.open_existing()?;
    let report = workspace.verify_audit(&Actor::system("command line"))?;
    answer(json, &serde_json::to_value(&report)?, &words(&report));
    Ok(if report.ok { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn words(report: &AuditReport) -> String {
    let mut lines = Vec::new();
    match report.first_fault {
        None => lines.push(format!(
            "All {} entries are as they were written; {} signed heads agree, the last at entry {}.",
            report.entries, report.heads, report.signed_to
        )),
        Some(index) => {
            lines.push(format!("The audit log was tampered with. The first wrong entry is {index}:"));
            lines.extend(report.faults.iter().take(20).map(|fault| format!("  {}: {}", fault.index, fault.why)));
        }
    }
    lines.extend(report.notes.iter().cloned());
    lines.join("\n")
}

fn list(config: &Config, wanted: Wanted, json: bool) -> Result<ExitCode> {
    let workspace = config.open_existing()?;
    let entries = workspace.list_audit(&Actor::system("command line"), wanted)?;
    let rows: Vec<Json> = entries.iter().map(entry_json).collect();
    let lines: Vec<String> = entries
        .iter()
        .map(|entry| {
            let what = &entry.what;
            let at = model::value::instant_to_text(what.at);
            let subject = what.subject.as_deref().unwrap_or("-");
            let address = what.address.as_deref().unwrap_or("-");
            let details = if what.details.is_empty() { String::new() } else { json!(what.details).to_string() };
            format!("{}  {at}  {}  {}  {subject}  {address}  {details}", entry.index, what.kind, what.actor)
        })
        .collect();
    answer(json, &json!({ "entries": rows }), &lines.join("\n"));
    Ok(ExitCode::SUCCESS)
}
