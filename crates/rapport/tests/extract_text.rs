//! The process that reads files: it answers, and a file made to fill the memory ends it, not the machine.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use std::io::Write as _;
use std::process::{Command, Output, Stdio};

use serde_json::{Value as Json, json};

fn extract(bytes: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_rapport"))
        .arg("extract-text")
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    // It may end before it has read everything.
    let _ = child.stdin.take().unwrap().write_all(bytes);
    child.wait_with_output().unwrap()
}

#[test]
fn a_file_is_answered_with_its_text() {
    let output = extract("Lease of a boathouse in Köln".as_bytes());
    let answer: Json = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(answer, json!({ "state": "read", "text": "Lease of a boathouse in Köln" }));
    assert!(output.status.success());
}

/// Packed blanks, 258 of them in thirteen bits: a literal, then matches of the greatest length at distance one.
fn packed_blanks(matches: usize) -> Vec<u8> {
    let mut bytes = vec![0x78, 0x01];
    let (mut byte, mut used) = (0_u8, 0_u8);
    let mut put = |bits: &str| {
        for bit in bits.bytes() {
            byte |= (bit - b'0') << used;
            used += 1;
            if used == 8 {
                bytes.push(byte);
                (byte, used) = (0, 0);
            }
        }
    };
    // Last block, fixed codes; a blank.
    put("11001010000");
    (0..matches).for_each(|_| put("1100010100000"));
    put("00000000000000");
    bytes
}

#[cfg(unix)]
#[test]
fn a_bomb_ends_its_reader() {
    let packed = packed_blanks(5_000_000);
    let mut file =
        b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Kids [3 0 R] \
        /Count 1 >>\nendobj\n3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R >>\nendobj\n"
            .to_vec();
    write!(file, "4 0 obj\n<< /Length {} /Filter /FlateDecode >>\nstream\n", packed.len()).unwrap();
    file.extend_from_slice(&packed);
    file.extend_from_slice(b"\nendstream\nendobj\ntrailer\n<< /Size 5 /Root 1 0 R >>\n%%EOF\n");
    let output = extract(&file);
    let answer = serde_json::from_slice::<Json>(&output.stdout).unwrap_or_default();
    assert_ne!(answer["state"], "read", "{:?}", output.status);
}
