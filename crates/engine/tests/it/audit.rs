//! The audit log: what it tells, that tampering is found, and that nothing else is taken for it.

use model::Actor;
use serde_json::json;
use store::Store;
use store::tables::audit::Wanted;
use testkit::Kit;
use testkit::tamper::{Tampering, copy, put_back, tamper};

fn kits() -> [Kit; 2] {
    [testkit::sqlite(), testkit::on_postgres()]
}

/// Does a few things that are audited.
fn act(kit: &Kit, count: usize) {
    for number in 0..count {
        kit.create("team", json!({ "name": format!("Team {number} {}", uuid::Uuid::now_v7()) }));
    }
}

fn check(kit: &Kit) -> engine::AuditReport {
    kit.workspace.verify_audit(&kit.system()).unwrap()
}

/// Runs a story in which a stopped workspace is tampered with; the index of the first fault.
fn after(kit: &mut Kit, tampering: impl FnOnce(&Kit)) -> i64 {
    kit.stop();
    tampering(kit);
    kit.start();
    let report = check(kit);
    assert!(!report.ok, "{}: {report:?}", kit.database);
    report.first_fault.unwrap()
}

#[test]
fn what_decides_who_may_do_what_is_audited_without_values() {
    for kit in kits() {
        let boss = kit.user("boss", json!({ "admin": true }), None).at("198.51.100.7");
        let role = boss.role.unwrap();
        kit.try_update(&boss, "user", boss.id, json!({ "name": "Canary Name", "active": true }), None).unwrap();
        let rights = json!({ "objects": { "person": { "read": "family_name == 'Canary'" } } });
        kit.try_create(&boss, "role", json!({ "name": "Canary role", "rights": rights })).unwrap();
        kit.try_create(&boss, "person", json!({ "family_name": "Canary Person" })).unwrap();
        let entries = kit.workspace.list_audit(&boss, Wanted { limit: 100, ..Wanted::default() }).unwrap();
        let kinds: Vec<&str> = entries.iter().rev().map(|entry| entry.what.kind.as_str()).collect();
        assert_eq!(kinds, ["role.created", "user.created", "user.changed", "role.created"]);
        let changed = &entries[1];
        assert_eq!(changed.index, 3);
        assert_eq!(changed.what.actor, boss.label());
        assert_eq!(changed.what.address.as_deref(), Some("198.51.100.7"));
        assert_eq!(changed.what.subject, Some(format!("user:{}", boss.id)));
        assert_eq!(json!(changed.what.details), json!({ "fields": ["name"] }));
        assert_eq!(entries[2].what.details["role"]["to"], json!(role));
        assert!(!format!("{entries:?}").contains("Canary"), "{entries:?}");
        let few = kit.user("few", json!({ "special": ["manage_users"] }), None);
        assert!(kit.workspace.list_audit(&few, Wanted::default()).is_err());
        let wanted = Wanted { kind: Some("user".to_owned()), actor: Some(boss.label()), limit: 9, ..Wanted::default() };
        assert_eq!(kit.workspace.list_audit(&boss, wanted).unwrap().len(), 1);
        assert!(check(&kit).ok);
        kit.check();
    }
}

#[test]
fn what_is_taken_back_leaves_no_entry() {
    for kit in kits() {
        let wrong = json!({ "name": "Nobody", "email": "no address" });
        assert!(kit.try_create(&kit.system(), "user", wrong).is_err());
        let failed = kit.workspace.transact(&Actor::system("test"), engine::Plan::new("test"), |batch| {
            batch.audit("test", None, json!({}));
            Err::<(), _>(model::Problem::new(model::Code::Conflict, "no").into())
        });
        assert!(failed.wait().is_err());
        act(&kit, 1);
        assert_eq!(check(&kit).entries, 1);
    }
}

#[test]
fn every_kind_of_tampering_is_found_with_its_index() {
    for mut kit in kits() {
        act(&kit, 6);
        let older = {
            kit.stop();
            let older = copy(&kit.location);
            kit.start();
            older
        };
        act(&kit, 6);
        kit.stop();
        let whole = copy(&kit.location);
        let restored = |kit: &mut Kit, whole| {
            kit.stop();
            put_back(&kit.location, whole);
            kit.start();
            let report = check(kit);
            assert!(report.ok, "{report:?}");
        };
        let again = || copy(&kit.location);
        let (one, two, three, four, five) = (again(), again(), again(), again(), again());
        kit.start();
        assert_eq!(after(&mut kit, |kit| tamper(&kit.location, Tampering::Flip(5))), 5);
        restored(&mut kit, one);
        assert_eq!(after(&mut kit, |kit| tamper(&kit.location, Tampering::Delete(7))), 7);
        restored(&mut kit, two);
        assert_eq!(after(&mut kit, |kit| tamper(&kit.location, Tampering::Swap(3, 4))), 3);
        restored(&mut kit, three);
        assert_eq!(after(&mut kit, |kit| tamper(&kit.location, Tampering::Cut(9))), 10);
        restored(&mut kit, four);
        assert_eq!(after(&mut kit, |kit| put_back(&kit.location, older)), 7);
        restored(&mut kit, five);
        // Another key signs other heads of another chain.
        let index = after(&mut kit, |kit| {
            let other = testkit::sqlite();
            act(&other, 3);
            other.stop();
            std::fs::copy(other.keys().join("audit-heads.jsonl"), kit.keys().join("audit-heads.jsonl")).unwrap();
        });
        assert!((1..=12).contains(&index));
        let report = check(&kit);
        assert!(
            report.faults.iter().any(|fault| fault.why.contains("not signed by this workspace's key")),
            "{report:?}"
        );
        drop(whole);
    }
}

#[test]
fn new_entries_do_not_hide_an_end_that_was_cut() {
    let mut kit = testkit::sqlite();
    act(&kit, 8);
    assert_eq!(after(&mut kit, |kit| tamper(&kit.location, Tampering::Cut(5))), 6);
    act(&kit, 20);
    kit.stop();
    kit.start();
    assert_eq!(check(&kit).first_fault, Some(8), "the entry whose head was signed is another one");
}

#[test]
fn restarts_and_restored_backups_are_no_tampering() {
    for mut kit in kits() {
        let backups = tempfile::tempdir().unwrap();
        for round in 0..20 {
            act(&kit, 2);
            let to = backups.path().join(round.to_string());
            kit.workspace.store().backup(&to).unwrap();
            // Some of what was done after the backup is lost.
            act(&kit, round % 3);
            kit.stop();
            kit.lose();
            Store::restore(&kit.location, &to).unwrap();
            kit.start();
            kit.workspace.audit_restored(&kit.system()).unwrap();
            let report = check(&kit);
            assert!(report.ok, "{} round {round}: {report:?}", kit.database);
            assert_eq!(report.entries, 3 * (round as i64 + 1));
            kit.stop();
            kit.start();
            assert!(check(&kit).ok);
        }
        kit.check();
    }
}

#[test]
fn a_lost_or_foreign_key_is_told_and_never_replaced() {
    for mut kit in kits() {
        kit.stop();
        for name in ["audit.key", "secrets.key"] {
            let (path, aside) = (kit.keys().join(name), kit.keys().join("aside"));
            std::fs::rename(&path, &aside).unwrap();
            let workspace = kit.open_locked();
            let error = workspace.unlock(&kit.keys()).unwrap_err();
            assert!(error.is::<engine::keys::WrongKeys>() && error.to_string().contains("is missing"), "{error}");
            assert!(!path.exists());
            std::fs::write(&path, format!("{}\n", "ab".repeat(32))).unwrap();
            let error = workspace.unlock(&kit.keys()).unwrap_err();
            assert!(error.is::<engine::keys::WrongKeys>() && error.to_string().contains("wrong key"), "{error}");
            std::fs::rename(&aside, &path).unwrap();
            workspace.stop();
            workspace.store().close();
        }
        kit.start();
        let sealed = kit.workspace.seal("t", "c", "row 1", b"canary").unwrap();
        assert!(!sealed.windows(6).any(|bytes| bytes == b"canary"));
        assert_eq!(kit.workspace.open_sealed("t", "c", "row 1", &sealed).unwrap(), b"canary");
        assert!(kit.workspace.open_sealed("t", "c", "row 2", &sealed).is_err());
        for at in 0..sealed.len() {
            let mut bent = sealed.clone();
            bent[at] ^= 1;
            assert!(kit.workspace.open_sealed("t", "c", "row 1", &bent).is_err());
        }
        assert!(kit.workspace.open_sealed("t", "c", "row 1", &sealed[..20]).is_err());
    }
}
