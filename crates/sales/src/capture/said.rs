//! What a visitor typed, made harmless: known fields, of bounded length, without control characters.

use std::collections::BTreeMap;

use engine::Workspace;
use model::{Patch, Problem, Value, kinds};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};

use super::form::Form;
use crate::criteria::fault;

/// The field that people do not see and machines fill in.
const TRAP: &str = "website";
/// Longest line.
const LINE_MAX: usize = 250;
/// Longest message.
const MESSAGE_MAX: usize = 8_000;
/// More web addresses in a message are a machine's.
const LINKS_MAX: usize = 3;
/// A stamp older than this is not believed: two days, in microseconds.
const STAMP_US: i64 = 2 * 86_400_000_000;

/// What was typed.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Said {
    pub(super) name: String,
    pub(super) email: String,
    pub(super) phone: String,
    pub(super) company: String,
    pub(super) message: String,
    pub(super) page: String,
    pub(super) utm_source: String,
    pub(super) utm_medium: String,
    pub(super) utm_campaign: String,
    pub(super) utm_term: String,
    pub(super) utm_content: String,
    pub(super) consent: bool,
    trapped: bool,
}

impl Said {
    /// Reads the members of a form; what is not known is left out. A form's own names may come with them.
    pub fn read(members: &BTreeMap<String, String>) -> Self {
        let raw = |name: &str| members.get(name).map(String::as_str).unwrap_or_default();
        let line = |name: &str| clean(raw(name), LINE_MAX, false);
        Self {
            name: line("name"),
            email: line("email"),
            phone: line("phone"),
            company: line("company"),
            message: clean(raw("message"), MESSAGE_MAX, true),
            page: line("page"),
            utm_source: line("utm_source"),
            utm_medium: line("utm_medium"),
            utm_campaign: line("utm_campaign"),
            utm_term: line("utm_term"),
            utm_content: line("utm_content"),
            consent: matches!(raw("consent"), "true" | "on" | "yes" | "1"),
            trapped: !raw(TRAP).trim().is_empty(),
        }
    }

    /// What people see of it.
    pub fn shown(&self) -> Json {
        let Self { name, email, phone, company, message, page, .. } = self;
        json!({ "name": name, "email": email, "phone": phone, "company": company, "message": message, "page": page })
    }

    /// Without what the form does not take.
    pub(super) fn within(mut self, form: &Form) -> Self {
        let takes = |field: &str| form.takes.iter().any(|taken| taken == field);
        for (field, value) in
            [("phone", &mut self.phone), ("company", &mut self.company), ("message", &mut self.message)]
        {
            if !takes(field) {
                value.clear();
            }
        }
        self
    }

    /// What the lead is called.
    pub(super) fn title(&self) -> &str {
        if self.name.is_empty() { &self.email } else { &self.name }
    }

    /// Why this may be a machine's.
    pub(super) fn suspicion(&self, form: &Form, waited_us: Option<i64>) -> Option<&'static str> {
        let links = |text: &str| {
            let text = text.to_lowercase();
            text.matches("://").count().max(text.matches("www.").count())
        };
        if self.trapped {
            return Some("trap");
        }
        if form.least_seconds > 0 {
            match waited_us {
                None => return Some("no_stamp"),
                Some(waited) if waited > STAMP_US => return Some("no_stamp"),
                Some(waited) if waited < form.least_seconds * 1_000_000 => return Some("too_fast"),
                Some(_) => {}
            }
        }
        let named = links(&self.name) + links(&self.company) > 0;
        (named || links(&self.message) > LINKS_MAX).then_some("links")
    }

    /// Refuses what cannot be answered: an enquiry needs a sound e-mail address.
    pub(super) fn check(&self, workspace: &Workspace) -> Result<(), Problem> {
        self.person(workspace).map(drop)
    }

    /// The person as they say they are.
    pub(super) fn person(&self, workspace: &Workspace) -> Result<Patch, Problem> {
        let wrong = || Problem::invalid(vec![fault("email", "bad_value", "Write an e-mail address.".to_owned())]);
        if self.email.is_empty() {
            return Err(wrong());
        }
        let (given, family) = self.name.rsplit_once(' ').unwrap_or((&self.name, ""));
        let mut values = fields(workspace, "person", json!({ "emails": [{ "value": self.email, "primary": true }] }))
            .map_err(|_| wrong())?;
        for (field, text) in [("given_name", given), ("family_name", family)] {
            if !text.is_empty() {
                values.insert(field.to_owned(), Value::text(text.trim()));
            }
        }
        if !self.phone.is_empty() {
            // A number that is none is kept as it was written, on the lead alone.
            let phones = json!({ "phones": [{ "value": self.phone, "primary": true }] });
            values.extend(fields(workspace, "person", phones).unwrap_or_default());
        }
        Ok(values)
    }

    /// The company as they say it is, with what its mail says.
    pub(super) fn company(&self, workspace: &Workspace) -> Result<Patch, Problem> {
        let mut values = fields(workspace, "company", json!({ "emails": [{ "value": self.email, "primary": true }] }))?;
        if !self.company.is_empty() {
            values.insert("name".to_owned(), Value::text(self.company.as_str()));
        }
        Ok(values)
    }
}

fn fields(workspace: &Workspace, object: &str, json: Json) -> Result<Patch, Problem> {
    let schema = workspace.schema();
    let object = schema.find_object(object).ok_or_else(|| Problem::not_found("object"))?;
    kinds::patch_from_json(object, json.as_object().unwrap_or(&Map::new()), &workspace.context())
}

/// Without control characters and marks that turn the reading direction, in one line unless said otherwise.
fn clean(text: &str, most: usize, lines: bool) -> String {
    let turns = |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let kept = text.chars().filter_map(|c| match c {
        '\n' if lines => Some('\n'),
        '\n' | '\t' => Some(' '),
        c if c.is_control() || turns(c) => None,
        c => Some(c),
    });
    let short: String = kept.take(most).collect();
    if lines { short.trim().to_owned() } else { short.split_whitespace().collect::<Vec<_>>().join(" ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_made_harmless() {
        assert_eq!(clean("Ann\r\nBcc: x\u{202e}\0 ", 100, false), "Ann Bcc: x");
        assert_eq!(clean("a\r\nb\n", 100, true), "a\nb");
        assert_eq!(clean(&"é".repeat(300), LINE_MAX, false).chars().count(), LINE_MAX);
    }
}
