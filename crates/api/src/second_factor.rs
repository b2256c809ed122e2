//! The second factor: an authenticator app and recovery codes. A right password opens a challenge, a right code after
//! it a session. Codes are counted in the transaction that checks them, per challenge and per account.

use engine::Workspace;
use model::{Actor, Code, FieldProblem, Problem};
use rand::TryRngCore as _;
use rand::rngs::OsRng;
use serde::Serialize;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use store::tables::second_factors::{self, SecondFactor};
use store::tables::sessions;
use store::{Error, Priority, Tx};
use uuid::Uuid;

use crate::Api;
use crate::accounts::{Opened, Person, SECOND, acting, is_active, load_user, new_session, person_of};
use crate::caller::Caller;
use crate::network::Peer;
use crate::problem_json::{Answer, Failure};
use crate::tokens::{hash_of, hex, new_token};
use crate::totp;

/// How long a challenge waits for its code.
const CHALLENGE_SECONDS: i64 = 5 * 60;
/// Codes for one challenge.
const CHALLENGE_TRIES: i64 = 5;
/// Wrong codes for one account inside an hour.
const ACCOUNT_TRIES: i64 = 20;
/// Length of that hour.
const ACCOUNT_SECONDS: i64 = 3600;
/// Recovery codes given out at once.
const RECOVERY_CODES: usize = 10;
/// Random bytes of a recovery code: 80 bits.
const RECOVERY_BYTES: usize = 10;

/// What an authenticator app needs.
#[derive(Debug, Clone, Serialize)]
pub struct Offer {
    /// The secret, to be typed.
    pub secret: String,
    /// The secret, for apps on the same device.
    pub uri: String,
    /// The same as a QR code.
    pub qr: QrPicture,
}

/// A QR code to be drawn: a square and the path of its dark modules.
#[derive(Debug, Clone, Serialize)]
pub struct QrPicture {
    /// Modules of one side.
    pub size: usize,
    /// SVG path.
    pub path: String,
}

/// How far a right password leads.
#[derive(Debug)]
pub enum Entered {
    /// In.
    In(Opened),
    /// To the second step.
    Challenge {
        /// Names the challenge; only the client knows it.
        token: String,
        /// Whether the factor must be set up first.
        set_up: bool,
    },
}

/// How a code turned out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tried {
    /// Right; by the app or by a recovery code.
    Right {
        recovery: bool,
    },
    Wrong,
    /// Not before so many seconds.
    TooMany(i64),
}

fn random<const N: usize>() -> anyhow::Result<[u8; N]> {
    let mut bytes = [0; N];
    OsRng.try_fill_bytes(&mut bytes).map_err(|error| anyhow::anyhow!("the system gives no random bytes: {error}"))?;
    Ok(bytes)
}

fn seal(workspace: &Workspace, user: Uuid, secret: &[u8]) -> Result<Vec<u8>, Error> {
    workspace.seal("second_factor", "secret", &user.to_string(), secret)
}

fn open(workspace: &Workspace, user: Uuid, sealed: &[u8]) -> Result<Vec<u8>, Error> {
    workspace.open_sealed("second_factor", "secret", &user.to_string(), sealed)
}

/// New recovery codes and what is kept of them.
fn new_codes() -> anyhow::Result<(Vec<String>, Vec<String>)> {
    let mut codes = Vec::with_capacity(RECOVERY_CODES);
    for _ in 0..RECOVERY_CODES {
        let text = totp::base32(&random::<RECOVERY_BYTES>()?).to_lowercase();
        let parts: Vec<&str> = (0..text.len()).step_by(4).filter_map(|at| text.get(at..at + 4)).collect();
        codes.push(parts.join("-"));
    }
    let hashes = codes.iter().map(|code| hash_of_code(code)).collect();
    Ok((codes, hashes))
}

/// What is kept of a recovery code, however it is typed.
fn hash_of_code(code: &str) -> String {
    let plain: String = code.chars().filter(|c| c.is_ascii_alphanumeric()).collect();
    hex(&Sha256::digest(plain.to_ascii_lowercase().as_bytes()))
}

/// Checks a code in a transaction that counts it. With `pending` it is the code that confirms a set-up.
fn try_code(workspace: &Workspace, tx: &mut Tx, user: Uuid, code: &str, pending: bool) -> Result<Tried, Error> {
    let now_s = workspace.now() / SECOND;
    let Some(mut factor) = second_factors::lock(tx, user)? else { return Ok(Tried::Wrong) };
    if now_s - factor.tries_since >= ACCOUNT_SECONDS || now_s < factor.tries_since {
        (factor.tries, factor.tries_since) = (0, now_s);
    }
    if factor.tries >= ACCOUNT_TRIES {
        return Ok(Tried::TooMany((factor.tries_since + ACCOUNT_SECONDS - now_s).max(1)));
    }
    let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    // A new secret has no codes yet that were taken.
    let (sealed, last) =
        if pending { (factor.pending.as_ref(), 0) } else { (factor.secret.as_ref(), factor.last_step) };
    let step = match sealed {
        Some(sealed) => totp::step_of(&open(workspace, user, sealed)?, &code, now_s, last),
        None => None,
    };
    if let Some(step) = step {
        factor.last_step = step;
        second_factors::set(tx, user, &factor)?;
        return Ok(Tried::Right { recovery: false });
    }
    if !pending && factor.secret.is_some() && second_factors::use_code(tx, user, &hash_of_code(&code))? {
        return Ok(Tried::Right { recovery: true });
    }
    factor.tries += 1;
    second_factors::set(tx, user, &factor)?;
    Ok(Tried::Wrong)
}

/// The problem of a code that was not right.
fn refusal(tried: Tried) -> Failure {
    match tried {
        Tried::TooMany(seconds) => {
            let detail = format!("Too many wrong codes. Try again in {} minutes.", (seconds + 59) / 60);
            Failure::too_many(detail, u64::try_from(seconds).unwrap_or(60))
        }
        Tried::Wrong | Tried::Right { .. } => {
            let message = "This code is wrong or was used already; take the one that is shown now.".to_owned();
            Problem::invalid(vec![FieldProblem { field: "code".to_owned(), code: "wrong".to_owned(), message }]).into()
        }
    }
}

/// Puts a new secret beside the present one and says what an app needs to know of it.
fn offer(workspace: &Workspace, tx: &mut Tx, person: &Person) -> Result<Offer, Error> {
    let secret: [u8; totp::SECRET_BYTES] = random()?;
    let known = second_factors::lock(tx, person.id)?.unwrap_or_default();
    let pending = Some(seal(workspace, person.id, &secret)?);
    second_factors::set(tx, person.id, &SecondFactor { pending, ..known })?;
    let secret = totp::base32(&secret);
    let company = workspace.settings().name.clone();
    let issuer = if company.trim().is_empty() { "Rapport" } else { company.as_str() };
    let uri = totp::uri(issuer, &person.email, &secret);
    let (size, path) = totp::qr(&uri)?;
    Ok(Offer { secret, uri, qr: QrPicture { size, path } })
}

/// Makes a pending secret the one that counts, with new recovery codes.
fn confirm_in(workspace: &Workspace, tx: &mut Tx, actor: &Actor, user: Uuid, hashes: &[String]) -> Result<(), Error> {
    let mut factor = second_factors::lock(tx, user)?.unwrap_or_default();
    factor.secret = factor.pending.take();
    factor.confirmed_at = Some(workspace.now());
    second_factors::set(tx, user, &factor)?;
    second_factors::set_codes(tx, user, hashes)?;
    workspace.audit_in(tx, actor, "second_factor.added", Some(format!("user:{user}")), json!({}));
    Ok(())
}

/// What a user's second factor is like.
#[derive(Debug, Clone, Serialize)]
pub struct Status {
    /// Whether log-in asks for it.
    pub enabled: bool,
    /// Since when.
    pub since: Option<String>,
    /// Recovery codes that are left.
    pub codes_left: i64,
    /// Whether the workspace or the role asks for one.
    pub required: bool,
}

/// What the caller's second factor is like.
pub async fn status(api: &Api, caller: &Caller) -> Answer<Status> {
    let (user, workspace, actor) = (caller.user()?, api.workspace.clone(), caller.actor.clone());
    let found = api.workspace.store().read(move |tx| {
        let factor = second_factors::find(tx, user)?.unwrap_or_default();
        Ok(Status {
            enabled: factor.secret.is_some(),
            since: factor.confirmed_at.map(model::value::instant_to_text),
            codes_left: second_factors::count_codes(tx, user)?,
            required: workspace.needs_second_factor(tx, &actor)?,
        })
    });
    Ok(found.await?)
}

/// Begins a set-up; the caller's password was checked. Who has a factor already shows it once more.
pub async fn begin(api: &Api, caller: &Caller, person: Person, code: Option<String>) -> Answer<Offer> {
    let workspace = api.workspace.clone();
    let code = code.unwrap_or_default();
    let begun = api.workspace.store().write(Priority::Interactive, move |tx| {
        let known = second_factors::find(tx, person.id)?.unwrap_or_default();
        if known.secret.is_some() {
            let tried = try_code(&workspace, tx, person.id, &code, false)?;
            if !matches!(tried, Tried::Right { .. }) {
                return Ok(Err(tried));
            }
        }
        Ok(Ok(offer(&workspace, tx, &person)?))
    });
    match begun.await? {
        Ok(offer) => Ok(offer),
        Err(tried) => refuse(api, caller, tried).await,
    }
}

/// A refusal, which the audit log is told of.
async fn refuse<T>(api: &Api, caller: &Caller, tried: Tried) -> Answer<T> {
    api.workspace.audit(&caller.actor, "second_factor.refused", None, json!({})).await?;
    Err(refusal(tried))
}

/// What a right code is followed by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// The set-up is confirmed.
    Confirm,
    /// New recovery codes take the place of the old.
    Renew,
    /// The factor is removed.
    Remove,
}

/// Confirms, renews or removes the caller's second factor with a code. Other sessions end; new recovery codes are the
/// answer, shown this once.
pub async fn with_code(api: &Api, caller: &Caller, code: String, deed: Deed) -> Answer<Vec<String>> {
    let (user, own) = (caller.user()?, caller.session.unwrap_or_default());
    let (codes, hashes) = new_codes()?;
    let (workspace, actor) = (api.workspace.clone(), caller.actor.clone());
    let done = api.workspace.store().write(Priority::Interactive, move |tx| {
        if deed == Deed::Remove && workspace.needs_second_factor(tx, &actor)? {
            let detail = "A second factor is required here. Set up another app instead of removing it.";
            return Err(Problem::new(Code::Conflict, detail).into());
        }
        let tried = try_code(&workspace, tx, user, &code, deed == Deed::Confirm)?;
        if !matches!(tried, Tried::Right { .. }) {
            return Ok(tried);
        }
        let subject = Some(format!("user:{user}"));
        match deed {
            Deed::Confirm => confirm_in(&workspace, tx, &actor, user, &hashes)?,
            Deed::Renew => {
                second_factors::set_codes(tx, user, &hashes)?;
                workspace.audit_in(tx, &actor, "second_factor.codes", subject, json!({}));
            }
            Deed::Remove => {
                second_factors::clear(tx, user)?;
                workspace.audit_in(tx, &actor, "second_factor.removed", subject, json!({}));
            }
        }
        if deed != Deed::Renew {
            sessions::delete_others(tx, user, own)?;
        }
        Ok(tried)
    });
    let tried = done.await?;
    api.callers.forget();
    match tried {
        Tried::Right { .. } => Ok(if deed == Deed::Remove { Vec::new() } else { codes }),
        tried => refuse(api, caller, tried).await,
    }
}

/// The users who have a second factor, for those who manage users.
pub async fn users(api: &Api, caller: &Caller) -> Answer<Vec<Uuid>> {
    let (workspace, actor) = (api.workspace.clone(), caller.actor.clone());
    api.blocking(move || {
        workspace.check_special(&actor, "manage_users")?;
        workspace.store().read(second_factors::users).wait()
    })
    .await
}

/// Removes a user's second factor, for one who lost everything. All their sessions end. Only for those who manage
/// users; an administrator's only by another administrator.
pub async fn remove_of(api: &Api, caller: &Caller, user: Uuid) -> Answer<()> {
    crate::accounts::check_may_manage(api, caller, user).await?;
    let (workspace, actor) = (api.workspace.clone(), caller.actor.clone());
    let removed = api.workspace.store().write(Priority::Interactive, move |tx| remove_in(&workspace, tx, &actor, user));
    removed.await?;
    api.callers.forget();
    Ok(())
}

fn remove_in(workspace: &Workspace, tx: &mut Tx, actor: &Actor, user: Uuid) -> Result<(), Error> {
    if !second_factors::clear(tx, user)? {
        return Err(Problem::not_found("second factor").into());
    }
    sessions::delete_of_user(tx, user)?;
    workspace.audit_in(tx, actor, "second_factor.removed", Some(format!("user:{user}")), json!({}));
    Ok(())
}

/// Removes the second factor of the user with an address, from the command line.
///
/// # Errors
/// No such user, or one without a second factor; a database that fails.
pub fn remove_by_email(workspace: &Workspace, email: &str) -> Result<(), Error> {
    let (inner, email) = (workspace.clone(), model::fold::fold(email));
    let removed = workspace.store().write(Priority::Interactive, move |tx| {
        let user = crate::accounts::user_of_email(&inner, tx, &email)?.ok_or_else(|| Problem::not_found("user"))?;
        remove_in(&inner, tx, &Actor::system("command line"), user.id)
    });
    removed.wait()
}

/// Opens a session for a user whose password is right, or the challenge that must come before it. A password that is
/// short is good only beside a second factor.
pub(crate) fn admit(
    workspace: &Workspace,
    tx: &mut Tx,
    session: &sessions::Session,
    token: &str,
    is_short: bool,
) -> Result<Option<bool>, Error> {
    let user = session.user;
    let has_factor = second_factors::find(tx, user)?.is_some_and(|factor| factor.secret.is_some());
    let needed = match workspace.find_user_actor(tx, user)? {
        Some(actor) => is_short || workspace.needs_second_factor(tx, &actor)?,
        None => true,
    };
    if !has_factor && !needed {
        sessions::insert(tx, session)?;
        return Ok(None);
    }
    let now = workspace.now();
    let hash = hash_of(token).unwrap_or_default();
    second_factors::insert_challenge(tx, &hash, user, now, now + CHALLENGE_SECONDS * SECOND)?;
    Ok(Some(!has_factor))
}

fn over() -> Failure {
    Failure::new(Code::NotAuthenticated, "This log-in is over: too late, or too many wrong codes. Begin again.")
}

/// The set-up inside a log-in, where a second factor is required and there is none yet.
pub async fn offer_for(api: &Api, token: &str) -> Answer<Offer> {
    let hash = hash_of(token).ok_or_else(over)?;
    let workspace = api.workspace.clone();
    let offered = api.workspace.store().write(Priority::Interactive, move |tx| {
        let Some(user) = second_factors::find_challenge(tx, &hash, workspace.now())? else { return Ok(None) };
        let Some(user) = load_user(&workspace, tx, user)?.filter(is_active) else { return Ok(None) };
        if second_factors::find(tx, user.id)?.is_some_and(|factor| factor.secret.is_some()) {
            return Ok(None);
        }
        Ok(Some(offer(&workspace, tx, &person_of(&user))?))
    });
    offered.await?.ok_or_else(over)
}

/// How the second step of a log-in ended.
enum Second {
    In(Person),
    Over,
    Refused(Uuid, Tried),
}

/// The second step: the code of a challenge. With a set-up that is still open it confirms it, and the recovery codes
/// come along.
pub async fn enter(
    api: &Api,
    peer: Peer,
    agent: String,
    token: &str,
    code: String,
    old: Option<String>,
) -> Answer<(Opened, Option<Vec<String>>)> {
    let hash = hash_of(token).ok_or_else(over)?;
    let token = new_token()?;
    let row = new_session(api, &token, Uuid::nil(), peer, &agent);
    let (codes, hashes) = new_codes()?;
    let (workspace, old) = (api.workspace.clone(), old.as_deref().and_then(hash_of));
    let done = api.workspace.store().write(Priority::Interactive, move |tx| {
        let now = workspace.now();
        let user = second_factors::try_challenge(tx, &hash, now, CHALLENGE_TRIES)?;
        let Some(user) = user.map(|user| load_user(&workspace, tx, user)).transpose()?.flatten().filter(is_active)
        else {
            return Ok((Second::Over, false));
        };
        let factor = second_factors::find(tx, user.id)?.unwrap_or_default();
        let fresh = factor.secret.is_none();
        let tried = try_code(&workspace, tx, user.id, &code, fresh)?;
        let Tried::Right { recovery } = tried else { return Ok((Second::Refused(user.id, tried), fresh)) };
        let actor = acting(user.id, peer);
        if fresh {
            confirm_in(&workspace, tx, &actor, user.id, &hashes)?;
        }
        if recovery {
            let left = second_factors::count_codes(tx, user.id)?;
            workspace.audit_in(tx, &actor, "second_factor.recovery", None, json!({ "left": left }));
        }
        second_factors::delete_challenge(tx, &hash)?;
        if let Some(old) = &old {
            sessions::delete_by_token(tx, old)?;
        }
        workspace.audit_in(tx, &actor, "login.ok", None, json!({ "session": row.id, "second_factor": true }));
        sessions::insert(tx, &sessions::Session { user: user.id, ..row.clone() })?;
        Ok((Second::In(person_of(&user)), fresh))
    });
    match done.await? {
        (Second::In(person), fresh) => {
            api.callers.forget();
            Ok((Opened { token, person }, fresh.then_some(codes)))
        }
        (Second::Over, _) => Err(over()),
        (Second::Refused(user, tried), _) => {
            let actor = Actor::system("log-in").at(&peer.address.to_string());
            let subject = Some(format!("user:{user}"));
            api.workspace.audit(&actor, "login.refused", subject, json!({ "step": "code" })).await?;
            Err(refusal(tried))
        }
    }
}
