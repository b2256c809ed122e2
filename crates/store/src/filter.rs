//! Conditions as SQL, for both databases, with the same answer as evaluation in memory.
//!
//! A condition is brought to negation normal form first. A positive leaf stays bare, so that an index serves it;
//! a negative leaf is `(leaf) IS NOT TRUE`, so that a missing value makes it true.

mod columns;
mod links;
#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
mod values;

use model::expr::{By, CompareOp, Expr, FieldRef, Hop, MatchOp, Over, Part, Range, Type, fold_pattern, normalize};
use model::{Field, Kind, Object, Schema, Value};

use self::links::linked_targets;
use crate::sql::{SqlWriter, Val, link_table};

/// Appends a bound condition over the records of `object`, whose row is called `alias`.
///
/// What is not bound (`now`, `me` …) counts as missing.
pub fn compile(sql: &mut SqlWriter, schema: &Schema, object: &Object, alias: &str, expr: &Expr) {
    let mut compiler = Compiler { sql, schema, root: object, frames: vec![alias.to_owned()] };
    compiler.condition(&normalize(expr));
}

/// The object whose records are few beside those that they point to: shares.
const FEW: &str = "share";

/// Writes one condition.
struct Compiler<'a> {
    sql: &'a mut SqlWriter,
    schema: &'a Schema,
    root: &'a Object,
    /// The alias of the row, or of the list's entry, that each scope stands for.
    frames: Vec<String>,
}

impl<'a> Compiler<'a> {
    fn condition(&mut self, expr: &Expr) {
        match expr {
            Expr::Const(value) => self.push(if *value { "TRUE" } else { "FALSE" }),
            Expr::And(parts) => self.balanced(parts, " AND "),
            Expr::Or(parts) => self.balanced(parts, " OR "),
            Expr::Not(inner) => self.negative(inner),
            leaf => self.leaf(leaf),
        }
    }

    /// In brackets and halves: databases limit how deep a chain may be.
    fn balanced(&mut self, parts: &[Expr], operator: &str) {
        match parts {
            [] => self.push("TRUE"),
            [one] => self.condition(one),
            many => {
                let (left, right) = many.split_at(many.len() / 2);
                self.push("(");
                self.balanced(left, operator);
                self.push(operator);
                self.balanced(right, operator);
                self.push(")");
            }
        }
    }

    fn negative(&mut self, leaf: &Expr) {
        let is_two_valued = matches!(leaf, Expr::Exists { .. }) || outer_hops(leaf).is_some();
        match leaf {
            Expr::Present(of) if !is_two_valued => {
                self.presence_operand(of);
                self.push(" IS NULL");
            }
            _ if is_two_valued => {
                self.push("NOT ");
                self.leaf(leaf);
            }
            _ => {
                self.push("(");
                self.leaf(leaf);
                self.push(") IS NOT TRUE");
            }
        }
    }

    fn leaf(&mut self, leaf: &Expr) {
        if let Some(field) = outer_hops(leaf) {
            let (scope, hops) = (field.scope, field.hops.clone());
            let moved = without_hops(leaf, self.frames.len());
            return self.through(scope, &hops, &mut |inner| inner.leaf(&moved));
        }
        match leaf {
            Expr::Present(of) => self.present(of),
            Expr::Compare { op, left, right, by } => self.compare(*op, left, right, *by),
            Expr::In { item, list, by } => self.in_list(item, list, *by),
            Expr::Match { op, text, pattern, by } => self.matching(*op, text, pattern, *by),
            Expr::Member { list, item } => self.member(list, item),
            Expr::Exists { range, condition } => self.exists(range, condition),
            other => self.flag(other),
        }
    }

    fn exists(&mut self, range: &Range, condition: &Expr) {
        if let Over::Children { object, field, .. } = &range.over
            && object == FEW
            && range.hops.is_empty()
        {
            return self.among_few(range.scope, (object, field), condition);
        }
        if let Some((field, targets)) = linked_targets(range, condition, self.frames.len()) {
            return self.linked_to(range, field, targets);
        }
        let list = match &range.over {
            Over::Entries { field, kind } if range.hops.is_empty() && !self.sql.is_postgres() => {
                Some((field.clone(), *kind))
            }
            _ => None,
        };
        let mention = list.zip(entry_mention(condition, self.frames.len()));
        if let Some(((field, kind), text)) = &mention {
            let object = range.object.clone();
            let list = FieldRef {
                scope: range.scope,
                hops: Vec::new(),
                object,
                field: field.clone(),
                part: Part::Whole,
                kind: *kind,
            };
            self.push("(");
            self.mention(&list, text);
        }
        self.push("EXISTS (SELECT 1");
        self.over(range, condition);
        self.push(if mention.is_some() { "))" } else { ")" });
    }

    /// The record is one of those that some few others point to over their link table: these are found once and by
    /// their own index, not looked for at every row.
    fn among_few(&mut self, scope: usize, (object, field): (&str, &str), condition: &Expr) {
        let mut from = From { tables: Vec::new(), joins: Vec::new() };
        let (Some(link_table), Some(table)) = (self.link_of(object, field), self.table_of(object)) else {
            return self.push("FALSE");
        };
        let (owner, link, few) = (self.alias(scope), self.sql.new_alias(), self.sql.new_alias());
        from.tables.push(Table::Named { table: link_table, alias: link.clone() });
        from.tables.push(Table::Named { table, alias: few.clone() });
        from.joins.push(Join::Equal((few.clone(), "id".to_owned()), (link.clone(), "record".to_owned())));
        from.joins.push(Join::Alive(few.clone()));
        // PostgreSQL uses an index for an array, not for a sub-select within an alternative.
        let (open, close) = if self.sql.is_postgres() { (" = ANY(ARRAY(SELECT ", "))") } else { (" IN (SELECT ", ")") };
        self.sql.column(&owner, "id").push(open).column(&link, "target");
        self.from(&from);
        self.frames.push(few);
        self.push(" AND ");
        self.condition(condition);
        self.frames.pop();
        self.push(close);
    }

    fn present(&mut self, of: &Expr) {
        self.presence_operand(of);
        self.push(" IS NOT NULL");
    }

    /// What is NULL exactly when there is no value.
    fn presence_operand(&mut self, of: &Expr) {
        match of {
            Expr::Field(field) => self.raw(field),
            Expr::Cased(_, of) => self.presence_operand(of),
            other => match other.result_type() {
                Type::Bool => self.flag(other),
                Type::Text => self.text(other),
                Type::Id => self.id(other),
                _ => self.float(other),
            },
        }
    }

    fn compare(&mut self, op: CompareOp, left: &Expr, right: &Expr, by: By) {
        self.operand(left, by);
        self.push(match op {
            CompareOp::Equal => " = ",
            CompareOp::Less => " < ",
            CompareOp::LessOrEqual => " <= ",
            CompareOp::Greater => " > ",
            CompareOp::GreaterOrEqual => " >= ",
        });
        self.operand(right, by);
    }

    fn operand(&mut self, expr: &Expr, by: By) {
        match by {
            By::Bool => self.flag(expr),
            By::Whole => self.whole(expr),
            By::Float => self.float(expr),
            By::Date => self.day(expr),
            By::Id => self.id(expr),
            By::Key => self.key(expr),
            By::Text => self.text(expr),
        }
    }

    /// One parameter for the whole list, so that the statement's text does not depend on its length.
    fn in_list(&mut self, item: &Expr, list: &[Value], by: By) {
        self.operand(item, by);
        let texts = |f: &dyn Fn(&Value) -> Option<String>| Val::Texts(list.iter().filter_map(f).collect());
        let list = match by {
            By::Id => Val::Ids(list.iter().filter_map(Value::as_id).collect()),
            By::Whole => Val::Ints(list.iter().filter_map(values::whole_of).collect()),
            By::Float => Val::Reals(list.iter().filter_map(values::float_of).collect()),
            By::Key => texts(&|value| value.as_text().map(model::fold::fold)),
            By::Text => texts(&|value| value.as_text().map(str::to_owned)),
            By::Bool => Val::Ints(list.iter().filter_map(values::bit_of).collect()),
            By::Date => {
                let dates = texts(&|value| match value {
                    Value::Date(date) => Some(date.to_string()),
                    _ => None,
                });
                if self.sql.is_postgres() {
                    self.sql.push(" = ANY(").param(dates).push("::date[])");
                    return;
                }
                dates
            }
        };
        self.sql.in_list(list);
    }

    fn matching(&mut self, op: MatchOp, text: &Expr, pattern: &Expr, by: By) {
        let literal = match pattern {
            Expr::Literal(Value::Text(literal)) if by == By::Key => Some(fold_pattern(literal)),
            Expr::Literal(Value::Text(literal)) => Some(literal.clone()),
            _ => None,
        };
        match (op, literal) {
            (MatchOp::StartsWith, Some(prefix)) if matches!(text, Expr::Field(field) if field.hops.is_empty()) => {
                self.prefix(text, &prefix, by);
            }
            (MatchOp::EndsWith, Some(suffix)) => {
                let length = suffix.chars().count();
                let (from, to) = self.last_characters();
                self.push(from);
                self.operand(text, by);
                self.push(&format!(", {to}{length}) = "));
                self.sql.param(suffix);
            }
            (MatchOp::EndsWith, None) => {
                let (from, to) = self.last_characters();
                self.push(from);
                self.operand(text, by);
                self.push(&format!(", {to}length("));
                self.operand(pattern, by);
                self.push(")) = ");
                self.operand(pattern, by);
            }
            (_, literal) => {
                self.push(if self.sql.is_postgres() { "strpos(" } else { "instr(" });
                self.operand(text, by);
                self.push(", ");
                match literal {
                    Some(literal) => {
                        self.sql.param(literal);
                    }
                    None => self.operand(pattern, by),
                }
                self.push(if op == MatchOp::Contains { ") > 0" } else { ") = 1" });
            }
        }
    }

    /// The function that takes characters from the end of a text, and the sign of their number.
    fn last_characters(&self) -> (&'static str, &'static str) {
        if self.sql.is_postgres() { ("right(", "") } else { ("substr(", "-") }
    }

    /// As a range, which an index serves.
    fn prefix(&mut self, text: &Expr, prefix: &str, by: By) {
        self.push("(");
        self.operand(text, by);
        self.push(" >= ");
        self.sql.param(prefix);
        if let Some(end) = after_prefix(prefix) {
            self.push(" AND ");
            self.operand(text, by);
            self.push(" < ");
            self.sql.param(end);
        }
        self.push(")");
    }

    fn member(&mut self, list: &FieldRef, item: &Expr) {
        if matches!(list.kind, Kind::References | Kind::About) {
            return self.linked_member(list, item);
        }
        let in_value = matches!(list.kind, Kind::Emails | Kind::Phones | Kind::Links);
        if self.sql.is_postgres() {
            self.raw(list);
            self.push(if in_value { " @> jsonb_build_array(jsonb_build_object('value', " } else { " @> to_jsonb(" });
            self.text(item);
            return self.push(if in_value { "))" } else { ")" });
        }
        let needle = match item {
            Expr::Literal(Value::Text(text)) => plain_in_json(text),
            _ => None,
        };
        self.push(if needle.is_some() { "(" } else { "" });
        if let Some(needle) = needle {
            self.mention(list, needle);
        }
        let entry = self.sql.new_alias();
        self.push("EXISTS (SELECT 1 FROM json_each(");
        self.raw(list);
        self.push(&format!(") {entry} WHERE "));
        self.push(&if in_value { format!("json_extract({entry}.value, '$.value')") } else { format!("{entry}.value") });
        self.push(" = ");
        self.text(item);
        self.push(if needle.is_some() { "))" } else { ")" });
    }

    /// `instr(list, text) > 0 AND `: only rows whose JSON mentions the text are taken apart (SQLite).
    fn mention(&mut self, list: &FieldRef, text: &str) {
        self.push("instr(");
        self.raw(list);
        self.push(", ");
        self.sql.param(text);
        self.push(") > 0 AND ");
    }

    /// ` FROM … WHERE …` of what a quantifier ranges over, with its variable in scope.
    fn over(&mut self, range: &Range, condition: &Expr) {
        let mut from = From { tables: Vec::new(), joins: Vec::new() };
        let owner = self.walk(range.scope, &range.hops, &mut from);
        let variable = self.sql.new_alias();
        let found = match &range.over {
            Over::Entries { field, kind } => {
                from.tables.push(Table::Entries { owner, field: field.clone(), kind: *kind, alias: variable.clone() });
                true
            }
            Over::Children { object, field, kind, .. } => {
                self.children(&mut from, &owner, (object, field, *kind), &variable)
            }
            Over::Targets { field, target } => {
                self.linked(&mut from, (&range.object, field), ("record", &owner), ("target", target, &variable))
            }
        };
        if !found {
            return self.push(" WHERE FALSE");
        }
        self.from(&from);
        self.frames.push(variable);
        if *condition != Expr::Const(true) {
            self.push(if from.joins.is_empty() { " WHERE " } else { " AND " });
            self.condition(condition);
        }
        self.frames.pop();
    }

    fn children(
        &mut self,
        from: &mut From,
        owner: &str,
        (object, field, kind): (&str, &str, Kind),
        variable: &str,
    ) -> bool {
        if matches!(kind, Kind::References | Kind::About) {
            return self.linked(from, (object, field), ("target", owner), ("record", object, variable));
        }
        let Some(table) = self.table_of(object) else { return false };
        from.tables.push(Table::Named { table, alias: variable.to_owned() });
        from.joins.push(Join::Equal((variable.to_owned(), field.to_owned()), (owner.to_owned(), "id".to_owned())));
        from.joins.push(Join::Alive(variable.to_owned()));
        true
    }

    /// `EXISTS (…)` of the record that the references lead to, as a scope of its own.
    fn through(&mut self, scope: usize, hops: &[Hop], inner: &mut dyn FnMut(&mut Self)) {
        self.push("EXISTS (SELECT 1");
        self.target_rows(scope, hops);
        self.push(" AND ");
        inner(self);
        self.frames.pop();
        self.push(")");
    }

    /// ` FROM … WHERE …` of the record that references lead to; its scope is the newest frame then.
    fn target_rows(&mut self, scope: usize, hops: &[Hop]) {
        let mut from = From { tables: Vec::new(), joins: Vec::new() };
        let last = self.walk(scope, hops, &mut from);
        self.from(&from);
        self.frames.push(last);
    }

    /// Adds the tables that the references lead over; gives the alias of the last.
    fn walk(&mut self, scope: usize, hops: &[Hop], from: &mut From) -> String {
        let mut owner = self.alias(scope);
        for hop in hops {
            let alias = self.sql.new_alias();
            let table = self.table_of(&hop.target).unwrap_or_default();
            from.tables.push(Table::Named { table, alias: alias.clone() });
            from.joins.push(Join::Equal((alias.clone(), "id".to_owned()), (owner, hop.field.clone())));
            from.joins.push(Join::Alive(alias.clone()));
            owner = alias;
        }
        owner
    }

    fn from(&mut self, from: &From) {
        for (at, table) in from.tables.iter().enumerate() {
            self.push(if at == 0 { " FROM " } else { ", " });
            match table {
                Table::Named { table, alias } => {
                    self.sql.table(table).push(&format!(" {alias}"));
                }
                Table::Entries { owner, field, kind, alias } => self.entries(owner, field, *kind, alias),
            }
        }
        for (at, join) in from.joins.iter().enumerate() {
            self.push(if at == 0 { " WHERE " } else { " AND " });
            match join {
                Join::Equal(a, b) => {
                    self.sql.column(&a.0, &a.1).push(" = ").column(&b.0, &b.1);
                }
                Join::Alive(alias) => {
                    self.sql.column(alias, "deleted_at").push(" IS NULL");
                }
            }
        }
    }

    // Small parts

    fn push(&mut self, text: &str) {
        self.sql.push(text);
    }

    fn alias(&self, scope: usize) -> String {
        self.frames.get(scope).cloned().unwrap_or_default()
    }

    fn find_object(&self, name: &str) -> Option<&'a Object> {
        let found = if name == self.root.name { Some(self.root) } else { None };
        found.or_else(|| self.schema.find_object(name).map(|object| &**object))
    }

    fn find_field(&self, object: &str, field: &str) -> Option<(&'a Object, &'a Field)> {
        let object = self.find_object(object)?;
        Some((object, object.find_field(field)?))
    }

    fn table_of(&self, object: &str) -> Option<String> {
        self.find_object(object).map(|object| object.table().to_owned())
    }

    fn link_of(&self, object: &str, field: &str) -> Option<String> {
        let (object, field) = self.find_field(object, field)?;
        link_table(object, field)
    }
}

/// Tables and how they hang together.
struct From {
    tables: Vec<Table>,
    joins: Vec<Join>,
}

enum Table {
    Named { table: String, alias: String },
    Entries { owner: String, field: String, kind: Kind, alias: String },
}

enum Join {
    /// Alias and column of both sides.
    Equal((String, String), (String, String)),
    /// The row is not deleted.
    Alive(String),
}

/// The field whose references are walked around the whole leaf: everything else in it is constant.
fn outer_hops(leaf: &Expr) -> Option<&FieldRef> {
    let constant = |expr: &Expr| matches!(expr, Expr::Literal(_) | Expr::Number(_));
    let field = match leaf {
        Expr::Present(of) => of,
        Expr::Compare { left, right, .. } if constant(right) => left,
        Expr::Compare { left, right, .. } if constant(left) => right,
        Expr::In { item, .. } => item,
        Expr::Match { text, pattern, .. } if constant(pattern) => text,
        Expr::Member { list, .. } => return (!list.hops.is_empty()).then_some(list),
        field @ Expr::Field(_) => field,
        _ => return None,
    };
    match field {
        Expr::Field(field) if !field.hops.is_empty() => Some(field),
        _ => None,
    }
}

/// The leaf with the field of [`outer_hops`] read from a scope of its own.
fn without_hops(leaf: &Expr, scope: usize) -> Expr {
    let moved = |field: &FieldRef| FieldRef { scope, hops: Vec::new(), ..field.clone() };
    let operand = |expr: &Expr| match expr {
        Expr::Field(field) => Box::new(Expr::Field(moved(field))),
        other => Box::new(other.clone()),
    };
    match leaf {
        Expr::Present(of) => Expr::Present(operand(of)),
        Expr::Compare { op, left, right, by } => {
            Expr::Compare { op: *op, left: operand(left), right: operand(right), by: *by }
        }
        Expr::In { item, list, by } => Expr::In { item: operand(item), list: list.clone(), by: *by },
        Expr::Match { op, text, pattern, by } => {
            Expr::Match { op: *op, text: operand(text), pattern: pattern.clone(), by: *by }
        }
        Expr::Member { list, item } => Expr::Member { list: moved(list), item: item.clone() },
        other => *operand(other),
    }
}

/// The text, if JSON writes it as it is: without anything that is escaped.
fn plain_in_json(text: &str) -> Option<&str> {
    (!text.contains(|c: char| c.is_control() || matches!(c, '"' | '\\'))).then_some(text)
}

/// The text that an entry must contain for the condition on it to hold, if SQLite can look for it in the JSON first.
fn entry_mention(condition: &Expr, scope: usize) -> Option<&str> {
    let text = match condition {
        Expr::Compare { op: CompareOp::Equal, left, right, by: By::Text } => (left, right),
        Expr::Match { text, pattern, by: By::Text, .. } => (text, pattern),
        _ => return None,
    };
    match (&**text.0, &**text.1) {
        (Expr::Field(FieldRef { scope: at, part: Part::EntryText(_), .. }), Expr::Literal(Value::Text(text)))
            if *at == scope =>
        {
            plain_in_json(text)
        }
        _ => None,
    }
}

/// The smallest text greater than every text with the prefix, in code point order; none when there is no such text.
fn after_prefix(prefix: &str) -> Option<String> {
    let mut characters: Vec<char> = prefix.chars().collect();
    while let Some(last) = characters.pop() {
        let next = if last == '\u{D7FF}' { Some('\u{E000}') } else { char::from_u32(u32::from(last) + 1) };
        if let Some(next) = next {
            characters.push(next);
            return Some(characters.into_iter().collect());
        }
    }
    None
}
