//! First run, log-in, sessions, passwords, invitations, keys.

use api::Options;
use api::rate_limits::Rate;
use serde_json::json;
use store::Priority;
use store::tables::throttle::{self, Counter};

use crate::site::{PASSWORD, on_both, on_sqlite, with_options};

#[test]
fn the_first_run_makes_an_administrator_who_is_logged_in() {
    on_both(async |site| {
        let browser = site.stranger();
        assert_eq!(browser.get("/setup").await.is(200).json(), json!({ "needed": true, "mail": false }));
        let asked = json!({ "company": "Brightmoor", "name": "Ann Lee", "email": "ann@brightmoor.example", "password": PASSWORD });
        let weak = json!({ "company": "Brightmoor", "name": "Ann Lee", "email": "a@b.example", "password": "brightmoor-2026-brightmoor" });
        assert_eq!(browser.post("/setup", weak).await.code(422), "invalid");
        let done = browser.post("/setup", asked.clone()).await.is(201);
        let cookie = done.header("set-cookie").to_owned();
        assert!(
            cookie.contains("Path=/") && cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"),
            "{cookie}"
        );
        assert_eq!(site.stranger().post("/setup", asked).await.code(409), "conflict");
        assert_eq!(browser.get("/setup").await.json(), json!({ "needed": false, "mail": false }));
        let boot = browser.get("/boot").await.is(200).json();
        assert_eq!(boot["user"]["name"], "Ann Lee");
        assert_eq!(boot["role"]["admin"], true);
        assert_eq!(boot["workspace"]["name"], "Brightmoor");
        let person = boot["objects"].as_array().unwrap().iter().find(|object| object["name"] == "person").unwrap();
        assert_eq!(person["can"]["create"], true);
        assert!(boot["views"].is_array());
    });
}

#[test]
fn sessions_are_new_at_log_in_and_end_at_log_out() {
    on_both(async |site| {
        let browser = site.user("ann@example.com", "Member").await;
        let first = browser.cookie.lock().unwrap().clone();
        browser.post("/session", json!({ "email": "ANN@example.com", "password": PASSWORD })).await.is(200);
        let second = browser.cookie.lock().unwrap().clone();
        assert_ne!(first, second);
        let old = site.stranger();
        *old.cookie.lock().unwrap() = first;
        assert_eq!(old.get("/people").await.code(401), "not_authenticated");
        let other = site.stranger();
        other.post("/session", json!({ "email": "ann@example.com", "password": PASSWORD })).await.is(200);
        let sessions = browser.get("/sessions").await.is(200).json();
        let sessions = sessions["sessions"].as_array().unwrap().clone();
        assert_eq!(sessions.len(), 2);
        let foreign = sessions.iter().find(|session| session["current"] == false).unwrap();
        browser.delete(&format!("/sessions/{}", foreign["id"].as_str().unwrap())).await.is(200);
        other.get("/people").await.is(401);
        let out = browser.delete("/session").await.is(200);
        assert_eq!(out.header("clear-site-data"), "\"cache\", \"cookies\", \"storage\"");
        *browser.cookie.lock().unwrap() = second;
        browser.get("/people").await.is(401);
    });
}

#[test]
fn wrong_passwords_and_unknown_accounts_look_alike_and_are_slowed_down() {
    on_both(async |site| {
        site.user("ann@example.com", "Member").await;
        let mut seen = Vec::new();
        for email in ["ann@example.com", "nobody@example.com"] {
            let mut answers = Vec::new();
            for _ in 0..12 {
                let answer =
                    site.stranger().post("/session", json!({ "email": email, "password": "wrong wrong wrong" })).await;
                answers.push((
                    answer.status,
                    answer.json()["code"].clone(),
                    answer.headers.contains_key("retry-after"),
                ));
            }
            assert_eq!(answers[0].0, 401);
            assert_eq!(answers[11].0, 429);
            assert!(answers[11].2, "says when to come back");
            assert!(answers.iter().filter(|answer| answer.0 == 401).count() <= 10);
            answers.sort_by_key(|answer| answer.0);
            answers.dedup();
            seen.push(answers);
        }
        assert_eq!(seen[0], seen[1]);
        // Ten failures inside the window: now the right password has to wait too.
        let now_s = site.kit.workspace.now() / 1_000_000;
        let full = Counter { since_s: now_s, count: 10, in_a_row: 10, last_s: now_s };
        let store = site.kit.workspace.store();
        store
            .write(Priority::Interactive, move |tx| throttle::set(tx, "account:ann@example.com", &full))
            .await
            .unwrap();
        let right = json!({ "email": "ann@example.com", "password": PASSWORD });
        assert_eq!(site.stranger().post("/session", right.clone()).await.code(429), "too_many_requests");
        store.write(Priority::Interactive, |tx| throttle::clear(tx, "account:ann@example.com")).await.unwrap();
        site.stranger().post("/session", right).await.is(200);
    });
}

#[test]
fn a_new_password_ends_all_other_sessions() {
    on_sqlite(async |site| {
        let here = site.user("ann@example.com", "Member").await;
        let there = site.stranger();
        there.post("/session", json!({ "email": "ann@example.com", "password": PASSWORD })).await.is(200);
        there.get("/people").await.is(200);
        let new = "eleven green boats sleep";
        here.put("/session/password", json!({ "current": "not this one here", "new": new })).await.is(422);
        here.put("/session/password", json!({ "current": PASSWORD, "new": "short" })).await.is(422);
        here.put("/session/password", json!({ "current": PASSWORD, "new": new })).await.is(200);
        here.get("/people").await.is(200);
        there.get("/people").await.is(401);
        site.stranger().post("/session", json!({ "email": "ann@example.com", "password": PASSWORD })).await.is(401);
        site.stranger().post("/session", json!({ "email": "ann@example.com", "password": new })).await.is(200);
    });
}

#[test]
fn a_user_who_is_switched_off_is_out() {
    on_sqlite(async |site| {
        let browser = site.user("ann@example.com", "Member").await;
        let id = browser.get("/boot").await.json()["user"]["id"].as_str().unwrap().to_owned();
        site.admin().patch(&format!("/users/{id}"), json!({ "active": false })).await.is(200);
        browser.get("/people").await.is(401);
        site.stranger().post("/session", json!({ "email": "ann@example.com", "password": PASSWORD })).await.is(401);
    });
}

#[test]
fn an_invitation_works_once() {
    on_both(async |site| {
        let admin = site.user("boss@example.com", "admin").await;
        let role = admin.get("/roles?filter=name%20==%20'Member'").await.is(200).json()["records"][0]["id"].clone();
        let user = admin.make("users", json!({ "name": "New One", "email": "new@example.com", "role": role })).await;
        let link = admin.post(&format!("/users/{user}/invite"), json!({})).await.is(200).json();
        let link = link["link"].as_str().unwrap().to_owned();
        let token = link.strip_prefix("http://localhost:8080/invite/").unwrap();
        let browser = site.stranger();
        let shown = browser.get(&format!("/invitations/{token}")).await.is(200).json();
        assert_eq!(shown, json!({ "name": "New One", "email": "new@example.com", "reset": false }));
        browser.post(&format!("/invitations/{token}"), json!({ "password": "too short" })).await.is(422);
        browser.post(&format!("/invitations/{token}"), json!({ "password": PASSWORD })).await.is(200);
        assert_eq!(browser.get("/boot").await.json()["user"]["email"], "new@example.com");
        site.stranger().post(&format!("/invitations/{token}"), json!({ "password": PASSWORD })).await.is(404);
        for guess in ["", "x", &"A".repeat(43)] {
            site.stranger().get(&format!("/invitations/{guess}")).await.is(404);
        }
        let member = browser;
        member.post(&format!("/users/{user}/invite"), json!({})).await.is(403);
    });
}

#[test]
fn keys_are_shown_once_bound_to_a_role_and_revocable() {
    on_both(async |site| {
        let admin = site.user("boss@example.com", "admin").await;
        let roles = admin.get("/roles").await.is(200).json();
        let roles = roles["records"].as_array().unwrap();
        let reader = roles.iter().find(|role| role["name"] == "Reader").unwrap()["id"].clone();
        let made = admin.post("/api_keys", json!({ "name": "Shop", "role": reader })).await.is(201).json();
        let key = made["key"].as_str().unwrap().to_owned();
        assert!(key.starts_with("rk_"));
        let mut program = site.stranger();
        program.key = Some(key.clone());
        program.get("/people").await.is(200);
        program.post("/people", json!({ "family_name": "Ann" })).await.is(403);
        program.get("/boot").await.is(403);
        let listed = admin.get("/api_keys").await.is(200);
        assert!(!listed.text().contains(&key));
        admin.delete(&format!("/api_keys/{}", made["record"]["id"].as_str().unwrap())).await.is(200);
        assert_eq!(program.get("/people").await.code(401), "not_authenticated");
    });
}

#[test]
fn keys_that_call_too_often_are_told_to_wait() {
    let rate = Some(Rate { per_minute: 60, burst: 5 });
    with_options(Options { rate, ..Options::default() }, async |site| {
        let program = site.admin();
        let mut statuses = Vec::new();
        for _ in 0..7 {
            let answer = program.get("/people").await;
            if answer.status == 200 {
                assert!(answer.header("ratelimit").starts_with("\"default\";r="));
            } else {
                assert!(answer.headers.contains_key("retry-after"));
            }
            statuses.push(answer.status);
        }
        assert_eq!(statuses, [200, 200, 200, 200, 200, 429, 429]);
    });
}

#[test]
fn people_change_their_own_profile_and_nobody_makes_themselves_administrator() {
    on_both(async |site| {
        let admin = site.user("boss@example.com", "admin").await;
        let boss = admin.get("/boot").await.json()["user"]["id"].as_str().unwrap().to_owned();
        let ann = site.user("ann@example.com", "Member").await;
        let me = ann.get("/boot").await.json()["user"]["id"].as_str().unwrap().to_owned();
        let roles = admin.get("/roles").await.is(200).json();
        let role = |name: &str| {
            let roles = roles["records"].as_array().unwrap();
            roles.iter().find(|role| role["name"] == name).unwrap()["id"].clone()
        };
        ann.patch(&format!("/users/{me}"), json!({ "name": "Ann Lee", "time_zone": "Europe/Paris" })).await.is(200);
        ann.patch(&format!("/users/{me}"), json!({ "unmailed": ["change"], "unpushed": ["change"] })).await.is(200);
        for change in
            [json!({ "role": role("Administrator") }), json!({ "email": "x@example.com" }), json!({ "active": false })]
        {
            ann.patch(&format!("/users/{me}"), change).await.is(403);
        }
        ann.patch(&format!("/users/{boss}"), json!({ "name": "Not you" })).await.is(403);
        let rights = json!({ "objects": { "*": { "read": "all" } }, "special": ["manage_users"] });
        let manager = site.program(rights);
        let hired = json!({ "name": "New", "email": "new@example.com", "role": role("Member") });
        manager.make("users", hired).await;
        let wanted = json!({ "name": "Evil", "email": "evil@example.com", "role": role("Administrator") });
        manager.post("/users", wanted).await.is(403);
        manager.patch(&format!("/users/{me}"), json!({ "role": role("Administrator") })).await.is(403);
        manager.patch(&format!("/users/{boss}"), json!({ "email": "mine@example.com" })).await.is(403);
        manager.delete(&format!("/users/{boss}")).await.is(403);
        manager.post(&format!("/users/{boss}/invite"), json!({})).await.is(403);
        manager.patch(&format!("/users/{me}"), json!({ "active": false })).await.is(200);
        ann.get("/people").await.is(401);
    });
}
