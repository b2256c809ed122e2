//! Enquiries of public forms become leads. Whoever writes them is unknown, and so is whether any of it is true: a person
//! or company that is there already is linked and never changed, not even where a field of theirs is empty; what was
//! typed stays on the lead. What looks like a machine's is held apart, and answered like any other.

mod form;
mod known;
mod said;

use engine::{Batch, JobEntry, JobRun, Plan, Workspace};
use model::{Actor, Patch, Problem, Record, Value};
use serde_json::json;
use store::tables::held_leads::{self, HeldLead};
use store::tables::settings;
use store::{Error, Pending, Priority};
use uuid::Uuid;

pub use form::Form;
pub(crate) use form::RULE as FORM;
pub use said::Said;

use crate::begin::patch;

/// How many days what is held is kept.
pub const KEPT_DAYS: i64 = 30;
/// The same in microseconds.
const KEPT_US: i64 = KEPT_DAYS * 86_400_000_000;
/// Most that is held; of more the oldest go, so that a flood fills no disk.
const HELD_MAX: i64 = 10_000;
/// Most that is shown.
const SHOWN_MAX: i64 = 200;
/// Claimed by each enquiry, so that two of one person that come at once make one person.
const TURN: &str = "capture";
/// What history calls it.
const CAUSE: &str = "form";

/// Forgets what was held long enough.
pub(crate) const FORGET: JobEntry =
    JobEntry { kind: "capture.forget", run: forget, nightly: Some(|_| vec![json!(null)]), upkeep: true };

/// What became of an enquiry. The visitor is told neither.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Received {
    /// A lead, and the batch that undoes it with all that it made.
    Lead(Uuid, Uuid),
    /// Held, for this reason.
    Held(&'static str),
}

/// Who writes what a form brings.
fn actor_of(form: &Form, address: &str) -> Actor {
    Actor::system(&format!("form/{}", form.name)).at(address)
}

/// Takes an enquiry in. `waited_us` is how long ago the form fetched its stamp, if it showed a sound one; `address` is
/// the sender's.
///
/// # Errors
/// What is wrong with the enquiry; a database that fails.
pub async fn receive(
    workspace: &Workspace,
    form: Form,
    said: Said,
    waited_us: Option<i64>,
    address: &str,
) -> Result<Received, Error> {
    let said = said.within(&form);
    let held = said.suspicion(&form, waited_us);
    let Some(reason) = held else {
        let (actor, address) = (actor_of(&form, address), address.to_owned());
        let stored = workspace.transact(&actor, Plan::new(CAUSE), move |batch| store(batch, &form, &said, &address));
        let (batch, lead) = stored.await?;
        return Ok(Received::Lead(lead.id, batch));
    };
    let (workspace, address) = (workspace.clone(), address.to_owned());
    said.check(&workspace)?;
    let keeping = workspace.clone().store().write(Priority::Background, move |tx| {
        let said = serde_json::to_value(&said).map_err(anyhow::Error::from)?;
        let held = HeldLead {
            id: Uuid::now_v7(),
            form: form.id,
            at: workspace.now(),
            reason: reason.to_owned(),
            address: address.clone(),
            said,
        };
        held_leads::insert(tx, &held, HELD_MAX)?;
        Ok(Received::Held(reason))
    });
    keeping.await
}

/// What is held, the newest first, with what was typed.
///
/// # Errors
/// Forbidden without the right `configure`; a database that fails.
pub fn held(workspace: &Workspace, actor: &Actor) -> Result<Pending<Vec<HeldLead>>, Error> {
    workspace.check_special(actor, "configure")?;
    Ok(workspace.store().read(|tx| held_leads::list(tx, SHOWN_MAX)))
}

/// Makes a lead of what was held: it was no machine after all. Its form must still be there.
///
/// # Errors
/// Forbidden without the right `configure`; not found; a database that fails.
pub fn release(workspace: &Workspace, actor: &Actor, id: Uuid) -> Pending<(Uuid, Record)> {
    workspace.transact(actor, Plan::new(CAUSE), move |batch| {
        batch.policy().check_special("configure")?;
        let held = held_leads::take(batch.tx(), id)?.ok_or_else(|| Problem::not_found("enquiry"))?;
        let schema = batch.schema();
        let form = Form::find(batch.tx(), &schema, held.form)?.ok_or_else(|| Problem::not_found("form"))?;
        let said: Said = serde_json::from_value(held.said).map_err(anyhow::Error::from)?;
        let reason = format!("form/{}", form.name);
        batch.as_program(&reason, |batch| store(batch, &form, &said, &held.address))
    })
}

/// Throws away what was held.
///
/// # Errors
/// Forbidden without the right `configure`; not found; a database that fails.
pub fn discard(workspace: &Workspace, actor: &Actor, id: Uuid) -> Result<Pending<()>, Error> {
    workspace.check_special(actor, "configure")?;
    Ok(workspace.store().write(Priority::Interactive, move |tx| {
        held_leads::take(tx, id)?.map(drop).ok_or_else(|| Problem::not_found("enquiry").into())
    }))
}

fn forget(workspace: &Workspace, _: &JobRun) -> anyhow::Result<()> {
    let before = workspace.now() - KEPT_US;
    workspace.store().write(Priority::Background, move |tx| held_leads::forget(tx, before)).wait()?;
    Ok(())
}

/// The lead with its person, company and consent: one batch.
fn store(batch: &mut Batch<'_>, form: &Form, said: &Said, address: &str) -> Result<Record, Error> {
    settings::claim(batch.tx(), TURN, &json!({}))?;
    let owner = form.owner(batch)?;
    let person = known::person(batch, said, &owner)?;
    let company = match person.get("company") {
        Value::Missing => known::company(batch, said)?.map_or(Value::Missing, |company| Value::Id(company.id)),
        company => company.clone(),
    };
    let mut values = lead_of(form, said);
    values.extend(patch([("person", Value::Id(person.id)), ("company", company), ("owner", owner)]));
    let lead = batch.create("lead", values)?;
    if let (true, Some(wording)) = (said.consent, &form.consent_wording) {
        batch.create("consent", consent_of(form, said, wording, &person, address))?;
    }
    let (actor, workspace) = (batch.actor().clone().at(address), batch.workspace().clone());
    let details = json!({ "form": form.id });
    workspace.audit_in(batch.tx(), &actor, "lead.captured", Some(format!("lead:{}", lead.id)), details);
    Ok(lead)
}

/// What the enquiry says of itself.
fn lead_of(form: &Form, said: &Said) -> Patch {
    let text = |text: &str| if text.is_empty() { Value::Missing } else { Value::text(text) };
    let campaign = form.campaign.as_deref().unwrap_or(&said.utm_campaign);
    patch([
        ("title", text(said.title())),
        ("message", text(&said.message)),
        ("source", form.source.as_deref().map_or(Value::Missing, Value::text)),
        ("campaign", text(campaign)),
        ("utm_source", text(&said.utm_source)),
        ("utm_medium", text(&said.utm_medium)),
        ("utm_campaign", text(&said.utm_campaign)),
        ("utm_term", text(&said.utm_term)),
        ("utm_content", text(&said.utm_content)),
        ("contact_name", text(&said.name)),
        ("contact_email", text(&said.email)),
        ("contact_phone", text(&said.phone)),
        ("contact_company", text(&said.company)),
        ("page", text(&said.page)),
        ("form", text(&form.name)),
    ])
}

/// The act with its proof. It is given and not confirmed: nobody has shown yet that the address is theirs.
fn consent_of(form: &Form, said: &Said, wording: &str, person: &Record, address: &str) -> Patch {
    let origin = if said.page.is_empty() { form.name.clone() } else { format!("{}, {}", form.name, said.page) };
    patch([
        ("address", Value::text(said.email.as_str())),
        ("act", Value::text("given")),
        ("channel", Value::text("email")),
        ("purpose", Value::text("marketing")),
        ("topic", form.consent_topic.as_deref().map_or(Value::Missing, Value::text)),
        ("person", Value::Id(person.id)),
        ("source", Value::text("form")),
        ("source_detail", Value::text(origin)),
        ("wording", Value::text(wording)),
        ("ip", Value::text(address)),
    ])
}
