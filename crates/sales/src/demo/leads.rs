//! Enquiries of the demo: some new, some in hand, some that came to nothing.

use engine::{Plan, Workspace};
use model::{Actor, Patch, Problem, Value};
use serde_json::json;
use store::Error;
use uuid::Uuid;

use super::{Customer, DAY, Dice, SLICE, SOURCES, Teller, date};
use crate::begin::patch;

const HOUR: i64 = 3_600_000_000;
/// Keeps the chance of leads apart from that of deals.
const STREAMS: u64 = 1 << 32;

/// Title, message, in English and German.
const ENQUIRIES: [([&str; 2], [&str; 2]); 4] = [
    (
        ["Prices for fifty seats", "Preise für fünfzig Plätze"],
        ["Please send us your price list.", "Bitte senden Sie uns Ihre Preisliste."],
    ),
    (
        ["Wants a demonstration", "Wünscht eine Vorführung"],
        ["Could you show us how it works?", "Könnten Sie uns zeigen, wie es funktioniert?"],
    ),
    (
        ["Asked at the fair", "Anfrage von der Messe"],
        ["We talked at your stand on Tuesday.", "Wir sprachen am Dienstag an Ihrem Stand."],
    ),
    (
        ["Question about delivery", "Frage zur Lieferung"],
        ["How soon could you deliver?", "Wie bald könnten Sie liefern?"],
    ),
];
/// The form of the demo's web page.
const FORM: &str = "Contact page";
const FORM_ID: Uuid = Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_f0f0_0000);
const REASONS: [&str; 5] = ["no_need", "no_budget", "no_fit", "competitor", "no_contact"];

/// Stores the leads of these customers as part of the batch.
pub(super) fn store(
    workspace: &Workspace,
    actor: &Actor,
    teller: &Teller,
    customers: &[Customer],
    seed: u64,
    batch: Uuid,
) -> Result<(), Error> {
    let told = customers.iter().enumerate().filter_map(|(at, customer)| {
        let mut dice = Dice::new(seed, STREAMS | at as u64);
        dice.percent(25).then(|| teller.enquiry(customer, &mut dice))
    });
    let leads: Vec<Patch> = told.collect();
    let form = workspace.transact(actor, Plan::new("demo").in_background().continuing(batch), move |batch| {
        let forms = batch.load_object("capture_form")?;
        // A second demo finds the form of the first.
        if batch.tx().find(&forms, FORM_ID)?.is_none() {
            let takes = Value::json(json!(["phone", "company", "message"]));
            let values = [("id", Value::Id(FORM_ID)), ("name", Value::text(FORM)), ("takes", takes)];
            batch.create("capture_form", patch(values))?;
        }
        Ok(())
    });
    form.wait()?;
    for slice in leads.chunks(SLICE) {
        let slice = slice.to_vec();
        let plan = Plan::new("demo").in_background().continuing(batch);
        let stored = workspace.transact(actor, plan, move |batch| {
            let made = batch.create_many("lead", slice.clone())?;
            made.into_iter().try_for_each(|lead| lead.map(drop)).map_err(Problem::into)
        });
        stored.wait()?;
    }
    Ok(())
}

impl Teller {
    fn enquiry(&self, customer: &Customer, dice: &mut Dice) -> Patch {
        let language = usize::from(customer.company.get("language").as_text() == Some("de"));
        let say = |words: [&'static str; 2]| Value::text(words.get(language).copied().unwrap_or_default());
        let (title, message) = dice.pick(&ENQUIRIES);
        let status = dice.pick(&["new", "new", "working", "working", "nurturing", "disqualified"]);
        let days = if status == "new" { dice.between(0, 2) } else { dice.between(3, 60) };
        let received = self.day - days * DAY - dice.between(1, 10) * HOUR;
        let is = |wanted: &str| status == wanted;
        patch([
            ("title", say(title)),
            ("message", say(message)),
            ("person", customer.person.map_or(Value::Missing, Value::Id)),
            ("company", Value::Id(customer.company.id)),
            ("status", Value::text(status)),
            ("rating", Value::text(dice.pick(&["hot", "warm", "warm", "cold"]))),
            ("source", Value::text(dice.pick(&SOURCES))),
            ("received_at", Value::Instant(received)),
            ("assigned_at", Value::Instant(received)),
            (
                "taken_up_at",
                if is("new") { Value::Missing } else { Value::Instant(received + dice.between(1, 40) * HOUR) },
            ),
            ("nurture_until", if is("nurturing") { date(self.day + 30 * DAY) } else { Value::Missing }),
            ("disqualified_reason", if is("disqualified") { Value::text(dice.pick(&REASONS)) } else { Value::Missing }),
            ("owner", self.owner(customer, dice)),
        ])
    }
}
