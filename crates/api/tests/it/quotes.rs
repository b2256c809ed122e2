//! Quotes made of deals and of one another over the API.

use serde_json::json;

use crate::site::on_both;

#[test]
fn a_deal_is_quoted_and_a_sent_quote_is_replaced_by_its_next_version() {
    on_both(async |site| {
        let admin = site.admin();
        let deal = admin.make("deals", json!({ "name": "Forty kites" })).await;
        let euros = |amount: i64| json!({ "amount": amount, "currency": "EUR" });
        let line =
            json!({ "deal": deal, "name": "Kite", "quantity": 40, "unit_price": { "amount": 2.5, "currency": "EUR" } });
        admin.make("deal_lines", line).await;
        let path = format!("/deals/{deal}/quote");
        admin.post(&path, json!({ "values": { "colour": "red" } })).await.is(422);
        let made = admin.post(&path, json!({ "values": { "subject": "Kites" } })).await.is(201).json();
        let (quote, number) = (made["quote"]["id"].as_str().unwrap(), made["quote"]["number"].as_str().unwrap());
        assert_eq!((&made["quote"]["subject"], &made["quote"]["total"]), (&json!("Kites"), &euros(119)));
        let version = format!("/quotes/{quote}/version");
        admin.post(&version, json!({})).await.is(409);
        admin.patch(&format!("/quotes/{quote}"), json!({ "status": "sent" })).await.is(200);
        admin.patch(&format!("/quotes/{quote}"), json!({ "subject": "Dragons" })).await.is(409);
        let second = admin.post(&version, json!({})).await.is(201).json();
        assert_eq!(second["quote"]["number"], json!(format!("{number}-2")));
        assert_eq!(second["quote"]["total"], euros(119));
        admin.post(&format!("/undo/{}", second["batch"].as_str().unwrap()), json!({})).await.is(200);
        assert_eq!(admin.get(&format!("/quotes/{quote}")).await.is(200).json()["status"], "sent");
    });
}
