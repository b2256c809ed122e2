//! Query parameters, read strictly: decoded once, every name known, none twice (ASVS 15.3.7).

use std::collections::BTreeMap;
use std::str::FromStr;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use model::{Code, FieldProblem, Problem};

use crate::problem_json::Failure;

/// Longest query string.
const QUERY_BYTES_MAX: usize = 32_768;

/// The query parameters of a request, none of them given twice.
#[derive(Debug, Default)]
pub struct Params {
    values: BTreeMap<String, String>,
}

impl Params {
    /// Parses a query string.
    pub fn parse(query: &str) -> Result<Self, Problem> {
        if query.len() > QUERY_BYTES_MAX {
            return Err(Problem::new(Code::TooLarge, "The query string is longer than 32 KiB."));
        }
        let mut values = BTreeMap::new();
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            if value.contains('\0') {
                return Err(bad_parameter(&name, "bad_text", "A parameter may not contain a NUL character."));
            }
            if values.insert(name.clone().into_owned(), value.into_owned()).is_some() {
                return Err(bad_parameter(&name, "repeated", "The parameter is given twice; give it once."));
            }
        }
        Ok(Self { values })
    }

    /// Refuses parameters that the operation does not know.
    pub fn only(self, known: &[&str]) -> Result<Self, Problem> {
        match self.values.keys().find(|name| !known.contains(&name.as_str())) {
            None => Ok(self),
            Some(name) => {
                let message = if known.is_empty() {
                    "This operation takes no query parameters.".to_owned()
                } else {
                    format!("There is no such parameter; known are {}.", known.join(", "))
                };
                Err(bad_parameter(name, "unknown_parameter", &message))
            }
        }
    }

    /// The text of a parameter; an empty one counts as absent.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// The text of a parameter for which empty is a mistake: an instant left empty is not the present.
    pub fn given(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }

    /// The text of a parameter that must be there.
    pub fn required(&self, name: &str) -> Result<&str, Problem> {
        self.text(name).ok_or_else(|| bad_parameter(name, "required", &format!("The parameter `{name}` is missing.")))
    }

    /// An owned text.
    pub fn owned(&self, name: &str) -> Option<String> {
        self.text(name).map(str::to_owned)
    }

    /// A list separated by commas.
    pub fn list(&self, name: &str) -> Vec<String> {
        self.text(name)
            .map(|value| {
                value
                    .split(',')
                    .map(|part| part.trim_matches(' '))
                    .filter(|part| !part.is_empty())
                    .map(str::to_owned)
                    .collect()
            })
            .unwrap_or_default()
    }

    /// A number, a UUID or anything else that parses; an empty one does not.
    pub fn parsed<T: FromStr>(&self, name: &str) -> Result<Option<T>, Problem> {
        self.given(name)
            .map(|value| {
                value
                    .parse()
                    .map_err(|_| bad_parameter(name, "bad_value", &format!("`{name}` has a value of the wrong form.")))
            })
            .transpose()
    }

    /// `true` or `false`; empty is neither.
    pub fn flag(&self, name: &str, default: bool) -> Result<bool, Problem> {
        match self.given(name) {
            None => Ok(default),
            Some("true" | "1") => Ok(true),
            Some("false" | "0") => Ok(false),
            Some(_) => Err(bad_parameter(name, "bad_value", &format!("`{name}` is `true` or `false`."))),
        }
    }

    /// A page size between 1 and `max`.
    pub fn limit(&self, default: usize, max: usize) -> Result<usize, Problem> {
        match self.parsed::<usize>("limit")? {
            None => Ok(default),
            Some(limit) if (1..=max).contains(&limit) => Ok(limit),
            Some(_) => Err(bad_parameter("limit", "out_of_range", &format!("`limit` is between 1 and {max}."))),
        }
    }
}

/// 400 that names the parameter.
pub fn bad_parameter(name: &str, code: &str, message: &str) -> Problem {
    let name: String = name.chars().take(80).collect();
    let mut problem = Problem::new(Code::BadRequest, format!("Parameter `{name}`: {message}"));
    problem.fields.push(FieldProblem { field: name, code: code.to_owned(), message: message.to_owned() });
    problem
}

impl<S: Sync> FromRequestParts<S> for Params {
    type Rejection = Failure;

    /// The guard has parsed and checked them.
    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Failure> {
        match parts.extensions.remove::<Arc<Params>>().and_then(Arc::into_inner) {
            Some(params) => Ok(params),
            None => Ok(Self::parse(parts.uri.query().unwrap_or_default())?),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_may_come_once_only() {
        assert!(Params::parse("limit=1&limit=2").is_err());
        assert!(Params::parse("limit=1&sort=name").unwrap().only(&["limit", "sort"]).is_ok());
        assert!(Params::parse("limit=1&where=name").unwrap().only(&["limit", "sort"]).is_err());
    }

    #[test]
    fn values_are_decoded_once() {
        let params = Params::parse("q=a%2527b+c&x=%2500").unwrap();
        assert_eq!(params.text("q"), Some("a%27b c"));
        assert!(Params::parse("q=%00").is_err());
    }

    #[test]
    fn numbers_and_flags_are_checked() {
        let params = Params::parse("limit=500&total=maybe&offset=x&after=").unwrap();
        assert!(params.parsed::<u64>("after").is_err());
        assert!(params.limit(50, 200).is_err());
        assert!(params.flag("total", true).is_err());
        assert!(params.parsed::<u64>("offset").is_err());
    }
}
