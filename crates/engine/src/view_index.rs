//! Saved views get the index that their lists need: what the filter asks to be equal first, then the order.
//!
//! A job makes it, so that saving a view of a large object answers at once.

use model::expr::{self, CompareOp, Expr, Part};
use model::{Actor, Object};
use serde_json::json;
use store::{Error, Sort};
use uuid::Uuid;

use crate::batch::Batch;
use crate::draft::Draft;
use crate::jobs::JobRun;
use crate::module::JobEntry;
use crate::workspace::Workspace;

const KIND: &str = "view.index";
/// Fields of a filter that an index begins with: more make it large and seldom better.
const EQUAL_MAX: usize = 2;

/// The job.
pub(crate) const JOB: JobEntry = JobEntry { kind: KIND, run, nightly: None, upkeep: true };

impl Batch<'_> {
    /// Has the index of new and changed views made once they are committed.
    pub(crate) fn plan_view_indexes(&mut self, object: &Object, drafts: &[&Draft]) -> Result<(), Error> {
        if object.name != "view" {
            return Ok(());
        }
        for draft in drafts {
            if ["object", "filter", "sort"].iter().any(|field| draft.changes(field)) {
                self.workspace.enqueue(self.tx, KIND, &json!({ "view": draft.after.id }), self.at)?;
            }
        }
        Ok(())
    }
}

/// Makes the index of one view. A view that is gone, or that no longer fits its object, needs none.
fn run(workspace: &Workspace, job: &JobRun) -> anyhow::Result<()> {
    let id = job.payload.get("view").and_then(serde_json::Value::as_str).and_then(|id| Uuid::parse_str(id).ok());
    let Some(id) = id else { return Ok(()) };
    let view = match workspace.load(&Actor::system("index of a view"), "view", id).wait() {
        Ok(view) => view,
        Err(Error::Problem(_)) => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    let text = |field: &str| view.get(field).as_text().unwrap_or_default().to_owned();
    let schema = workspace.schema();
    let Some(object) = schema.find_object(&text("object")) else { return Ok(()) };
    let mut equal = Vec::new();
    if let Ok(filter) = expr::parse_condition(&schema, object, &text("filter")) {
        collect_equal(&filter, &mut equal);
    }
    equal.truncate(EQUAL_MAX);
    let sort = sorts(object, &text("sort"));
    if !equal.is_empty() || !sort.is_empty() {
        workspace.store().ensure_index(object, &equal, &sort)?;
    }
    Ok(())
}

/// The record's own fields that must equal something for the condition to hold.
fn collect_equal(condition: &Expr, found: &mut Vec<String>) {
    match condition {
        Expr::And(all) => all.iter().for_each(|one| collect_equal(one, found)),
        Expr::Compare { op: CompareOp::Equal, left, right, .. } => {
            if let (Some(field), true) = (own_field(left), own_field(right).is_none()) {
                found.push(field);
            }
        }
        Expr::In { item, list, .. } if list.len() == 1 => found.extend(own_field(item)),
        _ => {}
    }
}

fn own_field(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Field(field)
            if field.scope == 0 && field.hops.is_empty() && field.part == Part::Whole && field.field != "id" =>
        {
            Some(field.field.clone())
        }
        _ => None,
    }
}

fn sorts(object: &Object, text: &str) -> Vec<Sort> {
    let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
    parts
        .map(|part| Sort { field: part.trim_start_matches('-').to_owned(), descending: part.starts_with('-') })
        .filter(|sort| object.find_field(&sort.field).is_some_and(|field| !field.hidden))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use model::{Field, Kind, Schema};

    use super::*;

    #[test]
    fn equal_fields_lead_an_index() {
        let text =
            json!({ "name": "deal", "plural": "deals", "label": "Deal", "label_plural": "Deals", "title": "name" });
        let mut object: Object = serde_json::from_value(text).unwrap();
        object.fields = ["name", "stage", "city"].iter().map(|name| Field::new(name, Kind::Text, name)).collect();
        let schema = Schema::new(1, vec![object]);
        let object: &Arc<Object> = &schema.objects()[0];
        let check = |source: &str, expected: &[&str]| {
            let mut found = Vec::new();
            collect_equal(&expr::parse_condition(&schema, object, source).unwrap(), &mut found);
            assert_eq!(found, expected, "{source}");
        };
        check("stage == 'won' && city == 'Bonn'", &["stage", "city"]);
        check("stage == 'won' || city == 'Bonn'", &[]);
        check("stage == name", &[]);
        check("city > 'B' && stage == 'won'", &["stage"]);
        let sorts = sorts(object, "-city, name, nothing");
        assert_eq!(
            sorts.iter().map(|sort| (sort.field.as_str(), sort.descending)).collect::<Vec<_>>(),
            [("city", true), ("name", false)]
        );
    }
}
