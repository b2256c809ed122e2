//! Lists, figures, exports, and questions about fields that may not be read.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Value as Json, json};
use testkit::random::Random;

use super::conditions::{CONDITIONS, over};
use super::eyes::without;
use super::world::solid;
use super::{Case, object};
use crate::site::encoded;

/// A query of one object.
struct Asked {
    object: &'static str,
    plural: &'static str,
    filter: Option<usize>,
    sort: Vec<(&'static str, bool)>,
    deleted: &'static str,
}

fn sortable(object: &str) -> &'static [&'static str] {
    match object {
        "company" => &["name", "employees", "kind", "industry", "legal_name", "created_at"],
        "person" => &["name", "family_name", "lifecycle", "job_title", "updated_at"],
        "note" => &["title", "pinned"],
        "task" => &["title", "status", "due_at"],
        "comment" => &["resolved", "created_at"],
        "document" => &["name", "kind", "folder"],
        _ => &["name", "size", "secret"],
    }
}

/// References to include: field and the object it points to.
fn references(object: &str) -> &'static [(&'static str, &'static str)] {
    match object {
        "company" => &[("parent", "company"), ("owner", "user"), ("team", "team")],
        "person" => &[("company", "company"), ("reports_to", "person"), ("owner", "user")],
        "task" => &[("assignee", "user"), ("owner", "user")],
        "comment" => &[("reply_to", "comment"), ("team", "team")],
        "boat" => &[("keeper", "person"), ("owner", "user")],
        _ => &[("owner", "user"), ("team", "team")],
    }
}

impl Asked {
    fn random(random: &mut Random) -> Self {
        let (object, plural) = object(random);
        let filter = (!random.chance(3)).then(|| *random.pick(&over(object)));
        let mut sort: Vec<(&str, bool)> = Vec::new();
        for _ in 0..random.below(3) {
            let field = *random.pick(sortable(object));
            if !sort.iter().any(|(known, _)| *known == field) {
                sort.push((field, random.chance(2)));
            }
        }
        let deleted = *random.pick(&["without", "without", "with", "only"]);
        Self { object, plural, filter, sort, deleted }
    }

    fn uses(&self) -> Vec<String> {
        let filtered = self.filter.map(|at| CONDITIONS[at].uses.iter().map(|used| (*used).to_owned()));
        let sorted = self.sort.iter().map(|(field, _)| format!("{}.{field}", self.object));
        filtered.into_iter().flatten().chain(sorted).collect()
    }

    fn sort_text(&self) -> String {
        let part = |(field, down): &(&str, bool)| format!("{}{field}", if *down { "-" } else { "" });
        self.sort.iter().map(part).collect::<Vec<_>>().join(",")
    }

    fn params(&self) -> String {
        let filter = self.filter.map(|at| format!("&filter={}", encoded(CONDITIONS[at].source))).unwrap_or_default();
        let sort = if self.sort.is_empty() { String::new() } else { format!("&sort={}", self.sort_text()) };
        format!("deleted={}{filter}{sort}", self.deleted)
    }

    /// The records that the user is to be shown, in order; `None` when the question is to be refused.
    async fn expected<'a>(&self, case: &Case<'a>) -> Option<Vec<&'a Json>> {
        if case.eyes.reach(self.object, 0) == super::world::Reach::None || !case.eyes.may_use(&self.uses()) {
            return None;
        }
        let all = format!("/{}?deleted=with&limit=200&sort={}", self.plural, self.sort_text());
        let all = case.orders.get(&all).await;
        let ids = all["records"].as_array().unwrap().iter().map(|record| record["id"].as_str().unwrap());
        let records = ids.map(|id| case.world.find(self.object, id).unwrap());
        let wanted = |record: &&Json| {
            let live = record["deleted_at"].is_null();
            let kept = match self.deleted {
                "without" => live,
                "only" => !live,
                _ => true,
            };
            kept && case.eyes.sees(self.object, record)
                && self.filter.is_none_or(|at| (CONDITIONS[at].holds)(&case.eyes, record))
        };
        Some(records.filter(wanted).collect())
    }
}

fn ids<'a>(records: impl IntoIterator<Item = &'a Json>) -> Vec<&'a str> {
    records.into_iter().map(|record| record["id"].as_str().unwrap()).collect()
}

/// A page, or all pages by cursor.
pub async fn list(case: &Case<'_>, random: &mut Random) {
    let asked = Asked::random(random);
    let mut fields: Vec<&str> = Vec::new();
    let mut include = Vec::new();
    match random.below(3) {
        0 => fields.extend([*random.pick(sortable(asked.object)), "version"]),
        1 => include = (0..2).map(|_| *random.pick(references(asked.object))).collect(),
        _ => {}
    }
    let mut path = format!("/{}?{}", asked.plural, asked.params());
    if !fields.is_empty() {
        path.push_str(&format!("&fields={}", fields.join(",")));
    }
    if !include.is_empty() {
        let names: Vec<&str> = include.iter().map(|(field, _)| *field).collect();
        path.push_str(&format!("&include={}", names.join(",")));
    }
    let limit = *random.pick(&[2, 5, 50]);
    path.push_str(&format!("&limit={limit}"));
    let may = fields.iter().all(|field| case.eyes.knows(asked.object, field));
    let Some(expected) = asked.expected(case).await.filter(|_| may) else {
        assert_eq!(case.get(&path).await.code(403), "forbidden", "{path}");
        return;
    };
    let by_cursor = random.chance(2);
    let offset = if by_cursor { 0 } else { random.below(expected.len() + 2) };
    let mut at = offset;
    let mut page =
        case.get(&format!("{path}{}", if by_cursor { String::new() } else { format!("&offset={offset}") })).await;
    loop {
        let body = page.is(200).json();
        let records = body["records"].as_array().unwrap();
        let part: Vec<&Json> = expected.iter().skip(at).take(limit).copied().collect();
        assert_eq!(ids(records), ids(part.iter().copied()), "{}{path} from {at}", case.who());
        for (record, whole) in records.iter().zip(&part) {
            let mut shown = case.eyes.shown(asked.object, whole);
            if !fields.is_empty() {
                shown.as_object_mut().unwrap().retain(|name, _| name == "id" || fields.contains(&name.as_str()));
            }
            assert_eq!(*record, shown, "{}{path}", case.who());
        }
        assert_eq!(body["total"], json!({ "count": expected.len(), "exact": true }), "{}{path}", case.who());
        if !include.is_empty() {
            check_included(case, &asked, &include, &part, &body["included"], &path);
        }
        at += limit;
        let more = at < expected.len();
        assert_eq!(!body["next"].is_null(), more, "{}{path} from {at}: {}", case.who(), body["next"]);
        if !more || !by_cursor {
            return;
        }
        page = case.get(&format!("{path}&cursor={}", body["next"].as_str().unwrap())).await;
    }
}

fn check_included(
    case: &Case<'_>,
    asked: &Asked,
    include: &[(&str, &'static str)],
    records: &[&Json],
    included: &Json,
    path: &str,
) {
    let mut wanted: BTreeMap<&str, HashMap<String, String>> = BTreeMap::new();
    for (field, target) in include {
        wanted.entry(target).or_default().extend(case.eyes.included(asked.object, field, target, records));
    }
    for (target, wanted) in wanted {
        let titles = included[target].as_object().unwrap().iter();
        let titles = titles.map(|(id, title)| (id.clone(), title["title"].as_str().unwrap().to_owned()));
        assert_eq!(titles.collect::<HashMap<_, _>>(), wanted, "{}{path}", case.who());
    }
}

/// Groups and figures.
pub async fn aggregate(case: &Case<'_>, random: &mut Random) {
    let asked = Asked { sort: Vec::new(), ..Asked::random(random) };
    let groups: &[&str] = match asked.object {
        "company" => &["kind", "owner", "industry", "parent"],
        "person" => &["lifecycle", "company", "owner"],
        "note" => &["pinned"],
        "task" => &["status", "assignee"],
        "comment" => &["resolved"],
        "document" => &["kind", "folder"],
        _ => &["keeper", "size"],
    };
    let number = match asked.object {
        "company" => Some("employees"),
        "boat" => Some("size"),
        _ => None,
    };
    let group = if random.chance(3) { None } else { Some(*random.pick(groups)) };
    let number = number.filter(|_| !random.chance(3));
    let mut path = format!("/{}/aggregate?{}&measures=count", asked.plural, asked.params());
    if let Some(number) = number {
        path.push_str(&format!(",sum:{number},min:{number},max:{number}"));
    }
    if let Some(group) = group {
        path.push_str(&format!("&group={group}"));
    }
    let may = group.into_iter().chain(number).all(|field| case.eyes.uses(asked.object, field));
    let answer = case.get(&path).await;
    let Some(expected) = asked.expected(case).await.filter(|_| may) else {
        assert_eq!(answer.code(403), "forbidden", "{path}");
        return;
    };
    let mut wanted: BTreeMap<String, (u64, Vec<i64>)> = BTreeMap::new();
    for record in expected {
        let key = group.map(|group| record[group].to_string()).unwrap_or_default();
        let (count, numbers) = wanted.entry(key).or_default();
        *count += 1;
        numbers.extend(number.and_then(|number| record[number].as_i64()));
    }
    let body = answer.is(200).json();
    let mut found: BTreeMap<String, (u64, Vec<i64>)> = BTreeMap::new();
    let figure = |row: &Json, of: &str| {
        let value = &row[format!("{of}:{}", number.unwrap_or_default())];
        value.as_i64().or_else(|| value.as_str().and_then(|text| text.parse().ok()))
    };
    let figures =
        |numbers: &[i64]| (Some(numbers.iter().sum()), numbers.iter().min().copied(), numbers.iter().max().copied());
    for row in body["groups"].as_array().unwrap() {
        let key = group.map(|group| row["keys"][group].to_string()).unwrap_or_default();
        let count = row["count"].as_u64().unwrap();
        if count == 0 && group.is_none() {
            continue;
        }
        let numbers = wanted.get(&key).map(|(_, numbers)| numbers.clone()).unwrap_or_default();
        if number.is_some() {
            let said = (figure(row, "sum"), figure(row, "min"), figure(row, "max"));
            assert_eq!(said, figures(&numbers), "{}{path} {key} {body}", case.who());
        }
        found.insert(key, (count, numbers));
    }
    assert_eq!(found, wanted, "{}{path}", case.who());
}

/// A file of records.
pub async fn export(case: &Case<'_>, random: &mut Random) {
    let asked = Asked::random(random);
    let format = *random.pick(&["jsonl", "jsonl", "csv"]);
    let path = format!("/{}/export?format={format}&{}", asked.plural, asked.params());
    let answer = case.get(&path).await;
    let Some(expected) = asked.expected(case).await.filter(|_| case.eyes.special("export")) else {
        assert_eq!(answer.code(403), "forbidden", "{path}");
        return;
    };
    let text = answer.is(200).text();
    if format == "csv" {
        // One line each: no value of these records holds a line break.
        let lines = text.lines().skip(1).map(|line| line.split(',').next().unwrap());
        assert_eq!(lines.collect::<Vec<_>>(), ids(expected), "{}{path}", case.who());
        return;
    }
    let lines: Vec<Json> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let wanted = expected.iter().map(|record| without(&solid(&case.eyes.shown(asked.object, record)), "deleted_at"));
    assert_eq!(lines, wanted.collect::<Vec<_>>(), "{}{path}", case.who());
}

/// A question about a field that may not be read is refused, in the same words whatever the field holds.
pub async fn oracle(case: &Case<'_>, random: &mut Random) {
    let (object, plural) = object(random);
    let hidden: Vec<&str> = sortable(object).iter().filter(|field| !case.eyes.uses(object, field)).copied().collect();
    let texts = ["name", "industry", "legal_name", "family_name", "job_title", "title", "folder", "secret"];
    let Some(field) = hidden.iter().find(|field| texts.contains(field)) else {
        return;
    };
    let mut said = Vec::new();
    let right = case.world.all(object).iter().find_map(|record| record[*field].as_str()).unwrap_or("zq");
    for value in [right, "nothing of the kind"] {
        for condition in [format!("{field} == '{value}'"), format!("!({field}.startsWith('{value}'))")] {
            let condition = encoded(&condition);
            let list = case.client.get(&format!("/{plural}?filter={condition}")).await;
            let counted = case.client.get(&format!("/{plural}/aggregate?measures=count&filter={condition}")).await;
            let group = case.client.get(&format!("/{plural}/aggregate?group={field}&filter={condition}")).await;
            said.push([list, counted, group].map(|answer| (answer.status, answer.json()["detail"].clone())));
        }
    }
    assert!(said.iter().flatten().all(|(status, _)| *status == 403), "{}{object}.{field} {said:?}", case.who());
    assert!(said.windows(2).all(|pair| pair[0] == pair[1]), "{}{object}.{field} {said:?}", case.who());
}
