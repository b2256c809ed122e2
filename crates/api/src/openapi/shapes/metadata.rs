//! Shapes of objects and fields, as administrators define them.

use serde_json::{Map, Value as Json, json};

use super::{any, list, object, reference, text, truth};

/// Objects, fields and what answers with them.
pub(super) fn add_all(all: &mut Map<String, Json>) {
    let option = object(&[("value", text()), ("label", text()), ("color?", text())]);
    let field = object(&[
        ("name", text()),
        ("kind", text()),
        ("label", text()),
        ("help?", text()),
        ("group?", text()),
        ("required?", truth()),
        ("unique?", truth()),
        ("default?", json!({})),
        ("format?", text()),
        ("options?", list(option)),
        ("open?", truth()),
        ("target?", text()),
        ("inverse?", any()),
        ("tree?", truth()),
        ("validation?", text()),
        ("validation_message?", text()),
        ("read_only?", truth()),
        ("kept?", truth()),
        ("visible_if?", text()),
        ("required_if?", text()),
        ("sensitive?", truth()),
        ("formula?", text()),
        ("result?", text()),
        ("rollup?", any()),
        ("pattern?", text()),
        ("unit?", text()),
        ("searched?", truth()),
    ]);
    let definition = object(&[
        ("name", text()),
        ("plural", text()),
        ("label", text()),
        ("label_plural", text()),
        ("description?", text()),
        ("icon?", text()),
        ("color?", text()),
        ("title", text()),
        ("subtitle?", text()),
        ("search?", list(text())),
        ("parent?", text()),
        ("timeline?", any()),
        ("columns?", list(text())),
        ("duplicates?", any()),
        ("owned?", truth()),
        ("fields?", list(reference("FieldDefinition"))),
    ]);
    all.insert("FieldDefinition".to_owned(), field);
    all.insert("ObjectDefinition".to_owned(), definition);
    let objects =
        object(&[("version", json!({ "type": "integer" })), ("objects", list(reference("ObjectDefinition")))]);
    all.insert("Objects".to_owned(), objects);
}
