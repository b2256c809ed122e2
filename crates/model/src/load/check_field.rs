//! Checks of one field.

use std::collections::HashSet;

use super::check::{COLORS, Faults, did_you_mean};
use super::check_expressions::check_expressions;
use super::names::check_name;
use crate::field::{Aggregate, Field, Kind, Rollup};
use crate::kinds::{self, Context};
use crate::limits::NAME_BYTES_MAX;

pub(super) fn check_field(faults: &mut Faults<'_>, field: &Field) {
    let name = Some(field.name.as_str());
    if let Err(message) = check_name(&field.name) {
        faults.add(name, message);
    }
    faults.add_when(field.label.trim().is_empty(), name, "`label` is empty; say what people read.");
    faults.add_when(field.kind == Kind::Actor, name, "the kind `actor` is kept for system fields; use `user`.");
    let misfits = field.format.is_some_and(|format| format.kind() != field.kind);
    faults.add_when(misfits, name, "the format `recurrence` is for `text`, `checklist` and `replies` are for `json`.");
    let is_file = field.sensitive && field.kind == Kind::Files;
    faults.add_when(is_file, name, "files cannot be sensitive; take the right to read the field from roles instead.");
    check_options(faults, field);
    check_target(faults, field);
    check_derived(faults, field);
    check_default(faults, field);
    check_pattern(faults, field);
    check_unique(faults, field);
    if let Some(unit) = &field.unit {
        let counts = matches!(field.value_kind(), Kind::Integer | Kind::Decimal);
        faults.add_when(!counts, name, "only whole numbers and numbers have a `unit`.");
        let is_short =
            !unit.trim().is_empty() && unit.chars().count() <= UNIT_CHARS_MAX && !unit.contains(char::is_control);
        faults.add_when(!is_short, name, "its `unit` is one to twelve characters, like `m²`.");
    }
    let has_message_alone = field.validation.is_none() && field.validation_message.is_some();
    faults.add_when(has_message_alone, name, "`validation_message` needs a `validation`.");
    check_expressions(faults, field);
}

/// Longest unit of a number.
const UNIT_CHARS_MAX: usize = 12;

fn check_options(faults: &mut Faults<'_>, field: &Field) {
    let name = Some(field.name.as_str());
    let is_choice = matches!(field.kind, Kind::Select | Kind::MultiSelect);
    // A formula that computes a choice may say how its values read.
    let may_choose = is_choice || (field.kind == Kind::Formula && field.value_kind() == Kind::Select);
    faults.add_when(!may_choose && !field.options.is_empty(), name, "only `select` and `multi_select` have `options`.");
    faults.add_when(field.open && field.kind != Kind::MultiSelect, name, "only a `multi_select` can be `open`.");
    let lacks_options = is_choice && !field.open && field.options.is_empty();
    faults.add_when(lacks_options, name, "it needs `options`, each with a value and a label.");
    let mut values = HashSet::new();
    for option in &field.options {
        let value = &option.value;
        let is_name = !value.is_empty()
            && value.len() <= NAME_BYTES_MAX * 2
            && !value.starts_with(char::is_whitespace)
            && !value.ends_with(char::is_whitespace)
            && !value.chars().any(|c| c.is_control() || c == ';' || c == '"');
        faults.add_when(!is_name, name, format!("the option `{value}` needs a short value without `;` and quotes."));
        faults.add_when(option.label.trim().is_empty(), name, format!("the option `{value}` needs a label."));
        faults.add_when(!values.insert(value), name, format!("the option `{value}` is there twice."));
        if let Some(color) = option.color.as_deref().filter(|color| !COLORS.contains(color)) {
            let message = format!("the colour `{color}` does not exist; choose one of {}.", COLORS.join(", "));
            faults.add(name, message);
        }
    }
}

fn check_target(faults: &mut Faults<'_>, field: &Field) {
    let name = Some(field.name.as_str());
    let needs_target = matches!(field.kind, Kind::Reference | Kind::References);
    match &field.target {
        None => faults.add_when(needs_target, name, "it needs a `target`: the object it points to."),
        Some(_) if !needs_target => faults.add(name, "only `reference` and `references` have a `target`."),
        Some(target) if faults.schema.find_object(target).is_none() => {
            faults.add(name, format!("its `target` `{target}` is no object."));
        }
        Some(_) => {}
    }
    let leads_home = field.kind == Kind::Reference && field.target.as_deref() == Some(faults.object.name.as_str());
    faults.add_when(field.tree && !leads_home, name, "only a `reference` to its own object can be a `tree`.");
    let Some(inverse) = &field.inverse else { return };
    let points = needs_target || matches!(field.kind, Kind::About | Kind::User);
    faults.add_when(!points, name, "only fields that point to records have an `inverse`.");
    if let Err(message) = check_name(&inverse.name) {
        faults.add(name, format!("its inverse: {message}"));
    }
    faults.add_when(inverse.label.trim().is_empty(), name, "its inverse needs a label.");
}

fn check_derived(faults: &mut Faults<'_>, field: &Field) {
    let name = Some(field.name.as_str());
    let is_formula = field.kind == Kind::Formula;
    let is_rollup = field.kind == Kind::Rollup;
    faults.add_when(is_formula != field.formula.is_some(), name, "kind `formula` and key `formula` go together.");
    faults.add_when(is_rollup != field.rollup.is_some(), name, "kind `rollup` and key `rollup` go together.");
    let is_kept_wrongly = field.kept && (field.custom || !field.read_only || field.required || field.default.is_some());
    faults.add_when(
        is_kept_wrongly,
        name,
        "what the program keeps is `read_only`, has no default, and comes with the program.",
    );
    if !is_formula && !is_rollup {
        faults.add_when(field.result.is_some(), name, "only formulas and roll-ups have a `result`.");
        return;
    }
    faults.add_when(field.kept, name, "formulas and roll-ups are fresh by themselves; leave out `kept`.");
    let is_plain = matches!(
        field.result,
        Some(
            Kind::Text
                | Kind::LongText
                | Kind::Integer
                | Kind::Decimal
                | Kind::Percent
                | Kind::Money
                | Kind::Date
                | Kind::DateTime
                | Kind::Duration
                | Kind::Boolean
        )
    );
    let is_choice = is_formula && field.result == Some(Kind::Select) && !field.options.is_empty();
    faults.add_when(
        !is_plain && !is_choice,
        name,
        "it needs a `result`: the kind of its value, such as text, decimal or date_time.",
    );
    let is_written = field.required || field.required_if.is_some() || field.default.is_some();
    faults.add_when(is_written, name, "it is calculated, so it cannot be required or have a default.");
    if let Some(rollup) = &field.rollup {
        check_rollup(faults, field, rollup);
    }
}

fn check_rollup(faults: &mut Faults<'_>, field: &Field, rollup: &Rollup) {
    let name = Some(field.name.as_str());
    let Some(child) = faults.schema.find_object(&rollup.object).cloned() else {
        return faults.add(name, format!("its roll-up is over `{}`, which is no object.", rollup.object));
    };
    match child.find_field(&rollup.via) {
        None => {
            let hint = did_you_mean(&rollup.via, &child);
            faults.add(
                name,
                format!("its roll-up goes via `{}.{}`, which does not exist{hint}.", child.name, rollup.via),
            );
        }
        Some(via) => {
            let points = via.kind == Kind::About || via.target_object() == Some(faults.object.name.as_str());
            let message = format!("its roll-up goes via `{}.{}`, which does not point here.", child.name, via.name);
            faults.add_when(!points, name, message);
        }
    }
    let source = match (&rollup.field, rollup.aggregate) {
        (None, Aggregate::Count) => {
            let is_integer = field.result == Some(Kind::Integer);
            return faults.add_when(!is_integer, name, "the `result` of a count is `integer`.");
        }
        (Some(_), Aggregate::Count) => return faults.add(name, "a count takes no `field`."),
        (None, _) => return faults.add(name, "its roll-up needs a `field`."),
        (Some(source), _) => source,
    };
    let Some(source) = child.find_field(source) else {
        let hint = did_you_mean(source, &child);
        return faults.add(name, format!("its roll-up reads `{}.{source}`, which does not exist{hint}.", child.name));
    };
    let kind = source.value_kind();
    let fits = rollup.aggregate.fits(kind);
    faults.add_when(!fits, name, format!("its roll-up cannot be made of `{}`.", source.name));
    let stored = if kind == Kind::Rating { Kind::Integer } else { kind };
    let is_same = field.result == Some(stored);
    let is_mean = rollup.aggregate == Aggregate::Avg && field.result == Some(Kind::Decimal);
    let message = "its `result` must be the kind of the field it reads (of an average also `decimal`).";
    faults.add_when(fits && !is_same && !is_mean, name, message);
}

fn check_default(faults: &mut Faults<'_>, field: &Field) {
    let Some(default) = &field.default else { return };
    let is_word = match field.kind {
        Kind::User => default == "me",
        Kind::DateTime => default == "now",
        Kind::Date => default == "today",
        _ => false,
    };
    // Any currency will do here: the workspace's is not known yet.
    let context = Context { default_currency: "EUR".to_owned(), ..Context::default() };
    if let (false, Err(problem)) = (is_word, kinds::from_json(field, default, &context)) {
        faults.add(Some(&field.name), format!("its default does not fit. {}", problem.message));
    }
}

/// `INV-{year}-{number:5}`.
fn check_pattern(faults: &mut Faults<'_>, field: &Field) {
    let name = Some(field.name.as_str());
    let Some(pattern) = &field.pattern else {
        let lacks = field.kind == Kind::AutoNumber;
        return faults.add_when(lacks, name, "it needs a `pattern` such as `INV-{year}-{number:5}`.");
    };
    faults.add_when(field.kind != Kind::AutoNumber, name, "only an `auto_number` has a `pattern`.");
    let mut numbers = 0;
    for part in pattern.split('{').skip(1) {
        let Some((word, _)) = part.split_once('}') else {
            return faults.add(name, "a `{` of its pattern is not closed.");
        };
        let digits = word.strip_prefix("number:").map(str::parse::<u8>);
        match (word, digits) {
            ("number", _) | (_, Some(Ok(1..=12))) => numbers += 1,
            ("year" | "month" | "day", _) => {}
            _ => {
                faults.add(name, format!("its pattern has {{{word}}}; use {{year}}, {{month}}, {{day}}, {{number:5}}."))
            }
        }
    }
    faults.add_when(numbers != 1, name, "its pattern needs `{number}` once.");
}

fn check_unique(faults: &mut Faults<'_>, field: &Field) {
    let can_be_unique = matches!(
        field.value_kind(),
        Kind::Text
            | Kind::Integer
            | Kind::Decimal
            | Kind::Date
            | Kind::DateTime
            | Kind::Select
            | Kind::AutoNumber
            | Kind::Emails
            | Kind::Phones
            | Kind::Links
            | Kind::Reference
            | Kind::User
    );
    let message = "values of this kind cannot be `unique`.";
    faults.add_when(field.unique && !can_be_unique, Some(&field.name), message);
}
