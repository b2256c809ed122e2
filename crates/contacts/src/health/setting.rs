//! What health is made of here: which kinds of companies have it, which parts count and how much.

use std::collections::BTreeMap;

use engine::{HealthPart, Workspace};
use model::{Actor, FieldProblem, Problem};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::tables::settings;
use store::{Error, Priority, Tx};

use super::{OBJECT, refresh};

/// Where it is kept.
const NAME: &str = "health";
/// Most points of a part.
const WEIGHT_MAX: u32 = 100;
/// Largest threshold.
const THRESHOLD_MAX: u32 = 3_650;

/// How one part counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartSetting {
    /// Whether it counts.
    pub on: bool,
    /// Points that it takes at most.
    pub weight: u32,
    /// The figure it depends on; 0 for parts without one.
    #[serde(default)]
    pub threshold: u32,
}

/// What health is made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Setting {
    /// Kinds of companies that have health.
    pub kinds: Vec<String>,
    /// From how many points on it is good.
    pub good: u32,
    /// From how many points on it is fair; below it is poor.
    pub fair: u32,
    /// By part.
    pub parts: BTreeMap<String, PartSetting>,
}

/// Every part that a capability registered, in order.
pub fn shipped_parts(ws: &Workspace) -> impl Iterator<Item = HealthPart> {
    let parts: Vec<HealthPart> = ws.modules().iter().flat_map(|module| module.health).copied().collect();
    parts.into_iter()
}

impl Setting {
    fn shipped(ws: &Workspace) -> Self {
        let parts = shipped_parts(ws).map(|part| {
            let setting = PartSetting { on: true, weight: part.weight, threshold: part.threshold };
            (part.name.to_owned(), setting)
        });
        let kinds = ["prospect", "customer", "partner"].map(str::to_owned).to_vec();
        Self { kinds, good: 70, fair: 40, parts: parts.collect() }
    }

    /// The word for a figure.
    pub(super) fn level(&self, health: u32) -> &'static str {
        match health {
            health if health >= self.good => "good",
            health if health >= self.fair => "fair",
            _ => "poor",
        }
    }
}

/// What health is made of in this workspace.
///
/// # Errors
/// A database that fails.
pub fn setting(ws: &Workspace) -> Result<Setting, Error> {
    let inner = ws.clone();
    ws.store().read(move |tx| in_force(&inner, tx)).wait()
}

/// The same inside a transaction. A part that came with an update counts as it is shipped; one that is gone is left out.
pub(super) fn in_force(ws: &Workspace, tx: &mut Tx) -> Result<Setting, Error> {
    let shipped = Setting::shipped(ws);
    let known: Option<Setting> = settings::find(tx, NAME)?.and_then(|json| serde_json::from_value(json).ok());
    Ok(match known {
        None => shipped,
        Some(known) => {
            let parts = shipped.parts.into_iter();
            let parts = parts.map(|(name, part)| {
                let part = known.parts.get(&name).copied().unwrap_or(part);
                (name, part)
            });
            Setting { parts: parts.collect(), ..known }
        }
    })
}

/// Changes what health is made of; all companies follow in a job.
///
/// # Errors
/// Forbidden without the right `configure`; figures out of range, parts and kinds that there are not.
pub fn set_setting(ws: &Workspace, actor: &Actor, setting: &Setting) -> Result<(), Error> {
    ws.check_special(actor, "configure")?;
    check(ws, setting)?;
    let json = serde_json::to_value(setting).map_err(anyhow::Error::from)?;
    let (inner, by) = (ws.clone(), actor.clone());
    let write = ws.store().write(Priority::Interactive, move |tx| {
        settings::set(tx, NAME, &json)?;
        inner.audit_in(tx, &by, "settings.changed", None, json!({ "fields": ["health"] }));
        inner.enqueue_for(tx, &by, refresh::KIND, json!({}), inner.now())?;
        Ok(())
    });
    write.wait()
}

fn check(ws: &Workspace, setting: &Setting) -> Result<(), Problem> {
    let mut faults = Vec::new();
    let mut refuse = |field: &str, message: String| {
        faults.push(FieldProblem { field: field.to_owned(), code: "not_valid".to_owned(), message });
    };
    if setting.good > 100 || setting.fair == 0 || setting.fair >= setting.good {
        refuse("good", "Good begins above fair, both between 1 and 100.".to_owned());
    }
    let schema = ws.schema();
    let kind = schema.find_object(OBJECT).and_then(|object| object.find_field("kind"));
    for wanted in &setting.kinds {
        if !kind.is_some_and(|kind| kind.options.iter().any(|option| option.value == *wanted)) {
            refuse("kinds", format!("Companies have no kind `{wanted}`."));
        }
    }
    for (name, part) in &setting.parts {
        let Some(shipped) = shipped_parts(ws).find(|shipped| shipped.name == name) else {
            refuse(name, format!("There is no part `{name}`."));
            continue;
        };
        if part.weight > WEIGHT_MAX {
            refuse(name, format!("A part takes at most {WEIGHT_MAX} points."));
        }
        if shipped.threshold > 0 && (part.threshold == 0 || part.threshold > THRESHOLD_MAX) {
            refuse(name, format!("Give a figure from 1 to {THRESHOLD_MAX}."));
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(Problem::invalid(faults)) }
}
