//! Shapes of what is made of something else: a deal of a lead, a quote of a deal or of the version before.

use serde_json::{Map, Value as Json, json};

use super::{add, count, id, instant, list, object, text, truth};

/// The conversion of a lead, and quotes.
pub(super) fn add_all(all: &mut Map<String, Json>) {
    let of = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    add(all, "LeadConversion", &[("values?", of("DealValues"))]);
    add(all, "LeadConverted", &[("lead", of("Lead")), ("deal", of("Deal")), ("batch", id())]);
    let form = [("stamp", text()), ("fields", list(text())), ("consent?", text())];
    add(all, "CaptureForm", &form);
    add(all, "Enquiry", &ENQUIRY.map(|name| (name, text())));
    add(all, "EnquiryReceived", &[("received", truth())]);
    let said = object(&TYPED.map(|name| (name, text())));
    let held =
        [("id", id()), ("form", id()), ("at", instant()), ("reason", text()), ("address", text()), ("said", said)];
    add(all, "HeldEnquiries", &[("held", list(object(&held))), ("days", count())]);
    add(all, "LeadReleased", &[("lead", of("Lead")), ("batch", id())]);
    add(all, "QuoteOfDeal", &[("values?", of("QuoteValues"))]);
    add(all, "QuoteMade", &[("quote", of("Quote")), ("batch", id())]);
}

/// What a form sends; what else comes is left out.
const ENQUIRY: [&str; 14] = [
    "email",
    "name?",
    "phone?",
    "company?",
    "message?",
    "page?",
    "consent?",
    "stamp?",
    "website?",
    "utm_source?",
    "utm_medium?",
    "utm_campaign?",
    "utm_term?",
    "utm_content?",
];

/// What of it is shown of a held one.
const TYPED: [&str; 6] = ["name", "email", "phone", "company", "message", "page"];
