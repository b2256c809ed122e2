//! Products, prices and the lines of deals.

use engine::Command;
use serde_json::{Value as Json, json};
use testkit::{Kit, on_both, problem};
use uuid::Uuid;

/// As answers show it: a whole number is one.
fn money(amount: f64, currency: &str) -> Json {
    let scaled = (amount * 10_000.0).round() as i64;
    json!({ "amount": model::value::scaled_to_json(scaled), "currency": currency })
}

fn euros(amount: f64) -> Json {
    money(amount, "EUR")
}

fn product(kit: &Kit, name: &str, price: f64) -> Uuid {
    kit.create("product", json!({ "name": name, "price": euros(price), "unit": "piece" }))
}

fn deal(kit: &Kit, more: Json) -> Uuid {
    let mut values = json!({ "name": "Delivery" });
    values.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    kit.create("deal", values)
}

fn line(kit: &Kit, deal: Uuid, product: Uuid, quantity: f64) -> Uuid {
    kit.create("deal_line", json!({ "deal": deal, "product": product, "quantity": quantity }))
}

fn refused(kit: &Kit, object: &str, values: Json) -> (String, String) {
    let problem = problem(kit.try_create(&kit.system(), object, values));
    (problem.fields[0].field.clone(), problem.fields[0].code.clone())
}

fn amount(kit: &Kit, deal: Uuid) -> Json {
    kit.get("deal", deal)["amount"]["amount"].clone()
}

fn undo(kit: &Kit, batch: Uuid) -> engine::Undone {
    kit.workspace.undo(&kit.system(), batch).unwrap()
}

#[test]
fn a_line_takes_over_what_its_product_says_and_the_deal_is_worth_their_sum() {
    on_both(|kit| {
        let (pump, hose) = (product(kit, "Pump", 199.99), product(kit, "Hose", 0.333));
        let id = deal(kit, json!({ "amount": euros(5_000.0) }));
        let first = line(kit, id, pump, 3.0);
        let made = kit.get("deal_line", first);
        assert_eq!((&made["name"], &made["unit"]), (&json!("Pump"), &json!("piece")));
        assert_eq!((&made["unit_price"], &made["amount"]), (&euros(199.99), &euros(599.97)));
        let second = line(kit, id, hose, 10.0);
        // 3.33, not 3.3300…: what is paid is whole cents.
        assert_eq!(kit.get("deal_line", second)["amount"], euros(3.33));
        assert_eq!(amount(kit, id), json!(603.3));
        kit.update("deal_line", first, json!({ "discount": 10 }));
        assert_eq!(amount(kit, id), json!(543.3));
        assert_eq!(kit.get("deal", id)["lines_amount"], euros(543.3));
        let positions: Vec<Json> = kit.column("deal_line", "position", &format!("deal == '{id}'"), "position");
        assert_eq!(positions, [json!(10), json!(20)]);
        kit.delete("deal_line", first);
        assert_eq!(amount(kit, id), json!(3.33));
        kit.delete("deal_line", second);
        // Without products it is worth what it was, and says so by hand again.
        assert_eq!((amount(kit, id), kit.get("deal", id)["lines_amount"].clone()), (json!(3.33), Json::Null));
        kit.update("deal", id, json!({ "amount": euros(7.0) }));
        kit.check();
    });
}

#[test]
fn the_amount_of_a_deal_with_products_is_not_said_by_hand() {
    on_both(|kit| {
        let id = deal(kit, json!({}));
        line(kit, id, product(kit, "Pump", 50.0), 2.0);
        let values = json!({ "amount": euros(1.0) });
        let refused = problem(kit.try_update(&kit.system(), "deal", id, values, None));
        assert_eq!((refused.fields[0].field.as_str(), refused.fields[0].code.as_str()), ("amount", "of_lines"));
        // Saying what it is anyway is no change.
        kit.update("deal", id, json!({ "amount": euros(100.0), "next_step": "Call" }));
        assert_eq!(amount(kit, id), json!(100));
    });
}

#[test]
fn undo_brings_lines_and_amounts_back_whoever_changed_others_meanwhile() {
    on_both(|kit| {
        let pump = product(kit, "Pump", 100.0);
        let id = deal(kit, json!({ "amount": euros(500.0) }));
        let made = kit.try_create(&kit.system(), "deal_line", json!({ "deal": id, "product": pump })).unwrap();
        let first = made.ids[0];
        assert_eq!(amount(kit, id), json!(100));
        let undone = undo(kit, made.batch);
        assert_eq!((amount(kit, id), undone.kept_count), (json!(500), 0));
        undo(kit, undone.batch);
        assert_eq!(amount(kit, id), json!(100));
        // Two changed lines of the same deal; the first is taken back.
        let second = line(kit, id, pump, 1.0);
        let more = kit.update("deal_line", first, json!({ "quantity": 4 }));
        kit.update("deal_line", second, json!({ "quantity": 2 }));
        assert_eq!(amount(kit, id), json!(600));
        undo(kit, more);
        assert_eq!(amount(kit, id), json!(300));
        assert_eq!(kit.get("deal", id)["lines_amount"], euros(300.0));
        kit.check();
    });
}

#[test]
fn an_amount_from_before_there_were_products_does_not_come_back() {
    on_both(|kit| {
        let id = deal(kit, json!({ "amount": euros(1.0) }));
        let by_hand = kit.update("deal", id, json!({ "amount": euros(80.0) }));
        line(kit, id, product(kit, "Pump", 80.0), 1.0);
        undo(kit, by_hand);
        assert_eq!(amount(kit, id), json!(80));
    });
}

#[test]
fn prices_come_from_the_list_by_quantity_and_day() {
    on_both(|kit| {
        let pump = product(kit, "Pump", 100.0);
        let list = kit.create("price_list", json!({ "name": "Dealers" }));
        assert_eq!(kit.get("price_list", list)["currency"], "EUR");
        let price = |from: f64, amount: f64, more: Json| {
            let mut values =
                json!({ "price_list": list, "product": pump, "from_quantity": from, "unit_price": euros(amount) });
            values.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            kit.create("price", values)
        };
        price(0.0, 90.0, json!({}));
        price(10.0, 80.0, json!({}));
        price(10.0, 10.0, json!({ "valid_until": "2001-12-31", "valid_from": "2001-01-01" }));
        price(0.0, 1.0, json!({ "valid_from": "2999-01-01" }));
        let again = json!({ "price_list": list, "product": pump, "from_quantity": 10, "unit_price": euros(1.0) });
        assert_eq!(refused(kit, "price", again), ("from_quantity".to_owned(), "not_unique".to_owned()));
        let id = deal(kit, json!({ "price_list": list }));
        let first = line(kit, id, pump, 2.0);
        let price_of = |line: Uuid| kit.get("deal_line", line)["unit_price"]["amount"].clone();
        assert_eq!(price_of(first), json!(90));
        // The price follows the quantity until somebody gives another.
        kit.update("deal_line", first, json!({ "quantity": 12 }));
        assert_eq!(price_of(first), json!(80));
        kit.update("deal_line", first, json!({ "unit_price": euros(85.0) }));
        kit.update("deal_line", first, json!({ "quantity": 1 }));
        assert_eq!(price_of(first), json!(85));
        // What is not on the list costs what the product says.
        let hose = product(kit, "Hose", 7.0);
        assert_eq!(price_of(line(kit, id, hose, 1.0)), json!(7));
        kit.update("deal_line", first, json!({ "product": hose }));
        let changed = kit.get("deal_line", first);
        assert_eq!((&changed["name"], &changed["unit_price"]["amount"]), (&json!("Hose"), &json!(7)));
    });
}

#[test]
fn a_deal_is_in_one_currency() {
    on_both(|kit| {
        let dollars = kit.create("price_list", json!({ "name": "America", "currency": "usd" }));
        assert_eq!(kit.get("price_list", dollars)["currency"], "USD");
        assert_eq!(
            refused(kit, "price_list", json!({ "name": "x", "currency": "EUX" })),
            ("currency".to_owned(), "bad_currency".to_owned())
        );
        let pump = product(kit, "Pump", 100.0);
        let wrong = json!({ "price_list": dollars, "product": pump, "unit_price": euros(3.0) });
        assert_eq!(refused(kit, "price", wrong), ("unit_price".to_owned(), "other_currency".to_owned()));
        let id = deal(kit, json!({ "price_list": dollars }));
        let unpriced = json!({ "deal": id, "product": pump });
        assert_eq!(refused(kit, "deal_line", unpriced), ("unit_price".to_owned(), "required".to_owned()));
        let other = json!({ "deal": id, "product": pump, "unit_price": euros(1.0) });
        assert_eq!(refused(kit, "deal_line", other), ("unit_price".to_owned(), "other_currency".to_owned()));
        kit.create("deal_line", json!({ "deal": id, "name": "Work", "unit_price": money(10.0, "USD") }));
        assert_eq!(kit.get("deal", id)["amount"], money(10.0, "USD"));
        let euro_list = kit.create("price_list", json!({ "name": "Europe" }));
        let values = json!({ "price_list": euro_list });
        let refused = problem(kit.try_update(&kit.system(), "deal", id, values, None));
        assert_eq!(refused.fields[0].code, "other_currency");
        // Several at once, each fitting on its own.
        let empty = deal(kit, json!({}));
        let lines = ["EUR", "USD"].map(|of| json!({ "deal": empty, "name": "Work", "unit_price": money(1.0, of) }));
        let lines = lines.map(|values| kit.patch("deal_line", values).unwrap());
        let command = Command::Create { object: "deal_line".into(), values: lines.into(), strict: true };
        assert_eq!(problem(kit.workspace.write(&kit.system(), command, None).wait()).fields[0].code, "other_currency");
        assert!(kit.column("deal_line", "id", &format!("deal == '{empty}'"), "id").is_empty());
    });
}

#[test]
fn what_is_not_for_sale_any_more_is_not_offered_again() {
    on_both(|kit| {
        let pump = product(kit, "Pump", 100.0);
        let id = deal(kit, json!({}));
        let first = line(kit, id, pump, 1.0);
        kit.update("product", pump, json!({ "active": false }));
        let again = json!({ "deal": id, "product": pump });
        assert_eq!(refused(kit, "deal_line", again), ("product".to_owned(), "not_for_sale".to_owned()));
        kit.update("deal_line", first, json!({ "quantity": 2 }));
        assert_eq!(amount(kit, id), json!(200));
    });
}

#[test]
fn lines_are_seen_and_changed_by_who_may_see_and_change_their_deal() {
    on_both(|kit| {
        let rights = json!({ "objects": { "deal": { "read": "own", "update": "own" },
            "deal_line": { "read": "all", "update": "all", "create": true, "delete": "all" }, "product": { "read": "all" } } });
        let (ann, ben) = (kit.user("Ann", rights.clone(), None), kit.user("Ben", rights, None));
        let pump = product(kit, "Pump", 100.0);
        let id = deal(kit, json!({ "owner": ann.id }));
        let values = json!({ "deal": id, "product": pump });
        let made = kit.try_create(&ann, "deal_line", values.clone()).unwrap();
        assert_eq!(amount(kit, id), json!(100));
        assert!(kit.try_create(&ben, "deal_line", values).is_err());
        let first = made.ids[0];
        assert!(kit.try_get(&ben, "deal_line", first).is_err());
        assert!(kit.try_update(&ben, "deal_line", first, json!({ "quantity": 9 }), None).is_err());
        assert_eq!(amount(kit, id), json!(100));
        kit.try_update(&ann, "deal_line", first, json!({ "quantity": 2 }), None).unwrap();
        assert_eq!(amount(kit, id), json!(200));
    });
}
