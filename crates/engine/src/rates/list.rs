//! Looking at the rates: those that count on a day, or one currency through its days; and what an amount is worth.

use jiff::civil::Date;
use model::{Actor, Problem};
use serde::Serialize;
use store::Error;

use super::{EURO, Known, OBJECT, SCALE, Worth, rate_text};
use crate::policy::Right;
use crate::refresh;
use crate::workspace::Workspace;

/// Parts of a unit that the worth of one unit is told in.
const WORTH_SCALE: i128 = 1_000_000_000_000;

/// One rate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rate {
    /// ISO 4217 code.
    pub currency: String,
    /// The day that it is of.
    pub on: Date,
    /// Units for one euro.
    pub rate: String,
    /// What one unit is worth in the base currency, to twelve places; nothing while that has no rate.
    pub worth: Option<String>,
}

/// Rates with what they are told for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RateList {
    /// The base currency.
    pub base: String,
    /// The present day of the workspace.
    pub today: Date,
    /// Whether a job still counts amounts by what was changed.
    pub counting: bool,
    /// By currency, or of one currency the latest first.
    pub rates: Vec<Rate>,
}

impl Known {
    /// What one unit is worth in the base currency on a day.
    fn unit(&self, rate: i64, day: Date) -> Option<String> {
        let base = i128::from(self.on(&self.base, day)?.0);
        let by = i128::from(rate);
        let worth = (base * WORTH_SCALE + by / 2).checked_div(by)?;
        let text = format!("{}.{:012}", worth / WORTH_SCALE, worth % WORTH_SCALE);
        Some(text.trim_end_matches('0').trim_end_matches('.').to_owned())
    }

    /// The last rate of each currency on a day.
    fn counting_on(&self, day: Date) -> Vec<Rate> {
        let one = |currency: &String| {
            let (rate, on) = self.on(currency, day)?;
            Some(Rate { currency: currency.clone(), on: on?, rate: rate_text(rate), worth: self.unit(rate, day) })
        };
        let mut rates: Vec<Rate> = self.rates.keys().filter_map(one).collect();
        rates.extend(self.euro(day));
        rates.sort_by(|a, b| a.currency.cmp(&b.currency));
        rates
    }

    /// The euro has a rate where it is not the base currency: that of the base currency.
    fn euro(&self, day: Date) -> Option<Rate> {
        let on = self.on(&self.base, day)?.1?;
        Some(Rate { currency: EURO.to_owned(), on, rate: "1".to_owned(), worth: self.unit(SCALE, day) })
    }

    /// The rates of a currency until a day, the latest first.
    fn through(&self, currency: &str, day: Date, limit: usize) -> Vec<Rate> {
        let days = |currency: &str| self.rates.get(currency).into_iter().flatten().rev();
        if currency == EURO {
            let until = days(&self.base).filter(|(on, _)| *on <= day).take(limit);
            return until.filter_map(|(on, _)| self.euro(*on)).collect();
        }
        let one = |(on, rate): &(Date, i64)| Rate {
            currency: currency.to_owned(),
            on: *on,
            rate: rate_text(*rate),
            worth: self.unit(*rate, *on),
        };
        days(currency).filter(|(on, _)| *on <= day).take(limit).map(one).collect()
    }

    fn today(&self, now: i64) -> Date {
        self.day_of(&model::Value::Instant(now)).unwrap_or_default()
    }
}

impl Workspace {
    /// The rates that count on a day, today where none is named; with a currency those of it until that day.
    ///
    /// # Errors
    /// Forbidden for who sees nothing at all; a database that fails.
    pub fn list_rates(
        &self,
        actor: &Actor,
        currency: Option<String>,
        on: Option<Date>,
        limit: usize,
    ) -> store::Pending<RateList> {
        let (workspace, actor) = (self.clone(), actor.clone());
        self.store().read(move |tx| {
            let known = workspace.rates_for(tx, &actor)?;
            let today = known.today(workspace.now());
            let day = on.unwrap_or(today);
            let rates = match &currency {
                Some(currency) => known.through(currency, day, limit),
                None => known.counting_on(day),
            };
            Ok(RateList { base: known.base.clone(), today, counting: refresh::is_behind(tx, None)?, rates })
        })
    }

    /// An amount of one currency in another, by the last rates known for a day, today where none is named.
    ///
    /// # Errors
    /// A currency without a rate until that day; forbidden for who sees nothing at all; a database that fails.
    pub fn convert(
        &self,
        actor: &Actor,
        amount: i64,
        from: String,
        to: String,
        on: Option<Date>,
    ) -> store::Pending<Worth> {
        let (workspace, actor) = (self.clone(), actor.clone());
        self.store().read(move |tx| {
            let known = workspace.rates_for(tx, &actor)?;
            let day = on.unwrap_or_else(|| known.today(workspace.now()));
            Ok(known.convert(amount, &from, &to, day)?)
        })
    }

    fn rates_for(&self, tx: &mut store::Tx, actor: &Actor) -> Result<std::sync::Arc<Known>, Error> {
        let schema = self.schema();
        let object = schema.find_object(OBJECT).ok_or_else(|| Problem::not_found("object"))?;
        self.judge(tx, actor, |policy| policy.scope(object, Right::Read).map(drop))??;
        self.rates(tx)
    }
}
