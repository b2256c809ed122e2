//! vCard 4.0 (RFC 6350) of a person or a company.

use std::io::Write;

use model::{Kind, Object, Record, Value};
use serde_json::Value as Json;

use super::Titles;

/// Longest line in bytes before it is folded.
const LINE_BYTES_MAX: usize = 75;

pub(super) fn write(out: &mut impl Write, object: &Object, record: &Record, titles: &Titles) -> anyhow::Result<()> {
    let mut card = Card { lines: Vec::new() };
    let text = |field: &str| record.get(field).as_text().unwrap_or_default();
    let is_company = object.name == "company";
    card.push("BEGIN", "VCARD");
    card.push("VERSION", "4.0");
    card.push("UID", &format!("urn:uuid:{}", record.id));
    card.push("KIND", if is_company { "org" } else { "individual" });
    card.push("FN", &escaped(&full_name(object, record)));
    if is_company {
        card.push("ORG", &escaped(text(&object.title)));
    } else {
        let parts = [text("family_name"), text("given_name"), text("middle_name"), text("salutation"), ""].map(escaped);
        card.push("N", &parts.join(";"));
        let company =
            record.get("company").as_id().and_then(|id| titles.get(&id)).map(String::as_str).unwrap_or_default();
        let department = text("department");
        if !company.is_empty() || !department.is_empty() {
            let units = if department.is_empty() { String::new() } else { format!(";{}", escaped(department)) };
            card.push("ORG", &format!("{}{units}", escaped(company)));
        }
        card.push_text("TITLE", text("job_title"));
        card.push_text("NICKNAME", text("nickname"));
        if let Value::Date(day) = record.get("birthday") {
            card.push("BDAY", &day.to_string().replace('-', ""));
        }
    }
    for field in &object.fields {
        match (field.kind, record.get(&field.name)) {
            (Kind::Emails, Value::Json(list)) => card.push_list("EMAIL", list),
            (Kind::Phones, Value::Json(list)) => card.push_list("TEL", list),
            (Kind::Links, Value::Json(list)) => card.push_list("URL", list),
            (Kind::Address, Value::Json(address)) => card.push_address(&field.name, address),
            _ => {}
        }
    }
    card.push_text("NOTE", text("description"));
    if let Some(tags) = record.get("tags").as_json().and_then(Json::as_array) {
        let tags: Vec<String> = tags.iter().filter_map(Json::as_str).map(escaped).collect();
        card.push("CATEGORIES", &tags.join(","));
    }
    if let Value::Instant(at) = record.get("updated_at")
        && let Ok(at) = jiff::Timestamp::from_microsecond(*at)
    {
        card.push("REV", &at.strftime("%Y%m%dT%H%M%SZ").to_string());
    }
    card.push("END", "VCARD");
    for line in card.lines {
        write_folded(out, &line)?;
    }
    Ok(())
}

/// The formatted name, which every card must have.
fn full_name(object: &Object, record: &Record) -> String {
    let text = |field: &str| record.get(field).as_text().unwrap_or_default().to_owned();
    let title = text(&object.title);
    if !title.is_empty() {
        return title;
    }
    let joined = [text("salutation"), text("given_name"), text("family_name")].join(" ");
    let joined = joined.split_whitespace().collect::<Vec<_>>().join(" ");
    if !joined.is_empty() {
        return joined;
    }
    let mail = record.get("emails").as_json().and_then(|list| list.get(0)?.get("value")?.as_str());
    mail.unwrap_or("?").to_owned()
}

struct Card {
    lines: Vec<String>,
}

impl Card {
    /// A property, unless it has no value.
    fn push(&mut self, name: &str, value: &str) {
        if !value.is_empty() {
            self.lines.push(format!("{name}:{value}"));
        }
    }

    fn push_text(&mut self, name: &str, value: &str) {
        self.push(name, &escaped(value));
    }

    fn push_list(&mut self, name: &str, list: &Json) {
        for entry in list.as_array().into_iter().flatten() {
            let Some(value) = entry.get("value").and_then(Json::as_str) else {
                continue;
            };
            let mut head = name.to_owned();
            if let Some(label) = entry.get("label").and_then(Json::as_str) {
                head.push_str(";TYPE=");
                head.push_str(&type_of(label));
            }
            if entry.get("primary") == Some(&Json::Bool(true)) {
                head.push_str(";PREF=1");
            }
            // URIs are not escaped.
            let value = if name == "URL" { value.to_owned() } else { escaped(value) };
            self.push(&head, &value);
        }
    }

    fn push_address(&mut self, field: &str, address: &Json) {
        let part = |name: &str| escaped(address.get(name).and_then(Json::as_str).unwrap_or_default());
        let country =
            model::kinds::country::country_name(address.get("country").and_then(Json::as_str).unwrap_or_default());
        let parts =
            [part("street"), part("city"), part("region"), part("postal_code"), escaped(country.unwrap_or_default())];
        let head = match field.strip_suffix("_address") {
            Some(label) => format!("ADR;TYPE={}", type_of(label)),
            None => "ADR".to_owned(),
        };
        self.push(&head, &format!(";;{}", parts.join(";")));
    }
}

/// A label as a TYPE value: words joined by commas inside quotation marks.
fn type_of(label: &str) -> String {
    let words: Vec<String> = label
        .split(|c: char| !c.is_alphanumeric() && c != '-')
        .filter(|word| !word.is_empty())
        .map(|word| if word == "mobile" { "cell".to_owned() } else { word.to_lowercase() })
        .collect();
    match words.as_slice() {
        [one] if one.is_ascii() => one.clone(),
        _ => format!("\"{}\"", words.join(",")),
    }
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | ',' | ';' => {
                escaped.push('\\');
                escaped.push(c);
            }
            '\n' => escaped.push_str("\\n"),
            '\r' => {}
            _ => escaped.push(c),
        }
    }
    escaped
}

/// Folds a line between characters.
fn write_folded(out: &mut impl Write, line: &str) -> anyhow::Result<()> {
    let mut width = 0;
    for c in line.chars() {
        if width + c.len_utf8() > LINE_BYTES_MAX {
            out.write_all(b"\r\n ")?;
            width = 1;
        }
        out.write_all(c.encode_utf8(&mut [0; 4]).as_bytes())?;
        width += c.len_utf8();
    }
    Ok(out.write_all(b"\r\n")?)
}
