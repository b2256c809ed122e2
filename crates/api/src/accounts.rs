//! People and programs that may come in: set-up, log-in, sessions, invitations, API keys. Used by the routes and by
//! the command line.

use std::sync::Arc;

use engine::{Batch, Edit, Plan, Workspace};
use model::expr::field_equals;
use model::{Actor, ActorKind, Code, FieldProblem, Patch, Problem, Record, Value, kinds};
use serde::Serialize;
use serde_json::json;
use store::tables::{api_keys, invitations, mails, passwords, second_factors, sessions, throttle};
use store::{Error, Priority, Select, Tx};
use uuid::Uuid;

use crate::caller::Caller;
use crate::headers::SESSION_SECONDS;
use crate::log_in::count_attempt;
use crate::network::Peer;
use crate::problem_json::{Answer, Failure};
use crate::second_factor::{Entered, admit};
use crate::throttle::Verdict;
use crate::tokens::{hash_of, new_api_key, new_token};
use crate::{Api, passwords as rules, view_as};

/// How long an invitation works.
const INVITATION_SECONDS: i64 = 7 * 24 * 3600;
/// How often the last use of a session is written down.
const SEEN_SECONDS: i64 = 600;
/// How often the last use of a key is written down.
const KEY_USED_SECONDS: i64 = 24 * 3600;
/// Characters of a key that stay visible: `rk_` and five more.
const PREFIX_CHARACTERS: usize = 8;
/// Microseconds in a second.
pub(crate) const SECOND: i64 = 1_000_000;

/// The roles of a new workspace: name, what it is for, rights.
const FIRST_ROLES: [(&str, &str, &str); 3] = [
    ("Administrator", "May do everything.", r#"{"admin":true}"#),
    (
        "Member",
        "Works with all records.",
        r#"{"objects":{"*":{"read":"all","create":true,"update":"all","delete":"all"}},
            "special":["export","import","bulk","merge"]}"#,
    ),
    ("Reader", "Sees everything, changes nothing.", r#"{"objects":{"*":{"read":"all"}}}"#),
];

/// A user as log-in answers it.
#[derive(Debug, Clone, Serialize)]
pub struct Person {
    /// User record.
    pub id: Uuid,
    /// Name.
    pub name: String,
    /// E-mail address.
    pub email: String,
}

/// A new session: the token for the cookie and whose it is.
#[derive(Debug)]
pub struct Opened {
    /// Goes into the cookie, nowhere else.
    pub token: String,
    /// Who logged in.
    pub person: Person,
}

/// What the first-run set-up asks.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetUp {
    /// Name of the company.
    pub company: String,
    /// Name of the first administrator.
    pub name: String,
    /// Log-in of the first administrator.
    pub email: String,
    /// Password of the first administrator.
    pub password: String,
}

pub(crate) fn person_of(user: &Record) -> Person {
    let text = |field: &str| user.get(field).as_text().unwrap_or_default().to_owned();
    Person { id: user.id, name: text("name"), email: text("email") }
}

pub(crate) fn first_of(
    workspace: &Workspace,
    tx: &mut Tx,
    object: &str,
    field: &str,
    value: Value,
) -> Result<Option<Record>, Error> {
    let schema = workspace.schema();
    let object = schema.find_object(object).ok_or_else(|| Problem::not_found("object"))?;
    let by = object.find_field(field).ok_or_else(|| Problem::not_found("field"))?;
    let filter = Some(field_equals(object, by, value));
    let select = Select { filter, limit: 1, ..Select::all(&schema, object) };
    let mut found = None;
    tx.select(&select, &mut |record| {
        found = Some(record);
        Ok(())
    })?;
    Ok(found)
}

/// A user who does something from an address, for the audit log.
pub(crate) fn acting(user: Uuid, peer: Peer) -> Actor {
    let actor = Actor { kind: ActorKind::User, id: user, user: Some(user), ..Actor::system("") };
    actor.at(&peer.address.to_string())
}

pub(crate) fn is_active(user: &Record) -> bool {
    user.get("deleted_at").is_missing() && user.get("active") != &Value::Bool(false)
}

/// A user by id, also one who is switched off.
pub(crate) fn load_user(workspace: &Workspace, tx: &mut Tx, user: Uuid) -> Result<Option<Record>, Error> {
    let schema = workspace.schema();
    let object = schema.find_object("user").ok_or_else(|| Problem::not_found("object"))?;
    tx.find(object, user)
}

/// A user by the log-in name, folded.
pub(crate) fn user_of_email(workspace: &Workspace, tx: &mut Tx, email: &str) -> Result<Option<Record>, Error> {
    first_of(workspace, tx, "user", "email", Value::text(email))
}

/// Whether nobody can log in yet.
pub fn needs_set_up(workspace: &Workspace, tx: &mut Tx) -> Result<bool, Error> {
    let schema = workspace.schema();
    let object = schema.find_object("user").ok_or_else(|| Problem::not_found("object"))?;
    let select = Select { limit: 1, ..Select::all(&schema, object) };
    Ok(tx.select_ids(&select)?.is_empty())
}

/// Makes the first roles when there are none; returns the role of a name (`admin` means the administrator's).
///
/// # Errors
/// No role of that name; a database that fails.
pub fn role_named(batch: &mut Batch<'_>, name: &str) -> Result<Uuid, Error> {
    let workspace = batch.workspace().clone();
    let name = if name.eq_ignore_ascii_case("admin") { "Administrator" } else { name };
    if first_of(&workspace, batch.tx(), "role", "name", Value::text("Administrator"))?.is_none() {
        for (name, description, rights) in FIRST_ROLES {
            let rights = serde_json::from_str(rights).map_err(anyhow::Error::from)?;
            let values = Patch::from([
                ("name".to_owned(), Value::text(name)),
                ("description".to_owned(), Value::text(description)),
                ("rights".to_owned(), Value::json(rights)),
            ]);
            batch.create("role", values)?;
        }
    }
    match first_of(&workspace, batch.tx(), "role", "name", Value::text(name))? {
        Some(role) => Ok(role.id),
        None => Err(Problem::new(Code::NotFound, format!("There is no role named {name}.")).into()),
    }
}

/// Makes a user with a password (already hashed).
fn create_user(batch: &mut Batch<'_>, name: &str, email: &str, role: Uuid, hash: &str) -> Result<Record, Error> {
    let json = json!({ "name": name, "email": email, "role": role, "active": true });
    let object = batch.load_object("user")?;
    let context = batch.workspace().context();
    let map = json.as_object().cloned().unwrap_or_default();
    let values = kinds::patch_from_json(&object, &map, &context)?;
    let user = batch.create("user", values)?;
    let now = batch.now();
    passwords::set(batch.tx(), user.id, hash, now)?;
    Ok(user)
}

/// Adds a user from the command line. With an existing address it sets a new password.
///
/// # Errors
/// A weak password, an unknown role, a taken address; a database that fails.
pub fn add_user(workspace: &Workspace, name: &str, email: &str, role: &str, password: &str) -> Result<Person, Error> {
    let company = workspace.settings().name.clone();
    rules::check_new(password, rules::CHARACTERS_MIN, &[&company, name, email])?;
    let hash = rules::hash(password)?;
    let (name, email, role) = (name.to_owned(), email.to_owned(), role.to_owned());
    let actor = Actor::system("command line");
    let (_, person) = workspace
        .transact(&actor, Plan::new("add user"), move |batch| {
            let role = role_named(batch, &role)?;
            let workspace = batch.workspace().clone();
            if let Some(user) = first_of(&workspace, batch.tx(), "user", "email", Value::text(email.as_str()))? {
                let now = batch.now();
                reset_password(batch.tx(), user.id, &hash, now)?;
                batch.audit("password.changed", Some(format!("user:{}", user.id)), json!({}));
                throttle::clear(batch.tx(), &format!("account:{}", model::fold::fold(&email)))?;
                return Ok(person_of(&user));
            }
            Ok(person_of(&create_user(batch, &name, &email, role, &hash)?))
        })
        .wait()?;
    Ok(person)
}

/// Adds an API key bound to a role, from the command line; the key is shown this once.
///
/// # Errors
/// An unknown role; a database that fails.
pub fn add_key(workspace: &Workspace, name: &str, role: &str) -> Result<String, Error> {
    let key = new_api_key()?;
    let (hash, name, role) = (hash_of(&key).unwrap_or_default(), name.to_owned(), role.to_owned());
    let shown = key.clone();
    let actor = Actor::system("command line");
    workspace
        .transact(&actor, Plan::new("add key"), move |batch| {
            let role = role_named(batch, &role)?;
            create_key(batch, &key_of(&name, role, &shown, None), &hash)
        })
        .wait()?;
    Ok(key)
}

/// The values of a key's record: its first characters tell keys apart.
pub fn key_of(name: &str, role: Uuid, key: &str, expires_at: Option<i64>) -> Patch {
    let mut values = Patch::from([
        ("name".to_owned(), Value::text(name.trim())),
        ("role".to_owned(), Value::Id(role)),
        ("prefix".to_owned(), Value::text(key.get(..PREFIX_CHARACTERS).unwrap_or_default())),
    ]);
    if let Some(at) = expires_at {
        values.insert("expires_at".to_owned(), Value::Instant(at));
    }
    values
}

/// Makes the record of a key and keeps its hash, under the rights of the batch's actor.
///
/// # Errors
/// Forbidden; a database that fails.
pub fn create_key(batch: &mut Batch<'_>, values: &Patch, hash: &str) -> Result<Record, Error> {
    let record = batch.create("api_key", values.clone())?;
    let now = batch.now();
    api_keys::insert(batch.tx(), hash, record.id, now)?;
    Ok(record)
}

/// First run: the company, the roles, the first administrator, who is then logged in.
pub async fn set_up(api: &Api, peer: Peer, agent: String, asked: SetUp) -> Answer<Opened> {
    let company = asked.company.trim().to_owned();
    if company.is_empty() {
        let message = "Say what the company is called.".to_owned();
        return Err(required("company", message).into());
    }
    rules::check_new(&asked.password, rules::CHARACTERS_MIN, &[&company, &asked.name, &asked.email])?;
    let workspace = api.workspace.clone();
    if !api.workspace.store().read(move |tx| needs_set_up(&workspace, tx)).await? {
        return Err(already_set_up());
    }
    let hash = api.passwords.hash(asked.password.clone()).await?;
    let token = new_token()?;
    let row = new_session(api, &token, Uuid::nil(), peer, &agent);
    let (name, email) = (asked.name.trim().to_owned(), asked.email.trim().to_owned());
    let actor = Actor::system("set-up").at(&peer.address.to_string());
    let written = api.workspace.transact(&actor, Plan::new("set-up"), move |batch| {
        let workspace = batch.workspace().clone();
        if !needs_set_up(&workspace, batch.tx())? {
            return Err(Problem::new(Code::Conflict, "The set-up is done already. Log in.").into());
        }
        let role = role_named(batch, "Administrator")?;
        let user = create_user(batch, &name, &email, role, &hash)?;
        sessions::insert(batch.tx(), &sessions::Session { user: user.id, ..row.clone() })?;
        let details = json!({ "session": row.id });
        workspace.audit_in(batch.tx(), &acting(user.id, peer), "login.ok", None, details);
        Ok(person_of(&user))
    });
    let (_, person) = written.await?;
    let workspace = api.workspace.clone();
    api.blocking(move || workspace.change_settings(&actor, move |settings| settings.name.clone_from(&company))).await?;
    Ok(Opened { token, person })
}

fn required(field: &str, message: String) -> Problem {
    Problem::invalid(vec![FieldProblem { field: field.to_owned(), code: "required".to_owned(), message }])
}

fn already_set_up() -> Failure {
    Failure::new(Code::Conflict, "The set-up is done already. Log in.")
}

pub(crate) fn new_session(api: &Api, token: &str, user: Uuid, peer: Peer, agent: &str) -> sessions::Session {
    let now = api.workspace.now();
    sessions::Session {
        id: Uuid::now_v7(),
        token: hash_of(token).unwrap_or_default(),
        user,
        created_at: now,
        seen_at: now,
        expires_at: now + SESSION_SECONDS * SECOND,
        address: peer.address.to_string(),
        agent: agent.chars().take(300).collect(),
    }
}

/// A session's caller; `None` when it is over or its user is gone.
pub async fn find_session(api: &Api, hash: String) -> Answer<Option<Caller>> {
    let (workspace, now, token) = (api.workspace.clone(), api.workspace.now(), hash.clone());
    let found = api.workspace.store().read(move |tx| {
        let Some(session) = sessions::find(tx, &token)?.filter(|session| session.expires_at > now) else {
            return Ok(None);
        };
        let Some(person) = workspace.find_user_actor(tx, session.user)? else { return Ok(None) };
        let other = view_as::seen_as(&workspace, tx, session.id, &person)?;
        Ok(Some((person, other, session)))
    });
    let Some((person, other, session)) = found.await? else { return Ok(None) };
    let (actor, viewer) = match other {
        Some(other) => (other, Some(person)),
        None => (person, None),
    };
    if now - session.seen_at > SEEN_SECONDS * SECOND {
        let id = session.id;
        // Nobody waits for it, and a session that ended meanwhile is no fault.
        drop(api.workspace.store().write(Priority::Background, move |tx| sessions::touch(tx, id, now)));
    }
    Ok(Some(Caller { actor, viewer, session: Some(session.id), token_hash: hash.into() }))
}

/// A key's caller; `None` when it is unknown or revoked.
pub async fn find_key(api: &Api, hash: String) -> Answer<Option<Caller>> {
    let (workspace, token) = (api.workspace.clone(), hash.clone());
    let found = api.workspace.store().read(move |tx| match api_keys::find(tx, &token)? {
        Some(key) => workspace.find_key_actor(tx, key),
        None => Ok(None),
    });
    let Some((actor, record)) = found.await? else { return Ok(None) };
    note_use(api, &record);
    Ok(Some(Caller { actor: Arc::new(actor), viewer: None, session: None, token_hash: hash.into() }))
}

/// Writes down, once a day, that a key is in use; the day on which it was made counts as known.
fn note_use(api: &Api, key: &Record) {
    let now = api.workspace.now();
    let at = |field: &str| match key.get(field) {
        Value::Instant(at) => *at,
        _ => 0,
    };
    let used = at("last_used_at").max(at("created_at"));
    if now - used < KEY_USED_SECONDS * SECOND {
        return;
    }
    let patch = Patch::from([("last_used_at".to_owned(), Value::Instant(now))]);
    let edit = Edit { id: key.id, patch, if_version: None };
    let plan = Plan::new("key used").in_background();
    // Nobody waits for it; the next use tries again.
    drop(api.workspace.transact(&Actor::system("key used"), plan, move |batch| batch.update("api_key", edit.clone())));
}

/// Sets a new password and ends everything that the old one opened.
fn reset_password(tx: &mut Tx, user: Uuid, hash: &str, now: i64) -> Result<(), Error> {
    passwords::set(tx, user, hash, now)?;
    sessions::delete_of_user(tx, user)?;
    second_factors::delete_challenges(tx, user)?;
    end_links(tx, user, now)
}

/// Ends every link with which a user would set a password, and the mails that have not brought one yet.
fn end_links(tx: &mut Tx, user: Uuid, now: i64) -> Result<(), Error> {
    mails::cancel_links(tx, user, now)?;
    invitations::delete_of_user(tx, user)
}

/// Checks the caller's own password, counted like a log-in; the caller as a person.
pub async fn check_password(api: &Api, caller: &Caller, peer: Peer, password: String) -> Answer<Person> {
    let user = caller.user()?;
    let (workspace, now_s) = (api.workspace.clone(), api.workspace.now() / SECOND);
    let names = (format!("account:{user}"), format!("address:{}", peer.address));
    let asked = names.clone();
    let found = api.workspace.store().write(Priority::Interactive, move |tx| {
        let verdict = count_attempt(tx, &asked, now_s)?;
        let record = load_user(&workspace, tx, user)?.ok_or_else(|| Problem::not_found("user"))?;
        Ok((verdict, record, passwords::find(tx, user)?))
    });
    let (verdict, record, hash) = found.await?;
    if !matches!(verdict, Verdict::Try(_)) {
        return Err(Failure::too_many("Too many attempts. Try again later.", 60));
    }
    if !api.passwords.verify(password, hash).await? {
        api.workspace.audit(&caller.actor, "password.refused", None, json!({})).await?;
        let message = "This is not your current password.".to_owned();
        let problem = FieldProblem { field: "current".to_owned(), code: "wrong".to_owned(), message };
        return Err(Problem::invalid(vec![problem]).into());
    }
    let cleared = api.workspace.store().write(Priority::Interactive, move |tx| {
        throttle::clear(tx, &names.0)?;
        throttle::give_back(tx, &names.1)
    });
    cleared.await?;
    Ok(person_of(&record))
}

/// Fewest characters of a user's password: beside a second factor it may be shorter.
async fn characters_min(api: &Api, user: Uuid) -> Answer<usize> {
    let found = api.workspace.store().read(move |tx| second_factors::find(tx, user)).await?;
    let has_factor = found.is_some_and(|factor| factor.secret.is_some());
    Ok(if has_factor { rules::CHARACTERS_MIN_WITH_FACTOR } else { rules::CHARACTERS_MIN })
}

/// Changes the caller's own password; all other sessions end and this one gets a new token.
pub async fn change_password(
    api: &Api,
    caller: &Caller,
    peer: Peer,
    agent: String,
    current: String,
    new: String,
) -> Answer<Opened> {
    let person = check_password(api, caller, peer, current).await?;
    let user = person.id;
    let min = characters_min(api, user).await?;
    rules::check_new(&new, min, &[&api.workspace.settings().name, &person.name, &person.email])?;
    let hash = api.passwords.hash(new).await?;
    let token = new_token()?;
    let row = new_session(api, &token, user, peer, &agent);
    let (now, workspace, actor) = (api.workspace.now(), api.workspace.clone(), caller.actor.clone());
    let written = api.workspace.store().write(Priority::Interactive, move |tx| {
        reset_password(tx, user, &hash, now)?;
        workspace.audit_in(tx, &actor, "password.changed", Some(format!("user:{user}")), json!({}));
        sessions::insert(tx, &row)
    });
    written.await?;
    api.callers.forget();
    Ok(Opened { token, person })
}

/// Refuses unless the caller may change how a user comes in: those who manage users may, of administrators only
/// another administrator.
pub(crate) async fn check_may_manage(api: &Api, caller: &Caller, user: Uuid) -> Answer<()> {
    let workspace = api.workspace.clone();
    let actor = caller.actor.clone();
    api.blocking(move || {
        workspace.check_special(&actor, "manage_users")?;
        let lookup = workspace.clone();
        let target = workspace.store().read(move |tx| lookup.find_user_actor(tx, user)).wait()?;
        let target = target.ok_or_else(|| Problem::not_found("active user"))?;
        let is_unbound = |actor: &Actor| workspace.with_policy(actor, |policy| Ok(policy.is_unbound()));
        if is_unbound(&target)? && !is_unbound(&actor)? {
            let detail = "Only an administrator changes how an administrator comes in.";
            return Err(Problem::new(Code::Forbidden, detail).into());
        }
        Ok(())
    })
    .await
}

/// An invitation that was just made.
pub struct Invited {
    /// The secret of the link.
    pub token: String,
    /// When it stops working.
    pub expires_at: i64,
    /// Whether it goes out as a mail, too.
    pub mailed: bool,
}

/// Makes a link with which a user sets a password: the first one, or a new one when the old is lost. Only for those
/// who manage users; an administrator's only by another administrator.
pub async fn invite(api: &Api, caller: &Caller, user: Uuid) -> Answer<Invited> {
    check_may_manage(api, caller, user).await?;
    let token = new_token()?;
    let now = api.workspace.now();
    let expires_at = now + INVITATION_SECONDS * SECOND;
    let row = invitations::Invitation {
        token: hash_of(&token).unwrap_or_default(),
        user,
        invited_by: caller.actor.label(),
        created_at: now,
        expires_at,
    };
    let (workspace, actor, secret) = (api.workspace.clone(), caller.actor.clone(), token.clone());
    let written = api.workspace.store().write(Priority::Interactive, move |tx| {
        end_links(tx, row.user, now)?;
        workspace.audit_in(tx, &actor, "invitation.made", Some(format!("user:{}", row.user)), json!({}));
        invitations::insert(tx, &row)?;
        match load_user(&workspace, tx, row.user)? {
            Some(user) => workspace.mail_invitation(tx, &actor, &user, &secret, expires_at),
            None => Ok(false),
        }
    });
    let mailed = written.await?;
    Ok(Invited { token, expires_at, mailed })
}

/// The user of an invitation that is open, and whether it is for a forgotten password.
pub async fn find_invitation(api: &Api, token: &str) -> Answer<(Person, bool)> {
    let unknown =
        || Failure::new(Code::NotFound, "This invitation is used, expired or was never made. Ask for a new one.");
    let hash = hash_of(token).ok_or_else(unknown)?;
    let (workspace, now) = (api.workspace.clone(), api.workspace.now());
    let found = api.workspace.store().read(move |tx| open_invitation(&workspace, tx, &hash, now));
    found.await?.map(|(user, reset)| (person_of(&user), reset)).ok_or_else(unknown)
}

fn open_invitation(workspace: &Workspace, tx: &mut Tx, hash: &str, now: i64) -> Result<Option<(Record, bool)>, Error> {
    let Some(row) = invitations::find(tx, hash)?.filter(|row| row.expires_at > now) else { return Ok(None) };
    let reset = row.invited_by == engine::mail::reset::BY;
    Ok(load_user(workspace, tx, row.user)?.filter(is_active).map(|user| (user, reset)))
}

/// Takes an invitation: sets the password, ends older sessions, logs in. Works once. A second factor is asked for as at
/// any log-in.
pub async fn accept_invitation(api: &Api, peer: Peer, agent: String, token: &str, password: String) -> Answer<Entered> {
    let (person, reset) = find_invitation(api, token).await?;
    let min = characters_min(api, person.id).await?;
    rules::check_new(&password, min, &[&api.workspace.settings().name, &person.name, &person.email])?;
    let hash = api.passwords.hash(password).await?;
    let invitation = hash_of(token).unwrap_or_default();
    let token = new_token()?;
    let row = new_session(api, &token, person.id, peer, &agent);
    let (workspace, now) = (api.workspace.clone(), api.workspace.now());
    let account = format!("account:{}", model::fold::fold(&person.email));
    let (actor, entry) = (acting(person.id, peer), token.clone());
    let written = api.workspace.store().write(Priority::Interactive, move |tx| {
        // Looked at again inside the transaction: of two at once one comes too late.
        if open_invitation(&workspace, tx, &invitation, now)?.is_none() {
            return Err(Problem::new(Code::NotFound, "This invitation was just used. Log in.").into());
        }
        reset_password(tx, row.user, &hash, now)?;
        throttle::clear(tx, &account)?;
        let subject = Some(format!("user:{}", row.user));
        let kind = if reset { "password.reset" } else { "invitation.accepted" };
        workspace.audit_in(tx, &actor, kind, subject, json!({}));
        admit(&workspace, tx, &row, &entry, false)
    });
    let second = written.await?;
    api.callers.forget();
    Ok(match second {
        None => Entered::In(Opened { token, person }),
        Some(set_up) => Entered::Challenge { token, set_up },
    })
}
