//! A lead becomes a deal over the API.

use serde_json::json;

use crate::site::on_both;

#[test]
fn a_lead_is_converted_once_and_undo_takes_both_back() {
    on_both(async |site| {
        let admin = site.admin();
        let id = admin.make("leads", json!({ "title": "Forty kites", "source": "event" })).await;
        let convert = format!("/leads/{id}/convert");
        admin.post(&convert, json!({ "values": { "colour": "red" } })).await.is(422);
        admin.post(&convert, json!({ "value": {} })).await.is(422);
        let values = json!({ "name": "Kites", "amount": { "amount": 5, "currency": "EUR" } });
        let made = admin.post(&convert, json!({ "values": values })).await.is(201).json();
        assert_eq!((&made["lead"]["status"], &made["lead"]["deal"]), (&json!("qualified"), &made["deal"]["id"]));
        assert_eq!((&made["deal"]["name"], &made["deal"]["source"]), (&json!("Kites"), &json!("event")));
        let again = admin.post(&convert, json!({})).await.is(409).json();
        assert_eq!(again["deal"], made["deal"]["id"]);
        admin.post(&format!("/undo/{}", made["batch"].as_str().unwrap()), json!({})).await.is(200);
        let lead = admin.get(&format!("/leads/{id}")).await.is(200).json();
        assert_eq!(lead["status"], "new");
        let deal = admin.get(&format!("/deals/{}", made["deal"]["id"].as_str().unwrap())).await.is(200).json();
        assert!(deal["deleted_at"].is_string(), "{deal}");
    });
}
