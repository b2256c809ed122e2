//! What sales begins with: one pipeline with the stages that most teams know. All of it can be changed in its pages.

use engine::{Batch, BeginningEntry};
use model::{Patch, SCALE, Value};
use store::Error;
use uuid::Uuid;

/// The pipeline that every installation begins with. It has the same id everywhere, so that configurations and files
/// that name it fit from one installation to another.
pub(crate) const DEFAULT_PIPELINE: Uuid = Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_5a1e_0000);

pub(crate) const BEGINNINGS: &[BeginningEntry] =
    &[BeginningEntry { object: "pipeline", make }, crate::taxes::BEGINNING];

/// A stage that an installation begins with.
pub(crate) struct First {
    pub(crate) name: &'static str,
    pub(crate) kind: &'static str,
    pub(crate) probability: i64,
    pub(crate) category: &'static str,
    pub(crate) rots: Option<i64>,
    criteria: &'static str,
}

/// In their order.
pub(crate) const STAGES: [First; 6] = [
    open("Qualification", 10, "pipeline", 14, ""),
    open("Needs analysis", 25, "pipeline", 21, ""),
    open("Proposal", 50, "best_case", 14, "has(amount)\nhas(expected_close)"),
    open("Negotiation", 75, "commit", 10, ""),
    closed("Won", "won", 100, "closed"),
    closed("Lost", "lost", 0, "omitted"),
];

const fn open(
    name: &'static str,
    probability: i64,
    category: &'static str,
    rots: i64,
    criteria: &'static str,
) -> First {
    First { name, kind: "open", probability, category, rots: Some(rots), criteria }
}

const fn closed(name: &'static str, kind: &'static str, probability: i64, category: &'static str) -> First {
    First { name, kind, probability, category, rots: None, criteria: "" }
}

/// The id of a stage by its place in [`STAGES`].
pub(crate) fn stage_id(place: usize) -> Uuid {
    Uuid::from_u128(DEFAULT_PIPELINE.as_u128() + 1 + place as u128)
}

fn make(batch: &mut Batch<'_>) -> Result<(), Error> {
    let pipeline = [
        ("id", Value::Id(DEFAULT_PIPELINE)),
        ("name", Value::text("Sales")),
        ("position", Value::Int(10)),
        ("description", Value::text("New business, from the first talk to the signature")),
    ];
    batch.create("pipeline", patch(pipeline))?;
    let stages = STAGES.iter().enumerate().map(|(place, stage)| {
        let mut values = patch([
            ("id", Value::Id(stage_id(place))),
            ("name", Value::text(stage.name)),
            ("pipeline", Value::Id(DEFAULT_PIPELINE)),
            ("position", Value::Int(10 * (place as i64 + 1))),
            ("kind", Value::text(stage.kind)),
            ("probability", Value::Dec(stage.probability * SCALE)),
            ("forecast_category", Value::text(stage.category)),
            ("rot_after_days", stage.rots.map_or(Value::Missing, Value::Int)),
        ]);
        if !stage.criteria.is_empty() {
            values.insert("exit_criteria".to_owned(), Value::text(stage.criteria));
        }
        values
    });
    for made in batch.create_many("stage", stages.collect())? {
        made?;
    }
    Ok(())
}

pub(crate) fn patch<const N: usize>(values: [(&str, Value); N]) -> Patch {
    values.into_iter().filter(|(_, value)| !value.is_missing()).map(|(name, value)| (name.to_owned(), value)).collect()
}
