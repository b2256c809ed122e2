//! The OpenAPI document of a standard workspace.

use crate::site::on_sqlite;

#[test]
fn the_document_of_a_standard_workspace() {
    on_sqlite(async |site| {
        let document = site.admin().get("/api/openapi.json").await.is(200).json();
        let mut lines = Vec::new();
        let schema = site.kit.workspace.schema();
        let others = |path: &str| {
            let plural = path.split('/').nth(3).unwrap_or_default();
            schema.find_plural(plural).is_some_and(|object| !matches!(object.name.as_str(), "person" | "api_key"))
        };
        // Every object has the same operations; those of one and what differs are enough.
        for (path, methods) in document["paths"].as_object().unwrap().iter().filter(|(path, _)| !others(path)) {
            for (method, operation) in methods.as_object().unwrap() {
                let statuses: Vec<&str> =
                    operation["responses"].as_object().unwrap().keys().map(String::as_str).collect();
                let parameters: Vec<&str> = operation["parameters"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .filter(|parameter| parameter["in"] == "query")
                    .map(|parameter| parameter["name"].as_str().unwrap())
                    .collect();
                lines.push(format!(
                    "{} {path} {} [{}] -> {}",
                    method.to_uppercase(),
                    operation["operationId"].as_str().unwrap(),
                    parameters.join(" "),
                    statuses.join(" ")
                ));
            }
        }
        insta::assert_snapshot!("operations", lines.join("\n"));
        insta::assert_json_snapshot!("person", document["components"]["schemas"]["Person"]);
        insta::assert_json_snapshot!("person_values", document["components"]["schemas"]["PersonValues"]);
        insta::assert_json_snapshot!("create_person", document["paths"]["/api/v1/people"]["post"]);
    });
}

#[test]
fn every_reference_leads_to_a_schema_and_every_name_is_unique() {
    on_sqlite(async |site| {
        let document = site.admin().get("/api/openapi.json").await.is(200).json();
        let text = document.to_string();
        let schemas = document["components"]["schemas"].as_object().unwrap();
        for part in text.split("#/components/schemas/").skip(1) {
            let name = part.split('"').next().unwrap();
            assert!(schemas.contains_key(name), "{name}");
        }
        let mut ids: Vec<&str> =
            text.split("\"operationId\":\"").skip(1).map(|part| part.split('"').next().unwrap()).collect();
        let count = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), count);
    });
}
