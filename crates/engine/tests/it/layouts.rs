//! Page layouts: what they may name, whose they are, and how they move, are undone and told of.

use engine::SchemaEdit;
use model::{Actor, Code, Field, Kind};
use serde_json::{Value as Json, json};
use testkit::{Kit, on_both, problem, sqlite};

/// The names of the layouts of an object that an actor's pages can follow, in order.
fn names(kit: &Kit, actor: &Actor, object: &str) -> Vec<String> {
    shown(kit, actor, object).iter().map(|layout| layout["name"].as_str().unwrap().to_owned()).collect()
}

fn shown(kit: &Kit, actor: &Actor, object: &str) -> Vec<Json> {
    kit.workspace.layouts(actor).unwrap().remove(object).unwrap_or_default()
}

fn sections(fields: &[&str]) -> Json {
    json!({ "sections": [{ "title": "First", "columns": 1, "fields": fields }] })
}

fn field(kit: &Kit, object: &str, name: &str) {
    let field = Box::new(Field::new(name, Kind::Text, name));
    let add = SchemaEdit::AddField { object: object.to_owned(), field };
    kit.workspace.edit_schema(&kit.system(), vec![add]).unwrap();
}

#[test]
fn what_a_layout_names_must_be_there_once() {
    on_both(|kit| {
        let make = |body: Json| kit.try_create(&kit.system(), "page_layout", body);
        let company = |content: Json| make(json!({ "name": "A", "object": "company", "content": content }));
        let long = "x".repeat(81);
        for (content, said) in [
            (json!(["name"]), "cannot be read"),
            (json!({ "section": [] }), "unknown field `section`"),
            (json!({ "sections": [{ "columns": 3, "fields": [] }] }), "1 or 2 columns"),
            (json!({ "sections": [{ "title": long, "fields": [] }] }), "at most 80 letters"),
            (json!({ "sections": vec![json!({ "fields": [] }); 41] }), "at most 40 sections"),
            (json!({ "sections": [{ "fields": ["kind"] }, { "fields": ["kind"] }] }), "`kind` stands in it twice"),
            (json!({ "strip": ["a", "b", "c", "d", "e", "f", "g", "h", "i"] }), "at most 8 names"),
            (sections(&["name", "nme"]), "Companies have no `nme`"),
            (json!({ "columns": ["gone"], "strip": ["kind"] }), "no `gone`"),
            (json!({ "panels": ["person.company", "ticket.company"] }), "no `ticket.company`"),
            (json!({ "panels": ["Files!"] }), "no `Files!`"),
        ] {
            let refused = problem(company(content.clone()));
            assert_eq!((refused.code, refused.fields[0].field.as_str()), (Code::Invalid, "content"), "{content}");
            assert!(refused.detail.contains(said), "{content}: {}", refused.detail);
        }
        let refused = problem(make(json!({ "name": "A", "object": "company", "condition": "knd == 'partner'" })));
        assert_eq!(refused.fields[0].field, "condition");
        assert_eq!((&refused.extra["position"], &refused.extra["length"]), (&json!(0), &json!(3)));
        for object in ["nothing", "role"] {
            assert_eq!(problem(make(json!({ "name": "A", "object": object }))).fields[0].field, "object");
        }
        // Nothing of what was refused is kept; what is right is stored in one form.
        let made = kit.create(
            "page_layout",
            json!({ "name": "A", "object": "company", "content": {
            "sections": [{ "title": " Who ", "fields": ["name", "kind"] }], "panels": ["files", "person.company"] } }),
        );
        let content = json!({ "sections": [{ "title": "Who", "columns": 2, "fields": ["name", "kind"] }],
                              "panels": ["files", "person.company"] });
        assert_eq!(kit.get("page_layout", made)["content"], content);
        assert_eq!(kit.column("page_layout", "name", "true", "name"), ["A"]);
        assert_eq!(problem(make(json!({ "name": "A", "object": "company" }))).fields[0].code, "not_unique");
        make(json!({ "name": "A", "object": "person" })).unwrap();
    });
}

#[test]
fn an_object_has_fifty_layouts_at_most() {
    on_both(|kit| {
        let layout = |number: usize| json!({ "name": format!("Layout {number}"), "object": "company" });
        for number in 0..50 {
            kit.create("page_layout", layout(number));
        }
        let refused = problem(kit.try_create(&kit.system(), "page_layout", layout(50)));
        assert_eq!(refused.fields[0].code, "too_many");
    });
}

#[test]
fn a_role_is_sent_what_it_can_meet_in_order() {
    on_both(|kit| {
        let all = json!({ "objects": { "*": { "read": "all" } } });
        let (clerk, boss) = (kit.user("clerk", all.clone(), None), kit.user("boss", all, None));
        let make = |name: &str, position: i64, more: Json| {
            let mut body = json!({ "name": name, "object": "company", "position": position });
            body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            kit.create("page_layout", body)
        };
        make("Everyone", 3, json!({}));
        let partners = json!({ "roles": [clerk.role], "condition": "kind == 'partner'" });
        let own = make("Partners of clerks", 2, partners);
        make("Bosses", 1, json!({ "roles": [boss.role] }));
        assert_eq!(names(kit, &clerk, "company"), ["Partners of clerks", "Everyone"]);
        assert_eq!(names(kit, &boss, "company"), ["Bosses", "Everyone"]);
        assert_eq!(shown(kit, &clerk, "company")[0]["condition"], json!("kind == 'partner'"));
        assert!(names(kit, &clerk, "person").is_empty());
        let batch = kit.update("page_layout", own, json!({ "position": 4 }));
        assert_eq!(names(kit, &clerk, "company"), ["Everyone", "Partners of clerks"]);
        kit.workspace.undo(&kit.system(), batch).unwrap();
        assert_eq!(names(kit, &clerk, "company"), ["Partners of clerks", "Everyone"]);
        // What was for one role does not become everybody's when the role goes.
        kit.delete("user", boss.user.unwrap());
        kit.delete("role", boss.role.unwrap());
        assert_eq!(names(kit, &clerk, "company"), ["Partners of clerks", "Everyone"]);
        let gone = kit.delete("page_layout", own);
        assert_eq!(names(kit, &clerk, "company"), ["Everyone"]);
        kit.workspace.undo(&kit.system(), gone).unwrap();
        assert_eq!(names(kit, &clerk, "company"), ["Partners of clerks", "Everyone"]);
    });
}

#[test]
fn a_layout_tells_nobody_of_what_they_may_not_see() {
    on_both(|kit| {
        let rights = json!({ "objects": {
            "company": { "read": "all", "fields": { "annual_revenue": "none", "industry": "read" } } } });
        let blind = kit.user("blind", rights, None);
        kit.create(
            "page_layout",
            json!({ "name": "All", "object": "company", "position": 1, "content": {
            "sections": [{ "title": "Money", "fields": ["annual_revenue", "industry"] }],
            "strip": ["annual_revenue", "kind"], "columns": ["annual_revenue", "industry"],
            "panels": ["person.company", "files"] } }),
        );
        let by = |name: &str, source: &str| {
            kit.create("page_layout", json!({ "name": name, "object": "company", "condition": source }))
        };
        by("Rich", "annual_revenue > 1000000");
        by("With people", "people.exists(p, p.job_title == 'CEO')");
        let seen = shown(kit, &blind, "company");
        assert_eq!(seen.len(), 1, "{seen:?}");
        let layout = &seen[0];
        assert_eq!(layout["sections"], json!([{ "title": "Money", "columns": 2, "fields": ["industry"] }]));
        assert_eq!((&layout["strip"], &layout["columns"]), (&json!(["kind"]), &json!(["industry"])));
        assert_eq!(layout["panels"], json!(["files"]));
        assert_eq!(shown(kit, &kit.system(), "company").len(), 3);
        // The records themselves are for those who configure.
        let id = kit.create("page_layout", json!({ "name": "X", "object": "person" }));
        assert_eq!(problem(kit.try_get(&blind, "page_layout", id)).code, Code::Forbidden);
        let own = json!({ "name": "Mine", "object": "person" });
        assert_eq!(problem(kit.try_create(&blind, "page_layout", own.clone())).code, Code::Forbidden);
        let refused = kit.try_update(&blind, "page_layout", id, json!({ "name": "Y" }), None);
        assert_eq!(problem(refused).code, Code::Forbidden);
        let configures = kit.user("architect", json!({ "objects": {}, "special": ["configure"] }), None);
        kit.try_create(&configures, "page_layout", own).unwrap();
        kit.try_update(&configures, "page_layout", id, json!({ "name": "Y" }), None).unwrap();
    });
}

#[test]
fn who_uses_a_field_names_layouts_and_a_field_that_goes_is_left_out() {
    on_both(|kit| {
        field(kit, "company", "badge");
        let id = kit.create(
            "page_layout",
            json!({ "name": "Badges", "object": "company", "content": sections(&["name", "badge"]) }),
        );
        kit.create(
            "page_layout",
            json!({ "name": "Tabs", "object": "company", "content": { "panels": ["person.company"] } }),
        );
        kit.create("page_layout", json!({ "name": "Badged", "object": "person", "condition": "company.badge == 'x'" }));
        let uses = |object: &str, field: Option<&str>| {
            let found = kit.workspace.uses(&kit.system(), object, field).unwrap();
            let layouts = found.into_iter().filter(|one| one.kind == "layout");
            layouts.map(|one| format!("{} {}", one.object, one.name)).collect::<Vec<_>>()
        };
        assert_eq!(uses("company", Some("badge")), ["company Badges", "person Badged"]);
        assert_eq!(uses("person", Some("company")), ["company Tabs", "person Badged"]);
        assert_eq!(uses("company", None), ["company Badges", "company Tabs", "person Badged"]);
        let system = kit.system();
        let hide = SchemaEdit::HideField { object: "company".to_owned(), field: "badge".to_owned() };
        let (batch, _) = kit.workspace.edit_schema(&system, vec![hide]).unwrap();
        let fields = || shown(kit, &system, "company")[0]["sections"][0]["fields"].clone();
        assert_eq!((fields(), uses("company", Some("badge")).len()), (json!(["name"]), 2));
        kit.update("page_layout", id, json!({ "name": "Still badges" }));
        kit.workspace.undo(&system, batch.unwrap()).unwrap();
        assert_eq!(fields(), json!(["name", "badge"]));
    });
}

/// A field, a role and a layout that needs both.
fn configure(kit: &Kit) {
    field(kit, "company", "badge");
    let role = kit.create("role", json!({ "name": "Clerk", "rights": { "objects": { "*": { "read": "all" } } } }));
    kit.create(
        "page_layout",
        json!({ "name": "Partners", "object": "company", "position": 1, "roles": [role],
        "condition": "kind == 'partner' && badge != ''", "content": {
            "sections": [{ "title": "Who", "columns": 1, "collapsed": true, "fields": ["badge", "name"] }],
            "strip": ["kind"], "panels": ["person.company", "files"], "columns": ["badge"] } }),
    );
    let lost = kit.create("role", json!({ "name": "Lost", "rights": {} }));
    kit.create("page_layout", json!({ "name": "For nobody", "object": "company", "roles": [lost] }));
    kit.delete("role", lost);
    kit.create("page_layout", json!({ "name": "People", "object": "person" }));
}

#[test]
fn layouts_move_as_files() {
    on_both(|kit| {
        let first = sqlite();
        configure(&first);
        let files = first.workspace.export_configuration(&first.system()).unwrap();
        let paths: Vec<&str> = files.iter().map(|(path, _)| path.as_str()).collect();
        let layouts = ["layouts/company-partners.toml", "layouts/person-people.toml"];
        let rest = ["objects/company.toml", "roles/clerk.toml", "views/deal-sales.toml"];
        assert_eq!(paths, [&layouts[..], &rest[..]].concat());
        assert!(files[0].1.contains("roles = [\"Clerk\"]"), "{}", files[0].1);
        let system = kit.system();
        let planned = kit.workspace.plan_configuration(&system, &files).unwrap();
        let told: Vec<String> = planned.iter().map(|one| format!("{} {} {}", one.action, one.kind, one.name)).collect();
        let expected =
            ["add field company.badge", "add role Clerk", "add layout company: Partners", "add layout person: People"];
        assert_eq!(told, expected);
        // The field and the role that it names come with the same batch.
        let (batch, _) = kit.workspace.apply_configuration(&system, &files, false).unwrap();
        assert_eq!(kit.workspace.export_configuration(&system).unwrap(), files);
        assert_eq!(kit.workspace.apply_configuration(&system, &files, true).unwrap(), (None, Vec::new()));
        assert_eq!(kit.column("page_layout", "content", "object == 'company'", "name")[0]["strip"], json!(["kind"]));
        let mut other = files.clone();
        other[0].1 = other[0].1.replace("Who", "Partner");
        other.remove(1);
        let (_, done) = kit.workspace.apply_configuration(&system, &other, true).unwrap();
        let told: Vec<String> =
            done.iter().map(|one| format!("{} {} {:?}", one.action, one.name, one.members)).collect();
        assert_eq!(told, ["change company: Partners [\"content\"]", "remove person: People []"]);
        kit.workspace.undo(&system, batch.unwrap()).unwrap();
        for (text, said) in [
            ("name = 'X'\nobject = 'company'\nroles = ['Nobody']", "`Nobody`, which is not there"),
            ("name = 'X'\nobject = 'company'\n[content]\nstrip = ['nothing']", "no `nothing`"),
            ("name = 'X'\nobject = 'company'\n[content]\nstrips = []", "layouts/x.toml: It cannot be read"),
            ("name = 'X'\nfields = []", "`fields` is not known here"),
        ] {
            let wrong = [("layouts/x.toml".to_owned(), text.to_owned())];
            let refused = problem(kit.workspace.apply_configuration(&system, &wrong, false));
            assert!(refused.detail.contains(said), "{text}: {}", refused.detail);
        }
    });
}
