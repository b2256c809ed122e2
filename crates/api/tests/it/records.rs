//! Records: what a client does all day.

use axum::http::Method;
use serde_json::json;

use crate::site::{on_both, on_sqlite};

#[test]
fn a_record_lives_changes_dies_and_comes_back() {
    on_both(async |site| {
        let admin = site.admin();
        let made = admin.post("/companies", json!({ "name": "Brightmoor" })).await.is(201);
        assert_eq!(made.header("etag"), "\"1\"");
        let company = made.json()["record"]["id"].as_str().unwrap().to_owned();
        assert_eq!(made.header("location"), format!("/api/v1/companies/{company}"));
        let person =
            json!({ "given_name": "Ann", "family_name": "Lee", "emails": ["Ann@Example.com"], "company": company });
        let made = admin.post("/people", person).await.is(201).json();
        let id = made["record"]["id"].as_str().unwrap().to_owned();
        assert_eq!(made["record"]["emails"][0]["value"], "ann@example.com");
        let path = format!("/people/{id}");
        let read = admin.get(&format!("{path}?include=company")).await.is(200);
        assert_eq!(read.json()["included"]["company"][&company]["title"], "Brightmoor");
        let tag = admin.get(&path).await.is(200).header("etag").to_owned();
        admin.with("if-none-match", &tag).get(&path).await.is(304);
        let changed = admin.with("if-match", &tag).patch(&path, json!({ "job_title": "Buyer" })).await.is(200).json();
        assert_eq!(changed["record"]["version"], 2);
        let stale = admin.with("if-match", &tag).patch(&path, json!({ "job_title": "Seller" })).await.is(412).json();
        assert_eq!(stale["code"], "stale");
        assert_eq!(stale["current"]["job_title"], "Buyer");
        admin.with("if-match", "nonsense").patch(&path, json!({ "job_title": "Seller" })).await.is(400);
        let gone = admin.delete(&path).await.is(200).json();
        assert_eq!(admin.get("/people").await.is(200).json()["total"]["count"], 0);
        assert_eq!(admin.get("/people?deleted=only").await.is(200).json()["records"].as_array().unwrap().len(), 1);
        admin.post(&format!("{path}/restore"), json!({})).await.is(200);
        admin.delete(&path).await.is(200);
        let batch = gone["batch"].as_str().unwrap();
        admin.post(&format!("/undo/{}", uuid::Uuid::now_v7()), json!({})).await.is(404);
        assert!(admin.get("/batches").await.is(200).text().contains(batch));
        let history = admin.get(&format!("{path}/history")).await.is(200).json();
        assert_eq!(history["changes"][0]["op"], "delete");
        let timeline = admin.get(&format!("{path}/timeline")).await.is(200).json();
        assert!(!timeline["entries"].as_array().unwrap().is_empty());
    });
}

#[test]
fn a_value_that_is_missing_is_null_however_it_is_asked_for() {
    on_both(async |site| {
        let admin = site.admin();
        let made = admin.post("/people", json!({ "family_name": "Lee", "job_title": "Buyer" })).await.is(201).json();
        let path = format!("/people/{}", made["record"]["id"].as_str().unwrap());
        let then = admin.get(&path).await.is(200).json()["updated_at"].as_str().unwrap().to_owned();
        admin.patch(&path, json!({ "job_title": null })).await.is(200);
        let missing = |record: &serde_json::Value| record.get("job_title").is_some_and(serde_json::Value::is_null);
        for list in ["/people?fields=job_title", "/people?fields=job_title&include=company", "/people?include=owner"] {
            assert!(missing(&admin.get(list).await.is(200).json()["records"][0]), "{list}");
        }
        assert!(missing(&admin.get(&path).await.is(200).json()));
        assert!(missing(&admin.get(&format!("{path}?include=company")).await.is(200).json()));
        let before = admin.get(&format!("{path}?at={then}")).await.is(200).json();
        assert_eq!(before["job_title"], "Buyer", "what is gone now was there then");
    });
}

#[test]
fn every_write_can_be_undone() {
    on_both(async |site| {
        let admin = site.admin();
        let before = site.kit.checksum();
        let made = admin
            .post("/people/bulk", json!({ "create": [{ "family_name": "A B" }, { "family_name": "C D" }] }))
            .await
            .is(200)
            .json();
        assert_eq!(made["created"], 2);
        let batch = made["batch"].as_str().unwrap();
        let undone = admin.post(&format!("/undo/{batch}"), json!({})).await.is(200).json();
        assert_eq!(undone["undone"], 2);
        assert_eq!(site.kit.checksum(), before);
    });
}

#[test]
fn lists_filter_sort_page_and_count() {
    on_both(async |site| {
        let admin = site.admin();
        let rows: Vec<_> = (0..30).map(|n| json!({ "name": format!("Company {n:02}"), "employees": n })).collect();
        admin.post("/companies/bulk", json!({ "create": rows })).await.is(200);
        let page =
            admin.get("/companies?filter=employees%20%3E%3D%2010&sort=-employees&fields=name,employees&limit=7").await;
        let page = page.is(200).json();
        assert_eq!(page["total"], json!({ "count": 20, "exact": true }));
        assert_eq!(page["records"][0]["employees"], 29);
        assert_eq!(page["records"][0].as_object().unwrap().len(), 3);
        let cursor = page["next"].as_str().unwrap();
        let next = admin
            .get(&format!(
                "/companies?filter=employees%20%3E%3D%2010&sort=-employees&limit=7&cursor={cursor}&total=false"
            ))
            .await
            .is(200)
            .json();
        assert_eq!(next["records"][0]["employees"], 22);
        assert!(next.get("total").is_none());
        let jump = admin.get("/companies?sort=employees&offset=29&limit=5").await.is(200).json();
        assert_eq!(jump["records"][0]["employees"], 29);
        let figures = admin.get("/companies/aggregate?measures=count,sum:employees").await.is(200).json();
        assert_eq!(figures["groups"][0]["count"], 30);
        assert_eq!(figures["groups"][0]["sum:employees"], 435);
        let found = admin.get("/search?q=company%2017").await.is(200).json();
        assert_eq!(found["results"][0]["title"], "Company 17");
    });
}

#[test]
fn bulk_answers_row_by_row() {
    on_both(async |site| {
        let admin = site.admin();
        let body = json!({ "create": [{ "name": "A" }, { "nonsense": 1 }, { "name": "B" }, {}] });
        let answer = admin.post("/companies/bulk", body).await.is(200).json();
        assert_eq!(answer["created"], 2);
        let errors = answer["errors"].as_array().unwrap();
        assert_eq!(errors.iter().map(|error| error["index"].as_u64().unwrap()).collect::<Vec<_>>(), [1, 3]);
        assert!(errors.iter().all(|error| error["problem"]["status"] == 422 && error["problem"]["title"].is_string()));
        let ids = answer["ids"].clone();
        let update =
            json!({ "update": [{ "id": ids[0], "employees": 5 }, { "id": uuid::Uuid::now_v7(), "employees": 6 }] });
        let answer = admin.post("/companies/bulk", update).await.is(200).json();
        assert_eq!((answer["updated"].clone(), answer["errors"][0]["index"].clone()), (json!(1), json!(1)));
        let answer =
            admin.post("/companies/bulk", json!({ "filter": "employees == 5", "set": { "employees": 7 } })).await;
        assert_eq!(answer.is(200).json()["updated"], 1);
        let upsert =
            json!({ "upsert": { "by": "name", "records": [{ "name": "A", "employees": 9 }, { "name": "C" }] } });
        let answer = admin.post("/companies/bulk", upsert).await;
        assert!([200, 422].contains(&answer.status), "{}", answer.text());
        let answer =
            admin.post("/companies/bulk", json!({ "filter": "employees >= 0", "delete": true })).await.is(200).json();
        assert!(answer["deleted"].as_u64().unwrap() >= 1);
        admin.post("/companies/bulk", json!({ "restore": ids })).await.is(200);
        admin.post("/companies/bulk", json!({ "delete": ids })).await.is(200);
        for wrong in
            [json!({}), json!({ "create": [], "delete": [] }), json!({ "set": {} }), json!({ "filter": "true" })]
        {
            admin.post("/companies/bulk", wrong).await.is(422);
        }
    });
}

#[test]
fn the_same_key_means_the_same_request() {
    on_both(async |site| {
        let admin = site.admin();
        let promised = admin.with("idempotency-key", "order-4711");
        let body = json!({ "name": "Once" });
        let (a, b, c, d, e) = tokio::join!(
            promised.post("/companies", body.clone()),
            promised.post("/companies", body.clone()),
            promised.post("/companies", body.clone()),
            promised.post("/companies", body.clone()),
            promised.post("/companies", body.clone()),
        );
        let answers = [a, b, c, d, e];
        assert!(answers.iter().all(|answer| answer.status == 201), "{answers:?}");
        assert!(answers.iter().all(|answer| answer.bytes == answers[0].bytes));
        let replayed = answers.iter().filter(|answer| answer.header("idempotent-replayed") == "true").count();
        assert_eq!(replayed, 4);
        assert_eq!(admin.get("/companies").await.json()["total"]["count"], 1);
        let other = promised.post("/companies", json!({ "name": "Twice" })).await;
        assert_eq!(other.code(422), "invalid");
        admin.with("idempotency-key", "order-4712").post("/companies", body).await.is(201);
        assert_eq!(admin.get("/companies").await.json()["total"]["count"], 2);
        admin.with("idempotency-key", "").post("/companies", json!({ "name": "X" })).await.is(400);
    });
}

#[test]
fn exports_stream_as_files() {
    on_sqlite(async |site| {
        let admin = site.admin();
        admin.make("people", json!({ "family_name": "=1+1", "emails": ["a@example.com"] })).await;
        let csv = admin.get("/people/export?format=csv&fields=name,emails").await.is(200);
        assert!(csv.header("content-disposition").starts_with("attachment; filename=\"People "));
        assert!(csv.text().contains("'=1+1"), "{}", csv.text());
        assert_eq!(admin.get("/people/export?filter=nonsense").await.code(400), "bad_expression");
        admin.get("/people/export?format=exe").await.is(400);
        let lines = admin.get("/people/export?format=jsonl").await.is(200).text();
        assert_eq!(lines.trim().lines().count(), 1);
        site.program(json!({ "objects": { "*": { "read": "all" } } })).get("/people/export").await.is(403);
    });
}

#[test]
fn duplicates_are_found_and_merged_and_unmerged() {
    on_both(async |site| {
        let admin = site.admin();
        let keep = admin
            .make("people", json!({ "given_name": "Ann", "family_name": "Lee", "emails": ["ann@example.com"] }))
            .await;
        let other = admin
            .make("people", json!({ "given_name": "Anne", "family_name": "Lee", "emails": ["anne@example.com"] }))
            .await;
        let asked = json!({ "given_name": "Ann", "family_name": "Lee", "emails": ["ann@example.com"], "birthday": "not yet typed" });
        let found = admin.post("/people/check", asked).await.is(200).json();
        assert_eq!(found["duplicates"][0]["id"], keep.as_str());
        let before = site.kit.checksum();
        let merged = admin.post("/people/merge", json!({ "keep": keep, "merge": [other] })).await.is(200).json();
        assert_eq!(merged["record"]["emails"].as_array().unwrap().len(), 2);
        let batch = merged["batch"].as_str().unwrap();
        admin.post(&format!("/undo/{batch}"), json!({})).await.is(200);
        assert_eq!(site.kit.checksum(), before);
    });
}

#[test]
fn answers_carry_the_headers_that_protect() {
    on_sqlite(async |site| {
        let admin = site.admin();
        for answer in [
            admin.get("/people").await.is(200),
            admin.get("/nothing/at/all/here").await.is(404),
            site.stranger().get("/people").await.is(401),
        ] {
            assert_eq!(answer.header("x-content-type-options"), "nosniff");
            assert_eq!(answer.header("cache-control"), "no-store");
            assert_eq!(answer.header("content-security-policy"), "default-src 'none'; frame-ancestors 'none'; sandbox");
            assert_eq!(answer.header("referrer-policy"), "same-origin");
            assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin");
            assert_eq!(answer.header("cross-origin-resource-policy"), "same-origin");
            assert!(!answer.header("x-request-id").is_empty());
            assert!(!answer.headers.contains_key("access-control-allow-origin"));
            assert!(!answer.headers.contains_key("strict-transport-security"));
        }
        let answer = admin.send(admin.request(Method::OPTIONS, "/people", None)).await;
        assert_eq!(answer.code(405), "method_not_allowed");
        assert_eq!(admin.send(admin.request(Method::TRACE, "/people", None)).await.status, 405);
        assert_eq!(admin.send(admin.request(Method::PUT, "/people", None)).await.status, 405);
        assert_eq!(site.stranger().get("/healthz").await.is(200).text(), "ok");
        site.stranger().get("/readyz").await.is(200);
        site.stranger().get("/metrics").await.is(401);
        assert!(admin.get("/metrics").await.is(200).text().contains("http_requests_total"));
    });
}

#[test]
fn figures_that_cannot_be_made_are_refused() {
    on_both(async |site| {
        let admin = site.admin();
        let rows = json!([{ "name": "A", "employees": i64::MAX }, { "name": "B", "employees": 5 }, { "name": "C" }]);
        admin.post("/companies/bulk", json!({ "create": rows })).await.is(200);
        for measure in ["sum:name", "max:domains", "avg:founded_on", "min:billing_address", "max:kind"] {
            admin.get(&format!("/companies/aggregate?measures={measure}")).await.is(400);
        }
        assert_eq!(admin.get("/companies/aggregate?measures=sum:employees").await.code(422), "invalid");
        let groups = admin.get("/companies/aggregate?measures=count&group=employees").await.is(200).json();
        let keys: Vec<_> =
            groups["groups"].as_array().unwrap().iter().map(|row| row["keys"]["employees"].clone()).collect();
        assert_eq!(keys, [json!(5), json!(i64::MAX), json!(null)]);
        assert_eq!(groups["more"], false);
        let page = async |page: &str| {
            let path = format!("/companies/aggregate?measures=count&group=employees&{page}");
            let body = admin.get(&path).await.is(200).json();
            let keys = body["groups"].as_array().unwrap().iter().map(|row| row["keys"]["employees"].clone());
            (keys.collect::<Vec<_>>(), body["more"].clone())
        };
        assert_eq!(page("limit=1").await, (vec![json!(5)], json!(true)));
        assert_eq!(page("limit=1&offset=1").await, (vec![json!(i64::MAX)], json!(true)));
        assert_eq!(page("limit=2&offset=1").await, (vec![json!(i64::MAX), json!(null)], json!(false)));
        admin.get("/companies/aggregate?group=employees&limit=201").await.is(400);
    });
}
