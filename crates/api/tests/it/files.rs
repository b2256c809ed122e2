//! Files: in as they are, out so that they do no harm.

use axum::http::Method;
use serde_json::json;

use crate::site::on_both;

#[test]
fn a_file_comes_back_as_an_attachment_to_those_who_see_its_record() {
    on_both(async |site| {
        let admin = site.admin();
        let upload = async |name: &str, bytes: &[u8]| {
            let path = format!("/files?name={name}");
            admin.send(admin.request(Method::POST, &path, Some(("image/svg+xml", bytes.to_vec())))).await
        };
        let svg = upload("..%2F..%2Fevil.svg", b"<svg onload=alert(1)>").await.is(201).json();
        assert_eq!(svg["name"], "evil.svg");
        let png = upload("photo.png", b"\x89PNG\r\n\x1a\n0000").await.is(201).json();
        assert_eq!(png["type"], "image/png");
        upload("empty.txt", b"").await.is(422);
        let user = admin.get("/users").await.is(200);
        drop(user);
        let id = admin.make("documents", json!({ "name": "Papers", "files": [svg, png] })).await;
        let sha = |file: &serde_json::Value| file["id"].as_str().unwrap().to_owned();
        let path = format!("/documents/{id}/files/files/{}", sha(&svg));
        let file = admin.get(&path).await.is(200);
        assert_eq!(file.bytes, &b"<svg onload=alert(1)>"[..]);
        assert_eq!(file.header("content-type"), "application/octet-stream");
        assert_eq!(file.header("content-security-policy"), "sandbox; default-src 'none'");
        assert!(file.header("content-disposition").starts_with("attachment; filename=\"evil.svg\""));
        admin.get(&format!("{path}?inline=1")).await.is(415);
        let shown = admin.get(&format!("/documents/{id}/files/files/{}?inline=1", sha(&png))).await.is(200);
        assert_eq!(shown.header("content-type"), "image/png");
        assert!(shown.header("content-disposition").starts_with("inline"));
        site.program(json!({})).get(&path).await.is(403);
        admin.get(&format!("/documents/{id}/files/files/{}", "0".repeat(64))).await.is(404);
        site.stranger().get(&path).await.is(401);
    });
}
