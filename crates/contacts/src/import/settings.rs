//! What is kept of an import besides its ledger: how the file is read, where its columns go, and the options.

use std::collections::HashSet;
use std::sync::Arc;

use model::kinds::{self, Context};
use model::{Actor, ActorKind, Code, Problem};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use store::Error;
use store::tables::imports::ImportRow;
use uuid::Uuid;

use super::build::BadValues;
use super::counts::Counts;
use super::map::propose::ColumnProposal;
use super::map::sources::Source;
use super::map::{ColumnMapping, Proposal, Reason, Target};
use super::read::{Columns, Format, Row, Shape};
use super::settle::OnMatch;

/// What people can choose.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Options {
    /// What happens with rows whose record is there already.
    #[serde(default = "update", alias = "on_match")]
    pub update: OnMatch,
    /// What happens with values that do not fit their field.
    #[serde(default = "refuse")]
    pub bad_values: BadValues,
    /// Whether companies that are not there are made.
    #[serde(default = "yes")]
    pub create_related: bool,
    /// Whether 3/4/2026 is the 3rd of April.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day_first: Option<bool>,
    /// Whether 1.234 is one thousand two hundred and thirty-four.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decimal_comma: Option<bool>,
    /// Country of telephone numbers without a prefix, if not the workspace's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_country: Option<String>,
}

fn update() -> OnMatch {
    OnMatch::Update
}

fn refuse() -> BadValues {
    BadValues::Refuse
}

fn yes() -> bool {
    true
}

impl Options {
    /// What the file itself tells.
    pub fn guess(format: Format, samples: &[Row]) -> Self {
        let cells = || samples.iter().flat_map(|row| row.cells.iter().map(String::as_str));
        Self {
            update: OnMatch::Update,
            // A card cannot easily be corrected and sent again; a table can.
            bad_values: if format == Format::Vcard { BadValues::Describe } else { BadValues::Refuse },
            create_related: true,
            day_first: kinds::guess_day_first(cells()),
            decimal_comma: kinds::guess_decimal_comma(cells()),
            default_country: None,
        }
    }

    /// How texts become values in this import.
    pub fn context(&self, workspace: Context) -> Context {
        Context {
            day_first: self.day_first.unwrap_or(workspace.day_first),
            decimal_comma: self.decimal_comma.unwrap_or(workspace.decimal_comma),
            default_country: self.default_country.clone().unwrap_or(workspace.default_country.clone()),
            ..workspace
        }
    }
}

/// Who imports, as it is kept for the job.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct KeptActor {
    kind: String,
    id: Uuid,
    user: Option<Uuid>,
    role: Option<Uuid>,
    teams: Vec<Uuid>,
    #[serde(default)]
    territories: Vec<Uuid>,
    reason: String,
}

/// Everything but the ledger.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// How the file is read.
    pub shape: Shape,
    /// The system it came from.
    pub source: Option<Source>,
    /// Its columns and where they go.
    columns: Vec<ColumnProposal>,
    /// What people chose.
    pub options: Options,
    /// Rows of the file.
    pub rows_total: u64,
    actor: KeptActor,
}

impl Settings {
    /// Of a file that was just looked at.
    pub fn new(actor: &Actor, shape: Shape, proposal: Proposal, options: Options, rows_total: u64) -> Self {
        let kind = match actor.kind {
            ActorKind::User => "user",
            ActorKind::ApiKey => "api_key",
            ActorKind::System => "system",
        };
        let actor = KeptActor {
            kind: kind.to_owned(),
            id: actor.id,
            user: actor.user,
            role: actor.role,
            teams: actor.teams.to_vec(),
            territories: actor.territories.to_vec(),
            reason: actor.reason.clone(),
        };
        Self { shape, source: proposal.source, columns: proposal.columns, options, rows_total, actor }
    }

    /// As the database keeps it.
    pub fn to_json(&self) -> Json {
        serde_json::to_value(self).unwrap_or_default()
    }

    /// The names of the columns.
    pub fn columns(&self) -> Columns {
        Columns { names: self.columns.iter().map(|column| column.name.clone()).collect() }
    }

    /// Where the columns go, in their order.
    pub fn mapping(&self) -> Vec<ColumnMapping> {
        self.columns.iter().map(|column| column.mapping.clone()).collect()
    }

    /// Whose rights bind the import.
    pub fn actor(&self) -> Actor {
        let kept = &self.actor;
        Actor {
            kind: match kept.kind.as_str() {
                "user" => ActorKind::User,
                "api_key" => ActorKind::ApiKey,
                _ => ActorKind::System,
            },
            id: kept.id,
            user: kept.user,
            role: kept.role,
            teams: Arc::from(kept.teams.as_slice()),
            territories: Arc::from(kept.territories.as_slice()),
            reason: kept.reason.clone(),
            address: None,
            viewed_by: None,
        }
    }

    /// How the file is to be read from now on; `None` when nothing of that was sent.
    ///
    /// # Errors
    /// A file that is no table; a delimiter that is not one character.
    pub fn reshaped(&self, change: &Json) -> Result<Option<Shape>, Problem> {
        let (header, delimiter) =
            (change.get("header").and_then(Json::as_bool), change.get("delimiter").and_then(Json::as_str));
        if header.is_none() && delimiter.is_none() {
            return Ok(None);
        }
        if self.shape.format != Format::Csv {
            return Err(bad("Only delimited text can be read in another way."));
        }
        let mut shape = self.shape.clone();
        shape.header = header.unwrap_or(shape.header);
        if let Some(text) = delimiter {
            let mut chars = text.chars();
            shape.delimiter = match (chars.next().filter(char::is_ascii), chars.next()) {
                (Some(one), None) if one != '"' && one != '\n' && one != '\r' => Some(one),
                _ => return Err(bad("The delimiter is one character, like `;`.")),
            };
        }
        Ok((shape != self.shape).then_some(shape))
    }

    /// Takes over what another look at the file found.
    pub fn look_again(&mut self, shape: Shape, proposal: Proposal, rows_total: u64) {
        self.shape = shape;
        self.source = proposal.source;
        self.columns = proposal.columns;
        self.rows_total = rows_total;
    }

    /// Takes over what a client sends.
    ///
    /// # Errors
    /// Columns that do not exist, targets that cannot be understood, unknown options.
    pub fn change(&mut self, change: &Json) -> Result<(), Problem> {
        if let Some(options) = change.get("options").and_then(Json::as_object) {
            let mut all = serde_json::to_value(&self.options).unwrap_or_default();
            if let Json::Object(map) = &mut all {
                for (name, value) in options {
                    let name = if name == "on_match" { "update" } else { name };
                    map.insert(name.to_owned(), value.clone());
                }
            }
            self.options =
                serde_json::from_value(all).map_err(|error| bad(&format!("The options do not fit: {error}.")))?;
        }
        match change.get("mapping") {
            None | Some(Json::Null) => Ok(()),
            Some(Json::Object(map)) => map.iter().try_for_each(|(name, target)| {
                let at = self.columns.iter().position(|column| column.name == *name);
                let at = at.ok_or_else(|| bad(&format!("The file has no column “{name}”.")))?;
                self.set_target(at, target)
            }),
            Some(Json::Array(list)) => list.iter().enumerate().try_for_each(|(at, target)| self.set_target(at, target)),
            Some(_) => Err(bad("The mapping is a map of column to target.")),
        }
    }

    /// A target as a text, `null`, or `{"target": …, "label_column": …}`.
    fn set_target(&mut self, at: usize, sent: &Json) -> Result<(), Problem> {
        let (target, label_column) = match sent {
            Json::Object(map) => (map.get("target").unwrap_or(&Json::Null), map.get("label_column")),
            other => (other, None),
        };
        let target = match target {
            Json::Null => None,
            Json::String(text) if text.is_empty() => None,
            Json::String(text) => Some(Target::parse(text).ok_or_else(|| {
                bad(&format!("`{text}` is no target. Write it like person.emails[work] or person.address.city."))
            })?),
            _ => return Err(bad("A target is a text like person.emails[work], or null.")),
        };
        let column =
            self.columns.get_mut(at).ok_or_else(|| bad("The mapping has more entries than the file columns."))?;
        if column.mapping.target == target && label_column.is_none() {
            return Ok(());
        }
        let label_column = label_column
            .and_then(Json::as_str)
            .map(str::to_owned)
            .or_else(|| target.is_some().then(|| column.mapping.label_column.clone()).flatten());
        column.mapping = ColumnMapping { target, label_column, confidence: 1.0, reason: Reason::Chosen };
        Ok(())
    }
}

fn bad(detail: &str) -> Problem {
    Problem::new(Code::BadRequest, detail)
}

/// An import as it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Import {
    /// Its row.
    pub row: ImportRow,
    /// How it is done.
    pub settings: Settings,
    /// Whether what it did is undone.
    pub undone: bool,
}

impl Import {
    /// From its row.
    pub(super) fn read(row: ImportRow, undone: &HashSet<Uuid>) -> Result<Self, Error> {
        let undone = row.batch.is_some_and(|batch| undone.contains(&batch));
        let settings = serde_json::from_value(row.settings.clone()).map_err(anyhow::Error::from)?;
        Ok(Self { row, settings, undone })
    }

    /// The ledger's totals.
    pub fn counts(&self) -> Counts {
        Counts::from_json(&self.row.counts)
    }

    /// 0 to 1.
    pub fn progress(&self) -> f64 {
        if matches!(self.row.status.as_str(), "done" | "checked") {
            return 1.0;
        }
        (self.row.place as f64 / self.settings.rows_total.max(1) as f64).min(1.0)
    }

    /// As the API shows it.
    pub fn to_json(&self) -> Json {
        let (row, settings) = (&self.row, &self.settings);
        json!({
            "id": row.id,
            "created_at": model::value::instant_to_text(row.created_at),
            "actor": row.actor,
            "object": row.object,
            "name": row.name,
            "status": row.status,
            "format": settings.shape.format,
            "encoding": settings.shape.encoding,
            "delimiter": settings.shape.delimiter,
            "header": settings.shape.header,
            "source": settings.source,
            "rows_total": settings.rows_total,
            "columns": settings.columns,
            "options": settings.options,
            "counts": self.counts(),
            "progress": self.progress(),
            "batch": row.batch,
            "undone": self.undone,
            "error": if row.error.is_empty() { Json::Null } else { Json::from(row.error.as_str()) },
        })
    }
}
