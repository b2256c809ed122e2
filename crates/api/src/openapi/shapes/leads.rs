//! Shapes of leads: what a conversion takes and gives.

use serde_json::{Map, Value as Json, json};

use super::{add, id};

/// The conversion of a lead.
pub(super) fn add_all(all: &mut Map<String, Json>) {
    let of = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    add(all, "LeadConversion", &[("values?", of("DealValues"))]);
    add(all, "LeadConverted", &[("lead", of("Lead")), ("deal", of("Deal")), ("batch", id())]);
}
