//! How many records saved views show, all in one answer.

use model::{Actor, Code, Problem, Record};
use serde_json::{Map, Value as Json, json};
use store::{Error, Pending, Tx};
use uuid::Uuid;

use crate::core_rules::PINS_MAX;
use crate::read::Query;
use crate::workspace::Workspace;

impl Workspace {
    /// `{"counts":{view: {"count":…,"exact":…}}}`. A view that is gone, that the actor may not see or that no longer
    /// fits its object has no count.
    ///
    /// # Errors
    /// Too many views at once; a database that fails.
    pub fn view_counts(&self, actor: &Actor, ids: Vec<Uuid>) -> Pending<Json> {
        let (workspace, actor) = (self.clone(), actor.clone());
        self.store().read(move |tx| {
            if ids.len() > PINS_MAX {
                let detail = format!("At most {PINS_MAX} views are counted at once. Ask for fewer.");
                return Err(Problem::new(Code::BadRequest, detail).into());
            }
            let mut counts = Map::new();
            for view in workspace.visible_views(tx, &actor, ids)? {
                let text = |name: &str| view.get(name).as_text().map(str::to_owned);
                let query =
                    Query { object: text("object").unwrap_or_default(), filter: text("filter"), ..Query::default() };
                let planned = match workspace.plan(tx, &actor, &query) {
                    Ok(planned) => planned,
                    Err(Error::Problem(_)) => continue,
                    Err(error) => return Err(error),
                };
                let (count, exact) = workspace.total(tx, &planned)?;
                counts.insert(view.id.to_string(), json!({ "count": count, "exact": exact }));
            }
            Ok(json!({ "counts": counts }))
        })
    }

    fn visible_views(&self, tx: &mut Tx, actor: &Actor, ids: Vec<Uuid>) -> Result<Vec<Record>, Error> {
        let mut views = Vec::new();
        if ids.is_empty() {
            return Ok(views);
        }
        let mut planned = self.plan(tx, actor, &Query { object: "view".to_owned(), ..Query::default() })?;
        planned.among(ids);
        tx.select(&planned.select, &mut |view| {
            views.push(view);
            Ok(())
        })?;
        Ok(views)
    }
}
