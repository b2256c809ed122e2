//! Row conditions written twice: as CEL for the product, as Rust for the model that it is compared with.

use serde_json::Value as Json;

use super::eyes::Eyes;

/// A condition over one object.
pub struct Condition {
    pub object: &'static str,
    pub source: &'static str,
    /// The fields it reads, over relations too, as `object.field`.
    pub uses: &'static [&'static str],
    pub holds: fn(&Eyes<'_>, &Json) -> bool,
}

fn int(record: &Json, field: &str) -> Option<i64> {
    record[field].as_i64()
}

fn mine(eyes: &Eyes<'_>, record: &Json) -> bool {
    record["owner"].as_str() == Some(&eyes.user.id)
}

fn employees(company: Option<&Json>) -> Option<i64> {
    company.and_then(|company| int(company, "employees"))
}

macro_rules! condition {
    ($object:literal, $source:literal, [$($use:literal),*], $holds:expr) => {
        Condition { object: $object, source: $source, uses: &[$($use),*], holds: $holds }
    };
}

/// Every condition that roles and filters of the test are made of.
#[rustfmt::skip]
pub const CONDITIONS: &[Condition] = &[
    condition!("company", "employees < 50", ["company.employees"], |_, r| int(r, "employees").is_some_and(|n| n < 50)),
    condition!("company", "employees >= 20", ["company.employees"], |_, r| int(r, "employees").is_some_and(|n| n >= 20)),
    condition!("company", "kind == 'customer'", ["company.kind"], |_, r| r["kind"] == "customer"),
    condition!("company", "!has(industry)", ["company.industry"], |_, r| r["industry"].is_null()),
    condition!("company", "owner == me", ["company.owner"], mine),
    condition!("company", "team in my_teams", ["company.team"], |e, r| e.in_my_teams(r)),
    condition!("company", "territory in my_territories", ["company.territory"], |e, r| e.in_my_territories(r)),
    condition!("company", "owner == me || !(territory in my_territories)", ["company.owner", "company.territory"],
        |e, r| mine(e, r) || !e.in_my_territories(r)),
    condition!("company", "parent.employees >= 20", ["company.parent", "company.employees"],
        |e, r| employees(e.to(r, "parent", "company")).is_some_and(|n| n >= 20)),
    condition!("company", "!(parent.employees >= 20)", ["company.parent", "company.employees"],
        |e, r| employees(e.to(r, "parent", "company")).is_none_or(|n| n < 20)),
    condition!("company", "parent.parent.kind == 'customer'", ["company.parent", "company.kind"],
        |e, r| e.to(r, "parent", "company").and_then(|p| e.to(p, "parent", "company")).is_some_and(|c| c["kind"] == "customer")),
    condition!("company", "people.exists(p, p.lifecycle == 'lead')", ["person.company", "person.lifecycle"],
        |e, r| e.children(r, "person", "company").any(|p| p["lifecycle"] == "lead")),
    condition!("company", "people.exists(p, p.owner == me)", ["person.company", "person.owner"],
        |e, r| e.children(r, "person", "company").any(|p| mine(e, p))),
    condition!("company", "!people.exists(p, p.lifecycle == 'lead')", ["person.company", "person.lifecycle"],
        |e, r| !e.children(r, "person", "company").any(|p| p["lifecycle"] == "lead")),
    condition!("company", "people.count() > 1", ["person.company"],
        |e, r| e.children(r, "person", "company").count() > 1),
    condition!("company", "tasks.exists(t, t.status == 'open')", ["task.about", "task.status"],
        |e, r| e.children(r, "task", "about").any(|t| t["status"] == "open")),
    condition!("company", "children.exists(c, c.people.exists(p, p.lifecycle == 'customer'))",
        ["company.parent", "person.company", "person.lifecycle"],
        |e, r| e.children(r, "company", "parent").any(|c| e.children(c, "person", "company").any(|p| p["lifecycle"] == "customer"))),
    condition!("person", "company.employees < 50", ["person.company", "company.employees"],
        |e, r| employees(e.to(r, "company", "company")).is_some_and(|n| n < 50)),
    condition!("person", "company.territory in my_territories", ["person.company", "company.territory"],
        |e, r| e.to(r, "company", "company").is_some_and(|c| e.in_my_territories(c))),
    condition!("person", "company.owner == me", ["person.company", "company.owner"],
        |e, r| e.to(r, "company", "company").is_some_and(|c| mine(e, c))),
    condition!("person", "lifecycle == 'lead'", ["person.lifecycle"], |_, r| r["lifecycle"] == "lead"),
    condition!("person", "lifecycle == 'customer' || owner == me", ["person.lifecycle", "person.owner"],
        |e, r| r["lifecycle"] == "customer" || mine(e, r)),
    condition!("person", "reports_to.lifecycle == 'lead'", ["person.reports_to", "person.lifecycle"],
        |e, r| e.to(r, "reports_to", "person").is_some_and(|p| p["lifecycle"] == "lead")),
    condition!("person", "reports_to.company.employees < 50", ["person.reports_to", "person.company", "company.employees"],
        |e, r| employees(e.to(r, "reports_to", "person").and_then(|p| e.to(p, "company", "company"))).is_some_and(|n| n < 50)),
    condition!("person", "!(company.kind == 'customer')", ["person.company", "company.kind"],
        |e, r| !e.to(r, "company", "company").is_some_and(|c| c["kind"] == "customer")),
    condition!("person", "has(company.kind)", ["person.company", "company.kind"],
        |e, r| e.to(r, "company", "company").is_some_and(|c| !c["kind"].is_null())),
    condition!("person", "notes.exists(n, n.pinned)", ["note.about", "note.pinned"],
        |e, r| e.children(r, "note", "about").any(|n| n["pinned"] == true)),
    condition!("task", "assignee == me", ["task.assignee"], |e, r| r["assignee"].as_str() == Some(&e.user.id)),
    condition!("task", "status == 'open'", ["task.status"], |_, r| r["status"] == "open"),
    condition!("task", "priority == 'high' || status == 'done'", ["task.priority", "task.status"],
        |_, r| r["priority"] == "high" || r["status"] == "done"),
    condition!("note", "pinned", ["note.pinned"], |_, r| r["pinned"] == true),
    condition!("note", "!pinned", ["note.pinned"], |_, r| r["pinned"] != true),
    condition!("comment", "resolved", ["comment.resolved"], |_, r| r["resolved"] == true),
    condition!("comment", "reply_to.resolved", ["comment.reply_to", "comment.resolved"],
        |e, r| e.to(r, "reply_to", "comment").is_some_and(|c| c["resolved"] == true)),
    condition!("document", "kind == 'contract'", ["document.kind"], |_, r| r["kind"] == "contract"),
    condition!("document", "has(folder)", ["document.folder"], |_, r| !r["folder"].is_null()),
    condition!("document", "folder.startsWith('zqb') || folder.startsWith('zqc')", ["document.folder"],
        |_, r| r["folder"].as_str().is_some_and(|folder| folder.starts_with("zqb") || folder.starts_with("zqc"))),
    condition!("document", "about.exists(x, x.object == 'company')", ["document.about"],
        |_, r| r["about"].as_array().is_some_and(|about| about.iter().any(|one| one["object"] == "company"))),
    condition!("boat", "size > 5", ["boat.size"], |_, r| int(r, "size").is_some_and(|n| n > 5)),
    condition!("boat", "keeper.lifecycle == 'lead'", ["boat.keeper", "person.lifecycle"],
        |e, r| e.to(r, "keeper", "person").is_some_and(|p| p["lifecycle"] == "lead")),
    condition!("boat", "keeper.company.territory in my_territories", ["boat.keeper", "person.company", "company.territory"],
        |e, r| e.to(r, "keeper", "person").and_then(|p| e.to(p, "company", "company")).is_some_and(|c| e.in_my_territories(c))),
    condition!("boat", "keeper.company.employees < 50", ["boat.keeper", "person.company", "company.employees"],
        |e, r| employees(e.to(r, "keeper", "person").and_then(|p| e.to(p, "company", "company"))).is_some_and(|n| n < 50)),
];

/// The conditions over an object, as positions in the list.
pub fn over(object: &str) -> Vec<usize> {
    (0..CONDITIONS.len()).filter(|at| CONDITIONS[*at].object == object).collect()
}
