//! Functions and methods.

use cel::common::ast::{CallExpr, Expr as Node, IdedExpr, LiteralValue};

use super::bind::fold_node;
use super::check::{Checker, name_of};
use super::compare::{has_case, parse_date, parse_instant, text_by};
use super::fault::Fault;
use super::names::Place;
use super::suggest::{nearest, one_of};
use super::{
    ArithmeticOp, By, Casing, DatePart, Expr, FieldRef, MatchOp, Part, ShiftUnit, TextCase, Type, fold_pattern,
};
use crate::field::Kind;
use crate::value::Value;

const FUNCTIONS: [&str; 5] = ["has", "size", "date", "timestamp", "duration"];
const METHODS: [&str; 19] = [
    "contains",
    "startsWith",
    "endsWith",
    "lower",
    "upper",
    "trim",
    "size",
    "count",
    "exists",
    "all",
    "filter",
    "addDays",
    "addMonths",
    "addYears",
    "getFullYear",
    "getMonth",
    "getDate",
    "getDayOfWeek",
    "getDayOfMonth",
];
/// More days than any calendar of ours has.
const DAYS_MAX: i64 = 4_000_000;

impl Checker<'_> {
    /// `has(x)`, `duration('24h')` …
    pub fn function(&mut self, node: &IdedExpr, call: &CallExpr) -> Result<Expr, Fault> {
        let name = call.func_name.as_str();
        let [argument] = call.args.as_slice() else {
            let known = FUNCTIONS.contains(&name);
            return Err(if known {
                self.fault(node, format!("`{name}` takes one value."))
            } else {
                self.unknown_function(node, name, false)
            });
        };
        match name {
            "has" => self.presence(argument),
            "size" => self.size(node, argument),
            "date" | "timestamp" | "duration" => self.time_literal(node, name, argument),
            _ => Err(self.unknown_function(node, name, false)),
        }
    }

    fn unknown_function(&self, node: &IdedExpr, name: &str, is_method: bool) -> Fault {
        let (list, other): (&[&str], &[&str]) = if is_method { (&METHODS, &FUNCTIONS) } else { (&FUNCTIONS, &METHODS) };
        let fault = self.fault(node, format!("There is no function `{name}`."));
        if !is_method && METHODS.contains(&name) {
            return fault.hint(format!("Write it behind the value: `field.{name}(…)`."));
        }
        match nearest(name, list.iter().chain(other).copied()).as_slice() {
            [] => fault.hint(format!("There are {}.", one_of(list))),
            near => fault.hint(format!("Did you mean {}?", one_of(near))),
        }
    }

    fn time_literal(&self, node: &IdedExpr, name: &str, argument: &IdedExpr) -> Result<Expr, Fault> {
        let Node::Literal(LiteralValue::String(text)) = &argument.expr else {
            return Err(self.fault(argument, format!("`{name}` takes a text in quotes.")));
        };
        let text = text.inner();
        let (value, example) = match name {
            "date" => (parse_date(text).map(Value::Date), "date('2026-01-31')"),
            "timestamp" => (parse_instant(text).map(Value::Instant), "timestamp('2026-01-31T12:00:00Z')"),
            _ => (parse_duration(text).map(Value::Duration), "duration('1h30m')"),
        };
        value.map(Expr::Literal).ok_or_else(|| {
            self.fault(node, format!("`{}` cannot be read.", self.text(argument))).hint(format!("Write {example}."))
        })
    }

    /// `target.name(arguments)`
    pub fn method(&mut self, node: &IdedExpr, call: &CallExpr, target: &IdedExpr) -> Result<Expr, Fault> {
        let name = call.func_name.as_str();
        match (name, call.args.as_slice()) {
            ("contains", [pattern]) => self.matching(MatchOp::Contains, target, pattern),
            ("startsWith", [pattern]) => self.matching(MatchOp::StartsWith, target, pattern),
            ("endsWith", [pattern]) => self.matching(MatchOp::EndsWith, target, pattern),
            ("matches", _) => Err(self
                .fault(
                    node,
                    "Regular expressions are not supported, because they would be slow and differ by database.",
                )
                .hint("Use `contains`, `startsWith` or `endsWith`.")),
            ("lower" | "lowerAscii", []) => self.cased(TextCase::Lower, target),
            ("upper" | "upperAscii", []) => self.cased(TextCase::Upper, target),
            ("trim", []) => self.cased(TextCase::Trim, target),
            ("size" | "count", []) => self.size(node, target),
            ("exists", [variable, condition]) => self.exists(target, variable, condition),
            ("all", [variable, condition]) => self.all(target, variable, condition),
            ("exists_one" | "existsOne", [variable, condition]) => self.exists_one(target, variable, condition),
            ("count", [variable, condition]) => self.count(target, variable, condition),
            ("exists" | "all" | "filter" | "exists_one", _) => {
                let text = self.text(target);
                Err(self.fault(node, format!("`{name}` is incomplete here.")).hint(match name {
                    "filter" => format!("Write `{text}.filter(x, …).size()`."),
                    _ => format!("Write `{text}.{name}(x, …)` with a condition over `x`."),
                }))
            }
            ("addDays", [days]) => self.add_days(node, target, days),
            ("addMonths", [count]) => self.shift(ShiftUnit::Months, target, count),
            ("addYears", [count]) => self.shift(ShiftUnit::Years, target, count),
            ("getFullYear", []) => self.date_part(DatePart::Year, target),
            ("getMonth", []) => self.date_part(DatePart::Month, target),
            ("getDate" | "getDayOfMonth", []) => {
                let part = self.date_part(DatePart::Day, target)?;
                Ok(if name == "getDate" { part } else { minus_one(part) })
            }
            ("getDayOfWeek", []) => self.date_part(DatePart::Weekday, target),
            _ if METHODS.contains(&name) => {
                Err(self.fault(node, format!("`{name}` has the wrong number of values between its brackets.")))
            }
            _ => Err(self.unknown_function(node, name, true)),
        }
    }

    fn matching(&mut self, op: MatchOp, target: &IdedExpr, pattern: &IdedExpr) -> Result<Expr, Fault> {
        let text = self.value(target)?;
        if text.result_type() != Type::Text {
            let found = name_of(text.result_type());
            return Err(self
                .fault(target, format!("`{}` needs a text, but `{}` is {found}.", op.name(), self.text(target)))
                .hint("It searches texts only."));
        }
        let mut wanted = self.value(pattern)?;
        if wanted.result_type() == Type::Null {
            return Ok(Expr::Present(Box::new(text)));
        }
        if wanted.result_type() != Type::Text || !matches!(wanted, Expr::Literal(_) | Expr::Field(_)) {
            return Err(self
                .fault(pattern, format!("`{}` looks for a text in quotes or for the text of a field.", op.name()))
                .hint(format!("Write `.{}('…')`.", op.name())));
        }
        let by = text_by(&text, &wanted);
        if by == By::Text && has_case(&text) {
            return Err(self
                .fault(target, "`lower()`, `upper()` and `trim()` cannot stand before an exact search.")
                .hint("Leave them out and write the text as it is stored."));
        }
        if let (Expr::Literal(Value::Text(literal)), Expr::Field(field)) = (&wanted, &text) {
            wanted = Expr::Literal(Value::text(match field.casing() {
                Casing::Upper => literal.to_uppercase(),
                Casing::Lower => literal.to_lowercase(),
                Casing::Exact | Casing::Folded => literal.clone(),
            }));
        }
        if let Expr::Literal(Value::Text(literal)) = &wanted
            && by == By::Key
            && fold_pattern(literal).is_empty()
        {
            return Ok(Expr::Present(Box::new(text)));
        }
        Ok(Expr::Match { op, text: Box::new(text), pattern: Box::new(wanted), by })
    }

    fn cased(&mut self, case: TextCase, target: &IdedExpr) -> Result<Expr, Fault> {
        let text = self.value(target)?;
        if text.result_type() != Type::Text {
            return Err(self.fault(target, format!("`{}` needs a text.", case.name())));
        }
        Ok(Expr::Cased(case, Box::new(text)))
    }

    /// Characters of a text, entries of a list, records of a relation.
    fn size(&mut self, node: &IdedExpr, target: &IdedExpr) -> Result<Expr, Fault> {
        if let Node::Call(call) = &target.expr
            && call.func_name == "filter"
            && let (Some(over), [variable, condition]) = (&call.target, call.args.as_slice())
        {
            return self.count(over, variable, condition);
        }
        if let Node::Ident(_) | Node::Select(_) = &target.expr {
            match self.place(target)? {
                Place::Relation(range) => {
                    self.check_range(target, &range)?;
                    return Ok(Expr::Count { range, condition: Box::new(Expr::always()) });
                }
                // Records in the recycle bin do not count, except in a formula, which would not notice them go.
                Place::Field(field) if field.kind == Kind::References && is_list(&field) && !self.stored => {
                    let range = self.range_of(target, field)?;
                    return Ok(Expr::Count { range, condition: Box::new(Expr::always()) });
                }
                Place::Field(field) if is_list(&field) => return Ok(Expr::Size(Box::new(Expr::Field(field)))),
                _ => {}
            }
        }
        let text = self.value(target)?;
        if text.result_type() != Type::Text {
            let detail = format!("`{}` has no size.", self.text(target));
            return Err(self.fault(node, detail).hint("Texts, lists and related records have one."));
        }
        if has_case(&text) {
            return Err(self
                .fault(target, "`size()` counts the characters as they are.")
                .hint("Leave out `lower()`, `upper()` and `trim()`."));
        }
        Ok(Expr::Size(Box::new(text)))
    }

    /// `date.addDays(n)`, `instant.addDays(n)`
    fn add_days(&mut self, node: &IdedExpr, target: &IdedExpr, days: &IdedExpr) -> Result<Expr, Fault> {
        let of = self.value(target)?;
        let count = self.value(days)?;
        if !matches!(of.result_type(), Type::Date | Type::Instant) {
            return Err(self.fault(target, format!("`addDays` needs a date, but `{}` is none.", self.text(target))));
        }
        let day = 86_400_000_000;
        let amount = match &count {
            Expr::Literal(Value::Int(count)) if count.abs() <= DAYS_MAX => Expr::Literal(Value::Duration(count * day)),
            Expr::Literal(_) => {
                let detail = format!("`addDays` needs a whole number up to {DAYS_MAX}.");
                return Err(self.fault(days, detail));
            }
            other if other.result_type() == Type::Number => Expr::Arithmetic {
                op: ArithmeticOp::Multiply,
                left: Box::new(Expr::Literal(Value::Duration(day))),
                right: Box::new(count),
                result: Type::Duration,
            },
            _ => return Err(self.fault(days, "`addDays` needs a number of days.")),
        };
        let result = of.result_type();
        let expr = Expr::Arithmetic { op: ArithmeticOp::Add, left: Box::new(of), right: Box::new(amount), result };
        self.check_bounds(node, &expr)?;
        Ok(fold_node(expr))
    }

    /// `today.addMonths(-3)`
    fn shift(&mut self, unit: ShiftUnit, target: &IdedExpr, count: &IdedExpr) -> Result<Expr, Fault> {
        let of = self.value(target)?;
        if !matches!(of.result_type(), Type::Date | Type::Instant) || !of.is_constant() {
            return Err(self
                .fault(target, format!("`{}` moves `today`, `now` or a date in quotes only.", unit.name()))
                .hint("Move the other side of the comparison instead: `birthday > today.addYears(-18)`."));
        }
        match self.value(count)? {
            Expr::Literal(Value::Int(count)) if count.abs() <= 120_000 => {
                Ok(fold_node(Expr::Shift { of: Box::new(of), count: i32::try_from(count).unwrap_or(0), unit }))
            }
            _ => Err(self.fault(count, format!("`{}` needs a whole number.", unit.name()))),
        }
    }

    fn date_part(&mut self, part: DatePart, target: &IdedExpr) -> Result<Expr, Fault> {
        let of = self.value(target)?;
        let plain = matches!(of, Expr::Field(_)) || of.is_constant();
        if !matches!(of.result_type(), Type::Date | Type::Instant) || !plain {
            return Err(self
                .fault(target, format!("`{}` needs a field that holds a date or a time.", part.name()))
                .hint(format!("Write `created_at.{}()`.", part.name())));
        }
        Ok(fold_node(Expr::DatePart(part, Box::new(of))))
    }
}

fn minus_one(number: Expr) -> Expr {
    Expr::Arithmetic {
        op: ArithmeticOp::Subtract,
        left: Box::new(number),
        right: Box::new(Expr::Literal(Value::Int(1))),
        result: Type::Number,
    }
}

fn is_list(field: &FieldRef) -> bool {
    field.part == Part::Whole
        && matches!(
            field.kind,
            Kind::MultiSelect
                | Kind::Emails
                | Kind::Phones
                | Kind::Links
                | Kind::References
                | Kind::About
                | Kind::Files
        )
}

/// `1h30m`, `-15s`, `30d`: microseconds. Weeks and days have 7 days and 24 hours.
pub(super) fn parse_duration(text: &str) -> Option<i64> {
    let (sign, mut rest) = match text.trim().strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.trim()),
    };
    let mut total: i128 = 0;
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let (number, tail) = rest.split_at_checked(digits)?;
        let letters = tail.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(tail.len());
        let (unit, next) = tail.split_at_checked(letters)?;
        let nanos: i128 = match unit {
            "w" => 604_800_000_000_000,
            "d" => 86_400_000_000_000,
            "h" => 3_600_000_000_000,
            "m" => 60_000_000_000,
            "s" => 1_000_000_000,
            "ms" => 1_000_000,
            "us" | "µs" => 1_000,
            "ns" => 1,
            _ => return None,
        };
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        if whole.len() + fraction.len() == 0 || whole.len() > 19 || fraction.len() > 9 {
            return None;
        }
        let whole: i128 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
        let part: i128 = if fraction.is_empty() { 0 } else { fraction.parse().ok()? };
        let power = 10_i128.checked_pow(u32::try_from(fraction.len()).ok()?)?;
        total = total.checked_add(whole.checked_mul(nanos)?)?.checked_add(part * nanos / power)?;
        rest = next;
    }
    i64::try_from(sign * total / 1_000).ok()
}
