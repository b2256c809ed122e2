//! Mails that were acknowledged go out, whenever the program dies: at least once, each under one Message-ID.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use serde_json::json;
use testkit::smtp::{Act, Protection, Smtp};

use super::{Server, json_of, kill, kills, mix, program};

/// Longer than a dead sender keeps a mail, and what was put off waits no longer either: the settings are saved anew.
const PATIENCE: Duration = Duration::from_secs(180);

/// Sets where mails go out; what waits is tried at once.
fn set_mail(server: &Server, port: u16) {
    let settings = json!({ "host": "127.0.0.1", "port": port, "security": "none", "user": "", "sender_name": "Rapport",
        "sender_address": "crm@example.com", "reply_to": "", "authority": "" });
    let (status, body) = server.send("PUT", "/mail", &json!({ "settings": settings }).to_string()).expect("an answer");
    assert!(status < 300, "{status} {body}");
}

/// Invites users until the server dies; the addresses whose invitation was acknowledged.
fn invite_until_death(server: &Server, round: u64) -> Vec<String> {
    let role = server.get("/roles?limit=1&fields=name")["records"][0]["id"].clone();
    let mut invited = Vec::new();
    for number in 0.. {
        let email = format!("user{number}@round{round}.example");
        let user = json!({ "name": format!("User {number}"), "email": email, "role": role }).to_string();
        let Some((status, body)) = server.send("POST", "/users", &user) else { break };
        assert_eq!(status, 201, "{body}");
        let path = format!("/users/{}/invite", body["record"]["id"].as_str().expect("an id"));
        let Some((status, body)) = server.send("POST", &path, "{}") else { break };
        assert_eq!((status, &body["mailed"]), (200, &json!(true)), "{body}");
        invited.push(email);
    }
    invited
}

#[test]
fn no_acknowledged_mail_is_lost_when_the_program_is_killed() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path();
    let key = json_of(program(data).args(["--json", "key", "add", "--role", "admin"]));
    let key = key["key"].as_str().expect("a key");
    let smtp = Smtp::start(Protection::None, &[]);
    let mut invited: Vec<String> = Vec::new();
    for round in 0..kills() {
        // Answers get lost on the way, too.
        if round % 2 == 1 {
            smtp.then(Act::DropAfterDot);
        }
        let server = Server::start(data, key);
        set_mail(&server, smtp.port);
        let acknowledged = std::thread::scope(|scope| {
            let client = scope.spawn(|| invite_until_death(&server, round));
            std::thread::sleep(Duration::from_millis(200 + mix(round) % 900));
            kill(&server);
            client.join().expect("the client ends")
        });
        invited.extend(acknowledged);
    }
    let server = Server::start(data, key);
    let deadline = Instant::now() + PATIENCE;
    let ledger = loop {
        set_mail(&server, smtp.port);
        let ledger = server.get("/mail/outgoing")["ledger"].clone();
        if ledger["waiting"] == json!(0) {
            break ledger;
        }
        assert!(Instant::now() < deadline, "mails that never go out: {ledger}");
        std::thread::sleep(Duration::from_millis(500));
    };
    drop(server);
    let mut arrived: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut taken = 0;
    for heard in smtp.heard().iter().filter(|heard| heard.mail.is_some()) {
        let to = heard.commands.iter().find_map(|line| line.strip_prefix("RCPT TO:<")?.split('>').next());
        let id = heard.header("Message-ID").expect("every mail has one");
        arrived.entry(to.expect("a receiver").to_owned()).or_default().insert(id);
        taken += 1;
    }
    let lost: Vec<&String> = invited.iter().filter(|email| !arrived.contains_key(*email)).collect();
    assert!(lost.is_empty(), "acknowledged and never sent: {lost:?}");
    assert!(arrived.values().all(|ids| ids.len() == 1), "one mail, one Message-ID: {arrived:?}");
    assert_eq!(ledger["sent"], json!(arrived.len()), "the ledger knows every mail that arrived: {ledger}");
    assert_eq!(ledger["queued"], ledger["sent"], "{ledger}");
    let faults = json_of(program(data).args(["--json", "verify"]));
    assert_eq!(faults["faults"], json!([]));
    println!("{} kills, {} mails acknowledged, {} sent, {taken} times", kills(), invited.len(), arrived.len());
}
