//! Makes a deal of a lead: one transaction, one batch, one undo.

use engine::{Batch, Edit, FieldRight, Plan, Workspace};
use model::{Actor, Code, Object, Patch, Problem, Record, Value};
use store::{Error, Pending};
use uuid::Uuid;

use crate::begin::patch;

/// What history calls it.
const CONVERT: &str = "convert a lead";

/// What a deal takes over from its lead, where it is not said otherwise: field of the deal, field of the lead.
const TAKEN_OVER: [(&str, &str); 6] = [
    ("name", "title"),
    ("person", "person"),
    ("company", "company"),
    ("source", "source"),
    ("campaign", "campaign"),
    ("owner", "owner"),
];

/// The lead and the deal that it became.
pub struct Converted {
    /// Qualified, with its link.
    pub lead: Record,
    /// As it was made.
    pub deal: Record,
}

/// Makes a deal of a lead. `values` are those of the deal that are said; the rest comes from the lead, as far as the actor
/// may read it there and write it here. A lead without a company takes that of its person.
///
/// # Errors
/// Not found, also when the actor may not see the lead; a conflict when it became a deal already; forbidden; what is wrong
/// with the deal; a database that fails.
pub fn convert(workspace: &Workspace, actor: &Actor, id: Uuid, values: Patch) -> Pending<(Uuid, Converted)> {
    workspace.transact(actor, Plan::new(CONVERT), move |batch| {
        let object = batch.load_object("lead")?;
        let seen = batch.seen(&object, &[id])?;
        let found = batch.tx().lock_many(&object, &[id])?.pop();
        let lead = found.filter(|lead| seen.contains(&id) && lead.get("deleted_at").is_missing());
        let lead = lead.ok_or_else(|| Problem::not_found("lead"))?;
        check_open(batch, &lead)?;
        let mut deal = of_lead(batch, &object, &lead)?;
        deal.extend(values.clone());
        let deal = batch.create("deal", deal)?;
        let link = patch([("deal", Value::Id(deal.id)), ("status", Value::text("qualified"))]);
        let lead = batch.update("lead", Edit { id, patch: link, if_version: None })?;
        Ok(Converted { lead, deal })
    })
}

/// Refuses a lead whose deal is still there, and names the deal to those who may see it.
fn check_open(batch: &mut Batch<'_>, lead: &Record) -> Result<(), Error> {
    let Some(id) = lead.get("deal").as_id() else { return Ok(()) };
    let object = batch.load_object("deal")?;
    let there = batch.tx().find(&object, id)?.is_some_and(|deal| deal.get("deleted_at").is_missing());
    if !there {
        return Ok(());
    }
    let problem = Problem::new(Code::Conflict, "This lead became a deal already. Open that one instead.");
    let named = batch.seen(&object, &[id])?.contains(&id);
    Err(if named { problem.with("deal", id.to_string()) } else { problem }.into())
}

fn of_lead(batch: &mut Batch<'_>, object: &Object, lead: &Record) -> Result<Patch, Error> {
    let deal_object = batch.load_object("deal")?;
    let mut deal = take_over(batch, (object, lead), &deal_object, &TAKEN_OVER)?;
    if lead.get("company").is_missing()
        && let Some(company) = company_of_person(batch, lead, &deal_object)?
    {
        deal.insert("company".to_owned(), company);
    }
    Ok(deal)
}

/// What a new record takes over from another: field of the new, field of the other. What the actor may not read there, may not
/// write here, or may not see where it points, is left out.
pub(crate) fn take_over(
    batch: &mut Batch<'_>,
    (object, record): (&Object, &Record),
    own: &Object,
    fields: &[(&str, &str)],
) -> Result<Patch, Error> {
    let mut values = Patch::new();
    for (field, from) in fields {
        let value = record.get(from);
        let known = !value.is_missing() && may_copy(batch, object, from, own, field);
        if known && is_in_sight(batch, object, from, value)? {
            values.insert((*field).to_owned(), value.clone());
        }
    }
    Ok(values)
}

/// Whether the record that a value names may be seen; values that name none may be.
fn is_in_sight(batch: &mut Batch<'_>, object: &Object, field: &str, value: &Value) -> Result<bool, Error> {
    let target = object.find_field(field).and_then(|field| field.target_object());
    let (Some(target), Some(id)) = (target, value.as_id()) else { return Ok(true) };
    let target = batch.load_object(target)?;
    Ok(batch.seen(&target, &[id])?.contains(&id))
}

/// Whether the actor knows the one and may say the other: nothing hidden becomes visible by being copied.
fn may_copy(batch: &Batch<'_>, from: &Object, read: &str, to: &Object, write: &str) -> bool {
    let policy = batch.policy();
    policy.can_read(from, read) && policy.field_right(to, write) == FieldRight::Write
}

fn company_of_person(batch: &mut Batch<'_>, lead: &Record, deal: &Object) -> Result<Option<Value>, Error> {
    let Some(id) = lead.get("person").as_id() else { return Ok(None) };
    let object = batch.load_object("person")?;
    if !may_copy(batch, &object, "company", deal, "company") || !batch.seen(&object, &[id])?.contains(&id) {
        return Ok(None);
    }
    let company = batch.tx().find(&object, id)?.map(|person| person.get("company").clone()).unwrap_or_default();
    let known = !company.is_missing() && is_in_sight(batch, &object, "company", &company)?;
    Ok(known.then_some(company))
}
