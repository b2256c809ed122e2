//! Documents worked out by hand, and what holds for all of them.

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;

const CENT: i64 = 100;

fn line(quantity: &str, unit_price: &str, discount: &str, tax_rate: &str) -> Line {
    let [quantity, unit_price, discount, tax_rate] =
        [quantity, unit_price, discount, tax_rate].map(|text| model::value::scaled_from_text(text).unwrap());
    Line { quantity, unit_price, discount, tax_rate, optional: false }
}

fn plain() -> Terms {
    Terms { unit: CENT, tax_included: false, tax_by_line: false, discount: Discount::None }
}

fn cents(scaled: i64) -> i64 {
    assert_eq!(scaled % CENT, 0, "{scaled} is no whole number of cents");
    scaled / CENT
}

#[test]
fn a_document_comes_to_what_is_worked_out_by_hand() {
    let lines = [line("3", "19.99", "0", "19"), line("2.5", "80", "10", "19"), line("1", "12.50", "0", "7")];
    let totals = add_up(&lines, &plain()).unwrap();
    let amounts: Vec<i64> = totals.lines.iter().map(|sum| cents(sum.amount)).collect();
    assert_eq!(amounts, [5_997, 18_000, 1_250]);
    // 239.97 at 19 % is 45.5943, 12.50 at 7 % is 0.875: a half goes away from zero.
    let taxes: Vec<(i64, i64)> = totals.taxes.iter().map(|sum| (cents(sum.net), cents(sum.tax))).collect();
    assert_eq!(taxes, [(1_250, 88), (23_997, 4_559)]);
    assert_eq!((cents(totals.net), cents(totals.tax), cents(totals.total)), (25_247, 4_647, 29_894));
}

#[test]
fn prices_with_tax_in_them_come_to_what_stands_on_the_label() {
    let lines = [line("3", "9.99", "0", "19"), line("1", "1.07", "0", "7")];
    let totals = add_up(&lines, &Terms { tax_included: true, ..plain() }).unwrap();
    // 29.97 has 4.7852… in it, 1.07 has 0.07.
    assert_eq!((cents(totals.total), cents(totals.tax), cents(totals.net)), (3_104, 486, 2_618));
    assert_eq!(cents(totals.subtotal), 3_104);
}

#[test]
fn tax_by_line_and_by_document_differ_by_their_rounding() {
    let lines = [line("1", "0.13", "0", "19"); 3];
    // 3 × 0.0247 is 0.0741 together, 0.02 each on its own.
    let together = add_up(&lines, &plain()).unwrap();
    let each = add_up(&lines, &Terms { tax_by_line: true, ..plain() }).unwrap();
    assert_eq!((cents(together.tax), cents(each.tax)), (7, 6));
    let parts: Vec<i64> = together.lines.iter().map(|sum| cents(sum.tax)).collect();
    assert_eq!(parts, [3, 2, 2]);
}

#[test]
fn a_discount_on_all_is_shared_and_is_never_more_than_all() {
    let lines = [line("1", "10", "0", "19"), line("1", "10", "0", "19"), line("1", "10", "0", "7")];
    let less = |discount| add_up(&lines, &Terms { discount, ..plain() }).unwrap();
    let ten = less(Discount::Amount(100_000));
    let parts: Vec<i64> = ten.lines.iter().map(|sum| cents(sum.discount)).collect();
    assert_eq!((parts, cents(ten.net)), (vec![334, 333, 333], 2_000));
    assert_eq!(cents(less(Discount::Percent(50 * SCALE)).net), 1_500);
    assert_eq!(less(Discount::Amount(9_000_000)).total, 0);
    assert_eq!(less(Discount::Amount(-5 * SCALE)).discount, 0);
}

#[test]
fn what_is_optional_has_its_own_sum_and_is_in_no_other() {
    let optional = Line { optional: true, ..line("2", "100", "0", "19") };
    let totals =
        add_up(&[line("1", "50", "0", "19"), optional], &Terms { discount: Discount::Amount(100_000), ..plain() });
    let totals = totals.unwrap();
    assert_eq!((cents(totals.net), cents(totals.lines[1].net), cents(totals.lines[1].tax)), (4_000, 20_000, 3_800));
    assert_eq!(add_up(&[], &plain()).unwrap(), Totals::default());
}

#[test]
fn currencies_have_their_own_smallest_amount() {
    let yen = Terms { unit: model::kinds::smallest_amount("JPY"), ..plain() };
    assert_eq!(
        (yen.unit, model::kinds::smallest_amount("EUR"), model::kinds::smallest_amount("BHD")),
        (10_000, 100, 10)
    );
    let totals = add_up(&[line("3", "33.5", "0", "10")], &yen).unwrap();
    assert_eq!((totals.net / SCALE, totals.tax / SCALE), (101, 10));
}

#[test]
fn what_is_too_large_is_said_to_be() {
    assert_eq!(add_up(&[line("900000000000", "900000000000", "0", "19")], &plain()), None);
    let huge =
        Line { quantity: i64::MAX, unit_price: i64::MAX, discount: i64::MIN, tax_rate: i64::MAX, optional: false };
    assert_eq!(add_up(&[huge], &plain()), None);
}

fn lines() -> impl Strategy<Value = Vec<Line>> {
    let rate = prop_oneof![Just(0), Just(70_000), Just(190_000), 0_i64..300_000];
    let one = (-50_000_i64..5_000_000, 0_i64..50_000_000, 0_i64..=1_000_000, rate, prop::bool::weighted(0.1));
    let one = one.prop_map(|(quantity, unit_price, discount, tax_rate, optional)| Line {
        quantity,
        unit_price,
        discount,
        tax_rate,
        optional,
    });
    vec(one, 0..40)
}

fn terms() -> impl Strategy<Value = Terms> {
    let discount = prop_oneof![
        Just(Discount::None),
        (0_i64..=1_000_000).prop_map(Discount::Percent),
        (0_i64..100_000_000).prop_map(Discount::Amount),
    ];
    let unit = prop_oneof![Just(100_i64), Just(10_000), Just(10), Just(1)];
    (unit, any::<bool>(), any::<bool>(), discount).prop_map(|(unit, tax_included, tax_by_line, discount)| Terms {
        unit,
        tax_included,
        tax_by_line,
        discount,
    })
}

/// Whether a number is `exact / of` to within `units`.
fn near(number: i64, exact: i128, of: i128, unit: i64, units: i128) -> bool {
    (i128::from(number) * of - exact).abs() <= of.abs() * i128::from(unit) * units
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// Every sum is the sum of its lines, to the last unit, and every number is one that can be paid.
    #[test]
    fn sums_equal_their_lines(lines in lines(), terms in terms()) {
        let totals = add_up(&lines, &terms).unwrap();
        let of = |part: fn(&LineSum) -> i64| -> i64 {
            totals.lines.iter().zip(&lines).filter(|(_, line)| !line.optional).map(|(sum, _)| part(sum)).sum()
        };
        prop_assert_eq!(of(|sum| sum.amount), totals.subtotal);
        prop_assert_eq!(of(|sum| sum.discount), totals.discount);
        prop_assert_eq!(of(|sum| sum.net), totals.net);
        prop_assert_eq!(of(|sum| sum.tax), totals.tax);
        prop_assert_eq!(totals.taxes.iter().map(|sum| sum.net).sum::<i64>(), totals.net);
        prop_assert_eq!(totals.taxes.iter().map(|sum| sum.tax).sum::<i64>(), totals.tax);
        prop_assert_eq!(totals.net + totals.tax, totals.total);
        let tax = if terms.tax_included { totals.tax } else { 0 };
        prop_assert_eq!(totals.subtotal - totals.discount, totals.net + tax);
        let numbers = totals.lines.iter().flat_map(|sum| [sum.amount, sum.discount, sum.net, sum.tax]);
        for number in numbers.chain([totals.subtotal, totals.discount, totals.net, totals.tax, totals.total]) {
            prop_assert_eq!(number % terms.unit, 0);
        }
    }

    /// No number is further from the exact one than rounding alone explains.
    #[test]
    fn rounding_is_all_that_differs(lines in lines(), terms in terms()) {
        let totals = add_up(&lines, &terms).unwrap();
        for (line, sum) in lines.iter().zip(&totals.lines) {
            let full = i128::from(line.quantity) * i128::from(line.unit_price) * (WHOLE - i128::from(line.discount));
            prop_assert!(near(2 * sum.amount, 2 * full, WHOLE * i128::from(SCALE), terms.unit, 1));
            let base = i128::from(sum.amount) - i128::from(sum.discount);
            let of = if terms.tax_included { WHOLE + i128::from(line.tax_rate) } else { WHOLE };
            prop_assert!(near(sum.tax, base * i128::from(line.tax_rate), of, terms.unit, 1));
        }
        for tax in &totals.taxes {
            let (base, of) = match terms.tax_included {
                true => (i128::from(tax.net) + i128::from(tax.tax), WHOLE + i128::from(tax.rate)),
                false => (i128::from(tax.net), WHOLE),
            };
            let units = if terms.tax_by_line { lines.len() as i128 } else { 1 };
            prop_assert!(near(2 * tax.tax, 2 * base * i128::from(tax.rate), of, terms.unit, units));
        }
    }

    /// The order of the lines changes no sum.
    #[test]
    fn order_changes_no_sum(lines in lines(), terms in terms()) {
        // A part of the discount may go to another line, and with it to another rate: without one, nothing may differ.
        let terms = Terms { discount: Discount::None, ..terms };
        let turned: Vec<Line> = lines.iter().rev().copied().collect();
        let (one, other) = (add_up(&lines, &terms).unwrap(), add_up(&turned, &terms).unwrap());
        prop_assert_eq!((one.taxes, one.total), (other.taxes, other.total));
    }
}
