//! The lines of deals and documents: what they take over from their product, what they come to, and what their whole makes of them.

use std::collections::{BTreeMap, BTreeSet};

use engine::{Batch, Draft, Edit, FollowEntry, RuleContext, RuleEntry};
use jiff::civil::Date;
use model::{Op, Patch, Problem, Record, SCALE, Value, expr, kinds};
use store::{Error, Select};
use uuid::Uuid;

use crate::begin::patch;
use crate::criteria::fault;
use crate::prices::{Asked, price_of};
use crate::taxes;
use crate::totals::{self, Line, Terms};

pub(crate) const DEAL_LINE: RuleEntry = RuleEntry {
    object: "deal_line",
    why: "A line without its price, or in another currency, would be in no sum.",
    apply: |draft, context| keep_line(draft, context, "deal"),
};

pub(crate) const SUM: FollowEntry = FollowEntry {
    object: "deal_line",
    why: "Nobody may see a deal whose amount is not the sum of its products.",
    settles: true,
    apply: settle_deals_of,
};

pub(crate) const UNDONE: FollowEntry = FollowEntry {
    object: "deal",
    why: "An undo may bring back an amount from before there were products.",
    settles: true,
    apply: settle_undone,
};

/// Distance of the positions of lines, so that one can be put between two.
const STEP: i64 = 10;

/// `whole` is the name both of the object that the lines belong to and of their reference to it.
pub(crate) fn keep_line(draft: &mut Draft, context: &RuleContext<'_>, whole: &str) -> Result<(), Problem> {
    if draft.op == Op::Delete {
        return Ok(());
    }
    if draft.op != Op::Restore && context.undoes.is_none() {
        let parent = draft.get(whole).as_id().and_then(|id| context.find(whole, id));
        let currency = parent.as_ref().map(|parent| currency_of(parent, context));
        if let Some(parent) = &parent {
            settle_tax(draft, context, parent)?;
        }
        take_over(draft, context, parent.as_deref(), currency.as_deref())?;
        if let (Value::Money { currency: given, .. }, Some(wanted)) = (draft.get("unit_price"), &currency)
            && given != wanted
        {
            let message = format!("Everything here is in {wanted}. Give the price in {wanted}.");
            return Err(Problem::invalid(vec![fault("unit_price", "other_currency", message)]));
        }
        if draft.before.is_none() && draft.get("position").is_missing() {
            let last = draft.get(whole).as_id().map_or(0, |id| last_position(context, &draft.object, whole, id));
            draft.set("position", Value::Int(last.saturating_add(STEP)));
        }
    }
    settle_amount(draft)
}

/// The currency of a deal or document: what its lines are in already, else that of its price list, else that of what it is said
/// to be worth.
pub(crate) fn currency_of(whole: &Record, context: &RuleContext<'_>) -> String {
    if let Some(currency) = whole.get("currency").as_text() {
        return currency.to_owned();
    }
    if let Value::Money { currency, .. } = whole.get("lines_amount") {
        return currency.clone();
    }
    let list = whole.get("price_list").as_id().and_then(|list| context.find("price_list", list));
    if let Some(currency) = list.as_ref().and_then(|list| list.get("currency").as_text()) {
        return currency.to_owned();
    }
    match whole.get("amount") {
        Value::Money { currency, .. } => currency.clone(),
        _ => context.workspace.settings().base_currency.clone(),
    }
}

fn last_position(context: &RuleContext<'_>, object: &str, whole: &str, id: Uuid) -> i64 {
    let position = |line: &Record| if let Value::Int(position) = line.get("position") { *position } else { 0 };
    context.among(object, whole, id).iter().map(|line| position(line)).max().unwrap_or(0)
}

/// The rate of tax, where the document has any: that of the product's class where the customer is.
fn settle_tax(draft: &mut Draft, context: &RuleContext<'_>, whole: &Record) -> Result<(), Problem> {
    let Some(country) = whole.get("tax_country").as_text() else { return Ok(()) };
    let is_said = draft.changes("tax_rate") && !draft.get("tax_rate").is_missing();
    if is_said || !(draft.changes("product") || draft.get("tax_rate").is_missing()) {
        return Ok(());
    }
    let product = draft.get("product").as_id().and_then(|id| context.find("product", id));
    let class = product.as_ref().and_then(|product| product.get("tax_class").as_text()).unwrap_or("standard");
    let Some(rate) = taxes::rate_of(context, country, class, today(context, draft.at)) else {
        let message = format!("No {class} tax rate of {country} is known. Give one, or add it to the tax rates.");
        return Err(Problem::invalid(vec![fault("tax_rate", "required", message)]));
    };
    draft.set("tax_rate", Value::Dec(rate));
    Ok(())
}

/// Name, unit and price come from the product where the write does not say them; the price follows the quantity over the
/// steps of its list as long as nobody gave another.
fn take_over(
    draft: &mut Draft,
    context: &RuleContext<'_>,
    whole: Option<&Record>,
    currency: Option<&str>,
) -> Result<(), Problem> {
    let Some(product) = draft.get("product").as_id().and_then(|id| context.find("product", id)) else { return Ok(()) };
    let chosen = draft.changes("product");
    let is_said = draft.changes("unit_price") && !draft.get("unit_price").is_missing();
    // A line that is copied with its price was agreed on before.
    if chosen && !is_said && *product.get("active") == Value::Bool(false) {
        let name = product.get("name").as_text().unwrap_or_default();
        let message = format!("{name} is not for sale any more. Choose another product, or put it back on sale.");
        return Err(Problem::invalid(vec![fault("product", "not_for_sale", message)]));
    }
    for field in ["name", "unit"] {
        let is_said = draft.changes(field) && !draft.get(field).is_missing();
        if draft.get(field).is_missing() || (chosen && !is_said) {
            draft.set(field, product.get(field).clone());
        }
    }
    let included = whole.is_some_and(|whole| *whole.get("tax_included") == Value::Bool(true));
    let asked = Asked {
        list: whole.and_then(|whole| whole.get("price_list").as_id()),
        day: today(context, draft.at),
        taxed: included.then(|| if let Value::Dec(rate) = draft.get("tax_rate") { *rate } else { 0 }),
    };
    let price = |quantity: &Value| price_of(context, &product, quantity_of(quantity), &asked);
    let follows = draft.changes("quantity") && *draft.was("unit_price") == price(draft.was("quantity"));
    if is_said || !(chosen || follows || draft.get("unit_price").is_missing()) {
        return Ok(());
    }
    let price = price(draft.get("quantity"));
    match &price {
        Value::Money { currency: of, .. } if currency.is_none_or(|currency| currency == of) => {
            draft.set("unit_price", price);
            Ok(())
        }
        _ => {
            let name = product.get("name").as_text().unwrap_or_default();
            let message = format!("{name} has no price in {}. Give one.", currency.unwrap_or("this currency"));
            Err(Problem::invalid(vec![fault("unit_price", "required", message)]))
        }
    }
}

fn today(context: &RuleContext<'_>, at: i64) -> Date {
    let zone = context.workspace.settings().zone();
    jiff::Timestamp::from_microsecond(at).map_or(Date::MIN, |at| at.to_zoned(zone).date())
}

fn quantity_of(value: &Value) -> i64 {
    if let Value::Dec(quantity) = value { *quantity } else { SCALE }
}

/// A stored line as sums count it, with its currency.
pub(crate) fn line_of(record: &Record) -> Option<(Line, &str)> {
    let Value::Money { amount, currency, .. } = record.get("unit_price") else { return None };
    let scaled = |field: &str| if let Value::Dec(number) = record.get(field) { *number } else { 0 };
    let line = Line {
        quantity: quantity_of(record.get("quantity")),
        unit_price: *amount,
        discount: scaled("discount"),
        tax_rate: scaled("tax_rate"),
        optional: *record.get("optional") == Value::Bool(true),
    };
    Some((line, currency))
}

/// What the line comes to, before anything that concerns its whole.
fn settle_amount(draft: &mut Draft) -> Result<(), Problem> {
    if draft.get("quantity").is_missing() {
        draft.set("quantity", Value::Dec(SCALE));
    }
    let Some((line, currency)) = line_of(&draft.after) else {
        draft.set("amount", Value::Missing);
        return Ok(());
    };
    let currency = currency.to_owned();
    let terms = Terms { unit: kinds::smallest_amount(&currency), ..Terms::default() };
    let summed = totals::add_up(&[line], &terms).ok_or_else(too_large)?;
    let amount = summed.lines.first().map_or(0, |sum| sum.amount);
    draft.set("amount", Value::Money { amount, currency, base: None });
    Ok(())
}

pub(crate) fn too_large() -> Problem {
    let message = "This comes to more than can be counted. Check quantity and price.".to_owned();
    Problem::invalid(vec![fault("quantity", "too_large", message)])
}

/// The lines of several wholes, each in their order.
pub(crate) fn lines_of(
    batch: &mut Batch<'_>,
    object: &str,
    whole: &str,
    ids: &[Uuid],
) -> Result<BTreeMap<Uuid, Vec<Record>>, Error> {
    let (schema, object) = (batch.schema(), batch.load_object(object)?);
    let mut lines: BTreeMap<Uuid, Vec<Record>> = ids.iter().map(|id| (*id, Vec::new())).collect();
    let Some(field) = object.find_field(whole) else { return Ok(lines) };
    let filter = Some(expr::field_in(&object, field, ids.iter().copied().map(Value::Id).collect()));
    let select = Select { filter, limit: model::limits::BULK_MAX, ..Select::all(&schema, &object) };
    batch.tx().select(&select, &mut |record| {
        if let Some(own) = record.get(whole).as_id().and_then(|id| lines.get_mut(&id)) {
            own.push(record);
        }
        Ok(())
    })?;
    let position = |line: &Record| if let Value::Int(position) = line.get("position") { *position } else { i64::MAX };
    for own in lines.values_mut() {
        own.sort_by_key(|line| (position(line), line.id));
    }
    Ok(lines)
}

/// The wholes that changed lines belong to, or belonged to before.
pub(crate) fn wholes_of(drafts: &[&Draft], whole: &str) -> Vec<Uuid> {
    let both = drafts.iter().flat_map(|draft| [draft.was(whole).as_id(), draft.get(whole).as_id()]);
    both.flatten().collect::<BTreeSet<_>>().into_iter().collect()
}

fn settle_deals_of(batch: &mut Batch<'_>, drafts: &[&Draft]) -> Result<(), Error> {
    settle_deals(batch, &wholes_of(drafts, "deal"))
}

/// The amount of a deal is the sum of its lines as long as it has any. Without, it stays what it was.
fn settle_deals(batch: &mut Batch<'_>, ids: &[Uuid]) -> Result<(), Error> {
    let object = batch.load_object("deal")?;
    let mut kept = Vec::new();
    for (id, lines) in lines_of(batch, "deal_line", "deal", ids)? {
        kept.push((id, patch_of_sum(sum_of(&lines)?)));
    }
    batch.keep("deal", kept)?;
    let deals = batch.tx().find_many(&object, ids)?;
    let edits: Vec<Edit> =
        deals.iter().filter(|deal| deal.get("deleted_at").is_missing()).filter_map(settled).collect();
    if edits.is_empty() {
        return Ok(());
    }
    batch.as_program("the products of a deal", |batch| {
        batch.update_many("deal", edits)?.into_iter().try_for_each(|made| made.map(drop))?;
        Ok(())
    })
}

fn patch_of_sum(sum: Value) -> Patch {
    [("lines_amount".to_owned(), sum)].into()
}

/// What brings a deal's amount to the sum of its lines.
fn settled(deal: &Record) -> Option<Edit> {
    let sum = deal.get("lines_amount");
    let differs = !sum.is_missing() && sum.to_json() != deal.get("amount").to_json();
    differs.then(|| Edit { id: deal.id, patch: patch([("amount", sum.clone())]), if_version: None })
}

/// Of lines in one currency, none of them missing from it.
fn sum_of(lines: &[Record]) -> Result<Value, Problem> {
    let mut sum: Option<(i64, &str)> = None;
    for line in lines {
        let Value::Money { amount, currency, .. } = line.get("amount") else { continue };
        let (before, of) = sum.unwrap_or((0, currency));
        if of != currency {
            let message = format!("Lines in {of} and {currency} have no sum. Give all prices in one currency.");
            return Err(Problem::invalid(vec![fault("unit_price", "other_currency", message)]));
        }
        sum = Some((before.checked_add(*amount).ok_or_else(too_large)?, of));
    }
    Ok(sum.map_or(Value::Missing, |(amount, of)| Value::Money { amount, currency: of.to_owned(), base: None }))
}

/// Undo brings amounts back by themselves when lines come and go with them; where it brought back an amount alone, from before
/// there were lines, their sum counts.
fn settle_undone(batch: &mut Batch<'_>, drafts: &[&Draft]) -> Result<(), Error> {
    let Some(undone) = batch.undoes() else { return Ok(()) };
    let apart = |draft: &&&Draft| draft.op == Op::Update && draft.changes("amount") && settled(&draft.after).is_some();
    let ids: Vec<Uuid> = drafts.iter().filter(apart).map(|draft| draft.after.id).collect();
    if ids.is_empty()
        || batch
            .tx()
            .changes_of_batch(undone, 0, model::limits::BULK_MAX)?
            .iter()
            .any(|change| change.object == "deal_line")
    {
        return Ok(());
    }
    settle_deals(batch, &ids)
}

/// Refuses another amount than the sum of the products, and a price list in another currency.
pub(crate) fn keep_deal_with_lines(draft: &Draft, context: &RuleContext<'_>) -> Result<(), Problem> {
    let sum = draft.was("lines_amount");
    let Value::Money { currency, .. } = sum else { return Ok(()) };
    if draft.changes("amount") && draft.get("amount").to_json() != draft.get("lines_amount").to_json() {
        let message = "The amount is the sum of this deal's products. Change these, or take them out first.".to_owned();
        return Err(Problem::invalid(vec![fault("amount", "of_lines", message)]));
    }
    let list = draft.get("price_list").as_id().filter(|_| draft.changes("price_list"));
    let list = list.and_then(|list| context.find("price_list", list));
    if list.is_some_and(|list| list.get("currency").as_text() != Some(currency)) {
        let message = format!("The products of this deal are in {currency}. Choose a price list in {currency}.");
        return Err(Problem::invalid(vec![fault("price_list", "other_currency", message)]));
    }
    Ok(())
}
