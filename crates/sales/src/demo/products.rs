//! What the company of the demo sells, at which prices, and the lines of the deals that are on their way.

use engine::{Batch, Plan, Workspace};
use model::{Actor, Patch, Problem, SCALE, Value};
use store::Error;
use uuid::Uuid;

use super::{Dice, SLICE, WON};
use crate::begin::patch;

/// Keeps the chance of lines apart from that of deals and leads.
const STREAMS: u64 = 2 << 32;

/// Article number, name, family by its place, euros, unit, how often it is paid.
const CATALOGUE: [(&str, &str, usize, i64, &str, &str); 12] = [
    ("LIC-10", "Licence, 10 seats", 0, 1_200, "piece", "year"),
    ("LIC-50", "Licence, 50 seats", 0, 4_900, "piece", "year"),
    ("LIC-250", "Licence, 250 seats", 0, 19_500, "piece", "year"),
    ("MNT", "Maintenance", 1, 890, "piece", "year"),
    ("HOT", "Service hotline", 1, 140, "piece", "month"),
    ("INS", "Installation on site", 2, 1_350, "day", ""),
    ("TRN", "Training", 2, 980, "day", ""),
    ("PRJ", "Project management", 2, 160, "hour", ""),
    ("TRM-2", "Terminal T2", 3, 649, "piece", ""),
    ("SCN-1", "Hand scanner", 3, 189, "piece", ""),
    ("PRT-4", "Label printer", 3, 425, "piece", ""),
    ("LAB-1K", "Labels, 1,000", 3, 24, "roll", ""),
];
const FAMILIES: [&str; 4] = ["Software", "Support", "Services", "Devices"];
/// Name, percent of the usual price, percent from ten pieces on.
const LISTS: [(&str, i64, i64); 2] = [("List prices", 100, 95), ("Partners", 80, 75)];

/// The products of the catalogue, in its order.
pub(super) fn store(workspace: &Workspace, actor: &Actor, currency: &str, batch: Uuid) -> Result<Vec<Uuid>, Error> {
    let (plan, currency) = (Plan::new("demo").in_background().continuing(batch), currency.to_owned());
    let (_, made) = workspace.transact(actor, plan, move |batch| make_catalogue(batch, &currency)).wait()?;
    Ok(made)
}

fn all(batch: &mut Batch<'_>, object: &str, values: Vec<Patch>) -> Result<Vec<Uuid>, Error> {
    let made = batch.create_many(object, values)?;
    Ok(made.into_iter().map(|made| made.map(|record| record.id)).collect::<Result<_, Problem>>()?)
}

fn make_catalogue(batch: &mut Batch<'_>, currency: &str) -> Result<Vec<Uuid>, Error> {
    let money = |amount: i64| Value::Money { amount, currency: currency.to_owned(), base: None };
    let families = all(batch, "product_family", FAMILIES.map(|name| patch([("name", Value::text(name))])).into())?;
    let products = CATALOGUE.map(|(sku, name, family, euros, unit, period)| {
        patch([
            ("sku", Value::text(sku)),
            ("name", Value::text(name)),
            ("family", families.get(family).copied().map_or(Value::Missing, Value::Id)),
            ("price", money(euros * SCALE)),
            ("cost", money(euros * SCALE * 55 / 100)),
            ("unit", Value::text(unit)),
            ("recurring_period", Value::text(period)),
        ])
    });
    let products = all(batch, "product", products.into())?;
    for (name, percent, many) in LISTS {
        let list = patch([("name", Value::text(name)), ("currency", Value::text(currency))]);
        let list = batch.create("price_list", list)?.id;
        let steps = [(0, percent), (10, many)];
        let prices = products.iter().zip(CATALOGUE).flat_map(|(product, (_, _, _, euros, _, _))| {
            steps.map(|(from, percent)| {
                patch([
                    ("price_list", Value::Id(list)),
                    ("product", Value::Id(*product)),
                    ("from_quantity", Value::Dec(from * SCALE)),
                    ("unit_price", money(euros * SCALE * percent / 100)),
                ])
            })
        });
        all(batch, "price", prices.collect())?;
    }
    Ok(products)
}

/// Lines for some of the deals, about what these were said to be worth.
pub(super) fn lines(deals: &[(Uuid, usize)], products: &[Uuid], seed: u64) -> Vec<Patch> {
    let mut lines = Vec::new();
    for (at, (deal, stage)) in deals.iter().enumerate() {
        let mut dice = Dice::new(seed, STREAMS | at as u64);
        if *stage < 2 || *stage > WON || !dice.percent(35) {
            continue;
        }
        for _ in 0..dice.between(1, 4) {
            let place = usize::try_from(dice.below(products.len().max(1) as u64)).unwrap_or(0);
            let Some(product) = products.get(place) else { continue };
            let discount = if dice.percent(20) { Value::Dec(dice.between(1, 3) * 5 * SCALE) } else { Value::Missing };
            lines.push(patch([
                ("deal", Value::Id(*deal)),
                ("product", Value::Id(*product)),
                ("quantity", Value::Dec(dice.between(1, 12) * SCALE)),
                ("discount", discount),
            ]));
        }
    }
    lines
}

/// Stores what a slice of deals has in it.
pub(super) fn store_lines(batch: &mut Batch<'_>, lines: &[Patch]) -> Result<(), Error> {
    for slice in lines.chunks(SLICE) {
        all(batch, "deal_line", slice.to_vec())?;
    }
    Ok(())
}
