//! An expression back as CEL text.

use super::{CompareOp, Expr, FieldRef, Hop, Over, Part, Range};
use crate::value::{Value, instant_to_text, scaled_to_text};

pub(super) fn to_source(expr: &Expr) -> String {
    let mut text = String::new();
    Printer { text: &mut text, depth: 0 }.print(expr);
    text
}

struct Printer<'t> {
    text: &'t mut String,
    depth: usize,
}

impl Printer<'_> {
    fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// In brackets unless it is a single word or call.
    fn operand(&mut self, expr: &Expr) {
        let simple = match expr {
            Expr::Literal(value) => !matches!(value, Value::Int(..=-1) | Value::Dec(..=-1)),
            Expr::Number(value) => *value >= 0.0,
            Expr::Const(_) | Expr::Now | Expr::Today | Expr::Me | Expr::Field(_) | Expr::Size(_) => true,
            Expr::Cased(..) | Expr::DatePart(..) | Expr::Count { .. } | Expr::Exists { .. } => true,
            Expr::StartOfDay(of) => return self.operand(of),
            _ => false,
        };
        if simple {
            self.print(expr);
        } else {
            self.push("(");
            self.print(expr);
            self.push(")");
        }
    }

    /// A text that folding found to be missing is written as the empty text, which is the same and of the right type.
    fn text_operand(&mut self, expr: &Expr) {
        match expr {
            Expr::Literal(Value::Missing) => self.push("''"),
            other => self.operand(other),
        }
    }

    fn joined_texts(&mut self, parts: &[Expr]) {
        for (at, part) in parts.iter().enumerate() {
            self.push(if at > 0 { " + " } else { "" });
            self.text_operand(part);
        }
    }

    fn joined(&mut self, parts: &[Expr], operator: &str) {
        for (at, part) in parts.iter().enumerate() {
            if at > 0 {
                self.push(operator);
            }
            self.operand(part);
        }
    }

    fn print(&mut self, expr: &Expr) {
        match expr {
            Expr::Const(value) => self.push(if *value { "true" } else { "false" }),
            Expr::And(parts) => self.joined(parts, " && "),
            Expr::Or(parts) => self.joined(parts, " || "),
            Expr::Join(parts) => self.joined_texts(parts),
            Expr::Not(inner) => self.not(inner),
            Expr::Present(of) => {
                self.operand(of);
                self.push(" != null");
            }
            Expr::Compare { op, left, right, .. } => self.binary(left, op.symbol(), right),
            Expr::Arithmetic { op, left, right, .. } => self.binary(left, &op.symbol().to_string(), right),
            Expr::Remainder(left, right) => self.binary(left, "%", right),
            Expr::In { item, list, .. } => self.in_list(item, list),
            Expr::InMine(mine, item) => {
                self.operand(item);
                self.push(" in ");
                self.push(mine.word());
            }
            Expr::Match { op, text, pattern, .. } => {
                self.operand(text);
                self.push(&format!(".{}(", op.name()));
                self.print(pattern);
                self.push(")");
            }
            Expr::Member { list, item } => {
                self.operand(item);
                self.push(" in ");
                self.field(list);
            }
            Expr::Exists { range, condition } => self.quantified(range, "exists", condition),
            Expr::Count { range, condition } if **condition == Expr::Const(true) => {
                self.range(range);
                self.push(".size()");
            }
            Expr::Count { range, condition } => self.quantified(range, "count", condition),
            Expr::Literal(value) => self.value(value),
            Expr::Number(value) => self.push(&format!("{value:?}")),
            Expr::Now | Expr::Today | Expr::Me => self.push(word(expr)),
            Expr::StartOfDay(of) | Expr::Result(_, of) => self.print(of),
            Expr::Shift { of, count, unit } => {
                self.operand(of);
                self.push(&format!(".{}({count})", unit.name()));
            }
            Expr::Field(field) => self.field(field),
            Expr::Negate(of) => {
                self.push("-");
                self.operand(of);
            }
            Expr::If { condition, then, otherwise } => {
                self.binary(condition, "?", then);
                self.push(" : ");
                self.operand(otherwise);
            }
            Expr::Cased(case, of) => {
                self.text_operand(of);
                self.push(&format!(".{}()", case.name()));
            }
            Expr::Size(of) => {
                self.operand(of);
                self.push(".size()");
            }
            Expr::DatePart(part, of) => {
                self.operand(of);
                self.push(&format!(".{}()", part.name()));
            }
        }
    }

    fn in_list(&mut self, item: &Expr, list: &[Value]) {
        self.operand(item);
        self.push(" in [");
        for (at, value) in list.iter().enumerate() {
            self.push(if at > 0 { ", " } else { "" });
            self.value(value);
        }
        self.push("]");
    }

    fn not(&mut self, inner: &Expr) {
        match inner {
            Expr::Compare { op: CompareOp::Equal, left, right, .. } => self.binary(left, "!=", right),
            Expr::Present(of) => {
                self.operand(of);
                self.push(" == null");
            }
            other => {
                self.push("!");
                self.operand(other);
            }
        }
    }

    fn binary(&mut self, left: &Expr, operator: &str, right: &Expr) {
        self.operand(left);
        self.push(&format!(" {operator} "));
        self.operand(right);
    }

    fn quantified(&mut self, range: &Range, function: &str, condition: &Expr) {
        self.range(range);
        self.depth += 1;
        self.push(&format!(".{function}({}, ", variable(self.depth)));
        self.print(condition);
        self.push(")");
        self.depth -= 1;
    }

    fn path(&mut self, scope: usize, hops: &[Hop], name: &str) {
        let mut words: Vec<&str> = Vec::new();
        let variable = variable(scope);
        if scope > 0 {
            words.push(&variable);
        }
        words.extend(hops.iter().map(|hop| hop.field.as_str()));
        words.push(name);
        let text = words.join(".");
        self.push(&text);
    }

    fn range(&mut self, range: &Range) {
        match &range.over {
            Over::Children { relation: name, .. }
            | Over::Targets { field: name, .. }
            | Over::Entries { field: name, .. } => {
                self.path(range.scope, &range.hops, name);
            }
        }
    }

    fn field(&mut self, field: &FieldRef) {
        let part = match &field.part {
            Part::EntryText(part) | Part::EntryFlag(part) | Part::EntryNumber(part) | Part::EntryId(part) => {
                let dot = if part.is_empty() { "" } else { "." };
                return self.push(&format!("{}{dot}{part}", variable(field.scope)));
            }
            Part::Whole => "",
            Part::Primary => "primary",
            Part::Amount => "amount",
            Part::Currency => "currency",
            Part::Address(part) | Part::Coordinate(part) | Part::Member(part) => part,
        };
        self.path(field.scope, &field.hops, &field.field);
        if !part.is_empty() {
            self.push(".");
            self.push(part);
        }
    }

    fn value(&mut self, value: &Value) {
        let text = match value {
            Value::Missing | Value::Json(_) => "null".to_owned(),
            Value::Bool(value) => value.to_string(),
            Value::Int(value) => value.to_string(),
            Value::Dec(value) | Value::Money { amount: value, .. } => decimal(*value),
            Value::Duration(micros) => format!("duration('{micros}us')"),
            Value::Text(text) => quoted(text),
            Value::Date(date) => format!("date('{date}')"),
            Value::Instant(micros) => format!("timestamp('{}')", instant_to_text(*micros)),
            Value::Id(id) => format!("'{id}'"),
        };
        self.push(&text);
    }
}

/// With a point, so that it stays a decimal.
fn decimal(scaled: i64) -> String {
    let text = scaled_to_text(scaled);
    if text.contains('.') { text } else { format!("{text}.0") }
}

fn word(expr: &Expr) -> &'static str {
    match expr {
        Expr::Now => "now",
        Expr::Today => "today",
        _ => "me",
    }
}

/// `v1` for the outermost variable. No field has such a name by accident: it would only be shadowed.
fn variable(depth: usize) -> String {
    format!("v{depth}")
}

fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('\'');
    for c in text.chars() {
        match c {
            '\'' => quoted.push_str("\\'"),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            c if c.is_control() => quoted.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted.push('\'');
    quoted
}
