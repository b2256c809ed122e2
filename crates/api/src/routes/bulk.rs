//! Many records in one batch: by list, by key, by filter.

use axum::extract::State;
use axum::http::StatusCode;
use engine::write::RowError;
use engine::{BulkWork, Command, Edit};
use model::limits::BULK_MAX;
use model::{Code, FieldProblem, Object, Patch, Problem, kinds};
use serde::Deserialize;
use serde_json::{Map, Value as Json, json as json_of};
use uuid::Uuid;

use crate::Api;
use crate::body::Body;
use crate::caller::Caller;
use crate::idempotency::{Promise, mark};
use crate::place::Place;
use crate::problem_json::{self, Answer};
use crate::routes::{json, json_with, records};

type Values = Map<String, Json>;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Upsert {
    by: String,
    records: Vec<Values>,
}

/// Rows read from a request: those that fit with their positions, and what is wrong with the others.
struct Rows<T> {
    good: Vec<T>,
    places: Vec<usize>,
    errors: Vec<RowError>,
}

/// A command, the positions of its rows in the request, and the rows that did not make it into the command.
type Planned = (Command, Vec<usize>, Vec<RowError>);

/// `POST /{plural}/bulk`
pub async fn bulk(State(api): State<Api>, caller: Caller, place: Place, promise: Promise, body: Body) -> Answer {
    let object = place.object(&api)?;
    let key = promise.key(&caller, &body.bytes);
    let (command, places, mut errors) = command_of(&api, &object, body.json)?;
    let outcome = records::write(&api, &caller, command, key).await?;
    for error in &outcome.errors {
        let index = places.get(error.index).copied().unwrap_or(error.index);
        errors.push(RowError { index, problem: error.problem.clone() });
    }
    errors.sort_by_key(|error| error.index);
    let errors: Vec<Json> = errors
        .into_iter()
        .map(|error| json_of!({ "index": error.index, "problem": problem_json::complete(error.problem) }))
        .collect();
    records::forget_callers(&api, &object);
    let answer = json_of!({
        "batch": outcome.batch,
        "created": outcome.created,
        "updated": outcome.updated,
        "deleted": outcome.deleted,
        "restored": outcome.restored,
        "ids": outcome.ids,
        "errors": errors,
    });
    Ok(mark(json(&answer), outcome.replayed))
}

/// `POST /{plural}/bulk/job`: of as many records as a filter finds, in the background.
pub async fn start(State(api): State<Api>, caller: Caller, place: Place, promise: Promise, body: Body) -> Answer {
    let object = place.object(&api)?;
    let key = promise.key(&caller, &body.bytes);
    let workspace = api.workspace.clone();
    let started = api.blocking(move || {
        workspace.check_special(&caller.actor, "bulk")?;
        let work: BulkWork = typed(Json::Object(body.json))?;
        workspace.start_bulk(&caller.actor, &object.name, work, key.as_ref())
    });
    let started = started.await?;
    let answer = json_of!({ "job": started.job, "batch": started.batch, "total": started.total });
    Ok(json_with(StatusCode::ACCEPTED, &answer))
}

fn command_of(api: &Api, object: &Object, mut body: Values) -> Result<Planned, Problem> {
    let mut names: Vec<String> = body.keys().cloned().collect();
    names.sort_unstable();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut take = |name: &str| body.remove(name).unwrap_or(Json::Null);
    let plain = |command| Ok((command, Vec::new(), Vec::new()));
    let (name, context) = (object.name.clone(), api.workspace.context());
    let patch = |row: Values| kinds::patch_from_json(object, &row, &context);
    match names.as_slice() {
        ["create"] => {
            let rows: Rows<Patch> = read_rows(typed(take("create"))?, patch)?;
            Ok((Command::Create { object: name, values: rows.good, strict: false }, rows.places, rows.errors))
        }
        ["update"] => {
            let rows = read_rows(typed(take("update"))?, |row| edit_of(row, patch))?;
            Ok((Command::Update { object: name, edits: rows.good, strict: false }, rows.places, rows.errors))
        }
        ["upsert"] => {
            let upsert: Upsert = typed(take("upsert"))?;
            let rows = read_rows(upsert.records, patch)?;
            Ok((Command::Upsert { object: name, by: upsert.by, values: rows.good }, rows.places, rows.errors))
        }
        ["delete"] => plain(Command::Delete { object: name, ids: ids(take("delete"))?, strict: false }),
        ["restore"] => plain(Command::Restore { object: name, ids: ids(take("restore"))?, strict: false }),
        ["filter", "set"] => {
            let patch = patch(typed(take("set"))?)?;
            plain(Command::UpdateWhere { object: name, filter: typed(take("filter"))?, patch })
        }
        ["delete", "filter"] if take("delete") == Json::Bool(true) => {
            plain(Command::DeleteWhere { object: name, filter: typed(take("filter"))? })
        }
        _ => Err(Problem::new(
            Code::Invalid,
            "Give exactly one of `create`, `update`, `upsert`, `delete`, `restore`, or `filter` with `set` or with \
             `delete: true`.",
        )),
    }
}

fn typed<T: serde::de::DeserializeOwned>(json: Json) -> Result<T, Problem> {
    serde_json::from_value(json)
        .map_err(|error| Problem::new(Code::Invalid, format!("The body does not fit this operation: {error}.")))
}

fn ids(json: Json) -> Result<Vec<Uuid>, Problem> {
    let ids: Vec<Uuid> = typed(json)?;
    check_count(ids.len())?;
    Ok(ids)
}

fn check_count(count: usize) -> Result<(), Problem> {
    if count > BULK_MAX {
        return Err(Problem::new(Code::TooLarge, format!("At most {BULK_MAX} records in one request; send several.")));
    }
    Ok(())
}

fn edit_of(mut row: Values, patch: impl Fn(Values) -> Result<Patch, Problem>) -> Result<Edit, Problem> {
    let id = row.remove("id").and_then(|id| Uuid::parse_str(id.as_str()?).ok());
    let Some(id) = id else {
        let message = "Every record of `update` has its id.".to_owned();
        let problem = FieldProblem { field: "id".to_owned(), code: "required".to_owned(), message };
        return Err(Problem::invalid(vec![problem]));
    };
    // A row may say which version it was made from, as `If-Match` does for one record.
    let if_version = match row.remove("version") {
        None | Some(Json::Null) => None,
        // Taken for no version at all, a wrong one would overwrite what others wrote meanwhile.
        Some(version) => Some(version.as_i64().ok_or_else(|| {
            let message = "`version` is the number that the record was read with.".to_owned();
            Problem::invalid(vec![FieldProblem { field: "version".to_owned(), code: "bad_number".to_owned(), message }])
        })?),
    };
    Ok(Edit { id, patch: patch(row)?, if_version })
}

fn read_rows<T>(rows: Vec<Values>, read: impl Fn(Values) -> Result<T, Problem>) -> Result<Rows<T>, Problem> {
    check_count(rows.len())?;
    let mut found = Rows { good: Vec::new(), places: Vec::new(), errors: Vec::new() };
    for (index, row) in rows.into_iter().enumerate() {
        match read(row) {
            Ok(value) => {
                found.good.push(value);
                found.places.push(index);
            }
            Err(problem) => found.errors.push(RowError { index, problem: problem_json::to_json(&problem) }),
        }
    }
    Ok(found)
}
