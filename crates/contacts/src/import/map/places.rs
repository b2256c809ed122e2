//! From what a column is called to the field that holds it, in any object.

use model::{Field, Kind, Object};

use super::names::{Hit, normalize};
use super::units::same_but_for_units;
use super::{Related, Target, is_writable};

/// Fields that a concept may be called, best first; the concept's own name comes before them.
const FIELDS: &[(&str, &[&str])] = &[
    ("title", &["name", "subject"]),
    ("note", &["description", "notes", "body", "bio", "about", "comment"]),
    ("middle_name", &["given_name"]),
    ("name_suffix", &["family_name"]),
    ("salutation", &["title"]),
    ("job_title", &["position"]),
    ("registration_no", &["registration_number"]),
    ("tax_id", &["vat_id"]),
    ("industry", &["sector"]),
    ("domain", &["domains", "links"]),
    ("owner", &["assignee"]),
    ("assignee", &["owner"]),
    ("due_at", &["due", "due_date"]),
    ("source", &["lead_source"]),
    ("location", &[]),
];
const ADDRESS_CONCEPTS: &[(&str, &str)] = &[
    ("street", "street"),
    ("street2", "street"),
    ("po_box", "street"),
    ("city", "city"),
    ("region", "region"),
    ("postal_code", "postal_code"),
    ("country", "country"),
    ("location", "city"),
];
/// Concepts that say something about a person and never about the company beside it.
const PERSONAL: &[&str] = &[
    "full_name",
    "given_name",
    "middle_name",
    "family_name",
    "salutation",
    "name_suffix",
    "nickname",
    "email",
    "phone",
    "mobile",
    "fax",
    "pager",
    "job_title",
    "department",
    "birthday",
    "birth_year",
    "birth_month",
    "birth_day",
    "gender",
    "note",
    "tags",
    "owner",
    "source",
    "lifecycle",
    "id",
    "title",
    "status",
    "language",
    "time_zone",
    "due_at",
    "priority",
    "created_at",
];

/// Concepts that may share a text field with another column, joined to it.
pub fn is_joined(concept: &str) -> bool {
    matches!(concept, "middle_name" | "name_suffix" | "street2" | "po_box")
}

fn writable<'a>(object: &'a Object, name: &str) -> Option<&'a Field> {
    object.find_field(name).filter(|field| is_writable(field))
}

fn first_of(object: &Object, kind: Kind) -> Option<&Field> {
    object.fields.iter().find(|field| field.kind == kind && is_writable(field))
}

/// Whether an object keeps given and family names, so that a full name has to be taken apart.
pub fn splits_names(object: &Object) -> bool {
    writable(object, "given_name").is_some() && writable(object, "family_name").is_some()
}

/// The field that a header names outright: its name or its label.
pub fn by_field_name(object: &Object, header: &str) -> Option<Target> {
    let wanted = normalize(header);
    let writable = || object.fields.iter().filter(|field| is_writable(field));
    let same = |field: &&Field| normalize(&field.name) == wanted || normalize(&field.label) == wanted;
    let field = writable().find(same).or_else(|| {
        let mut alike = writable().filter(|field| same_but_for_units(field, header));
        // Where two differ in their units alone, the heading says nothing.
        alike.next().filter(|_| alike.next().is_none())
    })?;
    if field.kind == Kind::Json && field.system {
        return None;
    }
    Some(Target::field(&object.name, &field.name))
}

/// The place of a concept in the row's own object, or in one that it refers to.
pub fn place(object: &Object, related: &[Related<'_>], hit: &Hit, source: &str) -> Option<Target> {
    if hit.concept == "company" && object.name != "company" {
        return company_place(object, related);
    }
    if let Some(target) = place_in(object, hit, source) {
        return Some(target);
    }
    if PERSONAL.contains(&hit.concept) {
        return None;
    }
    let is_address = ADDRESS_CONCEPTS.iter().any(|(concept, _)| *concept == hit.concept);
    if is_address && first_of(object, Kind::Address).is_some() {
        return None;
    }
    // A city is that of the company beside a person; beside a boat or a house it need not be that of its owner.
    related.iter().filter(|related| related.object.name == "company").find_map(|one| place_in(one.object, hit, source))
}

fn company_place(object: &Object, related: &[Related<'_>]) -> Option<Target> {
    let found = related.iter().find(|related| related.object.name == "company");
    match found {
        Some(company) => Some(Target::field("company", &company.object.title)),
        None => writable(object, "company").map(|field| Target::field(&object.name, &field.name)),
    }
}

/// The place of a concept in one object.
pub fn place_in(object: &Object, hit: &Hit, source: &str) -> Option<Target> {
    let at = |field: &Field| Target::field(&object.name, &field.name);
    let label = hit.label;
    match hit.concept {
        "id" => {
            let field = writable(object, "external_ids")?;
            Some(at(field).part(source))
        }
        "full_name" if splits_names(object) => Some(Target::field(&object.name, "name")),
        "full_name" => writable(object, &object.title).map(at),
        "company" => (object.name == "company").then(|| Target::field("company", &object.title)),
        "email" => first_of(object, Kind::Emails).map(|field| at(field).labelled(label)),
        "phone" => first_of(object, Kind::Phones).map(|field| at(field).labelled(label)),
        "fax" => first_of(object, Kind::Phones).map(|field| at(field).labelled(label.or(Some("fax")))),
        "mobile" | "pager" => first_of(object, Kind::Phones).map(|field| at(field).labelled(Some(hit.concept))),
        "website" => first_of(object, Kind::Links).map(|field| at(field).labelled(label)),
        "linkedin" => first_of(object, Kind::Links).map(|field| at(field).labelled(Some("linkedin"))),
        "birth_year" | "birth_month" | "birth_day" => {
            let part = hit.concept.trim_start_matches("birth_");
            writable(object, "birthday").map(|field| at(field).part(part))
        }
        concept => {
            if let Some((_, part)) = ADDRESS_CONCEPTS.iter().find(|(known, _)| *known == concept)
                && let Some(field) = address_field(object, label)
            {
                return Some(at(field).part(part));
            }
            if concept == "note" {
                return note_field(object).map(at);
            }
            named_field(object, concept).map(at)
        }
    }
}

fn named_field<'a>(object: &'a Object, concept: &str) -> Option<&'a Field> {
    let others = FIELDS.iter().find(|(known, _)| *known == concept).map(|(_, names)| *names).unwrap_or_default();
    std::iter::once(concept).chain(others.iter().copied()).find_map(|name| writable(object, name))
}

/// The address fields of an object that a row can write.
pub fn address_fields(object: &Object) -> impl Iterator<Item = &Field> {
    object.fields.iter().filter(|field| field.kind == Kind::Address && is_writable(field))
}

/// The address field that a label names (`billing_address`), else the first.
fn address_field<'a>(object: &'a Object, label: Option<&str>) -> Option<&'a Field> {
    let named = label.and_then(|label| address_fields(object).find(|field| field.name.starts_with(label)));
    named.or_else(|| address_fields(object).next())
}

/// Where texts go that have no field of their own.
pub fn note_field(object: &Object) -> Option<&Field> {
    let names = FIELDS.iter().find(|(known, _)| *known == "note").map(|(_, names)| *names).unwrap_or_default();
    let named = names.iter().filter_map(|name| writable(object, name)).find(|field| field.kind == Kind::LongText);
    named.or_else(|| first_of(object, Kind::LongText))
}

/// The rest of a header that begins with the name of a related object, or with what its reference is called: `Company Phone`,
/// `Organization - Address`, `Owner e-mail`.
pub fn related_header<'a, 'r>(related: &'r [Related<'a>], header: &str) -> Option<(&'r Related<'a>, String)> {
    const COMPANY_WORDS: [&str; 8] =
        ["company", "organization", "organisation", "account", "firma", "unternehmen", "empresa", "societe"];
    let header = normalize(header);
    related.iter().find_map(|related| {
        let own = [&related.field.label, &related.field.name, &related.object.label].map(|name| normalize(name));
        let words = COMPANY_WORDS.iter().filter(|_| related.object.name == "company");
        let mut names = own.iter().map(String::as_str).chain(words.copied());
        let rest = names.find_map(|name| header.strip_prefix(name)?.strip_prefix(' '))?;
        Some((related, rest.to_owned()))
    })
}
