//! The audit log: what was done by whom and from where, in a chain that shows when it was tampered with. Entries are
//! written in the transaction of what they tell. They name people and things by their ids and never hold values of
//! records, so that they may stay when those are erased.

pub(crate) mod heads;

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use model::{Actor, Object, Op, Value};
use serde::Serialize;
use serde_json::{Map, Value as Json, json};
use store::tables::audit::{self as table, Entry, NewEntry, Wanted};
use store::{Error, Pending, Priority, Tx};

use self::heads::{Cause, Heads};
use crate::batch::Batch;
use crate::draft::Draft;
use crate::workspace::Workspace;

/// Entries after which the head is signed.
const SEAL_ENTRIES: u64 = 1_000;
/// Time after which it is signed when something was written.
const SEAL_AFTER: Duration = Duration::from_secs(60);
/// How often the sealer looks.
const PACE: Duration = Duration::from_millis(500);
/// A chain of this age, in microseconds, must have a signed head: the first entry is signed at once.
const UNSIGNED_MAX: i64 = 10 * 60 * 1_000_000;
/// Objects whose records decide who may come in and what they may do.
const AUDITED: [&str; 6] = ["user", "team", "territory", "role", "api_key", "share"];
/// Of their fields, those that hold ids or yes and no: what they were and became is told too.
const TOLD: [&str; 7] = ["role", "team", "active", "about", "user", "level", "until"];

/// Something that is not as it was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AuditFault {
    /// Index of the entry.
    pub index: i64,
    /// In words.
    pub why: String,
}

/// What a check of the audit log found.
#[derive(Debug, Clone, Default, Serialize)]
pub struct AuditReport {
    /// Whether nothing is wrong.
    pub ok: bool,
    /// Entries of the chain.
    pub entries: i64,
    /// Signed heads that were compared.
    pub heads: usize,
    /// The newest entry that a signed head covers.
    pub signed_to: i64,
    /// The first entry that is wrong.
    pub first_fault: Option<i64>,
    /// What is wrong, the first entry first.
    pub faults: Vec<AuditFault>,
    /// Backups that were restored and set the chain back.
    pub notes: Vec<String>,
}

impl Workspace {
    /// Audits something inside a transaction: it is kept if and only if the transaction is.
    pub fn audit_in(&self, tx: &mut Tx, actor: &Actor, kind: &str, subject: Option<String>, details: Json) {
        self.0.audited.fetch_add(1, Ordering::Relaxed);
        let details = match details {
            Json::Object(map) => map,
            _ => Map::new(),
        };
        tx.audit(NewEntry {
            at: self.now(),
            kind: kind.to_owned(),
            actor: actor.label(),
            subject,
            address: actor.address.as_deref().map(str::to_owned),
            details,
        });
    }

    /// Audits something that is no write itself: a reading, an export, a refusal.
    pub fn audit(&self, actor: &Actor, kind: &'static str, subject: Option<String>, details: Json) -> Pending<()> {
        let (workspace, actor) = (self.clone(), actor.clone());
        self.store().write(Priority::Interactive, move |tx| {
            workspace.audit_in(tx, &actor, kind, subject.clone(), details.clone());
            Ok(())
        })
    }

    /// Entries of the audit log, newest first.
    ///
    /// # Errors
    /// Forbidden without the right `audit`; a database that fails.
    pub fn list_audit(&self, actor: &Actor, wanted: Wanted) -> Result<Vec<Entry>, Error> {
        self.check_special(actor, "audit")?;
        self.store().read(move |tx| table::list(tx, &wanted)).wait()
    }

    /// A page of entries, newest first, with the names of whom they tell: `{"entries","next","names"}`.
    ///
    /// # Errors
    /// As [`Workspace::list_audit`].
    pub fn audit_page(&self, actor: &Actor, wanted: Wanted) -> Result<Json, Error> {
        let limit = wanted.limit;
        let entries = self.list_audit(actor, wanted)?;
        let next = entries.last().filter(|_| entries.len() == limit).map(|entry| entry.index);
        let labels = entries.iter().flat_map(|entry| [Some(&entry.what.actor), entry.what.subject.as_ref()]);
        let labels = labels.flatten().cloned().collect();
        let workspace = self.clone();
        let names = self.store().read(move |tx| workspace.actor_names(tx, &labels)).wait()?;
        let entries: Vec<Json> = entries.iter().map(entry_json).collect();
        Ok(json!({ "entries": entries, "next": next, "names": names }))
    }

    /// Walks along the whole chain and compares it with the signed heads.
    ///
    /// # Errors
    /// Forbidden without the right `audit`; a workspace without keys; a database that fails.
    pub fn verify_audit(&self, actor: &Actor) -> Result<AuditReport, Error> {
        self.check_special(actor, "audit")?;
        // The heads first: what is signed later may be of entries that this snapshot has not.
        let signed = heads::read(self.keys()?)?;
        let compared = signed.heads.clone();
        let (head, walked) =
            self.store().read(move |tx| Ok((table::find_head(tx)?, table::walk(tx, &compared)?))).wait()?;
        let mut faults: Vec<AuditFault> =
            walked.broken.into_iter().map(|broken| AuditFault { index: broken.index, why: broken.why }).collect();
        faults.extend(signed.faults);
        if let (Some(chain), Some(head)) = (signed.chain, head)
            && chain != head.chain
        {
            faults.push(AuditFault { index: 1, why: "the signed heads are of another chain".to_owned() });
        }
        let old = walked.oldest_at.is_some_and(|at| self.now() - at > UNSIGNED_MAX);
        if signed.heads.is_empty() && old {
            faults.push(AuditFault { index: 1, why: "there is no signed head: the file of heads is gone".to_owned() });
        }
        faults.sort_by_key(|fault| fault.index);
        let notes = signed.restored.iter().map(|(at, index, furthest)| {
            let at = model::value::instant_to_text(*at);
            format!("{at}: a backup was restored; the chain went back from entry {furthest} to {index}")
        });
        Ok(AuditReport {
            ok: faults.is_empty(),
            entries: walked.entries,
            heads: signed.heads.len(),
            signed_to: signed.heads.keys().next_back().copied().unwrap_or(0),
            first_fault: faults.first().map(|fault| fault.index),
            faults,
            notes: notes.collect(),
        })
    }

    /// Signs the head of the chain, when it moved. Returns its index; 0 when there is none or no key.
    ///
    /// # Errors
    /// A file or a database that fails.
    pub fn seal_audit(&self) -> anyhow::Result<i64> {
        let Ok(keys) = self.keys() else { return Ok(0) };
        let Some(found) = self.store().read(table::find_head).wait()? else { return Ok(0) };
        let mut heads = Heads::open(&keys.folder)?;
        // Looked at again behind the lock: another program may have signed more meanwhile.
        let head = self.store().read(table::find_head).wait()?.unwrap_or(found);
        if heads.ends_with(&head) || head.index == 0 {
            return Ok(head.index);
        }
        if heads.index() >= head.index {
            tracing::error!("the audit log differs from its signed heads; run `rapport audit verify`");
            return Ok(head.index);
        }
        heads.append(keys, Cause::Head, &head, self.now())?;
        Ok(head.index)
    }

    /// Says that a backup took the place of this workspace: heads of entries that it has not no longer count.
    ///
    /// # Errors
    /// A file or a database that fails; a workspace without keys.
    pub fn audit_restored(&self, actor: &Actor) -> anyhow::Result<()> {
        let keys = self.keys()?;
        if let Some(head) = self.store().read(table::find_head).wait()? {
            let mut heads = Heads::open(&keys.folder)?;
            if !heads.ends_with(&head) {
                heads.append(keys, Cause::Restored, &head, self.now())?;
            }
        }
        self.audit(actor, "backup.restored", None, json!({})).wait()?;
        self.seal_audit()?;
        Ok(())
    }

    /// Signs the head every minute or every thousand entries, as long as something happens.
    pub(crate) fn start_sealer(&self) -> anyhow::Result<()> {
        let inner = std::sync::Arc::downgrade(&self.0);
        let run = move || {
            let (mut seen, mut since, mut signed) = (u64::MAX, Instant::now(), 0);
            loop {
                std::thread::sleep(PACE);
                let Some(inner) = inner.upgrade() else { return };
                if inner.stopping.load(Ordering::Acquire) {
                    return;
                }
                let count = inner.audited.load(Ordering::Relaxed);
                let is_due = signed == 0 || count.wrapping_sub(seen) >= SEAL_ENTRIES || since.elapsed() >= SEAL_AFTER;
                if count == seen || !is_due {
                    continue;
                }
                match Workspace(inner).seal_audit() {
                    Ok(index) => signed = index,
                    Err(error) => tracing::warn!(error = format!("{error:#}"), "the audit log was not signed"),
                }
                (seen, since) = (count, Instant::now());
            }
        };
        std::thread::Builder::new().name("audit-sealer".to_owned()).spawn(run).context("starting the audit sealer")?;
        Ok(())
    }
}

impl Batch<'_> {
    /// Audits something that this batch does.
    pub fn audit(&mut self, kind: &str, subject: Option<String>, details: Json) {
        let (workspace, actor) = (self.workspace, self.actor);
        workspace.audit_in(self.tx, actor, kind, subject, details);
    }

    /// Audits changes of what decides who may do what.
    pub(crate) fn audit_drafts(&mut self, object: &Object, drafts: &[&Draft]) {
        if object.name == "definition" {
            return self.audit_definitions(drafts);
        }
        if !AUDITED.contains(&object.name.as_str()) {
            return;
        }
        for draft in drafts {
            let names = changed(object, draft);
            // A key notes once a day that it is in use: nobody did that.
            if draft.op == Op::Update && names == ["last_used_at"] {
                continue;
            }
            let word = match draft.op {
                Op::Create => "created",
                Op::Update => "changed",
                Op::Delete => "deleted",
                Op::Restore => "restored",
                Op::Erase => "erased",
            };
            let mut details = Map::new();
            if draft.op == Op::Update {
                details.insert("fields".to_owned(), json!(names));
            }
            for field in TOLD.iter().filter(|field| names.contains(field)) {
                let shown = |value: &Value| if value.is_missing() { Json::Null } else { value.to_json() };
                let pair = json!({ "from": shown(draft.was(field)), "to": shown(draft.get(field)) });
                details.insert((*field).to_owned(), pair);
            }
            let subject = format!("{}:{}", object.name, draft.after.id);
            self.audit(&format!("{}.{word}", object.name), Some(subject), Json::Object(details));
        }
    }
}

impl Batch<'_> {
    /// Audits changes of the data model: which object or field, and what was done with it.
    fn audit_definitions(&mut self, drafts: &[&Draft]) {
        for draft in drafts {
            let text = |name: &str| draft.get(name).as_text().filter(|text| !text.is_empty()).map(str::to_owned);
            let field = text("field");
            let word = match draft.op {
                Op::Create | Op::Restore => "added",
                Op::Update => "changed",
                Op::Delete | Op::Erase => "removed",
            };
            let done = format!("{} {word}", if field.is_some() { "field" } else { "object" });
            let subject = text("object").map(|object| format!("object:{object}"));
            self.audit("schema.changed", subject, json!({ "done": done, "field": field }));
        }
    }
}

/// An entry as it is shown.
pub fn entry_json(entry: &Entry) -> Json {
    let what = &entry.what;
    json!({
        "index": entry.index,
        "at": model::value::instant_to_text(what.at),
        "kind": what.kind,
        "actor": what.actor,
        "subject": what.subject,
        "address": what.address,
        "details": what.details,
    })
}

/// The fields that a draft changes, without the stamps of every write.
fn changed<'a>(object: &'a Object, draft: &Draft) -> Vec<&'a str> {
    let fields = object.fields.iter().filter(|field| !field.system && !field.is_derived());
    fields.map(|field| field.name.as_str()).filter(|name| draft.changes(name)).collect()
}

/// An expression without its texts: what was asked for, not about whom.
pub fn masked(source: &str) -> String {
    let mut told = String::with_capacity(source.len());
    let mut rest = source;
    while let Some(at) = rest.find(['\'', '"']) {
        let (before, from) = rest.split_at(at);
        told.push_str(before);
        told.push_str("'…'");
        let quote = from.get(..1).unwrap_or_default();
        let quote = if from.starts_with(&quote.repeat(3)) { from.get(..3).unwrap_or_default() } else { quote };
        let raw = before.ends_with(['r', 'R']);
        let mut inside = from.get(quote.len()..).unwrap_or_default();
        rest = "";
        while let Some(first) = inside.chars().next() {
            if let Some(after) = inside.strip_prefix(quote) {
                rest = after;
                break;
            }
            let escaped = if first == '\\' && !raw { inside.chars().nth(1).map_or(0, char::len_utf8) } else { 0 };
            inside = inside.get(first.len_utf8() + escaped..).unwrap_or_default();
        }
    }
    told.push_str(rest);
    told
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn texts_of_expressions_are_not_told() {
        assert_eq!(masked("a == 'x' && b > 5"), "a == '…' && b > 5");
        assert_eq!(masked(r#"a == 'x\'y' || b == "it's""#), "a == '…' || b == '…'");
        assert_eq!(masked(r"a == r'x\' && b == 'secret'"), "a == r'…' && b == '…'");
        assert_eq!(masked("a == '''it's''' && c"), "a == '…' && c");
        assert_eq!(masked("a == 'open"), "a == '…'");
        assert_eq!(masked("true"), "true");
    }
}
