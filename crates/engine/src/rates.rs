//! Exchange rates: a record for each day with what one euro was worth. An amount in another currency counts by the rates of
//! the day on which its record was made; where a currency has none on that day, by its last one before.
//!
//! All rates are kept in memory under a stamp, which a transaction that changes them renews. A write that counts an amount
//! holds the stamp: no rate changes under it, and the job that counts anew afterwards finds what it wrote.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use model::{Code, Field, FieldProblem, Kind, Object, Op, Problem, Record, Schema, Value};
use serde_json::{Map, Value as Json};
use store::tables::settings;
use store::{Error, Select, Tx};
use uuid::Uuid;

use crate::batch::Batch;
use crate::compiled::ObjectRules;
use crate::draft::Draft;
use crate::module::RuleContext;
use crate::refresh;
use crate::settings::Settings;
use crate::workspace::Workspace;

mod ecb;
mod list;
mod take_in;

pub use ecb::BYTES_MAX as RATES_BYTES_MAX;
pub use list::{Rate, RateList};
pub use take_in::RatesImported;

/// Name of the object.
pub(crate) const OBJECT: &str = "exchange_rate";
/// What all rates are told in.
const EURO: &str = "EUR";
/// Parts of a unit that a rate is kept in.
const SCALE: i64 = 100_000_000;
/// The name under which it is kept which rates, base currency and time zone amounts count by.
const STAMP: &str = "exchange_rates.stamp";

/// The stored rates by day, each with its record.
type Stored = BTreeMap<Date, (Uuid, Map<String, Json>)>;

/// All that amounts are counted by.
#[derive(Default)]
pub(crate) struct Known {
    stamp: Option<Json>,
    base: String,
    zone: Option<TimeZone>,
    /// The rates by currency, each in the order of their days.
    rates: HashMap<String, Vec<(Date, i64)>>,
}

/// An amount in another currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Worth {
    /// In units of 1/10,000; halves are rounded away from zero.
    pub amount: i64,
    /// The day of the rate it was counted by, the older of two; none within one currency.
    pub on: Option<Date>,
}

impl Known {
    fn load(workspace: &Workspace, tx: &mut Tx, stamp: Option<Json>) -> Result<Self, Error> {
        let settings = Settings::find(tx)?;
        let mut rates: HashMap<String, Vec<(Date, i64)>> = HashMap::new();
        for (day, (_, stored)) in stored(workspace, tx)? {
            for (currency, rate) in stored {
                if let Some(rate) = rate.as_str().and_then(rate_of) {
                    rates.entry(currency).or_default().push((day, rate));
                }
            }
        }
        Ok(Self { stamp, zone: Some(settings.zone()), base: settings.base_currency, rates })
    }

    /// Units of a currency for one euro on a day, or on the last day before that has a rate, with that day.
    fn on(&self, currency: &str, day: Date) -> Option<(i64, Option<Date>)> {
        if currency == EURO {
            return Some((SCALE, None));
        }
        let rates = self.rates.get(currency)?;
        let after = rates.partition_point(|(on, _)| *on <= day);
        rates.get(after.checked_sub(1)?).map(|(on, rate)| (*rate, Some(*on)))
    }

    /// An amount of one currency in another, by the rates of a day.
    pub(crate) fn convert(&self, amount: i64, from: &str, to: &str, day: Date) -> Result<Worth, Problem> {
        if from == to {
            return Ok(Worth { amount, on: None });
        }
        let rate = |currency| self.on(currency, day).ok_or_else(|| unknown(currency, day));
        let ((from, begun), (into, since)) = (rate(from)?, rate(to)?);
        let on = begun.into_iter().chain(since).min();
        match cross(amount, into, from) {
            Some(amount) => Ok(Worth { amount, on }),
            None => Err(Problem::new(Code::Invalid, format!("The amount is too large to be told in {to}."))),
        }
    }

    fn day_of(&self, at: &Value) -> Option<Date> {
        let Value::Instant(at) = at else { return None };
        let zone = self.zone.clone().unwrap_or(TimeZone::UTC);
        jiff::Timestamp::from_microsecond(*at).ok().map(|at| at.to_zoned(zone).date())
    }

    /// What an amount of a record counts in the base currency; nothing where no rate is known.
    fn worth(&self, amount: i64, currency: &str, record: &Record) -> Option<i64> {
        if currency == self.base {
            return Some(amount);
        }
        let day = self.day_of(record.get("created_at"))?;
        self.convert(amount, currency, &self.base, day).ok().map(|worth| worth.amount)
    }

    /// Counts these amounts of a record.
    pub(crate) fn count(&self, amounts: &[&str], record: &mut Record) {
        for name in amounts {
            let Value::Money { amount, currency, .. } = record.get(name).clone() else { continue };
            let base = self.worth(amount, &currency, record);
            record.values.insert((*name).to_owned(), Value::Money { amount, currency, base });
        }
    }
}

/// A number times one rate by another; halves are rounded away from zero.
fn cross(number: i64, times: i64, by: i64) -> Option<i64> {
    let (exact, by) = (i128::from(number) * i128::from(times), i128::from(by));
    i64::try_from((exact.abs() + by / 2).checked_div(by)? * exact.signum()).ok()
}

fn unknown(currency: &str, day: Date) -> Problem {
    Problem::new(
        Code::Invalid,
        format!(
            "No exchange rate of {currency} is known for {day} or a day before. Add it in the settings under \
             Currencies."
        ),
    )
}

/// A rate as it is kept: more than nothing, exact to eight places.
fn rate_of(text: &str) -> Option<i64> {
    let (whole, part) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || whole.len() > 9 || part.len() > 8 || !digits(whole) || !digits(part) {
        return None;
    }
    let rate = whole.parse::<i64>().ok()? * SCALE + format!("{part:0<8}").parse::<i64>().ok()?;
    (rate > 0).then_some(rate)
}

/// A rate in words: `1.0921`.
fn rate_text(rate: i64) -> String {
    let text = format!("{}.{:08}", rate / SCALE, rate % SCALE);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A day that a rate may be of: a slip of the finger in the year is none.
fn is_day(day: Date) -> bool {
    (1900..=2200).contains(&day.year())
}

/// A code of three capitals; some of them are of currencies that are no more.
fn is_currency(code: &str) -> bool {
    is_code(code) && code != EURO
}

fn is_code(code: &str) -> bool {
    code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// The amounts that people enter or a module keeps; figures are in the base currency already.
pub(crate) fn amounts_of(object: &Object) -> Vec<&str> {
    let own = |field: &&Field| field.value_kind() == Kind::Money && (field.kept || !field.is_derived());
    object.fields.iter().filter(own).map(|field| field.name.as_str()).collect()
}

/// Checks the rates of a day.
pub(crate) fn check(draft: &mut Draft, _: &RuleContext<'_>) -> Result<(), Problem> {
    if matches!(draft.op, Op::Delete | Op::Restore | Op::Erase) {
        return Ok(());
    }
    let wrong = |field: &str, message: &str| {
        let (field, code, message) = (field.to_owned(), "bad_value".to_owned(), message.to_owned());
        Err(Problem::invalid(vec![FieldProblem { field, code, message }]))
    };
    if let Value::Date(day) = draft.get("on") {
        let day = *day;
        if !is_day(day) {
            return wrong("on", "The day of a rate is between 1900 and 2200.");
        }
        draft.set("name", Value::text(day.to_string()));
    }
    let Some(rates) = draft.get("rates").as_json() else { return Ok(()) };
    let is_rate = |(currency, rate): (&String, &Json)| {
        is_currency(currency) && rate.as_str().is_some_and(|rate| rate_of(rate).is_some())
    };
    if rates.as_object().is_some_and(|rates| !rates.is_empty() && rates.iter().all(is_rate)) {
        return Ok(());
    }
    wrong("rates", "Rates are texts by currency: what one euro is worth, like {\"USD\": \"1.0812\"}.")
}

/// Renews what amounts are counted by, and has all of them counted anew.
pub(crate) fn count_anew(tx: &mut Tx, schema: &Schema, now: i64) -> Result<(), Error> {
    settings::set(tx, STAMP, &Json::from(Uuid::now_v7().to_string()))?;
    refresh::queue_worth(tx, schema, now)
}

fn stored(workspace: &Workspace, tx: &mut Tx) -> Result<Stored, Error> {
    let schema = workspace.schema();
    let object = schema.find_object(OBJECT).ok_or_else(|| Problem::not_found("object"))?;
    let fields = ["on", "rates"].map(str::to_owned).to_vec();
    let mut stored = Stored::new();
    tx.select(&Select { fields, ..Select::all(&schema, object) }, &mut |record| {
        if let (Value::Date(day), Some(Json::Object(rates))) = (record.get("on"), record.get("rates").as_json()) {
            stored.insert(*day, (record.id, rates.clone()));
        }
        Ok(())
    })?;
    Ok(stored)
}

impl Workspace {
    /// What amounts are counted by, as a transaction sees it.
    pub(crate) fn rates(&self, tx: &mut Tx) -> Result<Arc<Known>, Error> {
        let stamp = settings::find(tx, STAMP)?.unwrap_or_default();
        self.rates_of(tx, stamp)
    }

    /// The same, and nobody changes it until the transaction ends.
    pub(crate) fn rates_held(&self, tx: &mut Tx) -> Result<Arc<Known>, Error> {
        let stamp = settings::hold(tx, STAMP, &Json::from("first"))?;
        self.rates_of(tx, stamp)
    }

    fn rates_of(&self, tx: &mut Tx, stamp: Json) -> Result<Arc<Known>, Error> {
        let known = self.0.rates.load_full();
        if known.stamp.as_ref() == Some(&stamp) {
            return Ok(known);
        }
        let known = Arc::new(Known::load(self, tx, Some(stamp))?);
        self.0.rates.store(known.clone());
        Ok(known)
    }
}

impl Batch<'_> {
    /// An amount of one currency in another, by the last rates known for a day.
    ///
    /// # Errors
    /// A currency without a rate until that day; a database that fails.
    pub fn convert(&mut self, amount: i64, from: &str, to: &str, day: Date) -> Result<Worth, Error> {
        Ok(self.rates_held()?.convert(amount, from, to, day)?)
    }

    /// Amounts that are new count by the rates of their record's day; the others count what they did: when rates change, a
    /// job counts them, and no edit of something else changes a sum.
    pub(crate) fn count_worth(
        &mut self,
        rules: &ObjectRules,
        drafts: &mut [Result<Draft, Problem>],
    ) -> Result<(), Error> {
        let amounts = amounts_of(&rules.object);
        let mut rates = None;
        for draft in drafts.iter_mut().flatten() {
            for name in &amounts {
                let Value::Money { amount, currency, .. } = draft.get(name).clone() else { continue };
                let base = match draft.was(name) {
                    Value::Money { amount: was, currency: of, base } if (*was, of) == (amount, &currency) => *base,
                    _ => {
                        let rates = match &rates {
                            Some(rates) => rates,
                            None => rates.insert(self.rates_held()?),
                        };
                        rates.worth(amount, &currency, &draft.after)
                    }
                };
                draft.set(name, Value::Money { amount, currency, base });
            }
        }
        Ok(())
    }

    fn rates_held(&mut self) -> Result<Arc<Known>, Error> {
        match self.rates_changed {
            // Not yet committed, they are nobody else's business.
            true => Ok(Arc::new(Known::load(self.workspace, self.tx, None)?)),
            false => self.workspace.rates_held(self.tx),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn amounts_cross_over_the_euro_by_the_last_rate_before() {
        let rates = |list: &[(&str, &str)]| list.iter().map(|(on, rate)| (day(on), rate_of(rate).unwrap())).collect();
        let known = Known {
            rates: HashMap::from([
                ("USD".to_owned(), rates(&[("2024-01-04", "1.2500"), ("2024-01-05", "1.2000")])),
                ("JPY".to_owned(), rates(&[("2024-01-05", "160.5")])),
            ]),
            ..Known::default()
        };
        let worth = |amount, from, to, on| known.convert(amount, from, to, day(on)).map(|worth| worth.amount).ok();
        assert_eq!(worth(1_000_000, "USD", "EUR", "2024-01-04"), Some(800_000));
        // Over the weekend that of Friday counts.
        assert_eq!(worth(1_000_000, "USD", "EUR", "2024-01-07"), Some(833_333));
        assert_eq!(worth(-1_000_000, "USD", "EUR", "2024-01-07"), Some(-833_333));
        assert_eq!(worth(1_000_000, "USD", "JPY", "2024-01-05"), Some(133_750_000));
        assert_eq!(worth(1_000_000, "EUR", "USD", "2024-01-05"), Some(1_200_000));
        assert_eq!(worth(5, "CHF", "CHF", "2024-01-05"), Some(5));
        let on = known.convert(1, "USD", "JPY", day("2024-02-01")).unwrap().on;
        assert_eq!(on, Some(day("2024-01-05")));
        // Before the first rate, and of what has none, nothing is known.
        assert_eq!(worth(1, "USD", "EUR", "2024-01-03"), None);
        let problem = known.convert(1, "CHF", "EUR", day("2024-01-05")).unwrap_err();
        assert!(problem.detail.starts_with("No exchange rate of CHF is known for 2024-01-05 or a day before."));
        assert_eq!(worth(i64::MAX, "EUR", "JPY", "2024-01-05"), None);
    }

    #[test]
    fn rates_are_exact_and_more_than_nothing() {
        for (text, rate, again) in [
            ("1.0812", 108_120_000, "1.0812"),
            ("17234.50", 1_723_450_000_000, "17234.5"),
            ("160", 16_000_000_000, "160"),
            ("0.00000001", 1, "0.00000001"),
            ("999999999.99999999", 99_999_999_999_999_999, "999999999.99999999"),
        ] {
            assert_eq!(rate_of(text), Some(rate));
            assert_eq!(rate_text(rate), again);
        }
        for wrong in ["", "0", "0.0", "-1", "+1", "1,5", "1.0.0", "1e3", "abc", "1.123456789", "12345678901", ".5"] {
            assert_eq!(rate_of(wrong), None, "{wrong}");
        }
    }
}
