//! Real files of other systems read completely. They stay outside the project; without them these tests say so and pass.

// A test that cannot go on says why by panicking.
use std::path::{Path, PathBuf};

use contacts::import::read::{Format, Reader, Row, Shape};

fn data(part: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data").join(part);
    if !path.exists() {
        eprintln!("SKIPPED: ../shared/data/{part} is not here, so real files were not read");
        return None;
    }
    Some(path)
}

fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|found| found == ending))
        .collect();
    files.sort();
    files
}

fn read(path: &Path) -> (Shape, Vec<String>, Vec<Row>) {
    let (mut reader, shape) =
        Reader::open(path, None).unwrap_or_else(|problem| panic!("{}: {problem}", path.display()));
    let columns = reader.columns().names.clone();
    let mut rows = Vec::new();
    while let Some(row) = reader.next_row().unwrap_or_else(|problem| panic!("{}: {problem}", path.display())) {
        rows.push(row);
    }
    (shape, columns, rows)
}

#[test]
fn edge_cases_of_csv_read_as_expected() {
    let Some(folder) = data("crm/csv-edge-cases") else { return };
    let files = files(&folder.join("csvs"), "csv");
    assert_eq!(files.len(), 11);
    for path in files {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let expected = std::fs::read_to_string(folder.join("json").join(format!("{name}.json"))).unwrap();
        // The copies have plain line breaks, the expectation of one names others.
        let expected: serde_json::Value = serde_json::from_str(&expected.replace("\\r\\n", "\\n")).unwrap();
        let (_, columns, rows) = read(&path);
        let found: Vec<serde_json::Value> = rows
            .iter()
            .map(|row| {
                assert_eq!(row.fault, None, "{name}");
                let pairs = columns.iter().enumerate().map(|(at, name)| (name.clone(), row.cell(at).into()));
                serde_json::Value::Object(pairs.collect())
            })
            .collect();
        assert_eq!(serde_json::Value::from(found), expected, "{name}");
    }
}

#[test]
fn exports_and_tables_read_completely() {
    let Some(folder) = data("crm") else { return };
    for (file, columns, rows) in [
        ("constituents.csv", 8, 503),
        ("pipeline/accounts.csv", 7, 85),
        ("pipeline/sales_pipeline.csv", 8, 8_800),
        ("bank-full.csv", 17, 45_211),
        ("telco-churn.csv", 21, 7_043),
    ] {
        let (shape, names, found) = read(&folder.join(file));
        assert_eq!(
            (shape.format, shape.header, names.len(), found.len()),
            (Format::Csv, true, columns, rows),
            "{file}"
        );
        assert!(found.iter().all(|row| row.fault.is_none()), "{file}");
    }
    for folder in ["exports/hubspot", "exports/salesforce"] {
        for path in files(&data("crm").unwrap().join(folder), "csv") {
            let (shape, columns, rows) = read(&path);
            assert!(shape.header && columns.len() > 1 && !rows.is_empty(), "{}: {columns:?}", path.display());
            assert!(rows.iter().all(|row| row.fault.is_none()), "{}", path.display());
        }
    }
}

#[test]
fn cards_of_every_exporter_read() {
    let Some(folder) = data("contacts/vcard-exporters") else { return };
    let files = files(&folder, "vcf");
    assert_eq!(files.len(), 18);
    for path in files {
        let (shape, columns, rows) = read(&path);
        assert_eq!(shape.format, Format::Vcard, "{}", path.display());
        let cards =
            String::from_utf8_lossy(&std::fs::read(&path).unwrap()).to_uppercase().matches("BEGIN:VCARD").count();
        assert_eq!(rows.len(), cards, "{}", path.display());
        assert!(rows.iter().all(|row| row.fault.is_none()), "{}", path.display());
        assert!(!columns.iter().any(|name| name.starts_with("Unreadable")), "{}: {columns:?}", path.display());
    }
}

#[test]
fn details_of_cards() {
    let Some(folder) = data("contacts/vcard-exporters") else { return };
    let cell = |file: &str, card: usize, column: &str| {
        let (_, columns, rows) = read(&folder.join(file));
        let at = columns.iter().position(|name| name == column).unwrap_or_else(|| panic!("{column} in {columns:?}"));
        rows[card].cell(at).to_owned()
    };
    assert_eq!(cell("rfc6350-example.vcf", 0, "Street (work)"), "2875 Laurier\nSuite D2-630");
    assert_eq!(cell("rfc6350-example.vcf", 0, "Birthday"), "--0203");
    assert_eq!(cell("John_Doe_IPHONE.vcf", 0, "Middle name"), "Richter James");
    assert_eq!(cell("John_Doe_IPHONE.vcf", 0, "Phone (home fax)"), "905-888-1234");
    assert_eq!(cell("John_Doe_IPHONE.vcf", 0, "Phone (AssistantPhone)"), "905-222-1234");
    assert_eq!(
        cell("gmail-single.vcf", 0, "Note"),
        "This is GMail's note field.\nIt should be added as a NOTE type.\nACustomField: CustomField"
    );
    assert_eq!(cell("outlook-2003.vcf", 0, "Note"), "This is the note field!!\nSecond line\n\nThird line is empty");
    assert_eq!(cell("John_Doe_ANDROID.vcf", 4, "E-mail (work, preferred)"), "bob@company.com");
    assert_eq!(cell("John_Doe_ANDROID.vcf", 2, "Full name"), "Ñ Ñ Ñ Ñ Ñ");
}
