//! What a hit of search says of where the words stand: a piece of a long text or of the text inside a file, as plain text,
//! and only of fields that the actor may read.

use std::collections::{BTreeMap, HashMap};

use model::{Actor, Code, Kind, Object};
use serde_json::Value as Json;
use store::{Error, Tx};
use uuid::Uuid;

use crate::effects::search_doc;
use crate::file_texts::texts_of;
use crate::read::Query;
use crate::workspace::Workspace;

/// Whether search looks into texts of the object that no title shows.
fn has_long_text(object: &Object) -> bool {
    let fields = object.search.iter().filter_map(|name| object.find_field(name));
    fields.into_iter().any(|field| matches!(field.value_kind(), Kind::LongText | Kind::Files))
}

impl Workspace {
    /// Puts an `excerpt` into those hits whose words stand in a long text.
    pub(crate) fn add_excerpts(&self, tx: &mut Tx, actor: &Actor, text: &str, hits: &mut [Json]) -> Result<(), Error> {
        let mut wanted: BTreeMap<String, Vec<Uuid>> = BTreeMap::new();
        for hit in hits.iter() {
            let object = hit.get("object").and_then(Json::as_str);
            let id = hit.get("id").and_then(Json::as_str).and_then(|id| Uuid::try_parse(id).ok());
            if let (Some(object), Some(id)) = (object, id) {
                wanted.entry(object.to_owned()).or_default().push(id);
            }
        }
        let mut found: HashMap<String, String> = HashMap::new();
        for (object, ids) in wanted {
            for (id, excerpt) in self.excerpts(tx, actor, &object, ids, text)? {
                found.insert(id.to_string(), excerpt);
            }
        }
        for hit in hits {
            let excerpt = hit.get("id").and_then(Json::as_str).and_then(|id| found.remove(id));
            if let (Some(excerpt), Some(hit)) = (excerpt, hit.as_object_mut()) {
                hit.insert("excerpt".to_owned(), Json::from(excerpt));
            }
        }
        Ok(())
    }

    fn excerpts(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        object: &str,
        ids: Vec<Uuid>,
        text: &str,
    ) -> Result<Vec<(Uuid, String)>, Error> {
        if !self.schema().find_object(object).is_some_and(|object| has_long_text(object)) {
            return Ok(Vec::new());
        }
        let query = Query { object: object.to_owned(), ..Query::default() };
        let mut planned = match self.plan(tx, actor, &query) {
            Ok(planned) => planned,
            Err(Error::Problem(problem)) if problem.code == Code::Forbidden => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        planned.among(ids);
        let object = planned.select.object.clone();
        planned.select.fields.retain(|name| *name == object.title || object.search.contains(name));
        if planned.select.fields.is_empty() {
            return Ok(Vec::new());
        }
        let mut records = Vec::new();
        tx.select(&planned.select, &mut |record| {
            records.push(record);
            Ok(())
        })?;
        let mut found = Vec::new();
        for record in &records {
            // One at a time: texts of files are large.
            let texts = texts_of(tx, &object, [record])?;
            let excerpt = store::excerpt(text, &search_doc(&object, record, &texts, false));
            found.extend(excerpt.map(|excerpt| (record.id, excerpt)));
        }
        Ok(found)
    }
}
