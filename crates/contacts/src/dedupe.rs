//! Duplicates: which records may be the same person or company, how sure that is, and why.
//!
//! Two steps, as record linkage has always done it. *Blocking*: each record gets a few short keys ([`keys`]), and only
//! records that share a key are compared at all. *Comparison*: each pair is compared trait by trait ([`compare`]),
//! every trait gives evidence for or against, and the sum becomes a confidence with its reasons in words.

mod addresses;
mod check;
mod distance;
mod evidence;
mod keys;
mod names;
mod nicknames;
mod pairs;
mod quality;
mod queue;
mod reach;
mod scan;
mod traits;

use engine::{JobEntry, KeyEntry};

pub use check::{Found, check, find_many, keys_of};
pub use evidence::{Likeness, Scales, compare};
pub use keys::{stored_id, stored_keys};
pub use pairs::{Pair, find_pairs};
pub use quality::{Labelled, Quality};
pub use queue::{list_pairs, set_pair_status};
pub use scan::{cancel_scan, start_scan};
pub use traits::{Reader, Traits};

/// The keys under which people and companies are found again.
pub const KEYS: &[KeyEntry; 2] = &[
    KeyEntry { object: "person", keys: |object, record| stored_keys(&Reader::for_keys(object).read(&record.values)) },
    KeyEntry { object: "company", keys: |object, record| stored_keys(&Reader::for_keys(object).read(&record.values)) },
];

/// The search for duplicates, which nobody waits for: every night, and when somebody asks.
pub const SCAN: JobEntry =
    JobEntry { kind: scan::KIND, run: scan::run_scan, nightly: Some(scan::nightly), upkeep: true };

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use model::duplicates::Duplicates;
    use model::{Field, Kind, Object, Patch, Schema, Value};
    use serde_json::json;

    use super::*;

    fn object(name: &str, title: &str, fields: Vec<Field>) -> Object {
        let text =
            json!({ "name": name, "plural": format!("{name}s"), "label": name, "label_plural": name, "title": title });
        let mut object: Object = serde_json::from_value(text).unwrap();
        object.fields = fields;
        Schema::new(1, vec![object]).objects()[0].as_ref().clone()
    }

    fn person() -> Reader {
        let field = |name: &str, kind| Field::new(name, kind, name);
        let mut company = field("company", Kind::Reference);
        company.target = Some("company".to_owned());
        Reader::new(&object(
            "person",
            "name",
            vec![
                field("name", Kind::Text),
                field("given_name", Kind::Text),
                field("family_name", Kind::Text),
                field("emails", Kind::Emails),
                field("phones", Kind::Phones),
                field("birthday", Kind::Date),
                field("address", Kind::Address),
                company,
            ],
        ))
    }

    fn company() -> Reader {
        let field = |name: &str, kind| Field::new(name, kind, name);
        Reader::new(&object(
            "company",
            "name",
            vec![field("name", Kind::Text), field("links", Kind::Links), field("tax_id", Kind::Text)],
        ))
    }

    /// Values from `field: text` pairs: lists, dates, addresses and texts by the field's name.
    fn values(pairs: &[(&str, &str)]) -> Patch {
        let value = |name: &str, text: &str| match name {
            "emails" | "phones" | "links" => Value::json(json!([{ "value": text, "primary": true }])),
            "birthday" => Value::Date(text.parse().unwrap()),
            "address" => {
                let parts: Vec<&str> = text.split(", ").collect();
                Value::json(json!({ "street": parts[0], "postal_code": parts[1], "city": parts[2] }))
            }
            "company" => Value::Id(text.parse().unwrap()),
            _ => Value::text(text),
        };
        pairs.iter().map(|(name, text)| ((*name).to_owned(), value(name, text))).collect()
    }

    #[track_caller]
    fn check(reader: &Reader, a: &[(&str, &str)], b: &[(&str, &str)], expected: Expect) {
        let likeness =
            compare(&reader.read(&values(a)), &reader.read(&values(b)), &Scales::new(&Duplicates::default(), 100_000));
        expected.assert_eq(&format!("{:.2} {}", likeness.confidence, likeness.reasons.join(", ")));
    }

    const ANN: &[(&str, &str)] = &[("given_name", "Ann"), ("family_name", "Miller"), ("emails", "ann.miller@acme.com")];
    const FIRM: &str = "018f0000-0000-7000-8000-000000000001";

    #[test]
    fn people_with_the_same_email_are_one() {
        check(&person(), ANN, &[("emails", "ANN.miller@acme.com")], expect!["0.94 same e-mail"]);
        check(
            &person(),
            ANN,
            &[("given_name", "Ann"), ("family_name", "Stone"), ("emails", "ann.miller@acme.com")],
            expect!["0.99 same e-mail, different family name"],
        );
        check(
            &person(),
            &[("emails", "info@acme.com")],
            &[("emails", "info@acme.com")],
            expect!["0.00 same shared e-mail"],
        );
    }

    #[test]
    fn names_alone_are_only_worth_a_look() {
        let name = &[("given_name", "Ann"), ("family_name", "Miller")];
        check(&person(), name, name, expect!["0.50 same name"]);
        check(
            &person(),
            ANN,
            &[("given_name", "Ann"), ("family_name", "Miller"), ("emails", "am@zenith.org")],
            expect!["0.01 same name"],
        );
    }

    #[test]
    fn names_are_compared_with_their_slips() {
        let bob = &[("given_name", "Robert"), ("family_name", "Meier"), ("phones", "+4930123456")];
        check(
            &person(),
            bob,
            &[("given_name", "Bob"), ("family_name", "Maier"), ("phones", "030 123456")],
            expect!["0.94 same phone number, short form of the same name"],
        );
        check(
            &person(),
            bob,
            &[("given_name", "Meier"), ("family_name", "Robert"), ("phones", "030 123456")],
            expect!["0.99 given and family name swapped, same phone number"],
        );
        check(
            &person(),
            &[("name", "Robert Meier"), ("phones", "030 123456")],
            bob,
            expect!["0.99 same name, same phone number"],
        );
    }

    #[test]
    fn families_and_colleagues_are_not_one_person() {
        let home = ("address", "1 Main Street, 53111, Bonn");
        check(
            &person(),
            &[("given_name", "Ann"), ("family_name", "Berg"), home, ("phones", "+4922811111")],
            &[("given_name", "Paul"), ("family_name", "Berg"), home, ("phones", "+4922811111")],
            expect!["0.00 same phone number, different given name"],
        );
        check(
            &person(),
            &[("given_name", "Ann"), ("family_name", "Berg"), home, ("company", FIRM)],
            &[("given_name", "Ann"), ("family_name", "Stone"), home, ("company", FIRM)],
            expect!["0.00 same company, different family name"],
        );
    }

    #[test]
    fn companies_are_compared_without_their_legal_form() {
        let acme = &[("name", "ACME Rockets GmbH"), ("links", "https://www.acme.com")];
        check(
            &company(),
            acme,
            &[("name", "Acme Rockets, Inc."), ("links", "acme.com/about")],
            expect!["0.97 same name, same domain"],
        );
        check(&company(), acme, &[("name", "The Acme Rocket Company")], expect!["0.50 similar name"]);
        check(
            &company(),
            acme,
            &[("name", "Acme Bakery"), ("links", "https://acme-bakery.com")],
            expect!["0.00 different name"],
        );
        check(
            &company(),
            &[("name", "A"), ("tax_id", "DE 1234")],
            &[("name", "B"), ("tax_id", "de1234")],
            expect!["0.51 same number in another system, different name"],
        );
    }

    #[test]
    fn stored_keys_are_few_and_fold() {
        let traits = person().read(&values(&[
            ("given_name", "Jürgen"),
            ("family_name", "Schmidt"),
            ("emails", "J@x.de"),
            ("phones", "+49 30 1234567"),
        ]));
        expect!["e:j@x.de n:i625 s53 p:01234567"].assert_eq(&stored_keys(&traits).join(" "));
    }
}
