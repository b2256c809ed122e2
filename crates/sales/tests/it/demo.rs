//! The deals of the demo: the same for the same seed, each with a way that its rules would let it go.

use model::Actor;
use serde_json::{Value as Json, json};
use testkit::{Kit, on_both};

fn filled(kit: &Kit) -> Vec<Json> {
    let actor = Actor::system("demo");
    let demo = contacts::demo::fill(&kit.workspace, &actor, 320, 7).unwrap();
    let count = sales::demo::fill(&kit.workspace, &actor, 7, demo.batch).unwrap();
    let names = kit.column("deal", "name", "true", "name");
    assert_eq!(names.len() as u64, count);
    assert!(count > 20, "{count}");
    assert_eq!(kit.column("deal", "id", "status == 'won' && probability != 100", "id"), Vec::<Json>::new());
    assert_eq!(kit.column("deal", "id", "status == 'lost' && !has(lost_reason)", "id"), Vec::<Json>::new());
    assert_eq!(kit.column("deal", "id", "closed_at < opened_at || closed_at > now", "id"), Vec::<Json>::new());
    assert_eq!(kit.column("stage_change", "id", "duration < duration('0s') || at > now", "id"), Vec::<Json>::new());
    for status in ["open", "won", "lost"] {
        assert!(!kit.column("deal", "id", &format!("status == '{status}'"), "id").is_empty(), "{status}");
    }
    let leads = kit.column("lead", "title", "true", "received_at,title");
    assert!(leads.len() > 3, "{leads:?}");
    assert_eq!(
        kit.column("lead", "id", "received_at > now || response_time < duration('0s')", "id"),
        Vec::<Json>::new()
    );
    assert_eq!(kit.column("lead", "id", "(status == 'new') == has(first_response_at)", "id"), Vec::<Json>::new());
    let undone = kit.workspace.undo(&kit.system(), demo.batch).unwrap();
    assert_eq!((undone.kept.len(), kit.column("deal", "id", "true", "id").len()), (0, 0), "{:?}", undone.kept);
    assert!(kit.column("lead", "id", "true", "id").is_empty());
    names.into_iter().chain(leads).collect()
}

#[test]
fn the_same_seed_tells_the_same_deals_and_all_of_it_can_be_undone() {
    let told = std::cell::RefCell::new(Vec::new());
    on_both(|kit| {
        kit.user("robin", json!({ "admin": true }), None);
        told.borrow_mut().push(filled(kit));
    });
    let told = told.into_inner();
    assert_eq!(told[0], told[1]);
}
