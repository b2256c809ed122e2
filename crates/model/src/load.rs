//! The loader: TOML text becomes an [`Object`], and a [`Schema`] is checked as a whole, so that a fault in an object
//! is named with its file, line and remedy before anything is stored.

mod check;
mod check_expressions;
mod check_field;
mod json_schema;
mod names;

#[cfg(test)]
mod tests;

use std::fmt;

use crate::field::Field;
use crate::kinds::nearest;
use crate::object::Object;
use crate::problem::{Code, FieldProblem, Problem};
use crate::schema::Schema;

pub use json_schema::json_schema;

/// What is wrong with an object, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The file it was read from; the object's name when it was not read from a file.
    pub file: String,
    /// Line in the file, from 1; none for faults between objects.
    pub line: Option<usize>,
    /// The field concerned.
    pub field: Option<String>,
    /// What is wrong and what would be right.
    pub message: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        if let Some(field) = &self.field {
            write!(f, ": field `{field}`")?;
        }
        write!(f, ": {}", self.message)
    }
}

impl std::error::Error for Fault {}

/// The object that a TOML text describes. Keys that do not exist are faults.
pub fn load_object(file: &str, text: &str) -> Result<Object, Fault> {
    load(file, text)
}

/// The fields that a TOML text of `[[fields]]` describes.
pub fn load_fields(file: &str, text: &str) -> Result<Vec<Field>, Fault> {
    #[derive(serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Fields {
        fields: Vec<Field>,
    }
    load::<Fields>(file, text).map(|read| read.fields)
}

fn load<T: serde::de::DeserializeOwned>(file: &str, text: &str) -> Result<T, Fault> {
    toml::from_str(text).map_err(|error| {
        let message = error.message().trim().to_owned();
        let line = error.span().and_then(|span| text.get(..span.start)).map(|head| head.matches('\n').count() + 1);
        let hint = hint(&message).unwrap_or_default();
        Fault { file: file.to_owned(), line, field: None, message: format!("{message}{hint}") }
    })
}

/// `; did you mean …?` for an unknown key or word.
fn hint(message: &str) -> Option<String> {
    let mut quoted = message.split('`').skip(1).step_by(2);
    if !message.starts_with("unknown") {
        return None;
    }
    let typed = quoted.next()?;
    nearest(typed, quoted).map(|name| format!("; did you mean `{name}`?"))
}

/// Every fault of a schema: targets that do not exist, names that clash, options, defaults and expressions that do
/// not fit. Empty when it may be used.
pub fn check_schema(schema: &Schema) -> Vec<Fault> {
    let mut faults = check::check_schema(schema);
    faults.extend(check_expressions::check_cycles(schema));
    faults
}

/// The faults as the one problem that a client sees.
pub fn problem_of(faults: &[Fault]) -> Problem {
    let fields = faults.iter().map(|fault| FieldProblem {
        field: fault.field.clone().unwrap_or_default(),
        code: "bad_schema".to_owned(),
        message: fault.message.clone(),
    });
    let detail = match faults {
        [one] => one.to_string(),
        many => format!("{} things in the objects need correcting.", many.len()),
    };
    Problem { fields: fields.collect(), ..Problem::new(Code::Invalid, detail) }
}
