//! What attackers send: answered with a problem, never with a fault of ours.

use axum::http::Method;
use serde_json::json;

use crate::site::{encoded, on_both, on_sqlite};

const PAYLOADS: &[&str] = &[
    "'",
    "\"",
    "`",
    "';--",
    "' OR 1=1 --",
    "1; DROP TABLE people",
    "name'; DELETE FROM people; --",
    "(SELECT 1)",
    "name)) UNION SELECT * FROM users --",
    "name%27",
    "\\",
    "\\'",
    "name\u{0}",
    "\u{202e}eman",
    "name,(SELECT 1)",
    "CASE WHEN 1=1 THEN name ELSE id END",
    "name DESC; SELECT pg_sleep(5)",
    "name COLLATE NOCASE",
    "--",
    "/*",
    "*/",
    "name/**/",
    "$1",
    "?1",
    "{session}",
    "_session",
    "people.name",
    "main.people",
    "\"people\".\"name\"",
    "name ASC",
    "name::text",
    "CAST(name AS text)",
    "randomblob(1000000000)",
    "name[lotten_lead[in]]",
    "[1]",
    "{\"$gt\":\"\"}",
    "sqlite_master",
    "pg_catalog",
    "name=name",
    "=1",
    "1=1",
    "true; drop",
    "name == 'a' OR 1=1",
    "nÄme",
    "💣",
    "..",
    "../..",
    "%s%s%s%n",
    "name\n",
    "name\r\nSet-Cookie: a=b",
    "id desc,",
    "-",
    "--name",
    "-id-",
];

#[test]
fn sql_in_parameters_is_an_unknown_field_or_a_bad_expression() {
    on_both(async |site| {
        let admin = site.admin();
        admin.make("people", json!({ "family_name": "Ann" })).await;
        let before = site.kit.checksum();
        for payload in PAYLOADS {
            let text = encoded(payload);
            for path in [
                format!("/people?filter={text}"),
                format!("/people?sort={text}"),
                format!("/people?fields={text}"),
                format!("/people?include={text}"),
                format!("/people?cursor={text}"),
                format!("/people?limit={text}"),
                format!("/people?offset={text}"),
                format!("/people?deleted={text}"),
                format!("/people/aggregate?group={text}"),
                format!("/people/aggregate?measures=sum:{text}"),
                format!("/people/{text}"),
                format!("/{text}"),
                format!("/people/export?filter={text}"),
                format!("/batches?cursor={text}"),
                format!("/people?{text}=1"),
            ] {
                let answer = admin.get(&path).await;
                // `id` and a lone sign are harmless orders; everything else is refused with its reason.
                let harmless = answer.status == 200 && path.contains("?sort=");
                assert!(harmless || (400..500).contains(&answer.status), "{path}: {} {}", answer.status, answer.text());
            }
            let answer = admin.get(&format!("/search?q={text}")).await;
            assert!(answer.status == 200 || answer.status == 400, "{payload}: {}", answer.text());
        }
        assert_eq!(site.kit.checksum(), before);
    });
}

#[test]
fn everything_comes_once_or_not_at_all() {
    on_sqlite(async |site| {
        let admin = site.admin();
        admin.get("/people?limit=1&limit=2").await.is(400);
        admin.get("/people?where=1").await.is(400);
        admin.get("/people?limit=201").await.is(400);
        admin.get("/people?limit=0").await.is(400);
        admin.get("/people?cursor=x&offset=1").await.is(400);
        let raw = async |media: &str, body: &str| {
            admin.send(admin.request(Method::POST, "/people", Some((media, body.as_bytes().to_vec())))).await
        };
        assert_eq!(raw("application/json", r#"{"name":"A","name":"B"}"#).await.code(400), "bad_request");
        raw("application/json", r#"{"name":{"a":1,"a":2}}"#).await.is(400);
        raw("application/json", "[]").await.is(400);
        raw("application/json", "{").await.is(400);
        raw("application/json", "").await.is(400);
        raw("text/plain", r#"{"name":"A"}"#).await.is(415);
        raw("application/x-www-form-urlencoded", "name=A").await.is(415);
        let deep = format!("{{\"name\":{}{}}}", "[".repeat(2_000), "]".repeat(2_000));
        raw("application/json", &deep).await.is(400);
        let big = format!("{{\"name\":\"{}\"}}", "x".repeat(17 * 1024 * 1024));
        assert_eq!(raw("application/json", &big).await.code(413), "too_large");
        assert_eq!(admin.get("/people").await.json()["total"]["count"], 0);
    });
}

#[test]
fn what_the_engine_keeps_cannot_be_written() {
    on_both(async |site| {
        let admin = site.admin();
        let id = admin.make("people", json!({ "family_name": "Ann" })).await;
        let before = admin.get(&format!("/people/{id}")).await.is(200).json();
        for (field, value) in [
            ("id", json!(uuid::Uuid::now_v7())),
            ("version", json!(99)),
            ("created_at", json!("2001-01-01T00:00:00Z")),
            ("created_by", json!("system:me")),
            ("updated_by", json!("system:me")),
            ("deleted_at", json!("2001-01-01T00:00:00Z")),
            ("is_admin", json!(true)),
            ("workspace_id", json!(1)),
            ("password_hash", json!("x")),
        ] {
            admin.patch(&format!("/people/{id}"), json!({ field: value })).await.is(422);
            admin.post("/people", json!({ "family_name": "B", field: value })).await.is(422);
        }
        assert_eq!(admin.get(&format!("/people/{id}")).await.json(), before);
    });
}

#[test]
fn requests_of_other_sites_change_nothing() {
    on_sqlite(async |site| {
        let browser = site.user("ann@example.com", "Member").await;
        let body = json!({ "family_name": "Ann" });
        for (name, value) in [
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
            ("sec-fetch-mode", "no-cors"),
            ("x-rapport", "0"),
        ] {
            assert_eq!(browser.with(name, value).post("/people", body.clone()).await.code(403), "forbidden");
            assert_eq!(browser.with(name, value).delete("/session").await.code(403), "forbidden");
        }
        browser.with("sec-fetch-site", "same-origin").post("/people", body.clone()).await.is(201);
        browser.with("x-rapport", "1").post("/people", body.clone()).await.is(201);
        let log_in = json!({ "email": "ann@example.com", "password": crate::site::PASSWORD });
        site.stranger().with("sec-fetch-site", "cross-site").post("/session", log_in).await.is(403);
        assert_eq!(browser.get("/people").await.json()["total"]["count"], 2);
    });
}

#[test]
fn headers_of_proxies_count_only_from_proxies() {
    on_sqlite(async |site| {
        site.user("ann@example.com", "Member").await;
        let wrong = json!({ "email": "ann@example.com", "password": "wrong wrong wrong" });
        let mut last = 0;
        for number in 0..12 {
            let address = format!("203.0.113.{number}");
            let forged = site.stranger().with("x-forwarded-for", &address).with("x-forwarded-proto", "https");
            let answer = forged.post("/session", wrong.clone()).await;
            assert!(!answer.headers.contains_key("strict-transport-security"));
            last = answer.status;
        }
        assert_eq!(last, 429);
        let forged = site.stranger().with("remote-user", "ann@example.com").with("x-remote-user", "ann@example.com");
        forged.get("/people").await.is(401);
    });
}
