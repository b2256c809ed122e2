//! The board: for each object what is missing, outdated or to be corrected, as filters of its list with their counts.

use std::collections::BTreeMap;

use engine::{Query, Right, Workspace};
use model::{Actor, Code, FieldProblem, Kind, Object, Problem};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use store::{Error, Priority, tables::settings};

use super::{CHECKS, FLAWS, HISTORY, OBJECTS};

/// Fields of an object that can be asked for.
const FIELDS_MAX: usize = 12;
/// Nobody waits longer.
const MONTHS_MAX: u32 = 120;

/// What is asked of the data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checks {
    /// After how many months without confirmation a record counts as outdated.
    pub months: u32,
    /// The fields that should have a value, by object.
    pub missing: BTreeMap<String, Vec<String>>,
}

impl Default for Checks {
    fn default() -> Self {
        let fields = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        Self {
            months: 12,
            missing: BTreeMap::from([
                ("person".to_owned(), fields(&["emails", "phones", "company", "owner"])),
                ("company".to_owned(), fields(&["domains", "industry", "billing_address", "owner"])),
            ]),
        }
    }
}

/// What is asked of the data in this workspace.
///
/// # Errors
/// A database that fails.
pub fn checks(ws: &Workspace) -> Result<Checks, Error> {
    let known = ws.store().read(|tx| settings::find(tx, CHECKS)).wait()?;
    Ok(known.and_then(|json| serde_json::from_value(json).ok()).unwrap_or_default())
}

/// Changes what is asked of the data.
///
/// # Errors
/// Forbidden without the right `configure`; fields that there are not.
pub fn set_checks(ws: &Workspace, actor: &Actor, checks: &Checks) -> Result<(), Error> {
    ws.check_special(actor, "configure")?;
    let mut faults = Vec::new();
    let mut refuse = |field: &str, message: String| {
        faults.push(FieldProblem { field: field.to_owned(), code: "not_valid".to_owned(), message });
    };
    if checks.months == 0 || checks.months > MONTHS_MAX {
        refuse("months", format!("Give 1 to {MONTHS_MAX} months."));
    }
    let schema = ws.schema();
    for (name, fields) in &checks.missing {
        let object = schema.find_object(name).filter(|_| OBJECTS.contains(&name.as_str()));
        let Some(object) = object else {
            refuse(name, "Fields are asked for of `person` and `company`.".to_owned());
            continue;
        };
        if fields.len() > FIELDS_MAX {
            refuse(name, format!("At most {FIELDS_MAX} fields of an object can be asked for."));
        }
        for field in fields.iter().filter(|field| !can_be_missing(object, field)) {
            refuse(name, format!("`{field}` is no field of {} that can be asked for.", object.label));
        }
    }
    if !faults.is_empty() {
        return Err(Problem::invalid(faults).into());
    }
    let json = serde_json::to_value(checks).map_err(anyhow::Error::from)?;
    ws.store().write(Priority::Interactive, move |tx| settings::set(tx, CHECKS, &json)).wait()
}

fn can_be_missing(object: &Object, name: &str) -> bool {
    object.find_field(name).is_some_and(|field| {
        !field.hidden && !field.is_derived() && !field.read_only && !matches!(field.kind, Kind::Json | Kind::Actor)
    })
}

/// One filter with its name.
struct Tile {
    check: &'static str,
    field: Option<String>,
    flaw: Option<String>,
    filter: String,
}

/// The board as the actor may see it: `{"checks":…,"tiles":[{"object","check","field","flaw","filter","count","exact",
/// "before"}]}`. Counts are those of the actor's own lists; how many there were before is told only to those who see
/// every record of the object.
///
/// # Errors
/// A database that fails.
pub fn board(ws: &Workspace, actor: &Actor) -> Result<Json, Error> {
    let checks = checks(ws)?;
    let history = ws.store().read(|tx| settings::find(tx, HISTORY)).wait()?;
    let mut shown = Vec::new();
    let schema = ws.schema();
    for name in OBJECTS {
        let Some(object) = schema.find_object(name) else { continue };
        let judged = object.clone();
        let sees_all = ws.with_policy(actor, move |policy| {
            Ok(policy.scope(&judged, Right::Read).ok().map(|scope| scope.is_none()))
        })?;
        let Some(sees_all) = sees_all else { continue };
        for tile in tiles(object, &checks) {
            let Some((count, exact)) = count(ws, actor, name, &tile.filter)? else { continue };
            let before =
                tile.flaw.as_ref().filter(|_| sees_all).and_then(|flaw| count_before(history.as_ref(), name, flaw));
            shown.push(json!({ "object": name, "check": tile.check, "field": tile.field, "flaw": tile.flaw,
                "filter": tile.filter, "count": count, "exact": exact, "before": before }));
        }
    }
    Ok(json!({ "checks": checks, "tiles": shown }))
}

fn tiles(object: &Object, checks: &Checks) -> Vec<Tile> {
    let mut tiles = Vec::new();
    for field in checks.missing.get(&object.name).into_iter().flatten() {
        if can_be_missing(object, field) {
            let filter = format!("{field} == null");
            tiles.push(Tile { check: "missing", field: Some(field.clone()), flaw: None, filter });
        }
    }
    let months = checks.months;
    let filter = format!(
        "confirmed_at < now.addMonths(-{months}) || (confirmed_at == null && created_at < now.addMonths(-{months}))"
    );
    tiles.push(Tile { check: "outdated", field: None, flaw: None, filter });
    for option in object.find_field(FLAWS).into_iter().flat_map(|field| &field.options) {
        let filter = format!("'{}' in {FLAWS}", option.value);
        tiles.push(Tile { check: "flaw", field: None, flaw: Some(option.value.clone()), filter });
    }
    tiles
}

/// How many records of the actor's list a filter has; none when the actor may not use it.
fn count(ws: &Workspace, actor: &Actor, object: &str, filter: &str) -> Result<Option<(u64, bool)>, Error> {
    let query = Query {
        object: object.to_owned(),
        filter: Some(filter.to_owned()),
        fields: vec!["id".to_owned()],
        limit: 1,
        total: true,
        ..Query::default()
    };
    let body = match ws.list_json(actor, query).wait() {
        Ok(body) => body,
        Err(Error::Problem(problem)) if problem.code == Code::Forbidden => return Ok(None),
        Err(error) => return Err(error),
    };
    let body: Json = serde_json::from_slice(&body).map_err(anyhow::Error::from)?;
    let total = body.get("total");
    let count = total.and_then(|total| total.get("count")?.as_u64());
    let exact = total.and_then(|total| total.get("exact")?.as_bool());
    Ok(count.map(|count| (count, exact.unwrap_or(false))))
}

/// The count of an earlier day: that of a week ago, or the oldest there is when the program is younger.
fn count_before(history: Option<&Json>, object: &str, flaw: &str) -> Option<u64> {
    let days = history?.as_object()?;
    let earlier: Vec<&Json> = days.values().rev().skip(1).take(7).collect();
    let day = earlier.last()?.get(object)?;
    Some(day.get(flaw).and_then(Json::as_u64).unwrap_or(0))
}
