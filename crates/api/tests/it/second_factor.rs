//! The second factor: set-up, the second step of a log-in, recovery codes, limits, removal, requirement.

use std::time::Duration;

use futures_util::StreamExt as _;
use ring::hmac;
use serde_json::{Value as Json, json};
use store::Priority;
use store::tables::second_factors;
use uuid::Uuid;

use crate::site::{Client, PASSWORD, Site, on_both, on_sqlite};

/// The bytes of a secret as an app reads them.
fn decoded(secret: &str) -> Vec<u8> {
    let (mut bytes, mut waiting, mut bits) = (Vec::new(), 0_u32, 0);
    for letter in secret.bytes() {
        let five = if letter.is_ascii_digit() { letter - b'2' + 26 } else { letter - b'A' };
        waiting = (waiting << 5) | u32::from(five);
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes.push((waiting >> bits) as u8);
        }
    }
    bytes
}

/// The code that an app shows now.
fn code(secret: &str) -> String {
    let step = jiff::Timestamp::now().as_second() / 30;
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &decoded(secret));
    let tag = hmac::sign(&key, &step.to_be_bytes());
    let tag = tag.as_ref();
    let at = usize::from(tag[19] & 15);
    let number = u32::from_be_bytes(tag[at..at + 4].try_into().unwrap()) & 0x7fff_ffff;
    format!("{:06}", number % 1_000_000)
}

async fn id_of(client: &Client<'_>) -> Uuid {
    client.get("/boot").await.is(200).json()["user"]["id"].as_str().unwrap().parse().unwrap()
}

/// Lets codes that were taken be taken again, so that a test need not wait.
async fn forget_steps(site: &Site, user: Uuid) {
    let forgotten = site.kit.workspace.store().write(Priority::Interactive, move |tx| {
        let factor = second_factors::find(tx, user)?.unwrap();
        second_factors::set(tx, user, &second_factors::SecondFactor { last_step: 0, ..factor })
    });
    forgotten.await.unwrap();
}

/// Sets up a second factor: the secret and the recovery codes.
async fn set_up(client: &Client<'_>) -> (String, Vec<String>) {
    let offer = client.post("/session/second_factor", json!({ "password": PASSWORD })).await.is(200).json();
    let secret = offer["secret"].as_str().unwrap().to_owned();
    let confirm = json!({ "code": code(&secret) });
    let done = client.post("/session/second_factor/confirm", confirm).await.is(200).json();
    let codes: Vec<String> =
        done["recovery_codes"].as_array().unwrap().iter().map(|code| code.as_str().unwrap().to_owned()).collect();
    assert_eq!(codes.len(), 10);
    forget_steps(client.site, id_of(client).await).await;
    (secret, codes)
}

/// The first step of a log-in: the challenge.
async fn challenge(client: &Client<'_>, email: &str, password: &str) -> String {
    let answer = client.post("/session", json!({ "email": email, "password": password })).await.is(200);
    assert!(!answer.headers.contains_key("set-cookie"));
    assert_eq!(answer.json()["set_up"], false, "{}", answer.text());
    answer.json()["challenge"].as_str().unwrap().to_owned()
}

async fn enter(client: &Client<'_>, challenge: &str, code: &str) -> crate::site::Answer {
    client.post("/session/code", json!({ "challenge": challenge, "code": code })).await
}

#[test]
fn a_log_in_takes_the_password_and_a_code_that_counts_once() {
    on_both(async |site| {
        let ann = site.user("ann@example.com", "admin").await;
        let user = id_of(&ann).await;
        assert_eq!(ann.get("/session/second_factor").await.is(200).json()["enabled"], false);
        ann.post("/session/second_factor", json!({ "password": "not this one here" })).await.is(422);
        ann.post("/session/second_factor/confirm", json!({ "code": "123456" })).await.is(422);
        let offer = ann.post("/session/second_factor", json!({ "password": PASSWORD })).await.is(200).json();
        assert!(offer["uri"].as_str().unwrap().starts_with("otpauth://totp/"));
        assert!(offer["qr"]["size"].as_u64().unwrap() > 20);
        // Not confirmed: log-in is as before.
        site.stranger().post("/session", json!({ "email": "ann@example.com", "password": PASSWORD })).await.is(200);
        let (secret, _) = set_up(&ann).await;
        let status = ann.get("/session/second_factor").await.is(200).json();
        assert_eq!((&status["enabled"], &status["codes_left"]), (&json!(true), &json!(10)));

        let browser = site.stranger();
        let token = challenge(&browser, "ann@example.com", PASSWORD).await;
        browser.get("/people").await.is(401);
        enter(&browser, &token, "000000").await.is(422);
        enter(&browser, &token, "").await.is(422);
        enter(&browser, &token, &code(&secret)).await.is(200);
        browser.get("/people").await.is(200);
        assert_eq!(enter(&browser, &token, &code(&secret)).await.code(401), "not_authenticated");
        let token = challenge(&site.stranger(), "ann@example.com", PASSWORD).await;
        let again = enter(&site.stranger(), &token, &code(&secret)).await.is(422);
        assert_eq!(again.json()["fields"][0]["field"], "code");
        for wrong in ["", "x", &"A".repeat(43)] {
            enter(&site.stranger(), wrong, &code(&secret)).await.is(401);
        }
        let told = ann.get("/audit?kind=login.refused").await.is(200).json();
        assert_eq!(told["entries"][0]["details"]["step"], "code");
        assert_eq!(told["entries"][0]["subject"], format!("user:{user}"));
        let secret_shown = ann.get("/audit?limit=200").await.is(200).text().contains(&secret);
        assert!(!secret_shown);
    });
}

#[test]
fn recovery_codes_work_once_and_can_be_renewed() {
    on_both(async |site| {
        let ann = site.user("ann@example.com", "admin").await;
        let (secret, codes) = set_up(&ann).await;
        assert!(codes.iter().all(|code| code.len() == 19), "{codes:?}");
        let browser = site.stranger();
        let token = challenge(&browser, "ann@example.com", PASSWORD).await;
        enter(&browser, &token, &codes[0].to_uppercase().replace('-', " ")).await.is(200);
        let token = challenge(&browser, "ann@example.com", PASSWORD).await;
        enter(&browser, &token, &codes[0]).await.is(422);
        assert_eq!(ann.get("/session/second_factor").await.json()["codes_left"], 9);
        let renewed = ann.post("/session/second_factor/codes", json!({ "code": code(&secret) })).await.is(200).json();
        enter(&browser, &token, &codes[1]).await.is(422);
        enter(&browser, &token, renewed["recovery_codes"][1].as_str().unwrap()).await.is(200);
        let kinds = ann.get("/audit?kind=second_factor").await.is(200).json();
        let kinds: Vec<&str> =
            kinds["entries"].as_array().unwrap().iter().map(|entry| entry["kind"].as_str().unwrap()).collect();
        assert_eq!(
            kinds,
            ["second_factor.recovery", "second_factor.codes", "second_factor.recovery", "second_factor.added"]
        );
    });
}

#[test]
fn wrong_codes_are_limited_per_challenge_and_per_account_also_after_a_restart() {
    on_both(async |site| {
        let ann = site.user("ann@example.com", "admin").await;
        let (secret, codes) = set_up(&ann).await;
        let first = site.stranger();
        let token = challenge(&first, "ann@example.com", PASSWORD).await;
        for _ in 0..5 {
            enter(&first, &token, "000000").await.is(422);
        }
        assert_eq!(
            enter(&first, &token, &code(&secret)).await.code(401),
            "not_authenticated",
            "the sixth is not looked at"
        );
        // A hundred more, over twenty challenges and two starts of the program; one by one and many at once.
        let other = site.restarted();
        let mut wrong = 5;
        for round in 0..20 {
            let place = if round % 2 == 0 { site } else { &other };
            let client = place.stranger();
            let token = challenge(&client, "ann@example.com", PASSWORD).await;
            let tries: Vec<_> = (0..5).map(|_| enter(&client, &token, "111111")).collect();
            for answer in futures_util::future::join_all(tries).await {
                assert!(matches!(answer.status, 401 | 422 | 429), "{}", answer.text());
                wrong += i32::from(answer.status == 422);
            }
        }
        assert_eq!(wrong, 20);
        let late = site.restarted();
        let token = challenge(&late.stranger(), "ann@example.com", PASSWORD).await;
        for right in [code(&secret), codes[0].clone()] {
            let answer = enter(&late.stranger(), &token, &right).await.is(429);
            assert!(answer.headers.contains_key("retry-after"));
        }
    });
}

#[test]
fn no_way_in_skips_the_second_factor() {
    on_both(async |site| {
        let boss = site.user("boss@example.com", "admin").await;
        let ann = site.user("ann@example.com", "Member").await;
        let user = id_of(&ann).await;
        let (secret, _) = set_up(&ann).await;
        let link = boss.post(&format!("/users/{user}/invite"), json!({})).await.is(200).json();
        let token = link["link"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
        let guest = site.stranger();
        // Beside a second factor eight characters are enough.
        let taken = guest.post(&format!("/invitations/{token}"), json!({ "password": "wq7 lamp" })).await.is(200);
        assert!(!taken.headers.contains_key("set-cookie") && taken.json()["user"].is_null());
        guest.get("/people").await.is(401);
        let token = taken.json()["challenge"].as_str().unwrap().to_owned();
        enter(&guest, &token, &code(&secret)).await.is(200);
        guest.get("/people").await.is(200);
        api::accounts::add_user(&site.kit.workspace, "Ann", "ann@example.com", "Member", PASSWORD).unwrap();
        is_out(&guest).await;
        challenge(&site.stranger(), "ann@example.com", PASSWORD).await;
        // Without the factor the short password leads to a new set-up.
        forget_steps(site, user).await;
        let token = challenge(&guest, "ann@example.com", PASSWORD).await;
        enter(&guest, &token, &code(&secret)).await.is(200);
        guest.put("/session/password", json!({ "current": PASSWORD, "new": "wq7 lamp" })).await.is(200);
        forget_steps(site, user).await;
        guest.post("/session/second_factor/remove", json!({ "code": code(&secret) })).await.is(200);
        guest.put("/session/password", json!({ "current": "wq7 lamp", "new": "wq8 lamp" })).await.is(422);
        let short = json!({ "email": "ann@example.com", "password": "wq7 lamp" });
        assert_eq!(site.stranger().post("/session", short).await.is(200).json()["set_up"], true);
    });
}

#[test]
fn where_it_is_required_the_first_log_in_leads_through_the_set_up() {
    on_both(async |site| {
        let boss = site.user("boss@example.com", "admin").await;
        site.user("ann@example.com", "Member").await;
        boss.patch("/workspace", json!({ "second_factor_required": true })).await.is(200);
        let browser = site.stranger();
        let log_in = json!({ "email": "ann@example.com", "password": PASSWORD });
        let first = browser.post("/session", log_in.clone()).await.is(200).json();
        assert_eq!(first["set_up"], true);
        let token = first["challenge"].as_str().unwrap().to_owned();
        let offer = browser.post("/session/set_up", json!({ "challenge": token })).await.is(200).json();
        let secret = offer["secret"].as_str().unwrap().to_owned();
        let entered = enter(&browser, &token, &code(&secret)).await.is(200).json();
        assert_eq!(entered["recovery_codes"].as_array().unwrap().len(), 10);
        let user = id_of(&browser).await;
        forget_steps(site, user).await;
        let remove = json!({ "code": code(&secret) });
        assert_eq!(browser.post("/session/second_factor/remove", remove).await.code(409), "conflict");
        // A challenge of somebody who has a factor shows no secret.
        let token = challenge(&site.stranger(), "ann@example.com", PASSWORD).await;
        browser.post("/session/set_up", json!({ "challenge": token })).await.is(401);
        boss.patch("/workspace", json!({ "second_factor_required": false })).await.is(200);
        let rights = json!({ "second_factor": true, "objects": { "*": { "read": "all" } } });
        boss.make("roles", json!({ "name": "Careful", "rights": rights })).await;
        api::accounts::add_user(&site.kit.workspace, "Bob", "bob@example.com", "Careful", PASSWORD).unwrap();
        let careful = json!({ "email": "bob@example.com", "password": PASSWORD });
        assert_eq!(site.stranger().post("/session", careful).await.is(200).json()["set_up"], true);
    });
}

#[test]
fn who_manages_users_may_remove_it_but_not_an_administrators() {
    on_both(async |site| {
        let boss = site.user("boss@example.com", "admin").await;
        let ann = site.user("ann@example.com", "Member").await;
        let (chief, user) = (id_of(&boss).await, id_of(&ann).await);
        set_up(&ann).await;
        set_up(&boss).await;
        let manager = site.program(json!({ "objects": { "*": { "read": "all" } }, "special": ["manage_users"] }));
        let nobody = site.program(json!({}));
        nobody.delete(&format!("/users/{user}/second_factor")).await.is(403);
        nobody.get("/second_factors").await.is(403);
        assert_eq!(manager.get("/second_factors").await.is(200).json()["users"].as_array().unwrap().len(), 2);
        manager.delete(&format!("/users/{chief}/second_factor")).await.is(403);
        manager.delete(&format!("/users/{user}/second_factor")).await.is(200);
        ann.get("/people").await.is(401);
        site.stranger().post("/session", json!({ "email": "ann@example.com", "password": PASSWORD })).await.is(200);
        manager.delete(&format!("/users/{user}/second_factor")).await.is(404);
        let told = boss.get("/audit?kind=second_factor.removed").await.is(200).json();
        assert_eq!(told["entries"][0]["subject"], format!("user:{user}"));
        api::second_factor::remove_by_email(&site.kit.workspace, "BOSS@example.com").unwrap();
        is_out(&boss).await;
    });
}

#[test]
fn another_app_takes_the_place_of_the_first_with_its_code() {
    on_sqlite(async |site| {
        let ann = site.user("ann@example.com", "admin").await;
        let (secret, codes) = set_up(&ann).await;
        ann.post("/session/second_factor", json!({ "password": PASSWORD })).await.is(422);
        let asked = json!({ "password": PASSWORD, "code": codes[3] });
        let offer = ann.post("/session/second_factor", asked).await.is(200).json();
        let new = offer["secret"].as_str().unwrap().to_owned();
        ann.post("/session/second_factor/confirm", json!({ "code": code(&secret) })).await.is(422);
        ann.post("/session/second_factor/confirm", json!({ "code": code(&new) })).await.is(200);
        forget_steps(site, id_of(&ann).await).await;
        let token = challenge(&site.stranger(), "ann@example.com", PASSWORD).await;
        enter(&site.stranger(), &token, &code(&secret)).await.is(422);
        enter(&site.stranger(), &token, &codes[4]).await.is(422);
        enter(&site.stranger(), &token, &code(&new)).await.is(200);
    });
}

/// Waits until a client is shut out, for at most five seconds.
async fn is_out(client: &Client<'_>) {
    let until = std::time::Instant::now() + Duration::from_secs(5);
    while client.get("/people").await.status != 401 {
        assert!(std::time::Instant::now() < until, "still in after five seconds");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// Whether a stream ends inside five seconds.
async fn ends(stream: &mut axum::body::BodyDataStream) -> bool {
    let ended = async { while let Some(Ok(_)) = stream.next().await {} };
    tokio::time::timeout(Duration::from_secs(5), ended).await.is_ok()
}

#[test]
fn what_ends_a_session_ends_it_everywhere_within_five_seconds() {
    on_both(async |site| {
        let boss = site.user("boss@example.com", "admin").await;
        let key = boss.post("/api_keys", json!({ "name": "Shop", "role": role(&boss).await })).await.is(201).json();
        let mut program = site.stranger();
        program.key = Some(key["key"].as_str().unwrap().to_owned());
        let other = site.restarted();
        let log_in = json!({ "email": "ann@example.com", "password": PASSWORD });
        let ann = site.user("ann@example.com", "Member").await;
        let user = id_of(&ann).await;
        for act in 0..4 {
            let (here, there) = (site.stranger(), other.stranger());
            here.post("/session", log_in.clone()).await.is(200);
            *there.cookie.lock().unwrap() = here.cookie.lock().unwrap().clone();
            let (_, mut stream) = here.stream("/events").await;
            let (_, mut elsewhere) = there.stream("/events").await;
            there.get("/people").await.is(200);
            match act {
                0 => {
                    let sessions = ann.get("/sessions").await.is(200).json();
                    let sessions = sessions["sessions"].as_array().unwrap().clone();
                    let foreign = sessions.iter().find(|session| session["current"] == false).unwrap();
                    ann.delete(&format!("/sessions/{}", foreign["id"].as_str().unwrap())).await.is(200);
                }
                1 => {
                    let same = json!({ "current": PASSWORD, "new": PASSWORD });
                    ann.put("/session/password", same).await.is(200);
                }
                2 => {
                    set_up(&ann).await;
                    boss.delete(&format!("/users/{user}/second_factor")).await.is(200);
                }
                _ => {
                    boss.patch(&format!("/users/{user}"), json!({ "active": false })).await.is(200);
                }
            }
            here.get("/people").await.is(401);
            assert!(ends(&mut stream).await && ends(&mut elsewhere).await, "{} act {act}", site.kit.database);
            is_out(&there).await;
        }
        let (_, mut stream) = program.stream("/events").await;
        boss.delete(&format!("/api_keys/{}", key["record"]["id"].as_str().unwrap())).await.is(200);
        assert!(ends(&mut stream).await);
        program.get("/people").await.is(401);
    });
}

async fn role(client: &Client<'_>) -> Json {
    client.get("/roles?filter=name%20==%20'Reader'").await.is(200).json()["records"][0]["id"].clone()
}
