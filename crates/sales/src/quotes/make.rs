//! Quotes that are made of something else: of a deal, or of the version before. One batch each, one undo.

use engine::{Batch, Edit, Plan, Right, Workspace};
use model::{Actor, Code, FieldProblem, Object, Patch, Problem, Record, Value};
use store::{Error, Pending};
use uuid::Uuid;

use super::status_of;
use crate::begin::patch;
use crate::convert::take_over;
use crate::lines::lines_of;

/// What a quote takes over from its deal: field of the quote, field of the deal.
const OF_DEAL: [(&str, &str); 5] = [
    ("subject", "name"),
    ("company", "company"),
    ("person", "person"),
    ("price_list", "price_list"),
    ("owner", "owner"),
];
/// What a version takes over from the one before.
const OF_VERSION: [&str; 18] = [
    "subject",
    "deal",
    "company",
    "person",
    "address",
    "valid_until",
    "introduction",
    "terms",
    "price_list",
    "currency",
    "tax_country",
    "tax_included",
    "tax_by_line",
    "discount_percent",
    "discount_amount",
    "owner",
    "team",
    "tags",
];
/// What a line takes over from the one it is copied of.
const OF_LINE: [&str; 11] = [
    "name",
    "product",
    "position",
    "quantity",
    "unit",
    "unit_price",
    "discount",
    "description",
    "tax_rate",
    "optional",
    "section",
];

/// Makes a quote of a deal with everything that the deal has in it; what it gives back has no sums yet. `values` are those of the quote that are said; the rest
/// comes from the deal, as far as the actor may read it there and write it here.
///
/// # Errors
/// Not found, also when the actor may not see the deal; what is wrong with the values; forbidden; a database that fails.
pub fn from_deal(workspace: &Workspace, actor: &Actor, id: Uuid, values: Patch) -> Pending<(Uuid, Record)> {
    workspace.transact(actor, Plan::new("make a quote of a deal"), move |batch| {
        let (object, deal) = find(batch, "deal", id)?;
        let own = batch.load_object("quote")?;
        let mut quote = take_over(batch, (&object, &deal), &own, &OF_DEAL)?;
        quote.insert("deal".to_owned(), Value::Id(id));
        // Lines without a list are in the currency of the deal.
        if let (false, Value::Money { currency, .. }) = (quote.contains_key("price_list"), deal.get("lines_amount")) {
            quote.insert("currency".to_owned(), Value::text(currency));
        }
        quote.extend(values.clone());
        let quote = batch.create("quote", quote)?;
        copy_lines(batch, ("deal_line", "deal", id), quote.id)?;
        Ok(quote)
    })
}

/// Makes the next version of a quote as a draft; the one before is replaced by it, and stays as it was.
///
/// # Errors
/// Not found; a conflict when it is a draft still, or was replaced already; forbidden; a database that fails.
pub fn new_version(workspace: &Workspace, actor: &Actor, id: Uuid) -> Pending<(Uuid, Record)> {
    workspace.transact(actor, Plan::new("a new version of a quote"), move |batch| {
        let (object, before) = find(batch, "quote", id)?;
        match status_of(&before) {
            "draft" => return Err(Problem::new(Code::Conflict, "This quote is a draft. Change it as it is.").into()),
            "replaced" => {
                let message = "A later version replaced this quote. Go on with that one.";
                return Err(Problem::new(Code::Conflict, message).into());
            }
            _ => {}
        }
        if !batch.may(&object, &[id], Right::Update)? {
            return Err(batch.policy().refusal(&object, Right::Update).into());
        }
        let fields = OF_VERSION.map(|name| (name, name));
        let values = take_over(batch, (&object, &before), &object, &fields)?;
        let quote = batch.create("quote", values)?;
        copy_lines(batch, ("quote_line", "quote", id), quote.id)?;
        let version = if let Value::Int(version) = before.get("version_no") { version + 1 } else { 2 };
        let link = patch([
            ("number", Value::text(numbered(before.get("number").as_text().unwrap_or_default(), version))),
            ("version_no", Value::Int(version)),
            ("replaces", Value::Id(id)),
        ]);
        let replaced = patch([("status", Value::text("replaced"))]);
        batch.as_program("a new version of a quote", |batch| {
            batch.update("quote", Edit { id, patch: replaced, if_version: None })?;
            batch.update("quote", Edit { id: quote.id, patch: link, if_version: None })
        })
    })
}

/// `Q-2026-00012-3`: the number of the first version, and which one it is.
fn numbered(before: &str, version: i64) -> String {
    let first = match version {
        ..=2 => before,
        version => before.strip_suffix(&format!("-{}", version - 1)).unwrap_or(before),
    };
    format!("{first}-{version}")
}

fn find(batch: &mut Batch<'_>, name: &str, id: Uuid) -> Result<(std::sync::Arc<Object>, Record), Error> {
    let object = batch.load_object(name)?;
    let seen = batch.seen(&object, &[id])?;
    let found = batch.tx().lock_many(&object, &[id])?.pop();
    let found = found.filter(|record| seen.contains(&id) && record.get("deleted_at").is_missing());
    Ok((object, found.ok_or_else(|| Problem::not_found(name))?))
}

/// Copies the lines of one whole (object of the lines, their reference, the whole) into a quote, as far as they are seen.
fn copy_lines(batch: &mut Batch<'_>, from: (&str, &str, Uuid), quote: Uuid) -> Result<(), Error> {
    let (object, own) = (batch.load_object(from.0)?, batch.load_object("quote_line")?);
    let lines = lines_of(batch, from.0, from.1, &[from.2])?.remove(&from.2).unwrap_or_default();
    let ids: Vec<Uuid> = lines.iter().map(|line| line.id).collect();
    let seen = batch.seen(&object, &ids)?;
    let fields = OF_LINE.map(|name| (name, name));
    let mut copies = Vec::with_capacity(lines.len());
    for line in lines.iter().filter(|line| seen.contains(&line.id)) {
        let mut copy = take_over(batch, (&object, line), &own, &fields)?;
        copy.insert("quote".to_owned(), Value::Id(quote));
        copies.push(copy);
    }
    if copies.is_empty() {
        return Ok(());
    }
    for made in batch.create_many("quote_line", copies)? {
        made.map_err(about_lines)?;
    }
    Ok(())
}

/// What is wrong with a line is no fault of a field of the quote.
fn about_lines(problem: Problem) -> Problem {
    let said = problem.fields.first().map(|FieldProblem { message, .. }| message.clone());
    let detail = format!("A line cannot be taken over: {}", said.unwrap_or_else(|| problem.detail.clone()));
    Problem { detail, fields: Vec::new(), ..problem }
}
