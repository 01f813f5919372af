//! Share links: opening, refusing, changing and ending them, on every engine.

use picturelock_testkit::{Answer, Engine, Person, Storage, TestServer, engines};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

fn all_rights() -> Value {
    json!({"comment": true, "decide": true, "download": true})
}

fn watch_only() -> Value {
    json!({"comment": false, "decide": false, "download": false})
}

async fn open(guest: &mut Person, share: &str, secret: &str) -> Answer {
    guest.post(&format!("/api/shares/{share}/open"), json!({"secret": secret})).await
}

async fn open_with(guest: &mut Person, share: &str, secret: &str, passphrase: &str) -> Answer {
    let form = json!({"secret": secret, "passphrase": passphrase});
    guest.post(&format!("/api/shares/{share}/open"), form).await
}

#[tokio::test]
async fn a_link_opens_for_whoever_holds_its_secret_and_says_who_came() {
    for engine in engines() {
        let server = TestServer::start_on(engine, Storage::Local).await;
        let mut owner = server.owner().await;
        let film = server.screening(&mut owner, "Brand").await;
        let (share, secret) = film.share(&mut owner, all_rights(), json!({})).await;
        assert_eq!(secret.len(), 43, "256 bits");

        let mut guest = server.visitor();
        assert_eq!(guest.get("/api/guest").await.status, StatusCode::UNAUTHORIZED);
        let page = open(&mut guest, &share, &secret).await;
        assert_eq!(page.status, StatusCode::OK, "{:?}", page.json);
        assert_eq!(page.json["studio"]["name"], "Studio North");
        assert_eq!(page.json["version"]["id"], *film.version);
        assert_eq!(page.json["versions"].as_array().expect("a list").len(), 1);
        assert_eq!(page.json["me"], Value::Null);
        assert_eq!(guest.get("/api/guest").await.json, page.json);
        assert_eq!(guest.get("/api/session").await.status, StatusCode::UNAUTHORIZED, "a guest has no account");

        let named = guest.put("/api/guest", json!({"name": " Dana  Client ✅", "email": "Dana@Acme.example"})).await;
        assert_eq!(named.json["me"]["name"], "Dana Client");
        open(&mut guest, &share, &secret).await;
        let mut second = server.visitor();
        open(&mut second, &share, &secret).await;
        let ranges = json!({"ranges": [[0, 49], [40, 123]]});
        let watched = guest.post(&film.version_at("/watched"), ranges).await;
        assert_eq!(watched.json["watched_percent"], 62);

        let shares = owner.get(&film.at("/shares")).await.json;
        let visitors = shares[0]["visitors"].as_array().expect("visitors").clone();
        assert_eq!(visitors.len(), 2);
        let dana = visitors.iter().find(|visitor| visitor["name"] == "Dana Client").expect("the guest");
        assert_eq!((&dana["opens"], &dana["devices"]), (&json!(2), &json!(1)), "one person, one browser");
        assert_eq!((&dana["email"], &dana["watched_percent"]), (&json!("dana@acme.example"), &json!(62)));
    }
}

#[tokio::test]
async fn a_reload_keeps_the_guest_and_changes_the_cookie() {
    let server = TestServer::start().await;
    let mut owner = server.owner().await;
    let film = server.screening(&mut owner, "Brand").await;
    let (share, secret) = film.share(&mut owner, all_rights(), json!({})).await;
    let mut guest = server.visitor();
    open(&mut guest, &share, &secret).await;
    guest.put("/api/guest", json!({"name": "Dana", "email": ""})).await;
    let mut stolen = guest.clone();
    let again = open(&mut guest, &share, &secret).await;
    assert_eq!(again.json["me"]["name"], "Dana");
    assert_eq!(stolen.get("/api/guest").await.status, StatusCode::UNAUTHORIZED, "the old cookie is void");
    let other = film.share(&mut owner, all_rights(), json!({})).await;
    assert_eq!(open(&mut guest, &other.0, &other.1).await.json["me"], Value::Null, "another link, another guest");
}

#[tokio::test]
async fn nobody_learns_which_links_exist() {
    for engine in engines() {
        let server = TestServer::start_on(engine, Storage::Local).await;
        let mut owner = server.owner().await;
        let film = server.screening(&mut owner, "Brand").await;
        let (share, secret) = film.share(&mut owner, all_rights(), json!({"passphrase": "blue camera"})).await;
        let (revoked, old) = film.share(&mut owner, all_rights(), json!({})).await;
        owner.delete(&film.at(&format!("/shares/{revoked}"))).await;

        let mut stranger = server.visitor();
        let wrong = format!("x{}", &secret[1..]);
        let unknown = open(&mut stranger, "0198c0de-0000-7000-8000-000000000000", &secret).await;
        assert_eq!((unknown.status, &unknown.json["code"]), (StatusCode::NOT_FOUND, &json!("not_found")));
        for (id, secret) in [(&share, &wrong), (&share, &String::new()), (&revoked, &wrong), (&share, &old)] {
            let answer = open(&mut stranger, id, secret).await;
            assert_eq!((answer.status, &answer.json), (unknown.status, &unknown.json));
            let names = |answer: &Answer| answer.headers.keys().map(ToString::to_string).collect::<Vec<_>>();
            assert_eq!(names(&answer), names(&unknown));
        }
        assert_eq!(open(&mut stranger, "no-id", &secret).await.json, unknown.json);
        assert_eq!(open(&mut stranger, &revoked, &old).await.json["code"], "revoked", "whoever held it may know");
    }
}

#[tokio::test]
async fn wrong_secrets_are_capped_and_lock_no_client_out() {
    for engine in engines() {
        let server = TestServer::start_on(engine, Storage::Local).await;
        let mut owner = server.owner().await;
        let film = server.screening(&mut owner, "Brand").await;
        let (share, secret) = film.share(&mut owner, all_rights(), json!({})).await;
        let unknown = "0198c0de-0000-7000-8000-000000000000".to_owned();
        for id in [&share, &unknown] {
            let tries = (0..60).map(|number| {
                let (mut stranger, id) = (server.visitor(), id.clone());
                async move { open(&mut stranger, &id, &format!("guess {number}")).await.status }
            });
            let statuses = futures::future::join_all(tries).await;
            let missing = statuses.iter().filter(|status| **status == StatusCode::NOT_FOUND).count();
            assert_eq!(missing, 50, "{statuses:?}");
            assert!(statuses.iter().all(|it| [StatusCode::NOT_FOUND, StatusCode::TOO_MANY_REQUESTS].contains(it)));
        }
        assert_eq!(open(&mut server.visitor(), &share, &secret).await.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn passphrases_cannot_be_guessed_even_in_a_burst() {
    for engine in engines() {
        let server = TestServer::start_on(engine, Storage::Local).await;
        let mut owner = server.owner().await;
        let film = server.screening(&mut owner, "Brand").await;
        let (share, secret) = film.share(&mut owner, all_rights(), json!({"passphrase": "blue camera"})).await;
        let mut guest = server.visitor();
        let needed = open(&mut guest, &share, &secret).await;
        assert_eq!((needed.status, &needed.json["code"]), (StatusCode::UNAUTHORIZED, &json!("passphrase_needed")));
        assert_eq!(open_with(&mut guest, &share, &secret, " blue camera ").await.status, StatusCode::OK);

        let tries = (0..14).map(|number| {
            let (mut stranger, share, secret) = (server.visitor(), share.clone(), secret.clone());
            async move { open_with(&mut stranger, &share, &secret, &format!("guess {number}")).await.json }
        });
        let answers = futures::future::join_all(tries).await;
        assert_eq!(answers.iter().filter(|answer| answer["code"] == "passphrase_wrong").count(), 10, "{answers:?}");
        let right = open_with(&mut server.visitor(), &share, &secret, "blue camera").await;
        assert_eq!(right.status, StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(guest.get("/api/guest").await.status, StatusCode::OK, "who is in stays in");
        let explained = owner
            .post(
                &film.at(&format!("/shares/{share}/explain")),
                json!({"link": format!("https://review.studio.example/s/{share}#{secret}")}),
            )
            .await;
        assert_eq!(explained.json["code"], "passphrase_locked");

        let changed = json!({"passphrase": "red tripod"});
        owner.patch(&film.at(&format!("/shares/{share}")), changed).await;
        assert_eq!(guest.get("/api/guest").await.status, StatusCode::UNAUTHORIZED, "a new passphrase is for everybody");
        assert_eq!(open_with(&mut guest, &share, &secret, "red tripod").await.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn revoking_and_renewing_end_what_is_open_at_once() {
    for engine in engines() {
        let server = TestServer::start_on(engine, Storage::Local).await;
        let mut owner = server.owner().await;
        let film = server.screening(&mut owner, "Brand").await;
        let (share, secret) = film.share(&mut owner, all_rights(), json!({})).await;
        let mut guest = server.visitor();
        open(&mut guest, &share, &secret).await;

        let renewed = owner.post(&film.at(&format!("/shares/{share}/renew-link")), json!({})).await;
        let link = renewed.json["link"].as_str().expect("a link");
        assert!(link.starts_with(&format!("https://review.studio.example/s/{share}#")) && !link.ends_with(&secret));
        assert_eq!(guest.get("/api/guest").await.status, StatusCode::UNAUTHORIZED);
        assert_eq!(open(&mut guest, &share, &secret).await.status, StatusCode::NOT_FOUND);
        let fresh = link.split_once('#').expect("a secret").1.to_owned();
        assert_eq!(open(&mut guest, &share, &fresh).await.status, StatusCode::OK);

        let path = film.at(&format!("/shares/{share}"));
        assert_eq!(owner.delete(&path).await.status, StatusCode::NO_CONTENT);
        for address in ["/api/guest".to_owned(), film.version_at("/decisions"), film.version_at("/media/poster.jpg")] {
            let answer = guest.get(&address).await;
            assert!([StatusCode::GONE, StatusCode::NOT_FOUND].contains(&answer.status), "{address}");
        }
        assert_eq!(guest.get("/api/guest").await.json["code"], "revoked");
        assert_eq!(open(&mut guest, &share, &fresh).await.json["code"], "revoked");
        assert_eq!(owner.delete(&path).await.status, StatusCode::NO_CONTENT, "twice is as once");
        let again = owner.post(&format!("{path}/renew-link"), json!({})).await;
        assert_eq!((again.status, &again.json["code"]), (StatusCode::CONFLICT, &json!("revoked")));
    }
}

#[tokio::test]
async fn rights_target_and_end_count_from_the_next_request() {
    let server = TestServer::start().await;
    let mut owner = server.owner().await;
    let film = server.screening(&mut owner, "Brand").await;
    let (share, secret) = film.share(&mut owner, all_rights(), json!({})).await;
    let path = film.at(&format!("/shares/{share}"));
    let mut guest = server.visitor();
    open(&mut guest, &share, &secret).await;
    let (second, _) = server.ready_version(&film.project, &film.reviewable, "second").await;
    let numbers = |page: &Value| -> Vec<Value> {
        page["versions"].as_array().expect("a list").iter().map(|version| version["number"].clone()).collect()
    };
    assert_eq!(numbers(&guest.get("/api/guest").await.json), [2, 1]);
    owner.patch(&path, json!({"target": {"type": "version", "version": film.version}, "rights": watch_only()})).await;
    let page = guest.get("/api/guest").await.json;
    assert_eq!((numbers(&page), &page["rights"]), (vec![json!(1)], &watch_only()));
    assert_eq!(page["versions"][0]["current"], false, "there is a newer one");
    let elsewhere = film.at(&format!("/versions/{second}/decisions"));
    assert_eq!(guest.get(&elsewhere).await.status, StatusCode::NOT_FOUND);
    assert_eq!(guest.get(&film.version_at("/decisions")).await.status, StatusCode::OK);

    let past = json!({"expires_at": "2020-01-01T00:00:00Z"});
    assert_eq!(owner.patch(&path, past).await.json["code"], "expires_at");
    server.sql(&format!("UPDATE share SET expires_at = 1 WHERE id = '{share}'")).await.expect("time passes");
    assert_eq!(guest.get("/api/guest").await.json["code"], "expired");
    assert_eq!(open(&mut guest, &share, &secret).await.json["code"], "expired");
    let endless = owner.patch(&path, json!({"expires_at": null})).await;
    assert_eq!(endless.json["expires_at"], Value::Null, "{:?}", endless.json);
    assert_eq!(guest.get("/api/guest").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_link_shows_only_what_is_of_its_project() {
    let server = TestServer::start().await;
    let mut owner = server.owner().await;
    let (film, other) = (server.screening(&mut owner, "One").await, server.screening(&mut owner, "Two").await);
    let form = |reviewable: &str, target: Value| {
        json!({"reviewable_id": reviewable, "label": "Client", "target": target, "rights": all_rights(),
            "guests_see_each_other": true})
    };
    for bad in [
        form(&other.reviewable, json!({"type": "newest"})),
        form(&film.reviewable, json!({"type": "version", "version": other.version})),
    ] {
        assert_eq!(owner.post(&film.at("/shares"), bad).await.status, StatusCode::NOT_FOUND);
    }
    for (field, value) in
        [("label", json!("  ")), ("passphrase", json!("abc")), ("expires_at", json!("2020-01-01T00:00:00Z"))]
    {
        let mut bad = form(&film.reviewable, json!({"type": "newest"}));
        bad[field] = value;
        assert_eq!(owner.post(&film.at("/shares"), bad).await.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}");
    }
}

#[tokio::test]
async fn a_signed_in_producer_tries_a_link_as_a_guest() {
    let server = TestServer::start_on(Engine::Sqlite, Storage::Local).await;
    let mut owner = server.owner().await;
    let film = server.screening(&mut owner, "Brand").await;
    let (share, secret) = film.share(&mut owner, watch_only(), json!({})).await;
    assert_eq!(open(&mut owner, &share, &secret).await.status, StatusCode::OK);
    assert_eq!(owner.get("/api/session").await.json["user"]["role"], "owner", "still signed in");
    let as_guest = owner.request(Method::GET, "/api/guest").header("x-picturelock-as", "guest");
    assert_eq!(owner.send(as_guest).await.json["rights"], watch_only());
    assert_eq!(owner.get("/api/guest").await.status, StatusCode::OK, "this page is for guests only");
    assert_eq!(owner.get(&film.version_at("/decisions?as=guest")).await.status, StatusCode::OK);
    owner.delete(&film.at(&format!("/shares/{share}"))).await;
    assert_eq!(owner.get("/api/session").await.status, StatusCode::OK, "a dead link takes no account with it");
}
