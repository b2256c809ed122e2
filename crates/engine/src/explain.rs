//! "Why can Ann see this?": the rights of a user over one record, from the evaluation that also answers every query.

use model::expr::{self, By, Expr, Mine};
use model::{Actor, Object, Problem, Value};
use serde::Serialize;
use store::{Error, Pending, Tx};
use uuid::Uuid;

use crate::policy::{FieldRight, Policy, Right, Scope};
use crate::workspace::Workspace;

/// Whether a right reaches a record, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// Whether it does.
    pub allowed: bool,
    /// `admin`, `all`, `own`, `team`, `condition`, `share`, `none`, or `inactive`.
    pub because: &'static str,
    /// The condition of the role, part by part, each with whether it holds for the record.
    pub parts: Vec<(String, bool)>,
    /// The territories that open it: the user belongs to them, and the record stands in or below them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub territories: Vec<String>,
    /// The share that opens it beyond the role.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub share: Option<SharedBy>,
}

/// A share that opens a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SharedBy {
    /// The share.
    pub id: Uuid,
    /// Who gave it: name.
    pub by: String,
    /// The name of the team it was given to, when not to the user.
    pub team: Option<String>,
    /// Its last day.
    pub until: Option<String>,
}

impl Reason {
    fn plain(allowed: bool, because: &'static str) -> Self {
        Self { allowed, because, parts: Vec::new(), territories: Vec::new(), share: None }
    }
}

/// What a user may do with one record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Access {
    /// The user.
    pub user: Uuid,
    /// The user's role.
    pub role: Option<Uuid>,
    /// See it.
    pub read: Reason,
    /// Change it.
    pub update: Reason,
    /// Delete and restore it.
    pub delete: Reason,
    /// Fields that the user does not see.
    pub hidden: Vec<String>,
    /// Fields that the user sees and cannot change.
    pub read_only: Vec<String>,
}

impl Workspace {
    /// What a user may do with a record, and why. Anyone who sees the record may ask about themselves, who manages users
    /// about everyone.
    ///
    /// # Errors
    /// Not found, also when the asker may not see the record; forbidden; a database that fails.
    pub fn explain(&self, asker: &Actor, user: Uuid, object: &str, id: Uuid) -> Pending<Access> {
        let (workspace, asker, object) = (self.clone(), asker.clone(), object.to_owned());
        self.store().read(move |tx| {
            let (object, _) = workspace.load_visible(tx, &asker, &object, id)?;
            if asker.user != Some(user) {
                workspace.judge(tx, &asker, |policy| policy.check_special("manage_users"))??;
            }
            let Some(actor) = workspace.find_user_actor(tx, user)? else { return workspace.explain_inactive(tx, user) };
            let rights = workspace.rights(tx, &actor)?;
            let (schema, bindings) = (workspace.schema(), workspace.bindings(&actor));
            let policy = Policy::new(&actor, &rights, &schema, &bindings, workspace.granted());
            let mut reason = |right| workspace.reason(tx, &policy, &object, right, id);
            let (read, mut update, mut delete) = (reason(Right::Read)?, reason(Right::Update)?, reason(Right::Delete)?);
            if !read.allowed {
                // What is out of sight is out of reach.
                let no = Reason::plain(false, "none");
                (update, delete) = (no.clone(), no);
            }
            let with = |wanted: FieldRight| {
                let fields = object.fields.iter().filter(|field| !field.hidden && !field.system);
                fields
                    .filter(|field| policy.field_right(&object, &field.name) == wanted)
                    .map(|field| field.name.clone())
                    .collect()
            };
            let (hidden, read_only) = (with(FieldRight::None), with(FieldRight::Read));
            Ok(Access { user, role: actor.role, read, update, delete, hidden, read_only })
        })
    }

    /// A user who is gone or switched off may do nothing.
    fn explain_inactive(&self, tx: &mut Tx, user: Uuid) -> Result<Access, Error> {
        let schema = self.schema();
        let object = schema.find_object("user").ok_or_else(|| Problem::not_found("object"))?;
        let record = tx.find(object, user)?.ok_or_else(|| Problem::not_found("user"))?;
        let no = Reason::plain(false, "inactive");
        let role = record.get("role").as_id();
        let (hidden, read_only) = (Vec::new(), Vec::new());
        Ok(Access { user, role, read: no.clone(), update: no.clone(), delete: no, hidden, read_only })
    }

    /// The role's reason, or the share that opens what the role does not.
    fn reason(
        &self,
        tx: &mut Tx,
        policy: &Policy<'_>,
        object: &std::sync::Arc<Object>,
        right: Right,
        id: Uuid,
    ) -> Result<Reason, Error> {
        let told = self.reason_of_role(tx, policy, object, right, id)?;
        if told.allowed {
            return Ok(told);
        }
        let Some(share) = self.find_share(tx, policy, object, right, id)? else { return Ok(told) };
        let by = share.get("created_by").as_text().unwrap_or_default().to_owned();
        let team = share.get("team").as_id().map(|team| format!("team:{team}"));
        let names = self.actor_names(tx, &team.iter().cloned().chain([by.clone()]).collect())?;
        let name = |label: &str| {
            let named = names.get(label).and_then(|entry| entry.get("name")).and_then(serde_json::Value::as_str);
            named.unwrap_or_default().to_owned()
        };
        let until = share.get("until").to_json().as_str().map(str::to_owned);
        let share = SharedBy { id: share.id, by: name(&by), team: team.as_deref().map(name), until };
        Ok(Reason { allowed: true, because: "share", share: Some(share), ..told })
    }

    fn reason_of_role(
        &self,
        tx: &mut Tx,
        policy: &Policy<'_>,
        object: &std::sync::Arc<Object>,
        right: Right,
        id: Uuid,
    ) -> Result<Reason, Error> {
        let schema = self.schema();
        let plain = Reason::plain;
        let scope = match policy.held(object, right) {
            Ok(None) => return Ok(plain(true, if policy.is_unbound() { "admin" } else { "all" })),
            Err(_) => return Ok(plain(false, "none")),
            Ok(Some(scope)) => scope,
        };
        let mut holds =
            |expr: &Expr| -> Result<bool, Error> { Ok(tx.matches(&schema, object, &[id], expr)?.contains(&id)) };
        let allowed = holds(&scope)?;
        match policy.scope_of(object, right) {
            Scope::All | Scope::None => Ok(plain(allowed, "none")),
            Scope::Own => Ok(plain(allowed, "own")),
            Scope::Team => {
                let own = expr::parse_condition(&schema, object, "owner == me")?;
                let own = holds(&policy.bound(&own))?;
                Ok(plain(allowed, if own { "own" } else { "team" }))
            }
            Scope::Where(source) => {
                let parsed = expr::parse_condition(&schema, object, &source)?;
                let parts = match parsed {
                    Expr::And(parts) => parts,
                    whole => vec![whole],
                };
                let mut told = Vec::new();
                let mut asked = Vec::new();
                for part in parts {
                    told.push((part.to_source(), holds(&policy.bound(&part))?));
                    territories_asked(part, &mut asked);
                }
                let territories = self.territories_that_open(tx, policy.actor, object, id, &asked)?;
                Ok(Reason { parts: told, territories, ..plain(allowed, "condition") })
            }
        }
    }

    /// The territories of a user that a record stands in or below, by what a condition asks `my_territories` about.
    fn territories_that_open(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        object: &std::sync::Arc<Object>,
        id: Uuid,
        asked: &[Expr],
    ) -> Result<Vec<String>, Error> {
        let (schema, mut found) = (self.schema(), Vec::new());
        let Some(user) = actor.user.filter(|_| !asked.is_empty()) else { return Ok(found) };
        for membership in self.memberships(tx, user, &actor.teams)? {
            let reach: Vec<Value> = membership.reach.into_iter().map(Value::Id).collect();
            let stands = |item: &Expr| Expr::In { item: Box::new(item.clone()), list: reach.clone(), by: By::Id };
            let condition = expr::any_of(asked.iter().map(stands).collect());
            if tx.matches(&schema, object, &[id], &condition)?.contains(&id) {
                found.push(membership.name);
            }
        }
        Ok(found)
    }
}

/// What a condition asks `my_territories` about, as far as that alone can make it hold.
fn territories_asked(condition: Expr, found: &mut Vec<Expr>) {
    match condition {
        Expr::InMine(Mine::Territories, item) => found.push(*item),
        Expr::And(parts) | Expr::Or(parts) => parts.into_iter().for_each(|part| territories_asked(part, found)),
        _ => {}
    }
}
