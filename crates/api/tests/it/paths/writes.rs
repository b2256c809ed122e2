//! Writes that the model says are refused: they are, and nothing is left of them.

use axum::http::Method;
use serde_json::{Value as Json, json};
use testkit::random::Random;

use super::world::{OBJECTS, Reach, World};
use super::{Case, Orders, object};
use crate::site::{Answer, Site};

/// Gives how many refusals were looked at.
pub async fn refused(site: &Site, world: &World, orders: &Orders<'_>, random: &mut Random, wanted: usize) -> usize {
    let (before, changes) = (site.kit.checksum(), site.kit.changes());
    let mut done = 0;
    while done < wanted {
        let user = &world.users[1 + random.below(world.users.len() - 1)];
        let case = Case::new(site, world, user, orders);
        if one(&case, random).await {
            done += 1;
            assert_eq!(site.kit.changes(), changes, "{} left a trace", case.who());
        }
    }
    assert_eq!(site.kit.checksum(), before);
    done
}

/// A field that new values may be given to, with a value.
fn edit(random: &mut Random, object: &str) -> (&'static str, Json) {
    match object {
        "company" => *random.pick(&[("legal_name", "denied"), ("description", "denied"), ("name", "denied")]),
        "person" => *random.pick(&[("job_title", "denied"), ("family_name", "denied")]),
        "document" => *random.pick(&[("description", "denied"), ("name", "denied")]),
        "comment" => ("body", "denied"),
        "boat" => *random.pick(&[("secret", "denied"), ("name", "denied")]),
        _ => *random.pick(&[("title", "denied"), ("body", "denied")]),
    }
    .into_json()
}

trait IntoJson {
    fn into_json(self) -> (&'static str, Json);
}

impl IntoJson for (&'static str, &'static str) {
    fn into_json(self) -> (&'static str, Json) {
        (self.0, json!(self.1))
    }
}

/// What a write of a record is answered: 0 when the model would let it through.
fn expected(case: &Case<'_>, object: &str, record: &Json, right: usize, fields: &[&str]) -> u16 {
    if case.eyes.reach(object, right) == Reach::None {
        return 403;
    }
    if !case.eyes.sees(object, record) {
        return 404;
    }
    let deleted = !record["deleted_at"].is_null();
    if right == 1 && deleted {
        return 404;
    }
    if !case.eyes.may(object, record, right) {
        return 403;
    }
    if fields.iter().any(|field| case.eyes.field(object, field) != "write") { 403 } else { 0 }
}

fn check(case: &Case<'_>, answer: &Answer, status: u16, what: &str) {
    // 404 and 403 both refuse; which of them it is says whether the record may be known of.
    let right = answer.status == status || (status == 403 && answer.status == 404);
    assert!(right, "{}{what}: {} instead of {status} {}", case.who(), answer.status, answer.text());
    case.audit(what, answer);
}

/// Tries one write; false when the model would let it through, so that it was not tried.
async fn one(case: &Case<'_>, random: &mut Random) -> bool {
    let (object, plural) = object(random);
    let record = random.pick(case.world.all(object));
    let id = record["id"].as_str().unwrap();
    let (field, value) = edit(random, object);
    match random.below(9) {
        0 | 1 => {
            let status = expected(case, object, record, 1, &[field]);
            if status == 0 {
                return false;
            }
            // An empty change would answer with the record, and so would a stale one.
            let body =
                if case.eyes.may(object, record, 1) && random.chance(3) { json!({}) } else { json!({ field: value }) };
            if body == json!({}) && expected(case, object, record, 1, &[]) == 0 {
                return false;
            }
            let client =
                if random.chance(3) { case.client.with("if-match", "\"99\"") } else { case.client.with("x-a", "b") };
            if status == 403
                && client.extra.iter().any(|(name, _)| name == "if-match")
                && expected(case, object, record, 1, &[]) == 0
            {
                return false;
            }
            check(case, &client.patch(&format!("/{plural}/{id}"), body).await, status, "an edit");
        }
        2 => {
            let status = expected(case, object, record, 2, &[]);
            let deleted = !record["deleted_at"].is_null();
            if status == 0 && !deleted {
                return false;
            }
            let answer = case.client.delete(&format!("/{plural}/{id}")).await;
            check(case, &answer, if status == 0 { 404 } else { status }, "a deletion");
        }
        3 => {
            let status = expected(case, object, record, 2, &[]);
            let deleted = !record["deleted_at"].is_null();
            if status == 0 && deleted {
                return false;
            }
            let answer = case.client.post(&format!("/{plural}/{id}/restore"), json!({})).await;
            check(case, &answer, if status == 0 { 404 } else { status }, "a restoration");
        }
        4 => return create(case, object, plural, random).await,
        5 => return bulk(case, object, plural, random).await,
        6 => return merge(case, object, plural, record, random).await,
        7 => {
            if case.eyes.special("import") {
                return false;
            }
            let path = format!("/imports?object={object}&name=a.csv");
            let body = ("text/csv", b"name\ndenied\n".to_vec());
            let answer = case.client.send(case.client.request(Method::POST, &path, Some(body))).await;
            check(case, &answer, 403, "an import");
        }
        _ => return undo(case, random).await,
    }
    true
}

async fn create(case: &Case<'_>, object: &str, plural: &str, random: &mut Random) -> bool {
    let allowed = case.world.role_of(case.eyes.user).of(object).is_some_and(|rights| rights.create);
    let company = case.world.all("company")[0]["id"].clone();
    let about = json!([{ "object": "company", "id": company }]);
    let body = match object {
        "person" => json!({ "family_name": "denied" }),
        "note" => json!({ "body": "denied", "about": about }),
        "task" => json!({ "title": "denied" }),
        "comment" => json!({ "body": "denied", "about": about }),
        _ => json!({ "name": "denied" }),
    };
    let forbidden = body.as_object().unwrap().keys().any(|field| case.eyes.field(object, field) != "write");
    if allowed && !forbidden {
        // A new record may not point to what its maker does not see.
        let reference = match object {
            "person" => Some(("company", "company")),
            "boat" => Some(("keeper", "person")),
            "company" => Some(("parent", "company")),
            _ => None,
        };
        let Some((field, target)) = reference.filter(|(field, _)| case.eyes.field(object, field) == "write") else {
            return false;
        };
        let other = random.pick(case.world.all(target));
        if case.eyes.sees(target, other) && other["deleted_at"].is_null() {
            return false;
        }
        if case.eyes.sees(target, other) {
            return false;
        }
        let mut body = body;
        body[field] = other["id"].clone();
        let answer = case.client.post(&format!("/{plural}"), body).await;
        assert!(matches!(answer.status, 403 | 404 | 422), "{}{}", case.who(), answer.text());
        return true;
    }
    check(case, &case.client.post(&format!("/{plural}"), body.clone()).await, 403, "a new record");
    let answer = case.client.post(&format!("/{plural}/bulk"), json!({ "create": [body, body] })).await;
    if allowed && answer.status != 403 {
        assert_eq!(answer.json()["created"], 0, "{}{}", case.who(), answer.text());
    } else {
        check(case, &answer, 403, "new records");
    }
    true
}

async fn bulk(case: &Case<'_>, object: &str, plural: &str, random: &mut Random) -> bool {
    let (field, value) = edit(random, object);
    if !case.eyes.special("bulk") {
        let body = if random.chance(2) {
            json!({ "filter": "true", "set": { field: value } })
        } else {
            json!({ "filter": "true", "delete": true })
        };
        check(case, &case.client.post(&format!("/{plural}/bulk"), body).await, 403, "a change by filter");
        return true;
    }
    let denied: Vec<&Json> = case
        .world
        .all(object)
        .iter()
        .filter(|record| expected(case, object, record, 1, &[field]) != 0)
        .take(4)
        .collect();
    if denied.is_empty() {
        return false;
    }
    let rows: Vec<Json> = denied.iter().map(|record| json!({ "id": record["id"], field: value })).collect();
    let count = rows.len();
    let answer = case.client.post(&format!("/{plural}/bulk"), json!({ "update": rows })).await;
    if case.eyes.reach(object, 1) == Reach::None {
        check(case, &answer, 403, "changes");
        return true;
    }
    case.audit("changes", &answer);
    let body = answer.is(200).json();
    assert_eq!(
        (body["updated"].clone(), body["errors"].as_array().unwrap().len()),
        (json!(0), count),
        "{}{body}",
        case.who()
    );
    true
}

async fn merge(case: &Case<'_>, object: &str, plural: &str, record: &Json, random: &mut Random) -> bool {
    let other = random.pick(case.world.all(object));
    if other["id"] == record["id"] {
        return false;
    }
    let body = json!({ "keep": record["id"], "merge": [other["id"]] });
    let hidden = !case.eyes.sees(object, record) || expected(case, object, other, 2, &[]) != 0;
    if case.eyes.special("merge") && !hidden {
        return false;
    }
    let answer = case.client.post(&format!("/{plural}/merge"), body).await;
    assert!(matches!(answer.status, 403 | 404), "{}a merger: {} {}", case.who(), answer.status, answer.text());
    case.audit("a merger", &answer);
    true
}

/// Undoing what others did needs the right to do the opposite to every record, and names none that is out of sight.
async fn undo(case: &Case<'_>, random: &mut Random) -> bool {
    let at = random.below(OBJECTS.len());
    let (object, _, _) = OBJECTS[at];
    if case.world.all(object).iter().any(|record| expected(case, object, record, 2, &[]) == 0) {
        return false;
    }
    let answer = case.client.post(&format!("/undo/{}", case.world.batches[at]), json!({})).await;
    case.audit("an undo", &answer);
    if answer.status == 200 {
        let body = answer.json();
        assert_eq!(body["undone"], 0, "{}{body}", case.who());
        for kept in body["kept"].as_array().unwrap() {
            let record = case.world.find(object, kept["id"].as_str().unwrap()).unwrap();
            assert!(case.eyes.sees(object, record), "{}{body}", case.who());
        }
    } else {
        assert!(matches!(answer.status, 403 | 404), "{}{}", case.who(), answer.text());
    }
    true
}
