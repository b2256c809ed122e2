//! Random values as JSON: plain, at the edges, and wrong.

use serde_json::{Value as Json, json};
use testkit::nasty::{INSTANTS, INTS, TEXTS, dates};
use testkit::random::Random;

use super::{Pair, named};

/// Fields of the test's own object: name and kind.
pub const FIELDS: &[(&str, &str)] = &[
    ("name", "text"),
    ("bio", "long_text"),
    ("age", "integer"),
    ("score", "decimal"),
    ("share", "percent"),
    ("budget", "money"),
    ("day", "date"),
    ("seen_at", "date_time"),
    ("wait", "duration"),
    ("active", "boolean"),
    ("stage", "select"),
    ("langs", "multi_select"),
    ("stars", "rating"),
    ("emails", "emails"),
    ("phones", "phones"),
    ("links", "links"),
    ("address", "address"),
    ("extra", "json"),
    ("code", "text"),
    ("parent", "reference:parcel"),
    ("company", "reference:company"),
    ("friends", "references:parcel"),
    ("about", "about"),
];

/// A record of an object, perhaps one that is not there.
pub fn id(random: &mut Random, pair: &Pair, object: &str) -> String {
    match pair.records.get(object) {
        Some(known) if !random.chance(25) => named(*random.pick(known)),
        _ => named(0xffff_ffff),
    }
}

fn text(random: &mut Random) -> String {
    match random.below(12) {
        0 => (*random.pick(TEXTS)).repeat(40),
        1 => format!("  {} ", random.pick(TEXTS)),
        2 => format!("{}{}", random.pick(TEXTS), random.below(5)),
        3 => format!("{} {}", random.pick(TEXTS), random.pick(TEXTS)),
        _ => (*random.pick(TEXTS)).to_owned(),
    }
}

fn instant(random: &mut Random) -> String {
    // In whole seconds: only the clock has fractions.
    let seconds = random.pick(INSTANTS).div_euclid(1_000_000);
    jiff::Timestamp::from_second(seconds).unwrap().to_string()
}

/// A value of a kind; one in many is wrong.
pub fn value(random: &mut Random, pair: &Pair, kind: &str) -> Json {
    if random.chance(9) {
        return Json::Null;
    }
    if random.chance(60) {
        return random
            .pick(&[json!(true), json!("x\0y"), json!([]), json!({}), json!(-1.5e300), json!("nothing")])
            .clone();
    }
    match kind {
        "text" | "long_text" => json!(text(random)),
        "integer" => json!(random.pick(INTS)),
        "decimal" | "percent" => match random.below(4) {
            0 => json!(random.below(10)),
            1 => json!(-0.0001),
            2 => json!(random.pick(&[1e14, -123.4567, 0.1, 99999999.9999])),
            _ => json!(random.below(100_000) as f64 / 100.0),
        },
        "money" => {
            json!({ "amount": random.below(100_000) as f64 / 100.0 - 300.0, "currency": *random.pick(&["EUR", "USD", "JPY"]) })
        }
        "date" => json!(random.pick(&dates()).to_string()),
        "date_time" => json!(instant(random)),
        "duration" => json!(random.pick(&[0, 1, -1, 60, 3_600, 86_400, 90_061, -86_401])),
        "boolean" => json!(random.chance(2)),
        "select" => json!(random.pick(&["open", "won", "lost"])),
        "multi_select" => json!((0..random.below(3)).map(|_| *random.pick(&["de", "fr", "en"])).collect::<Vec<_>>()),
        "rating" => json!(1 + random.below(5)),
        "emails" => {
            json!([{ "value": *random.pick(&["Ann@Example.com", "bob@example.org", "é@exämple.de"]), "label": "work" }])
        }
        "phones" => json!([*random.pick(&["+49 30 1234567", "+1 (415) 555-2671", "030 7654321"])]),
        "links" => json!([*random.pick(&["https://example.com/a?b=c", "example.org", "http://münchen.example/"])]),
        "address" => {
            json!({ "street": text(random), "city": *random.pick(&["Berlin", "MÜNCHEN", "Zürich"]), "country": "DE" })
        }
        "json" => {
            random.pick(&[json!({ "b": 1, "a": [1.5, "x", null] }), json!([1, 2]), json!("text"), json!(1e20)]).clone()
        }
        "about" => json!([{ "object": "company", "id": id(random, pair, "company") }]),
        _ => match kind.split_once(':') {
            Some(("references", target)) => {
                json!((0..random.below(4)).map(|_| id(random, pair, target)).collect::<Vec<_>>())
            }
            Some((_, target)) => json!(id(random, pair, target)),
            None => Json::Null,
        },
    }
}

/// Values of a new record or of a change.
pub fn values(random: &mut Random, pair: &Pair, object: &str, most: usize) -> Json {
    let mut values = json!({});
    match object {
        "company" => {
            values["name"] = json!(text(random));
            values["employees"] = value(random, pair, "integer");
            if random.chance(2) {
                values["parent"] = value(random, pair, "reference:company");
            }
        }
        "note" => {
            values["title"] = value(random, pair, "text");
            values["body"] = json!(text(random));
            let target = *random.pick(&["company", "parcel"]);
            values["about"] = json!([{ "object": target, "id": id(random, pair, target) }]);
        }
        _ => {
            for _ in 0..1 + random.below(most) {
                let (field, kind) = random.pick(FIELDS);
                // A unique value that many would share refuses nearly everything.
                values[*field] = match *field {
                    "code" => json!(format!("{}{}", random.pick(TEXTS), random.below(60))),
                    _ => value(random, pair, kind),
                };
            }
        }
    }
    if random.chance(60) {
        values["nothing"] = json!(1);
    }
    values
}
