//! Records that are shared: one record, open to a person or a team beyond what their role reaches, perhaps until a day.
//!
//! A share is a record. That it opens a row is said in one place, beside the row rights (`policy.rs`); here is who may
//! share, and what is known without asking the database of to whom anything is shared at all.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use arc_swap::ArcSwap;
use model::{Actor, Code, FieldProblem, Object, Op, Problem, Record, expr};
use store::{Error, Select, Store, Tx};
use uuid::Uuid;

use crate::batch::Batch;
use crate::draft::Draft;
use crate::policy::{Policy, Right};
use crate::workspace::Workspace;

/// Name of the object.
pub(crate) const OBJECT: &str = "share";
/// Its field that names the record.
pub(crate) const ABOUT: &str = "about";
/// The right to share what one may see without owning it.
pub(crate) const SPECIAL: &str = "share";

/// CEL over a share: it counts for the actor at this moment.
pub(crate) const COUNTS: &str = "(user == me || team in my_teams) && (!has(until) || until >= today)";
/// Only a share of this level lets change.
pub(crate) const LETS_CHANGE: &str = "level == 'change'";
/// CEL over a share: seen by whom it is for and by who made it. Who sees the record by their role sees it too.
pub(crate) const OWN: &str = "user == me || team in my_teams || created_by == me";

type Drafts = Vec<Result<Draft, Problem>>;

/// Of which objects something is, or was, shared with whom. It may name too much, never too little: queries of those
/// to whom nothing is shared stay as they are.
#[derive(Default)]
pub(crate) struct Grants(ArcSwap<HashMap<Uuid, HashSet<String>>>);

/// A look at [`Grants`].
#[derive(Clone, Default)]
pub(crate) struct Granted(Arc<HashMap<Uuid, HashSet<String>>>);

impl Granted {
    /// Whether a record of the object may be shared with the actor.
    pub(crate) fn reaches(&self, actor: &Actor, object: &str) -> bool {
        let mut grantees = actor.user.iter().chain(actor.teams.iter());
        !self.0.is_empty() && grantees.any(|id| self.0.get(id).is_some_and(|objects| objects.contains(object)))
    }
}

impl Grants {
    /// As it is now.
    pub(crate) fn look(&self) -> Granted {
        Granted(self.0.load_full())
    }

    fn add(&self, share: &Record) {
        let grantees = [share.get("user").as_id(), share.get("team").as_id()];
        let Some((object, _)) = subject_of(share) else { return };
        let known = self.look();
        let is_new = |id: &Uuid| known.0.get(id).is_none_or(|objects| !objects.contains(&object));
        for grantee in grantees.into_iter().flatten().filter(is_new) {
            self.0.rcu(|known| {
                let mut known = HashMap::clone(known);
                known.entry(grantee).or_default().insert(object.clone());
                known
            });
        }
    }
}

/// The record that a share is about.
pub(crate) fn subject_of(share: &Record) -> Option<(String, Uuid)> {
    let json = share.get(ABOUT).as_json()?;
    let entry = json.as_array()?.first()?;
    let id = entry.get("id").and_then(serde_json::Value::as_str).and_then(|id| Uuid::try_parse(id).ok())?;
    Some((entry.get("object")?.as_str()?.to_owned(), id))
}

impl Workspace {
    /// Learns of every share that is not taken back.
    pub(crate) fn learn_shares(&self, store: &Store) -> Result<(), Error> {
        let workspace = self.clone();
        store.read(move |tx| workspace.learn_shares_in(tx, None)).wait()
    }

    /// The same of one that another program may have made.
    pub(crate) fn learn_share(&self, id: Uuid) -> Result<(), Error> {
        let workspace = self.clone();
        self.store().read(move |tx| workspace.learn_shares_in(tx, Some(id))).wait()
    }

    fn learn_shares_in(&self, tx: &mut Tx, id: Option<Uuid>) -> Result<(), Error> {
        let schema = self.schema();
        let Some(object) = schema.find_object(OBJECT) else { return Ok(()) };
        if let Some(id) = id {
            tx.find(object, id)?.iter().for_each(|share| self.0.grants.add(share));
            return Ok(());
        }
        let fields = [ABOUT, "user", "team"].map(str::to_owned).to_vec();
        tx.select(&Select { fields, ..Select::all(&schema, object) }, &mut |share| {
            self.0.grants.add(&share);
            Ok(())
        })?;
        Ok(())
    }

    /// The share that opens a record to whom the policy is about, if one does.
    pub(crate) fn find_share(
        &self,
        tx: &mut Tx,
        policy: &Policy<'_>,
        object: &Object,
        right: Right,
        id: Uuid,
    ) -> Result<Option<Record>, Error> {
        let schema = self.schema();
        let Some(shared) = schema.find_object(OBJECT).filter(|_| policy.shared(object, right).is_some()) else {
            return Ok(None);
        };
        let lets = if right == Right::Update { LETS_CHANGE } else { "true" };
        let parsed = expr::parse_condition(&schema, shared, &format!("{COUNTS} && {lets} && '{id}' in {ABOUT}"))?;
        let select = Select { filter: Some(policy.bound(&parsed)), limit: 1, ..Select::all(&schema, shared) };
        let mut found = None;
        tx.select(&select, &mut |share| {
            found = Some(share);
            Ok(())
        })?;
        Ok(found)
    }

    /// What is known of to whom anything is shared.
    pub(crate) fn granted(&self) -> Granted {
        self.0.grants.look()
    }
}

impl Batch<'_> {
    /// Refuses shares that the actor may not give, and changes of owner or team by those who hold a record only by a
    /// share: they would keep it.
    pub(crate) fn guard_shares(&mut self, object: &Arc<Object>, drafts: Drafts) -> Result<Drafts, Error> {
        if object.name != OBJECT {
            return self.guard_belonging(object, drafts);
        }
        let mut guarded = Vec::with_capacity(drafts.len());
        for draft in drafts {
            guarded.push(match draft {
                Ok(draft) => self.judge_share(&draft)?.map(|()| draft),
                refused => refused,
            });
        }
        Ok(guarded)
    }

    /// What is stored of shares is known from then on.
    pub(crate) fn note_shares(&self, object: &Object, drafts: &[&Draft]) {
        if object.name == OBJECT {
            drafts.iter().for_each(|draft| self.workspace.0.grants.add(&draft.after));
        }
    }

    fn judge_share(&mut self, draft: &Draft) -> Result<Result<(), Problem>, Error> {
        // A merge lets what belonged to a record follow it, shares too; its undo takes that back.
        let follows = self.cause == "merge" || self.undoes.is_some();
        if draft.op == Op::Update && draft.changes(ABOUT) {
            let detail = "A share stays with its record. Share the other record instead.";
            return if follows { self.judge_following(draft) } else { Ok(Err(wrong(ABOUT, detail))) };
        }
        if draft.get("user").is_missing() == draft.get("team").is_missing() {
            return Ok(Err(wrong("user", "Share with one person or with one team.")));
        }
        let subject = match draft.get(ABOUT).as_json().and_then(serde_json::Value::as_array).map(Vec::len) {
            Some(1) => subject_of(&draft.after),
            _ => None,
        };
        let schema = self.compiled.schema.clone();
        let Some((name, id)) = subject else { return Ok(Err(wrong(ABOUT, "Name the one record to share."))) };
        let Some(object) = schema.find_object(&name).filter(|object| !object.internal) else {
            return Ok(Err(wrong(ABOUT, "Records of this kind cannot be shared.")));
        };
        if self.policy().is_unbound() {
            return Ok(Ok(()));
        }
        let mine = self.actor.user.is_some()
            && (draft.get("created_by").as_text() == Some(self.actor.label().as_str())
                || draft.get("user").as_id() == self.actor.user);
        if draft.op == Op::Delete && mine {
            return Ok(Ok(()));
        }
        let changes = draft.op != Op::Delete && draft.get("level").as_text() != Some("read");
        self.judge_giving(object, id, changes)
    }

    /// A share goes to another record only by the hand of somebody who holds that one as far as the share lets: whoever
    /// merges, or undoes a merge, must not give more than is theirs.
    fn judge_following(&mut self, draft: &Draft) -> Result<Result<(), Problem>, Error> {
        if self.policy().is_unbound() {
            return Ok(Ok(()));
        }
        let subject = subject_of(&draft.after);
        let object = subject.as_ref().and_then(|(name, _)| self.compiled.schema.find_object(name).cloned());
        let (Some((_, id)), Some(object)) = (subject, object) else { return Ok(Err(Problem::not_found("record"))) };
        let lets_change = draft.get("level").as_text() != Some("read");
        if self.holds(&object, id, Right::Read)? && (!lets_change || self.holds(&object, id, Right::Update)?) {
            return Ok(Ok(()));
        }
        let detail =
            "One of these records is shared, and you may not share the other one as far. Ask its owner to do this.";
        Ok(Err(Problem::new(Code::Forbidden, detail)))
    }

    /// The owner shares, and who has the special right, what they hold by their role and as far as they do: what was
    /// shared with somebody is not theirs to pass on.
    fn judge_giving(&mut self, object: &Arc<Object>, id: Uuid, changes: bool) -> Result<Result<(), Problem>, Error> {
        let record = self.tx.find(object, id)?;
        let missing = || Problem::not_found(&object.label.to_lowercase());
        let Some(record) = record.filter(|record| record.get("deleted_at").is_missing()) else {
            return Ok(Err(missing()));
        };
        if !self.holds(object, id, Right::Read)? {
            let seen = self.seen(object, &[id])?.contains(&id);
            let detail = "This record was shared with you. Only who sees it by their role may share it further.";
            return Ok(Err(if seen { Problem::new(Code::Forbidden, detail) } else { missing() }));
        }
        let owns = self.actor.user.is_some() && record.get("owner").as_id() == self.actor.user;
        if !owns && !self.policy().may(SPECIAL) {
            let detail = "Only its owner, or who has the right `share`, may share this record. Ask one of them.";
            return Ok(Err(Problem::new(Code::Forbidden, detail)));
        }
        if changes && !self.holds(object, id, Right::Update)? {
            let detail = "You may not change this record, so you cannot let others change it. Share it to be seen.";
            return Ok(Err(Problem::new(Code::Forbidden, detail)));
        }
        Ok(Ok(()))
    }

    /// Whether a right reaches a record by the role alone.
    fn holds(&mut self, object: &Arc<Object>, id: Uuid, right: Right) -> Result<bool, Error> {
        let held = self.policy().held(object, right).ok();
        Ok(self.reached(object, &[id], held)?.contains(&id))
    }

    /// Which of these rows the role alone reaches: to see and to change. Asked only of those to whom something of the
    /// object is shared.
    pub(crate) fn rows_held(
        &mut self,
        object: &Arc<Object>,
        ids: &[Uuid],
    ) -> Result<Option<[HashSet<Uuid>; 2]>, Error> {
        if self.policy().is_unbound() || self.policy().shared(object, Right::Update).is_none() {
            return Ok(None);
        }
        let mut held = |right| {
            let scope = self.policy().held(object, right).ok();
            self.reached(object, ids, scope)
        };
        Ok(Some([held(Right::Read)?, held(Right::Update)?]))
    }

    /// Refuses changes that bring a shared row within the role's own reach: it would be kept when the share ends.
    pub(crate) fn check_held(
        &mut self,
        object: &Arc<Object>,
        ids: &[Uuid],
        before: Option<[HashSet<Uuid>; 2]>,
    ) -> Result<(), Error> {
        let Some(before) = before else { return Ok(()) };
        let Some(after) = self.rows_held(object, ids)? else { return Ok(()) };
        if before.iter().zip(&after).all(|(before, after)| after.is_subset(before)) {
            return Ok(());
        }
        let detail = "This record was shared with you: with this change you would keep it when the share ends. Leave out \
                      what your role's rights ask about, or ask its owner.";
        Err(Problem::new(Code::Forbidden, detail).into())
    }

    fn guard_belonging(&mut self, object: &Arc<Object>, drafts: Drafts) -> Result<Drafts, Error> {
        let moves =
            |draft: &Draft| draft.op == Op::Update && object.owned && (draft.changes("owner") || draft.changes("team"));
        let ids: Vec<Uuid> = drafts.iter().flatten().filter(|draft| moves(draft)).map(|draft| draft.after.id).collect();
        if ids.is_empty() || self.policy().shared(object, Right::Update).is_none() {
            return Ok(drafts);
        }
        let held = self.policy().held(object, Right::Update).ok();
        let held = self.reached(object, &ids, held)?;
        let refuse = |draft: Draft| match moves(&draft) && !held.contains(&draft.after.id) {
            true => Err(Problem::new(
                Code::Forbidden,
                "This record was shared with you: its owner and team are for those to change who hold it by their role.",
            )),
            false => Ok(draft),
        };
        Ok(drafts.into_iter().map(|draft| draft.and_then(refuse)).collect())
    }
}

fn wrong(field: &str, message: &str) -> Problem {
    let (field, message) = (field.to_owned(), message.to_owned());
    Problem::invalid(vec![FieldProblem { field, code: "bad_value".to_owned(), message }])
}
