//! Companies of the demo.

use jiff::civil::Date;
use model::{Patch, SCALE, Value};
use serde_json::json;

use super::Demo;
use super::country::City;
use super::dice::{Dice, Stream};
use super::latin::slug;
use super::lists::{Land, land_at};
use super::record::{add, address, contact_list, owner};
use super::words::{FAMILY_ENDINGS, INDUSTRIES, Industry, ROOTS};

/// What its people need to know of a company.
pub(super) struct Company {
    pub(super) index: u64,
    pub(super) name: String,
    pub(super) domain: String,
    pub(super) land: &'static Land,
    pub(super) city: &'static City,
    pub(super) street: String,
    pub(super) postal_code: String,
    /// Where the row of family names of its people begins.
    pub(super) families_from: u64,
    /// How e-mail addresses are formed.
    pub(super) email_form: u64,
    industry: &'static Industry,
    root: String,
}

impl Demo {
    /// The company of an index, without what only its record says.
    pub(super) fn sketch_company(&self, index: u64) -> (Company, Dice) {
        let mut dice = self.seed.dice(Stream::Company, index);
        let land = land_at(dice.below(100));
        let industry = dice.pick(&INDUSTRIES).unwrap_or(&INDUSTRIES[0]);
        let city = land.city(dice.index(1_000));
        let (root, name) = name_of(&mut dice, land, industry, city);
        let domain = domain_of(index, &slug(&root, '-'), &slug(word_of(land, industry), '-'));
        let street = street_of(&mut dice, land);
        let postal_code = dice.digits(city.postal_code);
        let company = Company {
            index,
            name,
            domain,
            land,
            city,
            street,
            postal_code,
            families_from: dice.below(10_000),
            email_form: dice.below(4),
            industry,
            root,
        };
        (company, dice)
    }

    /// The record of one company.
    pub fn company(&self, index: u64) -> Patch {
        let (company, mut dice) = self.sketch_company(index);
        let country = company.land.country;
        let mut patch = Patch::new();
        patch.insert("id".to_owned(), Value::Id(self.company_id(index)));
        add(&mut patch, "kind", Value::text(kind_of(&mut dice)));
        add(&mut patch, "industry", Value::text(company.industry.label));
        add(&mut patch, "domains", Value::json(json!([company.domain])));
        add(&mut patch, "emails", contact_list(&[(format!("info@{}", company.domain), "office")]));
        let landline = dice.digits(company.city.landline);
        add(&mut patch, "phones", contact_list(&[(landline, "office")]));
        add(&mut patch, "links", contact_list(&[(format!("https://www.{}", company.domain), "website")]));
        add(&mut patch, "billing_address", company.address());
        let employees = 1 + company.industry.employees * dice.below(400) * dice.below(400) / 40_000;
        add(&mut patch, "employees", Value::Int(i64::try_from(employees).unwrap_or(1)));
        if dice.percent(70) {
            let per_head = dice.between(60, 240) * 1_000;
            let revenue = i64::try_from(employees).unwrap_or(1) * per_head * rate(country.currency);
            let money = Value::Money { amount: revenue * SCALE, currency: country.currency.to_owned(), base: None };
            add(&mut patch, "annual_revenue", money);
        }
        if dice.percent(60) {
            let founded = Date::new(i16::try_from(dice.between(1890, 2023)).unwrap_or(1990), 1, 1);
            add(&mut patch, "founded_on", founded.map_or(Value::Missing, Value::Date));
        }
        if dice.percent(50) {
            add(&mut patch, "tax_id", Value::text(dice.digits(country.tax_id)));
        }
        add(&mut patch, "currency", Value::text(country.currency));
        add(&mut patch, "language", Value::text(country.language));
        add(&mut patch, "time_zone", Value::text(country.time_zone));
        add(&mut patch, "payment_terms", Value::text(terms_of(&mut dice, company.land.is_german())));
        if dice.percent(40) {
            add(&mut patch, "source", Value::text(dice.word(&super::words::SOURCES)));
        }
        if dice.percent(35) {
            let does = if company.land.is_german() { company.industry.does_german } else { company.industry.does };
            add(&mut patch, "description", Value::text(does));
        }
        // Only companies of earlier portions are there already.
        let earlier = index / super::PORTION_COMPANIES * super::PORTION_COMPANIES;
        if earlier > 0 && dice.percent(3) {
            add(&mut patch, "parent", Value::Id(self.company_id(dice.below(earlier))));
        }
        add(&mut patch, "owner", owner(&mut dice, &self.users));
        add(&mut patch, "name", Value::text(company.name));
        patch
    }
}

impl Company {
    pub(super) fn address(&self) -> Value {
        address(&self.street, self.city, &self.postal_code, self.land.country.code)
    }

    /// Short form, as people say it.
    pub(super) fn short_name(&self) -> &str {
        &self.root
    }
}

/// The short name and the full one.
fn name_of(dice: &mut Dice, land: &Land, industry: &Industry, city: &City) -> (String, String) {
    let legal = dice.word(land.country.legal_forms);
    let word = word_of(land, industry);
    let family = dice.pick(&land.families);
    let (ending, german_ending) = dice.pick(&FAMILY_ENDINGS).copied().unwrap_or_default();
    let ending = if land.is_german() { german_ending } else { ending };
    let is_asian = matches!(land.country.code, "JP" | "CN");
    match (dice.below(10), family) {
        (_, Some(family)) if is_asian => {
            let root = dice.word(&ROOTS).to_owned();
            let written = family.written;
            (root, format!("{written}{word} {legal}"))
        }
        (0..=1, Some(family)) => {
            let (before, after) = if ending.ends_with('r') { (ending, "") } else { ("", ending) };
            let root = format!("{before} {} {after}", family.written).trim().to_owned();
            (root.clone(), format!("{root} {legal}"))
        }
        (2, Some(family)) => (family.written.to_owned(), format!("{} {word} {legal}", family.written)),
        (3, _) => {
            let root = format!("{word} {}", city.name);
            (root.clone(), format!("{root} {legal}"))
        }
        _ => {
            let root = dice.word(&ROOTS);
            (root.to_owned(), format!("{root} {word} {legal}"))
        }
    }
}

/// Later companies get a mark, so that no two share a domain.
fn domain_of(index: u64, root: &str, word: &str) -> String {
    let name = if root.contains(word) { root.to_owned() } else { format!("{root}-{word}") };
    match index {
        0..100 => format!("{name}.example"),
        _ => format!("{name}-{}.example", base36(index)),
    }
}

fn word_of(land: &Land, industry: &Industry) -> &'static str {
    if land.is_german() {
        industry.german
    } else if land.is_romance() {
        industry.romance
    } else {
        industry.english
    }
}

fn kind_of(dice: &mut Dice) -> &'static str {
    match dice.below(100) {
        0..48 => "prospect",
        48..78 => "customer",
        78..85 => "partner",
        85..93 => "supplier",
        93..96 => "competitor",
        _ => "former",
    }
}

fn terms_of(dice: &mut Dice, german: bool) -> &'static str {
    match (dice.below(4), german) {
        (0, true) => "14 Tage netto",
        (1, true) => "30 Tage netto, 2 % Skonto bei 10 Tagen",
        (2, true) => "60 Tage netto",
        (0, false) => "14 days net",
        (1, false) => "30 days net, 2 % discount within 10 days",
        (2, false) => "60 days net",
        _ => "",
    }
}

/// Rough worth of a euro, so that revenues look alike in all currencies.
fn rate(currency: &str) -> i64 {
    match currency {
        "SEK" => 11,
        "PLN" => 4,
        "TRY" => 40,
        "BRL" => 6,
        "JPY" => 160,
        "CNY" => 8,
        _ => 1,
    }
}

pub(super) fn street_of(dice: &mut Dice, land: &Land) -> String {
    let street = dice.word(&land.streets);
    let number = 1 + dice.below(180) * dice.below(180) / 180;
    match land.country.code {
        "US" => format!("{} {street}", number * 10 + dice.below(10)),
        "JP" => format!("{street}{}-{}-{}", 1 + number % 9, 1 + number % 20, 1 + number % 30),
        "CN" => format!("{street}{number}号"),
        "BR" | "ES" | "IT" => format!("{street}, {number}"),
        _ if land.country.number_first => format!("{number} {street}"),
        _ => format!("{street} {number}"),
    }
}

fn base36(mut number: u64) -> String {
    let mut digits = Vec::new();
    while number > 0 {
        digits.push(char::from_digit(u32::try_from(number % 36).unwrap_or(0), 36).unwrap_or('0'));
        number /= 36;
    }
    digits.iter().rev().collect()
}
