//! Comparisons: what each side must be, and as what they compare.

use cel::common::ast::{Expr as Node, IdedExpr, LiteralValue};

use super::check::{Checker, name_of};
use super::fault::Fault;
use super::names::Place;
use super::suggest::nearest;
use super::{By, Casing, CompareOp, Expr, FieldRef, INSTANTS, Part, Type, Unit, any_of, not};
use crate::field::{Field, Kind};
use crate::limits::EXPRESSION_LIST_MAX;
use crate::object::Object;
use crate::value::{SCALE, Value, instant_from_text};

/// A comparable pair.
pub(super) struct Pair {
    pub left: Expr,
    pub right: Expr,
    pub by: By,
}

impl Checker<'_> {
    /// `a == b`, `a < b` …
    pub fn compare(&mut self, node: &IdedExpr, op: CompareOp, a: &IdedExpr, b: &IdedExpr) -> Result<Expr, Fault> {
        for (one, other) in [(a, b), (b, a)] {
            if is_nothing(other) {
                if op != CompareOp::Equal {
                    return Err(self
                        .fault(node, format!("Nothing is smaller or larger than {}.", self.text(other)))
                        .hint("Only `==` and `!=` fit."));
                }
                return Ok(not(self.presence(one)?));
            }
        }
        let left = self.value(a)?;
        let right = self.value(b)?;
        let pair = self.pair(a, left, b, right)?;
        if op != CompareOp::Equal {
            self.check_ordered(a, &pair)?;
        }
        Ok(Expr::Compare { op, left: Box::new(pair.left), right: Box::new(pair.right), by: pair.by })
    }

    /// `has(x)` and `x != null`.
    pub fn presence(&mut self, node: &IdedExpr) -> Result<Expr, Fault> {
        if let Node::Ident(_) | Node::Select(_) = &node.expr {
            match self.place(node)? {
                Place::Field(field) => return Ok(Expr::Present(Box::new(Expr::Field(field)))),
                Place::Relation(_) => {
                    let text = self.text(node);
                    let hint = format!("Write `{text}.size() > 0`.");
                    return Err(self.fault(node, format!("`{text}` is many records.")).hint(hint));
                }
                _ => {}
            }
        }
        let expr = self.value(node)?;
        if expr.is_condition() {
            return Err(self.fault(node, "A condition always has a value.").hint("Leave out the comparison."));
        }
        Ok(Expr::Present(Box::new(expr)))
    }

    fn check_ordered(&self, node: &IdedExpr, pair: &Pair) -> Result<(), Fault> {
        let is_choice = |expr: &Expr| {
            matches!(expr, Expr::Field(FieldRef { part: Part::Whole, kind: Kind::Select | Kind::Actor, .. }))
        };
        if matches!(pair.by, By::Bool | By::Id) || is_choice(&pair.left) || is_choice(&pair.right) {
            let detail = format!("`{}` has no order, so it is neither smaller nor larger.", self.text(node));
            return Err(self.fault(node, detail).hint("Use `==`, `!=` or `in`."));
        }
        Ok(())
    }

    /// Brings both sides to something that compares.
    pub fn pair(&self, a: &IdedExpr, left: Expr, b: &IdedExpr, right: Expr) -> Result<Pair, Fault> {
        let right = self.fit(b, right, a, &left)?;
        let left = self.fit(a, left, b, &right)?;
        let (l, r) = (left.result_type(), right.result_type());
        let by = match (l, r) {
            (Type::Number, Type::Number) => return Ok(number_pair(left, right)),
            (Type::Bool, Type::Bool) => By::Bool,
            (Type::Duration, Type::Duration) | (Type::Instant, Type::Instant) => {
                if left.unit().is_some() && right.unit().is_some() { By::Whole } else { By::Float }
            }
            (Type::Date, Type::Date) if plain_date(&left) && plain_date(&right) => By::Date,
            (Type::Date, Type::Date) => By::Float,
            (Type::Id, Type::Id) => By::Id,
            (Type::Text, Type::Text) => text_by(&left, &right),
            (Type::Text, Type::Id) if is_actor(&left) && matches!(right, Expr::Me) => By::Text,
            (Type::Id, Type::Text) if is_actor(&right) && matches!(left, Expr::Me) => By::Text,
            _ => return Err(self.mismatch(a, l, b, r)),
        };
        if by == By::Text {
            self.check_uncased(a, &left)?;
            self.check_uncased(b, &right)?;
        }
        Ok(Pair { left, right, by })
    }

    /// Text in another case has no exact counterpart in every database.
    fn check_uncased(&self, node: &IdedExpr, expr: &Expr) -> Result<(), Fault> {
        if has_case(expr) {
            return Err(self
                .fault(node, "`lower()`, `upper()` and `trim()` cannot stand in an exact comparison.")
                .hint("Leave them out and write the value as it is stored."));
        }
        Ok(())
    }

    fn mismatch(&self, a: &IdedExpr, left: Type, b: &IdedExpr, right: Type) -> Fault {
        let fault = self.fault(
            b,
            format!("`{}` is {}, but `{}` is {}.", self.text(a), name_of(left), self.text(b), name_of(right)),
        );
        let example = match left {
            Type::Bool => "true",
            Type::Number => "100",
            Type::Duration => "duration('24h')",
            Type::Instant => "timestamp('2026-01-31T12:00:00Z')",
            Type::Date => "date('2026-01-31')",
            Type::Text => "'text'",
            Type::Id => "'0190…' (the id of a record)",
            Type::Null | Type::Composite => return fault,
        };
        fault.hint(format!("Compare it with {}, such as {example}.", name_of(left)))
    }

    /// A literal that stands beside a field takes the field's form.
    fn fit(&self, node: &IdedExpr, literal: Expr, other_node: &IdedExpr, other: &Expr) -> Result<Expr, Fault> {
        if other.result_type() == Type::Instant && literal.result_type() == Type::Date && literal.is_constant() {
            self.check_not_stored(node, "the days of somebody's calendar", "Write `timestamp('…')`.")?;
            return Ok(Expr::StartOfDay(Box::new(literal)));
        }
        let Expr::Literal(Value::Text(text)) = &literal else { return Ok(literal) };
        let wrong = |example: &str| {
            if matches!(text.as_str(), "me" | "now" | "today") {
                let detail = format!("{} is a text here.", self.text(node));
                return Err(self.fault(node, detail).hint(format!("Write {text} without quotes.")));
            }
            Err(self
                .fault(
                    node,
                    format!(
                        "`{}` is {}, but {} is not.",
                        self.text(other_node),
                        name_of(other.result_type()),
                        self.text(node)
                    ),
                )
                .hint(format!("Write it as {example}.")))
        };
        match other.result_type() {
            Type::Date => match parse_date(text) {
                Some(date) => Ok(Expr::Literal(Value::Date(date))),
                None => wrong("'2026-01-31'"),
            },
            Type::Instant => match (parse_instant(text), parse_date(text)) {
                (Some(instant), _) => Ok(Expr::Literal(Value::Instant(instant))),
                (None, Some(date)) => {
                    self.check_not_stored(node, "the days of somebody's calendar", "Write the time and zone too.")?;
                    Ok(Expr::StartOfDay(Box::new(Expr::Literal(Value::Date(date)))))
                }
                _ => wrong("'2026-01-31T12:00:00Z'"),
            },
            Type::Id => match text.parse() {
                Ok(id) => Ok(Expr::Literal(Value::Id(id))),
                Err(_) => wrong("the id of a record: '01900000-0000-7000-8000-000000000000'"),
            },
            Type::Text => match other {
                Expr::Field(field) => self.fit_text(node, text, field),
                _ => Ok(literal),
            },
            _ => Ok(literal),
        }
    }

    /// A text literal that stands beside a text field: a choice must be one of the options.
    fn fit_text(&self, node: &IdedExpr, text: &str, field: &FieldRef) -> Result<Expr, Fault> {
        let text = match field.casing() {
            Casing::Upper => text.to_uppercase(),
            Casing::Lower => text.to_lowercase(),
            Casing::Folded | Casing::Exact => text.to_owned(),
        };
        self.check_option(node, &text, field)?;
        Ok(Expr::Literal(Value::text(text)))
    }

    /// That the text is one of the field's options, where it has such.
    pub fn check_option(&self, node: &IdedExpr, text: &str, field: &FieldRef) -> Result<(), Fault> {
        let is_choice = matches!(
            (&field.part, field.kind),
            (Part::Whole, Kind::Select | Kind::MultiSelect) | (Part::EntryText(_), Kind::MultiSelect)
        );
        let Some(definition) = self.find_definition(field).filter(|_| is_choice) else { return Ok(()) };
        if definition.open
            || definition.options.is_empty()
            || definition.options.iter().any(|option| option.value == text)
        {
            return Ok(());
        }
        let values: Vec<&str> = definition.options.iter().map(|option| option.value.as_str()).collect();
        let near: Vec<&str> = definition
            .options
            .iter()
            .filter(|option| option.label.eq_ignore_ascii_case(text) || option.value.eq_ignore_ascii_case(text))
            .map(|option| option.value.as_str())
            .chain(nearest(text, values.iter().copied()))
            .take(1)
            .collect();
        let fault = self.fault(node, format!("`{}` has no option '{text}'.", field.field));
        let shown: Vec<String> = values.iter().take(12).map(|value| format!("'{value}'")).collect();
        let more = if values.len() > 12 { " …" } else { "" };
        let list = format!("The options are {}{more}.", shown.join(", "));
        Err(fault.hint(match near.first() {
            Some(near) => format!("Did you mean '{near}'? {list}"),
            None => list,
        }))
    }

    /// `x in [..]`, `x in list_field`, `x in my_teams`, `x in my_territories`
    pub fn contains(&mut self, node: &IdedExpr, item: &IdedExpr, list: &IdedExpr) -> Result<Expr, Fault> {
        if let Node::List(literal) = &list.expr {
            if literal.elements.len() > EXPRESSION_LIST_MAX {
                return Err(self.fault(list, format!("The list has more than {EXPRESSION_LIST_MAX} entries.")));
            }
            return self.in_list(item, &literal.elements);
        }
        match self.place(list)? {
            Place::Mine(mine) => {
                let expr = self.value(item)?;
                match expr.result_type() {
                    Type::Id => Ok(Expr::InMine(mine, Box::new(expr))),
                    found => {
                        let (text, word, whole) = (self.text(item), mine.word(), mine.plural());
                        let detail = format!("`{text}` is {}, but `{word}` are {whole}.", name_of(found));
                        Err(self.fault(item, detail).hint(mine.example()))
                    }
                }
            }
            Place::Field(field) => self.member_of(item, list, field),
            Place::Relation(range) => Err(self.relation_fault(list, &range)),
            _ => Err(self.fault(node, format!("`{}` is no list.", self.text(list)))),
        }
    }

    fn in_list(&mut self, item: &IdedExpr, elements: &[IdedExpr]) -> Result<Expr, Fault> {
        let mut alternatives = Vec::new();
        let mut literals: Vec<(By, Expr, Vec<Value>)> = Vec::new();
        for element in elements {
            if is_nothing(element) {
                alternatives.push(not(self.presence(item)?));
                continue;
            }
            let left = self.value(item)?;
            let right = self.value(element)?;
            let pair = self.pair(item, left, element, right)?;
            match (pair.right, pair.by) {
                (Expr::Literal(value), by) if !matches!(by, By::Float | By::Bool) => {
                    match literals.iter_mut().find(|(known, left, _)| *known == by && *left == pair.left) {
                        Some((_, _, values)) => values.push(value),
                        None => literals.push((by, pair.left, vec![value])),
                    }
                }
                (right, by) => alternatives.push(Expr::Compare {
                    op: CompareOp::Equal,
                    left: Box::new(pair.left),
                    right: Box::new(right),
                    by,
                }),
            }
        }
        alternatives.extend(literals.into_iter().map(|(by, left, list)| equals_one(left, list, by)));
        Ok(any_of(alternatives))
    }

    /// `'vip' in tags`, `me in attendees`
    fn member_of(&mut self, item: &IdedExpr, list: &IdedExpr, field: FieldRef) -> Result<Expr, Fault> {
        let wanted = match (&field.part, field.kind) {
            (Part::Whole, Kind::MultiSelect | Kind::Emails | Kind::Phones | Kind::Links) => Type::Text,
            (Part::Whole, Kind::References | Kind::About) => Type::Id,
            _ => return Err(self.fault(list, format!("`{}` is no list.", self.text(list)))),
        };
        let mut expr = self.value(item)?;
        if let Expr::Literal(Value::Text(text)) = &expr {
            if wanted == Type::Id {
                match text.parse() {
                    Ok(id) => expr = Expr::Literal(Value::Id(id)),
                    Err(_) => {
                        let detail = format!("`{}` holds records, but {} is no id.", self.text(list), self.text(item));
                        return Err(self.fault(item, detail));
                    }
                }
            } else if field.kind == Kind::Emails {
                expr = Expr::Literal(Value::text(text.to_lowercase()));
            } else {
                self.check_option(item, text, &field)?;
            }
        }
        if expr.result_type() != wanted || !matches!(expr, Expr::Literal(_) | Expr::Field(_) | Expr::Me) {
            let detail = format!(
                "`{}` is {}, but `{}` holds other things.",
                self.text(item),
                name_of(expr.result_type()),
                self.text(list)
            );
            return Err(self.fault(item, detail).hint(format!("Look for {} in it.", name_of(wanted))));
        }
        Ok(Expr::Member { list: field, item: Box::new(expr) })
    }
}

/// `null` or `''`: both mean "no value".
fn is_nothing(node: &IdedExpr) -> bool {
    match &node.expr {
        Node::Literal(LiteralValue::Null) => true,
        Node::Literal(LiteralValue::String(text)) => crate::fold::fold(text.inner()).is_empty(),
        _ => false,
    }
}

fn is_actor(expr: &Expr) -> bool {
    matches!(expr, Expr::Field(FieldRef { part: Part::Whole, kind: Kind::Actor, .. }))
}

/// Whether `lower()` and its like stand in it.
pub(super) fn has_case(expr: &Expr) -> bool {
    match expr {
        Expr::Cased(..) => true,
        Expr::Join(parts) => parts.iter().any(has_case),
        Expr::If { then, otherwise, .. } => has_case(then) || has_case(otherwise),
        _ => false,
    }
}

/// Two texts compare by key unless one of them is of a kind that compares exactly.
pub(super) fn text_by(left: &Expr, right: &Expr) -> By {
    if is_exact(left) || is_exact(right) { By::Text } else { By::Key }
}

/// Whether any part of a text compares exactly.
pub(super) fn is_exact(expr: &Expr) -> bool {
    match expr {
        Expr::Field(field) => field.casing() != Casing::Folded,
        Expr::Join(parts) => parts.iter().any(is_exact),
        Expr::Cased(_, inner) => is_exact(inner),
        Expr::If { then, otherwise, .. } => is_exact(then) || is_exact(otherwise),
        _ => false,
    }
}

/// Whether the value is a day as the database keeps it, rather than a computed number of days.
pub(super) fn plain_date(expr: &Expr) -> bool {
    match expr {
        Expr::Field(_) | Expr::Literal(_) | Expr::Today => true,
        Expr::If { then, otherwise, .. } => plain_date(then) && plain_date(otherwise),
        other => other.is_constant(),
    }
}

/// Exact when both are of one unit; a literal takes the unit of the other side.
fn number_pair(left: Expr, right: Expr) -> Pair {
    let right = match left.unit() {
        Some(unit) => in_unit(right, unit),
        None => right,
    };
    let left = match right.unit() {
        Some(unit) => in_unit(left, unit),
        None => left,
    };
    let by = match (left.unit(), right.unit()) {
        (Some(a), Some(b)) if a == b => By::Whole,
        _ => By::Float,
    };
    Pair { left, right, by }
}

fn in_unit(expr: Expr, unit: Unit) -> Expr {
    let scaled = match (&expr, unit) {
        (Expr::Literal(Value::Int(value)), Unit::Scaled) => value.checked_mul(SCALE).map(Value::Dec),
        (Expr::Literal(Value::Dec(value)), Unit::One) if value % SCALE == 0 => Some(Value::Int(value / SCALE)),
        _ => None,
    };
    scaled.map_or(expr, Expr::Literal)
}

/// Years that every database knows.
pub(super) fn is_usual(date: jiff::civil::Date) -> bool {
    (1..=9999).contains(&date.year())
}

/// `2026-01-31`
pub(super) fn parse_date(text: &str) -> Option<jiff::civil::Date> {
    let text = text.trim();
    let plain = text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    text.parse().ok().filter(|date| plain && is_usual(*date))
}

/// `2026-01-31T12:00:00Z`, in the years that every database knows.
pub(super) fn parse_instant(text: &str) -> Option<i64> {
    instant_from_text(text).filter(|micros| INSTANTS.contains(micros))
}

fn equals_one(left: Expr, mut list: Vec<Value>, by: By) -> Expr {
    if list.len() > 1 {
        return Expr::In { item: Box::new(left), list, by };
    }
    match list.pop() {
        Some(value) => {
            Expr::Compare { op: CompareOp::Equal, left: Box::new(left), right: Box::new(Expr::Literal(value)), by }
        }
        None => Expr::never(),
    }
}

/// See [`super::field_in`].
pub(super) fn field_in(object: &Object, field: &Field, values: Vec<Value>) -> Expr {
    let reference = FieldRef::plain(object, field);
    let mut alternatives = Vec::new();
    if values.iter().any(Value::is_missing) {
        alternatives.push(not(Expr::Present(Box::new(Expr::Field(reference.clone())))));
    }
    let values: Vec<Value> = values.into_iter().filter(|value| !value.is_missing()).collect();
    let by = match reference.result_type() {
        Type::Bool => By::Bool,
        Type::Number | Type::Duration | Type::Instant => By::Whole,
        Type::Date => By::Date,
        Type::Id => By::Id,
        Type::Text | Type::Null if reference.casing() == Casing::Folded => By::Key,
        Type::Text | Type::Null => By::Text,
        Type::Composite => {
            let member = |value| Expr::Member { list: reference.clone(), item: Box::new(Expr::Literal(value)) };
            alternatives.extend(values.into_iter().map(member));
            return any_of(alternatives);
        }
    };
    if by == By::Bool {
        alternatives
            .extend(values.into_iter().map(|value| equals_one(Expr::Field(reference.clone()), vec![value], by)));
    } else {
        alternatives.push(equals_one(Expr::Field(reference), values, by));
    }
    any_of(alternatives)
}
