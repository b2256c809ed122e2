//! What a workspace bent to a business costs: many wide objects of its own, figures over many records, many windows
//! that look on.

use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;
use std::path::PathBuf;
use std::sync::mpsc::{self, Receiver, Sender};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use serde_json::{Map, Value as Json, json};

use super::client::{self, Client, Request};
use super::program::{self, Server};
use super::{Run, SAMPLES};

/// Objects of its own that the bent workspace has.
const OBJECTS: usize = 60;
/// Fields of each.
const WIDE: usize = 200;
/// Fields of the one object of the plain workspace, and columns of the list on both.
const PLAIN: usize = 20;
/// Records that are listed.
const RECORDS: usize = 10_000;
/// Records under one figure.
const CHILDREN: usize = 100_000;
/// Records that one request creates.
const BULK: usize = 10_000;
/// The figures that a parent has.
const FIGURES: [&str; 3] = ["sum", "max", "avg"];
/// Windows that look on.
const WINDOWS: usize = 200;
/// Windows of one key.
const WINDOWS_A_KEY: usize = 20;
/// Changes that the windows are told of.
const CHANGES: usize = 50;
/// How long a window waits for an event.
const PATIENCE: Duration = Duration::from_secs(30);

/// Measures what of it was asked for.
pub fn measure(run: &Run<'_>) -> Result<()> {
    if run.wants(&["wide_list_p50", "wide_get_p50"]) {
        wide(run)?;
    }
    if run.wants(&["rollup_sum_p50", "rollup_max_p50", "rollup_avg_p50"]) {
        rollups(run)?;
    }
    if run.wants(&["live_event_p50", "live_event_max"]) {
        live(run)?;
    }
    Ok(())
}

/// A served workspace of its own with these objects.
fn serve(run: &Run<'_>, name: &str, objects: &[(String, String)]) -> Result<(Server, PathBuf)> {
    let data = run.folder.join(name);
    let files = run.folder.join(format!("{name}-schema"));
    std::fs::create_dir_all(files.join("objects"))?;
    for (object, text) in objects {
        std::fs::write(files.join("objects").join(format!("{object}.toml")), text)?;
    }
    program::apply_schema(&data, &files)?;
    let key = program::add_key(&data, None)?;
    Ok((Server::start(&data, None, &key)?, data))
}

/// An object with so many fields, of the kinds that people add.
fn object(name: &str, fields: usize) -> Result<(String, String)> {
    let columns: Vec<String> = (0..PLAIN).map(|number| format!("\"f{number}\"")).collect();
    let mut text = format!(
        "name = \"{name}\"\nplural = \"{name}s\"\nlabel = \"{name}\"\nlabel_plural = \"{name}s\"\ntitle = \"f0\"\nsearch = [\"f0\"]\n\
         columns = [{}]\n",
        columns.join(", "),
    );
    for number in 0..fields {
        let kind = ["text", "integer", "date", "boolean"].get(number % 4).context("no such kind")?;
        write!(text, "\n[[fields]]\nname = \"f{number}\"\nkind = \"{kind}\"\nlabel = \"Field {number}\"\n")?;
    }
    Ok((name.to_owned(), text))
}

/// A record with the first twenty fields filled.
fn record(number: usize) -> Json {
    let value = |field: usize| match field % 4 {
        0 => json!(format!("Text {field} of {number}")),
        1 => json!(number * field),
        2 => json!(format!("2026-{:02}-{:02}", number % 12 + 1, field % 28 + 1)),
        _ => json!(number.is_multiple_of(2)),
    };
    (0..PLAIN).map(|field| (format!("f{field}"), value(field))).collect::<Map<String, Json>>().into()
}

/// Creates so many records; answers with the address of one in the middle.
fn fill(client: &mut Client, path: &str, count: usize, record: impl Fn(usize) -> Json) -> Result<String> {
    for from in (0..count).step_by(BULK) {
        let records: Vec<Json> = (from..count.min(from + BULK)).map(&record).collect();
        let body = json!({ "create": records }).to_string();
        client.expect(&Request::post(&format!("/api/v1/{path}/bulk"), &body))?;
    }
    let page = client.expect(&Request::get(&format!("/api/v1/{path}?limit=1&offset={}&fields=version", count / 2)))?;
    let id = page.pointer("/records/0/id").and_then(Json::as_str).context("no records were made")?;
    Ok(format!("/api/v1/{path}/{id}"))
}

/// List and record of an object among sixty with two hundred fields each, beside one of twenty fields that is alone.
fn wide(run: &Run<'_>) -> Result<()> {
    let many: Vec<_> = (0..OBJECTS).map(|number| object(&format!("wide{number}"), WIDE)).collect::<Result<_>>()?;
    let (bent, _) = serve(run, "bent", &many)?;
    let (plain, _) = serve(run, "plain", &[object("wide0", PLAIN)?])?;
    let (mut ours, mut alone) = (bent.client()?, plain.client()?);
    let our_record = Request::get(&fill(&mut ours, "wide0s", RECORDS, record)?);
    let its_record = Request::get(&fill(&mut alone, "wide0s", RECORDS, record)?);
    let fields: Vec<String> = (0..PLAIN).map(|number| format!("f{number}")).collect();
    let list = Request::get(&format!(
        "/api/v1/wide0s?filter=f3%20%3D%3D%20true&sort=-created_at&limit=50&total=false&fields={}",
        fields.join(","),
    ));
    for (name, ours_asks, alone_asks) in [("wide_list_p50", &list, &list), ("wide_get_p50", &our_record, &its_record)] {
        let (mut our_ms, mut its_ms) = (Vec::new(), Vec::new());
        for _ in 0..SAMPLES {
            our_ms.push(ours.time_ms(ours_asks)?);
            its_ms.push(alone.time_ms(alone_asks)?);
        }
        run.show(name, client::median(&mut our_ms), "ms", Some(client::median(&mut its_ms)));
    }
    bent.stop()?;
    plain.stop()
}

/// The edit of one of a hundred thousand records under one parent that carries figures over them, beside the edit of
/// a field that no figure reads: the difference is what keeping a figure costs.
fn rollups(run: &Run<'_>) -> Result<()> {
    let (server, _) = serve(run, "figures", &[basket()?, line()?])?;
    let mut client = server.client()?;
    let parent = client.expect(&Request::post("/api/v1/baskets", &json!({ "name": "All" }).to_string()))?;
    let parent = parent.pointer("/record/id").and_then(Json::as_str).context("no basket was made")?.to_owned();
    let some = fill(
        &mut client,
        "lines",
        CHILDREN,
        |number| json!({ "basket": parent, "sum": number, "max": number, "avg": number, "none": number }),
    )?;
    let mut times = |field: &str| -> Result<f64> {
        let mut took = Vec::new();
        for number in 0..SAMPLES {
            took.push(client.time_ms(&Request::patch(&some, &json!({ field: number + CHILDREN }).to_string()))?);
        }
        Ok(client::median(&mut took))
    };
    let none = times("none")?;
    for field in FIGURES {
        run.show(&format!("rollup_{field}_p50"), times(field)?, "ms", Some(none));
    }
    check_figures(&mut client, &parent)?;
    server.stop()
}

/// The parent: one figure of each kind.
fn basket() -> Result<(String, String)> {
    let mut text =
        "name = \"basket\"\nplural = \"baskets\"\nlabel = \"Basket\"\nlabel_plural = \"Baskets\"\ntitle = \"name\"\n\
                    \n[[fields]]\nname = \"name\"\nkind = \"text\"\nlabel = \"Name\"\n"
            .to_owned();
    for figure in FIGURES {
        write!(
            text,
            "\n[[fields]]\nname = \"{figure}\"\nkind = \"rollup\"\nresult = \"decimal\"\nlabel = \"{figure}\"\n\
             rollup = {{ object = \"line\", via = \"basket\", aggregate = \"{figure}\", field = \"{figure}\" }}\n",
        )?;
    }
    Ok(("basket".to_owned(), text))
}

/// Its children: one number for each figure, and one for none.
fn line() -> Result<(String, String)> {
    let mut text =
        "name = \"line\"\nplural = \"lines\"\nlabel = \"Line\"\nlabel_plural = \"Lines\"\ntitle = \"name\"\n\
                    \n[[fields]]\nname = \"name\"\nkind = \"text\"\nlabel = \"Name\"\n\
                    \n[[fields]]\nname = \"basket\"\nkind = \"reference\"\nlabel = \"Basket\"\n\
                    target = \"basket\"\n"
            .to_owned();
    for number in FIGURES.into_iter().chain(["none"]) {
        write!(text, "\n[[fields]]\nname = \"{number}\"\nkind = \"decimal\"\nlabel = \"{number}\"\n")?;
    }
    Ok(("line".to_owned(), text))
}

/// A figure that is wrong is not fast: after the edits the greatest is the number that was written last.
fn check_figures(client: &mut Client, parent: &str) -> Result<()> {
    let basket = client.expect(&Request::get(&format!("/api/v1/baskets/{parent}")))?;
    let greatest = basket.get("max").and_then(Json::as_f64).context("the basket has no greatest")?;
    let wanted = (CHILDREN + SAMPLES - 1) as f64;
    anyhow::ensure!(greatest == wanted, "the greatest is {greatest} instead of {wanted}");
    Ok(())
}

/// How long after a change the last of two hundred windows knows of it.
fn live(run: &Run<'_>) -> Result<()> {
    let (server, data) = serve(run, "windows", &[])?;
    let (told, heard) = mpsc::channel();
    for number in 0..WINDOWS {
        if number % WINDOWS_A_KEY == 0 {
            let key = program::add_key(&data, None)?;
            open_windows(&server, &key, &told)?;
        }
    }
    let mut client = server.client()?;
    let mut times = Vec::new();
    for number in 0..CHANGES {
        let started = Instant::now();
        let made =
            client.expect(&Request::post("/api/v1/notes", &json!({ "body": format!("Note {number}") }).to_string()))?;
        let id = made.pointer("/record/id").and_then(Json::as_str).context("no note was made")?;
        times.push(last_of_all(&heard, id)?.duration_since(started).as_secs_f64() * 1_000.0);
    }
    run.show("live_event_p50", client::median(&mut times), "ms to the last of 200 windows", None);
    run.show("live_event_max", times.last().copied().unwrap_or_default(), "ms to the last of 200 windows", None);
    server.stop()
}

/// Opens the windows of one key, each with a stream of its own that tells when which line came.
fn open_windows(server: &Server, key: &str, told: &Sender<(Instant, String)>) -> Result<()> {
    for _ in 0..WINDOWS_A_KEY {
        let mut stream = TcpStream::connect(server.address)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        write!(stream, "GET /api/v1/events HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {key}\r\n\r\n")?;
        let mut lines = BufReader::new(stream).lines();
        let status = lines.next().context("no answer to a window")??;
        anyhow::ensure!(status.contains(" 200 "), "a window was answered {status}");
        // The stream listens once it says so.
        for line in lines.by_ref() {
            if line?.starts_with(':') {
                break;
            }
        }
        let told = told.clone();
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok).filter(|line| line.starts_with("data:")) {
                if told.send((Instant::now(), line)).is_err() {
                    break;
                }
            }
        });
    }
    Ok(())
}

/// When the last window heard of a record.
fn last_of_all(heard: &Receiver<(Instant, String)>, id: &str) -> Result<Instant> {
    let mut windows = 0;
    loop {
        let (when, line) = heard.recv_timeout(PATIENCE).context("a window was never told of a change")?;
        windows += usize::from(line.contains(id));
        if windows == WINDOWS {
            return Ok(when);
        }
    }
}
