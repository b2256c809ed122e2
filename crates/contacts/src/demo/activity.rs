//! What happened with the people of the demo: notes, calls, meetings, tasks, at believable times.

use model::{Patch, Value};
use serde_json::json;

use super::Demo;
use super::company::Company;
use super::dice::{Dice, Stream};
use super::person::Person;
use super::record::add;
use super::talk::{ENGLISH, GERMAN, Talk};

const MINUTE: i64 = 60_000_000;
const DAY: i64 = 1_440 * MINUTE;
/// Most entries of one person.
const ENTRIES_MAX: u64 = 6;

/// One record to be made.
pub type Activity = (&'static str, Patch);

impl Demo {
    /// The activities of a person: none for most, up to six for some.
    pub fn activities(&self, index: u64) -> Vec<Activity> {
        let (place, slot) = super::place_of(index);
        let mut dice = self.seed.dice(Stream::Activity, index);
        if !dice.percent(15) || self.first_of(index).is_some() {
            return Vec::new();
        }
        let (company, _) = self.sketch_company(place);
        let (person, _) = self.sketch_person(index, &company, slot);
        let count = 1 + dice.below(ENTRIES_MAX);
        (0..count).map(|at| self.activity(&person, &company, &mut dice, index * ENTRIES_MAX + at)).collect()
    }

    fn activity(&self, person: &Person, company: &Company, dice: &mut Dice, number: u64) -> Activity {
        let talk = if company.land.is_german() { &GERMAN } else { &ENGLISH };
        let mut patch = Patch::new();
        patch.insert("id".to_owned(), Value::Id(self.seed.id(Stream::Activity, number)));
        add(&mut patch, "about", self.about(person, company));
        let words = Words { person, company, talk };
        let object = match dice.below(100) {
            0..30 => self.note(&mut patch, &words, dice),
            30..60 => self.call(&mut patch, &words, dice),
            60..75 => self.meeting(&mut patch, &words, dice),
            _ => self.task(&mut patch, &words, dice),
        };
        (object, patch)
    }

    fn about(&self, person: &Person, company: &Company) -> Value {
        let person_id = self.person_id(person.index);
        let mut about = vec![json!({ "object": "person", "id": person_id.to_string() })];
        if person.works {
            let company_id = self.company_id(company.index);
            about.push(json!({ "object": "company", "id": company_id.to_string() }));
        }
        Value::json(about.into())
    }

    fn note(&self, patch: &mut Patch, words: &Words<'_>, dice: &mut Dice) -> &'static str {
        let (title, body) = dice.pick(words.talk.notes).copied().unwrap_or_default();
        add(patch, "title", Value::text(words.fill(title, dice)));
        add(patch, "body", Value::text(words.fill(body, dice)));
        add(patch, "pinned", Value::Bool(dice.percent(4)));
        "note"
    }

    fn call(&self, patch: &mut Patch, words: &Words<'_>, dice: &mut Dice) -> &'static str {
        let (subject, body) = dice.pick(words.talk.calls).copied().unwrap_or_default();
        let outcome = match dice.below(100) {
            0..70 => "connected",
            70..84 => "left_message",
            84..95 => "no_answer",
            _ => "busy",
        };
        let is_connected = outcome == "connected";
        add(patch, "subject", Value::text(words.fill(subject, dice)));
        if is_connected {
            add(patch, "body", Value::text(words.fill(body, dice)));
        }
        let seconds = if is_connected { dice.between(40, 1_900) } else { dice.between(5, 45) };
        add(patch, "duration", Value::Duration(seconds * 1_000_000));
        add(patch, "outcome", Value::text(outcome));
        add(patch, "direction", Value::text(if dice.percent(35) { "inbound" } else { "outbound" }));
        add(patch, "started_at", Value::Instant(self.past(dice)));
        add(patch, "agent", self.user(dice));
        "call"
    }

    fn meeting(&self, patch: &mut Patch, words: &Words<'_>, dice: &mut Dice) -> &'static str {
        let (title, agenda, outcome) = dice.pick(words.talk.meetings).copied().unwrap_or_default();
        let is_planned = dice.percent(25);
        let starts_at = if is_planned { self.future(dice) } else { self.past(dice) };
        let minutes = 30 * dice.between(1, 5);
        let status = match dice.below(100) {
            _ if is_planned => "planned",
            0..88 => "held",
            88..94 => "cancelled",
            _ => "no_show",
        };
        add(patch, "title", Value::text(words.fill(title, dice)));
        add(patch, "agenda", Value::text(words.fill(agenda, dice)));
        if status == "held" {
            add(patch, "outcome", Value::text(words.fill(outcome, dice)));
        }
        add(patch, "status", Value::text(status));
        add(patch, "starts_at", Value::Instant(starts_at));
        add(patch, "ends_at", Value::Instant(starts_at + minutes * MINUTE));
        let place = dice.word(words.talk.places);
        add(patch, "location", Value::text(words.fill(place, dice)));
        add(patch, "attendees", Value::json(json!([self.person_id(words.person.index).to_string()])));
        add(patch, "owner", self.user(dice));
        "meeting"
    }

    fn task(&self, patch: &mut Patch, words: &Words<'_>, dice: &mut Dice) -> &'static str {
        let (title, body) = dice.pick(words.talk.tasks).copied().unwrap_or_default();
        let is_done = dice.percent(55);
        let due_at = if is_done || dice.percent(20) { self.past(dice) } else { self.future(dice) };
        let status = match dice.below(10) {
            _ if is_done => "done",
            0..6 => "open",
            6..8 => "in_progress",
            _ => "waiting",
        };
        let priority = match dice.below(100) {
            0..12 => "low",
            12..75 => "normal",
            75..94 => "high",
            _ => "urgent",
        };
        add(patch, "title", Value::text(words.fill(title, dice)));
        add(patch, "body", Value::text(words.fill(body, dice)));
        add(patch, "status", Value::text(status));
        add(patch, "priority", Value::text(priority));
        add(patch, "due_at", Value::Instant(due_at));
        if is_done {
            add(patch, "completed_at", Value::Instant((due_at - dice.between(0, 3) * DAY).min(self.day)));
        }
        add(patch, "assignee", self.user(dice));
        "task"
    }

    fn user(&self, dice: &mut Dice) -> Value {
        dice.pick(&self.users).map_or(Value::Missing, |user| Value::Id(*user))
    }

    /// A working hour of the last two years, rather lately than long ago.
    fn past(&self, dice: &mut Dice) -> i64 {
        let days = 1 + i64::try_from(dice.below(27) * dice.below(27)).unwrap_or(1);
        self.day - days * DAY + working_minute(dice)
    }

    /// A working hour of the next two months.
    fn future(&self, dice: &mut Dice) -> i64 {
        self.day + dice.between(1, 60) * DAY + working_minute(dice)
    }
}

/// Quarters of an hour from 8 to 18 o'clock.
fn working_minute(dice: &mut Dice) -> i64 {
    (8 * 60 + 15 * dice.between(0, 40)) * MINUTE
}

struct Words<'a> {
    person: &'a Person,
    company: &'a Company,
    talk: &'static Talk,
}

impl Words<'_> {
    /// The text with its gaps filled.
    fn fill(&self, text: &str, dice: &mut Dice) -> String {
        let mut filled = String::with_capacity(text.len() + 32);
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            filled.push_str(before);
            let (gap, tail) = after.split_once('}').unwrap_or((after, ""));
            match gap {
                "given" => filled.push_str(self.person.given),
                "name" => {
                    filled.push_str(self.person.given);
                    filled.push(' ');
                    filled.push_str(self.person.family);
                }
                "company" => filled.push_str(self.company.short_name()),
                "number" => filled.push_str(&dice.between(2, 40).to_string()),
                _ => {
                    let product = dice.word(self.talk.products);
                    let number = dice.between(2, 40).to_string();
                    filled.push_str(&product.replace("{number}", &number));
                }
            }
            rest = tail;
        }
        filled.push_str(rest);
        filled
    }
}
