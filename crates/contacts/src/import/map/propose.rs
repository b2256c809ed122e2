//! The proposal: for every column a target, or what could be done with it instead.

use std::collections::HashMap;

use model::kinds::country::find_country;
use model::kinds::{self, Context};
use model::{Kind, Object, Schema};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::super::guard::unguard;
use super::super::read::{Columns, Format, Row};
use super::content::{Content, are_options, content_of};
use super::sources::{Source, detect};
use super::{ColumnMapping, Reason, Related, Target, is_writable, names, places, related};

/// A field that could be made for a column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FieldSuggestion {
    /// `snake_case` name.
    pub name: String,
    /// What people read.
    pub label: String,
    /// What it would hold.
    pub kind: Kind,
    /// Options of a select.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<String>,
}

/// One column and what is proposed for it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ColumnProposal {
    /// Its name in the file.
    pub name: String,
    /// A few of its values.
    pub samples: Vec<String>,
    /// Where it goes.
    pub mapping: ColumnMapping,
    /// A field that could be made when it goes nowhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suggestion: Option<FieldSuggestion>,
}

/// What is proposed for a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Proposal {
    /// The system it came from.
    pub source: Option<Source>,
    /// Its columns.
    pub columns: Vec<ColumnProposal>,
}

impl Proposal {
    /// Takes back the mapping of columns to users of whom less than half is known: the colleagues of another system.
    pub fn drop_unknown_users(&mut self, object: &Object, rows: &[Row], is_known: impl Fn(&str) -> bool) {
        for (at, column) in self.columns.iter_mut().enumerate() {
            let field = column.mapping.target.as_ref().filter(|target| target.object == object.name);
            let field = field.and_then(|target| object.find_field(&target.field));
            if field.is_none_or(|field| field.kind != Kind::User) {
                continue;
            }
            let names = || rows.iter().map(|row| row.cell(at).trim()).filter(|name| !name.is_empty());
            if names().filter(|name| is_known(name)).count() * 2 < names().count() {
                column.mapping = ColumnMapping::unmapped();
            }
        }
    }
}

const SAMPLES_SHOWN: usize = 5;
const SAMPLE_CHARS: usize = 120;
/// Values a column is judged by.
const FIT_VALUES: usize = 40;

struct Table<'a> {
    object: &'a Object,
    related: Vec<Related<'a>>,
    source: Option<Source>,
    columns: &'a Columns,
    rows: &'a [Row],
}

/// One column's candidate before columns compete for a field.
struct Candidate {
    mapping: ColumnMapping,
    joined: bool,
}

/// Proposes a mapping from the names of the columns and their first rows.
pub fn propose(schema: &Schema, object: &Object, format: Format, columns: &Columns, rows: &[Row]) -> Proposal {
    let source = detect(format, &columns.names);
    let table = Table { object, related: related(schema, object), source, columns, rows };
    let mut candidates: Vec<Candidate> = (0..columns.names.len()).map(|at| table.candidate(at)).collect();
    if source != Some(Source::Vcard) {
        for (at, candidate) in candidates.iter_mut().enumerate() {
            if candidate.mapping.target.as_ref().is_some_and(|target| !table.fits(at, target)) {
                candidate.mapping = ColumnMapping::unmapped();
            }
        }
    }
    table.pair_labels(&mut candidates);
    table.settle(&mut candidates);
    if source == Some(Source::Vcard) {
        table.describe_rest(&mut candidates);
    }
    let proposals = columns.names.iter().zip(candidates).enumerate().map(|(at, (name, candidate))| ColumnProposal {
        name: name.clone(),
        samples: table.samples(at),
        suggestion: candidate.mapping.target.is_none().then(|| table.suggestion(at)).flatten(),
        mapping: candidate.mapping,
    });
    Proposal { source, columns: proposals.collect() }
}

impl<'a> Table<'a> {
    fn header(&self, at: usize) -> &'a str {
        self.columns.names.get(at).map_or("", String::as_str)
    }

    fn values(&self, at: usize) -> impl Iterator<Item = &'a str> {
        self.rows.iter().map(move |row| row.cell(at))
    }

    fn samples(&self, at: usize) -> Vec<String> {
        let mut samples: Vec<String> = Vec::new();
        for value in self.values(at).map(str::trim).filter(|value| !value.is_empty()) {
            let short: String = value.chars().take(SAMPLE_CHARS).collect();
            if !samples.contains(&short) {
                samples.push(short);
            }
            if samples.len() == SAMPLES_SHOWN {
                break;
            }
        }
        samples
    }

    fn source_name(&self) -> &'static str {
        self.source.map_or("import", Source::name)
    }

    fn candidate(&self, at: usize) -> Candidate {
        let header = self.header(at);
        let plain = |mapping| Candidate { mapping, joined: false };
        // An export of this program names its records themselves.
        let ids = || self.values(at).map(str::trim).filter(|value| !value.is_empty()).take(FIT_VALUES);
        if header.eq_ignore_ascii_case("id") && ids().next().is_some() && ids().all(|id| Uuid::parse_str(id).is_ok()) {
            return plain(ColumnMapping::to(Target::field(&self.object.name, "id"), 1.0, Reason::Name));
        }
        if let Some(place) = self.source.and_then(|source| source.place(header)) {
            if place.is_empty() {
                return plain(ColumnMapping::unmapped());
            }
            if let Some(target) = self.resolve(place) {
                let joined =
                    names::find(header).is_some_and(|hit| places::is_joined(hit.concept)) || header.ends_with('2');
                return Candidate { mapping: ColumnMapping::to(target, 1.0, Reason::Source), joined };
            }
        }
        if let Some(numbered) = self.numbered(header) {
            return plain(numbered);
        }
        if self.source == Some(Source::Vcard)
            && let Some(target) = self.card_place(header)
        {
            return plain(ColumnMapping::to(target, 1.0, Reason::Source));
        }
        if let Some(target) = self.own_field(header) {
            return plain(ColumnMapping::to(target, 1.0, Reason::Name));
        }
        if let Some((other, rest)) = places::related_header(&self.related, header)
            && let Some(target) = self.related_place(other.object, &rest)
        {
            return plain(ColumnMapping::to(target, 0.9, Reason::Name));
        }
        if let Some(hit) = names::find(header)
            && let Some(target) = places::place(self.object, &self.related, &hit, self.source_name())
        {
            let target = self.by_country(at, hit.concept, target);
            let mapping = ColumnMapping::to(target, hit.confidence, Reason::Name);
            return Candidate { mapping, joined: places::is_joined(hit.concept) };
        }
        plain(self.by_content(at))
    }

    /// The place in a record beside the row's own that the rest of a header names. What a company is called has words of its own.
    fn related_place(&self, object: &Object, rest: &str) -> Option<Target> {
        if is_title_word(rest) {
            return (object.name != "company").then(|| Target::field(&object.name, &object.title));
        }
        places::by_field_name(object, rest)
            .or_else(|| names::find(rest).and_then(|hit| places::place_in(object, &hit, self.source_name())))
    }

    /// A field of the row's object by its name or label. Where it leads to a record that rows can fill as well, the
    /// name of that record is meant.
    fn own_field(&self, header: &str) -> Option<Target> {
        if let Some((name, part)) = header.split_once(" - ")
            && let Some(target) = places::by_field_name(self.object, name)
            && let Some(hit) = names::find(part)
            && let Some(place) = places::place_in(self.object, &hit, self.source_name())
            && self.kind_of(&target) == Some(Kind::Address)
        {
            return Some(Target { part: place.part, ..target });
        }
        // What a thing is called often stands in a column that says what it is.
        let is_title = !places::splits_names(self.object)
            && [&self.object.label, &self.object.label_plural]
                .map(|label| names::normalize(label))
                .contains(&names::normalize(header));
        let title = || self.object.find_field(&self.object.title).filter(|field| is_title && is_writable(field));
        let titled = || title().map(|field| Target::field(&self.object.name, &field.name));
        let target = places::by_field_name(self.object, header).or_else(titled)?;
        match self.kind_of(&target) {
            Some(Kind::Reference) => {
                let company = self.related.iter().find(|related| related.field.name == target.field);
                Some(company.map_or(target, |company| Target::field(&company.object.name, &company.object.title)))
            }
            Some(Kind::Address) => {
                let has_city =
                    self.columns.names.iter().any(|name| names::find(name).is_some_and(|hit| hit.concept == "city"));
                Some(if has_city { target.part("street") } else { target })
            }
            _ => Some(target),
        }
    }

    /// Properties of cards that carry a label: `Phone (work fax, preferred) 2`.
    fn card_place(&self, header: &str) -> Option<Target> {
        let (name, label) = match header.split_once(" (") {
            Some((name, rest)) => (name, rest.rsplit_once(')')?.0),
            None => (header.trim_end_matches(|c: char| c.is_ascii_digit() || c == ' '), ""),
        };
        let concept = match name {
            "E-mail" => "email",
            "Phone" => "phone",
            "Website" => "website",
            "Street" | "City" | "Region" | "Postal code" | "Country" => names::find(name)?.concept,
            _ => return None,
        };
        let label = match label {
            "homefax" => "home fax",
            "workfax" => "work fax",
            "home2" => "home",
            "work2" => "work",
            label => label,
        };
        let hit = names::Hit { concept, label: None, confidence: 1.0 };
        let target = places::place(self.object, &self.related, &hit, self.source_name())?;
        Some(if target.part.is_some() { target } else { target.labelled(Some(label)) })
    }

    fn find_target_object(&self, name: &str) -> Option<&'a Object> {
        let related = self.related.iter().find(|related| related.object.name == name).map(|related| related.object);
        if self.object.name == name { Some(self.object) } else { related }
    }

    fn kind_of(&self, target: &Target) -> Option<Kind> {
        Some(self.find_target_object(&target.object)?.find_field(&target.field)?.kind)
    }

    /// Whether at least half of a column's values can be read by the field it shall fill.
    fn fits(&self, at: usize, target: &Target) -> bool {
        let Some(field) = self.find_target_object(&target.object).and_then(|object| object.find_field(&target.field))
        else {
            return true;
        };
        let part = match (field.kind, target.part.as_deref()) {
            (Kind::Address, Some("country")) => true,
            (Kind::Address | Kind::Date | Kind::Json, Some(_)) | (Kind::Reference | Kind::User, _) => return true,
            _ => false,
        };
        // Which currency it is does not matter here.
        let context = Context { default_currency: "EUR".to_owned(), ..Context::default() };
        let values: Vec<&str> =
            self.values(at).map(str::trim).filter(|value| !value.is_empty()).take(FIT_VALUES).collect();
        let fit = |value: &&&str| {
            if part { find_country(value).is_some() } else { kinds::from_text(field, unguard(value), &context).is_ok() }
        };
        values.iter().filter(fit).count() * 2 >= values.len()
    }

    /// A place written relative to the row's object, if the fields are there.
    fn resolve(&self, place: &str) -> Option<Target> {
        let first = place.split(['.', '[']).next().unwrap_or_default();
        let own_field =
            self.object.find_field(first).is_some() || (first == "name" && places::splits_names(self.object));
        let target = if own_field && (first != "company" || !place.contains('.')) {
            Target::parse(&format!("{}.{place}", self.object.name))?
        } else {
            Target::parse(place).or_else(|| Target::parse(&format!("{}.{place}", self.object.name)))?
        };
        let (object, target) = if target.object == self.object.name {
            (self.object, target)
        } else {
            (self.related.iter().find(|related| related.object.name == target.object)?.object, target)
        };
        let found = object.find_field(&target.field).is_some_and(is_writable);
        let title = target.field == "name" && !found;
        if title && (places::splits_names(object) || object.title != "name") {
            let field = if places::splits_names(object) { "name" } else { object.title.as_str() };
            return Some(Target { field: field.to_owned(), ..target });
        }
        found.then_some(target)
    }

    /// Google's numbered groups: `E-mail 1 - Value`, `Address 2 - City`.
    fn numbered(&self, header: &str) -> Option<ColumnMapping> {
        let (group, part) = header.split_once(" - ")?;
        let (name, number) = group.rsplit_once(' ')?;
        number.parse::<u32>().ok()?;
        let part = names::normalize(part);
        let hit = match (names::normalize(name).as_str(), part.as_str()) {
            (_, "type" | "label") => return Some(ColumnMapping { reason: Reason::Label, ..ColumnMapping::unmapped() }),
            ("address", "formatted") => return Some(ColumnMapping::unmapped()),
            ("address", _) => names::find(&part)?,
            (name, "value") => names::find(name)?,
            _ => return None,
        };
        let target = places::place(self.object, &self.related, &hit, self.source_name())?;
        Some(ColumnMapping::to(target, 1.0, Reason::Source))
    }

    /// A location that names countries only is a country.
    fn by_country(&self, at: usize, concept: &str, target: Target) -> Target {
        if concept == "location" && content_of(self.values(at)) == Some(Content::Country) {
            return target.part("country");
        }
        target
    }

    fn by_content(&self, at: usize) -> ColumnMapping {
        let Some(content) = content_of(self.values(at)) else {
            return ColumnMapping::unmapped();
        };
        let select = self.object.fields.iter().find(|field| {
            field.kind == Kind::Select
                && is_writable(field)
                && !field.options.is_empty()
                && are_options(field, self.values(at))
        });
        if let Some(field) = select {
            return ColumnMapping::to(Target::field(&self.object.name, &field.name), 0.7, Reason::Content);
        }
        let concept = match content {
            Content::Email => "email",
            Content::Phone => "phone",
            Content::Url => "website",
            Content::Domain => "domain",
            Content::Country => "country",
            _ => return ColumnMapping::unmapped(),
        };
        let hit = names::Hit { concept, label: None, confidence: 0.7 };
        match places::place(self.object, &self.related, &hit, self.source_name()) {
            Some(target) => ColumnMapping::to(target, 0.7, Reason::Content),
            None => ColumnMapping::unmapped(),
        }
    }

    /// `E-mail 1 - Type` labels `E-mail 1 - Value`.
    fn pair_labels(&self, candidates: &mut [Candidate]) {
        for at in 0..candidates.len() {
            let Some((group, part)) = self.header(at).split_once(" - ") else {
                continue;
            };
            if !matches!(names::normalize(part).as_str(), "type" | "label") {
                continue;
            }
            for (other, candidate) in candidates.iter_mut().enumerate() {
                let same = self
                    .header(other)
                    .split_once(" - ")
                    .is_some_and(|(name, part)| name == group && names::normalize(part) == "value");
                if same && candidate.mapping.target.is_some() {
                    candidate.mapping.label_column = Some(self.header(at).to_owned());
                }
            }
        }
    }

    /// Columns that want the same single place: the surest wins, the first of equals.
    fn settle(&self, candidates: &mut [Candidate]) {
        let mut order: Vec<usize> = (0..candidates.len()).collect();
        let confidence = |at: usize| candidates.get(at).map_or(0.0, |candidate| candidate.mapping.confidence);
        order.sort_by(|a, b| confidence(*b).total_cmp(&confidence(*a)).then(a.cmp(b)));
        // Places that are taken, and which of several addresses an address field holds.
        let mut taken: HashMap<String, String> = HashMap::new();
        for at in order {
            let Some(candidate) = candidates.get_mut(at) else {
                continue;
            };
            let Some(target) = candidate.mapping.target.clone() else {
                continue;
            };
            if self.takes_many(&target) {
                continue;
            }
            // A city of a second address must not join the street of the first.
            let group = address_group(self.header(at), &target);
            let key = target.to_string();
            let alone = candidate.joined || !taken.contains_key(&key);
            let free = alone
                && group.as_ref().is_none_or(|(field, group)| taken.get(field).is_none_or(|first| first == group));
            if let (false, Some((_, group))) = (free, &group)
                && let Some(other) = self.other_address(&target, group, &taken)
            {
                taken.insert(other.to_string(), String::new());
                taken.entry(format!("{}.{}", other.object, other.field)).or_insert_with(|| group.clone());
                candidate.mapping.target = Some(other);
            } else if free {
                taken.insert(key, String::new());
                if let Some((field, group)) = group {
                    taken.entry(field).or_insert(group);
                }
            } else {
                candidate.mapping = self.to_notes(at);
            }
        }
    }

    /// Another address field of the same object for a second address.
    fn other_address(&self, target: &Target, group: &str, taken: &HashMap<String, String>) -> Option<Target> {
        let object = self.find_target_object(&target.object)?;
        places::address_fields(object).map(|field| Target { field: field.name.clone(), ..target.clone() }).find(
            |other| {
                let same = taken.get(&format!("{}.{}", other.object, other.field));
                let part_is_free = !taken.contains_key(&other.to_string()) || target.part.as_deref() == Some("street");
                same.map_or(!other.field.contains("shipping"), |known| known == group) && part_is_free
            },
        )
    }

    fn takes_many(&self, target: &Target) -> bool {
        match self.kind_of(target) {
            Some(Kind::Emails | Kind::Phones | Kind::Links | Kind::MultiSelect | Kind::References) => true,
            Some(Kind::LongText) => target.label.is_some(),
            _ => false,
        }
    }

    /// A second address, a second note: kept in the description under the column's name, unless another column says the
    /// same.
    fn to_notes(&self, at: usize) -> ColumnMapping {
        let repeats = |other: &usize| *other != at && self.values(*other).eq(self.values(at));
        if (0..self.columns.names.len()).any(|other| repeats(&other)) {
            return ColumnMapping::unmapped();
        }
        match places::note_field(self.object) {
            Some(field) if self.values(at).any(|value| !value.trim().is_empty()) => {
                let target =
                    Target { label: Some(self.header(at).to_owned()), ..Target::field(&self.object.name, &field.name) };
                ColumnMapping::to(target, 0.5, Reason::Name)
            }
            _ => ColumnMapping::unmapped(),
        }
    }

    /// Cards keep everything: what has no field goes into the description.
    fn describe_rest(&self, candidates: &mut [Candidate]) {
        for (at, candidate) in candidates.iter_mut().enumerate() {
            let binary = self.values(at).any(|value| value.starts_with("data:"));
            if candidate.mapping.target.is_none() && !binary {
                candidate.mapping = self.to_notes(at);
            }
        }
    }

    fn suggestion(&self, at: usize) -> Option<FieldSuggestion> {
        let content = content_of(self.values(at))?;
        let mut options: Vec<String> = Vec::new();
        if content == Content::Choice {
            for value in self.values(at).map(str::trim).filter(|value| !value.is_empty()) {
                if !options.iter().any(|known| known == value) {
                    options.push(value.to_owned());
                }
            }
        }
        Some(FieldSuggestion {
            name: field_name(self.header(at)),
            label: self.header(at).to_owned(),
            kind: content.kind(),
            options,
        })
    }
}

/// Words after which a related object's header means its title.
fn is_title_word(rest: &str) -> bool {
    matches!(rest, "name" | "names" | "title")
}

/// Which of several addresses a column belongs to: all of its header but the part.
fn address_group(header: &str, target: &Target) -> Option<(String, String)> {
    let part = target.part.as_deref()?;
    if !["street", "city", "region", "postal_code", "country"].contains(&part) {
        return None;
    }
    let label = names::find(header).and_then(|hit| hit.label).unwrap_or_default();
    let number: String = header.chars().filter(char::is_ascii_digit).collect();
    let google = header.split_once(" - ").map(|(group, _)| group.to_owned());
    let group =
        google.unwrap_or_else(|| if header.contains('(') { format!("{label}{number}") } else { label.to_owned() });
    Some((format!("{}.{}", target.object, target.field), group))
}

/// A `snake_case` field name for a header.
fn field_name(header: &str) -> String {
    let words: Vec<String> = names::normalize(header)
        .split(' ')
        .map(|word| word.chars().filter(char::is_ascii_alphanumeric).collect::<String>())
        .filter(|word| !word.is_empty())
        .collect();
    let mut name = words.join("_");
    name.truncate(40);
    if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) {
        name.insert_str(0, "field_");
        name.truncate(40);
    }
    name.trim_end_matches('_').to_owned()
}
