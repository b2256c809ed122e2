//! Who may do what. One evaluation answers every path: a right is a condition that joins the query.

mod parts;
mod refusals;

use std::collections::{BTreeSet, HashMap};

use model::expr::{self, Bindings, Expr, Over};
use model::{Actor, Code, Field, Object, Problem, Schema, Value};
use serde::Deserialize;

use crate::layouts;
use crate::rates;
use crate::reactions;
use crate::shares::{self, Granted};
use crate::territories;

/// How far a right reaches over the rows of an object.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Scope {
    /// Every row.
    All,
    /// Rows owned by the actor or belonging to one of the actor's teams.
    Team,
    /// Rows owned by the actor.
    Own,
    /// No row.
    #[default]
    None,
    /// Rows for which a CEL condition holds.
    Where(String),
}

impl<'de> Deserialize<'de> for Scope {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Ok(match text.as_str() {
            "all" => Self::All,
            "team" => Self::Team,
            "own" => Self::Own,
            "none" | "" => Self::None,
            _ => Self::Where(text),
        })
    }
}

/// What a role may do with one field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldRight {
    /// Not to be seen, filtered or sorted by.
    None,
    /// To be seen.
    Read,
    /// To be seen and changed.
    Write,
}

/// What a role may do with the rows of one object.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ObjectRights {
    /// Rows that may be seen.
    pub read: Scope,
    /// Whether rows may be made.
    pub create: bool,
    /// Rows that may be changed.
    pub update: Scope,
    /// Rows that may be deleted and restored.
    pub delete: Scope,
    /// Fields with less than full rights.
    pub fields: HashMap<String, FieldRight>,
}

/// The rights of a role, as its `rights` JSON says.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Rights {
    /// May do everything.
    pub admin: bool,
    /// By object name; `*` for objects without an entry.
    pub objects: HashMap<String, ObjectRights>,
    /// `export`, `import`, `bulk`, `merge`, `configure`, `manage_users`, `audit`, `sensitive`, `share`, `view_as`.
    pub special: BTreeSet<String>,
    /// Whether its users need a second factor to log in.
    pub second_factor: bool,
}

/// Names of the special rights.
pub const SPECIAL_RIGHTS: [&str; 10] = [
    "export",
    "import",
    "bulk",
    "merge",
    "configure",
    "manage_users",
    "audit",
    "sensitive",
    shares::SPECIAL,
    "view_as",
];

/// What users change about themselves; the rest of a user is for those who manage users.
const OWN_FIELDS: [&str; 12] = [
    "name",
    "job_title",
    "phones",
    "photo",
    "locale",
    "time_zone",
    "muted",
    "digest",
    "digest_hour",
    "unmailed",
    "unpushed",
    "pins",
];

/// What an actor wants to do with rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Right {
    /// See.
    Read,
    /// Change.
    Update,
    /// Delete and restore.
    Delete,
}

impl Rights {
    /// Everything: what the system actor has.
    pub fn all() -> Self {
        Self { admin: true, ..Self::default() }
    }

    /// Reads a role's JSON.
    ///
    /// # Errors
    /// [`Code::Invalid`] with the reason when the JSON has another shape.
    pub fn from_json(json: &serde_json::Value) -> Result<Self, Problem> {
        let rights: Self = serde_json::from_value(json.clone())
            .map_err(|error| Problem::new(Code::Invalid, format!("The rights of the role cannot be read: {error}")))?;
        match rights.special.iter().find(|name| !SPECIAL_RIGHTS.contains(&name.as_str())) {
            Some(name) => Err(Problem::new(
                Code::Invalid,
                format!("`{name}` is no special right. Use: {}.", SPECIAL_RIGHTS.join(", ")),
            )),
            None => Ok(rights),
        }
    }

    fn of(&self, object: &str) -> Option<&ObjectRights> {
        self.objects.get(object).or_else(|| self.objects.get("*"))
    }

    /// Checks every condition and name against the schema.
    ///
    /// # Errors
    /// The first condition that does not check, or the first object or field that is not there.
    pub fn check(&self, schema: &Schema) -> Result<(), Problem> {
        for (name, rights) in &self.objects {
            if name == "*" {
                continue;
            }
            let object = schema.find_object(name).ok_or_else(|| {
                Problem::new(Code::Invalid, format!("The role names the object `{name}`, which is not there."))
            })?;
            for scope in [&rights.read, &rights.update, &rights.delete] {
                if let Scope::Where(source) = scope {
                    expr::parse_condition(schema, object, source)?;
                }
            }
            if let Some(field) = rights.fields.keys().find(|field| object.find_field(field).is_none()) {
                return Err(Problem::new(
                    Code::Invalid,
                    format!("The role names the field `{field}` of `{name}`, which is not there."),
                ));
            }
        }
        Ok(())
    }
}

/// An actor with its rights, bound to one schema and one moment.
pub struct Policy<'a> {
    /// Who.
    pub actor: &'a Actor,
    rights: &'a Rights,
    schema: &'a Schema,
    bindings: &'a Bindings,
    granted: Granted,
    /// Whether sensitive fields are shown: somebody asked for them, and it is in the audit log.
    clear: bool,
}

/// Rights that who sees as somebody else does not get from them: they look at the everyday, not at what is sensitive,
/// at others' work or at how the workspace is run.
const NOT_LENT: [&str; 5] = ["sensitive", "audit", "configure", "manage_users", "export"];

impl<'a> Policy<'a> {
    /// Puts together what an evaluation needs.
    pub(crate) fn new(
        actor: &'a Actor,
        rights: &'a Rights,
        schema: &'a Schema,
        bindings: &'a Bindings,
        granted: Granted,
    ) -> Self {
        Self { actor, rights, schema, bindings, granted, clear: false }
    }

    /// The same for a reading that shows sensitive fields and is audited as one.
    #[must_use]
    pub(crate) fn revealing(self) -> Self {
        Self { clear: true, ..self }
    }

    /// Whether nothing is refused.
    pub fn is_unbound(&self) -> bool {
        self.actor.is_system() || self.rights.admin
    }

    /// Whether the actor has a special right.
    pub fn may(&self, special: &str) -> bool {
        if self.actor.viewed_by.is_some() && NOT_LENT.contains(&special) {
            return false;
        }
        self.is_unbound() || self.rights.special.contains(special)
    }

    /// Refuses when the actor lacks a special right.
    ///
    /// # Errors
    /// [`Code::Forbidden`].
    pub fn check_special(&self, special: &str) -> Result<(), Problem> {
        if self.may(special) {
            return Ok(());
        }
        Err(Problem::new(
            Code::Forbidden,
            format!("Your role lacks the right `{special}`. Ask an administrator to add it."),
        ))
    }

    /// How far a right reaches, as the role says it.
    pub(crate) fn scope_of(&self, object: &Object, right: Right) -> Scope {
        if self.is_unbound() {
            return Scope::All;
        }
        if object.internal {
            return self.internal_scope(object, right);
        }
        match (self.rights.of(&object.name), right) {
            (None, _) => Scope::None,
            (Some(rights), Right::Read) => rights.read.clone(),
            (Some(rights), Right::Update) => rights.update.clone(),
            (Some(rights), Right::Delete) => rights.delete.clone(),
        }
    }

    /// Names of users, teams, territories and roles, working hours and the data model are everyone's to read; views are their owner's and
    /// whom they are shared with; of users everyone changes their own profile; the rest is for those who manage users.
    fn internal_scope(&self, object: &Object, right: Right) -> Scope {
        let manages = self.rights.special.contains("manage_users");
        match (object.name.as_str(), right) {
            ("view", Right::Read) => {
                Scope::Where("shared == 'everyone' || owner == me || (shared == 'team' && team in my_teams)".to_owned())
            }
            ("view", _) => Scope::Own,
            (shares::OBJECT | reactions::OBJECT | rates::OBJECT, _) if !self.sees_anything() => Scope::None,
            (shares::OBJECT, Right::Read) => Scope::Where(shares::OWN.to_owned()),
            // Each is judged by the record that it shares; a reaction by whose it is.
            (shares::OBJECT, _) | (reactions::OBJECT, Right::Update | Right::Delete) => Scope::All,
            (reactions::OBJECT, Right::Read) => Scope::Where("true".to_owned()),
            (
                "user" | "team" | "role" | "definition" | "work_calendar" | territories::OBJECT | rates::OBJECT,
                Right::Read,
            ) => Scope::All,
            // Layouts name fields of every sort; what of them is somebody's is sent when their UI starts.
            (layouts::OBJECT, _) if self.may("configure") => Scope::All,
            _ if object.settings && self.may("configure") => Scope::All,
            ("definition" | "work_calendar" | territories::OBJECT | rates::OBJECT, _)
                if self.rights.special.contains("configure") =>
            {
                Scope::All
            }
            ("user" | "team", _) if manages => Scope::All,
            ("user", Right::Update) => Scope::Where("id == me".to_owned()),
            _ => Scope::None,
        }
    }

    /// The condition that a right adds to a query; `None` when every row is open.
    ///
    /// # Errors
    /// [`Code::Forbidden`] when no row is open.
    pub fn scope(&self, object: &Object, right: Right) -> Result<Option<Expr>, Problem> {
        Ok(self.held(object, right)?.map(|held| match self.shared(object, right) {
            Some(shared) => expr::or(held, shared),
            None => held,
        }))
    }

    /// The condition of a right as far as the role gives it, without what is shared with the actor.
    ///
    /// # Errors
    /// [`Code::Forbidden`] when no row is open.
    pub(crate) fn held(&self, object: &Object, right: Right) -> Result<Option<Expr>, Problem> {
        if object.name == reactions::OBJECT && right == Right::Read && !self.is_unbound() && self.sees_anything() {
            return Ok(Some(expr::any_of(self.reactions_in_sight())));
        }
        let source = match self.scope_of(object, right) {
            Scope::None => return Err(self.refusal(object, right)),
            Scope::All => return self.with_whole(object, right, None),
            Scope::Own | Scope::Team if object.part_of.is_some() => return self.with_whole(object, right, None),
            _ if !object.owned && !matches!(self.scope_of(object, right), Scope::Where(_)) => {
                return Err(self.refusal(object, right));
            }
            Scope::Own => "owner == me".to_owned(),
            Scope::Team => "owner == me || team in my_teams".to_owned(),
            Scope::Where(source) => source,
        };
        let parsed = expr::parse_condition(self.schema, object, &source)?;
        let held = expr::bind(&parsed, self.bindings);
        if object.name == shares::OBJECT {
            return Ok(Some(expr::any_of(self.shares_in_sight(held))));
        }
        self.with_whole(object, right, Some(held))
    }

    /// Who sees a record by their role sees to whom it is shared.
    fn shares_in_sight(&self, own: Expr) -> Vec<Expr> {
        let mut any = vec![own];
        for target in self.schema.objects().iter().filter(|object| !object.internal) {
            let Ok(seen) = self.held(target, Right::Read) else { continue };
            let over = Over::Targets { field: shares::ABOUT.to_owned(), target: target.name.clone() };
            any.push(expr::some_related(shares::OBJECT, over, &seen.unwrap_or_else(Expr::always)));
        }
        any
    }

    /// Who sees a record sees the reactions on it.
    fn reactions_in_sight(&self) -> Vec<Expr> {
        let targets = self.schema.objects().iter().filter(|object| !object.internal);
        let seen = |target: &std::sync::Arc<Object>| {
            let seen = self.scope(target, Right::Read).ok()?;
            let over = Over::Targets { field: reactions::ABOUT.to_owned(), target: target.name.clone() };
            Some(expr::some_related(reactions::OBJECT, over, &seen.unwrap_or_else(Expr::always)))
        };
        targets.filter_map(seen).collect()
    }

    /// What a share opens to the actor beside the role: nothing when no row of the object is, and none of those in the
    /// recycle bin.
    pub(crate) fn shared(&self, object: &Object, right: Right) -> Option<Expr> {
        if right == Right::Delete || object.internal || !self.granted.reaches(self.actor, &object.name) {
            return None;
        }
        let share = self.schema.find_object(shares::OBJECT)?;
        let bound = |source: &str| Some(self.bound(&expr::parse_condition(self.schema, share, source).ok()?));
        let mut conditions = vec![bound(shares::COUNTS)?];
        if right == Right::Update {
            conditions.push(bound(shares::LETS_CHANGE)?);
        }
        let over = Over::Children {
            relation: String::new(),
            object: share.name.clone(),
            field: shares::ABOUT.to_owned(),
            kind: share.find_field(shares::ABOUT)?.kind,
        };
        let alive = expr::field_equals(object, object.find_field("deleted_at")?, Value::Missing);
        Some(expr::and(alive, expr::some_related(&object.name, over, &expr::all_of(conditions))))
    }

    /// An expression with what `me`, `my_teams` and `now` mean for the actor.
    pub(crate) fn bound(&self, parsed: &Expr) -> Expr {
        expr::bind(parsed, self.bindings)
    }

    /// Whether a right is a condition of its own, not ownership.
    pub fn is_conditional(&self, object: &Object, right: Right) -> bool {
        matches!(self.scope_of(object, right), Scope::Where(_))
    }

    /// Refuses when the actor may not make records of the object.
    ///
    /// # Errors
    /// [`Code::Forbidden`].
    pub fn check_create(&self, object: &Object) -> Result<(), Problem> {
        let allowed = self.is_unbound()
            || match object.name.as_str() {
                "view" => self.actor.user.is_some(),
                shares::OBJECT => self.sees_anything(),
                reactions::OBJECT => self.actor.user.is_some() && self.sees_anything(),
                "user" | "team" => self.rights.special.contains("manage_users"),
                "definition" | "work_calendar" | territories::OBJECT | layouts::OBJECT | rates::OBJECT => {
                    self.rights.special.contains("configure")
                }
                _ if object.internal => object.settings && self.may("configure"),
                _ => self.rights.of(&object.name).is_some_and(|rights| rights.create),
            };
        if allowed {
            return Ok(());
        }
        Err(Problem::new(
            Code::Forbidden,
            format!(
                "Your role may not create {}. Ask an administrator for the right.",
                object.label_plural.to_lowercase()
            ),
        ))
    }

    /// Refuses when there is no record that the actor may see.
    ///
    /// # Errors
    /// [`Code::Forbidden`].
    pub(crate) fn check_sees_anything(&self) -> Result<(), Problem> {
        let detail = "Your role shows you no records. Ask an administrator for the right.";
        if self.sees_anything() { Ok(()) } else { Err(Problem::new(Code::Forbidden, detail)) }
    }

    /// Whether there may be a record that the actor sees.
    fn sees_anything(&self) -> bool {
        let mut objects = self.schema.objects().iter().filter(|object| !object.internal);
        objects.any(|object| !matches!(self.scope_of(object, Right::Read), Scope::None))
    }

    /// What the actor may do with a field.
    pub fn field_right(&self, object: &Object, field: &str) -> FieldRight {
        self.right_on(object, field, object.find_field(field))
    }

    fn right_on(&self, object: &Object, name: &str, field: Option<&Field>) -> FieldRight {
        if self.is_unbound() {
            return FieldRight::Write;
        }
        if object.internal {
            let own = match object.name.as_str() {
                // What decides where records go tells of their fields.
                territories::OBJECT if name == "rule" && !self.may("configure") => return FieldRight::None,
                "user" => OWN_FIELDS.contains(&name) || self.may("manage_users"),
                // What others are shown first is not for everyone to say.
                "view" => name != "opens_first" || self.may("configure"),
                _ => true,
            };
            return if own { FieldRight::Write } else { FieldRight::Read };
        }
        let Some(rights) = self.rights.of(&object.name) else { return FieldRight::None };
        if field.is_some_and(|field| self.counts_unseen(field)) {
            return FieldRight::None;
        }
        rights.fields.get(name).copied().unwrap_or(FieldRight::Write)
    }

    /// Whether a field is the actor's to know: a sensitive one when they ask for it.
    pub fn can_reveal(&self, object: &Object, field: &str) -> bool {
        self.field_right(object, field) != FieldRight::None
    }

    /// Whether an answer shows a field. A sensitive one is left out for everybody but the program itself, until it is
    /// revealed.
    pub fn can_read(&self, object: &Object, field: &str) -> bool {
        match object.find_field(field) {
            Some(field) => self.shows(object, field),
            None => self.can_reveal(object, field),
        }
    }

    fn shows(&self, object: &Object, field: &Field) -> bool {
        let reveals = self.right_on(object, &field.name, Some(field)) != FieldRight::None;
        reveals && (self.shows_sensitive() || !field.sensitive)
    }

    /// The fields that an answer does not show.
    pub(crate) fn unseen(&self, object: &Object) -> Vec<String> {
        let hidden = object.fields.iter().filter(|field| !self.shows(object, field));
        hidden.map(|field| field.name.clone()).collect()
    }

    fn shows_sensitive(&self) -> bool {
        self.clear || self.actor.is_system()
    }

    /// Whether records may be filtered, sorted, grouped, measured and found by a field: by a sensitive one they would
    /// tell its values without anybody having asked for them.
    pub fn can_use(&self, object: &Object, field: &str) -> bool {
        self.can_reveal(object, field) && (!is_sensitive(object, field) || self.may("sensitive"))
    }

    /// Refuses a field that the actor may not filter, sort, group or find by.
    ///
    /// # Errors
    /// [`Code::Forbidden`].
    pub fn check_use(&self, object: &Object, field: &str) -> Result<(), Problem> {
        if self.can_use(object, field) {
            return Ok(());
        }
        if !self.can_reveal(object, field) {
            return Err(Self::field_refusal(field));
        }
        Err(Problem::new(
            Code::Forbidden,
            format!(
                "`{field}` is sensitive: filtering, sorting, grouping or matching by it needs the right `sensitive`. \
                 Leave it out, or ask an administrator for the right."
            ),
        ))
    }

    /// The fields of an object that the actor may see, in order.
    pub fn readable_fields(&self, object: &Object) -> Vec<String> {
        let shown = object.fields.iter().filter(|field| !field.hidden && self.shows(object, field));
        shown.map(|field| field.name.clone()).collect()
    }

    /// Refuses an expression of the actor that reads a field, over whatever relation, that the actor may not see:
    /// otherwise a filter would be an oracle.
    ///
    /// # Errors
    /// [`Code::Forbidden`].
    pub(crate) fn check_uses(&self, parsed: &Expr) -> Result<(), Problem> {
        if self.is_unbound() {
            return Ok(());
        }
        for used in expr::uses(parsed) {
            let Some(object) = self.schema.find_object(&used.object) else { continue };
            if matches!(self.scope_of(object, Right::Read), Scope::None) {
                return Err(self.refusal(object, Right::Read));
            }
            self.check_use(object, &used.field)?;
        }
        Ok(())
    }

    /// A condition that the actor wrote, checked and bound: refused when it reads what they may not, and over related
    /// records only as far as they see these.
    ///
    /// # Errors
    /// What is wrong with the text; [`Code::Forbidden`].
    pub fn condition(&self, object: &Object, source: &str) -> Result<Expr, Problem> {
        let parsed = expr::parse_condition(self.schema, object, source)?;
        let bound = expr::bind(&parsed, self.bindings);
        if self.is_unbound() {
            return Ok(bound);
        }
        self.check_uses(&parsed)?;
        let scope = |name: &str| {
            let object = self.schema.find_object(name)?;
            self.scope(object, Right::Read).unwrap_or_else(|_| Some(Expr::never()))
        };
        Ok(expr::guard(&bound, &scope))
    }

    /// The refusal of a field.
    pub fn field_refusal(field: &str) -> Problem {
        Problem::new(Code::Forbidden, format!("You may not use the field `{field}`. Leave it out of the request."))
    }

    /// What the UI offers for an object.
    pub fn abilities(&self, object: &Object) -> serde_json::Value {
        let open = |right| self.scope(object, right).is_ok() && (right == Right::Read || !object.append_only);
        serde_json::json!({
            "read": open(Right::Read),
            "create": self.check_create(object).is_ok(),
            "update": open(Right::Update),
            "delete": open(Right::Delete),
            "export": self.may("export"),
            "import": self.may("import") && self.check_create(object).is_ok(),
            "merge": self.may("merge") && !object.append_only,
            "bulk": self.may("bulk") && !object.append_only,
        })
    }

    /// The value that owns a new record when nobody is named.
    pub fn default_owner(&self) -> Value {
        self.actor.user.map_or(Value::Missing, Value::Id)
    }
}

fn is_sensitive(object: &Object, field: &str) -> bool {
    object.find_field(field).is_some_and(|field| field.sensitive)
}
