//! The stages of all pipelines as rules see them: which there are, in which order, what each is.

use std::sync::Arc;

use engine::{Draft, RuleContext};
use model::{Record, Value};
use uuid::Uuid;

/// What a stage makes of the deals in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StageKind {
    Open,
    Won,
    Lost,
}

/// What a stage is.
pub(crate) fn kind_of(stage: &Record) -> StageKind {
    match stage.get("kind").as_text() {
        Some("won") => StageKind::Won,
        Some("lost") => StageKind::Lost,
        _ => StageKind::Open,
    }
}

/// Where a record stands among its like.
pub(crate) fn position_of(record: &Record) -> (i64, Uuid) {
    let position = if let Value::Int(position) = record.get("position") { *position } else { i64::MAX };
    (position, record.id)
}

/// Every stage that is not deleted.
pub(crate) struct Stages(Arc<[Arc<Record>]>);

impl Stages {
    pub(crate) fn read(context: &RuleContext<'_>) -> Self {
        Self(context.all("stage"))
    }

    pub(crate) fn find(&self, id: Option<Uuid>) -> Option<&Record> {
        self.0.iter().find(|stage| Some(stage.id) == id).map(Arc::as_ref)
    }

    /// The stage that the draft has now.
    pub(crate) fn of(&self, draft: &Draft) -> Option<&Record> {
        self.find(draft.get("stage").as_id())
    }

    /// The stage in which deals of a pipeline begin: its first open one.
    pub(crate) fn first_of(&self, pipeline: Uuid) -> Option<&Record> {
        let own = self.0.iter().filter(|stage| stage.get("pipeline").as_id() == Some(pipeline));
        own.filter(|stage| kind_of(stage) == StageKind::Open).min_by_key(|stage| position_of(stage)).map(Arc::as_ref)
    }
}

/// The pipeline of deals that name none: the first.
pub(crate) fn first_pipeline(context: &RuleContext<'_>) -> Option<Uuid> {
    context.all("pipeline").iter().min_by_key(|pipeline| position_of(pipeline)).map(|pipeline| pipeline.id)
}
