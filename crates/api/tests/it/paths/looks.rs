//! Single records, search, timelines, histories, files, possible duplicates.

use std::collections::{BTreeSet, HashMap};

use serde_json::{Value as Json, json};
use testkit::random::Random;

use super::conditions::{CONDITIONS, over};
use super::eyes::{Eyes, without};
use super::world::{OBJECTS, Reach, SHARED};
use super::{Case, object};
use crate::site::{Answer, encoded};

/// Any record of an object.
fn one<'a>(case: &Case<'a>, random: &mut Random) -> (&'static str, &'static str, &'a Json) {
    let (object, plural) = object(random);
    (object, plural, random.pick(case.world.all(object)))
}

/// The answer when the record may be seen; else it is made sure that it was not there.
fn seen(case: &Case<'_>, object: &str, record: &Json, answer: Answer, path: &str) -> Option<Answer> {
    if case.eyes.reach(object, 0) == Reach::None {
        assert_eq!(answer.code(403), "forbidden", "{}{path}", case.who());
        return None;
    }
    if !case.eyes.sees(object, record) {
        assert_eq!(answer.status, 404, "{}{path} {}", case.who(), answer.text());
        return None;
    }
    assert_eq!(answer.status, 200, "{}{path} {}", case.who(), answer.text());
    Some(answer)
}

/// One record, now or as it was at a moment.
pub async fn get(case: &Case<'_>, random: &mut Random) {
    let (object, plural, record) = one(case, random);
    let past = random.chance(3);
    let path = match past {
        true => format!("/{plural}/{}?at=2999-01-01T00:00:00Z&include=owner", record["id"].as_str().unwrap()),
        false => format!("/{plural}/{}?include=owner", record["id"].as_str().unwrap()),
    };
    let answer = case.get(&path).await;
    let Some(answer) = seen(case, object, record, answer, &path) else { return };
    let body = answer.json();
    assert_eq!(without(&body, "included"), case.eyes.shown(object, record), "{}{path}", case.who());
    let titles = body["included"]["user"].as_object().unwrap();
    let titles: HashMap<String, String> =
        titles.iter().map(|(id, title)| (id.clone(), title["title"].as_str().unwrap().to_owned())).collect();
    assert_eq!(titles, case.eyes.included(object, "owner", "user", &[record]), "{}{path}", case.who());
}

/// A sensitive field, asked for: whoever may read it is told, and the audit log tells of it.
pub async fn reveal(case: &Case<'_>, random: &mut Random) {
    let record = random.pick(case.world.all("boat"));
    let path = format!("/boats/{}/reveal", record["id"].as_str().unwrap());
    let answer = case.client.post(&path, json!({ "fields": ["secret"] })).await;
    if case.eyes.reach("boat", 0) == Reach::None || !case.eyes.knows("boat", "secret") {
        assert_eq!(answer.code(403), "forbidden", "{}{path}", case.who());
        return;
    }
    let Some(answer) = seen(case, "boat", record, answer, &path) else { return };
    assert_eq!(answer.json(), json!({ "values": { "secret": record["secret"] } }), "{}{path}", case.who());
}

/// Words of one record, of many, beginnings, two at once; of all objects, of one, of those that a condition holds for.
pub async fn search(case: &Case<'_>, random: &mut Random) {
    let words: Vec<&String> = case.world.words.keys().collect();
    let mut words: Vec<&str> = words.into_iter().map(String::as_str).collect();
    words.sort_unstable();
    let word = *random.pick(&words);
    let typed: Vec<String> = match random.below(5) {
        0 | 1 => vec![word.to_owned()],
        2 => vec![word[..4].to_owned()],
        3 => vec![(*random.pick(&SHARED)).to_owned()],
        _ => vec![word.to_owned(), (*random.pick(&SHARED)).to_owned()],
    };
    let limit = *random.pick(&[3, 50, 50]);
    let mut path = format!("/search?q={}&limit={limit}", encoded(&typed.join(" ")));
    let mut objects: Vec<&str> = OBJECTS.iter().map(|(name, _, _)| *name).collect();
    let mut condition = None;
    if random.chance(2) {
        objects = vec![*random.pick(&objects)];
        path.push_str(&format!("&objects={}", objects[0]));
        condition = random.chance(2).then(|| &CONDITIONS[*random.pick(&over(objects[0]))]);
    }
    if let Some(condition) = condition {
        path.push_str(&format!("&filter={}", encoded(condition.source)));
        let uses: Vec<String> = condition.uses.iter().map(|used| (*used).to_owned()).collect();
        if case.eyes.reach(objects[0], 0) == Reach::None || !case.eyes.may_use(&uses) {
            assert_eq!(case.client.get(&path).await.code(403), "forbidden", "{}{path}", case.who());
            return;
        }
    }
    let answer = case.client.get(&path).await.is(200);
    let body = answer.json();
    let mut wanted: HashMap<String, String> = HashMap::new();
    for object in objects {
        let holds = |record: &&Json| condition.is_none_or(|one| (one.holds)(&case.eyes, record));
        for record in case.world.all(object).iter().filter(|one| case.eyes.finds(object, one, &typed)).filter(holds) {
            wanted.insert(record["id"].as_str().unwrap().to_owned(), case.eyes.title(object, record));
        }
    }
    let results = body["results"].as_array().unwrap();
    let found: HashMap<String, String> = results
        .iter()
        .map(|hit| (hit["id"].as_str().unwrap().to_owned(), hit["title"].as_str().unwrap().to_owned()))
        .collect();
    let known = found.iter().all(|(id, title)| wanted.get(id) == Some(title));
    assert!(
        known && found.len() == wanted.len().min(limit),
        "{}{typed:?} of {limit}\n{found:?}\n{wanted:?}",
        case.who()
    );
    // Whoever typed a word knows it; nothing else may come along.
    let mut rest = answer;
    rest.bytes = typed.iter().fold(rest.text(), |text, word| text.replace(word.as_str(), "")).into();
    case.audit(&path, &rest);
}

/// Activities and changes, page by page.
pub async fn timeline(case: &Case<'_>, random: &mut Random) {
    let (object, plural, record) = one(case, random);
    let id = record["id"].as_str().unwrap();
    let kinds = *random.pick(&["", "", "&kinds=change", "&kinds=note,task", "&kinds=document,change"]);
    let limit = *random.pick(&[2, 7, 100]);
    let path = format!("/{plural}/{id}/timeline?limit={limit}{kinds}");
    let mut answer = case.get(&path).await;
    let mut shown: Vec<Json> = Vec::new();
    loop {
        let Some(page) = seen(case, object, record, answer, &path) else { return };
        let body = page.json();
        shown.extend(body["entries"].as_array().unwrap().iter().cloned());
        match body["next"].as_str() {
            Some(next) => answer = case.get(&format!("{path}&cursor={next}")).await,
            None => break,
        }
    }
    let all = case.orders.get(&format!("/{plural}/{id}/timeline?limit=100{kinds}")).await;
    assert!(all["next"].is_null());
    let wanted: Vec<Json> =
        all["entries"].as_array().unwrap().iter().filter_map(|entry| case.eyes.entry(id, entry)).collect();
    for entry in &mut shown {
        if let Some(subject) = entry.get_mut("subject").and_then(Json::as_object_mut) {
            subject.remove("subtitle");
        }
        if let Some(reactions) = entry.get_mut("reactions") {
            *reactions = case.world.with_mine(reactions, &case.eyes.user.id);
        }
    }
    assert_eq!(json!(shown), json!(wanted), "{}{path}", case.who());
}

/// Changes of one record.
pub async fn history(case: &Case<'_>, random: &mut Random) {
    let (object, plural, record) = one(case, random);
    let path = format!("/{plural}/{}/history?limit=100", record["id"].as_str().unwrap());
    let answer = case.get(&path).await;
    let Some(answer) = seen(case, object, record, answer, &path) else { return };
    let all = case.orders.get(&path).await;
    let wanted: Vec<Json> =
        all["changes"].as_array().unwrap().iter().map(|change| case.eyes.change(object, change)).collect();
    assert_eq!(answer.json()["changes"], json!(wanted), "{}{path}", case.who());
}

/// The bytes of a document.
pub async fn file(case: &Case<'_>, random: &mut Random) {
    let record = random.pick(case.world.all("document"));
    let sha256 = record["files"][0]["id"].as_str().unwrap();
    let path = format!("/documents/{}/files/files/{sha256}", record["id"].as_str().unwrap());
    let answer = case.get(&path).await;
    let open = case.eyes.reads("document", "files");
    if !open && case.eyes.sees("document", record) {
        assert_eq!(answer.status, 404, "{}{path}", case.who());
        return;
    }
    if let Some(answer) = seen(case, "document", record, answer, &path) {
        assert_eq!(Some(&answer.text()), case.world.text_of(record, "files"));
    }
}

/// Who is like somebody: only whom the user sees, by what the user sees.
pub async fn duplicates(case: &Case<'_>, random: &mut Random) {
    let record = random.pick(case.world.all("person"));
    let values =
        json!({ "emails": record["emails"], "given_name": record["given_name"], "family_name": record["family_name"] });
    let answer = case.client.post("/people/check", values).await;
    if case.eyes.reach("person", 0) == Reach::None {
        assert_eq!(answer.code(403), "forbidden", "{}", case.who());
        return;
    }
    let body = answer.is(200).json();
    let open = case.eyes.sees("person", record) && record["deleted_at"].is_null();
    let told = body["duplicates"].as_array().unwrap().iter().find(|found| found["id"] == record["id"]);
    let fields = ["emails", "given_name", "family_name"];
    match told {
        Some(found) => {
            assert!(open && fields.iter().any(|field| case.eyes.reads("person", field)), "{}{body}", case.who());
            let by_email = found["reasons"].to_string().contains("mail");
            assert!(!by_email || case.eyes.reads("person", "emails"), "{}{body}", case.who());
            assert_eq!(found["title"], case.eyes.title("person", record), "{}", case.who());
        }
        None => assert!(!(open && fields.iter().all(|field| case.eyes.reads("person", field))), "{}{body}", case.who()),
    }
}

/// Who stands around a person or company: exactly the neighbours that are seen, over fields that are read.
pub async fn relations(case: &Case<'_>, random: &mut Random) {
    let (object, plural) = *random.pick(&[("person", "people"), ("company", "companies")]);
    let record = random.pick(case.world.all(object));
    let id = record["id"].as_str().unwrap();
    let path = format!("/{plural}/{id}/relations");
    let answer = case.get(&path).await;
    if object == "company" {
        case.get(&format!("/companies/{id}/tree")).await;
    }
    if case.eyes.sees(object, record) && !record["deleted_at"].is_null() {
        assert_eq!(answer.status, 404, "{}{path}: deleted", case.who());
        return;
    }
    let Some(answer) = seen(case, object, record, answer, &path) else { return };
    let body = answer.json();
    let mut wanted: BTreeSet<String> = BTreeSet::new();
    for (field, of, to) in
        [("company", "person", "company"), ("reports_to", "person", "person"), ("parent", "company", "company")]
    {
        let open = |object: &str, record: &Json| record["deleted_at"].is_null() && case.eyes.sees(object, record);
        if !case.eyes.reads(of, field) {
            continue;
        }
        if of == object
            && let Some(other) = record[field].as_str().and_then(|id| case.world.find(to, id))
            && open(to, other)
        {
            wanted.insert(other["id"].as_str().unwrap().to_owned());
        }
        if to == object {
            let near = case.world.all(of).iter().filter(|near| near[field].as_str() == Some(id) && open(of, near));
            wanted.extend(near.map(|near| near["id"].as_str().unwrap().to_owned()));
        }
    }
    let nodes = body["nodes"].as_array().unwrap();
    let shown: BTreeSet<String> =
        nodes.iter().map(|node| node["id"].as_str().unwrap().to_owned()).filter(|node| node != id).collect();
    wanted.remove(id);
    assert!(shown.is_subset(&wanted), "{}{path}: {shown:?} of {wanted:?}", case.who());
    assert_eq!(shown.len() as u64 + body["more"].as_u64().unwrap(), wanted.len() as u64, "{}{path}", case.who());
}

/// Who is at a record: nobody where it is out of sight, and no name of a field that is hidden.
pub async fn presence(case: &Case<'_>, random: &mut Random) {
    let (object, plural, record) = one(case, random);
    let path = format!("/{plural}/{}/presence", record["id"].as_str().unwrap());
    let field = match object {
        "note" | "comment" | "task" => "body",
        "boat" => "secret",
        _ => "description",
    };
    let other = random.pick(&case.world.users);
    let theirs = Eyes::of(case.world, other);
    let client = case.world.client(case.client.site, other);
    let said = client.post(&path, json!({ "editing": field })).await;
    let both = theirs.sees(object, record) && theirs.reads(object, field);
    assert_eq!(said.status == 200, both, "user {} at {path}: {}", other.id, said.text());
    let answer = case.client.post(&path, json!({})).await;
    case.audit(&path, &answer);
    let Some(answer) = seen(case, object, record, answer, &path) else { return };
    let body = answer.json();
    let people = body["people"].as_array().unwrap();
    let open = case.eyes.reads(object, field);
    assert!(people.iter().all(|one| open || one["editing"].is_null()), "{}{path}: {body}", case.who());
    if both && other.id != case.eyes.user.id {
        let one = people.iter().find(|one| one["user"] == other.id).unwrap();
        assert_eq!(one["editing"] == field, open, "{}{path}: {body}", case.who());
    }
}
