//! Public forms: enquiries of strangers become leads, machines are held apart, nobody learns anything.

use axum::http::Method;
use serde_json::{Value as Json, json};

use crate::site::{Answer, Client, Site, on_both, on_sqlite};

const FORM: &str = "application/x-www-form-urlencoded";

async fn form(admin: &Client<'_>, values: Json) -> String {
    let mut form = json!({ "name": "Contact page" });
    form.as_object_mut().unwrap().extend(values.as_object().unwrap().clone());
    format!("/public/leads/{}", admin.make("capture_forms", form).await)
}

async fn send(site: &Site, path: &str, body: &str) -> Answer {
    let stranger = site.stranger().with("sec-fetch-site", "cross-site");
    stranger.send(stranger.request(Method::POST, path, Some((FORM, body.as_bytes().to_vec())))).await
}

async fn all(admin: &Client<'_>, plural: &str) -> Vec<Json> {
    admin.get(&format!("/{plural}?sort=created_at")).await.is(200).json()["records"].as_array().unwrap().clone()
}

#[test]
fn an_enquiry_of_a_stranger_is_a_lead_with_person_company_and_consent_and_one_undo_takes_it_back() {
    on_both(async |site| {
        let admin = site.admin();
        let wording = "I agree to be written to.";
        let path = form(&admin, json!({ "consent_wording": wording, "campaign": "Spring" })).await;
        let body = "name=Ann+Kite&email=ann%40kites.example&phone=030+1234567&company=Kites+Ltd&message=Hello&consent=on\
                    &utm_source=ads&page=https%3A%2F%2Fexample.com%2Fcontact&submit=Send";
        assert!(send(site, &path, body).await.is(200).text().contains("Thank you"));
        let lead = all(&admin, "leads").await.pop().unwrap();
        for (field, value) in [
            ("title", "Ann Kite"),
            ("contact_email", "ann@kites.example"),
            ("contact_company", "Kites Ltd"),
            ("contact_phone", "030 1234567"),
            ("message", "Hello"),
            ("utm_source", "ads"),
            ("source", "website"),
            ("campaign", "Spring"),
            ("form", "Contact page"),
            ("page", "https://example.com/contact"),
        ] {
            assert_eq!(lead[field], value, "{field}");
        }
        assert_eq!((&lead["owner"], &lead["created_by"]), (&Json::Null, &json!("system:form/Contact page")));
        let person = admin.get(&format!("/people/{}", lead["person"].as_str().unwrap())).await.is(200).json();
        assert_eq!((&person["given_name"], &person["family_name"]), (&json!("Ann"), &json!("Kite")));
        assert_eq!(person["company"], lead["company"]);
        let consent = all(&admin, "consents").await.pop().unwrap();
        assert_eq!(
            (&consent["act"], &consent["source"], &consent["wording"]),
            (&json!("given"), &json!("form"), &json!(wording))
        );
        assert_eq!((&consent["address"], &consent["person"]), (&json!("ann@kites.example"), &lead["person"]));
        assert!(admin.get("/audit").await.is(200).text().contains("lead.captured"));
        let history = admin.get(&format!("/leads/{}/history", lead["id"].as_str().unwrap())).await.is(200).json();
        let batch = history["changes"][0]["batch"].as_str().unwrap_or_else(|| panic!("{history}")).to_owned();
        admin.post(&format!("/undo/{batch}"), json!({})).await.is(200);
        for plural in ["leads", "people", "companies", "consents"] {
            assert!(all(&admin, plural).await.is_empty(), "{plural}");
        }
    });
}

#[test]
fn whoever_is_known_is_linked_and_never_changed_and_the_answer_tells_nothing() {
    on_both(async |site| {
        let admin = site.admin();
        let path = form(&admin, json!({})).await;
        let company = admin.make("companies", json!({ "name": "Kites Ltd", "links": ["https://kites.example"] })).await;
        let known = admin
            .make("people", json!({ "given_name": "Ann", "emails": ["Ann@Kites.example"], "company": company }))
            .await;
        let phoned = json!({ "given_name": "Ben", "family_name": "Sail", "phones": ["030 7654321"] });
        let phoned = admin.make("people", phoned).await;
        let before = admin.get(&format!("/people/{known}")).await.is(200).json();
        let fresh = send(site, &path, "name=Cy+New&email=cy@nowhere.example").await.is(200);
        let again =
            send(site, &path, "name=Mallory&email=ann@kites.example&phone=0301111111&company=Evil").await.is(200);
        assert_eq!((fresh.bytes, fresh.headers.len()), (again.bytes, again.headers.len()));
        send(site, &path, "name=ben+sail&email=ben@gmail.com&phone=%2B49+30+7654321").await.is(200);
        // Another one from the same house, and one with a mail address that anybody can have.
        send(site, &path, "name=Di&email=di@kites.example").await.is(200);
        send(site, &path, "name=Ed&email=ed@gmail.com").await.is(200);
        let leads = all(&admin, "leads").await;
        let of = |title: &str| leads.iter().find(|lead| lead["title"] == title).unwrap_or_else(|| panic!("{title}"));
        assert_eq!((&of("Mallory")["person"], &of("Mallory")["company"]), (&json!(known), &json!(company)));
        assert_eq!(of("Mallory")["contact_company"], "Evil");
        assert_eq!(of("ben sail")["person"], json!(phoned));
        assert_eq!(of("Di")["company"], json!(company));
        assert_eq!(of("Ed")["company"], Json::Null);
        assert_eq!(admin.get(&format!("/people/{known}")).await.is(200).json()["version"], before["version"]);
        assert_eq!((all(&admin, "people").await.len(), all(&admin, "companies").await.len()), (5, 1));
    });
}

#[test]
fn two_enquiries_of_one_stranger_at_once_make_one_person() {
    on_both(async |site| {
        let admin = site.admin();
        let path = form(&admin, json!({})).await;
        let body = "name=Twin&email=twin@nowhere.example&company=Twins";
        let sent = tokio::join!(send(site, &path, body), send(site, &path, body), send(site, &path, body));
        [sent.0, sent.1, sent.2].into_iter().for_each(|answer| drop(answer.is(200)));
        let counts =
            [all(&admin, "leads").await.len(), all(&admin, "people").await.len(), all(&admin, "companies").await.len()];
        assert_eq!(counts, [3, 1, 1]);
    });
}

#[test]
fn machines_get_the_same_answer_and_are_held_until_somebody_looks() {
    on_both(async |site| {
        let admin = site.admin();
        let path = form(&admin, json!({})).await;
        let good = send(site, &path, "name=Ann&email=ann@kites.example").await.is(200);
        let trapped = send(site, &path, "name=Bot&email=bot@kites.example&website=x").await.is(200);
        assert_eq!((good.bytes, good.headers.len()), (trapped.bytes, trapped.headers.len()));
        send(site, &path, "name=www.spam.example&email=bot@kites.example").await.is(200);
        assert_eq!(all(&admin, "leads").await.len(), 1);
        let held = admin.get("/capture/held").await.is(200).json()["held"].clone();
        assert_eq!((&held[0]["reason"], &held[1]["reason"]), (&json!("links"), &json!("trap")), "{held}");
        assert_eq!(held[1]["said"]["name"], "Bot");
        let one = |at: usize| format!("/capture/held/{}", held[at]["id"].as_str().unwrap());
        let clerk = site.program(json!({ "objects": { "*": { "read": "all", "create": true } } }));
        clerk.get("/capture/held").await.is(403);
        clerk.post(&one(1), json!({})).await.is(403);
        clerk.delete(&one(1)).await.is(403);
        clerk.get("/capture_forms").await.is(403);
        clerk.post("/capture_forms", json!({ "name": "Mine" })).await.is(403);
        let made = admin.post(&one(1), json!({})).await.is(200).json();
        assert_eq!(made["lead"]["title"], "Bot");
        admin.post(&one(1), json!({})).await.is(404);
        admin.delete(&one(0)).await.is(200);
        admin.delete(&one(0)).await.is(404);
        assert_eq!(admin.get("/capture/held").await.is(200).json()["held"], json!([]));
    });
}

#[test]
fn a_form_with_a_least_time_wants_its_own_stamp() {
    on_sqlite(async |site| {
        let admin = site.admin();
        let path = form(&admin, json!({ "least_seconds": 60, "consent_wording": "Yes" })).await;
        let other = form(&admin, json!({ "name": "Other" })).await;
        let stamp = |shown: Json| shown["stamp"].as_str().unwrap().to_owned();
        let shown = site.stranger().get(&path).await.is(200).json();
        assert_eq!((&shown["consent"], &shown["fields"][4]), (&json!("Yes"), &json!("message")));
        let foreign = stamp(site.stranger().get(&other).await.is(200).json());
        for stamp in [String::new(), foreign, "AAAA".to_owned(), stamp(shown)] {
            send(site, &path, &format!("name=Fast&email=f@kites.example&stamp={stamp}")).await.is(200);
        }
        let held = admin.get("/capture/held").await.is(200).json()["held"].clone();
        let reasons: Vec<&Json> = held.as_array().unwrap().iter().map(|held| &held["reason"]).collect();
        assert_eq!(reasons, ["too_fast", "no_stamp", "no_stamp", "no_stamp"]);
        let path = form(&admin, json!({ "name": "Slow", "least_seconds": 1 })).await;
        let stamp = stamp(site.stranger().get(&path).await.is(200).json());
        tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
        send(site, &path, &format!("name=Calm&email=c@kites.example&stamp={stamp}")).await.is(200);
        assert_eq!(all(&admin, "leads").await.len(), 1);
    });
}

#[test]
fn only_named_pages_may_send_and_read() {
    on_sqlite(async |site| {
        let admin = site.admin();
        for wrong in [json!({ "origins": ["https://a.de/path"] }), json!({ "thanks": "javascript:alert(1)" })] {
            let mut values = json!({ "name": "Wrong" });
            values.as_object_mut().unwrap().extend(wrong.as_object().unwrap().clone());
            admin.post("/capture_forms", values).await.is(422);
        }
        let path =
            form(&admin, json!({ "origins": ["https://a.example"], "thanks": "https://a.example/thanks" })).await;
        let from = |origin: &str| site.stranger().with("origin", origin).with("sec-fetch-site", "cross-site");
        let body = json!({ "name": "Ann", "email": "ann@kites.example", "consent": true });
        let good = from("https://a.example").post(&path, body.clone()).await.is(200);
        assert_eq!(
            (good.header("access-control-allow-origin"), good.json()),
            ("https://a.example", json!({ "received": true }))
        );
        let client = from("https://a.example");
        let asked = client.send(client.request(Method::OPTIONS, &path, None)).await.is(204);
        assert_eq!(asked.header("access-control-allow-headers"), "content-type");
        for origin in ["https://b.example", "null", "https://a.example.evil.example"] {
            let refused = from(origin).post(&path, body.clone()).await.is(403);
            assert_eq!(refused.header("access-control-allow-origin"), "");
        }
        let led = send(site, &path, "name=B&email=b@kites.example").await.is(303);
        assert_eq!(led.header("location"), "https://a.example/thanks");
    });
}

#[test]
fn what_is_wrong_too_large_too_often_or_closed_is_refused() {
    on_sqlite(async |site| {
        let admin = site.admin();
        let path = form(&admin, json!({ "takes": [] })).await;
        assert_eq!(send(site, &path, "name=Ann").await.is(422).json()["fields"][0]["field"], "email");
        send(site, &path, "email=nonsense").await.is(422);
        send(site, &path, &format!("email=a@kites.example&message={}", "x".repeat(40_000))).await.is(413);
        let stranger = site.stranger();
        stranger.send(stranger.request(Method::POST, &path, Some(("text/plain", Vec::new())))).await.is(415);
        send(site, "/public/leads/nonsense", "email=a@kites.example").await.is(404);
        send(site, &path, "email=a@kites.example&message=kept%3F&owner=x&title=y&status=qualified").await.is(200);
        let lead = all(&admin, "leads").await.pop().unwrap();
        assert_eq!(
            (&lead["message"], &lead["title"], &lead["status"]),
            (&Json::Null, &json!("a@kites.example"), &json!("new"))
        );
        admin.patch(&path.replace("/public/leads", "/capture_forms"), json!({ "active": false })).await.is(200);
        send(site, &path, "email=a@kites.example").await.is(404);
        let mut last = send(site, &path, "email=a@kites.example").await;
        for _ in 0..30 {
            last = send(site, &path, "email=a@kites.example").await;
        }
        assert!(!last.clone().is(429).header("retry-after").is_empty());
    });
}
