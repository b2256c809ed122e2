//! Jobs: what goes through everything runs once at a time, on however many programs.

use serde_json::json;
use store::Priority;
use store::tables::jobs::{self, Choice, Job};
use testkit::{Kit, on_both};
use uuid::Uuid;

const KIND: &str = "quality.scan";

fn ask(kit: &Kit) -> Uuid {
    let workspace = kit.workspace.clone();
    let write = kit
        .workspace
        .store()
        .write(Priority::Interactive, move |tx| workspace.enqueue(tx, KIND, &json!(null), workspace.now() - 1));
    write.wait().unwrap()
}

/// Takes a job as another program does, which then has it for a minute.
fn take(kit: &Kit) -> Option<Job> {
    let (now, choice) = (kit.workspace.now(), Choice { alone: vec![KIND], ..Choice::default() });
    let taken =
        kit.workspace.store().write(Priority::Interactive, move |tx| jobs::take(tx, now, now + 60_000_000, &choice));
    taken.wait().unwrap()
}

fn finish(kit: &Kit, job: &Job) {
    let (id, fence, now) = (job.id, job.fence, kit.workspace.now());
    let write = kit.workspace.store().write(Priority::Interactive, move |tx| jobs::finish(tx, id, fence, now));
    assert!(write.wait().unwrap());
}

fn status(kit: &Kit, id: Uuid) -> String {
    kit.workspace.find_job(&kit.system(), id).unwrap().status
}

#[test]
fn nightly_work_waits_while_another_of_its_kind_runs() {
    on_both(|kit| {
        while kit.workspace.run_due_job().unwrap() {}
        let (first, second) = (ask(kit), ask(kit));
        let running = take(kit).unwrap();
        while kit.workspace.run_due_job().unwrap() {}
        let waits = if running.id == first { second } else { first };
        assert_eq!((status(kit, running.id), status(kit, waits)), ("running".to_owned(), "queued".to_owned()));
        finish(kit, &running);
        while kit.workspace.run_due_job().unwrap() {}
        assert_eq!(status(kit, waits), "done");
    });
}

#[test]
fn two_programs_that_look_at_once_take_one() {
    on_both(|kit| {
        while kit.workspace.run_due_job().unwrap() {}
        let asked: Vec<Uuid> = (0..20).map(|_| ask(kit)).collect();
        for left in (1..=asked.len()).rev() {
            let taken: Vec<Job> = std::thread::scope(|scope| {
                let takers = [(); 2].map(|()| scope.spawn(|| take(kit)));
                takers.into_iter().filter_map(|taker| taker.join().unwrap()).collect()
            });
            assert_eq!(taken.len(), 1, "{}: with {left} left", kit.database);
            finish(kit, &taken[0]);
        }
        assert!(take(kit).is_none());
    });
}

#[test]
fn orders_of_large_objects_are_read_in_advance() {
    on_both(|kit| {
        for number in 0..40 {
            kit.create("company", json!({ "name": format!("Company {number}") }));
        }
        let companies = kit.workspace.schema().find_object("company").unwrap().ordered_by().count();
        assert_eq!(kit.workspace.warm(40).unwrap(), companies, "every order of the one object that is large enough");
        assert_eq!(kit.workspace.warm(41).unwrap(), 0);
    });
}
