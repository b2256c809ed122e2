//! Outgoing mail through the API: who sets it up, what is never shown, invitations and forgotten passwords by mail.

use engine::mail::Carrier;
use serde_json::{Value as Json, json};
use testkit::smtp::{Act, Protection, Smtp};

use crate::site::{Client, PASSWORD, Site, on_both};

const NEW: &str = "eleven green kettles sing";

fn carrier() -> Carrier {
    smtp::carrier("crm.example.com", None)
}

fn settings(server: &Smtp) -> Json {
    json!({
        "host": "localhost", "port": server.port, "security": "starttls", "user": "crm", "sender_name": "Brightmoor",
        "sender_address": "crm@example.com", "authority": server.authority,
    })
}

/// A site that sends to a scripted server, and an administrator who is a person.
async fn set_up<'a>(site: &'a Site, server: &Smtp) -> Client<'a> {
    site.kit.workspace.attach_post("https://crm.example.com", carrier());
    let admin = site.user("admin@example.com", "Administrator").await;
    let change = json!({ "settings": settings(server), "password": "s3cret" });
    let answer = admin.put("/mail", change).await.is(200);
    assert!(!answer.text().contains("s3cret"));
    admin
}

/// Does what waits, and sends.
fn work(site: &Site) {
    while site.kit.workspace.run_due_job().unwrap() {}
    while site.kit.workspace.post_due().unwrap() {}
}

/// The mails that the server took so far.
fn mails(server: &Smtp, count: usize) -> Vec<String> {
    for _ in 0..100 {
        let taken: Vec<String> = server.heard().into_iter().filter_map(|heard| heard.mail).collect();
        if taken.len() >= count {
            return taken;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    server.heard().into_iter().filter_map(|heard| heard.mail).collect()
}

/// The secret of the link in a mail, which lines of its encoding may have cut.
fn token_in(mail: &str) -> String {
    let whole = mail.replace("=\r\n", "");
    let at = whole.find("https://crm.example.com/invite/").expect("a link") + "https://crm.example.com/invite/".len();
    whole[at..].chars().take(43).collect()
}

#[test]
fn only_those_who_configure_see_and_set_where_mail_goes() {
    on_both(async |site| {
        let server = Smtp::start(Protection::StartTls, &[Act::Take, Act::Answer("AUTH", "535 5.7.8 wrong password")]);
        let member = site.user("member@example.com", "Member").await;
        let change = json!({ "settings": settings(&server), "password": "s3cret" });
        member.put("/mail", change.clone()).await.is(403);
        for path in ["/mail", "/mail/outgoing"] {
            member.get(path).await.is(403);
        }
        for path in ["/mail/test", "/mail/outgoing/019a0000-0000-7000-8000-000000000000/retry"] {
            member.post(path, json!({})).await.is(403);
        }
        member.post("/mail/outgoing/release", json!({ "send": true })).await.is(403);
        member.delete("/mail").await.is(403);
        let admin = set_up(site, &server).await;
        let shown = admin.get("/mail").await.is(200);
        assert!(!shown.text().contains("s3cret") && !shown.text().contains("password\":\""), "{}", shown.text());
        assert_eq!((&shown.json()["has_password"], &shown.json()["settings"]["user"]), (&json!(true), &json!("crm")));
        let tested = admin.post("/mail/test", json!({})).await.is(200).json();
        assert_eq!((&tested["went"], &tested["answer"]), (&json!(true), &json!("250 2.0.0 queued as 4711")));
        assert_eq!(tested["address"], "admin@example.com");
        let tested = admin.post("/mail/test", json!({})).await.is(200).json();
        assert_eq!((&tested["went"], &tested["stage"]), (&json!(false), &json!("log_in")));
        assert_eq!(tested["answer"], "535 5.7.8 wrong password");
        let mut open = settings(&server);
        open["security"] = json!("none");
        open["host"] = json!("mail.example.com");
        admin.put("/mail", json!({ "settings": open })).await.code(422);
        assert!(admin.get("/audit?kind=mail").await.is(200).text().contains("mail.set_up"));
        admin.delete("/mail").await.is(200);
        assert_eq!(admin.get("/mail").await.is(200).json()["settings"], Json::Null);
    });
}

#[test]
fn an_invitation_goes_out_as_a_mail_and_can_be_taken() {
    on_both(async |site| {
        let server = Smtp::start(Protection::StartTls, &[Act::Answer("RCPT", "550 5.1.1 no such user")]);
        let admin = set_up(site, &server).await;
        let role = admin.get("/roles?filter=name%20%3D%3D%20'Member'").await.is(200).json();
        let new =
            json!({ "name": "Eva", "email": "eva@example.com", "role": role["records"][0]["id"], "locale": "de" });
        let eva = admin.make("users", new).await;
        let made =
            admin.with("host", "evil.example.com").post(&format!("/users/{eva}/invite"), json!({})).await.is(200);
        assert_eq!(made.json()["mailed"], true);
        work(site);
        let page = admin.get("/mail/outgoing?state=failed").await.is(200).json();
        assert_eq!(page["mails"][0]["answer"], "550 5.1.1 no such user");
        assert!(!page.to_string().contains("/invite/"));
        let id = page["mails"][0]["id"].as_str().unwrap();
        admin.post(&format!("/mail/outgoing/{id}/retry"), json!({})).await.is(200);
        work(site);
        let mail = mails(&server, 1).remove(0);
        assert!(mail.contains("Subject: Ihre Einladung"), "{mail}");
        assert!(!mail.contains("evil.example.com"));
        let token = token_in(&mail);
        let shown = site.stranger().get(&format!("/invitations/{token}")).await.is(200).json();
        assert_eq!((&shown["email"], &shown["reset"]), (&json!("eva@example.com"), &json!(false)));
        site.stranger().post(&format!("/invitations/{token}"), json!({ "password": NEW })).await.is(200);
        assert!(site.kit.workspace.verify().unwrap().is_empty());
        let figures = admin.get("/mail/outgoing").await.is(200).json()["ledger"].clone();
        assert_eq!(figures, json!({ "queued": 1, "waiting": 0, "held": 0, "sent": 1, "failed": 0, "cancelled": 0 }));
    });
}

#[test]
fn a_forgotten_password_is_asked_for_without_telling_who_is_there() {
    on_both(async |site| {
        let early = site.stranger().post("/password_reset", json!({ "email": "ann@example.com" })).await;
        assert_eq!(early.code(409), "conflict");
        let server = Smtp::start(Protection::StartTls, &[]);
        let admin = set_up(site, &server).await;
        let ann = site.user("ann@example.com", "Member").await;
        let mut seen = Vec::new();
        for email in ["ANN@example.com", "ann@example.com", "ann@example.com ", "ann@example.com", "no@example.com", ""]
        {
            let stranger = site.stranger();
            let forged = stranger.with("host", "evil.example.com");
            let answer = forged.post("/password_reset", json!({ "email": email })).await;
            seen.push((answer.status, answer.text()));
        }
        assert!(seen.iter().all(|one| one == &(200, "{}".to_owned())), "{seen:?}");
        work(site);
        let mails = mails(&server, 3);
        assert_eq!(mails.len(), 3, "three an hour, none to strangers");
        assert!(mails.iter().all(|mail| !mail.contains("evil.example.com") && mail.contains("To: ")));
        let (first, second) = (token_in(&mails[0]), token_in(&mails[1]));
        assert_ne!(first, second);
        assert_eq!(site.stranger().get(&format!("/invitations/{first}")).await.is(200).json()["reset"], true);
        ann.get("/people").await.is(200);
        site.stranger().post(&format!("/invitations/{first}"), json!({ "password": NEW })).await.is(200);
        // Once, and with it every other link and every session ends.
        for token in [&first, &second] {
            site.stranger().post(&format!("/invitations/{token}"), json!({ "password": NEW })).await.is(404);
        }
        ann.get("/people").await.is(401);
        let log_in = |password: &'static str| json!({ "email": "ann@example.com", "password": password });
        site.stranger().post("/session", log_in(PASSWORD)).await.is(401);
        site.stranger().post("/session", log_in(NEW)).await.is(200);
        let audit = admin.get("/audit?kind=password").await.is(200).text();
        assert!(audit.contains("password.reset_asked") && audit.contains("\"password.reset\""), "{audit}");
        // What is asked for too often from one address is refused, whoever it is for.
        let mut last = 200;
        for number in 0..20 {
            last = site
                .stranger()
                .post("/password_reset", json!({ "email": format!("{number}@example.com") }))
                .await
                .status;
        }
        assert_eq!(last, 429);
    });
}
