//! JSON request bodies, read strictly: the right media type, a bounded size, no key twice in any object.

use std::fmt;

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, header};
use model::limits::BODY_BYTES_MAX;
use model::{Code, Problem};
use serde::de::{DeserializeOwned, DeserializeSeed, Error as _, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value as Json};

use crate::problem_json::Failure;

/// A JSON object body with the bytes it came as (what an idempotency key is bound to).
#[derive(Debug)]
pub struct Body {
    /// Parsed members.
    pub json: Map<String, Json>,
    /// The raw bytes.
    pub bytes: Bytes,
}

impl Body {
    /// The body as a typed request; unknown or wrong members are named.
    pub fn parse<T: DeserializeOwned>(self) -> Result<T, Problem> {
        serde_json::from_value(Json::Object(self.json)).map_err(|error| {
            Problem::new(Code::Invalid, format!("The body does not fit this operation: {}.", words(&error)))
        })
    }
}

/// A part of a body that must be an object: by itself serde takes an array of a struct's members, too.
#[derive(Debug)]
pub struct FromObject<T>(pub T);

impl<'de, T: DeserializeOwned> Deserialize<'de> for FromObject<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let members = Map::<String, Json>::deserialize(from)?;
        serde_json::from_value(Json::Object(members)).map(Self).map_err(D::Error::custom)
    }
}

/// What serde says, without its Rust flavour.
fn words(error: &serde_json::Error) -> String {
    error.to_string().replace("at line 0 column 0", "").trim().to_owned()
}

impl<S: Send + Sync> FromRequest<S> for Body {
    type Rejection = Failure;

    async fn from_request(request: Request, _state: &S) -> Result<Self, Failure> {
        check_media_type(request.headers())?;
        let bytes = read_all(request, BODY_BYTES_MAX).await?;
        let json = parse_object(&bytes)?;
        Ok(Self { json, bytes })
    }
}

/// Reads a whole body of at most `max` bytes.
pub async fn read_all(request: Request, max: usize) -> Result<Bytes, Failure> {
    let declared = request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
    if declared.is_some_and(|length: u64| length > max as u64) {
        return Err(too_large(max));
    }
    axum::body::to_bytes(request.into_body(), max).await.map_err(|error| {
        let text = format!("{error:?}");
        if text.contains("LengthLimit") {
            too_large(max)
        } else {
            Failure::bad_request("The body ended before it was complete.")
        }
    })
}

/// 413 with the limit.
pub fn too_large(max: usize) -> Failure {
    Failure::new(Code::TooLarge, format!("The body is larger than {} MiB.", max / 1_048_576))
}

fn check_media_type(headers: &HeaderMap) -> Result<(), Problem> {
    let media = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = media.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if essence == "application/json" || essence.ends_with("+json") {
        return Ok(());
    }
    Err(Problem::new(Code::UnsupportedMedia, "Send JSON with the header `Content-Type: application/json`."))
}

/// Parses an object; any key given twice, at any depth, is a fault (RFC 8259 leaves it open, attackers use it).
pub fn parse_object(bytes: &[u8]) -> Result<Map<String, Json>, Problem> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let parsed = Strict.deserialize(&mut reader).and_then(|json| reader.end().map(|()| json));
    match parsed {
        Ok(Json::Object(map)) => Ok(map),
        Ok(_) => Err(Problem::new(Code::BadRequest, "The body must be a JSON object.")),
        Err(error) => Err(Problem::new(Code::BadRequest, format!("The body is not valid JSON: {error}."))),
    }
}

/// Builds a [`Json`] and refuses repeated keys.
#[derive(Clone, Copy)]
struct Strict;

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Json;

    fn deserialize<D: serde::Deserializer<'de>>(self, reader: D) -> Result<Json, D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Json;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("JSON")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Json, E> {
        Ok(Json::from(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Json, E> {
        Ok(Json::from(value))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Json, E> {
        Ok(Json::from(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Json, E> {
        Ok(Json::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Json, E> {
        Ok(Json::String(value))
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Json, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = list.next_element_seed(self)? {
            values.push(value);
        }
        Ok(Json::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Json, A::Error> {
        let mut map = Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            let value = entries.next_value_seed(self)?;
            if map.contains_key(&key) {
                let key: String = key.chars().take(80).collect();
                return Err(A::Error::custom(format!("the key `{key}` is given twice")));
            }
            map.insert(key, value);
        }
        Ok(Json::Object(map))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_may_come_once_only_at_any_depth() {
        assert!(parse_object(br#"{"a":1,"b":{"c":[1,2.5,null,true,"x"]}}"#).is_ok());
        assert!(parse_object(br#"{"a":1,"a":2}"#).unwrap_err().detail.contains("twice"));
        assert!(parse_object(br#"{"a":[{"b":1,"b":1}]}"#).is_err());
        assert!(parse_object(br#"{"a":1} x"#).is_err());
        assert!(parse_object(b"[1]").is_err());
    }

    #[test]
    fn members_without_their_names_are_refused() {
        #[derive(Debug, Deserialize)]
        struct Pair {
            left: i64,
            right: i64,
        }
        let read = |text: &str| serde_json::from_str::<Vec<FromObject<Pair>>>(text);
        let found = read(r#"[{"left": 1, "right": 2}]"#).unwrap();
        assert_eq!(found.iter().map(|FromObject(pair)| pair.left + pair.right).sum::<i64>(), 3);
        assert!(read("[[1, 2]]").is_err());
    }

    #[test]
    fn deep_nesting_is_an_answer_and_no_crash() {
        let deep = format!("{{\"a\":{}{}}}", "[".repeat(5_000), "]".repeat(5_000));
        assert_eq!(parse_object(deep.as_bytes()).unwrap_err().code, Code::BadRequest);
    }
}
