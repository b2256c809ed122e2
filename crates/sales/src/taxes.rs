//! Rates of tax: which one holds where, for what, on a day; and those that an installation begins with.

use engine::{Batch, BeginningEntry, Draft, RuleContext, RuleEntry};
use jiff::civil::Date;
use model::value::scaled_to_text;
use model::{Op, Patch, Problem, Value};
use store::Error;

use crate::begin::patch;
use crate::prices::{day_of, is_valid};

pub(crate) const TAX_RATE: RuleEntry = RuleEntry {
    object: "tax_rate",
    why: "Rates are found by their country: written in two ways, one of them would never count.",
    apply: keep_tax_rate,
};

pub(crate) const BEGINNING: BeginningEntry = BeginningEntry { object: "tax_rate", make };

/// Country, standard rate, reduced rate (the one of most goods, where there are several), in percent:
/// value added tax as the countries publish it for 2026.
const RATES: [(&str, &str, &str); 17] = [
    ("AT", "20", "10"),
    ("BE", "21", "6"),
    ("CH", "8.1", "2.6"),
    ("CZ", "21", "12"),
    ("DE", "19", "7"),
    ("DK", "25", ""),
    ("ES", "21", "10"),
    ("FI", "25.5", "13.5"),
    ("FR", "20", "5.5"),
    ("GB", "20", "5"),
    ("IE", "23", "13.5"),
    ("IT", "22", "10"),
    ("LU", "17", "8"),
    ("NL", "21", "9"),
    ("PL", "23", "8"),
    ("PT", "23", "6"),
    ("SE", "25", "12"),
];

fn make(batch: &mut Batch<'_>) -> Result<(), Error> {
    let of = |country: &str, class: &str, rate: &str| {
        let rate = model::value::scaled_from_text(rate)?;
        let texts = [("country", Value::text(country)), ("tax_class", Value::text(class)), ("rate", Value::Dec(rate))];
        Some(patch(texts))
    };
    let rates: Vec<Patch> = RATES
        .iter()
        .flat_map(|(country, standard, reduced)| {
            [of(country, "standard", standard), of(country, "reduced", reduced)].into_iter().flatten()
        })
        .collect();
    batch.create_many("tax_rate", rates)?.into_iter().try_for_each(|made| made.map(drop)).map_err(Problem::into)
}

fn keep_tax_rate(draft: &mut Draft, context: &RuleContext<'_>) -> Result<(), Problem> {
    if draft.op == Op::Delete || context.undoes.is_some() {
        return Ok(());
    }
    if let Some(country) = draft.get("country").as_text().map(str::to_ascii_uppercase) {
        let own = name_of(draft.was("country").as_text(), draft.was("rate"));
        draft.set("country", Value::text(country.clone()));
        // A name of its own stays; that of country and rate follows them.
        if draft.get("name").is_missing() || draft.get("name").as_text() == own.as_deref() {
            draft.set("name", name_of(Some(&country), draft.get("rate")).map_or(Value::Missing, Value::text));
        }
    }
    Ok(())
}

fn name_of(country: Option<&str>, rate: &Value) -> Option<String> {
    let Value::Dec(rate) = rate else { return None };
    Some(format!("{} {} %", country?, scaled_to_text(*rate)))
}

/// The rate of a class in a country on a day, in percent; what is taxed at zero or exempt has zero unless a rate says otherwise.
pub(crate) fn rate_of(context: &RuleContext<'_>, country: &str, class: &str, day: Date) -> Option<i64> {
    let rates = context.all("tax_rate");
    let fits = rates.iter().filter(|rate| {
        rate.get("country").as_text() == Some(country)
            && rate.get("tax_class").as_text() == Some(class)
            && is_valid(rate, day)
    });
    match fits.max_by_key(|rate| (day_of(rate, "valid_from"), rate.id)).map(|rate| rate.get("rate")) {
        Some(Value::Dec(rate)) => Some(*rate),
        _ => matches!(class, "zero" | "exempt").then_some(0),
    }
}
