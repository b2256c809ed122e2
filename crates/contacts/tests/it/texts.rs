//! The text inside files: what is read of each kind, what hostile files do (nothing), and who finds it.

use contacts::texts::{Found, State, extract};
use model::Actor;
use serde_json::{Value as Json, json};
use sha2::{Digest as _, Sha256};
use store::blobs::Blobs;
use store::tables::file_texts;
use testkit::{Kit, on_both};

use crate::files::{archive, docx, page, paragraphs, pdf, pdf_of};

#[track_caller]
fn reads(bytes: &[u8], text: &str) {
    assert_eq!(extract(bytes), Found { state: State::Read, text: text.to_owned() });
}

#[track_caller]
fn refuses(bytes: &[u8], state: State) {
    let found = extract(bytes);
    assert_eq!((found.state, found.text.as_str()), (state, ""));
}

#[test]
fn text_files_are_read_whatever_their_encoding() {
    reads(b"Lease of a boathouse\r\n\r\n  for ten\tyears", "Lease of a boathouse\nfor ten years");
    reads("name;city\nMüller;Köln".as_bytes(), "name;city\nMüller;Köln");
    reads(b"Jahre mit K\xfchen und M\xf6wen an der K\xfcste", "Jahre mit Kühen und Möwen an der Küste");
    let wide: Vec<u8> = "\u{feff}Möwe".encode_utf16().flat_map(u16::to_le_bytes).collect();
    reads(&wide, "Möwe");
    reads(
        b"<!doctype html><html><head><title>x</title><style>p{}</style></head><body><p>Rent <b>d</b>ue</p><td>1</td><td>2\
          </td><script>alert('no')</script></body></html>",
        "Rent due\n1 2",
    );
    reads(
        b"From: Ann Lee <ann@example.com>\r\nTo: ben@example.com\r\nSubject: =?utf-8?q?M=C3=B6we?=\r\nMIME-Version: 1.0\r\n\
          Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nThe boat =C3=A4\r\n",
        "Möwe\nAnn Lee\nann@example.com\nben@example.com\nThe boat ä",
    );
    reads(br"{\rtf1\ansi Lease\par of a boat}", "Lease\nof a boat");
    refuses(b" \n \t", State::Empty);
    refuses(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", State::Other);
    refuses(b"PK\x05\x06 no", State::Other);
    refuses(&archive(&[("readme.txt", b"an archive")]), State::Other);
}

#[test]
fn office_files_are_read() {
    let body = format!(
        "{}<w:tbl><w:tr><w:tc><w:p><w:r><w:t>a</w:t></w:r></w:p></w:tc></w:tr></w:tbl><w:p><w:r><w:instrText>PAGE</w:instrText>\
         <w:t>Fish</w:t><w:tab/><w:t>&amp; chips &#233;</w:t></w:r></w:p>",
        paragraphs(&["Lease", "of a boat"])
    );
    reads(&docx(&body), "Lease\nof a boat\na\nFish & chips é");
    let book = archive(&[
        ("xl/workbook.xml", b"<workbook><sheets><sheet name=\"Rent\" sheetId=\"1\"/></sheets></workbook>"),
        ("xl/sharedStrings.xml", b"<sst><si><t>Boat</t></si><si><r><t>house</t></r><rPh><t>x</t></rPh></si></sst>"),
        (
            "xl/worksheets/sheet1.xml",
            b"<worksheet><sheetData><row><c t=\"s\"><v>0</v></c><c><v>4711</v></c><c t=\"inlineStr\"><is><t>due</t></is></c>\
              <c t=\"b\"><v>1</v></c></row></sheetData></worksheet>",
        ),
    ]);
    reads(&book, "Rent\nBoat\nhouse\n4711 due");
    let slide = |text: &str| format!("<p:sld><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:sld>");
    let (one, two, ten) = (slide("one"), slide("two"), slide("ten"));
    let slides = archive(&[
        ("ppt/presentation.xml", b"<p:presentation/>"),
        ("ppt/slides/slide10.xml", ten.as_bytes()),
        ("ppt/slides/slide2.xml", two.as_bytes()),
        ("ppt/slides/slide1.xml", one.as_bytes()),
        ("ppt/notesSlides/notesSlide1.xml", one.as_bytes()),
    ]);
    reads(&slides, "one\ntwo\nten\none");
    let content =
        b"<office:document-content><office:automatic-styles>no</office:automatic-styles><office:body><office:text>\
        <text:h>Lease</text:h><text:p>of<text:s/>a <text:span>boat</text:span></text:p></office:text></office:body>\
        </office:document-content>";
    let open = archive(&[("mimetype", b"application/vnd.oasis.opendocument.text"), ("content.xml", content)]);
    reads(&open, "Lease\nof a boat");
    let manifest = b"<manifest:manifest><manifest:file-entry><manifest:encryption-data/></manifest:file-entry></manifest:manifest>";
    let sealed = archive(&[("mimetype", b"x"), ("content.xml", b"\x01\x02"), ("META-INF/manifest.xml", manifest)]);
    refuses(&sealed, State::Encrypted);
    let mut sealed = vec![0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
    refuses(&sealed, State::Other);
    sealed.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    refuses(&sealed, State::Encrypted);
    refuses(&docx(""), State::Empty);
}

#[test]
fn pdfs_are_read_by_words_and_lines() {
    reads(&pdf(&["Lease of a boathouse", "in K\\366ln"]), "Lease of a boathouse\nin Köln");
    // Words that are only parted by distance, letters set one by one, a word parted at the end of its line.
    let orders = "BT /F1 12 Tf 72 720 Td [(Ten) -300 (ye) -20 (ars)] TJ 0 -14 Td (Rent con-) Tj 0 -14 Td (tract) Tj ET";
    reads(&pdf_of(&page(orders), ""), "Ten years\nRent contract");
    // A text layer over a scan is not to be seen.
    reads(&pdf_of(&page("BT 3 Tr /F1 12 Tf 72 720 Td (Scanned) Tj ET"), ""), "Scanned");
    refuses(&pdf_of(&page("0 0 100 100 re f"), ""), State::Empty);
}

#[test]
fn hostile_archives_end_soon() {
    // A part that packs a thousandfold, and many that do so together.
    let blanks = vec![b' '; 40 * 1024 * 1024];
    refuses(&docx(&String::from_utf8(blanks.clone()).unwrap()), State::TooLarge);
    let parts: Vec<(String, &[u8])> =
        (0..40).map(|at| (format!("word/header{at}.xml"), &blanks[..3 * 1024 * 1024])).collect();
    let mut named: Vec<(&str, &[u8])> = parts.iter().map(|(name, bytes)| (name.as_str(), *bytes)).collect();
    named.push(("word/document.xml", b"<w:t>a</w:t>"));
    refuses(&archive(&named), State::TooLarge);
    let many: Vec<(String, &[u8])> = (0..10_001).map(|at| (format!("{at}.xml"), &b""[..])).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|(name, bytes)| (name.as_str(), *bytes)).collect();
    refuses(&archive(&many), State::TooLarge);
    // Entities, from outside and of each other.
    for entity in
        ["<!ENTITY a SYSTEM \"file:///etc/passwd\">", "<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">"]
    {
        let document = format!("<!DOCTYPE w [{entity}]><w:t>&b;</w:t>");
        refuses(&archive(&[("word/document.xml", document.as_bytes())]), State::Damaged);
    }
    reads(&docx(&paragraphs(&["&unknown; word"])), "word");
    let nested = "<w:p>".repeat(200_000);
    refuses(&docx(&nested), State::Empty);
    // Cut off anywhere, or with bytes turned over.
    let whole = docx(&paragraphs(&["Lease of a boathouse for ten years and a day"]));
    for length in (0..whole.len()).step_by(7) {
        extract(&whole[..length]);
        let mut bent = whole.clone();
        bent[length] ^= 0x55;
        extract(bent.as_slice());
    }
    // A text without end is cut.
    let long = "boathouse ".repeat(60_000);
    let found = extract(docx(&paragraphs(&[&long])).as_slice());
    assert!(found.state == State::Read && (150_000..=200_000).contains(&found.text.len()));
}

#[test]
fn hostile_pdfs_end_soon() {
    // A form that draws itself, pages that contain themselves, a table of contents that leads back to itself.
    let orders = "/X1 Do BT /F1 12 Tf 72 720 Td (after) Tj ET";
    reads(&pdf_of(&page(orders), ""), "after");
    let mut round = page("");
    round[1] = "<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 9999 >>".to_owned();
    assert_ne!(extract(pdf_of(&round, "").as_slice()).state, State::Read);
    let looped = pdf_of(&page(""), "/Prev 9");
    extract(looped.as_slice());
    // Deeper than any stack.
    let deep = format!("{} {}", "[".repeat(100_000), "]".repeat(100_000));
    extract(pdf_of(&page(&deep), "").as_slice());
    let mut nested = page("");
    nested[4] = format!("{}null{}", "<< /A ".repeat(50_000), " >>".repeat(50_000));
    extract(pdf_of(&nested, "").as_slice());
    // Sealed with a password that nobody knows.
    let sealed = "/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O (01234567890123456789012345678901) /U \
                  (01234567890123456789012345678901) >> /ID [(a) (a)]";
    refuses(&pdf_of(&page("BT ET"), sealed), State::Encrypted);
    refuses(b"%PDF-1.7 and nothing else", State::Damaged);
    let whole = pdf(&["Lease of a boathouse"]);
    for length in (0..whole.len()).step_by(5) {
        extract(&whole[..length]);
        let mut bent = whole.clone();
        bent[length] ^= 0x55;
        extract(bent.as_slice());
    }
}

/// A workspace with files.
struct Office<'a> {
    kit: &'a Kit,
    folder: tempfile::TempDir,
}

impl<'a> Office<'a> {
    fn open(kit: &'a Kit) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::open(folder.path()).unwrap();
        kit.workspace.attach_files(blobs, contacts::texts::in_process());
        let office = Self { kit, folder };
        office.settle();
        office
    }

    /// A file as an upload answers it.
    fn file(&self, name: &str, bytes: &[u8]) -> Json {
        let id: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        let folder = self.folder.path().join(&id[..2]);
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join(&id), bytes).unwrap();
        json!({ "id": id, "name": name, "size": bytes.len(), "type": "application/octet-stream" })
    }

    /// Waits until what changed was dealt with.
    fn settle(&self) {
        self.kit.consume("file_texts");
        while self.kit.workspace.run_due_job().unwrap() {}
    }

    fn search(&self, who: &Actor, text: &str) -> Vec<Json> {
        let found = self.kit.workspace.search(who, text, Vec::new(), None, 10).wait().unwrap();
        found["results"].as_array().unwrap().clone()
    }

    #[track_caller]
    fn finds(&self, who: &Actor, text: &str, titles: &[&str]) {
        let found = self.search(who, text);
        let mut found: Vec<&str> = found.iter().map(|hit| hit["title"].as_str().unwrap()).collect();
        found.sort_unstable();
        assert_eq!(found, titles, "{} finds {text}", self.kit.database);
    }

    fn texts(&self) -> usize {
        self.kit.workspace.store().read(|tx| file_texts::list(tx, "", 100)).wait().unwrap().len()
    }
}

#[test]
fn words_inside_are_found_by_those_who_may_read_the_file() {
    on_both(|kit| {
        let office = Office::open(kit);
        let see = |rights: Json| json!({ "objects": { "document": rights } });
        let all = kit.user("all", see(json!({ "read": "all" })), None);
        let own = kit.user("own", see(json!({ "read": "own" })), None);
        let blind = kit.user("blind", see(json!({ "read": "all", "fields": { "files": "none" } })), None);
        let partly = kit.user("partly", see(json!({ "read": "all", "fields": { "folder": "none" } })), None);
        let nobody = kit.user("nobody", json!({}), None);
        let first = office.file("offer.pdf", &pdf(&["The quick lantern of Alnwick"]));
        let values = json!({ "name": "Offer", "description": "By hand", "folder": "Secret", "files": [first], "owner": all.user });
        let id = kit.create("document", values);
        office.finds(&all, "alnwick", &[]);
        office.settle();
        for who in [&all, &partly, &kit.system()] {
            office.finds(who, "alnwick lant", &["Offer"]);
            office.finds(who, "hand Alnwick", &["Offer"]);
        }
        for who in [&own, &blind, &nobody] {
            office.finds(who, "alnwick", &[]);
            office.finds(who, "offer alnwick", &[]);
        }
        office.finds(&blind, "hand", &["Offer"]);
        office.finds(&blind, "pdf", &[]);
        office.finds(&partly, "secret", &[]);
        // The hit says where, and only to those who may know.
        let excerpt = |who: &Actor, text: &str| office.search(who, text)[0]["excerpt"].clone();
        assert_eq!(excerpt(&all, "alnwick"), "By hand The quick lantern of Alnwick");
        assert_eq!(excerpt(&blind, "hand"), "By hand");
        assert_eq!(excerpt(&all, "offer"), Json::Null);
        assert_eq!(kit.get("document", id)["text_state"], "read");
        assert_eq!(kit.get("document", id)["version"], 1);
        // Nothing was told to anybody: it is no edit.
        let history = kit.workspace.history(&kit.system(), "document", id, None, 10).wait().unwrap();
        assert_eq!(history["changes"].as_array().unwrap().len(), 1);
    });
}

#[test]
fn texts_follow_versions_the_recycle_bin_and_undo() {
    on_both(|kit| {
        let office = Office::open(kit);
        let all = kit.system();
        let (one, two) = (office.file("a.txt", b"heliotrope"), office.file("b.docx", &docx(&paragraphs(&["quagga"]))));
        let id = kit.create("document", json!({ "name": "Offer", "files": [one] }));
        let twin = kit.create("document", json!({ "name": "Twin", "files": [one] }));
        office.settle();
        office.finds(&all, "heliotrope", &["Offer", "Twin"]);
        let newer = kit.update("document", id, json!({ "files": [two, one] }));
        office.settle();
        office.finds(&all, "heliotrope", &["Twin"]);
        office.finds(&all, "quagga", &["Offer"]);
        kit.workspace.undo(&all, newer).unwrap();
        office.finds(&all, "heliotrope", &["Offer", "Twin"]);
        office.finds(&all, "quagga", &[]);
        let gone = kit.delete("document", twin);
        office.finds(&all, "heliotrope", &["Offer"]);
        kit.workspace.undo(&all, gone).unwrap();
        office.finds(&all, "heliotrope", &["Offer", "Twin"]);
        // Another field changes: the text stays.
        kit.update("document", id, json!({ "name": "Proposal" }));
        office.finds(&all, "heliotrope", &["Proposal", "Twin"]);
        // What no record names is forgotten at night; older versions are named.
        kit.update("document", id, json!({ "files": [] }));
        assert_eq!(office.texts(), 2);
        let workspace = kit.workspace.clone();
        let now = kit.workspace.now();
        let ask = kit
            .workspace
            .store()
            .write(store::Priority::Background, move |tx| workspace.enqueue(tx, "file.text", &json!({}), now));
        ask.wait().unwrap();
        office.settle();
        assert_eq!(office.texts(), 1);
        assert_eq!(kit.get("document", id)["text_state"], Json::Null);
        office.finds(&all, "heliotrope", &["Twin"]);
    });
}

#[test]
fn documents_from_before_are_read_once_and_faults_are_noted() {
    on_both(|kit| {
        let folder = tempfile::tempdir().unwrap();
        // Before the program knew its files, and before anybody followed the log.
        let office = Office { kit, folder };
        let files = [
            ("sound.txt", b"marmalade".to_vec(), json!("read")),
            ("scan.pdf", pdf_of(&page("0 0 9 9 re f"), ""), json!("empty")),
            (
                "sealed.doc",
                [b"\xD0\xCF\x11\xE0".to_vec(), b"E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0".to_vec()].concat(),
                json!("encrypted"),
            ),
            ("broken.docx", b"PK\x03\x04 but no archive".to_vec(), json!("damaged")),
            ("photo.png", b"\x89PNG\r\n\x1a\n\0\0\0\0".to_vec(), Json::Null),
        ];
        let mut made = Vec::new();
        for (name, bytes, state) in &files {
            let id = kit.create("document", json!({ "name": name, "files": [office.file(name, bytes)] }));
            made.push((id, state));
        }
        let lost = json!({ "id": "0".repeat(64), "name": "lost.txt", "size": 1, "type": "text/plain" });
        let lost = kit.create("document", json!({ "name": "lost.txt", "files": [lost] }));
        kit.workspace.attach_files(Blobs::open(office.folder.path()).unwrap(), contacts::texts::in_process());
        for _ in 0..2 {
            contacts::texts::catch_up(&kit.workspace).unwrap();
            office.settle();
        }
        for (id, state) in made {
            assert_eq!(kit.get("document", id)["text_state"], *state, "{}", kit.database);
        }
        assert_eq!(kit.get("document", lost)["text_state"], Json::Null);
        office.finds(&kit.system(), "marmalade", &["sound.txt"]);
        let jobs = kit.workspace.list_jobs("file.text", 10).wait().unwrap();
        assert_eq!(jobs.iter().filter(|job| job.status == "done").count(), 1, "asked for once");
    });
}
