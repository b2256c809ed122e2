//! What follows from moves: each is written down, and a new pipeline gets its board.

use engine::{Batch, Draft, FollowEntry};
use model::{Op, Patch, Value};
use serde_json::json;
use store::Error;
use uuid::Uuid;

use crate::begin::DEFAULT_PIPELINE;

pub(crate) const WAY: FollowEntry = FollowEntry {
    object: "deal",
    why: "A move that is not written down would bend every figure about time in stage.",
    settles: false,
    apply: write_down,
};

pub(crate) const BOARD: FollowEntry = FollowEntry {
    object: "pipeline",
    why: "A pipeline without a board would have to be looked for.",
    settles: false,
    apply: give_board,
};

/// Writes the stage changes. The program does, not whoever moved the deals: nobody writes them by hand.
fn write_down(batch: &mut Batch<'_>, drafts: &[&Draft]) -> Result<(), Error> {
    let moved = |draft: &&&Draft| matches!(draft.op, Op::Create | Op::Update) && draft.changes("stage");
    let changes: Vec<Patch> = drafts.iter().filter(moved).map(|draft| change_of(batch, draft)).collect();
    if changes.is_empty() {
        return Ok(());
    }
    batch.as_program("the stages of a deal", |batch| {
        batch.create_many("stage_change", changes)?.into_iter().try_for_each(|made| made.map(drop))?;
        Ok(())
    })
}

fn change_of(batch: &Batch<'_>, draft: &Draft) -> Patch {
    let at = match draft.get("stage_since") {
        Value::Instant(at) => *at,
        _ => batch.now(),
    };
    let mut change = Patch::new();
    let mut put = |field: &str, value: Value| drop(change.insert(field.to_owned(), value));
    put("deal", Value::Id(draft.after.id));
    put("from_stage", draft.was("stage").clone());
    put("to_stage", draft.get("stage").clone());
    put("at", Value::Instant(at));
    put("changed_by", batch.actor().user.map_or(Value::Missing, Value::Id));
    if let Value::Instant(since) = draft.was("stage_since") {
        put("duration", Value::Duration((at - since).max(0)));
    }
    change
}

/// A board of its deals for everyone; that of the first pipeline is what the list of deals begins with.
fn give_board(batch: &mut Batch<'_>, drafts: &[&Draft]) -> Result<(), Error> {
    for draft in drafts.iter().filter(|draft| draft.op == Op::Create) {
        let view = board(draft.after.id, draft.get("name").as_text().unwrap_or_default());
        batch.as_program("the board of a pipeline", |batch| batch.create("view", view).map(drop))?;
    }
    Ok(())
}

fn board(pipeline: Uuid, name: &str) -> Patch {
    let columns = ["name", "amount", "expected_close", "company", "probability"];
    let columns: Vec<_> = columns.iter().map(|field| json!({ "field": field })).collect();
    let texts = [
        ("name", name.to_owned()),
        ("object", "deal".to_owned()),
        ("type", "board".to_owned()),
        ("group", "stage".to_owned()),
        ("filter", format!("pipeline == '{pipeline}'")),
        ("sort", "expected_close".to_owned()),
        ("shared", "everyone".to_owned()),
    ];
    let mut view: Patch = texts.into_iter().map(|(field, text)| (field.to_owned(), Value::text(text))).collect();
    view.insert("columns".to_owned(), Value::json(columns.into()));
    view.insert("opens_first".to_owned(), Value::Bool(pipeline == DEFAULT_PIPELINE));
    view
}
