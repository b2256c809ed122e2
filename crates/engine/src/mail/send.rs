//! The sender: claims what is due, writes it, hands it to the carrier outside of any transaction, keeps what became of
//! it. And what administrators see and do: the ledger, trying again, cancelling, releasing what was held.

use std::sync::atomic::Ordering;
use std::time::Duration;

use anyhow::Context as _;
use model::{Actor, Code, Problem, Record};
use serde_json::{Value as Json, json};
use store::tables::mails::{self, Mail};
use store::{Error, Priority, Tx};
use uuid::Uuid;

use super::letters::{Letter, ledger_json, test, tongue_of};
use super::{Addressed, Carried, Parcel, Post, Server, one_line, settings};
use crate::verify::Fault;
use crate::workspace::Workspace;

/// How long a mail stays a sender's that says nothing more: soon after a program was killed another one goes on.
const LEASE_US: i64 = 60 * SECOND;
/// How often a sender says that it is still at it.
const BEAT: Duration = Duration::from_secs(20);
/// Beats after which a mail is another sender's turn: longer than any conversation with a server that answers.
const BEATS_MAX: u32 = 45;
const SECOND: i64 = 1_000_000;
/// Pauses between tries, in seconds; the last one is repeated.
const PAUSES_S: [i64; 6] = [60, 300, 900, 3_600, 10_800, 21_600];
/// Tries before something is given up: a little more than a day.
pub(crate) const ATTEMPTS_MAX: i64 = 10;
/// Conversations of a kind at a time.
const SENDERS: usize = 2;
/// How often an idle sender looks for work.
const POLL: Duration = Duration::from_millis(500);
/// Most characters kept of what a server says.
const ANSWER_MAX: usize = 500;

/// A mail that is this sender's for a while.
struct Claimed {
    mail: Mail,
    parcel: Parcel,
    server: Server,
}

impl Workspace {
    /// Starts threads that send due mail until the workspace stops.
    ///
    /// # Errors
    /// A thread that cannot be started.
    pub fn start_post(&self) -> anyhow::Result<()> {
        self.start_senders("post", Self::post_due)
    }

    /// Starts threads that do one piece of due work after the other until the workspace stops.
    pub(crate) fn start_senders(
        &self,
        name: &'static str,
        send: fn(&Self) -> Result<bool, Error>,
    ) -> anyhow::Result<()> {
        for number in 0..SENDERS {
            let inner = std::sync::Arc::downgrade(&self.0);
            let run = move || {
                while let Some(inner) = inner.upgrade().filter(|inner| !inner.stopping.load(Ordering::Acquire)) {
                    let workspace = Workspace(inner);
                    let sent = send(&workspace);
                    drop(workspace);
                    match sent {
                        Ok(true) => {}
                        Ok(false) => std::thread::sleep(POLL),
                        Err(error) => {
                            tracing::warn!(error = format!("{error:#}"), name, "nothing could be sent; trying again");
                            std::thread::sleep(POLL * 10);
                        }
                    }
                }
            };
            std::thread::Builder::new().name(format!("{name}-{number}")).spawn(run).context("starting a sender")?;
        }
        Ok(())
    }

    /// Sends one due mail, if there is one. Returns whether there was.
    ///
    /// # Errors
    /// A database that fails; what the server refuses is kept in the mail's row.
    pub fn post_due(&self) -> Result<bool, Error> {
        let post = self.post()?;
        let now = self.now();
        // Looking is a read; only a find costs the writer a turn.
        let look = self.store().read(move |tx| Ok(settings::find(tx)?.is_some() && mails::is_due(tx, now)?));
        if !look.wait()? {
            return Ok(false);
        }
        let workspace = self.clone();
        let claim = self.store().write(Priority::Interactive, move |tx| workspace.claim_mail(tx, now));
        let Some(claimed) = claim.wait()? else { return Ok(true) };
        // Committed: from here on the world may see it.
        let carried = self.while_held(&claimed.mail, || (post.carrier)(&claimed.server, &claimed.parcel));
        self.settle_mail(claimed.mail, carried)?;
        Ok(true)
    }

    /// Keeps the mail this sender's for as long as the work takes.
    fn while_held<T>(&self, mail: &Mail, work: impl FnOnce() -> T) -> T {
        let (over, waiting) = flume::bounded::<()>(0);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                // Only the end of the work disconnects the other side.
                let ended = move || waiting.recv_timeout(BEAT) == Err(flume::RecvTimeoutError::Disconnected);
                for _ in 0..BEATS_MAX {
                    if ended() {
                        break;
                    }
                    let (id, fence, until) = (mail.id, mail.fence, self.now() + LEASE_US);
                    let held = move |tx: &mut Tx| mails::hold_on(tx, id, fence, until);
                    if let Err(error) = self.store().write(Priority::Interactive, held).wait() {
                        tracing::warn!(error = format!("{error:#}"), "a mail on its way could not be kept");
                    }
                }
            });
            let done = work();
            drop(over);
            done
        })
    }

    /// Takes the mail that is due longest and writes it; one that is of no use any more ends here.
    fn claim_mail(&self, tx: &mut Tx, now: i64) -> Result<Option<Claimed>, Error> {
        let Some(kept) = settings::find(tx)? else { return Ok(None) };
        let Some(mail) = mails::take(tx, now, now + LEASE_US)? else { return Ok(None) };
        if mail.useless_at.is_some_and(|end| end <= now) {
            mails::end(tx, &mail, "failed", "Too late: its link has ended.", now)?;
            return Ok(None);
        }
        let Some(user) = self.find_active_user(tx, mail.user)? else {
            mails::end(tx, &mail, "cancelled", "The user is gone or switched off.", now)?;
            return Ok(None);
        };
        let Some(letter) = self.write_letter(tx, &mail, &user)? else {
            mails::end(tx, &mail, "cancelled", "There was nothing left to say.", now)?;
            return Ok(None);
        };
        let address = user.get("email").as_text().unwrap_or_default().to_owned();
        mails::set_address(tx, mail.id, &address)?;
        let server = self.server_of(kept)?;
        let parcel = Parcel {
            message_id: message_id(mail.id, &server.settings.sender_address),
            at: mail.queued_at,
            to: (name_of(&user), address),
            letter,
        };
        Ok(Some(Claimed { mail, parcel, server }))
    }

    fn write_letter(&self, tx: &mut Tx, mail: &Mail, user: &Record) -> Result<Option<Letter>, Error> {
        let post = self.post()?;
        let mut entries = self.modules().iter().flat_map(|module| module.letters);
        let Some(entry) = entries.find(|entry| entry.kind == mail.kind) else { return Ok(None) };
        let secret = match &mail.payload {
            Some(sealed) => Some(
                String::from_utf8(self.open_sealed("mail", "payload", &mail.id.to_string(), sealed)?)
                    .map_err(anyhow::Error::from)?,
            ),
            None => None,
        };
        let tongue = tongue_of(user, None);
        (entry.write)(self, tx, &Addressed { mail, user, secret, public_url: &post.public_url, tongue })
    }

    fn settle_mail(&self, mut mail: Mail, carried: Carried) -> Result<(), Error> {
        let now = self.now();
        mail.unsure |= matches!(carried, Carried::Unsure(_));
        let (status, words) = match carried {
            Carried::Accepted(words) => ("sent", words),
            Carried::Refused(_, words) => ("failed", words),
            Carried::Later(_, words) | Carried::Unsure(words) if mail.attempts < ATTEMPTS_MAX => ("waiting", words),
            Carried::Later(_, words) | Carried::Unsure(words) => ("failed", words),
        };
        let words: String = one_line(&words).chars().take(ANSWER_MAX).collect();
        if status != "sent" {
            tracing::warn!(mail = %mail.id, kind = mail.kind, attempts = mail.attempts, status, words, "a mail did not go out");
        }
        let written = self.store().write(Priority::Interactive, move |tx| match status {
            "waiting" => mails::put_off(tx, &mail, &words, now + pause_us(mail.attempts)),
            status => mails::end(tx, &mail, status, &words, now),
        });
        if !written.wait()? {
            tracing::warn!("a mail was another sender's by the time it was answered");
        }
        Ok(())
    }

    /// Sends a letter to the actor's own address with the settings in force, and says what came of it.
    ///
    /// # Errors
    /// Forbidden without the right `configure`; no mail set up; a database that fails.
    pub fn send_test_mail(&self, actor: &Actor) -> Result<(String, Carried), Error> {
        self.check_special(actor, "configure")?;
        let post: &Post = self.post()?;
        let (workspace, label) = (self.clone(), actor.label());
        let found = self.store().read(move |tx| Ok((settings::find(tx)?, workspace.user_of_label(tx, &label)?)));
        let (kept, user) = found.wait()?;
        let kept = kept.ok_or_else(|| Problem::new(Code::Conflict, "No mail server is set up yet. Save one first."))?;
        let user = user.ok_or_else(|| Problem::new(Code::Forbidden, "A test mail goes to a person, not to a key."))?;
        let server = self.server_of(kept)?;
        let address = user.get("email").as_text().unwrap_or_default().to_owned();
        let parcel = Parcel {
            message_id: message_id(Uuid::now_v7(), &server.settings.sender_address),
            at: self.now(),
            to: (name_of(&user), address.clone()),
            letter: test(self, &user, &post.public_url),
        };
        let carried = (post.carrier)(&server, &parcel);
        let went = matches!(carried, Carried::Accepted(_));
        self.audit(actor, "mail.tested", None, json!({ "went": went })).wait()?;
        Ok((address, carried))
    }

    /// Mails that were queued, the newest first, and the ledger: `{"mails":[…],"next":…,"ledger":{…}}`.
    ///
    /// # Errors
    /// Forbidden without the right `configure`; a state that does not exist; a database that fails.
    pub fn list_mails(
        &self,
        actor: &Actor,
        state: Option<&str>,
        before: Option<Uuid>,
        limit: usize,
    ) -> Result<Json, Error> {
        self.check_special(actor, "configure")?;
        let states: Vec<&'static str> = match state {
            None => Vec::new(),
            Some("waiting") => vec!["waiting", "sending", "held"],
            Some(state) => match mails::STATES.iter().find(|known| **known == state) {
                Some(known) => vec![known],
                None => {
                    return Err(
                        Problem::new(Code::Invalid, "A state is waiting, held, sent, failed or cancelled.").into()
                    );
                }
            },
        };
        let work = move |tx: &mut Tx| Ok((mails::list(tx, &states, before, limit)?, mails::ledger(tx)?));
        let (rows, ledger) = self.store().read(work).wait()?;
        let next = (rows.len() == limit).then(|| rows.last().map(|row| row.id)).flatten();
        let rows: Vec<Json> = rows.iter().map(mail_json).collect();
        Ok(json!({ "mails": rows, "next": next, "ledger": ledger_json(&ledger) }))
    }

    /// The ledger for the program's figures: each state with its number.
    ///
    /// # Errors
    /// A database that fails.
    pub fn mail_ledger(&self) -> Result<mails::Ledger, Error> {
        self.store().read(mails::ledger).wait()
    }

    /// Tries a mail again, or ends it.
    ///
    /// # Errors
    /// Forbidden without the right `configure`; not found; a mail that went out; a database that fails.
    pub fn change_mail(&self, actor: &Actor, id: Uuid, again: bool) -> Result<Json, Error> {
        self.check_special(actor, "configure")?;
        let (workspace, actor) = (self.clone(), actor.clone());
        let written = self.store().write(Priority::Interactive, move |tx| {
            let now = workspace.now();
            let changed = if again { mails::retry(tx, id, now)? } else { mails::cancel(tx, id, now)? };
            let mail = mails::find(tx, id)?.ok_or_else(|| Problem::not_found("mail"))?;
            if !changed {
                let detail = "This mail went out, is on its way, or was cancelled: that cannot be taken back.";
                return Err(Problem::new(Code::Conflict, detail).into());
            }
            let kind = if again { "mail.tried_again" } else { "mail.cancelled" };
            workspace.audit_in(
                tx,
                &actor,
                kind,
                Some(format!("user:{}", mail.user)),
                json!({ "mail": id, "kind": mail.kind }),
            );
            Ok(mail_json(&mail))
        });
        written.wait()
    }

    /// Lets go out, or ends, what was held after a restore. How many mails that were.
    ///
    /// # Errors
    /// Forbidden without the right `configure`; a database that fails.
    pub fn release_mail(&self, actor: &Actor, send: bool) -> Result<u64, Error> {
        self.check_special(actor, "configure")?;
        let (workspace, actor) = (self.clone(), actor.clone());
        let written = self.store().write(Priority::Interactive, move |tx| {
            let count = mails::release(tx, send, workspace.now())?;
            if count > 0 {
                workspace.audit_in(tx, &actor, "mail.released", None, json!({ "send": send, "mails": count }));
            }
            Ok(count)
        });
        written.wait()
    }

    /// Holds everything that was queued when a backup was made: whether it went out since, nobody knows.
    ///
    /// # Errors
    /// A database that fails.
    pub fn hold_mail(&self) -> Result<u64, Error> {
        self.store().write(Priority::Interactive, mails::hold_all).wait()
    }

    pub(crate) fn verify_mail(&self) -> Result<Vec<Fault>, Error> {
        let (ledger, rows) = self.store().read(|tx| Ok((mails::ledger(tx)?, mails::faults(tx)?))).wait()?;
        let fault = |id, detail| Fault { object: String::new(), id, promise: "mail", detail };
        let mut faults: Vec<Fault> = rows.into_iter().map(|(id, detail)| fault(Some(id), detail)).collect();
        let there: i64 = ledger.states.iter().map(|(_, count)| count).sum();
        if there != ledger.queued {
            faults.push(fault(None, format!("{} mails were queued, {there} are there", ledger.queued)));
        }
        Ok(faults)
    }
}

fn mail_json(mail: &Mail) -> Json {
    let text = model::value::instant_to_text;
    json!({
        "id": mail.id, "kind": mail.kind, "user": mail.user, "address": mail.address, "status": mail.status,
        "queued_at": text(mail.queued_at), "due_at": text(mail.due_at), "ended_at": mail.ended_at.map(text),
        "attempts": mail.attempts, "unsure": mail.unsure, "answer": mail.answer,
    })
}

fn name_of(user: &Record) -> String {
    one_line(user.get("name").as_text().unwrap_or_default())
}

/// The same at every try: receivers can tell that they know it already.
fn message_id(mail: Uuid, sender: &str) -> String {
    let domain = sender.rsplit_once('@').map_or("localhost", |(_, domain)| domain);
    format!("{}@{domain}", mail.simple())
}

/// How long to wait after so many tries, in microseconds.
pub(crate) fn pause_us(attempts: i64) -> i64 {
    let at = usize::try_from(attempts.max(1) - 1).unwrap_or(0).min(PAUSES_S.len() - 1);
    PAUSES_S.get(at).copied().unwrap_or(60) * SECOND
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_end_after_a_day() {
        let pauses: Vec<i64> = (1..ATTEMPTS_MAX).map(|attempts| pause_us(attempts) / SECOND).collect();
        assert_eq!(pauses, [60, 300, 900, 3_600, 10_800, 21_600, 21_600, 21_600, 21_600]);
        assert!((24..36).contains(&(pauses.iter().sum::<i64>() / 3_600)));
    }
}
