//! Territories: a tree with a rule for each, which says where a company belongs, and the people who work in each.
//!
//! The rules are kept compiled. A write asks them in memory, and only when a field changed that a rule reads; a change of
//! the tree itself is followed by a job that goes through all companies. Whatever is in doubt is looked at by that job.

mod place;
mod preview;
mod reassign;
mod tree;

use std::collections::HashSet;
use std::sync::Arc;

use model::{Object, Record, Value};
use store::{Error, Select, Tx};
use uuid::Uuid;

pub use preview::TreeChange;
pub(crate) use reassign::{JOB, result_of};
pub(crate) use tree::Tree;

use crate::workspace::Workspace;

/// Name of the object.
pub(crate) const OBJECT: &str = "territory";
/// The field of a placed record that names its territory.
pub const FIELD: &str = "territory";
/// The field that says that somebody chose the territory by hand: the rules leave it alone.
pub const PINNED: &str = "territory_pinned";
/// What the program's own moves are called in history, and how the write path knows them.
const CAUSE: &str = "territories";
/// Most territories.
const TERRITORIES_MAX: usize = 5_000;

/// A territory that somebody belongs to, with what lies below it.
pub(crate) struct Membership {
    pub(crate) name: String,
    /// Itself and all below.
    pub(crate) reach: Vec<Uuid>,
}

/// Whether a record's territory was chosen by hand.
fn is_pinned(record: &Record) -> bool {
    record.get(PINNED) == &Value::Bool(true)
}

/// The users or teams that a field of a territory lists.
fn listed(record: &Record, field: &str) -> Vec<Uuid> {
    let list = record.get(field).as_json().and_then(serde_json::Value::as_array);
    list.into_iter().flatten().filter_map(|id| Uuid::try_parse(id.as_str()?).ok()).collect()
}

impl Workspace {
    /// The object whose records territories are asked about.
    pub(crate) fn placed(&self) -> Option<Arc<Object>> {
        let name = self.modules().iter().find_map(|module| module.placed)?;
        let schema = self.schema();
        schema.find_object(name).filter(|object| object.find_field(FIELD).is_some()).cloned()
    }

    /// The tree as it was last learned.
    pub(crate) fn territories(&self) -> Arc<Tree> {
        self.0.territories.load_full()
    }

    /// Learns the tree as it is committed.
    pub(crate) fn learn_territories(&self) -> Result<(), Error> {
        let workspace = self.clone();
        let tree = self.store().read(move |tx| workspace.load_tree(tx)).wait()?;
        self.0.territories.store(Arc::new(tree));
        Ok(())
    }

    fn load_tree(&self, tx: &mut Tx) -> Result<Tree, Error> {
        let (rows, schema) = (self.territory_records(tx)?, self.schema());
        Ok(Tree::new(&schema, self.placed().as_ref(), &rows))
    }

    fn territory_records(&self, tx: &mut Tx) -> Result<Vec<Record>, Error> {
        let schema = self.schema();
        let mut rows = Vec::new();
        let Some(object) = schema.find_object(OBJECT) else { return Ok(rows) };
        tx.select(&Select { limit: TERRITORIES_MAX, ..Select::all(&schema, object) }, &mut |record| {
            rows.push(record);
            Ok(())
        })?;
        Ok(rows)
    }

    /// The territories that a user belongs to, by name or by a team, each with what lies below it.
    pub(crate) fn memberships(&self, tx: &mut Tx, user: Uuid, teams: &[Uuid]) -> Result<Vec<Membership>, Error> {
        let rows = self.territory_records(tx)?;
        let belongs = |row: &&Record| {
            row.get("lead").as_id() == Some(user)
                || listed(row, "users").contains(&user)
                || listed(row, "teams").iter().any(|team| teams.contains(team))
        };
        let of = |row: &Record| Membership {
            name: row.get("name").as_text().unwrap_or_default().to_owned(),
            reach: below(&rows, row.id),
        };
        Ok(rows.iter().filter(belongs).map(of).collect())
    }

    /// What `my_territories` means for a user.
    pub(crate) fn territories_of(&self, tx: &mut Tx, user: Uuid, teams: &[Uuid]) -> Result<Vec<Uuid>, Error> {
        let reached: HashSet<Uuid> =
            self.memberships(tx, user, teams)?.into_iter().flat_map(|membership| membership.reach).collect();
        let mut reached: Vec<Uuid> = reached.into_iter().collect();
        reached.sort_unstable();
        Ok(reached)
    }
}

/// A territory and all below it.
fn below(rows: &[Record], top: Uuid) -> Vec<Uuid> {
    let mut found = vec![top];
    let mut at = 0;
    while let Some(parent) = found.get(at).copied() {
        at += 1;
        for row in rows {
            if row.get("parent").as_id() == Some(parent) && !found.contains(&row.id) {
                found.push(row.id);
            }
        }
    }
    found
}
