//! Puts the demo into a workspace, portion by portion, as one batch that can be undone.

use engine::Workspace;
use engine::batch::{Batch, Plan};
use model::{Actor, Code, Patch, Problem};
use store::{Deleted, Error, Select};
use uuid::Uuid;

use super::{Activity, Demo, PORTION};

/// What was stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Filled {
    /// The batch to undo; nil when nothing was stored.
    pub batch: Uuid,
    /// Companies.
    pub companies: u64,
    /// People.
    pub people: u64,
    /// Notes, calls, meetings and tasks.
    pub activities: u64,
}

/// Records are handed to the write path in slices of this size.
const SLICE: usize = 1_000;
/// Most users that own demo records.
const USERS_MAX: usize = 50;

/// Stores so many people with their companies and activities.
///
/// # Errors
/// The demo of this seed is there already; forbidden; a database that fails. Portions stored before stay: they are
/// one batch, which can be undone.
pub fn fill(workspace: &Workspace, actor: &Actor, people: usize, seed: u64) -> Result<Filled, Error> {
    let people = people as u64;
    let demo = Demo::new(seed, workspace.now(), find_users(workspace)?);
    check_absent(workspace, &demo)?;
    let mut filled = Filled { batch: Uuid::now_v7(), ..Filled::default() };
    let mut start = 0;
    while start < people {
        let end = people.min(start + PORTION);
        let (demo, batch) = (demo.clone(), filled.batch);
        let plan = Plan::new("demo").in_background().continuing(batch);
        let stored = workspace.transact(actor, plan, move |batch| store_portion(batch, &demo, start, end)).wait()?.1;
        filled.companies += stored.companies;
        filled.people += stored.people;
        filled.activities += stored.activities;
        start = end;
        tracing::info!(people = start, of = people, "demo");
    }
    Ok(filled)
}

fn store_portion(batch: &mut Batch<'_>, demo: &Demo, start: u64, end: u64) -> Result<Filled, Error> {
    let mut stored = Filled::default();
    let companies = Demo::company_count(start)..Demo::company_count(end);
    stored.companies = store_all(batch, "company", demo.companies(companies))?;
    stored.people = store_all(batch, "person", demo.people(start..end))?;
    let activities: Vec<Activity> = (start..end).flat_map(|index| demo.activities(index)).collect();
    for object in ["note", "call", "meeting", "task"] {
        let same = activities.iter().filter(|(of, _)| *of == object).map(|(_, patch)| patch.clone());
        stored.activities += store_all(batch, object, same)?;
    }
    Ok(stored)
}

fn store_all(batch: &mut Batch<'_>, object: &str, patches: impl Iterator<Item = Patch>) -> Result<u64, Error> {
    let mut patches = patches.peekable();
    let mut count = 0;
    while patches.peek().is_some() {
        let slice: Vec<Patch> = patches.by_ref().take(SLICE).collect();
        for answer in batch.create_many(object, slice)? {
            answer?;
            count += 1;
        }
    }
    Ok(count)
}

/// The same seed has the same ids: it can be there once.
fn check_absent(workspace: &Workspace, demo: &Demo) -> Result<(), Error> {
    let schema = workspace.schema();
    let Some(company) = schema.find_object("company").cloned() else {
        return Err(Problem::new(Code::NotFound, "This workspace has no companies.").into());
    };
    let first = demo.company_id(0);
    let found = workspace.store().read(move |tx| tx.find(&company, first)).wait()?;
    match found {
        None => Ok(()),
        Some(_) => {
            let detail = "The demo of this seed is here already. Undo its batch, or take another seed.";
            Err(Problem::new(Code::Conflict, detail).into())
        }
    }
}

/// The users who will own records.
fn find_users(workspace: &Workspace) -> Result<Vec<Uuid>, Error> {
    let schema = workspace.schema();
    let Some(user) = schema.find_object("user").cloned() else { return Ok(Vec::new()) };
    let found = workspace.store().read(move |tx| {
        let select = Select { limit: USERS_MAX, deleted: Deleted::Without, ..Select::all(&schema, &user) };
        tx.select_ids(&select)
    });
    found.wait()
}
