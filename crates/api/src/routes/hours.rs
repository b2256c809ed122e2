//! Working hours: when people are busy and when they work, and holidays from a file.

use axum::extract::{Request, State};
use contacts::calendar::{self, Busy, FreeBusy};
use model::{Problem, value};
use serde_json::{Value as Json, json as json_of};
use uuid::Uuid;

use super::calendars::{FILE_BYTES_MAX, range_of};
use crate::Api;
use crate::body::read_all;
use crate::caller::Caller;
use crate::params::{Params, bad_parameter};
use crate::place::Place;
use crate::problem_json::Answer;
use crate::routes::json;

/// Parameters of free and busy times.
pub const FREE_BUSY: &[&str] = &["users", "from", "to"];

/// `GET /free-busy`
pub async fn free_busy(State(api): State<Api>, caller: Caller, params: Params) -> Answer {
    let window = range_of(&params)?;
    params.required("users")?;
    let users = params.list("users").iter().map(|text| user_of(text)).collect::<Result<Vec<_>, _>>()?;
    let (workspace, actor) = (api.workspace.clone(), caller.actor.clone());
    let found = api.blocking(move || calendar::free_busy(&workspace, &actor, &users, window)).await?;
    let people = found.iter().map(|person| person_json(person, window));
    Ok(json(&json_of!({ "people": people.collect::<Vec<Json>>() })))
}

fn user_of(text: &str) -> Result<Uuid, Problem> {
    let wrong = |_| bad_parameter("users", "bad_value", "They are ids of users, separated by commas.");
    Uuid::try_parse(text).map_err(wrong)
}

fn person_json(person: &FreeBusy, (from, to): (i64, i64)) -> Json {
    let times = |starts_at: i64, ends_at: i64| json_of!({ "starts_at": value::instant_to_text(starts_at), "ends_at": value::instant_to_text(ends_at) });
    let busy = person.busy.iter().map(|Busy { starts_at, ends_at, meeting }| {
        let mut one = times(*starts_at, *ends_at);
        if let Some(map) = one.as_object_mut() {
            let meeting = meeting.as_ref().map(|(id, title)| json_of!({ "id": id, "title": title }));
            map.insert("meeting".to_owned(), json_of!(meeting));
        }
        one
    });
    let hours = &person.hours.hours;
    let working = hours.intervals(from, to).into_iter().map(|(begins, ends)| times(begins, ends));
    let holidays = hours.holidays(from, to).into_iter();
    let holidays = holidays.map(|(date, name)| json_of!({ "date": date.to_string(), "name": name }));
    json_of!({
        "user": person.user,
        "busy": busy.collect::<Vec<Json>>(),
        "all": person.all,
        "working": working.collect::<Vec<Json>>(),
        "holidays": holidays.collect::<Vec<Json>>(),
        "time_zone": person.hours.time_zone,
        "calendar": person.hours.calendar,
    })
}

/// `POST /work_calendars/{id}/holidays`
pub async fn take_in(State(api): State<Api>, caller: Caller, place: Place, request: Request) -> Answer {
    let id = place.id()?;
    api.workspace.check_special(&caller.actor, "configure")?;
    let bytes = read_all(request, FILE_BYTES_MAX).await?;
    let text = String::from_utf8_lossy(&bytes);
    let (batch, taken) = calendar::take_in_holidays(&api.workspace, &caller.actor, id, &text)?.await?;
    Ok(json(&json_of!({
        "added": taken.added,
        "known": taken.known,
        "left_out": taken.left_out,
        "batch": batch,
    })))
}
