//! What an administrator says about a form.

use engine::{Batch, Draft, RuleContext, RuleEntry};
use model::{Op, Problem, Record, Schema, Value};
use serde_json::Value as Json;
use store::{Error, Tx};
use uuid::Uuid;

use crate::criteria::fault;

const OBJECT: &str = "capture_form";

pub(crate) const RULE: RuleEntry = RuleEntry {
    object: OBJECT,
    why: "An origin or address that no browser sends would lock its own page out.",
    apply: keep_form,
};

/// A form that takes enquiries.
#[derive(Debug, Clone)]
pub struct Form {
    /// Its key.
    pub id: Uuid,
    /// What its administrators call it.
    pub name: String,
    /// Origins (RFC 6454) of the pages whose scripts may send and read the answer; of none when empty.
    pub origins: Vec<String>,
    /// The fields beside name and e-mail.
    pub(super) takes: Vec<String>,
    pub(super) source: Option<String>,
    pub(super) campaign: Option<String>,
    assignee: Option<Uuid>,
    /// What visitors may agree to.
    pub consent_wording: Option<String>,
    pub(super) consent_topic: Option<String>,
    /// Least time between the stamp and the enquiry, in seconds; zero: no stamp is needed.
    pub least_seconds: i64,
    /// Where a form without scripts leads.
    pub thanks: Option<String>,
}

impl Form {
    /// The form of a key; none when it is gone or takes nothing at the moment.
    ///
    /// # Errors
    /// A database that fails.
    pub fn open(tx: &mut Tx, schema: &Schema, key: Uuid) -> Result<Option<Self>, Error> {
        let found = load(tx, schema, key)?;
        Ok(found.filter(|form| form.get("active") == &Value::Bool(true)).map(|form| Self::of(&form)))
    }

    /// The same of one that may be closed.
    pub(super) fn find(tx: &mut Tx, schema: &Schema, key: Uuid) -> Result<Option<Self>, Error> {
        Ok(load(tx, schema, key)?.map(|form| Self::of(&form)))
    }

    /// The fields that it asks for.
    pub fn fields(&self) -> Vec<&str> {
        ["name", "email"].into_iter().chain(self.takes.iter().map(String::as_str)).collect()
    }

    fn of(form: &Record) -> Self {
        let text = |field: &str| form.get(field).as_text().map(str::to_owned);
        Self {
            id: form.id,
            name: text("name").unwrap_or_default(),
            origins: list(form.get("origins")),
            takes: list(form.get("takes")),
            source: text("source"),
            campaign: text("campaign"),
            assignee: form.get("assignee").as_id(),
            consent_wording: text("consent_wording"),
            consent_topic: text("consent_topic"),
            least_seconds: if let Value::Int(seconds) = form.get("least_seconds") { *seconds } else { 0 },
            thanks: text("thanks"),
        }
    }

    /// Who gets its leads: nobody, when that user works here no longer.
    pub(super) fn owner(&self, batch: &mut Batch<'_>) -> Result<Value, Error> {
        let Some(id) = self.assignee else { return Ok(Value::Missing) };
        let users = batch.load_object("user")?;
        let user = batch.tx().find(&users, id)?;
        let works =
            user.is_some_and(|user| user.get("deleted_at").is_missing() && user.get("active") == &Value::Bool(true));
        Ok(if works { Value::Id(id) } else { Value::Missing })
    }
}

fn load(tx: &mut Tx, schema: &Schema, key: Uuid) -> Result<Option<Record>, Error> {
    let Some(object) = schema.find_object(OBJECT) else { return Ok(None) };
    Ok(tx.find(object, key)?.filter(|form| form.get("deleted_at").is_missing()))
}

/// The words of a list.
fn list(value: &Value) -> Vec<String> {
    let entries = value.as_json().and_then(Json::as_array).into_iter().flatten();
    entries.filter_map(Json::as_str).map(str::to_owned).collect()
}

fn keep_form(draft: &mut Draft, _: &RuleContext<'_>) -> Result<(), Problem> {
    if !matches!(draft.op, Op::Create | Op::Update) {
        return Ok(());
    }
    let mut faults = Vec::new();
    for origin in list(draft.get("origins")) {
        if !is_origin(&origin) {
            let message = format!("`{origin}` is no origin. Write it like https://www.example.com, without a path.");
            faults.push(fault("origins", "bad_value", message));
        }
    }
    let thanks = draft.get("thanks").as_text();
    if thanks.is_some_and(|thanks| after_scheme(thanks).is_none_or(|rest| rest.contains(char::is_control))) {
        let message = "Write the whole address, like https://www.example.com/thanks.".to_owned();
        faults.push(fault("thanks", "bad_value", message));
    }
    if faults.is_empty() { Ok(()) } else { Err(Problem::invalid(faults)) }
}

/// What follows `https://` or `http://`, when there is something.
fn after_scheme(address: &str) -> Option<&str> {
    let rest = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"))?;
    (!rest.is_empty() && !rest.contains(char::is_whitespace)).then_some(rest)
}

/// As browsers write it in `Origin`: scheme, host in lower case, port.
fn is_origin(text: &str) -> bool {
    let sound = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || ".-:[]".contains(c);
    after_scheme(text).is_some_and(|rest| rest.chars().all(sound))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_as_browsers_write_them() {
        for sound in ["https://www.example.com", "http://localhost:3000", "http://[::1]:80"] {
            assert!(is_origin(sound), "{sound}");
        }
        for wrong in ["www.example.com", "https://a.de/x", "https://A.de", "*", "null", "https://", "ftp://a.de"] {
            assert!(!is_origin(wrong), "{wrong}");
        }
    }
}
