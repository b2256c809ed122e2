//! The place that a path names: an object, a record, a batch. What does not parse is not there.

use std::sync::Arc;

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use model::{Code, Object};
use uuid::Uuid;

use crate::Api;
use crate::problem_json::{Answer, Failure};

/// The decoded parts of a path.
#[derive(Debug)]
pub struct Place {
    parts: Vec<(String, String)>,
    plural: String,
}

impl Place {
    /// The text of a part.
    pub fn text(&self, name: &str) -> Answer<&str> {
        let found = self.parts.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
        found.ok_or_else(not_found)
    }

    /// The id in a part.
    pub fn uuid(&self, name: &str) -> Answer<Uuid> {
        Uuid::try_parse(self.text(name)?).map_err(|_| not_found())
    }

    /// The record's id.
    pub fn id(&self) -> Answer<Uuid> {
        self.uuid("id")
    }

    /// The object whose plural stands in the path.
    pub fn object(&self, api: &Api) -> Answer<Arc<Object>> {
        Ok(api.workspace.load_plural(&self.plural)?)
    }
}

/// 404.
pub fn not_found() -> Failure {
    Failure::new(Code::NotFound, "There is nothing at this address.")
}

impl<S: Send + Sync> FromRequestParts<S> for Place {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let raw = RawPathParams::from_request_parts(parts, state)
            .await
            .map_err(|_| Failure::bad_request("The address is not UTF-8."))?;
        let found: Vec<(String, String)> = raw.iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
        if found.iter().any(|(_, value)| value.contains('\0')) {
            return Err(not_found());
        }
        // `/api/v1/people/…`, also where a route names the plural itself.
        let plural = match found.iter().find(|(key, _)| key == "plural") {
            Some((_, plural)) => plural.clone(),
            None => parts.uri.path().split('/').nth(3).unwrap_or_default().to_owned(),
        };
        Ok(Self { parts: found, plural })
    }
}
