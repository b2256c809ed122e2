//! What one is told, over HTTP: the list, marking it, following a record.

use serde_json::json;

use crate::site::on_both;

#[test]
fn a_mention_is_listed_marked_and_counted() {
    on_both(async |site| {
        let (ann, ben) = (site.user("ann@example.com", "Member").await, site.user("ben@example.com", "Member").await);
        let consumers = site.kit.workspace.clone();
        consumers.run_consumers().unwrap();
        let acme = ann.make("companies", json!({ "name": "Acme" })).await;
        let follow = format!("/companies/{acme}/follow");
        assert_eq!(ben.get(&follow).await.is(200).json()["following"], false);
        ben.put(&follow, json!({})).await.is(200);
        assert_eq!(ann.get(&follow).await.is(200).json()["followers"].as_array().unwrap().len(), 1);
        let about = json!([{ "object": "company", "id": acme }]);
        ann.make("comments", json!({ "body": "Look, Ben", "about": about })).await;
        let mut told = json!({});
        for _ in 0..400 {
            consumers.run_consumers().unwrap();
            told = ben.get("/notifications?unread=true").await.is(200).json();
            if told["unread"] == 1 {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        let one = &told["notifications"][0];
        assert_eq!((&one["kind"], &one["text"], &one["read"]), (&json!("comment"), &json!("Look, Ben"), &json!(false)));
        assert_eq!(one["subject"]["title"], "Acme");
        assert_eq!(ben.get("/boot").await.is(200).json()["unread"], 1);
        let ids = json!({ "ids": [one["id"]] });
        // Nobody marks what others were told.
        ann.post("/notifications/read", ids.clone()).await.is(200);
        assert_eq!(ben.get("/boot").await.is(200).json()["unread"], 1);
        assert_eq!(ben.post("/notifications/read", ids).await.is(200).json()["unread"], 0);
        assert_eq!(ben.post("/notifications/read", json!({ "read": false })).await.is(200).json()["unread"], 1);
        assert_eq!(ben.post("/notifications/read", json!({})).await.is(200).json()["unread"], 0);
        ben.delete(&follow).await.is(200);
        assert_eq!(ben.get(&follow).await.is(200).json()["following"], false);
        ben.put(&format!("/companies/{}/follow", uuid::Uuid::now_v7()), json!({})).await.is(404);
    });
}
