//! People of the demo, and those who are there twice.

use jiff::civil::Date;
use model::{Patch, Value};
use serde_json::{Value as Json, json};

use super::Demo;
use super::company::{Company, street_of};
use super::dice::{Dice, Stream};
use super::lists::{Land, Name};
use super::record::{add, address, contact_list, owner};
use super::typo::mistyped;
use super::words::{JOBS, MAILBOXES, SOURCES, TAGS};

/// One of so many people is a second record of somebody.
const TWICE_ONE_OF: u64 = 50;
/// How far back the first record may lie.
const TWICE_REACH: u64 = 2_000;

/// Who somebody is.
pub(super) struct Person {
    pub(super) index: u64,
    pub(super) given: &'static str,
    pub(super) family: &'static str,
    given_latin: &'static str,
    family_latin: &'static str,
    is_woman: bool,
    /// Works at the company; otherwise a private customer who lives in its city.
    pub(super) works: bool,
    slot: u64,
    land: &'static Land,
}

impl Demo {
    /// Who the person of an index is, and the dice for the rest.
    pub(super) fn sketch_person(&self, index: u64, company: &Company, slot: u64) -> (Person, Dice) {
        let mut dice = self.seed.dice(Stream::Person, index);
        let land = company.land;
        let is_woman = dice.percent(50);
        let given = dice.pick(if is_woman { &land.women } else { &land.men });
        // Colleagues have different family names, so that their addresses differ.
        let families = land.families.len().max(1) as u64;
        let step = [7, 11, 13].into_iter().find(|step| !families.is_multiple_of(*step)).unwrap_or(1);
        let at = usize::try_from((company.families_from + slot * step) % families).unwrap_or(0);
        let family = land.families.get(at);
        let written = |name: Option<&'static Name>| name.map_or("", |name| name.written);
        let latin = |name: Option<&'static Name>| name.map_or("", |name| name.latin.as_str());
        let person = Person {
            index,
            given: written(given),
            family: written(family),
            given_latin: latin(given),
            family_latin: latin(family),
            is_woman,
            works: !dice.percent(8),
            slot,
            land,
        };
        (person, dice)
    }

    /// Whether the person of an index is a second record of an earlier one, and of which.
    pub(super) fn first_of(&self, index: u64) -> Option<u64> {
        let is_second = |index: u64| index > 64 && self.seed.mixed(index).is_multiple_of(TWICE_ONE_OF);
        if !is_second(index) {
            return None;
        }
        let back = 1 + (self.seed.mixed(index) >> 8) % TWICE_REACH.min(index - 64);
        (index.saturating_sub(back + 8)..=index - back).rev().find(|first| !is_second(*first))
    }

    /// The record of one person, given the company of its place.
    pub(super) fn person_at(&self, index: u64, company: &Company, slot: u64) -> Patch {
        let (person, mut dice) = self.sketch_person(index, company, slot);
        let mut patch = Patch::new();
        patch.insert("id".to_owned(), Value::Id(self.person_id(index)));
        add(&mut patch, "given_name", Value::text(person.given));
        add(&mut patch, "family_name", Value::text(person.family));
        if person.land.country.code == "US" && dice.percent(30) {
            let initial = char::from(b'A' + u8::try_from(dice.below(26)).unwrap_or(0));
            add(&mut patch, "middle_name", Value::text(format!("{initial}.")));
        }
        add(&mut patch, "salutation", Value::text(person.salutation(&mut dice)));
        let emails = person.emails(company, &mut dice);
        add(&mut patch, "emails", contact_list(&emails));
        add(&mut patch, "phones", contact_list(&person.phones(company, &mut dice)));
        if person.works {
            add(&mut patch, "company", Value::Id(self.company_id(company.index)));
            let (title, department) = person.job(&mut dice);
            add(&mut patch, "job_title", Value::text(title));
            add(&mut patch, "department", Value::text(department));
        }
        if !person.works || dice.percent(25) {
            let home = if person.works { company.address() } else { person.home(company, &mut dice) };
            add(&mut patch, "address", home);
        }
        if dice.percent(20) {
            let link = format!("https://network.example/in/{}-{}-{index}", person.given_latin, person.family_latin);
            add(&mut patch, "links", contact_list(&[(link, "profile")]));
        }
        add(&mut patch, "lifecycle", Value::text(lifecycle(&mut dice)));
        add(&mut patch, "source", if dice.percent(60) { Value::text(dice.word(&SOURCES)) } else { Value::Missing });
        add(&mut patch, "birthday", if dice.percent(25) { birthday(&mut dice) } else { Value::Missing });
        add(&mut patch, "language", Value::text(person.land.country.language));
        add(&mut patch, "preferred_channel", Value::text(channel(&mut dice)));
        add(&mut patch, "do_not_call", Value::Bool(dice.percent(3)));
        if dice.percent(18) {
            add(&mut patch, "tags", tags(&mut dice));
        }
        add(&mut patch, "owner", owner(&mut dice, &self.users));
        patch
    }

    /// A second record of somebody: another id, mistyped here and there, with less in it.
    pub(super) fn second_record(&self, index: u64, first: &Patch) -> Patch {
        let mut dice = self.seed.dice(Stream::Person, index);
        let mut patch = first.clone();
        patch.insert("id".to_owned(), Value::Id(self.person_id(index)));
        match dice.below(5) {
            0 => retype(&mut patch, "family_name", &mut dice),
            1 => retype(&mut patch, "given_name", &mut dice),
            2 => {
                let initial = patch.get("given_name").and_then(Value::as_text).and_then(|name| name.chars().next());
                add(&mut patch, "given_name", initial.map_or(Value::Missing, |c| Value::text(format!("{c}."))));
            }
            _ => {}
        }
        let keeps_email = dice.percent(60);
        let keeps_phone = dice.percent(if keeps_email { 40 } else { 85 });
        for (field, keeps) in [
            ("emails", keeps_email),
            ("phones", keeps_phone),
            ("company", dice.percent(75)),
            ("job_title", dice.percent(50)),
            ("tags", false),
            ("links", false),
            ("birthday", false),
            ("middle_name", false),
            ("lifecycle", dice.percent(50)),
        ] {
            if !keeps {
                patch.remove(field);
            }
        }
        add(&mut patch, "source", Value::text(dice.word(&SOURCES)));
        patch
    }
}

fn retype(patch: &mut Patch, field: &str, dice: &mut Dice) {
    if let Some(name) = patch.get(field).and_then(Value::as_text) {
        let name = mistyped(name, dice);
        add(patch, field, Value::text(name));
    }
}

impl Person {
    fn salutation(&self, dice: &mut Dice) -> &'static str {
        if dice.percent(4) {
            return if dice.percent(20) { "Prof. Dr." } else { "Dr." };
        }
        match (self.land.country.language, self.is_woman) {
            _ if dice.percent(30) => "",
            ("de", true) => "Frau",
            ("de", false) => "Herr",
            ("fr", true) => "Mme",
            ("fr", false) => "M.",
            ("en", true) => "Ms",
            ("en", false) => "Mr",
            ("es", true) => "Sra.",
            ("es", false) => "Sr.",
            ("it", true) => "Sig.ra",
            ("it", false) => "Sig.",
            _ => "",
        }
    }

    fn emails(&self, company: &Company, dice: &mut Dice) -> Vec<(String, &'static str)> {
        let (given, family) = (self.given_latin, self.family_latin);
        let mut emails = Vec::with_capacity(2);
        if self.works && !dice.percent(6) {
            let local = match company.email_form {
                0 | 1 => format!("{given}.{family}"),
                2 => format!("{family}.{given}"),
                _ => format!("{given}{family}"),
            };
            emails.push((format!("{local}@{}", company.domain), "work"));
        }
        if !self.works || dice.percent(12) {
            let mailbox = dice.word(&MAILBOXES);
            emails.push((format!("{given}.{family}{}@{mailbox}", 10 + self.index % 9_990), "private"));
        }
        emails
    }

    fn phones(&self, company: &Company, dice: &mut Dice) -> Vec<(String, &'static str)> {
        let mut phones = Vec::with_capacity(2);
        if self.works && dice.percent(60) {
            phones.push((dice.digits(company.city.landline), "work"));
        }
        if !self.works || dice.percent(45) {
            let pattern = dice.word(self.land.country.mobile);
            phones.push((dice.digits(pattern), "mobile"));
        }
        phones
    }

    /// The first of a company leads it, the next ones its departments.
    fn job(&self, dice: &mut Dice) -> (&'static str, &'static str) {
        let at = match self.slot {
            0 => 0,
            1..4 => 1 + dice.index(8),
            _ => 8 + dice.index(JOBS.len() - 8),
        };
        let (title, department, german_title, german_department) = JOBS.get(at).copied().unwrap_or_default();
        if self.land.is_german() { (german_title, german_department) } else { (title, department) }
    }

    fn home(&self, company: &Company, dice: &mut Dice) -> Value {
        let street = street_of(dice, self.land);
        let postal_code = dice.digits(company.city.postal_code);
        address(&street, company.city, &postal_code, self.land.country.code)
    }
}

fn lifecycle(dice: &mut Dice) -> &'static str {
    match dice.below(100) {
        0..15 => "subscriber",
        15..45 => "lead",
        45..65 => "prospect",
        65..90 => "customer",
        90..94 => "advocate",
        _ => "former",
    }
}

fn channel(dice: &mut Dice) -> &'static str {
    match dice.below(100) {
        0..30 => "email",
        30..42 => "phone",
        42..44 => "letter",
        44..46 => "chat",
        _ => "",
    }
}

fn birthday(dice: &mut Dice) -> Value {
    let year = i16::try_from(dice.between(1948, 2004)).unwrap_or(1980);
    let month = i8::try_from(dice.between(1, 12)).unwrap_or(1);
    let day = i8::try_from(dice.between(1, 28)).unwrap_or(1);
    Date::new(year, month, day).map_or(Value::Missing, Value::Date)
}

fn tags(dice: &mut Dice) -> Value {
    let first = dice.word(&TAGS);
    let second = dice.word(&TAGS);
    let list = if first == second || dice.percent(60) { json!([first]) } else { json!([first, second]) };
    Value::json(Json::clone(&list))
}
