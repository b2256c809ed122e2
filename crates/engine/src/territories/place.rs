//! Territories in the write path: where a record belongs after a change, and what may be changed about the tree.

use std::collections::HashSet;
use std::sync::Arc;

use model::{Code, FieldProblem, Object, Op, Problem, Record, Schema, Value, expr};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use store::tables::jobs;
use store::{Error, Select};
use uuid::Uuid;

use super::tree::{Tree, compile};
use super::{CAUSE, FIELD, JOB, OBJECT, PINNED, TERRITORIES_MAX, is_pinned};
use crate::batch::Batch;
use crate::definitions::Definitions;
use crate::draft::Draft;
use crate::policy::Policy;

type Drafts = Vec<Result<Draft, Problem>>;

/// What of a territory decides where records belong.
const DECIDES: [&str; 3] = ["rule", "parent", "position"];

/// Who writes a territory into a record.
#[derive(Clone, Copy, PartialEq, Eq)]
enum By {
    /// Somebody by hand: that pins it.
    Hand,
    /// A merge: what is pinned stays pinned.
    Merge,
    /// An undo: what was there comes back.
    Undo,
    /// The program, after the rules changed.
    Rules,
}

/// How records of a write are placed.
pub(crate) struct Placing {
    tree: Arc<Tree>,
    by: By,
    /// Records whose stored territory is not what the rules say now: a job looks at them after the commit.
    doubtful: Vec<Uuid>,
}

impl Placing {
    /// Brings the territory of a draft up to date.
    pub(crate) fn place(&mut self, draft: &mut Draft) {
        let moved = draft.changes(FIELD);
        match draft.op {
            Op::Create | Op::Update => {}
            // Its history tells no values of a restore, and those of a deleted record matter to nobody.
            Op::Restore if is_pinned(&draft.after) => return,
            Op::Restore => return self.doubt(draft),
            Op::Delete | Op::Erase => return,
        }
        let repinned = draft.before.is_some() && draft.changes(PINNED);
        match self.by {
            By::Undo if moved => {
                if !is_pinned(&draft.after) {
                    self.doubt(draft);
                }
                return;
            }
            By::Hand if moved && !repinned && (draft.before.is_some() || draft.get(PINNED).is_missing()) => {
                let pin = if draft.get(FIELD).is_missing() { Value::Missing } else { Value::Bool(true) };
                draft.set(PINNED, pin);
            }
            // What it was pinned to is gone: the rules decide again.
            By::Rules if is_pinned(&draft.after) && draft.get(FIELD).as_id().is_some_and(|id| !self.tree.knows(id)) => {
                draft.set(PINNED, Value::Missing);
            }
            _ => {}
        }
        if is_pinned(&draft.after) {
            return;
        }
        let asks = self.by == By::Rules || draft.before.is_none() || moved || repinned;
        if asks || self.tree.reads.iter().any(|field| draft.changes(field)) {
            let found = self.tree.place(&draft.after);
            draft.set(FIELD, found.map_or(Value::Missing, Value::Id));
        }
    }

    fn doubt(&mut self, draft: &Draft) {
        if self.tree.place(&draft.after) != draft.get(FIELD).as_id() {
            self.doubtful.push(draft.after.id);
        }
    }
}

impl Batch<'_> {
    /// How records of an object are placed; not at all when territories are not asked about them.
    pub(crate) fn placing(&self, object: &Object) -> Option<Placing> {
        let placed = self.workspace.modules().iter().any(|module| module.placed == Some(object.name.as_str()));
        let by = match self.cause.as_str() {
            _ if self.undoes.is_some() => By::Undo,
            CAUSE => By::Rules,
            "merge" => By::Merge,
            _ => By::Hand,
        };
        placed.then(|| Placing { tree: self.workspace.territories(), by, doubtful: Vec::new() })
    }

    /// Has records looked at again that came back with a territory which the rules would not give them now.
    pub(crate) fn settle_placing(&mut self, placing: Option<Placing>) -> Result<(), Error> {
        match placing {
            Some(placing) if !placing.doubtful.is_empty() => self.queue_placing(&placing.doubtful),
            _ => Ok(()),
        }
    }

    /// Has all records placed again once a change of the tree is committed.
    pub(crate) fn plan_territories(&mut self, object: &Object, drafts: &[&Draft]) -> Result<(), Error> {
        let decides = |draft: &&Draft| draft.op != Op::Update || DECIDES.iter().any(|field| draft.changes(field));
        if object.name != OBJECT || !drafts.iter().any(decides) {
            return Ok(());
        }
        self.queue_placing(&[])
    }

    /// Has all records placed again when fields that rules read are others now: a rule may hold no more, or again.
    pub(crate) fn follow_fields_of_rules(&mut self, schema: &Schema) -> Result<(), Error> {
        let (tree, before) = (self.workspace.territories(), self.workspace.placed());
        let after = before.as_ref().and_then(|placed| schema.find_object(&placed.name));
        let (Some(before), Some(after)) = (&before, after) else { return Ok(()) };
        let is_other = |field: &String| before.find_field(field) != after.find_field(field);
        if tree.has_broken() || tree.reads.iter().any(is_other) { self.queue_placing(&[]) } else { Ok(()) }
    }

    /// Queued twice by one transaction, it still runs once: the id of the job is made of what it is about and when.
    fn queue_placing(&mut self, ids: &[Uuid]) -> Result<(), Error> {
        let digest = Sha256::digest(format!("{CAUSE}|{}|{}|{ids:?}", self.id, self.at));
        let id = Uuid::from_bytes(digest.first_chunk::<16>().copied().unwrap_or_default());
        let payload = json!({ "by": self.actor.label(), "batch": self.id, "ids": ids });
        jobs::insert(self.tx, id, JOB.kind, &payload, self.at)
    }

    /// Refuses rules that cannot be asked or that read what their author may not, and trees with loose ends.
    pub(crate) fn guard_territories(&mut self, object: &Arc<Object>, drafts: Drafts) -> Result<Drafts, Error> {
        if object.name != OBJECT {
            return Ok(drafts);
        }
        let together: HashSet<Uuid> = drafts.iter().flatten().map(|draft| draft.after.id).collect();
        let mut guarded = Vec::with_capacity(drafts.len());
        for draft in drafts {
            guarded.push(match draft {
                Ok(draft) => self.judge_territory(object, &draft, &together)?.map(|()| draft),
                refused => refused,
            });
        }
        Ok(guarded)
    }

    fn judge_territory(
        &mut self,
        object: &Arc<Object>,
        draft: &Draft,
        together: &HashSet<Uuid>,
    ) -> Result<Result<(), Problem>, Error> {
        let conflict = |detail: &str| Ok(Err(Problem::new(Code::Conflict, detail)));
        match draft.op {
            Op::Delete if self.has_parts(object, draft.after.id, together)? => {
                conflict("There are territories below this one. Move or delete them first.")
            }
            Op::Restore if self.hangs_loose(object, &draft.after, together)? => {
                conflict("The territory above this one was deleted. Restore that one first.")
            }
            Op::Create if self.workspace.territories().count() >= TERRITORIES_MAX => {
                conflict("There are too many territories. Delete some that are not needed.")
            }
            Op::Create | Op::Update if draft.changes("rule") => Ok(match draft.get("rule").as_text() {
                Some(source) => self.check_rule(source)?.map_err(|problem| wrong_rule(&problem)),
                None => Ok(()),
            }),
            _ => Ok(Ok(())),
        }
    }

    /// Whether a rule can be asked, and reads nothing that the actor may not use: who changes rules would otherwise see
    /// from where records go what stands in hidden fields.
    fn check_rule(&mut self, source: &str) -> Result<Result<(), Problem>, Error> {
        let schema = match self.schema_changed {
            // A rule may come together with the field that it reads.
            true => {
                let definitions = Definitions::load(self.tx, &self.compiled.schema)?;
                Arc::new(definitions.build(self.workspace.modules())?)
            }
            false => self.compiled.schema.clone(),
        };
        let placed = self.workspace.placed().and_then(|placed| schema.find_object(&placed.name).cloned());
        let Some(placed) = placed else { return Ok(Err(Problem::not_found("object"))) };
        let granted = self.workspace.granted();
        let policy = Policy::new(self.actor, &self.rights, &schema, &self.bindings, granted);
        Ok(compile(&schema, &placed, source).and_then(|_| policy.condition(&placed, source)).map(drop))
    }

    fn has_parts(&mut self, object: &Arc<Object>, id: Uuid, together: &HashSet<Uuid>) -> Result<bool, Error> {
        let schema = self.compiled.schema.clone();
        let Some(parent) = object.find_field("parent") else { return Ok(false) };
        let filter = Some(expr::field_equals(object, parent, Value::Id(id)));
        let select = Select { filter, limit: TERRITORIES_MAX, ..Select::all(&schema, object) };
        Ok(self.tx.select_ids(&select)?.iter().any(|part| !together.contains(part)))
    }

    fn hangs_loose(&mut self, object: &Arc<Object>, record: &Record, together: &HashSet<Uuid>) -> Result<bool, Error> {
        let Some(parent) = record.get("parent").as_id().filter(|parent| !together.contains(parent)) else {
            return Ok(false);
        };
        let above = self.tx.find(object, parent)?;
        Ok(!above.is_some_and(|above| above.get("deleted_at").is_missing()))
    }
}

/// What is wrong with a rule, said of its field.
pub(super) fn wrong_rule(problem: &Problem) -> Problem {
    let (field, code) = ("rule".to_owned(), "bad_expression".to_owned());
    Problem::invalid(vec![FieldProblem { field, code, message: problem.detail.clone() }])
}
