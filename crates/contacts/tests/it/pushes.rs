//! Web push on both databases: what a device is told, judged at that moment; what each answer of its service brings
//! about; at least once, and nothing lost.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use engine::outward::{Allows, public_and};
use engine::push::{Pushed, Subscription};
use model::Actor;
use serde_json::{Value as Json, json};
use store::Priority;
use store::tables::audit::Wanted;
use store::tables::sessions::{self, Session};
use store::tables::{notifications, pushes};
use testkit::push::{Browser, Given, PushService};
use testkit::{Kit, on_both, problem, tamper};
use uuid::Uuid;

fn opened() -> Allows {
    public_and(|address| address.is_loopback())
}

fn set_up(kit: &Kit) -> PushService {
    kit.workspace.attach_push("https://crm.example.com/", opened(), webpush::carrier(opened(), None));
    PushService::start()
}

fn user(kit: &Kit, name: &str, more: Json) -> Actor {
    let rights = json!({ "objects": { "*": { "read": "all", "create": true, "update": "all", "delete": "all" } } });
    let user = kit.user(name, rights, None);
    kit.update("user", user.id, more);
    user
}

fn write<T: Send + 'static>(kit: &Kit, work: impl Fn(&mut store::Tx) -> Result<T, store::Error> + Send + 'static) -> T {
    kit.workspace.store().write(Priority::Interactive, work).wait().unwrap()
}

fn open_session(kit: &Kit, user: &Actor) -> Uuid {
    let now = kit.workspace.now();
    let session = Session {
        id: Uuid::now_v7(),
        token: Uuid::now_v7().to_string(),
        user: user.id,
        created_at: now,
        seen_at: now,
        expires_at: now + 3_600_000_000,
        address: String::new(),
        agent: String::new(),
    };
    let id = session.id;
    write(kit, move |tx| sessions::insert(tx, &session));
    id
}

fn subscribe(kit: &Kit, user: &Actor, endpoint: &str) -> Result<(Browser, Uuid), store::Error> {
    let (browser, session) = (Browser::new(), open_session(kit, user));
    let new = Subscription { endpoint: endpoint.to_owned(), p256dh: browser.p256dh(), auth: browser.auth() };
    kit.workspace.list_devices(user.id, None)?;
    let made = kit.workspace.add_device(user, session, "Firefox", &new, None)?;
    Ok((browser, made["id"].as_str().unwrap().parse().unwrap()))
}

fn devices(kit: &Kit, user: &Actor) -> Vec<Json> {
    kit.workspace.list_devices(user.id, None).unwrap()["devices"].as_array().unwrap().clone()
}

/// What the program does by itself, until nothing is due.
fn work(kit: &Kit) {
    kit.consume("notifications");
    while kit.workspace.push_due().unwrap() {}
}

/// The same once everything that was put off is due.
fn later(kit: &Kit) {
    write(kit, tamper::hurry_pushes);
    while kit.workspace.push_due().unwrap() {}
}

fn give(kit: &Kit, from: &Actor, to: &Actor, title: &str) -> Uuid {
    kit.try_create(from, "task", json!({ "title": title, "assignee": to.id })).unwrap().ids[0]
}

/// `(queued, waiting, sent, failed, dropped)`
fn ledger(kit: &Kit) -> (i64, i64, i64, i64, i64) {
    let ledger = kit.workspace.push_ledger().unwrap();
    let [sent, failed, dropped] = ledger.ended;
    assert_eq!(ledger.queued, ledger.waiting + sent + failed + dropped);
    (ledger.queued, ledger.waiting, sent, failed, dropped)
}

fn titles(given: &[Given], browser: &Browser) -> Vec<String> {
    given.iter().map(|one| one.read(browser)["title"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_device_shows_what_its_reader_was_told_in_their_words() {
    on_both(|kit| {
        let service = set_up(kit);
        let ann = user(kit, "ann", json!({ "name": "Ann" }));
        let ben = user(kit, "ben", json!({ "locale": "de-DE" }));
        let (browser, _) = subscribe(kit, &ben, &service.endpoint("ben")).unwrap();
        let (second, _) = subscribe(kit, &ben, &service.endpoint("ben2")).unwrap();
        kit.consume("notifications");
        let task = give(kit, &ann, &ben, "Angebot");
        let company = kit.try_create(&ann, "company", json!({ "name": "Acme", "owner": ann.id })).unwrap().ids[0];
        let about = json!([{ "object": "company", "id": company }]);
        let said = json!({ "body": "Schau mal", "mentions": [ben.id], "about": about });
        kit.try_create(&ann, "comment", said).unwrap();
        work(kit);
        let given = service.taken();
        let (first, other): (Vec<Given>, Vec<Given>) = given.into_iter().partition(|one| one.path == "/ben");
        assert_eq!((first.len(), other.len()), (2, 2), "each device once");
        let told: Vec<Json> = first.iter().map(|one| one.read(&browser)).collect();
        assert_eq!(other[0].read(&second)["title"], told[0]["title"]);
        assert_eq!(told[0]["title"], "Ann hat Ihnen Angebot übergeben");
        assert_eq!((&told[0]["path"], &told[0]["lang"]), (&json!(format!("/tasks/{task}")), &json!("de")));
        assert_eq!(told[1]["title"], "Ann hat Sie bei Acme erwähnt");
        assert_eq!(told[1]["text"], "Schau mal");
        assert_eq!(first[0].header("urgency"), "high");
        let ttl: i64 = first[0].header("ttl").parse().unwrap();
        assert!((86_000..=86_400).contains(&ttl), "{ttl}");
        // One message a record: the same name here and at the service, another at another device.
        assert_eq!(first[0].header("topic"), told[0]["tag"]);
        assert_ne!(first[0].header("topic"), other[0].header("topic"));
        assert_ne!(told[0]["tag"], told[1]["tag"]);
        assert_eq!(ledger(kit), (4, 0, 4, 0, 0));
        assert!(devices(kit, &ben).iter().all(|one| one["delivered_at"].is_string() && one["answer"].is_null()));
        let shown = Json::Array(devices(kit, &ben)).to_string();
        assert!(!shown.contains(&browser.auth()) && !shown.contains("http://"), "{shown}");
    });
}

#[test]
fn what_was_read_or_is_not_theirs_any_more_is_not_told() {
    on_both(|kit| {
        let service = set_up(kit);
        let ann = user(kit, "ann", json!({}));
        let ben = user(kit, "ben", json!({ "unpushed": ["assigned"] }));
        let (browser, _) = subscribe(kit, &ben, &service.endpoint("ben")).unwrap();
        kit.consume("notifications");
        give(kit, &ann, &ben, "Not wanted here");
        kit.consume("notifications");
        assert_eq!(ledger(kit).0, 0, "not even queued");
        // Everyone chooses for themselves.
        kit.try_update(&ben, "user", ben.id, json!({ "unpushed": [] }), None).unwrap();
        // Queued, and then read.
        give(kit, &ann, &ben, "Read");
        kit.consume("notifications");
        let (id, now) = (ben.id, kit.workspace.now());
        write(kit, move |tx| notifications::mark(tx, id, None, Some(now)));
        work(kit);
        assert_eq!(ledger(kit), (1, 0, 0, 0, 1));
        // Queued, and then deleted, switched off, or out of sight.
        let gone = give(kit, &ann, &ben, "Deleted");
        kit.consume("notifications");
        kit.delete("task", gone);
        work(kit);
        give(kit, &ann, &ben, "Muted");
        kit.consume("notifications");
        kit.update("user", ben.id, json!({ "muted": ["assigned"] }));
        work(kit);
        kit.update("user", ben.id, json!({ "muted": [] }));
        give(kit, &ann, &ben, "Secret");
        kit.consume("notifications");
        let role = kit.get("user", ben.id)["role"].as_str().unwrap().parse().unwrap();
        kit.update("role", role, json!({ "rights": {} }));
        work(kit);
        assert!(service.taken().is_empty());
        let rights = json!({ "objects": { "*": { "read": "all" } } });
        kit.update("role", role, json!({ "rights": rights }));
        give(kit, &ann, &ben, "Seen");
        work(kit);
        assert_eq!(titles(&service.taken(), &browser), ["ann gave you Seen"]);
    });
}

#[test]
fn devices_end_with_their_session_and_their_user() {
    on_both(|kit| {
        let service = set_up(kit);
        let (ann, ben) = (user(kit, "ann", json!({})), user(kit, "ben", json!({})));
        subscribe(kit, &ben, &service.endpoint("one")).unwrap();
        kit.consume("notifications");
        give(kit, &ann, &ben, "Waits");
        kit.consume("notifications");
        let id = ben.id;
        write(kit, move |tx| sessions::delete_of_user(tx, id));
        assert!(devices(kit, &ben).is_empty());
        work(kit);
        assert_eq!(ledger(kit), (1, 0, 0, 0, 1), "what waited for it is dropped");
        // A session that ran out, before anybody removed it.
        subscribe(kit, &ben, &service.endpoint("two")).unwrap();
        give(kit, &ann, &ben, "Waits again");
        kit.consume("notifications");
        write(kit, tamper::outlive_sessions);
        work(kit);
        assert_eq!(kit.workspace.push_ledger().unwrap().devices, 0);
        // Switched off, and deleted.
        subscribe(kit, &ben, &service.endpoint("three")).unwrap();
        kit.update("user", ben.id, json!({ "active": false }));
        assert_eq!(kit.workspace.push_ledger().unwrap().devices, 0);
        let eva = user(kit, "eva", json!({}));
        subscribe(kit, &eva, &service.endpoint("four")).unwrap();
        kit.update("user", eva.id, json!({ "job_title": "Sales" }));
        assert_eq!(kit.workspace.push_ledger().unwrap().devices, 1, "other changes leave it");
        kit.delete("user", eva.id);
        assert_eq!(kit.workspace.push_ledger().unwrap().devices, 0);
        assert!(service.taken().is_empty());
    });
}

#[test]
fn each_answer_of_a_service_has_its_consequence() {
    on_both(|kit| {
        let service = set_up(kit);
        let (ann, ben) = (user(kit, "ann", json!({})), user(kit, "ben", json!({})));
        let (browser, id) = subscribe(kit, &ben, &service.endpoint("ben")).unwrap();
        kit.consume("notifications");
        let tell = |answers: &[&str], title: &str| {
            answers.iter().for_each(|answer| service.then(answer));
            give(kit, &ann, &ben, title);
            work(kit);
        };
        // Not now: nothing more until its time, then once.
        tell(&["500 Broken"], "A");
        assert_eq!((service.taken().len(), ledger(kit)), (1, (1, 1, 0, 0, 0)));
        assert_eq!(devices(kit, &ben)[0]["answer"], "500");
        later(kit);
        assert_eq!((service.taken().len(), ledger(kit)), (1, (1, 0, 1, 0, 0)));
        assert_eq!(devices(kit, &ben)[0]["answer"], Json::Null);
        // What else waits for the device waits with it, and nothing of it is lost.
        service.then("500 Broken");
        give(kit, &ann, &ben, "A2");
        give(kit, &ann, &ben, "A3");
        work(kit);
        assert_eq!((service.taken().len(), ledger(kit)), (1, (3, 2, 1, 0, 0)));
        later(kit);
        assert_eq!((service.taken().len(), ledger(kit)), (2, (3, 0, 3, 0, 0)));
        // As long as the service asks for.
        tell(&["429 Slow\r\nRetry-After: 7200"], "B");
        let until = kit.workspace.now() + 7_000_000_000;
        assert!(!kit.workspace.store().read(move |tx| pushes::is_due(tx, until)).wait().unwrap());
        later(kit);
        assert_eq!(service.taken().len(), 2);
        // Too long: without the text, at once.
        let company = kit.try_create(&ann, "company", json!({ "name": "Acme", "owner": ben.id })).unwrap().ids[0];
        work(kit);
        service.taken();
        service.then("413 Too Large");
        let about = json!([{ "object": "company", "id": company }]);
        kit.try_create(&ann, "comment", json!({ "body": "A long story", "about": about })).unwrap();
        work(kit);
        let given = service.taken();
        let texts: Vec<Json> = given.iter().map(|one| one.read(&browser)["text"].clone()).collect();
        assert_eq!(texts, [json!("A long story"), json!("")]);
        // Never.
        let before = ledger(kit);
        tell(&["403 Forbidden"], "C");
        assert_eq!((ledger(kit).3, devices(kit, &ben)[0]["answer"].as_str()), (before.3 + 1, Some("403")));
        // Gone: the device is forgotten, and with it what waits for it.
        service.then("410 Gone");
        give(kit, &ann, &ben, "D");
        give(kit, &ann, &ben, "E");
        work(kit);
        assert!(devices(kit, &ben).is_empty() && ledger(kit).1 == 0);
        assert!(kit.workspace.test_device(&ben, id).is_err());
        let wanted = Wanted { limit: 50, ..Wanted::default() };
        let audit = kit.workspace.audit_page(&kit.system(), wanted).unwrap().to_string();
        assert!(audit.contains("device.added") && audit.contains("\"why\":\"gone\""), "{audit}");
    });
}

#[test]
fn who_dies_between_sending_and_noting_loses_nothing() {
    on_both(|kit| {
        let service = PushService::start();
        let real = webpush::carrier(opened(), None);
        let carrier = real.clone();
        kit.workspace.attach_push(
            "https://crm.example.com",
            opened(),
            Arc::new(move |parcel| {
                assert!(matches!(carrier(parcel), Pushed::Accepted(_)));
                panic!("the program dies here");
            }),
        );
        let (ann, ben) = (user(kit, "ann", json!({})), user(kit, "ben", json!({})));
        let (browser, _) = subscribe(kit, &ben, &service.endpoint("ben")).unwrap();
        kit.consume("notifications");
        give(kit, &ann, &ben, "Once");
        kit.consume("notifications");
        assert!(catch_unwind(AssertUnwindSafe(|| kit.workspace.push_due())).is_err());
        assert_eq!(ledger(kit), (1, 1, 0, 0, 0), "it went, and nobody knows");
        let next = kit.again();
        next.workspace.attach_push("https://crm.example.com", opened(), real);
        assert!(!next.workspace.push_due().unwrap(), "not while the other may still be at it");
        later(&next);
        assert_eq!(ledger(&next), (1, 0, 1, 0, 0));
        let given = service.taken();
        assert_eq!(titles(&given, &browser), ["ann gave you Once", "ann gave you Once"], "at least once");
        assert_eq!(given[0].header("topic"), given[1].header("topic"), "and shown as one");
    });
}

#[test]
fn addresses_keys_and_numbers_are_checked() {
    on_both(|kit| {
        let service = set_up(kit);
        let (ann, ben) = (user(kit, "ann", json!({})), user(kit, "ben", json!({})));
        for endpoint in ["http://push.example.com/1", "https://10.0.0.1/1", "http://10.1.2.3/1", "https://[fd00::1]/1"]
        {
            assert_eq!(problem(subscribe(kit, &ben, endpoint)).fields[0].field, "endpoint", "{endpoint}");
        }
        let (browser, session) = (Browser::new(), open_session(kit, &ben));
        let add = |p256dh: &str, auth: &str| {
            let new = Subscription { endpoint: service.endpoint("x"), p256dh: p256dh.into(), auth: auth.into() };
            kit.workspace.add_device(&ben, session, "", &new, None)
        };
        assert_eq!(problem(add("AAAA", &browser.auth())).fields[0].field, "p256dh");
        assert_eq!(problem(add(&browser.p256dh(), "AAAA")).fields[0].field, "auth");
        for number in 0..10 {
            subscribe(kit, &ben, &service.endpoint(&format!("{number}"))).unwrap();
        }
        problem(subscribe(kit, &ben, &service.endpoint("eleven")));
        // A browser that is known is no further one, and is whose who uses it now.
        subscribe(kit, &ben, &service.endpoint("3")).unwrap();
        assert_eq!(devices(kit, &ben).len(), 10);
        let (_, id) = subscribe(kit, &ann, &service.endpoint("3")).unwrap();
        assert_eq!((devices(kit, &ben).len(), devices(kit, &ann).len()), (9, 1));
        problem(kit.workspace.remove_device(&ben, id));
        problem(kit.workspace.test_device(&ben, id));
        kit.workspace.remove_device(&ann, id).unwrap();
        assert!(devices(kit, &ann).is_empty());
    });
}

#[test]
fn a_restored_workspace_tells_nothing_old_and_verify_adds_up() {
    on_both(|kit| {
        let service = set_up(kit);
        let (ann, ben) = (user(kit, "ann", json!({})), user(kit, "ben", json!({})));
        subscribe(kit, &ben, &service.endpoint("ben")).unwrap();
        kit.consume("notifications");
        give(kit, &ann, &ben, "Old");
        kit.consume("notifications");
        assert_eq!(kit.workspace.drop_pushes().unwrap(), 1);
        work(kit);
        assert_eq!((service.taken().len(), ledger(kit)), (0, (1, 0, 0, 0, 1)));
        give(kit, &ann, &ben, "New");
        kit.consume("notifications");
        write(kit, tamper::lose_pushes);
        let faults = kit.workspace.verify().unwrap();
        assert_eq!(faults.iter().map(|fault| fault.promise).collect::<Vec<_>>(), ["push"]);
        write(kit, tamper::forget_push);
    });
}
