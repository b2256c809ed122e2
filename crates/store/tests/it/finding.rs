//! Search and recognition: what people type finds what they mean, and is never taken for a query language.

use store::{RecordKeys, SearchDoc, SearchQuery};

use crate::base::{Base, id, on_both, record};

fn doc(number: u128, object: &str, title: &str, fragments: &str, text: &str) -> SearchDoc {
    SearchDoc {
        object: object.to_owned(),
        record: id(number),
        title: title.to_owned(),
        words: if object == "person" { "Engineer Köln".to_owned() } else { String::new() },
        fragments: fragments.to_owned(),
        text: text.to_owned(),
        fresh: false,
    }
}

fn fill(base: &Base) {
    base.insert("person", (1..=6).map(|number| record(number, &[])).collect()).unwrap();
    base.insert("company", (7..=8).map(|number| record(number, &[])).collect()).unwrap();
    let docs = vec![
        doc(1, "person", "Jörg Müller", "joerg.mueller@example.com +4930123456", "met at the fair about Förderbänder"),
        doc(2, "person", "Anna Schmidt", "anna@schmidt.co.uk +14155550123", ""),
        doc(3, "person", "Annabel O'Brien", "annabel.obrien@acme.com", "prefers e-mail; asked for 50% discount"),
        doc(4, "person", "Müllerin Berta", "berta@example.com", ""),
        doc(5, "person", "Straße Weiß", "", ""),
        doc(6, "person", "张伟", "zhang@example.cn", ""),
        doc(7, "company", "Acme Conveyors", "acme.com", "Förderbänder und mehr"),
        doc(8, "company", "Anna & Sons", "", ""),
    ];
    base.write(move |tx| tx.index_many(&docs)).unwrap();
}

fn search(base: &Base, text: &str, objects: &[&str]) -> Vec<String> {
    let query = SearchQuery {
        text: text.to_owned(),
        objects: objects.iter().map(|object| (*object).to_owned()).collect(),
        limit: 10,
    };
    base.read(move |tx| tx.search(&query)).into_iter().map(|hit| hit.title).collect()
}

#[test]
fn words_of_title_and_text_find_together_after_those_that_stand_in_one() {
    on_both(|base| {
        base.insert("company", (1..=5).map(|number| record(number, &[])).collect()).unwrap();
        let docs = vec![
            doc(1, "company", "Meier", "info@meier.example", "the contract about lanterns"),
            doc(2, "company", "Old Meier papers", "", "Meier signed every contract"),
            doc(3, "company", "Meier contract", "", ""),
            doc(4, "company", "Contract", "", "nothing of the kind"),
            doc(5, "company", "Huber", "", "the contract about lanterns"),
        ];
        base.write(move |tx| tx.index_many(&docs)).unwrap();
        let all = ["Meier contract", "Old Meier papers", "Meier"];
        assert_eq!(search(base, "meier contract", &[]), all);
        assert_eq!(search(base, "contr mei", &["company"]), all, "beginnings, in any order");
        assert_eq!(search(base, "contract lanterns meier", &[]), ["Meier"]);
        assert_eq!(search(base, "info lanterns", &[]), ["Meier"], "a part of an address and a word of the text");
        assert_eq!(search(base, "huber meier", &[]), [""; 0]);
        // Another title: what the old one was found by is gone.
        base.write(|tx| tx.index_many(&[doc(1, "company", "Mayer", "", "the contract about lanterns")])).unwrap();
        assert_eq!(search(base, "meier lanterns", &[]), [""; 0]);
        assert_eq!(search(base, "mayer lanterns", &[]), ["Mayer"]);
        base.write(|tx| tx.unindex(&[id(1)])).unwrap();
        assert_eq!(search(base, "mayer lanterns", &[]), [""; 0]);
    });
}

#[test]
fn names_words_and_fragments_are_found() {
    on_both(|base| {
        fill(base);
        let first = |text: &str| search(base, text, &[]).into_iter().next().unwrap_or_default();
        for (typed, expected) in [
            ("müller", "Jörg Müller"),
            ("MULLER", "Jörg Müller"),
            ("jör mül", "Jörg Müller"),
            ("müllerin", "Müllerin Berta"),
            ("strasse", "Straße Weiß"),
            ("weiss", "Straße Weiß"),
            ("obrien", "Annabel O'Brien"),
            ("o'br", "Annabel O'Brien"),
            ("brien", "Annabel O'Brien"),
            ("张", "张伟"),
            ("joerg.mueller@example.com", "Jörg Müller"),
            ("mueller@exa", "Jörg Müller"),
            ("joergmueller", "Jörg Müller"),
            ("schmidt.co", "Anna Schmidt"),
            ("+49 30 123456", "Jörg Müller"),
            ("030 123456", "Jörg Müller"),
            ("123456", "Jörg Müller"),
            ("(415) 555-0123", "Anna Schmidt"),
            ("conv", "Acme Conveyors"),
            ("engineer mül", "Jörg Müller"),
        ] {
            assert_eq!(first(typed), expected, "{typed}");
        }
        assert_eq!(search(base, "anna", &[]), ["Anna Schmidt", "Anna & Sons", "Annabel O'Brien"]);
        assert_eq!(search(base, "anna", &["company", "person"])[0], "Anna & Sons");
        assert_eq!(search(base, "anna", &["company"]), ["Anna & Sons"]);
        assert_eq!(search(base, "discount", &[]), ["Annabel O'Brien"]);
        assert_eq!(search(base, "förderb", &[]), ["Jörg Müller", "Acme Conveyors"]);
        assert_eq!(search(base, "nobody", &[]), Vec::<String>::new());
    });
}

#[test]
fn typing_errors_in_names_are_forgiven() {
    on_both(|base| {
        fill(base);
        for (typed, expected) in [
            ("schmitd", "Anna Schmidt"),
            ("schmit", "Anna Schmidt"),
            ("schmiddt", "Anna Schmidt"),
            ("anabel", "Annabel O'Brien"),
            ("convoyors", "Acme Conveyors"),
            ("jorg mulelr", "Jörg Müller"),
        ] {
            assert!(search(base, typed, &[]).contains(&expected.to_owned()), "{typed}");
        }
    });
}

#[test]
fn what_is_typed_is_never_syntax() {
    on_both(|base| {
        fill(base);
        for typed in [
            "\"",
            "'",
            "anna OR",
            "NEAR(anna",
            "words:anna",
            "anna*",
            "-anna",
            "(",
            "a & b | !c",
            "'); DROP TABLE _doc; --",
            "^anna",
            "{words}:x",
            "anna\0",
            "%",
            "_",
            "\\",
            "anna AND NOT anna",
            "''':*",
            "+ - /",
            "\u{301}",
        ] {
            search(base, typed, &[]);
        }
        assert_eq!(search(base, "\"anna\" schmidt*", &[]), ["Anna Schmidt"]);
        assert_eq!(search(base, "", &[]), Vec::<String>::new());
    });
}

#[test]
fn the_index_follows_the_records() {
    on_both(|base| {
        fill(base);
        let renamed = vec![doc(2, "person", "Anna Meier", "anna@meier.example", "")];
        base.write(move |tx| tx.index_many(&renamed)).unwrap();
        assert_eq!(search(base, "schmidt", &[]), Vec::<String>::new());
        assert_eq!(search(base, "meier", &[]), ["Anna Meier"]);
        base.write(|tx| tx.unindex(&[id(2), id(99)])).unwrap();
        assert_eq!(search(base, "meier", &[]), Vec::<String>::new());
        // A job that fails leaves nothing behind, also when it shares a commit with others.
        let refused = base.write(|tx| {
            tx.index_many(&[doc(1, "person", "Nobody", "", "")])?;
            Err::<(), _>(anyhow_error())
        });
        assert!(refused.is_err());
        assert_eq!(search(base, "jörg", &[]), ["Jörg Müller"]);
    });
}

fn anyhow_error() -> store::Error {
    model::Problem::new(model::Code::Conflict, "no").into()
}

#[test]
fn keys_recognise_records() {
    on_both(|base| {
        let keys = |number, keys: &[&str]| RecordKeys {
            object: "person".to_owned(),
            record: id(number),
            keys: keys.iter().map(|key| (*key).to_owned()).collect(),
            fresh: false,
        };
        let many: Vec<_> = (10..40).map(|number| keys(number, &["n:smith"])).collect();
        base.write(move |tx| tx.set_keys(&many)).unwrap();
        let set = vec![keys(1, &["e:ann@example.com", "p:+491"]), keys(2, &["e:bob@example.com"]), keys(3, &[])];
        base.write(move |tx| tx.set_keys(&set)).unwrap();
        let find = |wanted: &[&str], most| {
            let wanted: Vec<String> = wanted.iter().map(|key| (*key).to_owned()).collect();
            let mut found = base.read(move |tx| tx.find_by_keys("person", &wanted, most));
            found.sort();
            found
        };
        assert_eq!(find(&["e:ann@example.com", "e:nobody"], 5), [("e:ann@example.com".to_owned(), id(1))]);
        assert_eq!(find(&["n:smith"], 4).len(), 4);
        let changed = vec![keys(1, &["p:+491", "e:new@example.com"]), keys(2, &[])];
        base.write(move |tx| tx.set_keys(&changed)).unwrap();
        assert!(find(&["e:ann@example.com", "e:bob@example.com"], 5).is_empty());
        assert_eq!(find(&["e:new@example.com", "p:+491"], 5).len(), 2);
    });
}
