//! Lists of references: over the link tables that lie beside them, from whichever side is known.

use model::expr::{By, Expr, FieldRef, Over, Part, Range};
use model::{Kind, Value};
use uuid::Uuid;

use super::{Compiler, From, Join, Table};
use crate::sql::Val;

impl Compiler<'_> {
    /// The record's `about` names one of these records: over the link table, from the targets.
    pub(super) fn linked_to(&mut self, range: &Range, field: &str, targets: Vec<Uuid>) {
        let Some(table) = self.link_of(&range.object, field) else { return self.push("FALSE") };
        let (owner, link) = (self.alias(range.scope), self.sql.new_alias());
        self.sql.column(&owner, "id").push(" IN (SELECT ").column(&link, "record").push(" FROM ");
        self.sql.table(&table).push(&format!(" {link} WHERE ")).column(&link, "target");
        self.sql.in_list(Val::Ids(targets)).push(")");
    }

    /// Over the link table: from the target when it is known, so that the records need not all be looked at.
    pub(super) fn linked_member(&mut self, list: &FieldRef, item: &Expr) {
        let Some(table) = self.link_of(&list.object, &list.field) else { return self.push("FALSE") };
        let link = self.sql.new_alias();
        let owner = self.alias(list.scope);
        let is_constant = matches!(item, Expr::Literal(_));
        if is_constant {
            self.sql.column(&owner, "id").push(" IN (SELECT ").column(&link, "record").push(" FROM ");
        } else {
            self.push("EXISTS (SELECT 1 FROM ");
        }
        self.sql.table(&table).push(&format!(" {link} WHERE "));
        if !is_constant {
            self.sql.column(&link, "record").push(" = ").column(&owner, "id").push(" AND ");
        }
        self.sql.column(&link, "target").push(" = ");
        self.id(item);
        self.push(")");
    }

    /// Over a link table from the record in one of its columns to the records in the other.
    pub(super) fn linked(
        &mut self,
        from: &mut From,
        (object, field): (&str, &str),
        (own_column, owner): (&str, &str),
        (other_column, other_object, variable): (&str, &str, &str),
    ) -> bool {
        let (Some(link_table), Some(table)) = (self.link_of(object, field), self.table_of(other_object)) else {
            return false;
        };
        let link = self.sql.new_alias();
        let at = |alias: &str, column: &str| (alias.to_owned(), column.to_owned());
        from.tables.push(Table::Named { table: link_table, alias: link.clone() });
        from.tables.push(Table::Named { table, alias: variable.to_owned() });
        from.joins.push(Join::Equal(at(&link, own_column), at(owner, "id")));
        from.joins.push(Join::Equal(at(variable, "id"), at(&link, other_column)));
        from.joins.push(Join::Alive(variable.to_owned()));
        true
    }
}

/// The field and the ids of `about.exists(x, x.id in […])`; the variable's scope is given.
pub(super) fn linked_targets<'a>(range: &'a Range, condition: &Expr, scope: usize) -> Option<(&'a str, Vec<Uuid>)> {
    let Over::Entries { field, kind: Kind::About } = &range.over else { return None };
    let Expr::In { item, list, by: By::Id } = condition else { return None };
    let Expr::Field(entry) = &**item else { return None };
    let is_entry = matches!(entry.part, Part::EntryId(_)) && entry.scope == scope && entry.hops.is_empty();
    (is_entry && range.hops.is_empty()).then(|| (field.as_str(), list.iter().filter_map(Value::as_id).collect()))
}
