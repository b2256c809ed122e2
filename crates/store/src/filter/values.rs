//! Values as SQL, one function for each way to compare; each mirrors one of the evaluation in memory.

use model::Value;
use model::expr::{ArithmeticOp, DatePart, Expr, FieldRef, INSTANTS, Type, fold_pattern};
use model::fold::fold;
use model::value::SCALE;

use super::Compiler;

/// Microseconds of a day.
const DAY: i64 = 86_400_000_000;

impl Compiler<'_> {
    /// `CASE WHEN … END` with both results written in one way.
    fn choice(&mut self, expr: &Expr, write: &mut dyn FnMut(&mut Self, &Expr)) {
        let Expr::If { condition, then, otherwise } = expr else { return self.push("NULL") };
        self.push("CASE WHEN ");
        self.condition(condition);
        self.push(" THEN ");
        write(self, then);
        self.push(" ELSE ");
        write(self, otherwise);
        self.push(" END");
    }

    /// A truth value.
    pub(super) fn flag(&mut self, expr: &Expr) {
        match expr {
            Expr::Literal(Value::Bool(value)) => {
                self.sql.param(*value);
            }
            Expr::Field(field) => self.raw(field),
            Expr::If { .. } => self.choice(expr, &mut |inner, branch| inner.flag(branch)),
            other if other.is_condition() => {
                self.push("((");
                self.condition(other);
                self.push(") IS TRUE)");
            }
            _ => self.push("CAST(NULL AS boolean)"),
        }
    }

    /// A whole number in its own unit.
    pub(super) fn whole(&mut self, expr: &Expr) {
        match expr {
            Expr::Literal(value) => match whole_of(value) {
                Some(value) => {
                    self.sql.param(value);
                }
                None => self.push("CAST(NULL AS bigint)"),
            },
            Expr::Field(field) => self.number_column(field),
            Expr::If { .. } => self.choice(expr, &mut |inner, branch| inner.whole(branch)),
            Expr::Remainder(left, right) => {
                self.push("(");
                self.whole(left);
                self.push(" % NULLIF(");
                self.whole(right);
                self.push(", 0))");
            }
            Expr::Size(of) => self.size(of),
            Expr::Count { range, condition } => {
                self.push("(SELECT COUNT(*)");
                self.over(range, condition);
                self.push(")");
            }
            Expr::DatePart(part, of) => match &**of {
                Expr::Field(field) => self.date_part(*part, field),
                _ => self.push("CAST(NULL AS bigint)"),
            },
            _ => self.push("CAST(NULL AS bigint)"),
        }
    }

    fn size(&mut self, of: &Expr) {
        self.push("CAST(COALESCE(");
        match of {
            Expr::Field(field) if field.result_type() == Type::Composite => {
                self.push(if self.sql.is_postgres() { "jsonb_array_length(" } else { "json_array_length(" });
                self.raw(field);
            }
            other => {
                self.push("length(");
                self.text(other);
            }
        }
        self.push("), 0) AS bigint)");
    }

    fn date_part(&mut self, part: DatePart, field: &FieldRef) {
        if field.result_type() == Type::Date {
            return self.part_of_day(part, &mut |inner| inner.raw(field));
        }
        // Only years that both databases know; days are counted in whole numbers, because doubles would round.
        self.push("CASE WHEN ");
        self.raw(field);
        self.push(&format!(" >= {} AND ", INSTANTS.start));
        self.raw(field);
        self.push(&format!(" < {} THEN ", INSTANTS.end));
        self.part_of_day(part, &mut |inner| {
            let is_postgres = inner.sql.is_postgres();
            inner.push(if is_postgres { "(DATE '1970-01-01' + CAST((" } else { "date((" });
            inner.raw(field);
            inner.push(" - ((");
            inner.raw(field);
            inner.push(&format!(" % {DAY} + {DAY}) % {DAY})) / {DAY}"));
            inner.push(if is_postgres { " AS int))" } else { " * 86400, 'unixepoch')" });
        });
        self.push(" END");
    }

    fn part_of_day(&mut self, part: DatePart, day: &mut dyn FnMut(&mut Self)) {
        let is_postgres = self.sql.is_postgres();
        let (postgres, sqlite) = match part {
            DatePart::Year => ("YEAR", "%Y"),
            DatePart::Month => ("MONTH", "%m"),
            DatePart::Day => ("DAY", "%d"),
            DatePart::Weekday => ("DOW", "%w"),
        };
        self.push("(CAST(");
        self.push(&if is_postgres { format!("EXTRACT({postgres} FROM ") } else { format!("strftime('{sqlite}', ") });
        day(self);
        self.push(") AS bigint)");
        self.push(if part == DatePart::Month { " - 1)" } else { ")" });
    }

    /// A double: numbers as they are, times in microseconds, dates in days.
    pub(super) fn float(&mut self, expr: &Expr) {
        match expr {
            Expr::Number(value) => {
                self.sql.param(*value);
            }
            Expr::Literal(value) => match float_of(value) {
                Some(value) => {
                    self.sql.param(value);
                }
                None => self.push("CAST(NULL AS double precision)"),
            },
            Expr::Field(field) => self.float_column(field),
            Expr::If { .. } => self.choice(expr, &mut |inner, branch| inner.float(branch)),
            Expr::Negate(of) => {
                self.push("(- ");
                self.float(of);
                self.push(")");
            }
            Expr::Arithmetic { op, left, right, result } => self.arithmetic(*op, left, right, *result),
            Expr::Remainder(..) | Expr::Size(_) | Expr::Count { .. } | Expr::DatePart(..) => {
                self.push("CAST(");
                self.whole(expr);
                self.push(" AS double precision)");
            }
            _ => self.push("CAST(NULL AS double precision)"),
        }
    }

    fn arithmetic(&mut self, op: ArithmeticOp, left: &Expr, right: &Expr, result: Type) {
        let from_dates = left.result_type() == Type::Date;
        let days_to_duration = from_dates && result == Type::Duration;
        self.push(if days_to_duration { "((" } else { "(" });
        self.float(left);
        self.push(&format!(" {} ", op.symbol()));
        match op {
            ArithmeticOp::Divide => {
                self.push("NULLIF(");
                self.float(right);
                self.push(", 0.0)");
            }
            _ if from_dates && right.result_type() == Type::Duration => {
                self.push("(");
                self.float(right);
                self.push(&format!(" / {DAY}.0)"));
            }
            _ => self.float(right),
        }
        self.push(")");
        if days_to_duration {
            self.push(&format!(" * {DAY}.0)"));
        }
    }

    /// A calendar day as the database keeps it.
    pub(super) fn day(&mut self, expr: &Expr) {
        match expr {
            Expr::Literal(Value::Date(date)) => {
                self.sql.param(*date);
            }
            Expr::Field(field) => self.raw(field),
            Expr::If { .. } => self.choice(expr, &mut |inner, branch| inner.day(branch)),
            _ if self.sql.is_postgres() => self.push("CAST(NULL AS date)"),
            _ => self.push("NULL"),
        }
    }

    /// An id.
    pub(super) fn id(&mut self, expr: &Expr) {
        match expr {
            Expr::Literal(Value::Id(id)) => {
                self.sql.param(*id);
            }
            Expr::Field(field) => self.raw(field),
            Expr::If { .. } => self.choice(expr, &mut |inner, branch| inner.id(branch)),
            _ if self.sql.is_postgres() => self.push("CAST(NULL AS uuid)"),
            _ => self.push("NULL"),
        }
    }

    /// The folded key of a text.
    pub(super) fn key(&mut self, expr: &Expr) {
        match expr {
            // A text of which nothing is left is missing, as in memory.
            Expr::Literal(Value::Text(text)) if !fold(text).is_empty() => {
                self.sql.param(fold(text));
            }
            Expr::Field(field) => self.key_column(field),
            Expr::If { .. } => self.choice(expr, &mut |inner, branch| inner.key(branch)),
            Expr::Cased(_, of) => self.key(of),
            Expr::Join(parts) => {
                self.push(if self.sql.is_postgres() { "NULLIF(btrim(" } else { "NULLIF(trim(" });
                self.join(parts, &mut |inner, part| match part {
                    Expr::Literal(Value::Text(text)) => {
                        inner.sql.param(fold_pattern(text));
                    }
                    other => inner.key(other),
                });
                self.push(", ' '), '')");
            }
            _ => self.push("CAST(NULL AS text)"),
        }
    }

    /// The text itself.
    pub(super) fn text(&mut self, expr: &Expr) {
        match expr {
            Expr::Literal(Value::Text(text)) => {
                self.sql.param(text.as_str());
            }
            Expr::Field(field) => self.raw(field),
            Expr::If { .. } => self.choice(expr, &mut |inner, branch| inner.text(branch)),
            Expr::Cased(_, of) => self.text(of),
            Expr::Join(parts) => {
                self.push("NULLIF(");
                self.join(parts, &mut |inner, part| inner.text(part));
                self.push(", '')");
            }
            _ => self.push("CAST(NULL AS text)"),
        }
    }

    fn join(&mut self, parts: &[Expr], write: &mut dyn FnMut(&mut Self, &Expr)) {
        for (at, part) in parts.iter().enumerate() {
            self.push(if at == 0 { "COALESCE(" } else { " || COALESCE(" });
            write(self, part);
            self.push(", '')");
        }
    }
}

/// The exact whole number of a literal.
pub(super) fn whole_of(value: &Value) -> Option<i64> {
    match value {
        Value::Int(value) | Value::Dec(value) | Value::Instant(value) | Value::Duration(value) => Some(*value),
        Value::Money { base, .. } => *base,
        _ => None,
    }
}

/// The double of a literal.
pub(super) fn float_of(value: &Value) -> Option<f64> {
    Some(match value {
        Value::Int(value) | Value::Instant(value) | Value::Duration(value) => *value as f64,
        Value::Dec(value) => *value as f64 / SCALE as f64,
        Value::Money { base, .. } => (*base)? as f64 / SCALE as f64,
        Value::Date(date) => jiff::civil::date(1970, 1, 1).until(*date).map_or(0, |span| span.get_days()).into(),
        _ => return None,
    })
}

/// A truth value as a number.
pub(super) fn bit_of(value: &Value) -> Option<i64> {
    match value {
        Value::Bool(value) => Some(i64::from(*value)),
        _ => None,
    }
}
