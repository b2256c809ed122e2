//! From what the parts have against companies to their health.

use std::collections::{BTreeMap, HashMap};

use engine::{Finding, HealthPart, Look, Workspace};
use model::{Actor, Patch, Record, Value};
use store::{Error, Tx};
use uuid::Uuid;

use super::setting::{Setting, shipped_parts};
use super::{FIELD, LEVEL};

/// What a part takes from one company.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Verdict {
    pub(super) part: &'static str,
    pub(super) points: u32,
    pub(super) finding: Finding,
}

/// Whether a company has health at all.
pub(super) fn is_judged(setting: &Setting, company: &Record) -> bool {
    let kind = company.get("kind").as_text();
    company.get("deleted_at").is_missing() && kind.is_some_and(|kind| setting.kinds.iter().any(|one| one == kind))
}

/// What the parts that are asked have against these companies, through an actor's eyes.
pub(super) fn judge(
    ws: &Workspace,
    tx: &mut Tx,
    actor: &Actor,
    setting: &Setting,
    companies: &[Record],
    asked: &dyn Fn(&HealthPart) -> bool,
) -> Result<HashMap<Uuid, Vec<Verdict>>, Error> {
    let mut verdicts: HashMap<Uuid, Vec<Verdict>> = HashMap::new();
    if companies.is_empty() {
        return Ok(verdicts);
    }
    for part in shipped_parts(ws).filter(asked) {
        let Some(own) = setting.parts.get(part.name).filter(|own| own.on && own.weight > 0) else { continue };
        let mut look = Look { workspace: ws, tx: &mut *tx, actor, now: ws.now(), threshold: own.threshold };
        for finding in (part.judge)(&mut look, companies)? {
            let points = (own.weight * finding.percent.min(100)).div_ceil(100);
            let found = verdicts.entry(finding.company).or_default();
            found.push(Verdict { part: part.name, points, finding });
        }
    }
    Ok(verdicts)
}

/// What is left of a hundred.
pub(super) fn health_of(verdicts: &[Verdict]) -> u32 {
    let taken: u32 = verdicts.iter().map(|verdict| verdict.points).sum();
    100_u32.saturating_sub(taken)
}

/// Works the health of companies out; what is to be stored of it.
pub(super) fn changes(ws: &Workspace, tx: &mut Tx, companies: Vec<Record>) -> Result<Vec<(Uuid, Patch)>, Error> {
    let setting = super::setting::in_force(ws, tx)?;
    let actor = Actor::system("health");
    let (judged, others): (Vec<Record>, Vec<Record>) =
        companies.into_iter().partition(|company| is_judged(&setting, company));
    let verdicts = judge(ws, tx, &actor, &setting, &judged, &|_| true)?;
    let mut values = Vec::new();
    for company in &judged {
        let health = health_of(verdicts.get(&company.id).map_or(&[], Vec::as_slice));
        values.push((company, Value::Int(i64::from(health)), Value::text(setting.level(health))));
    }
    values.extend(others.iter().map(|company| (company, Value::Missing, Value::Missing)));
    let changed = values
        .into_iter()
        .filter(|(company, health, level)| company.get(FIELD) != health || company.get(LEVEL) != level);
    Ok(changed
        .map(|(company, health, level)| {
            let patch: Patch = BTreeMap::from([(FIELD.to_owned(), health), (LEVEL.to_owned(), level)]);
            (company.id, patch)
        })
        .collect())
}

/// Stores what was worked out.
pub(super) fn keep(ws: &Workspace, tx: &mut Tx, changed: Vec<(Uuid, Patch)>) -> Result<(), Error> {
    if changed.is_empty() { Ok(()) } else { ws.keep(tx, "health", super::OBJECT, changed) }
}
