//! Shapes of what is made of something else: a deal of a lead, a quote of a deal or of the version before.

use serde_json::{Map, Value as Json, json};

use super::{add, id};

/// The conversion of a lead, and quotes.
pub(super) fn add_all(all: &mut Map<String, Json>) {
    let of = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    add(all, "LeadConversion", &[("values?", of("DealValues"))]);
    add(all, "LeadConverted", &[("lead", of("Lead")), ("deal", of("Deal")), ("batch", id())]);
    add(all, "QuoteOfDeal", &[("values?", of("QuoteValues"))]);
    add(all, "QuoteMade", &[("quote", of("Quote")), ("batch", id())]);
}
