//! Tests of the loader: faults are found, placed and explained.

use expect_test::{Expect, expect};

use super::*;

const HEAD: &str = "name = 'deal'\nplural = 'deals'\nlabel = 'Deal'\nlabel_plural = 'Deals'\ntitle = 'name'\n";
const NAME: &str = "[[fields]]\nname = 'name'\nkind = 'text'\nlabel = 'Name'\n";

fn check(texts: &[&str], expected: Expect) {
    let mut lines = Vec::new();
    let mut objects = Vec::new();
    for text in texts {
        match load_object("deal.toml", text) {
            Ok(object) => objects.push(object),
            Err(fault) => lines.push(fault.to_string()),
        }
    }
    lines.extend(check_schema(&Schema::new(1, objects)).iter().map(Fault::to_string));
    expected.assert_eq(&lines.join("\n"));
}

#[test]
fn faults_in_the_text_have_a_line_and_a_hint() {
    check(
        &[&format!("{HEAD}{NAME}requird = true\n")],
        expect![
            "deal.toml:10: unknown field `requird`, expected one of `name`, `kind`, `label`, `help`, `group`, `required`, `unique`, `default`, `format`, `options`, `open`, `target`, `inverse`, `tree`, `validation`, `validation_message`, `read_only`, `kept`, `visible_if`, `required_if`, `sensitive`, `formula`, `result`, `rollup`, `pattern`, `unit`, `custom`, `hidden`; did you mean `required`?"
        ],
    );
    check(
        &[&format!("{HEAD}[[fields]]\nname = 'name'\nkind = 'txt'\nlabel = 'Name'\n")],
        expect![
            "deal.toml:8: unknown variant `txt`, expected one of `text`, `long_text`, `integer`, `decimal`, `percent`, `money`, `date`, `date_time`, `duration`, `boolean`, `select`, `multi_select`, `rating`, `emails`, `phones`, `links`, `address`, `reference`, `references`, `about`, `user`, `files`, `json`, `auto_number`, `rank`, `formula`, `rollup`, `actor`; did you mean `text`?"
        ],
    );
    check(
        &["name = 'deal'\nplural = \n"],
        expect!["deal.toml:2: string values must be quoted, expected literal string"],
    );
    check(&["name = 'deal'\n"], expect!["deal.toml:1: missing field `plural`"]);
}

#[test]
fn faults_between_fields_and_objects() {
    check(
        &[&format!(
            "{HEAD}search = ['nam']\ncolor = 'purple'\n{NAME}\
             [[fields]]\nname = 'company'\nkind = 'reference'\nlabel = 'Company'\ntarget = 'compny'\n\
             [[fields]]\nname = 'stage'\nkind = 'select'\nlabel = 'Stage'\ndefault = 'new'\noptions = [{{value='won',label='Won'}},{{value='won',label=''}}]\n\
             [[fields]]\nname = 'id'\nkind = 'text'\nlabel = 'Id'\n\
             [[fields]]\nname = 'a__b'\nkind = 'text'\nlabel = 'A'\nunique = true\nresult = 'text'\n\
             [[fields]]\nname = 'number'\nkind = 'auto_number'\nlabel = 'Number'\npattern = 'D-{{yeer}}'\n\
             [[fields]]\nname = 'sum'\nkind = 'formula'\nlabel = 'Sum'\nformula = '1'\nrequired = true\n"
        )],
        expect![[r#"
            deal: the colour `purple` does not exist; choose one of gray, red, orange, yellow, green, teal, blue, indigo, violet, pink.
            deal: field `company`: its `target` `compny` is no object.
            deal: field `stage`: the option `won` needs a label.
            deal: field `stage`: the option `won` is there twice.
            deal: field `stage`: its default does not fit. Stage: “new” is not among its options: won, won.
            deal: field `id`: `id` is reserved; choose another name, like `id_value`.
            deal: field `a__b`: `a__b` is no name; use small letters, digits and single underscores between them, like `first_contact`.
            deal: field `a__b`: only formulas and roll-ups have a `result`.
            deal: field `number`: its pattern has {yeer}; use {year}, {month}, {day}, {number:5}.
            deal: field `number`: its pattern needs `{number}` once.
            deal: field `sum`: it needs a `result`: the kind of its value, such as text, decimal or date_time.
            deal: field `sum`: it is calculated, so it cannot be required or have a default.
            deal: `search` names the field `nam`, which does not exist; did you mean `name`."#]],
    );
}

#[test]
fn faults_of_relations_and_roll_ups() {
    let line = "name = 'line'\nplural = 'lines'\nlabel = 'Line'\nlabel_plural = 'Lines'\ntitle = 'name'\n\
        [[fields]]\nname = 'name'\nkind = 'text'\nlabel = 'Name'\n\
        [[fields]]\nname = 'deal'\nkind = 'reference'\nlabel = 'Deal'\ntarget = 'deal'\ninverse = {name='name',label='Lines'}\n";
    check(
        &[
            &format!(
                "{HEAD}{NAME}[[fields]]\nname = 'total'\nkind = 'rollup'\nlabel = 'Total'\nresult = 'money'\nrollup = {{object='line',via='name',aggregate='sum',field='name'}}\n\
                 [[fields]]\nname = 'count'\nkind = 'rollup'\nlabel = 'Count'\nresult = 'text'\nrollup = {{object='line',via='deal',aggregate='count'}}\n"
            ),
            line,
        ],
        expect![[r#"
            deal: field `total`: its roll-up goes via `line.name`, which does not point here.
            deal: field `total`: its roll-up cannot be made of `name`.
            deal: field `count`: the `result` of a count is `integer`.
            deal: the inverse `name` of `line.deal` has the name of a field of `deal`; rename the inverse."#]],
    );
}

#[test]
fn a_sound_schema_has_no_faults() {
    check(&[&format!("{HEAD}search = ['name']\n{NAME}")], expect![""]);
}

/// The names that serde expects, from its own message, are those of the JSON Schema.
#[test]
fn the_json_schema_has_every_key() {
    let schema = json_schema();
    let keys = |pointer: &str| -> Vec<String> {
        schema.pointer(pointer).unwrap().as_object().unwrap().keys().cloned().collect()
    };
    let expected = |text: &str| -> Vec<String> {
        let message = load_object("x", text).unwrap_err().message;
        message.split("; did").next().unwrap().split('`').skip(3).step_by(2).map(str::to_owned).collect()
    };
    assert_eq!(keys("/properties"), expected("zzzzz = 1"));
    assert_eq!(keys("/properties/timeline/properties"), expected("timeline = {zzzzz = 1}"));
    let fields = "/properties/fields/items/properties";
    assert_eq!(keys(fields), expected("[[fields]]\nzzzzz = 1"));
    assert_eq!(keys(&format!("{fields}/rollup/properties")), expected("[[fields]]\nrollup = {zzzzz = 1}"));
    assert_eq!(keys(&format!("{fields}/options/items/properties")), expected("[[fields]]\noptions = [{zzzzz = 1}]"));
    let mut kinds = expected("[[fields]]\nkind = 'zzzzz'");
    kinds.retain(|kind| kind != "actor");
    assert_eq!(kinds, json_schema::KIND_NAMES);
}

#[test]
fn faults_of_expressions() {
    check(
        &[&format!(
            "{HEAD}{NAME}validation = 'nam.size() > 2'\nvisible_if = 'name ='\nrequired_if = 'name'\n\
             [[fields]]\nname = 'double'\nkind = 'formula'\nlabel = 'Double'\nresult = 'integer'\nformula = \"name + '!'\"\n\
             [[fields]]\nname = 'deal'\nkind = 'reference'\nlabel = 'Deal'\ntarget = 'deal'\n\
             [[fields]]\nname = 'open'\nkind = 'rollup'\nlabel = 'Open'\nresult = 'integer'\nrollup = {{object='deal',via='deal',aggregate='count',filter='stage == 1'}}\n"
        )],
        expect![[r#"
            deal: field `name`: its `validation`: Deal has no field `nam`. Did you mean `name`, `now` or `team`?
            deal: field `name`: its `visible_if`: A single `=` does not compare. Write `==`.
            deal: field `name`: its `required_if`: A condition is expected here, but `name` is a text. Compare it, for example with `==`, or ask with `has(…)` whether it has a value.
            deal: field `double`: its formula: The formula must yield a number, but it is a text.
            deal: field `open`: the filter of its roll-up: Deal has no field `stage`. Did you mean `tags`?"#]],
    );
}

#[test]
fn calculated_fields_cannot_need_themselves() {
    let formula = |name: &str, formula: &str| {
        format!(
            "[[fields]]\nname = '{name}'\nkind = 'formula'\nlabel = '{name}'\nresult = 'decimal'\nformula = '{formula}'\n"
        )
    };
    check(
        &[&format!("{HEAD}{NAME}{}{}{}", formula("a", "b + 1"), formula("b", "c + 1"), formula("c", "a + 1"))],
        expect!["deal: field `a`: it depends on itself: `deal.a` needs `deal.b` needs `deal.c` needs `deal.a`."],
    );
}

/// Editors read the file; `UPDATE_EXPECT=1 cargo test -p model` writes it anew.
#[test]
fn the_json_schema_is_in_the_reference() {
    let text = serde_json::to_string_pretty(&json_schema()).unwrap();
    expect_test::expect_file!["../../../../docs/reference/object.schema.json"].assert_eq(&format!("{text}\n"));
}
