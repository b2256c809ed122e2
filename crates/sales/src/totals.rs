//! Sums of documents, exact: what each line comes to, its part of the document's discount, its tax, and what they add up to.
//!
//! Everything is a whole number: amounts, quantities and percents in units of 1/[`SCALE`], amounts that are paid in multiples of the
//! currency's smallest. Halves are rounded away from zero. What is worked out for a document as a whole is apportioned to its
//! lines by the largest remainder, so that every sum equals its lines to the last cent. Tax is worked out of the sum of all lines
//! of one rate (EN 16931, BR-CO-17), or line by line where the document says so.

use std::collections::BTreeMap;

use model::SCALE;

/// A hundred percent.
const WHOLE: i128 = 100 * SCALE as i128;

/// One line.
#[derive(Debug, Clone, Copy, Default)]
pub struct Line {
    /// How many or how much.
    pub quantity: i64,
    /// What one costs.
    pub unit_price: i64,
    /// Discount on the line, in percent.
    pub discount: i64,
    /// Tax on the line, in percent.
    pub tax_rate: i64,
    /// It is offered beside the others and not in the sums.
    pub optional: bool,
}

/// Less than all lines come to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Discount {
    /// Nothing less.
    #[default]
    None,
    /// So many percent.
    Percent(i64),
    /// So much; no more than all lines come to.
    Amount(i64),
}

/// What holds for a whole document.
#[derive(Debug, Clone, Copy, Default)]
pub struct Terms {
    /// The smallest amount of its currency.
    pub unit: i64,
    /// Prices have their tax in them.
    pub tax_included: bool,
    /// Tax is rounded line by line, not once for all lines of a rate.
    pub tax_by_line: bool,
    /// On all lines together.
    pub discount: Discount,
}

/// What a line comes to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LineSum {
    /// Quantity times price, less its own discount.
    pub amount: i64,
    /// Its part of the document's discount.
    pub discount: i64,
    /// Without tax, all discounts taken.
    pub net: i64,
    /// Tax.
    pub tax: i64,
}

/// The lines of one rate together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TaxSum {
    /// In percent.
    pub rate: i64,
    /// Without tax.
    pub net: i64,
    /// Tax.
    pub tax: i64,
}

/// What a document comes to. Lines that are optional have their own sums and are in no other.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Totals {
    /// In the order of the lines.
    pub lines: Vec<LineSum>,
    /// Of the lines' amounts: with their tax where prices include it.
    pub subtotal: i64,
    /// On all of them.
    pub discount: i64,
    /// Without tax.
    pub net: i64,
    /// By rate, the lowest first.
    pub taxes: Vec<TaxSum>,
    /// All tax.
    pub tax: i64,
    /// To be paid.
    pub total: i64,
}

/// Adds a document up; nothing when a number grows beyond what can be kept.
pub fn add_up(lines: &[Line], terms: &Terms) -> Option<Totals> {
    let mut sums = Vec::with_capacity(lines.len());
    for line in lines {
        sums.push(LineSum { amount: amount_of(line, terms.unit)?, ..LineSum::default() });
    }
    let counted: Vec<usize> = lines.iter().enumerate().filter(|(_, line)| !line.optional).map(|(at, _)| at).collect();
    let subtotal = sum(counted.iter().filter_map(|at| sums.get(*at)).map(|sum| sum.amount))?;
    let discount = match terms.discount {
        Discount::None => 0,
        Discount::Percent(percent) => rounded(i128::from(subtotal).checked_mul(percent.into())?, WHOLE, terms.unit)?,
        Discount::Amount(amount) => rounded(amount.into(), 1, terms.unit)?.clamp(subtotal.min(0), subtotal.max(0)),
    };
    share_discount(&mut sums, &counted, discount, subtotal, terms.unit)?;
    let mut by_rate: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
    for (at, line) in lines.iter().enumerate() {
        if line.optional {
            tax_lines(&mut sums, &[at], line.tax_rate, terms)?;
        } else {
            by_rate.entry(line.tax_rate).or_default().push(at);
        }
    }
    let mut taxes = Vec::with_capacity(by_rate.len());
    for (rate, places) in by_rate {
        tax_lines(&mut sums, &places, rate, terms)?;
        let of = |part: fn(&LineSum) -> i64| sum(places.iter().filter_map(|at| sums.get(*at)).map(part));
        taxes.push(TaxSum { rate, net: of(|sum| sum.net)?, tax: of(|sum| sum.tax)? });
    }
    let net = sum(taxes.iter().map(|sum| sum.net))?;
    let tax = sum(taxes.iter().map(|sum| sum.tax))?;
    let total = net.checked_add(tax)?;
    Some(Totals { lines: sums, subtotal, discount, net, taxes, tax, total })
}

/// Quantity times price less discount, as it is paid.
fn amount_of(line: &Line, unit: i64) -> Option<i64> {
    let full = i128::from(line.quantity).checked_mul(line.unit_price.into())?;
    let less = full.checked_mul(WHOLE.checked_sub(line.discount.into())?)?;
    rounded(less, WHOLE * i128::from(SCALE), unit)
}

/// Each line's part of the discount, by what it comes to.
fn share_discount(sums: &mut [LineSum], counted: &[usize], discount: i64, subtotal: i64, unit: i64) -> Option<()> {
    let weighed = |at: &usize| i128::from(sums.get(*at).map_or(0, |sum| sum.amount)) * i128::from(discount);
    let (exact, of) = match subtotal {
        // Nothing to go by: the lines, as far as they are, cancel one another out.
        0 => (vec![0; counted.len()], 1),
        subtotal => (counted.iter().map(weighed).collect::<Vec<_>>(), i128::from(subtotal)),
    };
    for (at, part) in counted.iter().zip(apportion(&exact, of, discount, unit)?) {
        if let Some(sum) = sums.get_mut(*at) {
            sum.discount = part;
        }
    }
    Some(())
}

/// Net and tax of lines of one rate.
fn tax_lines(sums: &mut [LineSum], places: &[usize], rate: i64, terms: &Terms) -> Option<()> {
    let rate = i128::from(rate);
    let of = if terms.tax_included { WHOLE.checked_add(rate)? } else { WHOLE };
    let base = |at: &usize| sums.get(*at).map_or(0, |sum| i128::from(sum.amount) - i128::from(sum.discount));
    let exact: Vec<i128> = places.iter().map(|at| base(at).checked_mul(rate)).collect::<Option<_>>()?;
    let taxes = if terms.tax_by_line {
        exact.iter().map(|exact| rounded(*exact, of, terms.unit)).collect::<Option<Vec<_>>>()?
    } else {
        apportion(&exact, of, rounded(exact.iter().sum(), of, terms.unit)?, terms.unit)?
    };
    for (at, tax) in places.iter().zip(taxes) {
        let Some(sum) = sums.get_mut(*at) else { continue };
        let base = sum.amount.checked_sub(sum.discount)?;
        sum.tax = tax;
        sum.net = if terms.tax_included { base.checked_sub(tax)? } else { base };
    }
    Some(())
}

/// Parts of a total in multiples of the unit, each as near to `exact / of` as can be while all of them together are the total:
/// first rounded down, then those with the largest remainders get one unit more (Hamilton's method).
fn apportion(exact: &[i128], of: i128, total: i64, unit: i64) -> Option<Vec<i64>> {
    let step = of.checked_mul(unit.into())?;
    let (step, sign) = (step.checked_abs()?, if of < 0 { -1 } else { 1 });
    let mut parts = Vec::with_capacity(exact.len());
    let mut remainders = Vec::with_capacity(exact.len());
    for (at, exact) in exact.iter().enumerate() {
        let exact = exact.checked_mul(sign)?;
        parts.push(i64::try_from(exact.div_euclid(step)).ok()?.checked_mul(unit)?);
        remainders.push((std::cmp::Reverse(exact.rem_euclid(step)), at));
    }
    remainders.sort_unstable();
    let mut rest = total.checked_sub(sum(parts.iter().copied())?)?;
    // Rounding leaves less than a unit for each part; it goes round should it ever be more, so that the sum agrees.
    let mut places = remainders.iter().map(|(_, at)| *at).cycle();
    while rest != 0 {
        let more = rest.signum() * rest.abs().min(unit);
        let part = parts.get_mut(places.next()?)?;
        *part = part.checked_add(more)?;
        rest -= more;
    }
    Some(parts)
}

/// `number / of` to a multiple of the unit, halves away from zero.
fn rounded(number: i128, of: i128, unit: i64) -> Option<i64> {
    let step = of.checked_mul(unit.into())?;
    let half = step.checked_abs()? / 2;
    let units = number.checked_add(half.checked_mul(number.signum())?)?.checked_div(step)?;
    i64::try_from(units).ok()?.checked_mul(unit)
}

fn sum(mut numbers: impl Iterator<Item = i64>) -> Option<i64> {
    numbers.try_fold(0_i64, i64::checked_add)
}

#[cfg(test)]
mod tests;
