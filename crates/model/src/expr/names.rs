//! What a name, or a chain of names, stands for.

use cel::common::ast::{Expr as Node, IdedExpr};

use super::check::{Checker, Variable};
use super::fault::Fault;
use super::suggest::{nearest, one_of};
use super::{Expr, FieldRef, Hop, Mine, Over, Part, Range};
use crate::column::ADDRESS_PARTS;
use crate::field::{Field, Kind};
use crate::object::Object;

/// See [`Checker::place`].
pub(super) enum Place<'a> {
    /// `now`, `today`, `me`.
    Value(Expr),
    /// A record that a variable stands for.
    Record { scope: usize, hops: Vec<Hop>, object: &'a Object },
    /// A field or a part of one.
    Field(FieldRef),
    /// Many records.
    Relation(Range),
    /// The actor's teams or territories.
    Mine(Mine),
}

const WORDS: [&str; 6] = ["id", "me", "my_teams", "my_territories", "now", "today"];

impl<'a> Checker<'a> {
    /// What an identifier or a selection stands for.
    pub fn place(&mut self, node: &IdedExpr) -> Result<Place<'a>, Fault> {
        match &node.expr {
            Node::Ident(name) => self.word(node, name),
            Node::Select(select) => {
                let place = match &select.operand.expr {
                    Node::Ident(_) | Node::Select(_) => self.place(&select.operand)?,
                    _ => {
                        return Err(self.fault(
                            node,
                            format!("`{}` has no field `{}`.", self.text(&select.operand), select.field),
                        ));
                    }
                };
                self.member(node, &select.operand, place, &select.field)
            }
            _ => Err(self.fault(node, "The name of a field is expected here.")),
        }
    }

    fn word(&mut self, node: &IdedExpr, name: &str) -> Result<Place<'a>, Fault> {
        let found = self.variables.iter().enumerate().rev().find(|(_, (variable, _))| variable == name);
        if let Some((at, (_, variable))) = found {
            let scope = at + 1;
            return Ok(match variable {
                Variable::Record(object) => Place::Record { scope, hops: Vec::new(), object },
                Variable::Entry { object, field, kind } => Place::Field(entry(scope, object, field, *kind)),
            });
        }
        if let Some(place) = self.find_member(0, &[], self.object, name) {
            return Ok(place);
        }
        match name {
            "now" => {
                self.check_not_stored(node, "`now`", "Compare with `now` in a filter instead.")?;
                Ok(Place::Value(Expr::Now))
            }
            "today" => {
                self.check_not_stored(node, "`today`", "Compare with `today` in a filter instead.")?;
                Ok(Place::Value(Expr::Today))
            }
            "me" => {
                self.check_not_stored(node, "`me`", "Compare with `me` in a filter instead.")?;
                Ok(Place::Value(Expr::Me))
            }
            _ => match Mine::of(name) {
                Some(mine) => {
                    let word = format!("`{name}`");
                    self.check_not_stored(node, &word, &format!("Use {word} in a filter instead."))?;
                    Ok(Place::Mine(mine))
                }
                None => Err(self.unknown_name(self.span(node), name, self.object, true)),
            },
        }
    }

    /// A field, relation or part of what the operand stands for.
    fn member(
        &mut self,
        node: &IdedExpr,
        operand: &IdedExpr,
        place: Place<'a>,
        name: &str,
    ) -> Result<Place<'a>, Fault> {
        let span = self.name_span(node, name);
        match place {
            Place::Record { scope, hops, object } => match self.find_member(scope, &hops, object, name) {
                Some(found) => Ok(found),
                None => Err(self.unknown_name(span, name, object, false)),
            },
            Place::Field(field) => self.part(span, operand, field, name),
            Place::Relation(range) => Err(self.relation_fault(operand, &range)),
            Place::Value(_) | Place::Mine(_) => {
                let detail = format!("`{}` has no field `{name}`.", self.text(operand));
                Err(Fault::new(span, detail))
            }
        }
    }

    /// A part of a field's value, or a field of the record it refers to.
    fn part(
        &mut self,
        span: (usize, usize),
        operand: &IdedExpr,
        field: FieldRef,
        name: &str,
    ) -> Result<Place<'a>, Fault> {
        let is_variable = matches!(operand.expr, Node::Ident(_));
        if let Some(parts) = entry_parts(&field).map(|parts| if is_variable { parts } else { vec![] }) {
            return match parts.iter().find(|(part, _)| *part == name) {
                Some((_, part)) => Ok(Place::Field(FieldRef { part: part.clone(), ..field })),
                None => {
                    let names: Vec<&str> = parts.iter().map(|(part, _)| *part).collect();
                    let detail = format!("`{}` has no part `{name}`.", self.text(operand));
                    Err(Fault::new(span, detail).hint(if names.is_empty() {
                        "It is a single text.".to_owned()
                    } else {
                        format!("It has {}.", one_of(&names))
                    }))
                }
            };
        }
        if field.part == Part::Whole && matches!(field.kind, Kind::Reference | Kind::User) && field.field != "id" {
            return self.hop(span, operand, field, name);
        }
        let known: Vec<(&str, Part)> = match (&field.part, field.kind) {
            (Part::Whole, Kind::Money) => vec![("amount", Part::Amount), ("currency", Part::Currency)],
            (Part::Whole, Kind::Emails | Kind::Phones | Kind::Links) => vec![("primary", Part::Primary)],
            (Part::Whole, Kind::Address) => address_parts(),
            (Part::Whole, Kind::Json) => vec![],
            _ => {
                let detail = format!("`{}` has no parts, so `.{name}` means nothing here.", self.text(operand));
                return Err(Fault::new(span, detail));
            }
        };
        if field.kind == Kind::Json {
            return Ok(Place::Field(FieldRef { part: Part::Member(name.to_owned()), ..field }));
        }
        match known.iter().find(|(part, _)| *part == name) {
            Some((_, part)) => Ok(Place::Field(FieldRef { part: part.clone(), ..field })),
            None => {
                let names: Vec<&str> = known.iter().map(|(part, _)| *part).collect();
                let detail = format!("`{}` has no part `{name}`.", self.text(operand));
                Err(Fault::new(span, detail).hint(format!("It has {}.", one_of(&names))))
            }
        }
    }

    /// Over a reference to a field of the other record.
    fn hop(
        &mut self,
        span: (usize, usize),
        operand: &IdedExpr,
        field: FieldRef,
        name: &str,
    ) -> Result<Place<'a>, Fault> {
        let target = self.find_definition(&field).and_then(|definition| definition.target_object());
        let Some(object) = target.and_then(|target| self.schema.find_object(target)) else {
            let detail = format!("`{}` points to nothing that has fields.", self.text(operand));
            return Err(Fault::new(span, detail));
        };
        let mut hops = field.hops;
        hops.push(Hop { object: field.object, field: field.field, target: object.name.clone() });
        match self.find_member(field.scope, &hops, object, name) {
            Some(found) => Ok(found),
            None => Err(self.unknown_name(span, name, object, false)),
        }
    }

    /// A field or relation of an object.
    fn find_member(&self, scope: usize, hops: &[Hop], object: &'a Object, name: &str) -> Option<Place<'a>> {
        let hops = hops.to_vec();
        if name == "id" {
            return Some(Place::Field(FieldRef { hops, ..FieldRef::id(&object.name, scope) }));
        }
        if let Some(field) = object.find_field(name) {
            return Some(Place::Field(FieldRef { scope, hops, ..FieldRef::plain(object, field) }));
        }
        let relation = self.schema.relations(&object.name).into_iter().find(|relation| relation.name == name)?;
        let kind = relation.object.find_field(&relation.field)?.kind;
        Some(Place::Relation(Range {
            scope,
            hops,
            object: object.name.clone(),
            over: Over::Children {
                relation: relation.name,
                object: relation.object.name.clone(),
                field: relation.field,
                kind,
            },
        }))
    }

    /// The definition of a field that a reference means.
    pub fn find_definition(&self, field: &FieldRef) -> Option<&'a Field> {
        let object =
            if field.object == self.object.name { self.object } else { self.schema.find_object(&field.object)? };
        object.find_field(&field.field)
    }

    fn unknown_name(&self, span: (usize, usize), name: &str, object: &Object, first: bool) -> Fault {
        let relations = self.schema.relations(&object.name);
        let mut names: Vec<&str> = object.fields.iter().map(|field| field.name.as_str()).collect();
        names.extend(relations.iter().map(|relation| relation.name.as_str()));
        if first {
            names.extend(WORDS);
            names.extend(self.variables.iter().map(|(variable, _)| variable.as_str()));
        }
        let near = nearest(name, names.iter().copied());
        let fault = Fault::new(span, format!("{} has no field `{name}`.", object.label));
        if near.is_empty() {
            let own = object.fields.iter().filter(|field| !field.system && !field.hidden);
            let some: Vec<&str> = own.take(8).map(|field| field.name.as_str()).collect();
            return fault.hint(format!("Its fields are {} …", some.join(", ")));
        }
        fault.hint(format!("Did you mean {}?", one_of(&near)))
    }

    pub fn relation_fault(&self, node: &IdedExpr, range: &Range) -> Fault {
        let text = self.text(node);
        let fault = self.fault(node, format!("`{text}` is many records."));
        match &range.over {
            Over::Children { .. } | Over::Targets { .. } | Over::Entries { .. } => {
                fault.hint(format!("Write `{text}.exists(x, …)`, `{text}.all(x, …)` or `{text}.size()`."))
            }
        }
    }

    pub fn composite_fault(&self, node: &IdedExpr, field: &FieldRef) -> Fault {
        let text = self.text(node);
        let hint = match field.kind {
            Kind::Emails | Kind::Phones | Kind::Links => {
                format!("Write `{text}.primary == '…'` or `{text}.exists(x, x.value == '…')`.")
            }
            Kind::MultiSelect => format!("Write `'…' in {text}` or `{text}.exists(x, …)`."),
            Kind::Address => format!("Write `{text}.city == '…'`."),
            Kind::References | Kind::About => format!("Write `{text}.exists(x, …)`, or `id in {text}`."),
            Kind::Json => format!("Write `{text}.name_in_it == '…'`."),
            _ => format!("Write `{text}.exists(x, …)` or `{text}.size()`."),
        };
        self.fault(node, format!("`{text}` is not a single value.")).hint(hint)
    }
}

fn address_parts() -> Vec<(&'static str, Part)> {
    let texts = ADDRESS_PARTS.iter().map(|part| (*part, Part::Address((*part).to_owned())));
    let coordinates = ["latitude", "longitude"].map(|part| (part, Part::Coordinate(part.to_owned())));
    texts.chain(coordinates).collect()
}

/// What the variable of a list field stands for when it is named alone.
fn entry(scope: usize, object: &Object, field: &str, kind: Kind) -> FieldRef {
    let part = match kind {
        Kind::References => Part::EntryId(String::new()),
        Kind::About => Part::EntryId("id".to_owned()),
        Kind::Emails | Kind::Phones | Kind::Links => Part::EntryText("value".to_owned()),
        Kind::Files => Part::EntryText("name".to_owned()),
        _ => Part::EntryText(String::new()),
    };
    FieldRef { scope, hops: Vec::new(), object: object.name.clone(), field: field.to_owned(), part, kind }
}

/// The parts of a list's entry; `None` when the field is no entry.
fn entry_parts(field: &FieldRef) -> Option<Vec<(&'static str, Part)>> {
    if !matches!(field.part, Part::EntryText(_) | Part::EntryFlag(_) | Part::EntryNumber(_) | Part::EntryId(_)) {
        return None;
    }
    let text = |name: &'static str| (name, Part::EntryText(name.to_owned()));
    Some(match field.kind {
        Kind::Emails | Kind::Phones | Kind::Links => {
            vec![text("value"), text("label"), ("primary", Part::EntryFlag("primary".to_owned()))]
        }
        Kind::About => vec![text("object"), ("id", Part::EntryId("id".to_owned()))],
        Kind::Files => vec![text("id"), text("name"), text("type"), ("size", Part::EntryNumber("size".to_owned()))],
        _ => vec![],
    })
}
