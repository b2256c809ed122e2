//! One card to named cells: what each property is called as a column, so that cards map like rows of a table.

use super::line::Line;

/// The cells of one card, in the order of the card. A name may come twice; the reader numbers it.
pub fn cells(lines: &[Line]) -> Vec<(String, String)> {
    let mut cells = Vec::new();
    for line in lines {
        let label = label_of(line, lines);
        for (name, value) in cells_of(line, &label) {
            let value = value.trim();
            if !value.is_empty() {
                cells.push((name, value.to_owned()));
            }
        }
    }
    cells
}

fn cells_of(line: &Line, label: &str) -> Vec<(String, String)> {
    let one = |name: &str| vec![(name.to_owned(), value_of(line))];
    let labelled = |name: &str| vec![(with_label(name, label), value_of(line))];
    match line.name.as_str() {
        // They speak of the card, not of the person; a label is read with its property.
        "VERSION" | "PRODID" | "REV" | "X-ABLABEL" => Vec::new(),
        "FN" => one("Full name"),
        "N" => name_cells(line),
        "ORG" => organization_cells(line),
        "ADR" => address_cells(line, label),
        "EMAIL" => labelled("E-mail"),
        "TEL" => vec![(with_label("Phone", label), value_of(line).trim_start_matches("tel:").to_owned())],
        "URL" => labelled("Website"),
        "NICKNAME" => vec![("Nickname".to_owned(), line.list().join(", "))],
        "CATEGORIES" => vec![("Categories".to_owned(), categories(line).join(", "))],
        "TITLE" => one("Job title"),
        "ROLE" => one("Role"),
        "BDAY" => one("Birthday"),
        "ANNIVERSARY" | "X-ANNIVERSARY" | "X-MS-ANNIVERSARY" | "X-EVOLUTION-ANNIVERSARY" => one("Anniversary"),
        "NOTE" => one("Note"),
        "GENDER" => vec![("Gender".to_owned(), line.parts().concat().join(" ").trim().to_owned())],
        "LANG" => one("Language"),
        "TZ" => one("Time zone"),
        "UID" => one("UID"),
        "PHOTO" => one("Photo"),
        "KIND" if ["individual", "org"].contains(&line.text().to_lowercase().as_str()) => Vec::new(),
        "KIND" | "X-ADDRESSBOOKSERVER-KIND" => one("Kind"),
        "LABEL" => labelled("Address label"),
        "IMPP" => labelled("Messenger"),
        "X-ABDATE" => labelled("Date"),
        "X-ABRELATEDNAMES" | "RELATED" => labelled("Related"),
        "X-DEPARTMENT" => one("Department"),
        "X-UNREADABLE" => one("Unreadable"),
        other => vec![(with_label(other, label), value_of(line))],
    }
}

/// The text of a value; binary values become `data:` addresses.
fn value_of(line: &Line) -> String {
    if !line.binary {
        return line.text();
    }
    let media = line.param("MEDIATYPE").map(str::to_lowercase).or_else(|| {
        let kind = line.types.iter().find(|kind| ["jpeg", "jpg", "png", "gif", "webp"].contains(&kind.as_str()))?;
        Some(format!("image/{}", kind.replace("jpg", "jpeg")))
    });
    format!("data:{};base64,{}", media.as_deref().unwrap_or("application/octet-stream"), line.value)
}

/// The categories; some exporters escape the commas between them.
fn categories(line: &Line) -> Vec<String> {
    let list = line.list();
    match list.as_slice() {
        [one] => one.split(',').map(|word| word.trim().to_owned()).collect(),
        _ => list,
    }
}

fn with_label(name: &str, label: &str) -> String {
    if label.is_empty() { name.to_owned() } else { format!("{name} ({label})") }
}

/// Part `at` of a structured value; several values of one part are joined.
fn part(parts: &[Vec<String>], at: usize, joint: &str) -> String {
    let values = parts.get(at).map(Vec::as_slice).unwrap_or_default();
    let values: Vec<&str> = values.iter().map(|value| value.trim()).filter(|value| !value.is_empty()).collect();
    values.join(joint)
}

fn name_cells(line: &Line) -> Vec<(String, String)> {
    let parts = line.parts();
    ["Family name", "Given name", "Middle name", "Name prefix", "Name suffix"]
        .iter()
        .enumerate()
        .map(|(at, name)| ((*name).to_owned(), part(&parts, at, " ")))
        .collect()
}

fn organization_cells(line: &Line) -> Vec<(String, String)> {
    // A comma inside a company's name is often left without its backslash.
    let parts = line.parts();
    let units: Vec<String> =
        (1..parts.len()).map(|at| part(&parts, at, ", ")).filter(|unit| !unit.is_empty()).collect();
    vec![("Organization".to_owned(), part(&parts, 0, ", ")), ("Department".to_owned(), units.join(", "))]
}

fn address_cells(line: &Line, label: &str) -> Vec<(String, String)> {
    let parts = line.parts();
    let lines = [2, 1, 0].map(|at| part(&parts, at, ", "));
    let street: Vec<&str> = lines.iter().map(|text| text.trim_matches(',')).filter(|text| !text.is_empty()).collect();
    let mut cells = vec![(with_label("Street", label), street.join("\n"))];
    for (name, at) in [("City", 3), ("Region", 4), ("Postal code", 5), ("Country", 6)] {
        cells.push((with_label(name, label), part(&parts, at, ", ")));
    }
    cells
}

/// What distinguishes a property from others of its name: its types, or the label that its group carries.
fn label_of(line: &Line, lines: &[Line]) -> String {
    let mut words = Vec::new();
    if !line.group.is_empty()
        && let Some(label) = lines.iter().find(|other| other.name == "X-ABLABEL" && other.group == line.group)
    {
        words.push(label.text().trim_start_matches("_$!<").trim_end_matches(">!$_").to_owned());
    }
    let service = line.param("X-SERVICE-TYPE").map(str::to_lowercase);
    let kinds = line.types.iter().map(String::as_str).chain(service.as_deref());
    for kind in kinds {
        let word = match kind {
            "cell" | "iphone" => "mobile",
            "internet" | "voice" | "pref" | "msg" | "postal" | "parcel" | "intl" | "dom" | "text" | "x400" => continue,
            other => other,
        };
        if !words.iter().any(|known| known == word) {
            words.push(word.to_owned());
        }
    }
    // A number is first of all mobile, or a fax, and only then at home or at work.
    words.sort_by_key(|word| match word.as_str() {
        "home" | "work" => 0,
        "mobile" => 2,
        _ => 1,
    });
    let mut label = words.join(" ");
    if line.is_preferred() {
        label = if label.is_empty() { "preferred".to_owned() } else { format!("{label}, preferred") };
    }
    label
}
