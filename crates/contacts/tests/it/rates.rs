//! Exchange rates: taken in once, undone as one, and what amounts in other currencies count by them.
//!
//! A failure of the random story names the seed; `RAPPORT_TEST_SEED=<seed>` repeats it.

use std::collections::BTreeMap;

use engine::{Query, Settings};
use jiff::ToSpan as _;
use jiff::civil::Date;
use model::Code;
use model::value::{scaled_from_text, scaled_to_text};
use serde_json::json;
use testkit::random::{Random, cases, seed};
use testkit::{Kit, on_both, problem};
use uuid::Uuid;

/// Steps of the random story in the usual run of the suite.
const USUAL: usize = 40;
const CURRENCIES: [&str; 5] = ["EUR", "USD", "JPY", "CHF", "KWD"];

fn today(kit: &Kit) -> Date {
    let now = jiff::Timestamp::from_microsecond(kit.workspace.now()).unwrap();
    now.to_zoned(jiff::tz::TimeZone::UTC).date()
}

/// A file of these days; `{before}` is yesterday.
fn file(kit: &Kit, rows: &str) -> Vec<u8> {
    let yesterday = today(kit).yesterday().unwrap();
    format!("Date,USD,JPY,\n{}", rows.replace("{before}", &yesterday.to_string())).into_bytes()
}

fn run_jobs(kit: &Kit) {
    while kit.workspace.run_due_job().unwrap() {}
}

fn use_base(kit: &Kit, currency: &str) {
    let currency = currency.to_owned();
    let change = move |settings: &mut Settings| settings.base_currency.clone_from(&currency);
    kit.workspace.change_settings(&kit.system(), change).unwrap();
}

/// The sum of what all companies earn in the base currency, exactly.
fn total(kit: &Kit) -> i64 {
    let query = Query { object: "company".to_owned(), ..Query::default() };
    let sum = kit.workspace.aggregate(&kit.system(), query, vec![], vec!["sum:annual_revenue".to_owned()]).wait();
    let sum = sum.unwrap()["groups"][0]["sum:annual_revenue"].clone();
    if sum.is_null() { 0 } else { scaled_from_text(&sum.to_string()).unwrap() }
}

fn earns(kit: &Kit, amount: i64, currency: &str) -> Uuid {
    let amount: serde_json::Number = scaled_to_text(amount).parse().unwrap();
    let money = json!({ "amount": amount, "currency": currency });
    kit.create("company", json!({ "name": Uuid::now_v7().to_string(), "annual_revenue": money }))
}

#[test]
fn amounts_follow_the_rates_and_the_base_currency() {
    on_both(|kit| {
        let first = earns(kit, 10_000_000, "EUR");
        let second = earns(kit, 10_000_000, "USD");
        assert_eq!(total(kit), 10_000_000);
        // Those that were there before follow in a job; the day before counts where the day itself has none.
        let done =
            kit.workspace.import_rates(&kit.system(), &file(kit, "{before},1.25,160,\n2001-01-05,1.5,N/A,\n")).unwrap();
        assert_eq!((done.created, done.changed, done.unchanged, done.first.as_str()), (2, 0, 0, "2001-01-05"));
        run_jobs(kit);
        assert_eq!(total(kit), 18_000_000);
        // New ones at once.
        earns(kit, 16_000_000, "JPY");
        earns(kit, 5_000_000, "CHF");
        assert_eq!(total(kit), 18_100_000);
        // Another base currency counts all of them anew, over the euro; nobody edited them.
        use_base(kit, "USD");
        run_jobs(kit);
        assert_eq!(total(kit), 22_625_000);
        assert_eq!(kit.get("company", first)["version"], 1);
        // The same again is nothing, also in other words; what is corrected counts; undo takes it back.
        let again = kit.workspace.import_rates(&kit.system(), &file(kit, "{before},1.2500,160,\n")).unwrap();
        assert_eq!((again.batch, again.unchanged), (None, 1));
        let other = kit.workspace.import_rates(&kit.system(), &file(kit, "{before},2,160,\n")).unwrap();
        assert_eq!(other.changed, 1);
        // An edit of something else changes no sum before the job does, and history says nothing of amounts.
        kit.update("company", second, json!({ "name": "Renamed" }));
        assert_eq!(total(kit), 22_625_000);
        let history = kit.workspace.history(&kit.system(), "company", second, None, 10).wait().unwrap();
        assert!(!history["changes"][0].to_string().contains("annual_revenue"), "{history}");
        run_jobs(kit);
        assert_eq!(total(kit), 30_200_000);
        kit.workspace.undo(&kit.system(), other.batch.unwrap()).unwrap();
        run_jobs(kit);
        assert_eq!(total(kit), 22_625_000);
        kit.workspace.undo(&kit.system(), done.batch.unwrap()).unwrap();
        run_jobs(kit);
        assert_eq!(total(kit), 10_000_000);
    });
}

#[test]
fn rates_are_read_by_all_and_taken_in_by_few() {
    on_both(|kit| {
        let all = json!({ "objects": { "*": { "read": "all", "create": true, "update": "all", "delete": "all" } } });
        let ann = kit.user("ann", all, None);
        let nobody = kit.user("nobody", json!({}), None);
        let refused = kit.workspace.import_rates(&ann, &file(kit, "2024-01-05,1.25,160,\n"));
        assert_eq!(problem(refused).code, Code::Forbidden);
        let values = json!({ "on": "2024-01-05", "rates": { "USD": "1.25" } });
        assert_eq!(problem(kit.try_create(&ann, "exchange_rate", values.clone())).code, Code::Forbidden);
        kit.create("exchange_rate", values);
        let query = Query { object: "exchange_rate".to_owned(), ..Query::default() };
        assert_eq!(kit.try_list(&ann, query).unwrap()["records"][0]["rates"]["USD"], "1.25");
        let list = kit.workspace.list_rates(&ann, None, None, 50).wait().unwrap();
        assert_eq!(list.rates[0].worth.as_deref(), Some("0.8"));
        let convert = |actor| kit.workspace.convert(actor, 20_000, "USD".into(), "EUR".into(), None).wait();
        assert_eq!(convert(&ann).unwrap().amount, 16_000);
        assert_eq!(problem(convert(&nobody)).code, Code::Forbidden);
        let hidden = kit.workspace.list_rates(&nobody, None, None, 50).wait();
        assert_eq!(problem(hidden).code, Code::Forbidden);
        // By hand as from a file: only what is a rate, each day once.
        for wrong in
            [json!({ "USD": 1.25 }), json!({ "USD": "0" }), json!({ "EUR": "1" }), json!({ "usd": "1" }), json!([1])]
        {
            let values = json!({ "on": "2024-01-06", "rates": wrong });
            assert_eq!(problem(kit.try_create(&kit.system(), "exchange_rate", values)).code, Code::Invalid);
        }
        let slip = json!({ "on": "9024-01-06", "rates": { "USD": "1" } });
        assert_eq!(problem(kit.try_create(&kit.system(), "exchange_rate", slip)).code, Code::Invalid);
        let twice = json!({ "on": "2024-01-05", "rates": { "USD": "1.3" } });
        assert!(matches!(
            problem(kit.try_create(&kit.system(), "exchange_rate", twice)).code,
            Code::Conflict | Code::Invalid
        ));
        let broken = kit.workspace.import_rates(&kit.system(), &file(kit, "2024-01-05,1.25,160,\n2024-01-04,x,1,\n"));
        assert!(problem(broken).detail.starts_with("Line 3: `x` is no rate of USD."));
        assert_eq!(kit.workspace.list_rates(&ann, None, None, 50).wait().unwrap().rates.len(), 1);
    });
}

/// The rates as somebody with paper and pencil keeps them: in parts of 1/10,000.
#[derive(Clone, Default)]
struct Paper(BTreeMap<Date, BTreeMap<String, i128>>);

impl Paper {
    fn rate(&self, currency: &str, day: Date) -> Option<i128> {
        if currency == "EUR" {
            return Some(10_000);
        }
        self.0.range(..=day).rev().find_map(|(_, rates)| rates.get(currency).copied())
    }

    /// Exactly, halves away from zero.
    fn worth(&self, amount: i64, from: &str, to: &str, day: Date) -> Option<i64> {
        if from == to {
            return Some(amount);
        }
        let (times, by) = (self.rate(to, day)?, self.rate(from, day)?);
        let (whole, rest) = (i128::from(amount) * times / by, i128::from(amount) * times % by);
        let away = if rest.abs() * 2 >= by { rest.signum() } else { 0 };
        i64::try_from(whole + away).ok()
    }
}

/// Rates of some days around the present one: those to come do not count yet. None is of tomorrow, which may begin before
/// the test ends.
fn some_rates(random: &mut Random, present: Date) -> Paper {
    let mut paper = Paper::default();
    for _ in 0..=random.below(3) {
        let days = random.below(40) as i64 - 30;
        let day = present.checked_add(if days > 0 { days + 1 } else { days }.days()).unwrap();
        for currency in CURRENCIES.into_iter().skip(1) {
            if random.chance(2) {
                let rate = 100 + random.below(3_000_000) as i128;
                paper.0.entry(day).or_default().insert(currency.to_owned(), rate);
            }
        }
    }
    paper
}

fn as_file(paper: &Paper) -> Vec<u8> {
    let mut text = "Date,USD,JPY,CHF,KWD\n".to_owned();
    for (day, rates) in &paper.0 {
        text.push_str(&day.to_string());
        for currency in CURRENCIES.into_iter().skip(1) {
            let rate = rates.get(currency).map(|rate| scaled_to_text(i64::try_from(*rate).unwrap()));
            text.push_str(&format!(",{}", rate.as_deref().unwrap_or("N/A")));
        }
        text.push('\n');
    }
    text.into_bytes()
}

/// Every conversion is the exact one rounded once, its sign does not matter, and there and back again is as near as one
/// rounding each way allows.
fn check_conversions(kit: &Kit, random: &mut Random, paper: &Paper, present: Date) {
    for _ in 0..10 {
        let (from, to) = (*random.pick(&CURRENCIES), *random.pick(&CURRENCIES));
        let amount = random.below(1_000_000_000) as i64;
        let day = present.checked_add((random.below(60) as i64 - 40).days()).unwrap();
        let convert = |amount, from: &str, to: &str| {
            let worth = kit.workspace.convert(&kit.system(), amount, from.into(), to.into(), Some(day)).wait();
            worth.map(|worth| worth.amount)
        };
        match paper.worth(amount, from, to, day) {
            Some(worth) => {
                assert_eq!(convert(amount, from, to).unwrap(), worth, "{amount} {from} in {to} on {day}");
                assert_eq!(convert(-amount, from, to).unwrap(), -worth);
                let back = convert(worth, to, from).unwrap();
                let near = match from == to {
                    true => 0,
                    false => paper.rate(from, day).unwrap() / (2 * paper.rate(to, day).unwrap()) + 1,
                };
                assert!(i128::from((back - amount).abs()) <= near, "{amount} {from} came back as {back}");
            }
            None => assert!(problem(convert(amount, from, to)).detail.starts_with("No exchange rate of ")),
        }
    }
}

/// What can be taken back: a file of rates, with what was known before it.
type Undoable = Option<(Uuid, Paper)>;

#[test]
fn sums_are_what_paper_and_pencil_say() {
    let seed = seed();
    on_both(|kit| {
        let mut random = Random(seed);
        let present = today(kit);
        let (mut paper, mut base, mut last) = (Paper::default(), "EUR", Undoable::None);
        let mut companies: BTreeMap<Uuid, (i64, &str)> = BTreeMap::new();
        for step in 0..cases(USUAL) {
            match random.below(6) {
                0 => {
                    let (before, fresh) = (paper.clone(), some_rates(&mut random, present));
                    if fresh.0.is_empty() {
                        continue;
                    }
                    let done = kit.workspace.import_rates(&kit.system(), &as_file(&fresh)).unwrap();
                    for (day, rates) in fresh.0 {
                        paper.0.entry(day).or_default().extend(rates);
                    }
                    last = done.batch.map(|batch| (batch, before)).or(last);
                }
                1 => {
                    if let Some((batch, before)) = last.take() {
                        kit.workspace.undo(&kit.system(), batch).unwrap();
                        paper = before;
                    }
                }
                2 => {
                    base = *random.pick(&CURRENCIES);
                    use_base(kit, base);
                }
                3 => {
                    if let Some(id) = companies.keys().next().copied() {
                        let amount = random.below(100_000) as i64 * 10_000;
                        let currency = *random.pick(&CURRENCIES);
                        let money = json!({ "amount": amount / 10_000, "currency": currency });
                        kit.update("company", id, json!({ "annual_revenue": money }));
                        companies.insert(id, (amount, currency));
                    }
                }
                _ => {
                    let (amount, currency) = (random.below(1_000_000_000) as i64, *random.pick(&CURRENCIES));
                    companies.insert(earns(kit, amount, currency), (amount, currency));
                }
            }
            if random.chance(3) {
                run_jobs(kit);
                let worth = |(amount, currency): &(i64, &str)| paper.worth(*amount, currency, base, present);
                let sum: i64 = companies.values().filter_map(worth).sum();
                assert_eq!(total(kit), sum, "seed {seed}, step {step}, {}", kit.database);
            }
        }
        check_conversions(kit, &mut random, &paper, present);
        run_jobs(kit);
    });
}
