//! Reviewables and versions, on every engine.

mod common;

use common::{project, reviewable};
use picturelock_domain::project::Stage;
use picturelock_domain::review::Brief;
use picturelock_testkit::{Storage, TestServer, engines};
use reqwest::header::{ETAG, IF_NONE_MATCH};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

/// The brief a stage comes with.
fn usual_brief(stage: Stage) -> Value {
    serde_json::to_value(Brief::of(stage)).expect("json")
}

/// Adds a version that can be watched; gives its id.
async fn ready_version(server: &TestServer, project: &str, reviewable: &str, content: &str) -> String {
    let project = project.rsplit('/').next().expect("an id");
    server.ready_version(project, reviewable, content).await.0
}

#[tokio::test]
async fn a_reviewable_begins_with_the_brief_of_its_stage_and_can_be_changed() {
    for engine in engines() {
        let server = TestServer::start_on(engine, Storage::Local).await;
        let mut owner = server.owner().await;
        let project = project(&mut owner).await;
        let cut = reviewable(&mut owner, &project, "Brand film 60s").await;
        let address = format!("{project}/reviewables/{cut}");
        let made = owner.get(&address).await.json;
        assert_eq!((&made["brief"], &made["versions"]), (&usual_brief(Stage::FineCut), &json!([])));

        let mut brief = usual_brief(Stage::RoughCut);
        brief["decision_maker"] = json!("Clara Client");
        let changed = owner.patch(&address, json!({"name": " Spring 60s ", "brief": brief})).await;
        assert_eq!(changed.status, StatusCode::OK, "{:?}", changed.json);
        assert_eq!(owner.get(&format!("{project}/reviewables")).await.json, json!([changed.json]));
        assert_eq!((&changed.json["name"], &changed.json["brief"]), (&json!("Spring 60s"), &brief));

        brief["ignore"] = json!(vec!["no"; 13]);
        let refused = owner.patch(&address, json!({"brief": brief})).await;
        assert_eq!((refused.status, &refused.json["code"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("brief")));
        let nameless = owner.post(&format!("{project}/reviewables"), json!({"name": " ", "stage": "rough_cut"})).await;
        assert_eq!(nameless.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
}

#[tokio::test]
async fn versions_stack_and_the_newest_left_is_current() {
    for engine in engines() {
        let server = TestServer::start_on(engine, Storage::Local).await;
        let mut owner = server.owner().await;
        let project = project(&mut owner).await;
        let cut = reviewable(&mut owner, &project, "Brand film 60s").await;
        let (first, other) = ("first bytes", "other bytes");
        let mut ids = Vec::new();
        for content in [first, other, first] {
            ids.push(ready_version(&server, &project, &cut, content).await);
        }
        let stack = owner.get(&format!("{project}/reviewables/{cut}")).await.json["versions"].clone();
        let of = |name: &str| stack.as_array().expect("versions").iter().map(|v| v[name].clone()).collect::<Vec<_>>();
        assert_eq!(of("number"), [json!(3), json!(2), json!(1)]);
        assert_eq!(of("current"), [json!(true), json!(false), json!(false)]);
        assert_eq!(of("same_bytes_as"), [json!(1), json!(null), json!(null)]);

        let deleted = owner.delete(&format!("{project}/versions/{}", ids[2])).await;
        assert_eq!(deleted.status, StatusCode::NO_CONTENT);
        assert_eq!(owner.get(&format!("{project}/versions/{}", ids[1])).await.json["current"], true);
        let gone = owner.get(&format!("{project}/versions/{}", ids[2])).await.json;
        assert_eq!(
            (&gone["state"], &gone["media"], &gone["current"]),
            (&json!("deleted"), &json!(null), &json!(false))
        );
        for file in ["media/proxy-1080.mp4", "original"] {
            let answer = owner.get(&format!("{project}/versions/{}/{file}", ids[2])).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{file}");
        }
        let again = owner.delete(&format!("{project}/versions/{}", ids[2])).await;
        assert_eq!(again.status, StatusCode::NO_CONTENT, "deleting twice changes nothing");
        let next = ready_version(&server, &project, &cut, other).await;
        let number = owner.get(&format!("{project}/versions/{next}")).await.json["number"].clone();
        assert_eq!(number, 4, "a number is never given twice");
    }
}

#[tokio::test]
async fn a_project_says_what_came_last() {
    for engine in engines() {
        let server = TestServer::start_on(engine, Storage::Local).await;
        let mut owner = server.owner().await;
        let project = project(&mut owner).await;
        let empty = owner.get(&project).await.json;
        assert_eq!((&empty["reviewable_count"], &empty["latest"]), (&json!(0), &json!(null)));
        let cut = reviewable(&mut owner, &project, "Brand film 60s").await;
        reviewable(&mut owner, &project, "Brand film 30s").await;
        ready_version(&server, &project, &cut, "one").await;
        let second = ready_version(&server, &project, &cut, "two").await;
        let shown = owner.get(&project).await.json;
        assert_eq!((&shown["reviewable_count"], &shown["member_count"]), (&json!(2), &json!(1)));
        let latest = json!({"reviewable_id": cut, "reviewable_name": "Brand film 60s", "stage": "fine_cut",
            "version_id": second, "number": 2, "state": "ready", "review": "in_review", "has_poster": true,
            "answer_by": null});
        assert_eq!(shown["latest"], latest);
        assert_eq!(owner.get("/api/projects").await.json, json!([shown]), "the list says the same");
    }
}

#[tokio::test]
async fn a_frame_table_is_kept_by_the_browser() {
    let server = TestServer::start().await;
    let mut owner = server.owner().await;
    let project = project(&mut owner).await;
    let cut = reviewable(&mut owner, &project, "Brand film 60s").await;
    let version = ready_version(&server, &project, &cut, "one").await;
    let address = format!("{project}/versions/{version}/frame-table");
    let table = owner.get(&address).await;
    assert_eq!(table.json, json!({"time_base": {"num": 1, "den": 25}, "runs": [[1, 200]]}));
    assert!(table.headers["cache-control"].to_str().expect("text").contains("immutable"));
    let again = owner.request(Method::GET, &address).header(IF_NONE_MATCH, &table.headers[ETAG]);
    assert_eq!(owner.send(again).await.status, StatusCode::NOT_MODIFIED);
}

#[tokio::test]
async fn roles_and_strangers_meet_the_rule() {
    let server = TestServer::start().await;
    let mut owner = server.owner().await;
    let project = project(&mut owner).await;
    let cut = reviewable(&mut owner, &project, "Brand film 60s").await;
    let version = ready_version(&server, &project, &cut, "one").await;
    let (mut editor, editor_id) = server.person(&mut owner, "editor").await;
    let address = format!("{project}/versions/{version}");
    assert_eq!(editor.get(&address).await.status, StatusCode::NOT_FOUND, "not of the project");
    owner.put(&format!("{project}/people/{editor_id}"), json!({})).await;
    assert_eq!(editor.get(&address).await.status, StatusCode::OK);
    assert_eq!(editor.delete(&address).await.status, StatusCode::FORBIDDEN);
    let other = common::project(&mut owner).await;
    let mixed = owner.get(&format!("{other}/versions/{version}")).await;
    assert_eq!(mixed.status, StatusCode::NOT_FOUND, "a version of another project");
    let mixed = owner.get(&format!("{other}/reviewables/{cut}")).await;
    assert_eq!(mixed.status, StatusCode::NOT_FOUND, "a reviewable of another project");
}
