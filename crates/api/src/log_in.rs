//! Log-in: attempts are counted before they are checked, refusals look alike, a success opens a new session.

use model::{Actor, Code, Value};
use serde_json::json;
use store::tables::{passwords, sessions, throttle};
use store::{Error, Priority, Tx};

use crate::Api;
use crate::accounts::{Opened, SECOND, acting, first_of, is_active, new_session, person_of};
use crate::network::Peer;
use crate::passwords::CHARACTERS_MIN;
use crate::problem_json::{Answer, Failure};
use crate::second_factor::{Entered, admit};
use crate::throttle::{Tries, Verdict, Whose, judge};
use crate::tokens::{hash_of, new_token};

/// Log-in: counts the attempt, checks the password, opens a new session or asks for the second factor. A session that
/// came along ends.
pub async fn log_in(
    api: &Api,
    peer: Peer,
    agent: String,
    email: &str,
    password: String,
    old: Option<String>,
) -> Answer<Entered> {
    let email = model::fold::fold(email);
    let names = (format!("account:{email}"), format!("address:{}", peer.address));
    let (workspace, asked) = (api.workspace.clone(), names.clone());
    let found = api.workspace.store().write(Priority::Interactive, move |tx| {
        let verdict = count_attempt(tx, &asked, workspace.now() / SECOND)?;
        if !matches!(verdict, Verdict::Try(_)) {
            return Ok((verdict, None));
        }
        let user = first_of(&workspace, tx, "user", "email", Value::text(email.as_str()))?.filter(is_active);
        let hash = user.as_ref().map(|user| passwords::find(tx, user.id)).transpose()?.flatten();
        Ok((verdict, user.zip(hash)))
    });
    let (verdict, found) = found.await?;
    match verdict {
        Verdict::Try(_) => {}
        Verdict::Wait(seconds) => {
            let detail = format!("Too many attempts. Try again in {}.", in_words(seconds));
            return Err(Failure::too_many(detail, u64::try_from(seconds).unwrap_or(1)));
        }
        Verdict::Stop => {
            let detail =
                "This account is locked after a hundred failed attempts. Ask an administrator for a new invitation.";
            return Err(Failure::too_many(detail, 3600));
        }
    }
    let is_short = password.chars().count() < CHARACTERS_MIN;
    let right = api.passwords.verify(password, found.as_ref().map(|(_, hash)| hash.clone())).await?;
    let Some((user, _)) = found.clone().filter(|_| right) else {
        // What was typed is not told: it may be a password in the wrong field.
        let subject = found.map(|(user, _)| format!("user:{}", user.id));
        let actor = Actor::system("log-in").at(&peer.address.to_string());
        api.workspace.audit(&actor, "login.refused", subject, json!({ "step": "password" })).await?;
        return Err(Failure::new(Code::NotAuthenticated, "The e-mail address or the password is wrong."));
    };
    let token = new_token()?;
    let row = new_session(api, &token, user.id, peer, &agent);
    let (old, entry) = (old.as_deref().and_then(hash_of), token.clone());
    let (now, workspace, actor) = (api.workspace.now(), api.workspace.clone(), acting(user.id, peer));
    let opened = api.workspace.store().write(Priority::Interactive, move |tx| {
        throttle::clear(tx, &names.0)?;
        throttle::give_back(tx, &names.1)?;
        sessions::delete_expired(tx, now)?;
        let second = admit(&workspace, tx, &row, &entry, is_short)?;
        if second.is_none() {
            if let Some(old) = &old {
                sessions::delete_by_token(tx, old)?;
            }
            workspace.audit_in(tx, &actor, "login.ok", None, json!({ "session": row.id }));
        }
        Ok(second)
    });
    let second = opened.await?;
    api.callers.forget();
    Ok(match second {
        None => Entered::In(Opened { token, person: person_of(&user) }),
        Some(set_up) => Entered::Challenge { token, set_up },
    })
}

fn in_words(seconds: i64) -> String {
    if seconds < 90 { format!("{seconds} seconds") } else { format!("{} minutes", (seconds + 59) / 60) }
}

/// Judges an attempt on an account from an address and counts it; the stricter verdict wins.
pub(crate) fn count_attempt(tx: &mut Tx, (account, address): &(String, String), now_s: i64) -> Result<Verdict, Error> {
    let mut kept = Vec::new();
    for (whose, name) in [(Whose::Address, address), (Whose::Account, account)] {
        let row = throttle::find(tx, name)?.unwrap_or_default();
        let tries = Tries { since_s: row.since_s, count: row.count, in_a_row: row.in_a_row, last_s: row.last_s };
        match judge(whose, tries, now_s) {
            Verdict::Try(next) => kept.push((name, next)),
            other => return Ok(other),
        }
    }
    let mut last = Verdict::Stop;
    for (name, tries) in kept {
        let Tries { since_s, count, in_a_row, last_s } = tries;
        throttle::set(tx, name, &throttle::Counter { since_s, count, in_a_row, last_s })?;
        last = Verdict::Try(tries);
    }
    Ok(last)
}
