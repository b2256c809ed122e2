//! Saved views: which are pinned, how many records they show, which opens first.

use serde_json::{Value as Json, json};

use crate::site::{Client, on_both};

async fn view(client: &Client<'_>, body: Json) -> String {
    client.post("/views", body).await.is(201).json()["record"]["id"].as_str().unwrap().to_owned()
}

#[test]
fn pinned_views_are_counted_as_far_as_the_reader_sees() {
    on_both(async |site| {
        let ann = site.user("ann@example.com", "Admin").await;
        let rows = json!([
            { "name": "A", "employees": 5 }, { "name": "B", "employees": 50 }, { "name": "C", "employees": 500 }
        ]);
        ann.post("/companies/bulk", json!({ "create": rows })).await.is(200);
        let large = json!({ "name": "Large", "object": "company", "filter": "employees >= 50", "shared": "everyone" });
        let large = view(&ann, large).await;
        let own = view(&ann, json!({ "name": "Mine", "object": "company" })).await;
        let broken = view(&ann, json!({ "name": "Old", "object": "company", "filter": "gone == 1" })).await;
        let path = format!("/view-counts?views={large},{own},{broken}");
        let counts = ann.get(&path).await.is(200).json()["counts"].clone();
        let exact = |count: u64| json!({ "count": count, "exact": true });
        assert_eq!(counts, json!({ large.as_str(): exact(2), own.as_str(): exact(3) }));
        // Another's private view has no count for Ben, nor has an object that his role does not show.
        let ben = site.user("ben@example.com", "Reader").await;
        assert_eq!(ben.get(&path).await.is(200).json()["counts"], json!({ large.as_str(): exact(2) }));
        let rights = json!({ "objects": { "person": { "read": "all" } } });
        site.kit.create("role", json!({ "name": "Elsewhere", "rights": rights }));
        let eve = site.user("eve@example.com", "Elsewhere").await;
        assert_eq!(eve.get(&path).await.is(200).json()["counts"], json!({}));
        site.admin().get(&path).await.is(403);
        ann.get("/view-counts?views=large").await.is(400);
        let many = vec![large.as_str(); 31].join(",");
        ann.get(&format!("/view-counts?views={many}")).await.is(400);
    });
}

#[test]
fn pins_are_ones_own_and_few() {
    on_both(async |site| {
        let ann = site.user("ann@example.com", "Reader").await;
        let me = ann.get("/boot").await.json()["user"]["id"].as_str().unwrap().to_owned();
        let pin = view(&ann, json!({ "name": "Mine", "object": "company" })).await;
        ann.patch(&format!("/users/{me}"), json!({ "pins": [pin] })).await.is(200);
        assert_eq!(ann.get("/boot").await.json()["user"]["pins"], json!([pin]));
        for wrong in [json!({ "a": 1 }), json!(["mine"]), json!([1]), json!(vec![pin.as_str(); 31])] {
            ann.patch(&format!("/users/{me}"), json!({ "pins": wrong })).await.is(422);
        }
        let ben = site.user("ben@example.com", "Reader").await;
        ben.patch(&format!("/users/{me}"), json!({ "pins": [] })).await.is(403);
    });
}

#[test]
fn what_others_are_shown_first_is_for_those_who_configure() {
    on_both(async |site| {
        let ann = site.user("ann@example.com", "Admin").await;
        let ben = site.user("ben@example.com", "Member").await;
        let body = json!({ "name": "First", "object": "company", "shared": "everyone", "opens_first": true });
        view(&ann, body.clone()).await;
        ben.post("/views", body).await.is(403);
        let own = view(&ben, json!({ "name": "Own", "object": "company" })).await;
        ben.patch(&format!("/views/{own}"), json!({ "opens_first": true })).await.is(403);
    });
}
