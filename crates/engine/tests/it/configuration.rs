//! The configuration moves between installations as files.

use engine::SchemaEdit;
use engine::configuration::File;
use model::{Code, Object};
use serde_json::json;
use testkit::{Kit, on_both, problem, sqlite};

/// An object of one's own with relations, formula and figure, a changed field, a role and a view.
fn configure(kit: &Kit) {
    let object: Object = serde_json::from_value(json!({
        "name": "property", "plural": "properties", "label": "Property", "label_plural": "Properties", "title": "name",
        "search": ["name"], "icon": "home",
        "fields": [
            { "name": "name", "kind": "text", "label": "Name", "required": true },
            { "name": "price", "kind": "money", "label": "Price", "default": { "amount": 1.5, "currency": "EUR" } },
            { "name": "status", "kind": "select", "label": "Status", "default": "free",
              "options": [{ "value": "free", "label": "Free", "color": "green" }, { "value": "sold", "label": "Sold" }] },
            { "name": "seller", "kind": "reference", "label": "Seller", "target": "company",
              "inverse": { "name": "properties", "label": "Properties" } },
            { "name": "line", "kind": "formula", "label": "Line", "result": "text", "formula": "name + ' of ' + seller.name" }
        ]
    }))
    .unwrap();
    let figure = json!({ "name": "property_count", "kind": "rollup", "label": "Properties", "result": "integer",
        "rollup": { "object": "property", "via": "seller", "aggregate": "count", "filter": "status == 'free'" } });
    let company = kit.workspace.schema().find_object("company").unwrap().clone();
    let mut renamed = (*company).clone();
    renamed.fields.retain(|field| !field.system);
    renamed.label_plural = "Accounts".to_owned();
    let mut industry = company.find_field("industry").unwrap().clone();
    industry.help = Some("In one word.".to_owned());
    industry.group = None;
    let edits = vec![
        SchemaEdit::AddObject(Box::new(object)),
        SchemaEdit::ChangeField { object: "company".to_owned(), field: Box::new(industry) },
        SchemaEdit::AddField { object: "company".to_owned(), field: Box::new(serde_json::from_value(figure).unwrap()) },
        SchemaEdit::ChangeObject(Box::new(renamed)),
    ];
    kit.workspace.edit_schema(&kit.system(), edits).unwrap();
    let rights = json!({ "objects": { "property": { "read": "status == 'free'", "create": true, "update": "own" } },
                         "special": ["export"] });
    kit.create("role", json!({ "name": "Agent", "description": "Sells.", "rights": rights }));
    kit.create("view", json!({ "name": "By status", "object": "property", "type": "board", "group": "status",
                               "filter": "price > 100", "columns": [{ "field": "name" }, { "field": "price", "width": 90 }],
                               "shared": "everyone" }));
    kit.create("view", json!({ "name": "My own", "object": "property" }));
}

fn export(kit: &Kit) -> Vec<File> {
    kit.workspace.export_configuration(&kit.system()).unwrap()
}

#[test]
fn a_fresh_installation_becomes_the_same() {
    on_both(|kit| {
        let first = sqlite();
        configure(&first);
        let files = export(&first);
        let begun = export(kit);
        let paths: Vec<&str> = files.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!(
            paths,
            [
                "objects/company.toml",
                "objects/property.toml",
                "roles/agent.toml",
                "views/deal-sales.toml",
                "views/property-by-status.toml",
            ]
        );
        let system = kit.system();
        let planned = kit.workspace.plan_configuration(&system, &files).unwrap();
        assert!(kit.workspace.schema().find_object("property").is_none());
        let (batch, done) = kit.workspace.apply_configuration(&system, &files, false).unwrap();
        assert_eq!(done, planned);
        assert_eq!(export(kit), files);
        for name in ["property", "company"] {
            let (here, there) = (kit.workspace.schema(), first.workspace.schema());
            assert_eq!(here.find_object(name), there.find_object(name));
        }
        assert_eq!(kit.workspace.apply_configuration(&system, &files, true).unwrap(), (None, Vec::new()));
        // It works, and one undo takes it all back.
        let acme = kit.create("company", json!({ "name": "Acme" }));
        let house = kit.create("property", json!({ "name": "House", "seller": acme }));
        assert_eq!(
            (&kit.get("property", house)["line"], &kit.get("company", acme)["property_count"]),
            (&json!("House of Acme"), &json!(1))
        );
        kit.workspace.undo(&system, batch.unwrap()).unwrap();
        assert_eq!(export(kit), begun);
    });
}

#[test]
fn differences_are_told_and_only_these_are_made() {
    on_both(|kit| {
        configure(kit);
        let system = kit.system();
        let mut files = export(kit);
        let property = &mut files[1].1;
        *property = property.replace("label = \"Price\"", "label = \"Asking price\"");
        files.remove(4);
        files.push(("roles/boss.toml".to_owned(), "name = \"Boss\"\n[rights]\nadmin = true\n".to_owned()));
        let planned = kit.workspace.plan_configuration(&system, &files).unwrap();
        let told: Vec<String> = planned.iter().map(|one| format!("{} {} {}", one.action, one.kind, one.name)).collect();
        assert_eq!(told, ["change field property.price", "add role Boss", "remove view property: By status"]);
        let (_, done) = kit.workspace.apply_configuration(&system, &files, false).unwrap();
        assert_eq!(done, planned[..2]);
        assert_eq!(kit.column("view", "name", "object == 'property' && shared == 'everyone'", "name"), ["By status"]);
        let (_, done) = kit.workspace.apply_configuration(&system, &files, true).unwrap();
        assert_eq!(done, planned[2..]);
        assert!(kit.column("view", "name", "object == 'property' && shared == 'everyone'", "name").is_empty());
    });
}

#[test]
fn files_that_do_not_hold_change_nothing() {
    on_both(|kit| {
        configure(kit);
        let before = export(kit);
        for (path, text, said) in [
            ("objects/x.toml", "label = 'X'", "neither `name` nor `extends`"),
            ("objects/x.toml", "extends = 'nothing'", "not shipped"),
            ("objects/person.toml", "name = 'person'", "say `extends = \"person\"`"),
            ("objects/x.toml", "name = ", "objects/x.toml"),
            ("roles/x.toml", "nme = 'x'", "`nme` is not known here"),
            ("other/x.toml", "", "stands in `objects`, `roles`, `territories`, `views` or `layouts`"),
            (
                "objects/company.toml",
                "extends = 'company'\n[[fields]]\nname = 'f'\nkind = 'formula'\nlabel = 'F'\nresult = 'text'\nformula = 'nme'",
                "nme",
            ),
        ] {
            let files = [(path.to_owned(), text.to_owned())];
            let refused = problem(kit.workspace.apply_configuration(&kit.system(), &files, false));
            assert!(refused.to_string().contains(said) || refused.detail.contains(said), "{path}: {}", refused.detail);
        }
        let clerk = kit.user("clerk", json!({ "objects": { "*": { "read": "all" } } }), None);
        assert_eq!(problem(kit.workspace.export_configuration(&clerk)).code, Code::Forbidden);
        assert_eq!(problem(kit.workspace.apply_configuration(&clerk, &before, true)).code, Code::Forbidden);
        let mut now = export(kit);
        now.retain(|(path, _)| path != "roles/role-of-clerk.toml");
        assert_eq!(now, before);
    });
}

#[test]
fn the_tree_of_territories_moves_without_its_people() {
    on_both(|kit| {
        let first = sqlite();
        configure(&first);
        let size = json!({ "name": "size", "kind": "integer", "label": "Size" });
        let field = Box::new(serde_json::from_value(size).unwrap());
        let edit = SchemaEdit::AddField { object: "company".to_owned(), field };
        first.workspace.edit_schema(&first.system(), vec![edit]).unwrap();
        let boss = first.user("boss", json!({ "admin": true }), None);
        let zone = first.create("territory", json!({ "name": "Europe", "users": [boss.id] }));
        first.create("territory", json!({ "name": "DACH", "parent": zone, "position": 2, "rule": "size > 10" }));
        let files: Vec<File> = export(&first).into_iter().filter(|(path, _)| !path.starts_with("roles")).collect();
        let (_, dach) = files.iter().find(|(path, _)| path == "territories/dach.toml").unwrap();
        assert_eq!(dach, "name = \"DACH\"\nparent = \"Europe\"\nposition = 2\nrule = \"size > 10\"\n");
        // A rule comes together with the field that it reads, a part before the whole.
        let (batch, _) = kit.workspace.apply_configuration(&kit.system(), &files, false).unwrap();
        assert!(kit.workspace.plan_configuration(&kit.system(), &files).unwrap().is_empty());
        while kit.workspace.run_due_job().unwrap() {}
        let large = kit.create("company", json!({ "name": "Large", "size": 11 }));
        let stands = kit.get("company", large)["territory"].as_str().unwrap().parse().unwrap();
        assert_eq!(kit.get("territory", stands)["name"], "DACH");
        // Gone with the whole tree, in one go.
        let rest: Vec<File> = files.iter().filter(|(path, _)| !path.starts_with("territories")).cloned().collect();
        let (pruned, _) = kit.workspace.apply_configuration(&kit.system(), &rest, true).unwrap();
        while kit.workspace.run_due_job().unwrap() {}
        assert!(kit.get("company", large)["territory"].is_null());
        kit.workspace.undo(&kit.system(), pruned.unwrap()).unwrap();
        while kit.workspace.run_due_job().unwrap() {}
        assert!(kit.get("company", large)["territory"].is_string());
        let lost: Vec<File> = files.iter().filter(|(path, _)| !path.ends_with("europe.toml")).cloned().collect();
        let fresh = sqlite();
        let refused = problem(fresh.workspace.apply_configuration(&fresh.system(), &lost, false));
        assert!(refused.detail.contains("`Europe`, which is in no file"), "{}", refused.detail);
        assert!(batch.is_some());
    });
}
