//! Random well-typed expressions, as CEL text.

use model::{Kind, Object, Schema};

use crate::nasty::{INSTANTS, INTS, TEXTS, dates};
use crate::random::Random;

/// What a name stands for while an expression is written.
#[derive(Clone)]
struct Scope {
    /// Text before the field: empty for the record itself, else `v1.`.
    prefix: String,
    object: String,
}

/// Writes expressions over records of one object.
pub struct Writer<'s> {
    /// The objects there are.
    pub schema: &'s Schema,
    /// Where choices come from.
    pub random: &'s mut Random,
    scopes: Vec<Scope>,
    /// Ids that occur in the world.
    ids: &'s [uuid::Uuid],
    names: usize,
}

/// Sorts of values that fields are asked for.
#[derive(Clone, Copy, PartialEq)]
enum Sort {
    Text,
    Exact,
    Whole,
    Number,
    Flag,
    Date,
    Instant,
    Duration,
    Id,
}

impl<'s> Writer<'s> {
    /// A writer of conditions over records of an object.
    pub fn new(schema: &'s Schema, object: &str, random: &'s mut Random, ids: &'s [uuid::Uuid]) -> Self {
        let scopes = vec![Scope { prefix: String::new(), object: object.to_owned() }];
        Self { schema, random, scopes, ids, names: 0 }
    }

    /// A condition of at most some depth.
    pub fn condition(&mut self, depth: usize) -> String {
        if depth == 0 {
            return self.leaf(0);
        }
        match self.random.below(10) {
            0 | 1 => format!("({} && {})", self.condition(depth - 1), self.condition(depth - 1)),
            2 | 3 => format!("({} || {})", self.condition(depth - 1), self.condition(depth - 1)),
            4 => format!("!({})", self.condition(depth - 1)),
            5 => format!(
                "({} ? {} : {})",
                self.condition(depth - 1),
                self.condition(depth - 1),
                self.condition(depth - 1)
            ),
            6 => format!("({}) == ({})", self.condition(depth - 1), self.condition(depth - 1)),
            7 => self.quantified(depth - 1),
            _ => self.leaf(depth - 1),
        }
    }

    fn leaf(&mut self, depth: usize) -> String {
        match self.random.below(16) {
            0..=2 => self.text_leaf(depth),
            3 | 4 => self.number_leaf(depth),
            5 => self.compare(Sort::Date, depth),
            6 => self.compare(Sort::Instant, depth),
            7 => self.compare(Sort::Duration, depth),
            8 => self.id_leaf(),
            9 => self.exact_leaf(depth),
            10 => self.field(Sort::Flag).map_or("true".to_owned(), |field| match self.random.below(3) {
                0 => field,
                1 => format!("!{field}"),
                _ => format!("{field} == {}", self.random.chance(2)),
            }),
            11 | 12 => self.presence(),
            13 => self.member(),
            14 => self.quantified(0),
            _ => self.whole_leaf(depth),
        }
    }

    fn operator(&mut self) -> &'static str {
        const OPERATORS: [&str; 6] = ["==", "!=", "<", "<=", ">", ">="];
        OPERATORS[self.random.below(OPERATORS.len())]
    }

    // Fields

    /// A field of a sort, perhaps over references.
    fn field(&mut self, sort: Sort) -> Option<String> {
        let scope = if self.random.chance(2) { self.scopes.last()? } else { self.random.pick(&self.scopes) }.clone();
        let mut prefix = scope.prefix;
        let mut object = self.schema.find_object(&scope.object)?.clone();
        while self.random.chance(4) {
            let references: Vec<(String, String)> = object
                .fields
                .iter()
                .filter(|field| field.kind == Kind::Reference)
                .filter_map(|field| Some((field.name.clone(), field.target.clone()?)))
                .filter(|(_, target)| self.schema.find_object(target).is_some())
                .collect();
            if references.is_empty() {
                break;
            }
            let (name, target) = self.random.pick(&references).clone();
            prefix = format!("{prefix}{name}.");
            object = self.schema.find_object(&target)?.clone();
        }
        let names = fields_of(&object, sort);
        if names.is_empty() {
            return None;
        }
        Some(format!("{prefix}{}", self.random.pick(&names)))
    }

    fn any_scope(&mut self) -> (String, std::sync::Arc<Object>) {
        let scope = self.random.pick(&self.scopes).clone();
        (scope.prefix, self.schema.find_object(&scope.object).unwrap().clone())
    }

    // Text

    fn text_leaf(&mut self, depth: usize) -> String {
        let text = self.text(depth);
        match self.random.below(7) {
            0 | 1 => {
                let operator = self.operator();
                let other = self.text(depth);
                format!("{text} {operator} {other}")
            }
            2 => {
                let list: Vec<String> = (0..self.random.below(4)).map(|_| self.text_literal()).collect();
                format!("{text} in [{}]", list.join(", "))
            }
            _ => {
                let function = *self.random.pick(&["contains", "startsWith", "endsWith"]);
                let pattern = match self.random.below(5) {
                    0 => self.field(Sort::Text).unwrap_or_else(|| "'a'".to_owned()),
                    1 => self.text_literal(),
                    _ => self.piece(),
                };
                format!("{text}.{function}({pattern})")
            }
        }
    }

    fn text(&mut self, depth: usize) -> String {
        match self.random.below(if depth == 0 { 4 } else { 9 }) {
            0..=2 => self.field(Sort::Text).unwrap_or_else(|| self.text_literal()),
            3 => self.text_literal(),
            4 => format!("({} + {})", self.text(depth - 1), self.text(depth - 1)),
            5 => format!("({} + ' ' + {})", self.text(depth - 1), self.text(depth - 1)),
            6 => format!("{}.{}()", self.text(depth - 1), self.random.pick(&["lower", "upper", "trim"])),
            7 => format!("({} ? {} : {})", self.condition(depth - 1), self.text(depth - 1), self.text(depth - 1)),
            _ => format!("({} ? {} : null)", self.condition(depth - 1), self.text(depth - 1)),
        }
    }

    fn text_literal(&mut self) -> String {
        let text: &&str = self.random.pick(TEXTS);
        quote(text)
    }

    /// A part of one of the texts.
    fn piece(&mut self) -> String {
        let text: Vec<char> = self.random.pick(TEXTS).chars().collect();
        let from = self.random.below(text.len());
        let length = self.random.below(text.len() - from) + 1;
        quote(&text[from..from + length].iter().collect::<String>())
    }

    fn exact_leaf(&mut self, depth: usize) -> String {
        let (_, object) = self.any_scope();
        match self.random.below(6) {
            0 if object.name == "person" => {
                let prefix = self.prefix_of("person");
                let list = *self.random.pick(&["'open'", "'won', 'lost'", "'open', null", "'lost', 'open', 'won'"]);
                format!("{prefix}stage in [{list}]")
            }
            1 if object.name == "person" => {
                let prefix = self.prefix_of("person");
                format!("{prefix}stage {} '{}'", self.random.pick(&["==", "!="]), self.random.pick(&["open", "won"]))
            }
            2 => format!("{} {} me", self.field(Sort::Id).unwrap_or("me".into()), self.random.pick(&["==", "!="])),
            3 => {
                let prefix = self.any_scope().0;
                let actor = format!("user:{}", uuid::Uuid::from_u128(7));
                let operator = *self.random.pick(&["==", "!="]);
                match self.random.below(3) {
                    0 => format!("{prefix}created_by {operator} me"),
                    1 => format!("{prefix}created_by {operator} '{actor}'"),
                    _ => format!("{prefix}created_by.startsWith('user:')"),
                }
            }
            _ => {
                let Some(field) = self.field(Sort::Exact) else { return "false".to_owned() };
                match self.random.below(5) {
                    0 => format!("{field} {} {}", self.random.pick(&["==", "!="]), self.text_or_code(&field)),
                    1 => format!("{field}.contains({})", self.piece()),
                    2 => format!("{field}.startsWith({})", self.piece()),
                    3 => format!("{field}.endsWith({})", self.piece()),
                    _ => format!("({field} + {}).contains({})", self.text_exact(depth), self.piece()),
                }
            }
        }
    }

    fn text_or_code(&mut self, field: &str) -> String {
        if field.ends_with("country") || field.ends_with("stage") {
            return if field.contains("address") { "'fr'" } else { field }.to_owned();
        }
        if field.ends_with("currency") { "'eur'".to_owned() } else { self.text_literal() }
    }

    fn text_exact(&mut self, _depth: usize) -> String {
        self.field(Sort::Text).unwrap_or_else(|| self.text_literal())
    }

    fn prefix_of(&mut self, object: &str) -> String {
        let scopes: Vec<Scope> = self.scopes.iter().filter(|scope| scope.object == object).cloned().collect();
        self.random.pick(&scopes).prefix.clone()
    }

    // Numbers

    fn number_leaf(&mut self, depth: usize) -> String {
        let left = self.number(depth);
        if self.random.chance(4) {
            let list: Vec<String> = (0..self.random.below(4)).map(|_| self.number_literal()).collect();
            return format!("{left} in [{}]", list.join(", "));
        }
        let operator = self.operator();
        let right = self.number(depth);
        format!("{left} {operator} {right}")
    }

    fn number(&mut self, depth: usize) -> String {
        match self.random.below(if depth == 0 { 3 } else { 9 }) {
            0 | 1 => self.field(Sort::Number).unwrap_or_else(|| self.number_literal()),
            2 => self.number_literal(),
            3..=5 => {
                let operator = *self.random.pick(&["+", "-", "*", "/"]);
                format!("({} {operator} {})", self.number(depth - 1), self.number(depth - 1))
            }
            6 => format!("(-{})", self.number(depth - 1)),
            7 => format!("({} ? {} : {})", self.condition(depth - 1), self.number(depth - 1), self.number(depth - 1)),
            _ => self.whole(depth - 1),
        }
    }

    fn number_literal(&mut self) -> String {
        match self.random.below(4) {
            0 => format!(
                "{:?}",
                *self.random.pick(&[0.5, 12.5, -0.5, 0.1, 1e10, 0.00001, 922_337_203_685_477.6, 1.0, -5.0])
            ),
            1 => (*self.random.pick(INTS)).max(i64::MIN + 1).to_string(),
            _ => (self.random.below(12) as i64 - 3).to_string(),
        }
    }

    fn whole_leaf(&mut self, depth: usize) -> String {
        let left = self.whole(depth);
        let operator = self.operator();
        if self.random.chance(2) {
            return format!("{left} {operator} {}", self.random.below(4));
        }
        format!("{left} {operator} {}", self.whole(depth))
    }

    fn whole(&mut self, depth: usize) -> String {
        match self.random.below(8) {
            0 => self.field(Sort::Whole).unwrap_or_else(|| "1".to_owned()),
            1 => {
                let left = self.field(Sort::Whole).unwrap_or_else(|| "17".to_owned());
                let right = match self.random.below(3) {
                    0 => self.field(Sort::Whole).unwrap_or_else(|| "0".to_owned()),
                    1 => "0".to_owned(),
                    _ => (self.random.below(9) as i64 - 4).to_string(),
                };
                format!("({left} % {right})")
            }
            2 => {
                let part = *self.random.pick(&["getFullYear", "getMonth", "getDate", "getDayOfWeek", "getDayOfMonth"]);
                let sort = *self.random.pick(&[Sort::Date, Sort::Instant]);
                if part == "getDayOfMonth" {
                    return "3".to_owned();
                }
                let field = self.field(sort).unwrap_or_else(|| "today".to_owned());
                format!("{field}.{part}()")
            }
            3 => format!("{}.size()", self.field(Sort::Text).unwrap_or_else(|| "'abc'".to_owned())),
            4 => {
                let (prefix, object) = self.any_scope();
                let lists = lists_of(&object);
                format!("{prefix}{}.size()", self.random.pick(&lists))
            }
            5 | 6 => {
                let (over, variable, object) = self.relation();
                let Some(object) = object else { return format!("{over}.size()") };
                self.scopes.push(Scope { prefix: format!("{variable}."), object });
                let condition = self.condition(depth.min(1));
                self.scopes.pop();
                format!("{over}.filter({variable}, {condition}).size()")
            }
            _ => self.relation().0 + ".count()",
        }
    }

    // Times

    fn compare(&mut self, sort: Sort, depth: usize) -> String {
        let left = self.time(sort, depth);
        let operator = self.operator();
        let right = self.time(sort, depth);
        format!("{left} {operator} {right}")
    }

    fn time(&mut self, sort: Sort, depth: usize) -> String {
        if self.random.chance(2)
            && let Some(field) = self.field(sort)
        {
            return field;
        }
        let deeper = depth > 0 && self.random.chance(2);
        match sort {
            Sort::Date if deeper => match self.random.below(4) {
                0 => format!("{}.addDays({})", self.time(sort, depth - 1), self.random.below(900) as i64 - 400),
                1 => format!("({} - {})", self.time(sort, depth - 1), self.time(Sort::Duration, depth - 1)),
                2 => {
                    format!("{}.addDays({})", self.time(sort, depth - 1), self.field(Sort::Whole).unwrap_or("2".into()))
                }
                _ => format!(
                    "({} ? {} : {})",
                    self.condition(depth - 1),
                    self.time(sort, depth - 1),
                    self.time(sort, depth - 1)
                ),
            },
            Sort::Date => match self.random.below(5) {
                0 => "today".to_owned(),
                1 => format!("today.addDays({})", self.random.below(60_000) as i64 - 40_000),
                2 => format!("today.addMonths({})", self.random.below(600) as i64 - 300),
                3 => format!("today.addYears({})", self.random.below(60) as i64 - 30),
                _ => format!("date('{}')", self.random.pick(&dates())),
            },
            Sort::Instant if deeper => match self.random.below(3) {
                0 => format!("({} + {})", self.time(sort, depth - 1), self.time(Sort::Duration, depth - 1)),
                1 => format!("({} - {})", self.time(sort, depth - 1), self.time(Sort::Duration, depth - 1)),
                _ => format!(
                    "({} ? {} : {})",
                    self.condition(depth - 1),
                    self.time(sort, depth - 1),
                    self.time(sort, depth - 1)
                ),
            },
            Sort::Instant => match self.random.below(4) {
                0 => "now".to_owned(),
                1 => format!("(now - duration('{}h'))", self.random.below(2_000_000)),
                2 => format!("now.addMonths({})", self.random.below(600) as i64 - 300),
                _ => format!("timestamp('{}')", model::value::instant_to_text(*self.random.pick(INSTANTS))),
            },
            _ if deeper => match self.random.below(4) {
                0 => format!("({} + {})", self.time(sort, depth - 1), self.time(sort, depth - 1)),
                1 => format!("({} - {})", self.time(Sort::Instant, depth - 1), self.time(Sort::Instant, depth - 1)),
                2 => format!("({} - {})", self.time(Sort::Date, depth - 1), self.time(Sort::Date, depth - 1)),
                _ => format!("({} * {})", self.time(sort, depth - 1), self.number(depth - 1)),
            },
            _ => format!("duration('{}')", self.random.pick(&["0s", "1us", "-24h", "36h", "1ms", "3650d"])),
        }
    }

    // Ids, presence, lists

    fn id(&mut self) -> String {
        match self.random.below(4) {
            0 | 1 => self.field(Sort::Id).unwrap_or_else(|| "me".to_owned()),
            2 => "me".to_owned(),
            _ => format!("'{}'", self.random.pick(self.ids)),
        }
    }

    fn id_leaf(&mut self) -> String {
        let left = self.field(Sort::Id).unwrap_or_else(|| "id".to_owned());
        match self.random.below(6) {
            0 => {
                let list: Vec<String> = (0..self.random.below(6)).map(|_| self.id()).collect();
                format!("{left} in [{}]", list.join(", "))
            }
            1 => format!("{left} in my_teams"),
            2 => "team in my_teams".to_owned(),
            3 => format!("{left} in my_territories"),
            _ => {
                let operator = *self.random.pick(&["==", "!="]);
                format!("{left} {operator} {}", self.id())
            }
        }
    }

    fn presence(&mut self) -> String {
        let (prefix, object) = self.any_scope();
        let field = format!("{prefix}{}", self.random.pick(&object.fields).name);
        match self.random.below(6) {
            0 => format!("has({field})"),
            1 => format!("{field} == null"),
            2 => format!("{field} != null"),
            3 => {
                let sort =
                    *self.random.pick(&[Sort::Text, Sort::Exact, Sort::Number, Sort::Date, Sort::Id, Sort::Flag]);
                let field = self.field(sort).unwrap_or(field);
                format!("has({field})")
            }
            4 => format!("{} == null", self.number(1)),
            _ => format!("{} != ''", self.text(1)),
        }
    }

    fn member(&mut self) -> String {
        let (prefix, object) = self.any_scope();
        match object.name.as_str() {
            "person" => match self.random.below(4) {
                0 => format!("{} in {prefix}tags", self.text_literal()),
                1 => format!("{} in {prefix}emails", self.random.pick(&["'ann@x.com'", "'Ann@y.org'", "'A_B@x.com'"])),
                2 => format!("{} in {prefix}friends", self.id()),
                _ => format!("'fr' in {prefix}langs"),
            },
            "note" => format!("{} in {prefix}about", self.id()),
            _ => format!("{} in {prefix}tags", self.random.pick(&["'vip'", "'100%'", "'ü'", "'5'"])),
        }
    }

    fn quantified(&mut self, depth: usize) -> String {
        let function = *self.random.pick(&["exists", "exists", "all", "exists_one"]);
        if self.random.chance(2) {
            let (over, variable, object) = self.relation();
            let Some(object) = object else { return format!("{over}.size() > 0") };
            if self.scopes.len() > 3 {
                return format!("{over}.size() == 1");
            }
            self.scopes.push(Scope { prefix: format!("{variable}."), object });
            let condition = self.condition(depth);
            self.scopes.pop();
            return format!("{over}.{function}({variable}, {condition})");
        }
        let (prefix, object) = self.any_scope();
        self.names += 1;
        let e = format!("e{}", self.names);
        let piece = self.piece();
        let text = *self.random.pick(&["contains", "startsWith", "endsWith"]);
        let operator = self.operator();
        let (list, condition) = match (object.name.as_str(), self.random.below(5)) {
            ("person", 0) => ("emails", format!("{e}.value.{text}({piece}) || !{e}.primary")),
            ("person", 1) => ("emails", format!("{e}.label {operator} 'Home' && {e}.value != 'ANN@x.com'")),
            ("person", 2) => ("papers", format!("{e}.size {operator} 1000 || {e}.name.{text}({piece})")),
            ("person", 3) => ("langs", format!("{e} == 'de'")),
            ("person", 4) => ("emails", format!("{e}.value == {}", self.random.pick(&["'ann@x.com'", "'A_B@x.com'"]))),
            ("note", 0) => ("about", format!("{e}.id == {}", self.id())),
            ("note", 1) => {
                let (one, other) = (self.random.pick(self.ids), self.random.pick(self.ids));
                ("about", format!("{e}.id in ['{one}', '{other}']"))
            }
            ("note", 2) => {
                let id = self.id();
                ("about", format!("{e}.object == 'person' && {e}.id != {id}"))
            }
            (_, 3) => ("tags", format!("{e} == {}", self.text_literal())),
            (_, 4) => ("tags", format!("{e}.{text}({piece})")),
            _ => ("tags", format!("{e}.{text}({piece}) || {e} {operator} 'b'")),
        };
        format!("{prefix}{list}.{function}({e}, {condition})")
    }

    /// Related records: the text, a name for the variable, the object.
    fn relation(&mut self) -> (String, String, Option<String>) {
        let (mut prefix, mut object) = self.any_scope();
        if object.find_field("company").is_some() && self.random.chance(4) {
            prefix += "company.";
            object = self.schema.find_object("company").unwrap().clone();
        }
        let mut found: Vec<(String, String)> = self
            .schema
            .relations(&object.name)
            .into_iter()
            .map(|relation| (relation.name, relation.object.name.clone()))
            .collect();
        if object.name == "person" {
            found.push(("friends".to_owned(), "person".to_owned()));
        }
        self.names += 1;
        if found.is_empty() {
            return (format!("{prefix}tags"), String::new(), None);
        }
        let (name, object) = self.random.pick(&found).clone();
        (format!("{prefix}{name}"), format!("x{}", self.names), Some(object))
    }
}

fn fields_of(object: &Object, sort: Sort) -> Vec<String> {
    let mut names = Vec::new();
    for field in &object.fields {
        let name = &field.name;
        match (field.value_kind(), sort) {
            (Kind::Text | Kind::LongText, Sort::Text)
            | (Kind::Integer | Kind::Rating, Sort::Whole | Sort::Number)
            | (Kind::Decimal | Kind::Percent | Kind::Money, Sort::Number)
            | (Kind::Boolean, Sort::Flag)
            | (Kind::Date, Sort::Date)
            | (Kind::DateTime, Sort::Instant)
            | (Kind::Duration, Sort::Duration)
            | (Kind::Reference | Kind::User, Sort::Id)
            | (Kind::Select, Sort::Exact) => names.push(name.clone()),
            (Kind::Emails | Kind::Phones, Sort::Text) => names.push(format!("{name}.primary")),
            (Kind::Address, Sort::Text) => names.extend([format!("{name}.city"), format!("{name}.street")]),
            (Kind::Address, Sort::Exact) => names.push(format!("{name}.country")),
            (Kind::Address, Sort::Number) => names.push(format!("{name}.latitude")),
            (Kind::Json, Sort::Exact) => names.extend([format!("{name}.salesforce"), format!("{name}.hubspot")]),
            _ => {}
        }
        match (field.value_kind(), sort) {
            (Kind::Money, Sort::Exact) => names.push(format!("{name}.currency")),
            (Kind::Money, Sort::Number) => names.push(format!("{name}.amount")),
            _ => {}
        }
    }
    if sort == Sort::Id {
        names.push("id".to_owned());
    }
    names
}

fn lists_of(object: &Object) -> Vec<String> {
    let is_list = |kind| {
        matches!(kind, Kind::MultiSelect | Kind::Emails | Kind::Phones | Kind::References | Kind::About | Kind::Files)
    };
    object.fields.iter().filter(|field| is_list(field.kind)).map(|field| field.name.clone()).collect()
}

/// A CEL literal.
pub fn quote(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('\'', "\\'").replace('\n', "\\n").replace('\t', "\\t");
    format!("'{escaped}'")
}
