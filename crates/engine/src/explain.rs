//! "Why can Ann see this?": the rights of a user over one record, from the evaluation that also answers every query.

use model::expr::{self, Expr};
use model::{Actor, Object, Problem};
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
    /// `admin`, `all`, `own`, `team`, `condition`, `none`, or `inactive`.
    pub because: &'static str,
    /// The condition of the role, part by part, each with whether it holds for the record.
    pub parts: Vec<(String, bool)>,
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
            let policy = Policy::new(&actor, &rights, &schema, &bindings);
            let mut reason = |right| workspace.reason(tx, &policy, &object, right, id);
            let (read, mut update, mut delete) = (reason(Right::Read)?, reason(Right::Update)?, reason(Right::Delete)?);
            if !read.allowed {
                // What is out of sight is out of reach.
                let no = Reason { allowed: false, because: "none", parts: Vec::new() };
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
        let no = Reason { allowed: false, because: "inactive", parts: Vec::new() };
        let role = record.get("role").as_id();
        let (hidden, read_only) = (Vec::new(), Vec::new());
        Ok(Access { user, role, read: no.clone(), update: no.clone(), delete: no, hidden, read_only })
    }

    fn reason(
        &self,
        tx: &mut Tx,
        policy: &Policy<'_>,
        object: &std::sync::Arc<Object>,
        right: Right,
        id: Uuid,
    ) -> Result<Reason, Error> {
        let schema = self.schema();
        let plain = |allowed, because| Reason { allowed, because, parts: Vec::new() };
        let scope = match policy.scope(object, right) {
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
                for part in parts {
                    told.push((part.to_source(), holds(&policy.bound(&part))?));
                }
                Ok(Reason { allowed, because: "condition", parts: told })
            }
        }
    }
}
