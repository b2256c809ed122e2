//! Timelines: activities about a record, its own changes, and changes of records whose parent it is, merged newest
//! first in one statement. Each branch walks an index and stops after a page, so that a page costs the same whatever
//! the length of the timeline.

use uuid::Uuid;

use model::{Code, Problem};

use crate::base64url;
use crate::error::Error;
use crate::log::{CHANGE_COLUMNS, RawChange};
use crate::query::{TimelineEntry, TimelinePage, TimelineRow, TimelineSource};
use crate::sql::{SqlWriter, Val, system_table};
use crate::tx::Tx;

/// Portable DDL.
pub(crate) const DDL: &[&str] = &[
    "CREATE TABLE IF NOT EXISTS {timeline} (subject {id} NOT NULL, at BIGINT NOT NULL, record {id} NOT NULL, \
     object BIGINT NOT NULL, PRIMARY KEY (subject, at, record)) {clustered}",
    "CREATE INDEX IF NOT EXISTS timeline_by_object ON {timeline} (subject, object, at, record)",
    "CREATE INDEX IF NOT EXISTS timeline_by_record ON {timeline} (record)",
];

/// The kind of entry that stands for changes.
const CHANGES: &str = "change";
/// Ranks of sources at the same instant: activities come before changes.
const ENTRY: i64 = 2;
const CHANGE: i64 = 1;

/// Where a page ended.
#[derive(Debug, Clone, PartialEq)]
struct Position {
    at: i64,
    rank: i64,
    record: Uuid,
    seq: i64,
}

impl Position {
    const START: Self = Self { at: i64::MAX, rank: i64::MAX, record: Uuid::max(), seq: i64::MAX };

    fn to_text(&self) -> String {
        let text = format!("{} {} {} {}", self.at, self.rank, self.record.simple(), self.seq);
        base64url::encode(text.as_bytes())
    }

    fn parse(text: &str) -> Result<Self, Error> {
        let position = || {
            let text = String::from_utf8(base64url::decode(text)?).ok()?;
            let mut parts = text.split(' ');
            Some(Self {
                at: parts.next()?.parse().ok()?,
                rank: parts.next()?.parse().ok()?,
                record: parts.next()?.parse().ok()?,
                seq: parts.next()?.parse().ok()?,
            })
        };
        let bad = || Problem::new(Code::BadRequest, "The cursor is not one of ours. Start again without it.");
        position().ok_or_else(|| bad().into())
    }
}

/// A row of the merge, with names still as numbers.
enum RawRow {
    Entry { at: i64, record: Uuid, object: i64 },
    Change { at: i64, change: RawChange },
}

impl Tx {
    /// Puts a record into the timelines of its subjects, in place of where it stood before.
    pub fn set_timeline(&mut self, entry: &TimelineEntry) -> Result<(), Error> {
        self.clear_timeline(entry.record)?;
        let object = self.number_of(&entry.object)?;
        let mut subjects = entry.subjects.clone();
        subjects.sort_unstable();
        subjects.dedup();
        for subject in subjects {
            self.execute(
                "INSERT INTO {timeline} (subject, at, record, object) VALUES (?, ?, ?, ?)",
                &[Val::Id(subject), Val::Int(entry.at), Val::Id(entry.record), Val::Int(object)],
            )?;
        }
        Ok(())
    }

    /// Takes a record out of all timelines.
    pub fn clear_timeline(&mut self, record: Uuid) -> Result<(), Error> {
        self.execute("DELETE FROM {timeline} WHERE record = ?", &[Val::Id(record)])?;
        Ok(())
    }

    /// One page of a record's timeline, newest first. `kinds`: object names, and `change` for field changes.
    pub fn timeline(
        &mut self,
        subject: Uuid,
        kinds: Option<&[String]>,
        cursor: Option<&str>,
        limit: usize,
    ) -> Result<TimelinePage, Error> {
        let from = cursor.map_or(Ok(Position::START), Position::parse)?;
        let mut objects = None;
        if let Some(kinds) = kinds {
            let mut numbers = Vec::new();
            for kind in kinds.iter().filter(|kind| *kind != CHANGES) {
                numbers.extend(self.find_number(kind)?);
            }
            objects = Some(numbers);
        }
        let with_changes = kinds.is_none_or(|kinds| kinds.iter().any(|kind| kind == CHANGES));
        let mut sql = self.writer();
        push_merge(&mut sql, subject, objects.as_deref(), with_changes, &from, limit);
        if sql.params.is_empty() {
            return Ok(TimelinePage { entries: Vec::new(), next: None });
        }
        let mut raw = Vec::with_capacity(limit + 1);
        let mut end = None;
        self.each(&sql.text, &sql.params, &mut |row| {
            let (rank, at, record) = (row.int(0)?, row.int(1)?, row.id(2)?);
            let seq = row.int(3)?;
            if raw.len() + 1 == limit {
                end = Some(Position { at, rank, record, seq });
            }
            raw.push(match rank {
                ENTRY => RawRow::Entry { at, record, object: row.int(4)? },
                _ => RawRow::Change { at, change: RawChange::read(row, 5)? },
            });
            Ok(())
        })?;
        let more = raw.len() > limit;
        raw.truncate(limit);
        let entries = raw.into_iter().map(|raw| self.timeline_row(raw)).collect::<Result<_, Error>>()?;
        Ok(TimelinePage { entries, next: end.filter(|_| more).map(|end| end.to_text()) })
    }

    fn timeline_row(&mut self, raw: RawRow) -> Result<TimelineRow, Error> {
        Ok(match raw {
            RawRow::Entry { at, record, object } => {
                let object = self.name_of(object)?.to_string();
                TimelineRow { at, source: TimelineSource::Entry { object, record } }
            }
            RawRow::Change { at, change } => {
                TimelineRow { at, source: TimelineSource::Change(self.change_of(change)?) }
            }
        })
    }
}

/// Writes the merge: columns rank, at, record, seq, object, then the change's.
fn push_merge(
    sql: &mut SqlWriter,
    subject: Uuid,
    objects: Option<&[i64]>,
    with_changes: bool,
    from: &Position,
    limit: usize,
) {
    let limit = limit.saturating_add(1);
    let mut branches: Vec<Branch> = Vec::new();
    match objects {
        None => branches.push(Branch::Entries(None)),
        Some(objects) => branches.extend(objects.iter().map(|object| Branch::Entries(Some(*object)))),
    }
    if with_changes {
        branches.push(Branch::Changes("record"));
        branches.push(Branch::Changes("parent"));
    }
    if branches.is_empty() {
        return;
    }
    sql.push("SELECT m.rank, m.at, m.record, m.seq, m.object, ");
    sql.push(&CHANGE_COLUMNS.replace("c.at", "m.at")).push(" FROM (");
    for (at, branch) in branches.iter().enumerate() {
        sql.push(if at == 0 { "SELECT * FROM (" } else { " UNION ALL SELECT * FROM (" });
        branch.push(sql, subject, from, limit);
        sql.push(&format!(") b{at}"));
    }
    sql.push(" ORDER BY rank_at DESC, rank DESC, seq DESC, record DESC").limit(limit);
    sql.push(") m LEFT JOIN ").table(&system_table("change")).push(" c ON c.seq = m.seq LEFT JOIN ");
    sql.table(&system_table("batch")).push(" b ON b.no = c.batch");
    sql.push(" ORDER BY m.rank_at DESC, m.rank DESC, m.seq DESC, m.record DESC");
}

/// One index that the merge walks.
enum Branch {
    /// Activities, of one object or of all.
    Entries(Option<i64>),
    /// Changes by this column.
    Changes(&'static str),
}

impl Branch {
    fn push(&self, sql: &mut SqlWriter, subject: Uuid, from: &Position, limit: usize) {
        match self {
            Self::Entries(object) => {
                sql.push(&format!("SELECT {ENTRY} AS rank, at, record, CAST(0 AS bigint) AS seq, object, "));
                sql.push("at AS rank_at FROM ").table(&system_table("timeline"));
                sql.push(" WHERE subject = ").param(subject);
                if let Some(object) = object {
                    sql.push(" AND object = ").param(*object);
                }
                // At the same instant activities come first: after a change none is left.
                let record = if from.rank >= ENTRY { from.record } else { Uuid::nil() };
                sql.push(" AND (at, record) < (").param(from.at).push(", ").param(record);
                sql.push(") ORDER BY at DESC, record DESC").limit(limit);
            }
            Self::Changes(column) => {
                sql.push(&format!("SELECT {CHANGE} AS rank, at, record, seq, object, at AS rank_at FROM "));
                sql.table(&system_table("change")).push(&format!(" WHERE {column} = ")).param(subject);
                let seq = if from.rank > CHANGE { i64::MAX } else { from.seq };
                sql.push(" AND (at, seq) < (").param(from.at).push(", ").param(seq);
                sql.push(") ORDER BY at DESC, seq DESC").limit(limit);
            }
        }
    }
}
