//! Orders and the cursors that continue them.

use model::{Code, ColumnType, Kind, Problem};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use crate::base64url;
use crate::cell::{Cell, RowRef};
use crate::codec::is_never_null;
use crate::error::Error;
use crate::query::{Select, Sort};
use crate::select::is_sortable;
use crate::sql::{SqlWriter, Val};

/// Which rows of an order a statement walks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// All: the first column is never missing.
    All,
    /// Those that have a value in the first column.
    Present,
    /// Those that have none.
    Missing,
}

/// One column of an order.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Term {
    pub(crate) column: String,
    column_type: ColumnType,
    pub(crate) descending: bool,
    pub(crate) nullable: bool,
}

/// A total order: the columns asked for, then the id in the direction of the first.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Order {
    pub(crate) terms: Vec<Term>,
    descending: bool,
}

impl Order {
    /// The order of a selection.
    pub(crate) fn of(select: &Select) -> Result<Self, Error> {
        Self::new(&select.object, &select.sort)
    }

    /// The order by some fields of an object.
    pub(crate) fn new(object: &model::Object, sort: &[Sort]) -> Result<Self, Error> {
        let mut terms: Vec<Term> = Vec::new();
        let mut descending = sort.first().is_some_and(|first| first.descending);
        for sort in sort {
            if sort.field == "id" {
                descending = sort.descending;
                break;
            }
            let problem = |detail: String| Error::from(Problem::new(Code::BadRequest, detail));
            let field = object
                .find_field(&sort.field)
                .ok_or_else(|| problem(format!("{} has no field `{}` to sort by.", object.label_plural, sort.field)))?;
            let column = field.sort_column();
            let column_type = match field.value_kind() {
                Kind::Address => ColumnType::Text,
                kind => field
                    .column_type()
                    .filter(|column_type| is_sortable(kind, *column_type))
                    .ok_or_else(|| problem(format!("`{}` has no order; sort by another field.", sort.field)))?,
            };
            let column_type = if column.ends_with("__key") { ColumnType::Text } else { column_type };
            if terms.iter().all(|term| term.column != column) {
                terms.push(Term { column, column_type, descending: sort.descending, nullable: !is_never_null(field) });
            }
        }
        Ok(Self { terms, descending })
    }

    /// Where a walk begins.
    pub(crate) fn first_part(&self) -> Part {
        if self.terms.first().is_some_and(|term| term.nullable) { Part::Present } else { Part::All }
    }

    /// The terms that still matter in a part.
    fn terms_of(&self, part: Part) -> &[Term] {
        match part {
            Part::Missing => self.terms.get(1..).unwrap_or_default(),
            _ => &self.terms,
        }
    }

    /// Writes the order's columns behind those that are read, for the cursor.
    pub(crate) fn push_columns(&self, sql: &mut SqlWriter) {
        for term in &self.terms {
            sql.push(", ").column("t", &term.column);
        }
    }

    pub(crate) fn has_part_condition(&self, part: Part) -> bool {
        part != Part::All
    }

    /// Writes the condition of a part.
    pub(crate) fn push_part(&self, sql: &mut SqlWriter, part: Part) {
        if let Some(first) = self.terms.first() {
            sql.column("t", &first.column).push(if part == Part::Missing { " IS NULL" } else { " IS NOT NULL" });
        }
    }

    /// Writes `ORDER BY`.
    pub(crate) fn push_order(&self, sql: &mut SqlWriter, part: Part, reversed: bool) {
        sql.push(" ORDER BY ");
        self.push_terms(sql, "t", part, reversed);
    }

    /// Writes the order's terms: in an index they are the same expressions.
    pub(crate) fn push_terms(&self, sql: &mut SqlWriter, alias: &str, part: Part, reversed: bool) {
        let direction = |descending: bool| if descending == reversed { "" } else { " DESC" };
        if let (Part::Missing, Some(first)) = (part, self.terms.first()) {
            // Always NULL here; named so that the planner sees the index's order.
            sql.column(alias, &first.column).push(direction(first.descending)).push(", ");
        }
        for (at, term) in self.terms_of(part).iter().enumerate() {
            if term.nullable && (at > 0 || part == Part::Missing) {
                sql.push("(").column(alias, &term.column).push(" IS NULL)").push(direction(false)).push(", ");
            }
            sql.column(alias, &term.column).push(direction(term.descending)).push(", ");
        }
        sql.column(alias, "id").push(direction(self.descending));
    }

    /// Writes the condition that a row comes after the cursor, in a form that an index serves.
    pub(crate) fn push_after(&self, sql: &mut SqlWriter, cursor: &Cursor) -> Result<(), Error> {
        let terms = self.terms_of(cursor.part);
        let values = match cursor.part {
            Part::Missing => cursor.values.get(1..).unwrap_or_default(),
            _ => &cursor.values,
        };
        let plain = |(at, term): (usize, &Term)| {
            term.descending == self.descending && (!term.nullable || (at == 0 && cursor.part == Part::Present))
        };
        if terms.iter().enumerate().all(plain) {
            sql.push("(");
            for term in terms {
                sql.column("t", &term.column).push(", ");
            }
            sql.column("t", "id").push(if self.descending { ") < (" } else { ") > (" });
            for value in values {
                sql.param(value.clone()).push(", ");
            }
            sql.param(cursor.id).push(")");
            return Ok(());
        }
        self.push_after_expanded(sql, terms, values, cursor);
        Ok(())
    }

    /// `a >= x AND (a > x OR (a = x AND b > y) OR (a = x AND b = y AND id > z))`
    fn push_after_expanded(&self, sql: &mut SqlWriter, terms: &[Term], values: &[Val], cursor: &Cursor) {
        let pairs: Vec<(&Term, &Val)> = terms.iter().zip(values).collect();
        if let Some((term, value)) = pairs.first()
            && (!term.nullable || cursor.part == Part::Present)
        {
            sql.column("t", &term.column).push(if term.descending { " <= " } else { " >= " });
            sql.param((*value).clone()).push(" AND ");
        }
        sql.push("(");
        for (at, (term, value)) in pairs.iter().enumerate() {
            if **value == Val::Null {
                // Missing values come last: only the columns behind decide.
                continue;
            }
            sql.push("(");
            push_equals(sql, pairs.get(..at).unwrap_or_default());
            let may_be_missing = term.nullable && !(at == 0 && cursor.part == Part::Present);
            sql.push(if may_be_missing { "(" } else { "" });
            sql.column("t", &term.column).push(if term.descending { " < " } else { " > " }).param((*value).clone());
            if may_be_missing {
                sql.push(" OR ").column("t", &term.column).push(" IS NULL)");
            }
            sql.push(") OR ");
        }
        sql.push("(");
        push_equals(sql, &pairs);
        sql.column("t", "id").push(if self.descending { " < " } else { " > " }).param(cursor.id).push("))");
    }
}

fn push_equals(sql: &mut SqlWriter, pairs: &[(&Term, &Val)]) {
    for (term, value) in pairs {
        sql.column("t", &term.column);
        if **value == Val::Null {
            sql.push(" IS NULL AND ");
        } else {
            sql.push(" = ").param((*value).clone()).push(" AND ");
        }
    }
}

/// The place of a row in an order.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Cursor {
    pub(crate) part: Part,
    values: Vec<Val>,
    id: Uuid,
}

impl Cursor {
    /// The place of a row; its order's columns stand from column `at` on.
    pub(crate) fn of_row(row: RowRef<'_>, at: usize, order: &Order, part: Part) -> Result<Self, Error> {
        let mut values = Vec::with_capacity(order.terms.len());
        for (offset, term) in order.terms.iter().enumerate() {
            values.push(match (row.cell(at + offset)?, term.column_type) {
                (Cell::Bytes(bytes), ColumnType::Id) => Val::Id(Uuid::from_slice(bytes).unwrap_or_default()),
                (Cell::Int(value), ColumnType::Bool) => Val::Bool(value != 0),
                (Cell::Text(text), ColumnType::Date) => {
                    std::str::from_utf8(text).ok().and_then(|text| text.parse().ok()).map_or(Val::Null, Val::Date)
                }
                (cell, _) => cell.to_val(),
            });
        }
        Ok(Self { part, values, id: row.id(0)? })
    }

    /// As clients carry it: opaque.
    pub(crate) fn to_text(&self, order: &Order) -> String {
        let mut list =
            vec![json!(order.signature()), json!(self.part == Part::Missing), json!(self.id.simple().to_string())];
        for value in &self.values {
            list.push(match value {
                Val::Bool(value) => json!(value),
                Val::Int(value) => json!(value),
                Val::Text(text) => json!(text),
                Val::Id(id) => json!(id.simple().to_string()),
                Val::Date(date) => json!(date.to_string()),
                _ => Json::Null,
            });
        }
        base64url::encode(Json::Array(list).to_string().as_bytes())
    }

    /// Reads a cursor of the same order.
    pub(crate) fn parse(text: &str, order: &Order) -> Result<Self, Error> {
        Self::read(text, order).ok_or_else(|| {
            let detail = "The cursor does not belong to this list and order. Start again without it.";
            Problem::new(Code::BadRequest, detail).into()
        })
    }

    fn read(text: &str, order: &Order) -> Option<Self> {
        let list: Vec<Json> = serde_json::from_slice(&base64url::decode(text)?).ok()?;
        let [signature, missing, id, values @ ..] = list.as_slice() else {
            return None;
        };
        if signature.as_str()? != order.signature() || values.len() != order.terms.len() {
            return None;
        }
        let part = match (order.first_part(), missing.as_bool()?) {
            (Part::Present, true) => Part::Missing,
            (part, false) => part,
            _ => return None,
        };
        let values: Option<Vec<Val>> =
            order.terms.iter().zip(values).map(|(term, value)| value_of(term.column_type, value)).collect();
        let values = values?;
        // A value stands where the order says one is.
        let first_fits = match part {
            Part::Missing => values.first() == Some(&Val::Null),
            _ => values
                .iter()
                .zip(&order.terms)
                .enumerate()
                .all(|(at, (value, term))| *value != Val::Null || (term.nullable && at > 0)),
        };
        first_fits.then_some(Self { part, values, id: id.as_str()?.parse().ok()? })
    }
}

fn value_of(column_type: ColumnType, value: &Json) -> Option<Val> {
    Some(match (column_type, value) {
        (_, Json::Null) => Val::Null,
        (ColumnType::Bool, value) => Val::Bool(value.as_bool()?),
        (ColumnType::Int, value) => Val::Int(value.as_i64()?),
        (ColumnType::Text | ColumnType::Json, value) => Val::Text(value.as_str()?.to_owned()),
        (ColumnType::Date, value) => Val::Date(value.as_str()?.parse().ok()?),
        (ColumnType::Id, value) => Val::Id(value.as_str()?.parse().ok()?),
    })
}

impl Order {
    /// What tells this order from another.
    fn signature(&self) -> String {
        let mut text = String::new();
        for term in &self.terms {
            text.push(if term.descending { '-' } else { '+' });
            text.push_str(&term.column);
        }
        text.push(if self.descending { '-' } else { '+' });
        text
    }
}
