//! Search in the database: candidates first, from the best kind of match to the weakest, then ranked by our own score.
//!
//! On SQLite two contentless FTS5 indexes hold ready-made words; on PostgreSQL two `tsvector` columns hold the same
//! words. What people type becomes quoted words and can never become query syntax.

mod index;
mod text;
mod words;

use std::collections::{HashMap, HashSet};

use uuid::Uuid;

pub(crate) use index::IndexWork;
pub use text::{excerpt, finds};

use crate::error::Error;
use crate::query::{Hit, SearchQuery};
use crate::sql::{Val, system_table};
use crate::tx::Tx;

/// Portable DDL: the distinct words of titles, and by which near misses they are reached.
pub(crate) const DDL: &[&str] = &[
    "CREATE TABLE IF NOT EXISTS {word} (word {text} NOT NULL PRIMARY KEY) {clustered}",
    "CREATE TABLE IF NOT EXISTS {near} (hash BIGINT NOT NULL, word {text} NOT NULL, PRIMARY KEY (hash, word)) {clustered}",
];

/// The words are made in Rust, so the tokenizer only has to part them at spaces. No positions are kept.
pub(crate) const SQLITE_DDL: &[&str] = &[
    "CREATE TABLE IF NOT EXISTS {doc} (id INTEGER PRIMARY KEY, record {id} NOT NULL UNIQUE, title TEXT NOT NULL)",
    "CREATE VIRTUAL TABLE IF NOT EXISTS {search} USING fts5(words, content='', contentless_delete=1, detail=none, \
     tokenize='ascii', prefix='2 3')",
    "CREATE VIRTUAL TABLE IF NOT EXISTS {search_text} USING fts5(words, content='', contentless_delete=1, \
     detail=none, tokenize='ascii')",
    "INSERT INTO {search} ({search}, rank) VALUES ('hashsize', 8388608)",
];

pub(crate) const POSTGRES_DDL: &[&str] = &[
    "CREATE TABLE IF NOT EXISTS {doc} (record {id} NOT NULL PRIMARY KEY, object BIGINT NOT NULL, title {text} NOT NULL, \
     words tsvector NOT NULL, body tsvector NOT NULL)",
    "CREATE INDEX IF NOT EXISTS doc_by_words ON {doc} USING gin (words)",
    "CREATE INDEX IF NOT EXISTS doc_by_body ON {doc} USING gin (body)",
];

/// Candidates of one kind of match that are enough of one object.
const CANDIDATES: usize = 100;
/// Most words that a beginning is completed to, and that a misspelt word is corrected to.
const COMPLETIONS_MAX: usize = 24;
const CORRECTIONS_MAX: usize = 6;
/// Most words of what was typed that are looked at.
const TYPED_MAX: usize = 12;
/// With fewer hits than this, typing errors are looked for.
const FEW: usize = 3;

/// For somebody who does not see everything candidates are looked at in ever larger numbers, up to this one.
const LOOKED_AT_MAX: usize = 12_800;

/// Which records of an object somebody may find.
pub type Open<'a> = &'a mut dyn FnMut(&mut Tx, &str, &[Uuid]) -> Result<HashSet<Uuid>, Error>;

/// One way to find a word: as it is, or by its beginning.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Term {
    word: String,
    prefix: bool,
}

/// All groups must match; of a group any term may.
type Groups = Vec<Vec<Term>>;

/// Kinds of match, from the best to the weakest, with the score they start from.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Stage {
    Exact,
    Completed,
    Prefix,
    Phone,
    Corrected,
    Text,
}

impl Stage {
    fn score(self) -> f64 {
        match self {
            Self::Exact => 500.0,
            Self::Completed | Self::Prefix | Self::Phone => 400.0,
            Self::Corrected => 200.0,
            Self::Text => 100.0,
        }
    }
}

fn term(word: &str, prefix: bool) -> Term {
    Term { word: word.to_owned(), prefix }
}

/// A beginning of one letter fits too much to be of use; such a word must be whole.
fn is_open(word: &str) -> bool {
    word.chars().nth(1).is_some()
}

impl Tx {
    /// Finds records by what people type, as they stood before this transaction: the index is written at its end.
    pub fn search(&mut self, query: &SearchQuery) -> Result<Vec<Hit>, Error> {
        self.find_hits(query, None)
    }

    /// The same for somebody who does not see everything: what is not open to them takes nobody's place and changes
    /// nothing about how far is looked.
    pub fn search_among(&mut self, query: &SearchQuery, open: Open<'_>) -> Result<Vec<Hit>, Error> {
        self.find_hits(query, Some(open))
    }

    fn find_hits(&mut self, query: &SearchQuery, open: Option<Open<'_>>) -> Result<Vec<Hit>, Error> {
        let typed: Vec<String> = words::split(&query.text).into_iter().take(TYPED_MAX).collect();
        if typed.is_empty() || query.limit == 0 {
            return Ok(Vec::new());
        }
        let objects = self.searched(query)?;
        let mut found = Found { limit: query.limit, typed, hits: HashMap::new(), objects, open };
        let exact: Groups = found.typed.iter().map(|word| vec![term(word, false)]).collect();
        self.collect(&mut found, Stage::Exact, &exact)?;
        if !found.is_enough() && !self.is_postgres() {
            let completed = self.completed(&found.typed)?;
            self.collect(&mut found, Stage::Completed, &completed)?;
        }
        if !found.is_enough() {
            let open: Groups = found.typed.iter().map(|word| vec![term(word, is_open(word))]).collect();
            self.collect(&mut found, Stage::Prefix, &open)?;
        }
        if let (false, Some(digits)) = (found.is_enough(), words::phone_digits(&query.text)) {
            let national = digits.trim_start_matches('0');
            self.collect(&mut found, Stage::Phone, &vec![vec![term(national, true)]])?;
        }
        if found.hits.len() < FEW.min(query.limit)
            && let Some(corrected) = self.corrected(&found.typed)?
        {
            self.collect(&mut found, Stage::Corrected, &corrected)?;
        }
        if !found.is_enough() {
            self.collect(&mut found, Stage::Text, &exact)?;
        }
        if !found.is_enough() {
            let open: Groups = found.typed.iter().map(|word| vec![term(word, is_open(word))]).collect();
            self.collect(&mut found, Stage::Text, &open)?;
        }
        self.ranked(found)
    }

    /// The numbers of the objects to look in, in order of preference.
    fn searched(&mut self, query: &SearchQuery) -> Result<Vec<i64>, Error> {
        if query.objects.is_empty() {
            return self
                .query_with("SELECT DISTINCT object FROM {record_count} ORDER BY object", &[], |row| row.int(0));
        }
        let mut numbers = Vec::new();
        for object in &query.objects {
            numbers.extend(self.find_number(object)?);
        }
        Ok(numbers)
    }

    /// Each word, or the words of titles that begin with it: a list of whole words is walked lazily, a beginning that
    /// fits many documents is not.
    fn completed(&mut self, typed: &[String]) -> Result<Groups, Error> {
        let mut groups = Vec::with_capacity(typed.len());
        for word in typed {
            let mut group = vec![term(word, word.chars().count() == 3)];
            if word.chars().count() > 3 {
                let words = self.query_with(
                    "SELECT word FROM {word} WHERE word > ? AND word < ? ORDER BY word LIMIT ?",
                    &[word.as_str().into(), format!("{word}\u{10ffff}").into(), Val::Int(COMPLETIONS_MAX as i64)],
                    |row| Ok(row.text(0)?.to_owned()),
                )?;
                group.extend(words.iter().map(|word| term(word, false)));
            }
            groups.push(group);
        }
        Ok(groups)
    }

    /// The words with typing errors put right; `None` when nothing can be put right.
    fn corrected(&mut self, typed: &[String]) -> Result<Option<Groups>, Error> {
        let mut groups = Vec::with_capacity(typed.len());
        let mut any = false;
        for word in typed {
            let mut group = vec![term(word, is_open(word))];
            if words::is_corrected(word) {
                let near = self.near_words(word)?;
                any |= !near.is_empty();
                group.extend(near.iter().map(|word| term(word, false)));
            }
            groups.push(group);
        }
        Ok(any.then_some(groups))
    }

    /// Known words that differ from this one by a letter, or by two when it is long; the nearest first.
    fn near_words(&mut self, word: &str) -> Result<Vec<String>, Error> {
        let mut sql = self.writer();
        sql.push("SELECT DISTINCT word FROM ").table(&system_table("near")).push(" WHERE hash");
        sql.in_list(Val::Ints(words::nearby(word).into_iter().collect())).push(" LIMIT 400");
        let most = if word.chars().count() >= 8 { 2 } else { 1 };
        let mut near: Vec<(usize, String)> = Vec::new();
        self.each(&sql.text, &sql.params, &mut |row| {
            let other = row.text(0)?;
            let distance = words::distance(word, other);
            if (1..=most).contains(&distance) {
                near.push((distance, other.to_owned()));
            }
            Ok(())
        })?;
        near.sort_unstable();
        Ok(near.into_iter().take(CORRECTIONS_MAX).map(|(_, word)| word).collect())
    }

    /// Candidates of one kind of match: all there are when they are few, else some of each object.
    fn collect(&mut self, found: &mut Found<'_>, stage: Stage, groups: &Groups) -> Result<(), Error> {
        if self.is_postgres() { self.collect_by_object(found, stage, groups) } else { self.walk(found, stage, groups) }
    }

    /// SQLite: the index answers in the order of document numbers, those of an object side by side. The walk leaves an
    /// object when it knows enough of it, so that a word that fits a million people takes a statement or two.
    fn walk(&mut self, found: &mut Found<'_>, stage: Stage, groups: &Groups) -> Result<(), Error> {
        let (Some(first), Some(last)) = (found.objects.iter().min(), found.objects.iter().max()) else { return Ok(()) };
        let (mut from, end) = (index::doc_range(*first).0, index::doc_range(*last).1);
        // Of the object where the walk stands: how many were looked at, and how many of them may be found.
        let (mut stands, mut looked_at, mut kept) = (*first, 0, 0);
        let mut limit = CANDIDATES;
        loop {
            let some = self.candidates_between(from, end, stage, groups, limit)?;
            let whole = some.len() < limit;
            let Some(last) = some.last().map(|(number, _)| *number) else { break };
            let object = index::object_of(last);
            if object != stands {
                (stands, looked_at, kept) = (object, 0, 0);
            }
            let of_object = |rows: &[RawHit]| rows.iter().filter(|(of, ..)| *of == object).count();
            let some: Vec<RawHit> = some.into_iter().map(|(_, hit)| hit).collect();
            looked_at += of_object(&some);
            let open = self.open_ones(found, some)?;
            kept += of_object(&open);
            found.add(stage, open);
            if whole {
                break;
            }
            let more = found.open.is_some() && kept < found.limit && looked_at < LOOKED_AT_MAX;
            let more = more && found.objects.contains(&object);
            from = if looked_at < CANDIDATES || more { last + 1 } else { index::doc_range(object).1 };
            limit = if more { (looked_at * 8).clamp(CANDIDATES, LOOKED_AT_MAX) } else { CANDIDATES };
        }
        Ok(())
    }

    /// PostgreSQL: all candidates when they are few, else some of each object by itself.
    fn collect_by_object(&mut self, found: &mut Found<'_>, stage: Stage, groups: &Groups) -> Result<(), Error> {
        let all = self.candidates_of(None, stage, groups, 2 * CANDIDATES)?;
        if all.len() < 2 * CANDIDATES {
            let all = self.open_ones(found, all)?;
            found.add(stage, all);
            return Ok(());
        }
        for object in found.objects.clone() {
            let mut limit = CANDIDATES;
            loop {
                let some = self.candidates_of(Some(object), stage, groups, limit)?;
                let whole = some.len() < limit;
                let some = self.open_ones(found, some)?;
                let few = found.open.is_some() && some.len() < found.limit;
                if few && !whole && limit < LOOKED_AT_MAX {
                    limit *= 8;
                    continue;
                }
                found.add(stage, some);
                break;
            }
        }
        Ok(())
    }

    /// The candidates that may be found.
    fn open_ones(&mut self, found: &mut Found<'_>, rows: Vec<RawHit>) -> Result<Vec<RawHit>, Error> {
        let Some(open) = &mut found.open else { return Ok(rows) };
        let mut by_object: HashMap<i64, Vec<Uuid>> = HashMap::new();
        for (object, record, _) in rows.iter().filter(|(object, ..)| found.objects.contains(object)) {
            by_object.entry(*object).or_default().push(*record);
        }
        let mut seen = HashSet::new();
        for (object, ids) in by_object {
            let name = self.name_of(object)?.to_string();
            seen.extend(open(self, &name, &ids)?);
        }
        Ok(rows.into_iter().filter(|(_, record, _)| seen.contains(record)).collect())
    }

    /// SQLite: documents that match, by number, from one up to but without another.
    fn candidates_between(
        &mut self,
        from: i64,
        end: i64,
        stage: Stage,
        groups: &Groups,
        limit: usize,
    ) -> Result<Vec<(i64, RawHit)>, Error> {
        let table = if stage == Stage::Text { "search_text" } else { "search" };
        let sql = format!(
            "SELECT d.id, d.record, d.title FROM (SELECT rowid AS id FROM {{{table}}} \
             WHERE {{{table}}} MATCH ? AND rowid >= ? AND rowid <= ? LIMIT {limit}) m JOIN {{doc}} d ON d.id = m.id"
        );
        let words = match_text(groups, " OR ", " AND ", |term| {
            format!("\"{}\"{}", term.word, if term.prefix { "*" } else { "" })
        });
        self.query_with(&sql, &[Val::Text(words), Val::Int(from), Val::Int(end - 1)], |row| {
            let number = row.int(0)?;
            Ok((number, (index::object_of(number), row.id(1)?, row.text(2)?.to_owned())))
        })
    }

    /// PostgreSQL: records that match, of one object or of all, in no order.
    fn candidates_of(
        &mut self,
        object: Option<i64>,
        stage: Stage,
        groups: &Groups,
        limit: usize,
    ) -> Result<Vec<RawHit>, Error> {
        let column = if stage == Stage::Text { "body" } else { "words" };
        let of_object = if object.is_some() { " AND object = ?" } else { "" };
        let sql = format!(
            "SELECT object, record, title FROM {{doc}} WHERE {column} @@ CAST(? AS tsquery){of_object} LIMIT {limit}"
        );
        let words =
            match_text(groups, " | ", " & ", |term| format!("'{}'{}", term.word, if term.prefix { ":*" } else { "" }));
        let params: Vec<Val> = [Val::Text(words)].into_iter().chain(object.map(Val::Int)).collect();
        self.query_with(&sql, &params, |row| Ok((row.int(0)?, row.id(1)?, row.text(2)?.to_owned())))
    }

    fn ranked(&mut self, found: Found<'_>) -> Result<Vec<Hit>, Error> {
        let mut hits: Vec<(Uuid, Candidate)> = found.hits.into_iter().collect();
        hits.sort_unstable_by(|(a_id, a), (b_id, b)| {
            b.score.total_cmp(&a.score).then_with(|| a.title.cmp(&b.title)).then_with(|| a_id.cmp(b_id))
        });
        hits.truncate(found.limit);
        let mut answer = Vec::with_capacity(hits.len());
        for (record, hit) in hits {
            let object = self.name_of(hit.object)?.to_string();
            answer.push(Hit { object, record, title: hit.title, score: hit.score });
        }
        Ok(answer)
    }
}

/// The query text of groups of terms. Words hold nothing but letters and digits, so quoting them is all it takes.
fn match_text(groups: &Groups, or: &str, and: &str, write: impl Fn(&Term) -> String) -> String {
    let group = |terms: &Vec<Term>| {
        let mut seen = HashSet::new();
        let terms: Vec<String> = terms.iter().filter(|term| seen.insert((*term).clone())).map(&write).collect();
        format!("({})", terms.join(or))
    };
    groups.iter().map(group).collect::<Vec<_>>().join(and)
}

/// A candidate: the number of its object, the record, its title.
type RawHit = (i64, Uuid, String);

/// What was found so far.
struct Found<'a> {
    limit: usize,
    typed: Vec<String>,
    hits: HashMap<Uuid, Candidate>,
    objects: Vec<i64>,
    open: Option<Open<'a>>,
}

impl Found<'_> {
    fn is_enough(&self) -> bool {
        self.hits.len() >= self.limit
    }

    /// Takes in what one kind of match found; a record keeps its best score.
    fn add(&mut self, stage: Stage, rows: Vec<RawHit>) {
        for (object, record, title) in rows {
            let Some(place) = self.objects.iter().position(|wanted| *wanted == object) else { continue };
            let score = score_of(stage, place, &title, &self.typed);
            let hit = Candidate { object, title, score };
            match self.hits.get_mut(&record) {
                Some(known) if known.score >= hit.score => {}
                Some(known) => *known = hit,
                None => {
                    self.hits.insert(record, hit);
                }
            }
        }
    }
}

struct Candidate {
    object: i64,
    title: String,
    score: f64,
}

/// Exact before beginnings before corrections; a match in the title before one elsewhere; short titles first.
fn score_of(stage: Stage, place: usize, title: &str, typed: &[String]) -> f64 {
    let title_words = words::split(title);
    let exact = typed.iter().filter(|word| title_words.contains(word)).count();
    let begun = typed.iter().filter(|word| title_words.iter().any(|other| other.starts_with(word.as_str()))).count();
    let all = typed.len().max(1) as f64;
    let mut score = stage.score() + 60.0 * exact as f64 / all + 60.0 * begun as f64 / all;
    if title_words == typed {
        score += 40.0;
    } else if let (Some(first), Some(typed)) = (title_words.first(), typed.first())
        && first.starts_with(typed.as_str())
    {
        score += 15.0;
    }
    score - (title.len().min(80) as f64) / 20.0 - place as f64 * 0.5
}
