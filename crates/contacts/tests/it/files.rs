//! Files made by hand: what their formats say, and what they must not say.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use zip::write::SimpleFileOptions;

/// An archive of parts, packed.
pub fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A document of a word processor; the text is XML of its body.
pub fn docx(body: &str) -> Vec<u8> {
    let document = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/\
         2006/main\"><w:body>{body}</w:body></w:document>"
    );
    let types = b"<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>";
    archive(&[("[Content_Types].xml", types), ("word/document.xml", document.as_bytes())])
}

/// Paragraphs of a word processor's document.
pub fn paragraphs(texts: &[&str]) -> String {
    texts.iter().fold(String::new(), |mut body, text| {
        write!(body, "<w:p><w:r><w:t xml:space=\"preserve\">{text}</w:t></w:r></w:p>").unwrap();
        body
    })
}

/// A PDF of objects, the first of them number 1 and the catalog.
pub fn pdf_of(objects: &[String], trailer: &str) -> Vec<u8> {
    let mut file = b"%PDF-1.7\n".to_vec();
    let mut places = Vec::new();
    for (at, object) in objects.iter().enumerate() {
        places.push(file.len());
        write!(file, "{} 0 obj\n{object}\nendobj\n", at + 1).unwrap();
    }
    let start = file.len();
    write!(file, "xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).unwrap();
    for place in places {
        writeln!(file, "{place:010} 00000 n ").unwrap();
    }
    write!(file, "trailer\n<< /Size {} /Root 1 0 R {trailer} >>\nstartxref\n{start}\n%%EOF\n", objects.len() + 1)
        .unwrap();
    file
}

/// The objects of a PDF with one page, drawn by these orders in Helvetica as `F1`.
pub fn page(orders: &str) -> Vec<String> {
    vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> \
         /XObject << /X1 6 0 R >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{orders}\nendstream", orders.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".to_owned(),
        "<< /Type /XObject /Subtype /Form /BBox [0 0 600 800] /Resources << /XObject << /X1 6 0 R >> >> /Length 6 >>\n\
         stream\n/X1 Do\nendstream"
            .to_owned(),
    ]
}

/// A PDF that says this, line by line.
pub fn pdf(lines: &[&str]) -> Vec<u8> {
    let mut orders = "BT /F1 12 Tf 72 720 Td 14 TL".to_owned();
    for line in lines {
        write!(orders, " ({line}) Tj T*").unwrap();
    }
    orders.push_str(" ET");
    pdf_of(&page(&orders), "")
}
