//! What a product costs: on a price list, from a quantity on, on a day.

use std::sync::Arc;

use engine::{Draft, RuleContext, RuleEntry};
use jiff::civil::Date;
use model::{Code, Op, Problem, Record, SCALE, Value};
use uuid::Uuid;

use crate::criteria::fault;

pub(crate) const PRICE_LIST: RuleEntry = RuleEntry {
    object: "price_list",
    why: "A currency that is none would come to light in the first quote.",
    apply: keep_price_list,
};

pub(crate) const PRICE: RuleEntry = RuleEntry {
    object: "price",
    why: "Two prices for the same quantity and day would make what is offered a matter of luck.",
    apply: keep_price,
};

fn keep_price_list(draft: &mut Draft, context: &RuleContext<'_>) -> Result<(), Problem> {
    if draft.op == Op::Delete || context.undoes.is_some() {
        return Ok(());
    }
    let typed = draft.get("currency").as_text().unwrap_or_default().to_owned();
    let currency = match typed.is_empty() {
        true => context.workspace.settings().base_currency.clone(),
        false => model::kinds::currency_code(typed.trim()).ok_or_else(|| unknown_currency(&typed))?,
    };
    draft.set("currency", Value::text(currency));
    let priced = matches!(draft.get("prices_count"), Value::Int(count) if *count > 0);
    if priced && draft.changes("currency") {
        let message = "The prices of this list are in its currency. Make a new list for another.".to_owned();
        return Err(Problem::invalid(vec![fault("currency", "in_use", message)]));
    }
    Ok(())
}

pub(crate) fn unknown_currency(typed: &str) -> Problem {
    let message = format!("“{typed}” is no currency. Use its ISO 4217 code, like EUR.");
    Problem::invalid(vec![fault("currency", "bad_currency", message)])
}

fn keep_price(draft: &mut Draft, context: &RuleContext<'_>) -> Result<(), Problem> {
    if draft.op == Op::Delete || context.undoes.is_some() {
        return Ok(());
    }
    if draft.get("from_quantity").is_missing() {
        draft.set("from_quantity", Value::Dec(0));
    }
    let (Some(list), Some(product)) = (draft.get("price_list").as_id(), draft.get("product").as_id()) else {
        return Ok(());
    };
    if let (Value::Money { currency, .. }, Some(list)) = (draft.get("unit_price"), context.find("price_list", list))
        && list.get("currency").as_text() != Some(currency)
    {
        let wanted = list.get("currency").as_text().unwrap_or_default();
        let message = format!("This price list is in {wanted}. Give the price in {wanted}.");
        return Err(Problem::invalid(vec![fault("unit_price", "other_currency", message)]));
    }
    let same = |other: &Arc<Record>| {
        other.id != draft.after.id
            && other.get("price_list").as_id() == Some(list)
            && other.get("from_quantity") == draft.get("from_quantity")
            && day_of(other, "valid_from") == day_of(&draft.after, "valid_from")
    };
    if context.among("price", "product", product).iter().any(same) {
        let message = "This product has a price for that quantity from that day on already. Change that one, or give this \
                       one another first day.";
        let fault = fault("from_quantity", "not_unique", message.to_owned());
        return Err(Problem { fields: vec![fault], ..Problem::new(Code::Conflict, message) });
    }
    Ok(())
}

pub(crate) fn day_of(record: &Record, field: &str) -> Option<Date> {
    if let Value::Date(day) = record.get(field) { Some(*day) } else { None }
}

/// Whether a day lies in a record's time.
pub(crate) fn is_valid(record: &Record, day: Date) -> bool {
    day_of(record, "valid_from").is_none_or(|from| from <= day)
        && day_of(record, "valid_until").is_none_or(|until| day <= until)
}

/// Where and when a price is asked for.
pub(crate) struct Asked {
    /// The list whose price counts.
    pub(crate) list: Option<Uuid>,
    /// On which day.
    pub(crate) day: Date,
    /// Prices are to include tax of so many percent.
    pub(crate) taxed: Option<i64>,
}

/// What one of a product costs, of so many: on the price list that one of the greatest quantities that are reached, of those the
/// one that became valid last; else what the product itself says, which is without tax.
pub(crate) fn price_of(context: &RuleContext<'_>, product: &Record, quantity: i64, asked: &Asked) -> Value {
    let list = asked.list.and_then(|list| context.find("price_list", list)).filter(|list| is_valid(list, asked.day));
    let includes = list.as_ref().is_some_and(|list| *list.get("tax_included") == Value::Bool(true));
    let listed = list.and_then(|list| {
        let from = |price: &Record| if let Value::Dec(from) = price.get("from_quantity") { *from } else { 0 };
        let fits = |price: &Arc<Record>| {
            price.get("price_list").as_id() == Some(list.id) && from(price) <= quantity && is_valid(price, asked.day)
        };
        let fitting = context.among("price", "product", product.id).into_iter().filter(fits);
        fitting.max_by_key(|price| (from(price), day_of(price, "valid_from"), price.id))
    });
    let (price, includes) = match &listed {
        Some(price) => (price.get("unit_price"), includes),
        None => (product.get("price"), false),
    };
    match (price, asked.taxed) {
        (Value::Money { amount, currency, .. }, Some(rate)) if !includes => {
            let amount = with_tax(*amount, rate).unwrap_or(*amount);
            Value::Money { amount, currency: currency.clone(), base: None }
        }
        (price, _) => price.clone(),
    }
}

/// A price with its tax, to the last place that is kept; halves are rounded away from zero.
fn with_tax(amount: i64, rate: i64) -> Option<i64> {
    let whole = 100 * i128::from(SCALE);
    let exact = i128::from(amount) * (whole + i128::from(rate));
    i64::try_from((exact + exact.signum() * whole / 2) / whole).ok()
}
