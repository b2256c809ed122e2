//! The ledger as people read it: pages of rows with their outcome, and the refused rows as a file.

use std::io::Write;

use engine::Workspace;
use model::{Actor, Code, Problem};
use serde_json::{Map, Value as Json, json};
use store::Error;
use store::tables::imports::{self, LedgerRow};
use uuid::Uuid;

use super::build::Plan;
use super::guard::guard;
use super::pass::Phase;
use super::read::Row;
use super::settings::Import;

/// Rows of one page.
const PAGE_ROWS: usize = 100;
const OUTCOMES: [&str; 6] = ["create", "update", "unchanged", "duplicate", "skip", "error"];

/// The phase whose ledger counts: of the dry run until the import itself begins.
fn phase_of(import: &Import) -> Phase {
    match import.row.status.as_str() {
        "mapping" | "checking" | "checked" => Phase::Check,
        _ => Phase::Run,
    }
}

/// A page of the ledger: `{"rows":[{"row","outcome","reason","values","record","read"}],"next"}`. `values` are the cells by
/// column, `read` what they are understood as by `object.field`; references are as they were written. The cursor is the number of the
/// last row seen.
///
/// # Errors
/// Not found; an outcome that does not exist; a database that fails.
pub fn rows(
    workspace: &Workspace,
    actor: &Actor,
    id: Uuid,
    outcome: Option<&str>,
    cursor: Option<&str>,
) -> Result<Json, Error> {
    if let Some(unknown) = outcome.filter(|outcome| !OUTCOMES.contains(outcome)) {
        let detail = format!("There is no outcome `{unknown}`. There are {}.", OUTCOMES.join(", "));
        return Err(Problem::new(Code::BadRequest, detail).into());
    }
    let import = super::load(workspace, actor, id)?;
    let after = cursor.map_or(Ok(0), str::parse::<i64>);
    let after = after.map_err(|_| Problem::new(Code::BadRequest, "The cursor is not one that a page gave."))?;
    let (phase, outcome) = (phase_of(&import).number(), outcome.map(str::to_owned));
    let found =
        workspace.store().read(move |tx| imports::rows(tx, id, phase, outcome.as_deref(), after, PAGE_ROWS)).wait()?;
    let next = (found.len() == PAGE_ROWS).then(|| found.last().map(|row| row.number.to_string())).flatten();
    let names = import.settings.columns().names;
    // Fields may have gone since: then only the cells are told.
    let plan = super::plan_of(workspace, &import).ok();
    let object = &import.row.object;
    let rows: Vec<Json> =
        found.iter().map(|row| row_json(&names, row, plan.as_ref().map(|plan| read_json(plan, object, row)))).collect();
    Ok(json!({ "rows": rows, "next": next }))
}

/// The values that a row's cells become.
fn read_json(plan: &Plan, object: &str, row: &LedgerRow) -> Json {
    let cells = row.cells.as_array().map(Vec::as_slice).unwrap_or_default();
    let cells = cells.iter().map(|cell| cell.as_str().unwrap_or_default().to_owned()).collect();
    let built = plan.build(&Row { number: u64::try_from(row.number).unwrap_or_default(), cells, fault: None });
    let main = std::iter::once((object, &built.main));
    let drafts = main.chain(built.related.iter().map(|(_, object, draft)| (object.as_str(), draft)));
    let values = drafts.flat_map(|(object, draft)| {
        draft.patch.iter().map(move |(field, value)| (format!("{object}.{field}"), value.to_json()))
    });
    Json::Object(values.collect())
}

fn row_json(names: &[String], row: &LedgerRow, read: Option<Json>) -> Json {
    let cells = row.cells.as_array().map(Vec::as_slice).unwrap_or_default();
    let values: Map<String, Json> = cells
        .iter()
        .enumerate()
        .filter(|(_, cell)| cell.as_str().is_some_and(|cell| !cell.is_empty()))
        .map(|(at, cell)| (names.get(at).cloned().unwrap_or_else(|| format!("Column {}", at + 1)), cell.clone()))
        .collect();
    json!({
        "row": row.number,
        "outcome": row.outcome,
        "reason": row.reason,
        "values": values,
        "record": row.record,
        "read": read,
    })
}

/// Writes the refused rows as CSV: the original cells and the reason beside them. Corrected, the file can be imported.
///
/// # Errors
/// Not found; an output or a database that fails.
pub fn errors_csv(workspace: &Workspace, actor: &Actor, id: Uuid, out: &mut impl Write) -> Result<(), Error> {
    let import = super::load(workspace, actor, id)?;
    let names = import.settings.columns().names;
    out.write_all("\u{feff}".as_bytes())?;
    let mut csv = csv::WriterBuilder::new().flexible(true).terminator(csv::Terminator::CRLF).from_writer(out);
    let broken = |error: csv::Error| Error::from(anyhow::Error::from(error));
    csv.write_record(names.iter().map(|name| guard(name).into_owned()).chain(["Reason".to_owned()])).map_err(broken)?;
    let phase = phase_of(&import).number();
    let mut after = 0;
    loop {
        let found =
            workspace.store().read(move |tx| imports::rows(tx, id, phase, Some("error"), after, PAGE_ROWS)).wait()?;
        let Some(last) = found.last() else {
            break;
        };
        after = last.number;
        for row in &found {
            let cells = row.cells.as_array().map(Vec::as_slice).unwrap_or_default();
            let mut line: Vec<String> =
                cells.iter().map(|cell| guard(cell.as_str().unwrap_or_default()).into_owned()).collect();
            if line.len() < names.len() {
                line.resize(names.len(), String::new());
            }
            line.push(guard(&row.reason).into_owned());
            csv.write_record(&line).map_err(broken)?;
        }
    }
    csv.flush()?;
    Ok(())
}
