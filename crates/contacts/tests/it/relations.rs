//! The graph around a record and the tree of companies: what is hidden leaves no trace, and no company is above itself.
use contacts::relations::{map, tree};
use serde_json::{Value as Json, json};
use testkit::{on_both, problem};

fn titles(found: &Json) -> Vec<String> {
    found["nodes"].as_array().unwrap().iter().map(|node| node["title"].as_str().unwrap().to_owned()).collect()
}

fn lines(found: &Json) -> Vec<String> {
    let name = |end: &Json| {
        let nodes = found["nodes"].as_array().unwrap();
        nodes.iter().find(|node| node["id"] == end["id"]).unwrap()["title"].as_str().unwrap().to_owned()
    };
    let mut lines: Vec<String> = found["lines"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| {
            let left = if line["left"] == true { " (left)" } else { "" };
            format!("{} {} {}{left}", name(&line["from"]), line["kind"].as_str().unwrap(), name(&line["to"]))
        })
        .collect();
    lines.sort();
    lines
}

#[test]
fn the_graph_shows_lines_to_what_is_seen_and_nothing_else() {
    on_both(|kit| {
        let system = kit.system();
        let acme = kit.create("company", json!({ "name": "Acme" }));
        let old = kit.create("company", json!({ "name": "Old" }));
        let ann = kit.create("person", json!({ "given_name": "Ann", "company": acme }));
        let ben = kit.create("person", json!({ "given_name": "Ben", "reports_to": ann }));
        let cid = kit.create("person", json!({ "given_name": "Cid" }));
        kit.create("affiliation", json!({ "person": ann, "company": old, "has_left": true }));
        let end = |id| json!([{ "object": "person", "id": id }]);
        kit.create("relationship", json!({ "subject": end(cid), "kind": "spouse", "related": end(ben) }));
        let near = map(&kit.workspace, &system, "person", &ann.to_string(), 1).unwrap();
        assert_eq!(titles(&near), ["Ann", "Acme", "Ben", "Old"]);
        assert_eq!(lines(&near), ["Ann affiliation Old (left)", "Ann works_at Acme", "Ben reports_to Ann"]);
        let far = map(&kit.workspace, &system, "person", &ann.to_string(), 2).unwrap();
        assert_eq!((titles(&far).len(), lines(&far).contains(&"Cid spouse Ben".to_owned())), (5, true));
        let rights =
            json!({ "objects": { "person": { "read": "given_name != 'Ben'" }, "relationship": { "read": "all" } } });
        let member = kit.user("member", rights, None);
        let few = map(&kit.workspace, &member, "person", &ann.to_string(), 2).unwrap();
        assert_eq!((titles(&few), &few["more"], lines(&few).len()), (vec!["Ann".to_owned()], &json!(0), 0));
        problem(map(&kit.workspace, &member, "person", &ben.to_string(), 1));
        problem(map(&kit.workspace, &member, "company", &acme.to_string(), 1));
        for at in 0..50 {
            kit.create("person", json!({ "given_name": format!("Staff {at}"), "company": acme }));
        }
        let many = map(&kit.workspace, &system, "company", &acme.to_string(), 1).unwrap();
        assert_eq!((titles(&many).len(), &many["more"], &many["at_least"]), (40, &json!(12), &json!(false)));
    });
}

#[test]
fn companies_are_a_tree_with_sums_and_no_circle() {
    on_both(|kit| {
        let system = kit.system();
        let top = kit.create("company", json!({ "name": "Top" }));
        let mid = kit.create("company", json!({ "name": "Mid", "parent": top }));
        let low = kit.create("company", json!({ "name": "Low", "parent": mid }));
        kit.create("company", json!({ "name": "Aside", "parent": top }));
        kit.create("person", json!({ "given_name": "Ann", "company": low }));
        kit.create("person", json!({ "given_name": "Ben", "company": top }));
        let all = tree(&kit.workspace, &system, &mid.to_string()).unwrap();
        let said: Vec<String> = all["companies"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| {
                format!("{} {} {}/{}", one["level"], one["title"].as_str().unwrap(), one["people"], one["all_people"])
            })
            .collect();
        assert_eq!(said, ["0 Top 1/2", "1 Aside 0/0", "1 Mid 0/1", "2 Low 1/1"]);
        let refused = problem(kit.try_update(&system, "company", top, json!({ "parent": low }), None));
        assert_eq!((refused.fields[0].field.as_str(), refused.fields[0].code.as_str()), ("parent", "circle"));
        let aside = kit.create("company", json!({ "name": "Group" }));
        kit.update("company", top, json!({ "parent": aside }));
        let rights = json!({ "objects": { "company": { "read": "name != 'Top'" } } });
        let member = kit.user("member", rights, None);
        let few = tree(&kit.workspace, &member, &low.to_string()).unwrap();
        let few: Vec<&str> =
            few["companies"].as_array().unwrap().iter().map(|one| one["title"].as_str().unwrap()).collect();
        assert_eq!(few, ["Mid", "Low"], "the tree begins below what is out of sight");
        problem(tree(&kit.workspace, &member, &top.to_string()));
    });
}
