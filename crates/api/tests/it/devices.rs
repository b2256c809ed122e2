//! Devices over HTTP: one's own alone, addresses that are refused, and their end with the session.

use engine::outward::public_and;
use serde_json::{Value as Json, json};
use testkit::push::{Browser, PushService};

use crate::site::{Client, PASSWORD, Site, on_both};

fn set_up(site: &Site) -> PushService {
    let allows = public_and(|address| address.is_loopback());
    site.kit.workspace.attach_push("https://crm.example.com", allows.clone(), webpush::carrier(allows, None));
    PushService::start()
}

fn new(endpoint: &str, browser: &Browser) -> Json {
    json!({ "endpoint": endpoint, "keys": { "p256dh": browser.p256dh(), "auth": browser.auth() } })
}

async fn devices(client: &Client<'_>) -> Vec<Json> {
    client.get("/push/devices").await.is(200).json()["devices"].as_array().unwrap().clone()
}

fn id_of(device: &Json) -> &str {
    device["id"].as_str().unwrap()
}

#[test]
fn devices_are_added_tried_and_removed_by_their_user_alone() {
    on_both(async |site| {
        let service = set_up(site);
        let (ann, ben) = (site.user("ann@example.com", "Member").await, site.user("ben@example.com", "Member").await);
        let page = ann.get("/push/devices").await.is(200).json();
        assert_eq!(page["key"].as_str().unwrap().len(), 87, "a point, base64url");
        assert_eq!(ben.get("/push/devices").await.is(200).json()["key"], page["key"], "one key for all");
        let browser = Browser::new();
        let endpoint = service.endpoint("ann");
        let added = ann.with("user-agent", "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0");
        let device = added.post("/push/devices", new(&endpoint, &browser)).await.is(201).json();
        assert_eq!((&device["service"], &device["delivered_at"]), (&json!("127.0.0.1"), &Json::Null));
        let shown = ann.get("/push/devices").await.is(200).text();
        assert!(shown.contains("Firefox/140.0") && !shown.contains(&endpoint) && !shown.contains(&browser.auth()));
        let path = format!("/push/devices/{}", id_of(&device));
        // Nobody else's, and not for keys.
        for other in [ben.post(&format!("{path}/test"), json!({})).await, ben.delete(&path).await] {
            other.is(404);
        }
        site.admin().get("/push/devices").await.is(403);
        site.admin().post("/push/devices", new(&endpoint, &browser)).await.is(403);
        let tested = ann.post(&format!("{path}/test"), json!({})).await.is(200).json();
        assert_eq!(tested, json!({ "went": true, "gone": false, "answer": "201" }));
        let message = service.taken().remove(0).read(&browser);
        assert_eq!((&message["title"], &message["tag"]), (&json!("Notifications reach this device"), &json!("test")));
        assert!(devices(&ann).await[0]["delivered_at"].is_string());
        let figures = site.admin().get("/metrics").await.is(200).text();
        assert!(figures.contains("rapport_devices 1") && figures.contains("rapport_pushes{state=\"waiting\"} 0"));
        // The browser has another address now.
        let mut renewed = new(&service.endpoint("ann-2"), &browser);
        renewed["replaces"] = json!(endpoint);
        ann.post("/push/devices", renewed).await.is(201);
        let now = devices(&ann).await;
        assert!(now.len() == 1 && id_of(&now[0]) != id_of(&device));
        service.then("410 Gone");
        let tested = ann.post(&format!("/push/devices/{}/test", id_of(&now[0])), json!({})).await.is(200).json();
        assert_eq!((&tested["went"], &tested["gone"]), (&json!(false), &json!(true)));
        assert!(devices(&ann).await.is_empty());
        let device = ann.post("/push/devices", new(&endpoint, &browser)).await.is(201).json();
        ann.delete(&format!("/push/devices/{}", id_of(&device))).await.is(200);
        ann.delete(&format!("/push/devices/{}", id_of(&device))).await.is(404);
        let audit = site.admin().get("/audit?kind=device").await.is(200).text();
        assert!(audit.contains("device.added") && audit.contains("device.removed"), "{audit}");
        assert!(!audit.contains(&endpoint));
    });
}

#[test]
fn addresses_that_lead_inside_are_refused() {
    on_both(async |site| {
        let service = set_up(site);
        let (ann, browser) = (site.user("ann@example.com", "Member").await, Browser::new());
        for endpoint in [
            "http://push.example.com/1",
            "https://10.0.0.1/1",
            "https://192.168.0.1/1",
            "https://[fe80::1]/1",
            "https://169.254.169.254/latest/meta-data",
            "javascript:alert(1)",
            "https://a:b@push.example.com/1",
        ] {
            let answer = ann.post("/push/devices", new(endpoint, &browser)).await.is(422).json();
            assert_eq!(answer["fields"][0]["field"], "endpoint", "{endpoint}: {answer}");
        }
        // A name is looked up when something is sent: it leads to this machine, without encryption.
        let inside = format!("https://localhost:{}/1", service.port);
        let device = ann.post("/push/devices", new(&inside, &browser)).await.is(201).json();
        let test = format!("/push/devices/{}/test", id_of(&device));
        assert_eq!(ann.post(&test, json!({})).await.is(200).json()["went"], false);
        // One that leads elsewhere is not followed.
        let other = PushService::start();
        service.taken();
        service.then(&format!("308 There\r\nLocation: {}", other.endpoint("1")));
        let device = ann.post("/push/devices", new(&service.endpoint("1"), &browser)).await.is(201).json();
        let tested = ann.post(&format!("/push/devices/{}/test", id_of(&device)), json!({})).await.is(200).json();
        assert_eq!((&tested["went"], &tested["answer"]), (&json!(false), &json!("308")));
        assert!(other.taken().is_empty());
        let mut wrong = new(&service.endpoint("2"), &browser);
        wrong["keys"]["auth"] = json!("short");
        ann.post("/push/devices", wrong).await.is(422);
    });
}

#[test]
fn a_device_ends_with_the_session_in_which_it_was_added() {
    on_both(async |site| {
        let service = set_up(site);
        let ann = site.user("ann@example.com", "Member").await;
        let log_in = json!({ "email": "ann@example.com", "password": PASSWORD });
        let (second, third) = (site.stranger(), site.stranger());
        for client in [&second, &third] {
            client.post("/session", log_in.clone()).await.is(200);
        }
        for (client, name) in [(&ann, "one"), (&second, "two"), (&third, "three")] {
            client.post("/push/devices", new(&service.endpoint(name), &Browser::new())).await.is(201);
        }
        let seen = ann.get("/push/devices").await.is(200).json();
        assert_eq!(seen["devices"].as_array().unwrap().len(), 3, "one's own of every session");
        assert_ne!(seen["session"], second.get("/push/devices").await.is(200).json()["session"]);
        second.delete("/session").await.is(200);
        assert_eq!(devices(&ann).await.len(), 2, "logged out");
        ann.delete("/sessions").await.is(200);
        assert_eq!(devices(&ann).await.len(), 1, "the other was ended from here");
        ann.put("/session/password", json!({ "current": PASSWORD, "new": "eleven green kettles sing" })).await.is(200);
        assert_eq!(
            site.kit.workspace.push_ledger().unwrap().devices,
            0,
            "whoever knew the old password is told nothing"
        );
    });
}
