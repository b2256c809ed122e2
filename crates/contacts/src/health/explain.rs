//! Why a company's health is what it is, told to somebody. What the program knows is compared with what that person can
//! know: a reason is told only when both come to the same; the rest is one figure, which the health itself gives away.

use std::collections::HashSet;

use engine::{HealthPart, Policy, Right, Workspace, title_json};
use model::{Actor, Problem, Schema};
use serde_json::{Value as Json, json};
use store::{Error, Tx};
use uuid::Uuid;

use super::sum::{Verdict, health_of, is_judged, judge};
use super::{FIELD, OBJECT, setting, setting::Setting, shipped_parts};

/// The health of a company with its reasons: `{"company","health","level","reasons":[{"part","points","facts",
/// "records"}],"fine":[part],"unseen":points}`. Without health when companies of its kind have none.
///
/// # Errors
/// Not found, also when the actor may not see the company; forbidden when health is not to be seen.
pub fn explain(ws: &Workspace, actor: &Actor, id: Uuid) -> Result<Json, Error> {
    let schema = ws.schema();
    let shipped: Vec<HealthPart> = shipped_parts(ws).collect();
    let open = ws.with_policy(actor, move |policy| {
        let company = schema.find_object(OBJECT).ok_or_else(|| Problem::not_found("company"))?;
        policy.scope(company, Right::Read)?;
        if !policy.can_read(company, FIELD) {
            return Err(Policy::field_refusal(FIELD).into());
        }
        let open = shipped.iter().filter(|part| is_open(policy, &schema, part));
        Ok(open.map(|part| part.name).collect::<HashSet<&str>>())
    })?;
    let (inner, by) = (ws.clone(), actor.clone());
    ws.store().read(move |tx| told(&inner, tx, &by, id, &open)).wait()
}

/// Whether everything that a part reads may be read.
fn is_open(policy: &Policy<'_>, schema: &Schema, part: &HealthPart) -> bool {
    part.reads.iter().all(|(object, field)| {
        schema
            .find_object(object)
            .is_some_and(|object| policy.scope(object, Right::Read).is_ok() && policy.can_read(object, field))
    })
}

fn told(ws: &Workspace, tx: &mut Tx, actor: &Actor, id: Uuid, open: &HashSet<&str>) -> Result<Json, Error> {
    let own = ws.visible_many(tx, actor, OBJECT, &[id])?;
    if own.is_empty() {
        return Err(Problem::not_found("company").into());
    }
    let setting = setting::in_force(ws, tx)?;
    let system = Actor::system("health");
    let whole = ws.visible_many(tx, &system, OBJECT, &[id])?;
    if !whole.first().is_some_and(|company| is_judged(&setting, company)) {
        return Ok(json!({ "company": id, "health": null, "level": null, "reasons": [], "fine": [], "unseen": 0 }));
    }
    let all = judge(ws, tx, &system, &setting, &whole, &|_| true)?.remove(&id).unwrap_or_default();
    let seen = judge(ws, tx, actor, &setting, &own, &|part| open.contains(part.name))?;
    let seen = seen.get(&id).map_or(&[][..], Vec::as_slice);
    let health = health_of(&all);
    let (mut reasons, mut taken) = (Vec::new(), 0);
    let mut told: Vec<&Verdict> = all.iter().filter(|verdict| seen.contains(verdict)).collect();
    told.sort_by_key(|verdict| std::cmp::Reverse(verdict.points));
    for verdict in told {
        taken += verdict.points;
        reasons.push(reason(ws, tx, actor, verdict)?);
    }
    let unseen = all.iter().map(|verdict| verdict.points).sum::<u32>() - taken;
    let fine = fine(ws, &setting, open, &all, seen);
    Ok(json!({ "company": id, "health": health, "level": setting.level(health), "reasons": reasons, "fine": fine,
        "unseen": unseen }))
}

/// The parts that take nothing, of those that the actor may know.
fn fine(
    ws: &Workspace,
    setting: &Setting,
    open: &HashSet<&str>,
    all: &[Verdict],
    seen: &[Verdict],
) -> Vec<&'static str> {
    let takes = |name: &str| all.iter().chain(seen).any(|verdict| verdict.part == name);
    let counts = |name: &str| setting.parts.get(name).is_some_and(|part| part.on && part.weight > 0);
    shipped_parts(ws).map(|part| part.name).filter(|name| counts(name) && open.contains(name) && !takes(name)).collect()
}

fn reason(ws: &Workspace, tx: &mut Tx, actor: &Actor, verdict: &Verdict) -> Result<Json, Error> {
    let schema = ws.schema();
    let mut records = Vec::new();
    for (name, id) in &verdict.finding.records {
        let Some(object) = schema.find_object(name) else { continue };
        let found = ws.visible_many(tx, actor, name, &[*id])?;
        records.extend(found.iter().map(|record| title_json(object, record)));
    }
    Ok(json!({ "part": verdict.part, "points": verdict.points, "facts": verdict.finding.facts, "records": records }))
}
