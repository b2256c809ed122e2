//! What pipelines, stages and deals keep in order by themselves, whoever writes and by whatever way.

use engine::{Draft, RuleContext, RuleEntry};
use model::{Code, Op, Problem, Record, SCALE, Value};

use crate::criteria::{self, fault};
use crate::lines;
use crate::stages::{StageKind, Stages, first_pipeline, kind_of, position_of};

/// In order.
pub(crate) const RULES: &[RuleEntry] = &[
    RuleEntry {
        object: "pipeline",
        why: "Deals of a pipeline that is gone would stand nowhere.",
        apply: keep_pipeline,
    },
    RuleEntry {
        object: "stage",
        why: "Criteria that cannot be read would hold up deals; a stage that turns into another kind would close them.",
        apply: keep_stage,
    },
    RuleEntry {
        object: "deal",
        why: "Stage, probability, category and the day of closing say one thing, also for who imports or uses the API.",
        apply: keep_deal,
    },
    RuleEntry {
        object: "stage_change",
        why: "The way through the stages is only worth something when nobody writes it by hand.",
        apply: keep_stage_change,
    },
    crate::leads::LEAD,
    crate::capture::FORM,
    crate::prices::PRICE_LIST,
    crate::prices::PRICE,
    crate::lines::DEAL_LINE,
    crate::taxes::TAX_RATE,
    crate::quotes::QUOTE,
    crate::quotes::QUOTE_LINE,
];

fn keep_pipeline(draft: &mut Draft, _: &RuleContext<'_>) -> Result<(), Problem> {
    if draft.op == Op::Delete && count(draft, "deals_count") > 0 {
        return Err(Problem::new(Code::Conflict, "Deals are in this pipeline. Move them to another one first."));
    }
    Ok(())
}

fn keep_stage(draft: &mut Draft, context: &RuleContext<'_>) -> Result<(), Problem> {
    let full = count(draft, "deals_count") > 0;
    if draft.op == Op::Delete {
        let message = "Deals are in this stage. Move them to another one first.";
        return if full { Err(Problem::new(Code::Conflict, message)) } else { Ok(()) };
    }
    if full && draft.before.is_some() {
        let message = "Deals are in this stage. Move them to another one first, or make a new stage.";
        let fixed = ["kind", "pipeline"].into_iter().find(|field| draft.changes(field));
        if let Some(field) = fixed {
            return Err(Problem::invalid(vec![fault(field, "in_use", message.to_owned())]));
        }
    }
    if draft.changes("exit_criteria")
        && let Some(text) = draft.get("exit_criteria").as_text()
    {
        criteria::check(text, context)?;
    }
    let (probability, category) = match kind_of(&draft.after) {
        StageKind::Won => (Value::Dec(100 * SCALE), "closed"),
        StageKind::Lost => (Value::Dec(0), "omitted"),
        StageKind::Open => (Value::Missing, "pipeline"),
    };
    let is_new = draft.before.is_none();
    // Won is certain and lost is nothing; an open stage says by itself how likely it is.
    if kind_of(&draft.after) != StageKind::Open || (is_new && draft.get("probability").is_missing()) {
        draft.set("probability", probability);
    }
    if kind_of(&draft.after) != StageKind::Open || draft.get("forecast_category").is_missing() {
        draft.set("forecast_category", Value::text(category));
    }
    Ok(())
}

fn count(draft: &Draft, field: &str) -> i64 {
    if let Value::Int(count) = draft.get(field) { *count } else { 0 }
}

/// Undo brings back what was, whatever stages ask for by now; but into a stage that is gone no deal comes.
fn keep_deal(draft: &mut Draft, context: &RuleContext<'_>) -> Result<(), Problem> {
    if draft.op == Op::Delete {
        return Ok(());
    }
    let stages = Stages::read(context);
    if draft.op == Op::Restore || context.undoes.is_some() {
        let moved = draft.op == Op::Restore || draft.changes("stage");
        return if moved && stages.of(draft).is_none() { Err(gone()) } else { Ok(()) };
    }
    lines::keep_deal_with_lines(draft, context)?;
    choose_stage(draft, &stages, context)?;
    let Some(stage) = stages.of(draft) else {
        return if draft.changes("stage") { Err(gone()) } else { Ok(()) };
    };
    if draft.changes("stage") {
        let from = stages.find(draft.was("stage").as_id());
        if let Some(from) = from.filter(|from| goes_on(from, stage)) {
            criteria::check_exit(draft, from, context)?;
        }
        take_over(draft, stage);
        if !draft.changes("stage_since") || draft.get("stage_since").is_missing() {
            draft.set("stage_since", Value::Instant(draft.at));
        }
    }
    settle_close(draft, kind_of(stage));
    Ok(())
}

fn gone() -> Problem {
    let message = "The stage of this deal is deleted. Restore it first, or choose another.".to_owned();
    Problem::invalid(vec![fault("stage", "unknown_record", message)])
}

/// Finds pipeline and stage where one or both are not said, and refuses a pair that does not fit.
fn choose_stage(draft: &mut Draft, stages: &Stages, context: &RuleContext<'_>) -> Result<(), Problem> {
    let is_new = draft.before.is_none();
    let (stage_said, pipeline_said) = (draft.changes("stage"), draft.changes("pipeline"));
    if !is_new && !stage_said && !pipeline_said {
        return Ok(());
    }
    if !is_new && stage_said && draft.get("stage").is_missing() {
        let message = "A deal always stands in a stage. Choose one.".to_owned();
        return Err(Problem::invalid(vec![fault("stage", "required", message)]));
    }
    if stage_said && let Some(stage) = stages.of(draft) {
        let own = stage.get("pipeline").as_id();
        let named = draft.get("pipeline").as_id();
        if named.is_some() && named != own {
            let name = stage.get("name").as_text().unwrap_or_default();
            let message =
                format!("{name} is a stage of another pipeline. Choose one of the deal's own, or change both.");
            return Err(Problem::invalid(vec![fault("stage", "other_pipeline", message)]));
        }
        draft.set("pipeline", own.map_or(Value::Missing, Value::Id));
        return Ok(());
    }
    if stage_said && !draft.get("stage").is_missing() {
        return Ok(());
    }
    if !is_new && draft.get("pipeline").is_missing() {
        draft.set("pipeline", draft.was("pipeline").clone());
        return Ok(());
    }
    let Some(pipeline) = draft.get("pipeline").as_id().or_else(|| first_pipeline(context)) else {
        let message = "There is no pipeline yet. Make one with its stages first.".to_owned();
        return Err(Problem::invalid(vec![fault("pipeline", "required", message)]));
    };
    let Some(first) = stages.first_of(pipeline) else {
        let message = "This pipeline has no open stage yet. Give it one first, or choose another.".to_owned();
        return Err(Problem::invalid(vec![fault("pipeline", "no_stage", message)]));
    };
    draft.set("pipeline", Value::Id(pipeline));
    draft.set("stage", Value::Id(first.id));
    Ok(())
}

/// Whether a move leads on. Back or to lost, a deal goes without what its stage asks for.
fn goes_on(from: &Record, to: &Record) -> bool {
    let same = from.get("pipeline") == to.get("pipeline");
    let later = same && position_of(to) > position_of(from);
    kind_of(from) == StageKind::Open && (kind_of(to) == StageKind::Won || (kind_of(to) == StageKind::Open && later))
}

/// Probability and category follow the stage, unless the move itself says others. What was said in the stage before went
/// with that stage: later it could not be told from what an older version of the stage said.
fn take_over(draft: &mut Draft, to: &Record) {
    for field in ["probability", "forecast_category"] {
        let said = draft.changes(field) && !draft.get(field).is_missing();
        if !said || kind_of(to) != StageKind::Open {
            draft.set(field, to.get(field).clone());
        }
    }
}

/// A deal that is won or lost was so at a time; an open one is neither, and has no reason for it.
fn settle_close(draft: &mut Draft, kind: StageKind) {
    if kind == StageKind::Open {
        draft.set("closed_at", Value::Missing);
    } else {
        let given = draft.changes("closed_at");
        let moved = draft.changes("stage") && !given;
        if moved || draft.get("closed_at").is_missing() {
            draft.set("closed_at", Value::Instant(draft.at));
        }
    }
    if kind != StageKind::Lost {
        draft.set("lost_reason", Value::Missing);
        draft.set("lost_note", Value::Missing);
    }
    if kind != StageKind::Won {
        draft.set("won_reason", Value::Missing);
    }
}

fn keep_stage_change(draft: &mut Draft, context: &RuleContext<'_>) -> Result<(), Problem> {
    if context.undoes.is_some() || (draft.op == Op::Create && context.actor.is_system()) {
        return Ok(());
    }
    let message = "The way of a deal through its stages is written by the program alone. Move the deal instead.";
    Err(Problem::new(Code::Forbidden, message))
}
