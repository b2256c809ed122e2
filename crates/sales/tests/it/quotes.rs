//! Quotes: their sums, what stays once they are sent, and those that are made of deals and of one another.

use serde_json::{Value as Json, json};
use testkit::{Kit, on_both, problem};
use uuid::Uuid;

fn euros(scaled: i64) -> Json {
    json!({ "amount": model::value::scaled_to_json(scaled), "currency": "EUR" })
}

fn product(kit: &Kit, name: &str, cents: i64, class: &str) -> Uuid {
    kit.create("product", json!({ "name": name, "price": euros(cents * 100), "tax_class": class }))
}

fn line(kit: &Kit, quote: Uuid, product: Uuid, quantity: i64) -> Uuid {
    kit.create("quote_line", json!({ "quote": quote, "product": product, "quantity": quantity }))
}

/// Net, tax and total in cents.
fn sums(kit: &Kit, quote: Uuid) -> [i64; 3] {
    let quote = kit.get("quote", quote);
    ["net_total", "tax_total", "total"].map(|name| (quote[name]["amount"].as_f64().unwrap() * 100.0).round() as i64)
}

fn set(kit: &Kit, quote: Uuid, values: Json) -> Uuid {
    kit.update("quote", quote, values)
}

fn refused(kit: &Kit, quote: Uuid, values: Json) -> (String, String) {
    let problem = problem(kit.try_update(&kit.system(), "quote", quote, values, None));
    let field = problem.fields.first().cloned().unwrap();
    (field.field, field.code)
}

#[test]
fn a_quote_adds_up_with_the_tax_of_where_the_customer_is() {
    on_both(|kit| {
        let (pump, book) = (product(kit, "Pump", 1_999, "standard"), product(kit, "Book", 1_250, "reduced"));
        let quote = kit.create("quote", json!({ "subject": "Pumps" }));
        let made = kit.get("quote", quote);
        assert_eq!(
            (&made["status"], &made["currency"], &made["tax_country"]),
            (&json!("draft"), &json!("EUR"), &json!("DE"))
        );
        assert!(made["number"].as_str().unwrap().starts_with("Q-"), "{made}");
        assert!(made["total"].is_null());
        let first = line(kit, quote, pump, 3);
        line(kit, quote, book, 1);
        assert_eq!(sums(kit, quote), [7_247, 1_227, 8_474]);
        assert_eq!(
            kit.get("quote", quote)["taxes"],
            json!([{ "rate": 7, "net": 12.5, "tax": 0.88 }, { "rate": 19, "net": 59.97, "tax": 11.39 }])
        );
        set(kit, quote, json!({ "discount_percent": 10 }));
        assert_eq!(sums(kit, quote), [6_522, 1_104, 7_626]);
        // What each line has of it adds up to the same.
        let parts = |field: &str| -> i64 {
            let parts = kit.column("quote_line", field, &format!("quote == '{quote}'"), "position");
            parts.iter().map(|part| (part["amount"].as_f64().unwrap() * 100.0).round() as i64).sum()
        };
        assert_eq!((parts("net_amount"), parts("tax_amount")), (6_522, 1_104));
        let optional = set_line(kit, first, json!({ "optional": true }));
        assert_eq!(sums(kit, quote), [1_125, 79, 1_204]);
        kit.workspace.undo(&kit.system(), optional).unwrap();
        assert_eq!(sums(kit, quote), [6_522, 1_104, 7_626]);
        let abroad = kit.create("quote", json!({ "subject": "x", "address": { "city": "Wien", "country": "AT" } }));
        assert_eq!(kit.get("quote_line", line(kit, abroad, pump, 1))["tax_rate"], 20);
        let nowhere = kit.create("quote", json!({ "tax_country": "xx" }));
        let values = json!({ "quote": nowhere, "product": pump });
        let refused = problem(kit.try_create(&kit.system(), "quote_line", values));
        assert_eq!((refused.fields[0].field.as_str(), refused.fields[0].code.as_str()), ("tax_rate", "required"));
        kit.create("tax_rate", json!({ "country": "xx", "tax_class": "standard", "rate": 12.5 }));
        assert_eq!(kit.column("tax_rate", "name", "country == 'XX'", "name"), [json!("XX 12.5 %")]);
        assert_eq!(kit.get("quote_line", line(kit, nowhere, pump, 1))["tax_rate"], 12.5);
        kit.check();
    });
}

fn set_line(kit: &Kit, line: Uuid, values: Json) -> Uuid {
    kit.update("quote_line", line, values)
}

#[test]
fn prices_that_include_tax_stay_what_they_are() {
    on_both(|kit| {
        let pump = product(kit, "Pump", 10_000, "standard");
        let shop = kit.create("price_list", json!({ "name": "Shop", "tax_included": true }));
        kit.create("price", json!({ "price_list": shop, "product": pump, "unit_price": euros(1_110_000) }));
        let quote = kit.create("quote", json!({ "price_list": shop }));
        assert_eq!(kit.get("quote", quote)["tax_included"], true);
        line(kit, quote, pump, 1);
        assert_eq!(sums(kit, quote), [9_328, 1_772, 11_100]);
        // What is not on the list costs what the product says, and the tax.
        let hose = product(kit, "Hose", 1_000, "standard");
        assert_eq!(kit.get("quote_line", line(kit, quote, hose, 1))["unit_price"], euros(119_000));
        assert_eq!(refused(kit, quote, json!({ "tax_included": false })), ("tax_included".into(), "of_list".into()));
    });
}

#[test]
fn what_was_sent_stays_as_it_is() {
    on_both(|kit| {
        let pump = product(kit, "Pump", 10_000, "standard");
        let quote = kit.create("quote", json!({ "subject": "Pumps" }));
        assert_eq!(refused(kit, quote, json!({ "status": "sent" })), ("status".into(), "empty".into()));
        let boss = kit.user("boss", json!({ "admin": true }), None);
        let by_hand = kit.try_update(&boss, "quote", quote, json!({ "status": "replaced" }), None);
        assert_eq!(problem(by_hand.map(|_| ())).fields[0].code, "bad_value");
        let first = line(kit, quote, pump, 1);
        let before = set_line(kit, first, json!({ "quantity": 2 }));
        let sent = set(kit, quote, json!({ "status": "sent" }));
        assert!(kit.get("quote", quote)["sent_at"].is_string());
        assert_eq!(refused(kit, quote, json!({ "subject": "Others" })), ("subject".into(), "locked".into()));
        assert_eq!(refused(kit, quote, json!({ "status": "draft" })), ("status".into(), "locked".into()));
        assert_eq!(refused(kit, quote, json!({ "discount_percent": 5 })), ("discount_percent".into(), "locked".into()));
        let values = json!({ "quantity": 9 });
        assert_eq!(
            problem(kit.try_update(&kit.system(), "quote_line", first, values, None)).code,
            model::Code::Conflict
        );
        let another = json!({ "quote": quote, "product": pump });
        assert_eq!(problem(kit.try_create(&kit.system(), "quote_line", another)).code, model::Code::Conflict);
        // Undo of what was done before it was sent does not reach it either; undo of the sending does.
        let undone = kit.workspace.undo(&kit.system(), before).unwrap();
        assert_eq!((undone.undone, undone.kept_count), (0, 1));
        assert_eq!(sums(kit, quote), [20_000, 3_800, 23_800]);
        set(kit, quote, json!({ "status": "declined", "declined_reason": "Too dear" }));
        assert!(kit.get("quote", quote)["decided_at"].is_string());
        set(kit, quote, json!({ "status": "accepted" }));
        assert!(kit.get("quote", quote)["declined_reason"].is_null());
        let other = kit.create("quote", json!({}));
        line(kit, other, pump, 1);
        let sending = set(kit, other, json!({ "status": "sent" }));
        kit.workspace.undo(&kit.system(), sending).unwrap();
        assert_eq!(kit.get("quote", other)["status"], "draft");
        set(kit, other, json!({ "subject": "Changed" }));
        assert_ne!(sent, sending);
        kit.check();
    });
}

#[test]
fn a_quote_of_a_deal_has_what_the_deal_has_and_a_version_replaces_it() {
    on_both(|kit| {
        let pump = product(kit, "Pump", 10_000, "standard");
        let company = kit.create("company", json!({ "name": "Mill", "billing_address": { "country": "FR" } }));
        let deal = kit.create("deal", json!({ "name": "Pumps", "company": company }));
        for quantity in [3, 1] {
            let values = json!({ "deal": deal, "product": pump, "quantity": quantity, "discount": 10 });
            kit.create("deal_line", values);
        }
        // What was agreed on stays, also when it is not for sale any more.
        kit.update("product", pump, json!({ "active": false, "price": euros(1) }));
        let (batch, made) =
            sales::quotes::from_deal(&kit.workspace, &kit.system(), deal, model::Patch::new()).wait().unwrap();
        let quote = made.id;
        let record = kit.get("quote", quote);
        assert_eq!(
            (&record["subject"], &record["company"], &record["tax_country"]),
            (&json!("Pumps"), &json!(company), &json!("FR"))
        );
        assert_eq!(sums(kit, quote), [36_000, 7_200, 43_200]);
        let draft = sales::quotes::new_version(&kit.workspace, &kit.system(), quote).wait();
        assert_eq!(draft.map(|_| ()).map_err(|error| matches!(error, store::Error::Problem(_))), Err(true));
        set(kit, quote, json!({ "status": "sent", "tags": ["hot"] }));
        let (version, second) = sales::quotes::new_version(&kit.workspace, &kit.system(), quote).wait().unwrap();
        let second = second.id;
        let number = record["number"].as_str().unwrap();
        let (old, new) = (kit.get("quote", quote), kit.get("quote", second));
        assert_eq!((&old["status"], &new["status"]), (&json!("replaced"), &json!("draft")));
        assert_eq!((&new["number"], &new["version_no"]), (&json!(format!("{number}-2")), &json!(2)));
        assert_eq!(
            (&new["replaces"], &new["tags"], sums(kit, second)),
            (&json!(quote), &json!(["hot"]), sums(kit, quote))
        );
        assert_eq!(refused(kit, quote, json!({ "status": "accepted" })), ("status".into(), "locked".into()));
        set(kit, second, json!({ "status": "sent" }));
        let (_, third) = sales::quotes::new_version(&kit.workspace, &kit.system(), second).wait().unwrap();
        assert_eq!(kit.get("quote", third.id)["number"], json!(format!("{number}-3")));
        kit.check();
        let again = kit.create("deal", json!({ "name": "Empty" }));
        let (batch_of_empty, _) =
            sales::quotes::from_deal(&kit.workspace, &kit.system(), again, model::Patch::new()).wait().unwrap();
        kit.workspace.undo(&kit.system(), batch_of_empty).unwrap();
        assert!(kit.column("quote", "id", &format!("deal == '{again}'"), "id").is_empty());
        assert_ne!(batch, version);
    });
}

#[test]
fn who_may_not_see_a_deal_makes_no_quote_of_it_and_hidden_fields_stay_behind() {
    on_both(|kit| {
        let rights = json!({ "objects": { "*": { "read": "own", "create": true, "update": "own" },
            "company": { "read": "none" }, "product": { "read": "all" } } });
        let (ann, ben) = (kit.user("ann", rights.clone(), None), kit.user("ben", rights, None));
        let company = kit.create("company", json!({ "name": "Secret" }));
        let deal = kit.create("deal", json!({ "name": "Pumps", "company": company, "owner": ann.id }));
        kit.create("deal_line", json!({ "deal": deal, "name": "Work", "unit_price": euros(10_000) }));
        let stranger = sales::quotes::from_deal(&kit.workspace, &ben, deal, model::Patch::new()).wait();
        assert_eq!(problem(stranger.map(|_| ())).code, model::Code::NotFound);
        let (_, made) = sales::quotes::from_deal(&kit.workspace, &ann, deal, model::Patch::new()).wait().unwrap();
        let quote = kit.get("quote", made.id);
        assert_eq!(
            (&quote["company"], &quote["owner"], &quote["subject"]),
            (&Json::Null, &json!(ann.id), &json!("Pumps"))
        );
        assert_eq!(sums(kit, made.id), [100, 19, 119]);
        assert!(kit.try_get(&ben, "quote", made.id).is_err());
    });
}
