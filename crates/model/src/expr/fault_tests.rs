//! What the checker says about faults, and where.

use expect_test::{Expect, expect};

use super::*;
use crate::Code;
use crate::expr::tests::{parse, schema};

/// The fault with the place marked.
fn check_fault(source: &str, expected: Expect) {
    let problem = parse(source).expect_err(source);
    assert_eq!(problem.code, Code::BadExpression);
    let number = |key: &str| problem.extra.get(key).and_then(|value| value.as_u64()).unwrap() as usize;
    let mark = "^".repeat(number("length"));
    expected.assert_eq(&format!("{source}\n{:at$}{mark}\n{}\n", "", problem.detail, at = number("position")));
}

#[test]
fn faults_of_names_and_options() {
    check_fault(
        "compny.name == 'x'",
        expect![[r#"
        compny.name == 'x'
        ^^^^^^
        Person has no field `compny`. Did you mean `company`?
    "#]],
    );
    check_fault(
        "company.nmae == 'x'",
        expect![[r#"
        company.nmae == 'x'
                ^^^^
        Company has no field `nmae`. Did you mean `name`?
    "#]],
    );
    check_fault(
        "äge == 1",
        expect![[r#"
        äge == 1
        ^^^
        `ä` has no meaning here. Texts stand in quotes: 'Zürich'.
    "#]],
    );
    check_fault(
        "name == 'Zürich' && agee > 1",
        expect![[r#"
        name == 'Zürich' && agee > 1
                            ^^^^
        Person has no field `agee`. Did you mean `age`?
    "#]],
    );
    check_fault(
        "age == 'x'",
        expect![[r#"
        age == 'x'
               ^^^
        `age` is a number, but `'x'` is a text. Compare it with a number, such as 100.
    "#]],
    );
    check_fault(
        "stage == 'Won'",
        expect![[r#"
        stage == 'Won'
                 ^^^^^
        `stage` has no option 'Won'. Did you mean 'won'? The options are 'open', 'won'.
    "#]],
    );
    check_fault(
        "stage in ['open', 'lost']",
        expect![[r#"
        stage in ['open', 'lost']
                          ^^^^^^
        `stage` has no option 'lost'. The options are 'open', 'won'.
    "#]],
    );
}

#[test]
fn faults_of_functions_and_operators() {
    check_fault(
        "name.matches('a.*')",
        expect![[r#"
        name.matches('a.*')
        ^^^^^^^^^^^^^^^^^^^
        Regular expressions are not supported, because they would be slow and differ by database. Use `contains`, `startsWith` or `endsWith`.
    "#]],
    );
    check_fault(
        "name.startWith('a')",
        expect![[r#"
        name.startWith('a')
        ^^^^^^^^^^^^^^^^^^^
        There is no function `startWith`. Did you mean `startsWith`?
    "#]],
    );
    check_fault(
        "name",
        expect![[r#"
        name
        ^^^^
        A condition is expected here, but `name` is a text. Compare it, for example with `==`, or ask with `has(…)` whether it has a value.
    "#]],
    );
    check_fault(
        "age = 1",
        expect![[r#"
        age = 1
            ^
        A single `=` does not compare. Write `==`.
    "#]],
    );
    check_fault(
        "age == 1 and name == 'x'",
        expect![[r#"
        age == 1 and name == 'x'
                 ^^^
        `and` is not an operator. Write `&&`.
    "#]],
    );
    check_fault(
        "age ==",
        expect![[r#"
        age ==
              ^
        The expression ends too early: something is missing at its end. Complete it, or close the bracket or quote that is still open.
    "#]],
    );
    check_fault(
        "(age == 1",
        expect![[r#"
        (age == 1
                 ^
        The expression ends too early: something is missing at its end. Complete it, or close the bracket or quote that is still open.
    "#]],
    );
}

#[test]
fn faults_of_quotes_and_lists() {
    check_fault(
        "name == 'x",
        expect![[r#"
        name == 'x
                ^^
        This text has no closing quote. Close it with '; a quote inside a text is written \'.
    "#]],
    );
    check_fault(
        "name == \"x' && age == 1",
        expect![[r#"
        name == "x' && age == 1
                ^^^^^^^^^^^^^^^
        This text has no closing quote. Close it with "; a quote inside a text is written \".
    "#]],
    );
    check_fault(
        "emails == 'a@b.c'",
        expect![[r#"
        emails == 'a@b.c'
        ^^^^^^
        `emails` is not a single value. Write `emails.primary == '…'` or `emails.exists(x, x.value == '…')`.
    "#]],
    );
    check_fault(
        "tags == 'vip'",
        expect![[r#"
        tags == 'vip'
        ^^^^
        `tags` is not a single value. Write `'…' in tags` or `tags.exists(x, …)`.
    "#]],
    );
    check_fault(
        "stage > 'open'",
        expect![[r#"
        stage > 'open'
        ^^^^^
        `stage` has no order, so it is neither smaller nor larger. Use `==`, `!=` or `in`.
    "#]],
    );
    check_fault(
        "birthday > '31.12.1990'",
        expect![[r#"
        birthday > '31.12.1990'
                   ^^^^^^^^^^^^
        `birthday` is a date, but '31.12.1990' is not. Write it as '2026-01-31'.
    "#]],
    );
    check_fault(
        "company == 'Acme'",
        expect![[r#"
        company == 'Acme'
                   ^^^^^^
        `company` is a record, but 'Acme' is not. Write it as the id of a record: '01900000-0000-7000-8000-000000000000'.
    "#]],
    );
}

#[test]
fn faults_of_arithmetic_and_relations() {
    check_fault(
        "name + 1 == 'x'",
        expect![[r#"
        name + 1 == 'x'
        ^^^^^^^^
        `name` is a text and `1` is a number: `+` does not go with them. Only texts can be added to a text.
    "#]],
    );
    check_fault(
        "birthday + 1 > today",
        expect![[r#"
        birthday + 1 > today
        ^^^^^^^^^^^^
        `birthday` is a date and `1` is a number: `+` does not go with them. Write `.addDays(n)`, or add `duration('24h')`.
    "#]],
    );
    check_fault(
        "company.people == null",
        expect![[r#"
        company.people == null
        ^^^^^^^^^^^^^^
        `company.people` is many records. Write `company.people.size() > 0`.
    "#]],
    );
    check_fault(
        "company.people.name == 'x'",
        expect![[r#"
        company.people.name == 'x'
        ^^^^^^^^^^^^^^
        `company.people` is many records. Write `company.people.exists(x, …)`, `company.people.all(x, …)` or `company.people.size()`.
    "#]],
    );
    check_fault(
        "",
        expect![[r#"

        ^
        The expression is empty. Write a condition such as `name == 'Ann'`.
    "#]],
    );
    check_fault(
        "emails.exists(e, e.valu == 'x')",
        expect![[r#"
        emails.exists(e, e.valu == 'x')
                           ^^^^
        `e` has no part `valu`. It has `value`, `label` or `primary`.
    "#]],
    );
    check_fault(
        "score % 2 == 1",
        expect![[r#"
        score % 2 == 1
        ^^^^^
        `%` needs whole numbers, but `score` is none. Use fields of kind integer.
    "#]],
    );
}

#[test]
fn faults_of_indexes_and_money() {
    check_fault(
        "name 'Ann'",
        expect![[r#"
            name 'Ann'
                 ^
            `'` is not expected here. Something may be missing before it: an operator, a value or a bracket.
        "#]],
    );
    check_fault(
        "name == 'it's'",
        expect![[r#"
            name == 'it's'
                        ^
            `s` is not expected here. Something may be missing before it: an operator, a value or a bracket.
        "#]],
    );
    check_fault(
        "x = 'a'",
        expect![[r#"
        x = 'a'
          ^
        A single `=` does not compare. Write `==`.
    "#]],
    );
    check_fault(
        "name == 'a' AND age > 1",
        expect![[r#"
        name == 'a' AND age > 1
                    ^^^
        `AND` is not an operator. Write `&&`.
    "#]],
    );
    check_fault(
        "contains(name, 'a')",
        expect![[r#"
        contains(name, 'a')
        ^^^^^^^^^^^^^^^^^^^
        There is no function `contains`. Write it behind the value: `field.contains(…)`.
    "#]],
    );
}

#[test]
fn faults_of_literals() {
    check_fault(
        "owner == 'me'",
        expect![[r#"
            owner == 'me'
                     ^^^^
            'me' is a text here. Write me without quotes.
        "#]],
    );
    check_fault(
        "created_at > '2026-13-01'",
        expect![[r#"
        created_at > '2026-13-01'
                     ^^^^^^^^^^^^
        `created_at` is a date and time, but '2026-13-01' is not. Write it as '2026-01-31T12:00:00Z'.
    "#]],
    );
    check_fault(
        "wait > 5",
        expect![[r#"
        wait > 5
               ^
        `wait` is a duration, but `5` is a number. Compare it with a duration, such as duration('24h').
    "#]],
    );
    check_fault(
        "stage.startsWith(1)",
        expect![[r#"
        stage.startsWith(1)
                         ^
        `startsWith` looks for a text in quotes or for the text of a field. Write `.startsWith('…')`.
    "#]],
    );
    check_fault(
        "age > 1 && (name == 'x' || )",
        expect![[r#"
            age > 1 && (name == 'x' || )
                                       ^
            `)` is not expected here. Something may be missing before it: an operator, a value or a bracket.
        "#]],
    );
    check_fault(
        "age[0] == 1",
        expect![[r#"
        age[0] == 1
        ^^^^^
        Entries of a list cannot be picked by number. Write `age.exists(x, …)`.
    "#]],
    );
    check_fault(
        "budget.curency == 'EUR'",
        expect![[r#"
        budget.curency == 'EUR'
               ^^^^^^^
        `budget` has no part `curency`. It has `amount` or `currency`.
    "#]],
    );
}

/// Whatever is typed, the answer is an expression or a fault inside the text.
#[test]
fn nonsense_is_a_fault() {
    const TOKENS: &str = r#"name age ( ) [ ] { } . , == != < in && || ! - + ? : 'x' ' " 1 1.5 1u 0x1F b'x' r'\' ''' null
        true exists has size emails company people x ä 😀 \ ` @ # // .. 9223372036854775808 -9223372036854775808 1e999
        '\u12' '\x' today if matches filter all .exists(x, .size() duration('1h') '\U00110000'"#;
    let tokens: Vec<&str> = TOKENS.split_ascii_whitespace().chain(["\n"]).collect();
    let schema = schema();
    let person = schema.find_object("person").unwrap().clone();
    let mut state: u64 = 42;
    let mut next = |n: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % n
    };
    for _ in 0..4_000 {
        let mut source = String::new();
        for _ in 0..next(12) + 1 {
            source += tokens[next(tokens.len())];
            source += ["", " "][next(2)];
        }
        if let Err(problem) = parse_condition(&schema, &person, &source) {
            let position = problem.extra["position"].as_u64().unwrap() as usize;
            assert!(position <= source.chars().count(), "{source}: {position}");
            assert!(!problem.detail.contains("<EOF>"), "{source}: {}", problem.detail);
        }
    }
}
