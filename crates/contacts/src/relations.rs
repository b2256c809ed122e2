//! Who stands how to whom: people and companies around a record, as one graph. Everything is read through the caller's
//! own lists, so that what is hidden is absent: the node, the line, and their part in every number.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use engine::{Query, Right, Workspace};
use model::{Actor, Code, Problem};
use serde_json::{Value as Json, json};
use store::Error;

/// Lines of one sort that are looked at around the records of one step.
const LINES_MAX: usize = 200;
/// Records shown.
const NODES_MAX: usize = 40;
/// Steps from the record.
pub const DEPTH_MAX: usize = 2;
/// The objects that have relations.
const OBJECTS: [&str; 2] = ["person", "company"];

/// Object and id.
type Node = (String, String);

/// A line between two records.
struct Line {
    /// The record that says so.
    object: &'static str,
    id: String,
    from: Node,
    to: Node,
    /// `works_at`, `reports_to`, `parent`, or what the relationship says.
    kind: String,
    /// The word for the part somebody has.
    role: Option<String>,
    note: Option<String>,
    left: bool,
}

impl Line {
    fn to_json(&self) -> Json {
        let end = |(object, id): &Node| json!({ "object": object, "id": id });
        json!({ "object": self.object, "id": self.id, "from": end(&self.from), "to": end(&self.to),
            "kind": self.kind, "role": self.role, "note": self.note, "left": self.left })
    }

    fn key(&self) -> (String, &Node, &Node) {
        (format!("{} {} {}", self.object, self.id, self.kind), &self.from, &self.to)
    }
}

/// The graph around a record: `{"nodes":[{"object","id","title","subtitle","step"}],"lines":[…],"more","at_least"}`.
/// The record itself comes first; `more` is how many of those that may be seen are not shown.
///
/// # Errors
/// Not found, also when the actor may not see the record; a database that fails.
pub fn map(ws: &Workspace, actor: &Actor, object: &str, id: &str, depth: usize) -> Result<Json, Error> {
    if !OBJECTS.contains(&object) {
        return Err(Problem::new(Code::NotFound, "People and companies have relations; other records have not.").into());
    }
    check_reader(ws, actor, object)?;
    let asked = Asked { ws, actor, at_least: std::cell::Cell::new(false) };
    let start: Node = (object.to_owned(), id.to_owned());
    let mut known: HashMap<Node, Json> = asked.nodes(&BTreeSet::from([start.clone()]))?;
    if known.is_empty() {
        let label = ws.schema().find_object(object).map(|object| object.label.to_lowercase()).unwrap_or_default();
        return Err(Problem::not_found(&label).into());
    }
    let mut order = vec![(start.clone(), 0)];
    let mut lines: Vec<Line> = Vec::new();
    let mut frontier = BTreeSet::from([start]);
    let mut more = 0;
    for step in 1..=depth {
        let found = asked.lines(&frontier, &known)?;
        let ends: BTreeSet<Node> = found.iter().flat_map(|line| [&line.from, &line.to]).cloned().collect();
        let unknown = ends.into_iter().filter(|end| !known.contains_key(end)).collect();
        let mut seen: Vec<(Node, Json)> = asked.nodes(&unknown)?.into_iter().collect();
        seen.sort_by_cached_key(|(node, record)| (title(ws, node, record).0.to_lowercase(), node.clone()));
        let room = NODES_MAX.saturating_sub(order.len());
        more += seen.len().saturating_sub(room);
        seen.truncate(room);
        frontier = seen.iter().map(|(node, _)| node.clone()).collect();
        order.extend(seen.iter().map(|(node, _)| (node.clone(), step)));
        known.extend(seen);
        lines.extend(found);
    }
    let mut drawn = HashSet::new();
    let lines: Vec<Json> = lines
        .iter()
        .filter(|line| known.contains_key(&line.from) && known.contains_key(&line.to) && line.from != line.to)
        .filter(|line| drawn.insert(line.key()))
        .map(Line::to_json)
        .collect();
    let nodes: Vec<Json> = order
        .iter()
        .filter_map(|(node, step)| {
            let (title, subtitle) = title(ws, node, known.get(node)?);
            Some(json!({ "object": node.0, "id": node.1, "title": title, "subtitle": subtitle, "step": step }))
        })
        .collect();
    Ok(json!({ "nodes": nodes, "lines": lines, "more": more, "at_least": asked.at_least.get() }))
}

/// Whoever may see no record of the object at all is told so.
fn check_reader(ws: &Workspace, actor: &Actor, object: &str) -> Result<(), Error> {
    let object = ws.schema().find_object(object).cloned().ok_or_else(|| Problem::not_found("object"))?;
    ws.with_policy(actor, move |policy| {
        policy.scope(&object, Right::Read)?;
        Ok(())
    })
}

fn title(ws: &Workspace, node: &Node, record: &Json) -> (String, Option<String>) {
    let schema = ws.schema();
    let Some(object) = schema.find_object(&node.0) else { return (String::new(), None) };
    let text = |field: &str| record.get(field).and_then(Json::as_str).map(str::to_owned);
    let title = text(&object.title).unwrap_or_default();
    (title, object.subtitle.as_deref().and_then(text))
}

/// Reads for one caller, and remembers whether there was more than is looked at.
struct Asked<'a> {
    ws: &'a Workspace,
    actor: &'a Actor,
    at_least: std::cell::Cell<bool>,
}

impl Asked<'_> {
    /// A page of the caller's list; nothing where the caller may not see the object or what the filter reads.
    fn list(&self, object: &str, filter: String) -> Result<Vec<Json>, Error> {
        let query = Query { object: object.to_owned(), filter: Some(filter), limit: LINES_MAX, ..Query::default() };
        let body = match self.ws.list_json(self.actor, query).wait() {
            Ok(body) => body,
            Err(Error::Problem(problem)) if matches!(problem.code, Code::Forbidden | Code::NotFound) => {
                return Ok(Vec::new());
            }
            Err(error) => return Err(error),
        };
        let mut body: Json = serde_json::from_slice(&body).map_err(anyhow::Error::from)?;
        if body.get("next").is_some_and(Json::is_string) {
            self.at_least.set(true);
        }
        Ok(match body.get_mut("records").map(Json::take) {
            Some(Json::Array(records)) => records,
            _ => Vec::new(),
        })
    }

    /// Those of the records that the caller may see.
    fn nodes(&self, wanted: &BTreeSet<Node>) -> Result<HashMap<Node, Json>, Error> {
        let mut found = HashMap::new();
        for object in OBJECTS {
            let ids: Vec<&str> = ids_of(wanted, object);
            for slice in ids.chunks(LINES_MAX) {
                for record in self.list(object, format!("id in [{}]", quoted(slice)))? {
                    if let Some(id) = text(&record, "id") {
                        found.insert((object.to_owned(), id), record);
                    }
                }
            }
        }
        Ok(found)
    }

    /// Every line that begins or ends at one of these records.
    fn lines(&self, at: &BTreeSet<Node>, known: &HashMap<Node, Json>) -> Result<Vec<Line>, Error> {
        let mut lines: Vec<Line> = Vec::new();
        if at.is_empty() {
            return Ok(lines);
        }
        let (people, companies) = (ids_of(at, "person"), ids_of(at, "company"));
        let all: Vec<&str> = people.iter().chain(&companies).copied().collect();
        let all = quoted(&all);
        for side in ["subject", "related"] {
            for record in self.list("relationship", format!("{side}.exists(x, x.id in [{all}])"))? {
                lines.extend(relationships(&record));
            }
        }
        let any = |parts: [(&str, &Vec<&str>); 2]| {
            let parts = parts.into_iter().filter(|(_, ids)| !ids.is_empty());
            parts.map(|(field, ids)| format!("{field} in [{}]", quoted(ids))).collect::<Vec<_>>()
        };
        // Each its own question: where one field is closed to the caller, the other still answers.
        for filter in any([("person", &people), ("company", &companies)]) {
            lines.extend(self.list("affiliation", filter)?.iter().filter_map(affiliation));
        }
        let own = at.iter().filter_map(|node| Some((&node.0, known.get(node)?)));
        own.for_each(|(object, record)| lines.extend(references(object, record)));
        for filter in any([("company", &companies), ("reports_to", &people)]) {
            lines.extend(self.list("person", filter)?.iter().flat_map(|record| references("person", record)));
        }
        if !companies.is_empty() {
            let children = self.list("company", format!("parent in [{}]", quoted(&companies)))?;
            lines.extend(children.iter().flat_map(|record| references("company", record)));
        }
        Ok(lines.into_iter().filter(|line| at.contains(&line.from) || at.contains(&line.to)).collect())
    }
}

fn ids_of<'a>(nodes: &'a BTreeSet<Node>, object: &str) -> Vec<&'a str> {
    nodes.iter().filter(|(name, _)| name == object).map(|(_, id)| id.as_str()).collect()
}

fn quoted(ids: &[&str]) -> String {
    ids.iter().map(|id| format!("'{id}'")).collect::<Vec<_>>().join(", ")
}

fn text(record: &Json, field: &str) -> Option<String> {
    record.get(field).and_then(Json::as_str).map(str::to_owned)
}

/// What an `about` names, of the objects that have relations.
fn ends(record: &Json, field: &str) -> Vec<Node> {
    let list = record.get(field).and_then(Json::as_array).into_iter().flatten();
    list.filter_map(|end| Some((text(end, "object")?, text(end, "id")?)))
        .filter(|(object, _)| OBJECTS.contains(&object.as_str()))
        .collect()
}

fn relationships(record: &Json) -> Vec<Line> {
    let Some(id) = text(record, "id") else { return Vec::new() };
    let to = ends(record, "related");
    let pairs =
        ends(record, "subject").into_iter().flat_map(|from| to.iter().map(move |to| (from.clone(), to.clone())));
    pairs
        .map(|(from, to)| Line {
            object: "relationship",
            id: id.clone(),
            from,
            to,
            kind: text(record, "kind").unwrap_or_else(|| "other".to_owned()),
            role: None,
            note: text(record, "note"),
            left: false,
        })
        .collect()
}

fn affiliation(record: &Json) -> Option<Line> {
    let today = jiff::Timestamp::now().to_string();
    let ended = text(record, "ends_on").is_some_and(|day| today.get(..10).is_some_and(|today| day.as_str() < today));
    Some(Line {
        object: "affiliation",
        id: text(record, "id")?,
        from: ("person".to_owned(), text(record, "person")?),
        to: ("company".to_owned(), text(record, "company")?),
        kind: "affiliation".to_owned(),
        role: text(record, "role"),
        note: text(record, "title"),
        left: ended || record.get("has_left").and_then(Json::as_bool) == Some(true),
    })
}

/// The lines that a person or company says itself.
fn references(object: &str, record: &Json) -> Vec<Line> {
    let fields: &[(&str, &'static str, &str, &str)] = match object {
        "person" => &[("company", "person", "company", "works_at"), ("reports_to", "person", "person", "reports_to")],
        _ => &[("parent", "company", "company", "subsidiary_of")],
    };
    let line = |(field, own, target, kind): &(&str, &'static str, &str, &str)| {
        let id = text(record, "id")?;
        Some(Line {
            object: own,
            id: id.clone(),
            from: ((*own).to_owned(), id),
            to: ((*target).to_owned(), text(record, field)?),
            kind: (*kind).to_owned(),
            role: None,
            note: if *field == "company" { text(record, "job_title") } else { None },
            left: text(record, "lifecycle").as_deref() == Some("former") && *field == "company",
        })
    };
    fields.iter().filter_map(line).collect()
}

/// Levels of a tree that are looked at, above and below.
const LEVELS_MAX: usize = 12;
/// Companies of one tree.
const TREE_MAX: usize = 200;

/// The tree of companies that one belongs to, each after its parent: `{"companies":[{"id","title","parent","level",
/// "people","open_tasks","all_companies","all_people","all_open_tasks"}],"at_least"}`. Sums are over what the caller
/// sees below each.
///
/// # Errors
/// Not found, also when the actor may not see the company; a database that fails.
pub fn tree(ws: &Workspace, actor: &Actor, id: &str) -> Result<Json, Error> {
    check_reader(ws, actor, "company")?;
    let asked = Asked { ws, actor, at_least: std::cell::Cell::new(false) };
    let one = |id: &str| asked.list("company", format!("id in ['{id}']")).map(|mut found| found.pop());
    let mut root = one(id)?.ok_or_else(|| Problem::not_found("company"))?;
    let mut passed = BTreeSet::from([id.to_owned()]);
    for _ in 0..LEVELS_MAX {
        let Some(parent) = text(&root, "parent").filter(|parent| passed.insert(parent.clone())) else { break };
        // Where the parent is out of sight, the tree begins below it.
        match one(&parent)? {
            Some(above) => root = above,
            None => break,
        }
    }
    let mut below: BTreeMap<String, Vec<Json>> = BTreeMap::new();
    let root_id = text(&root, "id").unwrap_or_default();
    let mut known = BTreeSet::from([root_id.clone()]);
    let mut level = vec![root_id];
    for _ in 0..LEVELS_MAX * 2 {
        let ids: Vec<&str> = level.iter().map(String::as_str).collect();
        let mut next = Vec::new();
        for record in asked.list("company", format!("parent in [{}]", quoted(&ids)))? {
            let (Some(id), Some(parent)) = (text(&record, "id"), text(&record, "parent")) else { continue };
            if known.len() < TREE_MAX && known.insert(id.clone()) {
                below.entry(parent).or_default().push(record);
                next.push(id);
            }
        }
        if next.is_empty() {
            break;
        }
        level = next;
    }
    if known.len() >= TREE_MAX {
        asked.at_least.set(true);
    }
    let mut companies = Vec::new();
    put(ws, &root, 0, &mut below, &mut companies);
    Ok(json!({ "companies": companies, "at_least": asked.at_least.get() }))
}

/// Companies, people and open tasks of a subtree.
#[derive(Default, Clone, Copy)]
struct Sums {
    companies: i64,
    people: i64,
    open_tasks: i64,
}

/// Puts a company and all below it into the list; gives the sums.
fn put(
    ws: &Workspace,
    record: &Json,
    level: usize,
    below: &mut BTreeMap<String, Vec<Json>>,
    list: &mut Vec<Json>,
) -> Sums {
    let number = |field: &str| record.get(field).and_then(Json::as_i64).unwrap_or(0);
    let id = text(record, "id").unwrap_or_default();
    let own = Sums { companies: 1, people: number("people_count"), open_tasks: number("open_tasks") };
    let (title, _) = title(ws, &("company".to_owned(), id.clone()), record);
    let at = list.len();
    list.push(json!({ "id": id, "title": title, "parent": record.get("parent"), "level": level,
        "kind": record.get("kind"), "people": own.people, "open_tasks": own.open_tasks }));
    let mut sums = own;
    let mut children = below.remove(&id).unwrap_or_default();
    children.sort_by_cached_key(|child| text(child, "name").unwrap_or_default().to_lowercase());
    for child in children {
        let part = put(ws, &child, level + 1, below, list);
        sums.companies += part.companies;
        sums.people += part.people;
        sums.open_tasks += part.open_tasks;
    }
    if let Some(Json::Object(map)) = list.get_mut(at) {
        map.insert("all_companies".to_owned(), json!(sums.companies));
        map.insert("all_people".to_owned(), json!(sums.people));
        map.insert("all_open_tasks".to_owned(), json!(sums.open_tasks));
    }
    sums
}
