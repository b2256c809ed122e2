//! Consent over the API: acts and suppressions as records, the question, lifting.

use serde_json::json;

use crate::site::on_both;

#[test]
fn consent_is_recorded_asked_for_and_never_changed() {
    on_both(async |site| {
        let admin = site.admin();
        let question = "/consent/check?address=Ann%40Example.com&channel=email";
        let answer = admin.get(question).await.is(200).json();
        assert_eq!((&answer["allowed"], &answer["state"]), (&json!(false), &json!("unknown")));
        let given =
            json!({ "address": "Ann@Example.com", "act": "given", "channel": "email", "wording": "News, please." });
        let id = admin.make("consents", given).await;
        let answer = admin.get(question).await.is(200).json();
        assert_eq!((&answer["allowed"], &answer["address"]), (&json!(true), &json!("ann@example.com")));
        assert_eq!(answer["why"][0]["id"], json!(id));
        admin.patch(&format!("/consents/{id}"), json!({ "act": "withdrawn" })).await.is(409);
        admin.delete(&format!("/consents/{id}")).await.is(409);
        admin.post("/consents", json!({ "address": "x", "act": "given", "channel": "email" })).await.is(422);
        let forged = json!({ "address": "a@x.com", "act": "given", "channel": "email", "wording_sha256": "00" });
        admin.post("/consents", forged).await.is(422);
        admin.get(&format!("{question}&purpose=fun")).await.is(400);
        admin.get("/consent/check?channel=email").await.is(400);
        admin.get("/consent/check?channel=email&address=nobody").await.is(400);
    });
}

#[test]
fn a_suppression_shows_no_address_and_is_lifted_by_administrators_alone() {
    on_both(async |site| {
        let admin = site.admin();
        admin.make("consents", json!({ "address": "ann@example.com", "act": "given", "channel": "email" })).await;
        let made = admin.post("/suppressions", json!({ "address": "ann@example.com", "reason": "complaint" })).await;
        let made = made.is(201);
        assert!(!made.text().contains("ann@example.com"), "{}", made.text());
        let id = made.json()["record"]["id"].as_str().unwrap().to_owned();
        admin.post("/suppressions", json!({ "address": "bob@example.com", "scope": "topic" })).await.is(422);
        admin.post("/suppressions", json!({ "reason": "complaint" })).await.is(422);
        admin.delete(&format!("/suppressions/{id}")).await.is(409);
        let all = json!({ "read": "all", "create": true, "update": "all", "delete": "all" });
        let member = site.program(json!({ "objects": { "*": all } }));
        let lift = format!("/suppressions/{id}/lift");
        member.post(&lift, json!({ "reason": "They asked." })).await.is(403);
        admin.post(&lift, json!({ "reason": " " })).await.is(422);
        let answer = member.get("/consent/check?address=ann@example.com&channel=email").await.is(200).json();
        assert_eq!((&answer["why"][0]["code"], &answer["why"][0]["id"]), (&json!("suppressed"), &json!(id)));
        admin.post(&lift, json!({ "reason": "They asked." })).await.is(200);
        admin.post(&lift, json!({ "reason": "They asked." })).await.is(409);
        let answer = admin.get("/consent/check?address=ann@example.com&channel=email").await.is(200).json();
        assert_eq!(answer["allowed"], json!(true));
        let blind = site.program(json!({ "objects": { "person": { "read": "all" } } }));
        blind.get("/consent/check?address=ann@example.com&channel=email").await.is(403);
    });
}

#[test]
fn a_person_is_answered_for_every_address() {
    on_both(async |site| {
        let admin = site.admin();
        let values = json!({ "given_name": "Ann", "emails": ["ann@example.com", "lee@example.com"],
            "phones": ["+49 30 1234567"], "do_not_call": true,
            "address": { "street": "1 Main Street", "postal_code": "53111", "city": "Bonn", "country": "DE" } });
        let ann = admin.make("people", values).await;
        admin.make("consents", json!({ "address": "lee@example.com", "act": "given", "channel": "email" })).await;
        let post = json!({ "address": "1 Main Street\n53111 Bonn\nDE", "act": "withdrawn", "channel": "post" });
        admin.make("consents", post).await;
        let answer = admin.get(&format!("/people/{ann}/consent")).await.is(200).json();
        let told: Vec<String> = answer["channels"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| {
                format!(
                    "{} {} {}",
                    one["channel"].as_str().unwrap(),
                    one["address"].as_str().unwrap(),
                    one["state"].as_str().unwrap()
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                "email ann@example.com unknown",
                "email lee@example.com allowed",
                "phone +49301234567 refused",
                "sms +49301234567 unknown",
                "post 1 main street 53111 bonn de refused",
            ]
        );
        admin.get(&format!("/people/{ann}/consent?purpose=transactional")).await.is(200);
        let few = site.program(json!({ "objects": {
            "person": { "read": "all", "fields": { "phones": "none", "address": "none" } }, "consent": { "read": "own" } } }));
        let answer = few.get(&format!("/people/{ann}/consent")).await.is(200).json();
        assert_eq!(answer["channels"].as_array().unwrap().len(), 2, "addresses that may not be seen are not told");
        let blind = site.program(json!({ "objects": { "consent": { "read": "all" } } }));
        let status = blind.get(&format!("/people/{ann}/consent")).await.status;
        assert!(matches!(status, 403 | 404), "{status}");
    });
}
