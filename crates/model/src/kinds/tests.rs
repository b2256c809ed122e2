//! Tests of every kind: the forms people write, and that what is written is read back.

use jiff::tz::TimeZone;
use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::field::FieldOption;

const KINDS: &[Kind] = &[
    Kind::Text,
    Kind::LongText,
    Kind::Integer,
    Kind::Decimal,
    Kind::Percent,
    Kind::Money,
    Kind::Date,
    Kind::DateTime,
    Kind::Duration,
    Kind::Boolean,
    Kind::Select,
    Kind::MultiSelect,
    Kind::Rating,
    Kind::Emails,
    Kind::Phones,
    Kind::Links,
    Kind::Address,
    Kind::Reference,
    Kind::References,
    Kind::About,
    Kind::User,
    Kind::Files,
    Kind::Json,
    Kind::AutoNumber,
    Kind::Rank,
    Kind::Actor,
];

fn field(kind: Kind) -> Field {
    let option = |value: &str, label: &str| FieldOption { value: value.into(), label: label.into(), color: None };
    let options = match kind {
        Kind::Select | Kind::MultiSelect => vec![option("in_progress", "In progress"), option("done", "Done & dusted")],
        _ => Vec::new(),
    };
    Field { options, target: Some("company".into()), ..Field::new("it", kind, "It") }
}

fn germany() -> Context {
    Context::new("DE", "EUR", TimeZone::get("Europe/Berlin").unwrap())
}

/// The value read from a text, as JSON, or the code of the problem.
fn read(kind: Kind, text: &str, context: &Context) -> String {
    match from_text(&field(kind), text, context) {
        Ok(value) => value.to_json().to_string(),
        Err(problem) => problem.code,
    }
}

#[track_caller]
fn check(kind: Kind, context: &Context, cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        assert_eq!(&read(kind, text, context), expected, "{kind:?} of {text:?}");
    }
}

#[test]
fn numbers() {
    check(
        Kind::Decimal,
        &Context::default(),
        &[
            ("1234.5", "1234.5"),
            ("1,234.56", "1234.56"),
            ("1.234,56", "1234.56"),
            ("1.234.567", "1234567"),
            ("1,234", "1234"),
            ("1.234", "1.234"),
            ("0,234", "0.234"),
            ("1 234,5", "1234.5"),
            ("1’234.50", "1234.5"),
            ("(12.00)", "-12"),
            ("12-", "-12"),
            ("−5", "-5"),
            ("1.5E+3", "1500"),
            ("1.2.3,4,5", "bad_number"),
            ("twelve", "bad_number"),
            ("-", "bad_number"),
        ],
    );
    let comma = Context { decimal_comma: true, ..Context::default() };
    check(Kind::Decimal, &comma, &[("1.234", "1234"), ("1,234", "1.234"), ("12.5", "12.5")]);
    check(Kind::Percent, &comma, &[("12,5 %", "12.5")]);
    check(Kind::Integer, &Context::default(), &[("1,234", "1234"), ("5.0", "5"), ("5.5", "bad_number")]);
    check(Kind::Rating, &Context::default(), &[("★★★", "3"), ("4/5", "4"), ("4", "4"), ("6", "out_of_range")]);
    assert_eq!(guess_decimal_comma(["1.234,50", "7,5", "3.25"]), Some(true));
    assert_eq!(guess_decimal_comma(["1.234"]), None);
}

#[test]
fn money() {
    check(
        Kind::Money,
        &germany(),
        &[
            ("€ 5", r#"{"amount":5,"currency":"EUR"}"#),
            ("1.234,56 €", r#"{"amount":1234.56,"currency":"EUR"}"#),
            ("$1,234.56", r#"{"amount":1234.56,"currency":"USD"}"#),
            ("-$5", r#"{"amount":-5,"currency":"USD"}"#),
            ("(£12.00)", r#"{"amount":-12,"currency":"GBP"}"#),
            ("Fr. 5", r#"{"amount":5,"currency":"CHF"}"#),
            ("12 chf", r#"{"amount":12,"currency":"CHF"}"#),
            ("R$ 10", r#"{"amount":10,"currency":"BRL"}"#),
            ("5,- €", r#"{"amount":5,"currency":"EUR"}"#),
            ("17", r#"{"amount":17,"currency":"EUR"}"#),
            ("5 bananas", "bad_currency"),
            ("EUR", "bad_number"),
        ],
    );
    check(Kind::Money, &Context::default(), &[("17", "bad_currency")]);
    check(Kind::Money, &Context::new("AU", "AUD", TimeZone::UTC), &[("$5", r#"{"amount":5,"currency":"AUD"}"#)]);
}

#[test]
fn dates() {
    let day = r#""2026-12-31""#;
    for text in [
        "2026-12-31",
        "2026/12/31",
        "20261231",
        "31.12.2026",
        "31.12.26",
        "31/12/2026",
        "12/31/2026",
        "31-Dec-2026",
        "31 Dec 2026",
        "Dec 31, 2026",
        "December 31st, 2026",
        "31. Dezember 2026",
        "Thu, 31 Dec 2026 10:00:00 +0000",
        "31 décembre 2026",
        "31 de diciembre de 2026",
        "2026-12-31T10:00:00Z",
        "2026-12-31 23:59",
        "2026年12月31日",
        "46387",
        "Thu Dec 31 10:00:00 2026",
    ] {
        assert_eq!(read(Kind::Date, text, &germany()), day, "{text}");
    }
    check(
        Kind::Date,
        &Context { day_first: false, ..Context::default() },
        &[("3/4/2026", r#""2026-03-04""#), ("3.4.2026", r#""2026-04-03""#), ("25/4/2026", r#""2026-04-25""#)],
    );
    check(
        Kind::Date,
        &germany(),
        &[
            ("3/4/2026", r#""2026-04-03""#),
            ("31.02.2026", "bad_date"),
            ("tomorrow", "bad_date"),
            ("2026", "bad_date"),
            ("12 2026", "bad_date"),
            ("31.12.75", r#""1975-12-31""#),
        ],
    );
    assert_eq!(guess_day_first(["3/4/2026", "3/25/2026"]), Some(false));
}

#[test]
fn instants() {
    check(
        Kind::DateTime,
        &germany(),
        &[
            ("2026-11-22T00:40:48.123456Z", r#""2026-11-22T00:40:48.123456Z""#),
            ("2026-11-22T00:40:48.000+0000", r#""2026-11-22T00:40:48Z""#),
            ("22.11.2026 09:30", r#""2026-11-22T08:30:00Z""#),
            ("22.11.2026 um 09:30 Uhr", r#""2026-11-22T08:30:00Z""#),
            ("11/22/2026 2:30 PM", r#""2026-11-22T13:30:00Z""#),
            ("11/22/2026 2:30PM EST", r#""2026-11-22T19:30:00Z""#),
            ("22 Nov 2026 12:00:05 UTC+2", r#""2026-11-22T10:00:05Z""#),
            ("20261122T143000Z", r#""2026-11-22T14:30:00Z""#),
            ("1795307448000", r#""2026-11-22T00:30:48Z""#),
            ("2026-07-01", r#""2026-06-30T22:00:00Z""#),
            ("46348.5", r#""2026-11-22T11:00:00Z""#),
            ("25:00", "bad_date_time"),
        ],
    );
}

#[test]
fn durations_and_truth() {
    check(
        Kind::Duration,
        &Context::default(),
        &[
            ("90", "90"),
            ("1:30", "5400"),
            ("1:30:05", "5405"),
            ("1h 30m", "5400"),
            ("90 min", "5400"),
            ("1.5 hours", "5400"),
            ("PT1H30M", "5400"),
            ("-0:00:00.5", "-0.5"),
            ("long", "bad_duration"),
        ],
    );
    check(Kind::Boolean, &Context::default(), &[("Ja", "true"), ("x", "true"), ("NO", "false"), ("?", "bad_boolean")]);
}

#[test]
fn choices() {
    let context = Context::default();
    check(
        Kind::Select,
        &context,
        &[("in_progress", r#""in_progress""#), ("In Progress", r#""in_progress""#), ("gone", "bad_option")],
    );
    check(
        Kind::MultiSelect,
        &context,
        &[("done; IN-PROGRESS;done", r#"["done","in_progress"]"#), ("done,in progress", r#"["done","in_progress"]"#)],
    );
    let problem = from_json(&field(Kind::Select), &json!("dnoe"), &context).unwrap_err();
    assert_eq!(problem.message, "It: “dnoe” is not among its options. Did you mean `done`?");
    let tags = Field { open: true, options: Vec::new(), ..field(Kind::MultiSelect) };
    assert_eq!(
        from_text(&tags, "VIP (EU), \"a, b\", vip (eu)", &context).unwrap().to_json(),
        json!(["VIP (EU)", "a, b"])
    );
}

#[test]
fn contact_lists() {
    let emails = |text: &str| read(Kind::Emails, text, &germany());
    assert_eq!(
        emails("Ann Smith <Ann@X.com> (Work), mailto:b@x.com ;ann@x.com"),
        r#"[{"value":"ann@x.com","label":"Work","primary":true},{"value":"b@x.com","primary":false}]"#
    );
    assert_eq!(emails("ann"), "bad_email");
    assert_eq!(emails("ann@localhost"), "bad_email");
    let links = |text: &str| read(Kind::Links, text, &germany());
    assert_eq!(links("Example.com"), r#"[{"value":"https://example.com","primary":true}]"#);
    assert_eq!(links("javascript:alert(1)"), "bad_link");
    assert_eq!(links("n/a"), "bad_link");
    let json = json!([{ "value": "a@x.com" }, { "value": "B@x.com", "label": "home", "primary": true }]);
    assert_eq!(
        from_json(&field(Kind::Emails), &json, &germany()).unwrap().to_json(),
        json!([{ "value": "b@x.com", "label": "home", "primary": true }, { "value": "a@x.com", "primary": false }])
    );
    let key = key_of(&field(Kind::Emails), &from_json(&field(Kind::Emails), &json, &germany()).unwrap());
    assert_eq!(key.as_deref(), Some("b@x.com"));
}

#[test]
fn phones() {
    for (typed, country, expected) in [
        ("030 1234567", "DE", "+49301234567"),
        ("+49 (0)30 1234567", "", "+49301234567"),
        ("0049 30 1234567", "US", "+49301234567"),
        ("(415) 555-2671", "US", "+14155552671"),
        ("+1 415 555 2671 ext. 12", "", "+14155552671 ext. 12"),
        ("+14155552671 ext. 12", "", "+14155552671 ext. 12"),
        ("tel:+44 20 7946 0018", "", "+442079460018"),
        ("0171-1234567", "DE", "+491711234567"),
        ("01 42 68 53 00", "FR", "+33142685300"),
        ("call reception", "DE", "call reception"),
        ("12", "DE", "12"),
        ("030 1234567", "", "030 1234567"),
        ("+999 123", "", "+999 123"),
        ("０３０ １２３４５６７", "DE", "+49301234567"),
    ] {
        assert_eq!(normalise_phone(typed, country), expected, "{typed} in {country}");
    }
}

#[test]
fn addresses_and_countries() {
    let address = |text: &str| read(Kind::Address, text, &germany());
    assert_eq!(
        address("Hauptstr. 5, 10115 Berlin, Deutschland"),
        r#"{"street":"Hauptstr. 5","city":"Berlin","postal_code":"10115","country":"DE"}"#
    );
    assert_eq!(
        address("1 Main St\nSpringfield, IL 62704\nUSA"),
        r#"{"street":"1 Main St","city":"Springfield","region":"IL","postal_code":"62704","country":"US"}"#
    );
    for (typed, code) in [
        ("Philipines", "PH"),
        ("germany", "DE"),
        ("Österreich", "AT"),
        ("usa", "US"),
        ("The Netherlands", "NL"),
        ("日本", "JP"),
        ("Untied States", "US"),
        ("Swizerland", "CH"),
        ("Niger", "NE"),
        ("FRA", "FR"),
        ("Korea, Republic of", "KR"),
    ] {
        assert_eq!(country::find_country(typed), Some(code), "{typed}");
    }
    assert_eq!(country::find_country("Atlantis"), None);
    assert_eq!(country::country_name("CI"), Some("Côte d'Ivoire"));
    let problem = from_json(&field(Kind::Address), &json!({ "country": "Atlantis" }), &germany()).unwrap_err();
    assert_eq!(problem.code, "bad_country");
}

#[test]
fn text_is_cleaned() {
    let context = Context::default();
    assert_eq!(read(Kind::Text, " a\u{0}b\tc\u{a0}d\u{7f} ", &context), r#""ab c d""#);
    assert_eq!(read(Kind::Text, "Mu\u{308}ller", &context), r#""Müller""#);
    assert_eq!(read(Kind::LongText, "a\r\nb\rc\u{0}\n\n", &context), r#""a\nb\nc""#);
    assert_eq!(read(Kind::Text, &"x".repeat(5000), &context), "too_long");
    assert_eq!(read(Kind::Json, r#"{"a\u0000":"\u0000b"}"#, &context), r#"{"a":"b"}"#);
}

#[test]
fn a_patch_collects_every_problem() {
    let mut object: Object = toml::from_str(
        "name='person'\nplural='people'\nlabel='Person'\nlabel_plural='People'\ntitle='name'\n\
         [[fields]]\nname='name'\nkind='text'\nlabel='Name'\n[[fields]]\nname='emails'\nkind='emails'\nlabel='E-mails'\n",
    )
    .unwrap();
    object = object.with_system_fields();
    let json = json!({ "name": 5, "emial": "a@b.c", "version": 3, "id": "x", "emails": ["nope"], "tags": ["a"] });
    let problem = patch_from_json(&object, json.as_object().unwrap(), &Context::default()).unwrap_err();
    let lines: Vec<String> =
        problem.fields.iter().map(|one| format!("{} {}: {}", one.field, one.code, one.message)).collect();
    expect_test::expect![[r#"
        name wrong_type: Name: expected a text, found a number.
        emial unknown_field: Person has no field “emial”. Did you mean `emails`?
        version read_only: Version: kept by the program; leave it out.
        id read_only: `id` is given by the program; leave it out.
        emails bad_email: E-mails: “nope” is no e-mail address. Write it like name@example.com."#]]
    .assert_eq(&lines.join("\n"));
    let json = json!({ "name": " Ann ", "tags": ["a"], "emails": null });
    let patch = patch_from_json(&object, json.as_object().unwrap(), &Context::default()).unwrap();
    assert_eq!(patch["name"], Value::Text("Ann".into()));
    assert_eq!(patch["emails"], Value::Missing);
}

/// Texts as nasty as people's: words, marks, numbers, anything.
fn nasty() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[ -~]{0,40}",
        "[0-9.,:/+() eE%€$-]{0,24}",
        "[a-zäöß;\"'()|,\\\\ ]{0,30}",
        "[0-9]{1,4}[-/. ][0-9]{1,2}[-/. ][0-9]{1,4}( [0-9]{1,2}:[0-9]{2}(:[0-9]{2})?( ?[AaPp][Mm])?)?",
        "\\+?[0-9 ()/.-]{5,20}( (x|ext\\.) ?[0-9]{1,4})?",
        "[a-zA-Z.+\"ß]{1,10}@[a-z.ü-]{1,10}\\.[a-z]{2,4}( \\([a-z]{1,5}\\))?",
        "(https?://|mailto:|)[a-z.:@/?#;,()\"]{1,30}",
        "[\u{0}-\u{20}\u{a0}\u{300}-\u{310}\u{2000}-\u{2030}a-c;\"]{0,12}",
    ]
}

fn any_json() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        (-1_000_000_i32..1_000_000).prop_map(|n| Json::from(f64::from(n) / 1024.0)),
        nasty().prop_map(Json::from),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Json::from),
            prop::collection::vec(
                (
                    prop_oneof![
                        Just("value".into()),
                        Just("amount".into()),
                        Just("street".into()),
                        Just("label".into()),
                        "[a-z]{1,4}"
                    ],
                    inner
                ),
                0..4
            )
            .prop_map(|pairs: Vec<(String, Json)>| Json::Object(pairs.into_iter().collect())),
        ]
    })
}

/// Doubles hold about 15 digits; beyond them JSON cannot give every scaled integer back.
fn is_exact_in_json(value: &Value) -> bool {
    match value {
        Value::Dec(n) | Value::Duration(n) | Value::Money { amount: n, .. } => n.unsigned_abs() < (1 << 50),
        _ => true,
    }
}

fn assert_kept(field: &Field, value: &Value, context: &Context) {
    let plain = Context { default_currency: context.default_currency.clone(), ..Context::default() };
    let text = to_text(field, value);
    assert_eq!(from_text(field, &text, &plain).as_ref(), Ok(value), "{:?} as text {text:?}", field.kind);
    if is_exact_in_json(value) {
        let json = value.to_json();
        assert_eq!(from_json(field, &json, &plain).as_ref(), Ok(value), "{:?} as JSON {json}", field.kind);
    }
    key_of(field, value);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn what_is_read_from_text_is_kept(text in nasty()) {
        for kind in KINDS {
            for open in [false, true] {
                let field = Field { open, ..field(*kind) };
                for context in [Context::default(), germany(), Context::new("US", "USD", TimeZone::UTC)] {
                    if let Ok(value) = from_text(&field, &text, &context) {
                        assert_kept(&field, &value, &context);
                    }
                }
            }
        }
    }

    #[test]
    fn what_is_read_from_json_is_kept(json in any_json()) {
        for kind in KINDS {
            let field = Field { open: true, ..field(*kind) };
            if let Ok(value) = from_json(&field, &json, &germany()) {
                assert_kept(&field, &value, &germany());
            }
        }
    }

    #[test]
    fn lists_of_words_are_kept(words in prop::collection::vec(nasty(), 0..5), label in nasty()) {
        let tags = Field { open: true, ..field(Kind::MultiSelect) };
        if let Ok(value) = from_json(&tags, &json!(words), &germany()) {
            assert_kept(&tags, &value, &germany());
        }
        let phones = field(Kind::Phones);
        let entries: Vec<Json> = words.iter().map(|word| json!({ "value": word, "label": label })).collect();
        if let Ok(value) = from_json(&phones, &json!(entries), &germany()) {
            assert_kept(&phones, &value, &germany());
        }
        let address = field(Kind::Address);
        let word = |at: usize| words.get(at).cloned().unwrap_or_default();
        let parts = json!({ "street": word(0), "city": word(1), "region": word(2), "postal_code": word(3), "latitude": 48.123456789 });
        if let Ok(value) = from_json(&address, &parts, &germany()) {
            assert_kept(&address, &value, &germany());
        }
    }

    #[test]
    fn exact_numbers_are_kept(number in any::<i64>()) {
        for kind in [Kind::Decimal, Kind::Percent] {
            assert_kept(&field(kind), &Value::Dec(number), &germany());
        }
        assert_kept(&field(Kind::Integer), &Value::Int(number), &germany());
        assert_kept(&field(Kind::Duration), &Value::Duration(number), &germany());
        let money = Value::Money { amount: number, currency: "EUR".into(), base: Some(number) };
        assert_kept(&field(Kind::Money), &money, &germany());
    }
}
