//! Shapes of what holds for the whole company: its settings and its exchange rates.

use serde_json::{Map, Value as Json, json};

use super::{add, count, list, maybe, object, text, truth};

pub(super) fn add_all(all: &mut Map<String, Json>) {
    let settings = ["name", "base_currency", "default_country", "time_zone"].map(|name| (name, text()));
    add(all, "Workspace", &[&settings[..], &[("second_factor_required", truth())]].concat());
    let change = ["name?", "base_currency?", "default_country?", "time_zone?"].map(|name| (name, text()));
    add(all, "WorkspaceChange", &[&change[..], &[("second_factor_required?", truth())]].concat());
    let day = || json!({ "type": "string", "format": "date" });
    let days = ["created", "changed", "unchanged"].map(|name| (name, count()));
    let ends = [("batch", maybe()), ("first", day()), ("last", day())];
    add(all, "RatesImported", &[&ends[..], &days[..]].concat());
    let rate = object(&[("currency", text()), ("on", day()), ("rate", text()), ("worth", maybe())]);
    let known = [("base", text()), ("today", day()), ("counting", truth()), ("rates", list(rate))];
    add(all, "KnownRates", &known);
    let on = json!({ "type": ["string", "null"], "format": "date" });
    add(all, "Converted", &[("amount", json!({ "type": "number" })), ("currency", text()), ("on", on)]);
}
