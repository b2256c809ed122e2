//! Quotes: what holds for them as long as they are drafts and afterwards, and what their lines come to.

use std::collections::BTreeMap;

use engine::{Batch, Draft, FollowEntry, RuleContext, RuleEntry};
use model::value::scaled_to_json;
use model::{Code, Op, Patch, Problem, Record, Value, kinds};
use serde_json::json;
use store::Error;
use uuid::Uuid;

use crate::begin::patch;
use crate::criteria::fault;
use crate::lines::{keep_line, line_of, lines_of, too_large, wholes_of};
use crate::prices::unknown_currency;
use crate::totals::{self, Discount, Line, Terms, Totals};

mod make;

pub use make::{from_deal, new_version};

pub(crate) const QUOTE: RuleEntry = RuleEntry {
    object: "quote",
    why: "What a customer was sent stays what it was, whoever would change it by whatever way.",
    apply: keep_quote,
};

pub(crate) const QUOTE_LINE: RuleEntry =
    RuleEntry { object: "quote_line", why: "A sent quote is its lines: they stay as it does.", apply: keep_quote_line };

pub(crate) const SUMS_OF_LINES: FollowEntry = FollowEntry {
    object: "quote_line",
    why: "Nobody may see a total that is not the sum of its lines.",
    settles: true,
    apply: |batch, drafts| settle_quotes(batch, &wholes_of(drafts, "quote")),
};

pub(crate) const SUMS_OF_TERMS: FollowEntry = FollowEntry {
    object: "quote",
    why: "Discount and the way of rounding are part of the total.",
    settles: true,
    apply: |batch, drafts| {
        let counts = |draft: &&&Draft| draft.before.is_some() && TERMS.iter().any(|field| draft.changes(field));
        let ids: Vec<Uuid> = drafts.iter().filter(counts).map(|draft| draft.after.id).collect();
        if ids.is_empty() { Ok(()) } else { settle_quotes(batch, &ids) }
    },
};

/// What the sums of a quote hang on beside its lines.
const TERMS: [&str; 4] = ["discount_percent", "discount_amount", "tax_by_line", "tax_included"];
/// What may change after a quote was sent: how it went on, and whose it is.
const FREE: [&str; 9] =
    ["status", "sent_at", "decided_at", "declined_reason", "owner", "team", "tags", "external_ids", "deal"];
/// What the program numbers and links, and nobody else.
const OWN: [&str; 3] = ["number", "replaces", "version_no"];
const LOCKED: &str = "This quote was sent and stays as it is. Make a new version and change that.";

fn status_of(record: &Record) -> &str {
    record.get("status").as_text().unwrap_or("draft")
}

/// Undo brings back what was.
fn keep_quote(draft: &mut Draft, context: &RuleContext<'_>) -> Result<(), Problem> {
    if !matches!(draft.op, Op::Create | Op::Update) || context.undoes.is_some() {
        return Ok(());
    }
    if draft.get("status").is_missing() {
        draft.set("status", Value::text("draft"));
    }
    check_locked(draft, context)?;
    settle_prices(draft, context)?;
    settle_course(draft, context)
}

fn check_locked(draft: &Draft, context: &RuleContext<'_>) -> Result<(), Problem> {
    let Some(before) = draft.before.as_ref().filter(|before| status_of(before) != "draft") else { return Ok(()) };
    let changed = draft.patch();
    let free = |name: &str| FREE.contains(&name) || (context.actor.is_system() && OWN.contains(&name));
    let fields = changed.keys().filter(|name| !free(name)).map(|name| fault(name, "locked", LOCKED.to_owned()));
    let fields: Vec<_> = fields.collect();
    if !fields.is_empty() {
        return Err(Problem { fields, ..Problem::new(Code::Conflict, LOCKED) });
    }
    let to_draft = draft.changes("status") && status_of(&draft.after) == "draft";
    let from_replaced = draft.changes("status") && status_of(before) == "replaced";
    if to_draft || from_replaced {
        let message = if to_draft { LOCKED } else { "A later version replaced this quote. Go on with that one." };
        return Err(Problem::invalid(vec![fault("status", "locked", message.to_owned())]));
    }
    Ok(())
}

/// Currency, tax country and whether prices include tax: from the price list and the address where the write does not say them.
fn settle_prices(draft: &mut Draft, context: &RuleContext<'_>) -> Result<(), Problem> {
    let list = draft.get("price_list").as_id().and_then(|list| context.find("price_list", list));
    let typed = draft.get("currency").as_text().unwrap_or_default().trim().to_owned();
    let of_list = list.as_ref().and_then(|list| list.get("currency").as_text()).map(str::to_owned);
    let currency = match typed.is_empty() {
        true => of_list.clone().unwrap_or_else(|| context.workspace.settings().base_currency.clone()),
        false => kinds::currency_code(&typed).ok_or_else(|| unknown_currency(&typed))?,
    };
    if of_list.is_some_and(|of| of != currency) && (draft.changes("price_list") || draft.changes("currency")) {
        let message = format!("This quote is in {currency} and the price list is not. Choose another list.");
        return Err(Problem::invalid(vec![fault("price_list", "other_currency", message)]));
    }
    let priced = matches!(draft.was("total"), Value::Money { currency: of, .. } if *of != currency);
    if priced {
        let message =
            "The lines of this quote are in its currency. Take them out first, or make another quote.".to_owned();
        return Err(Problem::invalid(vec![fault("currency", "in_use", message)]));
    }
    if let Value::Money { currency: of, .. } = draft.get("discount_amount")
        && *of != currency
    {
        let message = format!("This quote is in {currency}. Give the discount in {currency}.");
        return Err(Problem::invalid(vec![fault("discount_amount", "other_currency", message)]));
    }
    draft.set("currency", Value::text(currency));
    settle_inclusion(draft, list.as_deref())?;
    let typed = draft.get("tax_country").as_text().map(str::to_ascii_uppercase);
    let country = typed.or_else(|| country_of(draft.get("address"))).or_else(|| {
        let company = draft.get("company").as_id().and_then(|company| context.find("company", company))?;
        country_of(company.get("billing_address"))
    });
    let country = country.unwrap_or_else(|| context.workspace.settings().default_country.clone());
    draft.set("tax_country", Value::text(country));
    Ok(())
}

/// Prices include tax where those of the price list do.
fn settle_inclusion(draft: &mut Draft, list: Option<&Record>) -> Result<(), Problem> {
    let included = list.map(|list| *list.get("tax_included") == Value::Bool(true));
    let said = draft.changes("tax_included").then(|| draft.get("tax_included").clone());
    if let (Some(included), Some(Value::Bool(said))) = (included, &said)
        && included != *said
    {
        let message =
            "Whether prices include tax is for the price list to say. Choose another list, or none.".to_owned();
        return Err(Problem::invalid(vec![fault("tax_included", "of_list", message)]));
    }
    match included {
        Some(included) => draft.set("tax_included", Value::Bool(included)),
        None if draft.get("tax_included").is_missing() => draft.set("tax_included", Value::Bool(false)),
        None => {}
    }
    Ok(())
}

fn country_of(address: &Value) -> Option<String> {
    address.as_json()?.get("country")?.as_str().map(str::to_ascii_uppercase)
}

/// When it was sent and decided; an empty quote is not sent.
fn settle_course(draft: &mut Draft, context: &RuleContext<'_>) -> Result<(), Problem> {
    let now = status_of(&draft.after).to_owned();
    if draft.changes("status") && now == "replaced" && !context.actor.is_system() {
        let message = "A quote is replaced by making a new version of it.".to_owned();
        return Err(Problem::invalid(vec![fault("status", "bad_value", message)]));
    }
    if draft.changes("status") && now != "draft" && now != "replaced" && draft.get("total").is_missing() {
        let message = "This quote offers nothing yet. Give it a line first.".to_owned();
        return Err(Problem::invalid(vec![fault("status", "empty", message)]));
    }
    if now != "draft" && draft.get("sent_at").is_missing() && now != "replaced" {
        draft.set("sent_at", Value::Instant(draft.at));
    }
    let decided = matches!(now.as_str(), "accepted" | "declined");
    if !decided {
        draft.set("decided_at", Value::Missing);
    } else if draft.get("decided_at").is_missing() || (draft.changes("status") && !draft.changes("decided_at")) {
        draft.set("decided_at", Value::Instant(draft.at));
    }
    if now != "declined" {
        draft.set("declined_reason", Value::Missing);
    }
    Ok(())
}

fn keep_quote_line(draft: &mut Draft, context: &RuleContext<'_>) -> Result<(), Problem> {
    let wholes = [draft.was("quote").as_id(), draft.get("quote").as_id()];
    let sent = |id: Uuid| context.find("quote", id).is_some_and(|quote| status_of(&quote) != "draft");
    if wholes.into_iter().flatten().any(sent) {
        return Err(Problem::new(Code::Conflict, LOCKED));
    }
    keep_line(draft, context, "quote")
}

/// What a quote comes to, and each line's part of it.
fn settle_quotes(batch: &mut Batch<'_>, ids: &[Uuid]) -> Result<(), Error> {
    let object = batch.load_object("quote")?;
    let quotes: BTreeMap<Uuid, Record> =
        batch.tx().find_many(&object, ids)?.into_iter().map(|quote| (quote.id, quote)).collect();
    let (mut of_quotes, mut of_lines) = (Vec::new(), Vec::new());
    for (id, lines) in lines_of(batch, "quote_line", "quote", ids)? {
        let Some(quote) = quotes.get(&id) else { continue };
        let currency = quote.get("currency").as_text().unwrap_or_default();
        let read: Vec<(Uuid, Line)> =
            lines.iter().filter_map(|line| line_of(line).map(|(read, _)| (line.id, read))).collect();
        let counted: Vec<Line> = read.iter().map(|(_, line)| *line).collect();
        let totals = totals::add_up(&counted, &terms_of(quote, currency)).ok_or_else(too_large)?;
        let money = |amount: i64| Value::Money { amount, currency: currency.to_owned(), base: None };
        for ((line, _), sum) in read.iter().zip(&totals.lines) {
            let sums = [("net_amount", money(sum.net)), ("tax_amount", money(sum.tax))];
            of_lines.push((*line, patch(sums)));
        }
        of_quotes.push((id, sums_of(&totals, &money, read.is_empty())));
    }
    batch.keep("quote_line", of_lines)?;
    batch.keep("quote", of_quotes)
}

fn terms_of(quote: &Record, currency: &str) -> Terms {
    let discount = match (quote.get("discount_percent"), quote.get("discount_amount")) {
        (Value::Dec(percent), _) => Discount::Percent(*percent),
        (_, Value::Money { amount, .. }) => Discount::Amount(*amount),
        _ => Discount::None,
    };
    Terms {
        unit: kinds::smallest_amount(currency),
        tax_included: *quote.get("tax_included") == Value::Bool(true),
        tax_by_line: *quote.get("tax_by_line") == Value::Bool(true),
        discount,
    }
}

/// The sums as a document keeps them; a document without lines has none.
fn sums_of(totals: &Totals, money: &dyn Fn(i64) -> Value, empty: bool) -> Patch {
    let taxes = totals.taxes.iter().map(|sum| {
        json!({ "rate": scaled_to_json(sum.rate), "net": scaled_to_json(sum.net), "tax": scaled_to_json(sum.tax) })
    });
    let sums = [
        ("subtotal", money(totals.subtotal)),
        ("discount_total", money(totals.discount)),
        ("net_total", money(totals.net)),
        ("tax_total", money(totals.tax)),
        ("total", money(totals.total)),
        ("taxes", Value::json(taxes.collect())),
    ];
    sums.into_iter().map(|(name, sum)| (name.to_owned(), if empty { Value::Missing } else { sum })).collect()
}
