//! Forgotten passwords: the same answer, after the same work, for every address. What is asked for goes into a job,
//! sealed; only the job looks whether there is an account.

use engine::mail::reset::ResetAsked;
use model::Code;
use store::tables::throttle::{self, Counter};
use store::{Error, Priority, Tx};

use crate::Api;
use crate::accounts::SECOND;
use crate::network::Peer;
use crate::problem_json::{Answer, Failure};
use crate::tokens::{hash_of, new_token};

/// Length of the window in which is counted.
const WINDOW_S: i64 = 3600;
/// Mails an hour to one account; who asks for more is answered alike and gets none.
const ACCOUNT_MAX: i64 = 3;
/// Questions an hour from one address.
const ADDRESS_MAX: i64 = 20;
/// Most characters of an address that are looked at.
const EMAIL_MAX: usize = 254;

/// Asks for a link with which a new password is set.
///
/// # Errors
/// No mail set up; too many questions from one address; a database that fails. Never whether there is an account.
pub async fn ask(api: &Api, peer: Peer, email: &str) -> Answer<()> {
    let email: String = model::fold::fold(email).chars().take(EMAIL_MAX).collect();
    let names = (format!("reset:{email}"), format!("reset-from:{}", peer.address));
    let (workspace, now_s) = (api.workspace.clone(), api.workspace.now() / SECOND);
    let counted = api.workspace.store().write(Priority::Interactive, move |tx| {
        let has_mail = workspace.has_mail(tx)?;
        let from_here = has_mail && count(tx, &names.1, ADDRESS_MAX, now_s)?;
        Ok((has_mail, from_here, from_here && count(tx, &names.0, ACCOUNT_MAX, now_s)?))
    });
    let (has_mail, from_here, may_ask) = counted.await?;
    if !has_mail {
        let detail = "This workspace sends no mail. Ask an administrator for a new invitation.";
        return Err(Failure::new(Code::Conflict, detail));
    }
    if !from_here {
        return Err(Failure::too_many("Too many questions from your address. Try again in an hour.", 3600));
    }
    if may_ask {
        let token = new_token()?;
        let token_hash = hash_of(&token).unwrap_or_default();
        api.workspace.ask_reset(ResetAsked { email, token, token_hash, peer: peer.address.to_string() }).await?;
    }
    Ok(())
}

/// Counts one more in the hour; false when there were too many.
fn count(tx: &mut Tx, name: &str, max: i64, now_s: i64) -> Result<bool, Error> {
    let mut row = throttle::find(tx, name)?.unwrap_or_default();
    if now_s - row.since_s >= WINDOW_S || now_s < row.since_s {
        row = Counter { since_s: now_s, ..Counter::default() };
    }
    if row.count >= max {
        return Ok(false);
    }
    row.count += 1;
    row.last_s = now_s;
    throttle::set(tx, name, &row)?;
    Ok(true)
}
