//! Both databases answer alike: random operations of all kinds go to a site on SQLite and to one on PostgreSQL.
//!
//! A failure names the seed; `RAPPORT_TEST_SEED=<seed>` repeats it, `RAPPORT_TEST_CASES=10000` asks for more.

mod operations;
mod values;

use std::collections::{BTreeMap, HashMap};

use axum::http::Method;
use serde_json::{Value as Json, json};
use testkit::random::{Random, cases, seed};

use self::operations::Operation;
use crate::site::{Answer, Client, Site, encoded, side_by_side};

/// Operations of one pair of workspaces.
const ROUND: usize = 250;

/// What the ids of records and batches are written as until it is known where a request goes.
const NAMED: &str = "00000000-0000-4000-8000-";

/// A name for the n-th id.
pub fn named(at: usize) -> String {
    format!("{NAMED}{at:012x}")
}

/// Two workspaces that are meant to stay alike, and what is known of them.
pub struct Pair {
    /// The ids of records and batches on each site, by number.
    ids: Vec<[String; 2]>,
    numbers: HashMap<String, usize>,
    /// Numbers of the records of each object.
    pub records: BTreeMap<&'static str, Vec<usize>>,
    /// Numbers of batches.
    pub batches: Vec<usize>,
    /// How many fields were added.
    pub fields: usize,
    /// Ids as they came up, per site.
    seen: [HashMap<String, usize>; 2],
}

impl Pair {
    fn new() -> Self {
        Self {
            ids: Vec::new(),
            numbers: HashMap::new(),
            records: BTreeMap::new(),
            batches: Vec::new(),
            fields: 0,
            seen: Default::default(),
        }
    }

    /// The text with the ids of one site.
    fn on(&self, text: &str, site: usize) -> String {
        let mut parts = text.split(NAMED);
        let mut written = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (number, rest) = part.split_at(12);
            let number = usize::from_str_radix(number, 16).unwrap();
            match self.ids.get(number) {
                Some(ids) => written.push_str(&ids[site]),
                None => written.push_str(&named(number)),
            }
            written.push_str(rest);
        }
        written
    }

    fn learn(&mut self, ids: [&str; 2]) -> (usize, bool) {
        if let Some(known) = self.numbers.get(ids[0]) {
            return (*known, false);
        }
        let number = self.ids.len();
        self.numbers.insert(ids[0].to_owned(), number);
        self.ids.push(ids.map(str::to_owned));
        (number, true)
    }

    /// Notes the ids of new records and batches.
    fn note(&mut self, object: &'static str, bodies: &[Json; 2]) {
        let both = |pointer: &str| Some([bodies[0].pointer(pointer)?.as_str()?, bodies[1].pointer(pointer)?.as_str()?]);
        if let Some(ids) = both("/batch") {
            let (number, _) = self.learn(ids);
            self.batches.push(number);
        }
        let mut records: Vec<[&str; 2]> = both("/record/id").into_iter().collect();
        let list = |body: &'_ Json| body["ids"].as_array().cloned().unwrap_or_default();
        let lists = [list(&bodies[0]), list(&bodies[1])];
        records.extend(lists[0].iter().zip(&lists[1]).filter_map(|(a, b)| Some([a.as_str()?, b.as_str()?])));
        for ids in records {
            let (number, new) = self.learn(ids);
            if new {
                self.records.entry(object).or_default().push(number);
            }
        }
    }

    /// The answer without what must differ: ids become numbers in the order in which they come up, instants of the
    /// clock, cursors and positions in the log become words.
    fn plain(&mut self, answer: &Answer, site: usize) -> String {
        // One JSON text, or one in each line of an export; the order of names in an object says nothing.
        let line = |line: &str| match serde_json::from_str::<Json>(line) {
            Ok(mut json) => {
                veil(&mut json);
                json.sort_all_objects();
                json.to_string()
            }
            Err(_) => line.to_owned(),
        };
        let text = answer.text().split('\n').map(line).collect::<Vec<_>>().join("\n");
        let seen = &mut self.seen[site];
        let ids = replace(&text, 36, is_uuid, |id| {
            let next = seen.len();
            format!("#{}", seen.entry(id.to_owned()).or_insert(next))
        });
        // The clock has microseconds; what requests say has none.
        replace(&ids, 27, is_moment, |_| "now".to_owned())
    }
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

/// `2026-11-22T08:44:11.172998Z`, perhaps with fewer digits.
fn is_moment(text: &str) -> bool {
    text.starts_with("20") && text.as_bytes().get(10) == Some(&b'T') && text.as_bytes().get(19) == Some(&b'.')
}

/// Replaces every piece of a length that is one.
fn replace(text: &str, length: usize, is_one: fn(&str) -> bool, mut with: impl FnMut(&str) -> String) -> String {
    let mut written = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        match rest.get(..length).or_else(|| rest.find('"').map(|end| &rest[..end])) {
            Some(piece) if is_one(piece) => {
                let end = piece.find('"').map_or(piece.len(), |end| end);
                let end = piece[..end].find('Z').map_or(end, |z| z + 1);
                written.push_str(&with(&piece[..end]));
                at += end;
            }
            _ => {
                let letter = rest.chars().next().unwrap();
                written.push(letter);
                at += letter.len_utf8();
            }
        }
    }
    written
}

fn veil(json: &mut Json) {
    match json {
        Json::Array(list) => list.iter_mut().for_each(veil),
        Json::Object(map) => {
            for (key, value) in map.iter_mut() {
                match (key.as_str(), &value) {
                    ("next", Json::String(_) | Json::Number(_)) => *value = json!("more"),
                    ("seq", _) => *value = Json::Null,
                    ("key", Json::String(text)) if text.starts_with("change:") => *value = json!("change"),
                    _ => veil(value),
                }
            }
        }
        _ => {}
    }
}

/// One client of each site.
struct Clients<'a>([Client<'a>; 2]);

impl Clients<'_> {
    async fn send(&self, pair: &Pair, operation: &Operation, cursors: Option<&[String; 2]>) -> [Answer; 2] {
        let mut answers = Vec::new();
        for (site, client) in self.0.iter().enumerate() {
            let mut params: Vec<String> = operation
                .params
                .iter()
                .map(|(name, value)| format!("{name}={}", encoded(&pair.on(value, site))))
                .collect();
            params.extend(cursors.map(|cursors| format!("cursor={}", encoded(&cursors[site]))));
            let mark = if params.is_empty() { "" } else { "?" };
            let path = format!("{}{mark}{}", pair.on(&operation.path, site), params.join("&"));
            let body = operation.body.as_ref().map(|body| pair.on(&body.to_string(), site));
            let client = match &operation.if_match {
                Some(version) => client.with("if-match", version),
                None => client.with("accept-language", "en"),
            };
            let body = body.as_ref().map(|body| ("application/json", body.as_bytes().to_vec()));
            answers.push(client.send(client.request(operation.method.clone(), &path, body)).await);
        }
        answers.try_into().unwrap()
    }
}

/// Sends one operation to both and compares; a list is walked to its end now and then.
async fn step(clients: &[Clients<'_>], pair: &mut Pair, operation: &Operation, random: &mut Random) {
    let clients = &clients[operation.who];
    let mut answers = clients.send(pair, operation, None).await;
    for page in 0..4 {
        let plain = [pair.plain(&answers[0], 0), pair.plain(&answers[1], 1)];
        let heads = answers.each_ref().map(|answer| {
            [answer.status.to_string(), answer.header("content-type").to_owned(), answer.header("etag").to_owned()]
        });
        assert!(heads[0] == heads[1] && plain[0] == plain[1], "{}", told(operation, page, &heads, &plain));
        assert!(answers[0].status < 500, "{}", told(operation, page, &heads, &plain));
        let bodies = answers.each_ref().map(|answer| serde_json::from_slice::<Json>(&answer.bytes).unwrap_or_default());
        if operation.method != Method::GET {
            pair.note(operation.object, &bodies);
            return;
        }
        let text = |body: &Json| {
            body["next"].as_str().map(str::to_owned).or_else(|| body["next"].as_i64().map(|n| n.to_string()))
        };
        let walk = operation.params.iter().all(|(name, _)| *name != "offset" && *name != "cursor");
        match (text(&bodies[0]), text(&bodies[1])) {
            (Some(a), Some(b)) if walk && !random.chance(4) => {
                answers = clients.send(pair, operation, Some(&[a, b])).await
            }
            _ => return,
        }
    }
}

fn told(operation: &Operation, page: usize, heads: &[[String; 3]; 2], plain: &[String; 2]) -> String {
    let same = plain[0].chars().zip(plain[1].chars()).take_while(|(a, b)| a == b).count().saturating_sub(200);
    let part = |text: &String| text.chars().skip(same).take(1_200).collect::<String>();
    format!(
        "{operation:#?}\npage {page}, from {same}\nSQLite {:?} {}\nPostgreSQL {:?} {}",
        heads[0],
        part(&plain[0]),
        heads[1],
        part(&plain[1])
    )
}

async fn round(sites: [&Site; 2], seed: u64, wanted: usize) {
    let mut random = Random(seed);
    let mut pair = Pair::new();
    let few = operations::few();
    let clients = [Clients(sites.map(Site::admin)), Clients(sites.map(|site| site.program(few.clone())))];
    for operation in operations::first() {
        step(&clients, &mut pair, &operation, &mut random).await;
    }
    for _ in 0..wanted {
        let schema = sites[0].kit.workspace.schema();
        let operation = operations::random(&mut random, &schema, &pair);
        pair.fields += usize::from(operation.path.ends_with("/fields"));
        step(&clients, &mut pair, &operation, &mut random).await;
    }
    for operation in operations::last() {
        step(&clients, &mut pair, &operation, &mut random).await;
    }
}

#[test]
fn both_databases_answer_alike() {
    let (seed, wanted) = (seed(), cases(1_000));
    println!("seed {seed}");
    let started = std::time::Instant::now();
    let mut done = 0;
    while done < wanted {
        let at = seed.wrapping_add(done as u64);
        println!("round {at}");
        side_by_side(async |sites| round(sites, at, ROUND).await);
        done += ROUND;
    }
    println!("{done} operations in {:?}, seed {seed}", started.elapsed());
}
