//! What guests see, what they never see, and what asking alone never does.

use picturelock_testkit::{Person, Screening, Storage, TestServer, engines};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use uuid::Uuid;

const ALL: [&str; 3] = ["comment", "decide", "download"];

fn all_rights() -> Value {
    json!({ALL[0]: true, ALL[1]: true, ALL[2]: true})
}

/// Somebody who came by this link and said who they are.
async fn guest(server: &TestServer, link: &(String, String), name: &str) -> Person {
    let mut guest = server.visitor();
    let opened = guest.post(&format!("/api/shares/{}/open", link.0), json!({"secret": link.1})).await;
    assert_eq!(opened.status, StatusCode::OK, "{:?}", opened.json);
    let email = format!("{}@secret.example", name.to_lowercase());
    guest.put("/api/guest", json!({"name": name, "email": email})).await;
    guest
}

async fn decide(person: &mut Person, film: &Screening, note: &str) {
    let form = json!({"outcome": "request_revisions", "content_hash": film.hash, "statement": "Signed Name",
        "note": note, "client_key": Uuid::now_v7()});
    let made = person.post(&film.version_at("/decisions"), form).await;
    assert_eq!(made.status, StatusCode::CREATED, "{:?}", made.json);
}

#[tokio::test]
async fn nothing_of_the_team_or_of_other_guests_reaches_a_guest() {
    for engine in engines() {
        let server = TestServer::start_on(engine, Storage::Local).await;
        let mut owner = server.owner().await;
        let film = server.screening(&mut owner, "Brand").await;
        let link = film.share(&mut owner, all_rights(), json!({"label": "Labelcanary"})).await;
        let mut first = guest(&server, &link, "Firstcanary").await;
        let mut second = guest(&server, &link, "Second").await;
        decide(&mut owner, &film, "Shorter").await;
        decide(&mut first, &film, "Remarkcanary").await;

        let mut seen = String::new();
        for address in ["/api/guest".to_owned(), film.version_at("/decisions"), film.version_at("")] {
            let answer = second.get(&address).await;
            assert_eq!(answer.status, StatusCode::OK, "{address}");
            seen += &format!("{:?}{}", answer.headers, answer.json).to_lowercase();
        }
        let hidden = ["labelcanary", "firstcanary", "remarkcanary", "@studio.example", "firstcanary@secret.example"];
        for canary in hidden.into_iter().chain([link.1.to_lowercase().as_str(), "secret_hash", "passphrase", "epoch"]) {
            assert!(!seen.contains(canary), "{canary} in {seen}");
        }
        assert!(seen.contains("shorter"), "what the team decided is for everyone");

        let path = film.at(&format!("/shares/{}", link.0));
        owner.patch(&path, json!({"guests_see_each_other": true})).await;
        let decisions = second.get(&film.version_at("/decisions")).await.json;
        assert_eq!(decisions[0]["by"]["name"], "Firstcanary");
        assert_eq!(decisions[0]["email"], Value::Null, "an address is given to the studio only");
    }
}

#[tokio::test]
async fn a_guest_page_has_these_fields_and_no_others() {
    let server = TestServer::start().await;
    let mut owner = server.owner().await;
    let film = server.screening(&mut owner, "Brand").await;
    let link = film.share(&mut owner, all_rights(), json!({})).await;
    let mut dana = guest(&server, &link, "Dana").await;
    let page = dana.get("/api/guest").await.json;
    let fields = |value: &Value| value.as_object().expect("an object").keys().cloned().collect::<Vec<_>>().join(" ");
    assert_eq!(fields(&page), "counts me project reviewable rights share studio version versions");
    assert_eq!(fields(&page["project"]), "client id name");
    assert_eq!(fields(&page["reviewable"]), "brief id name");
    assert_eq!(fields(&page["reviewable"]["brief"]), "answer_by decision_maker ignore look_at stage");
    assert_eq!(fields(&page["share"]), "expires_at id");
    assert_eq!(fields(&page["me"]), "email id name");
    assert_eq!(fields(&page["versions"][0]), "current id number");
    assert_eq!(page["version"]["job"], Value::Null);
    assert_eq!(page["version"]["uploaded_by"]["name"], "Studio North");
    assert_eq!(fields(&page["version"]["media"]), "peaks poster proxies sprites");
    let version = dana.get(&film.version_at("")).await.json;
    assert_eq!(version, page["version"], "wherever a guest looks, the version is the same");
}

#[tokio::test]
async fn a_link_to_what_is_not_ready_opens_and_shows_no_version() {
    let server = TestServer::start().await;
    let mut owner = server.owner().await;
    let film = server.screening(&mut owner, "Brand").await;
    let empty = Screening { reviewable: server.reviewable(&film.project, "Trailer").await, ..film.clone() };
    let link = empty.share(&mut owner, all_rights(), json!({})).await;
    server.unready_version(&film.project, &empty.reviewable).await;
    let mut dana = guest(&server, &link, "Dana").await;
    let page = dana.get("/api/guest").await.json;
    assert_eq!((&page["version"], &page["versions"]), (&Value::Null, &json!([])));
    server.ready_version(&film.project, &empty.reviewable, "trailer").await;
    assert_eq!(dana.get("/api/guest").await.json["version"]["number"], 2);
}

#[tokio::test]
async fn the_team_learns_exactly_why_a_link_does_not_open() {
    for engine in engines() {
        let server = TestServer::start_on(engine, Storage::Local).await;
        let mut owner = server.owner().await;
        let film = server.screening(&mut owner, "Brand").await;
        let other = server.screening(&mut owner, "Other").await;
        let link = film.share(&mut owner, all_rights(), json!({})).await;
        let sibling = film.share(&mut owner, all_rights(), json!({"label": "The agency"})).await;
        let foreign = other.share(&mut owner, all_rights(), json!({})).await;
        guest(&server, &link, "Dana").await;
        let path = film.at(&format!("/shares/{}", link.0));
        let text = |id: &str, secret: &str| format!("https://review.studio.example/s/{id}#{secret}");
        let good = text(&link.0, &link.1);
        let cases = [
            (json!({"link": good}), "works"),
            (json!({"link": format!("  {}#{} ", link.0, link.1)}), "works"),
            (json!({"email": "Dana@secret.example"}), "works"),
            (json!({"email": "nobody@secret.example"}), "never_opened"),
            (json!({"link": text(&link.0, &sibling.1)}), "secret_wrong"),
            (json!({"link": &good[..good.len() - 4]}), "secret_wrong"),
            (json!({"link": good.split_once('#').expect("a secret").0}), "secret_missing"),
            (json!({"link": text(&sibling.0, &sibling.1)}), "other_link"),
            (json!({"link": text(&foreign.0, &foreign.1)}), "unknown"),
            (json!({"link": "https://example.org/"}), "unreadable"),
        ];
        for (form, code) in cases {
            let answer = owner.post(&format!("{path}/explain"), form.clone()).await.json;
            assert_eq!((&answer["code"], &answer["works"]), (&json!(code), &json!(code == "works")), "{form}");
        }
        assert_eq!(owner.post(&format!("{path}/explain"), json!({})).await.status, StatusCode::UNPROCESSABLE_ENTITY);

        let mut explain = async |form: Value| owner.post(&format!("{path}/explain"), form).await.json["code"].clone();
        server.sql("UPDATE version SET state = 'deleted'").await.expect("deleted");
        assert_eq!(explain(json!({"link": good})).await, "version_deleted");
        server.sql("UPDATE version SET state = 'ready'").await.expect("ready");
        server.sql("UPDATE share SET passphrase = 'hash'").await.expect("asked for");
        assert_eq!(explain(json!({"link": good})).await, "passphrase_needed");
        server.sql("UPDATE share SET epoch = 7").await.expect("renewed");
        assert_eq!(explain(json!({"email": "dana@secret.example"})).await, "renewed");
        server.sql("UPDATE share SET expires_at = 1").await.expect("expired");
        assert_eq!(explain(json!({"link": good})).await, "expired");
        server.sql("UPDATE share SET revoked_at = 1").await.expect("revoked");
        assert_eq!(explain(json!({"link": good})).await, "revoked");
    }
}

#[tokio::test]
async fn a_mail_scanner_that_follows_every_address_changes_nothing() {
    for engine in engines() {
        let server = TestServer::start_on(engine, Storage::Local).await;
        let mut owner = server.owner().await;
        let film = server.screening(&mut owner, "Brand").await;
        let link = film.share(&mut owner, all_rights(), json!({})).await;
        let mut dana = guest(&server, &link, "Dana").await;
        let invited = owner.post("/api/invitations", json!({"email": "ed@studio.example", "role": "editor"})).await;
        let token = invited.json["link"].as_str().expect("a link").split_once('#').expect("a token").1.to_owned();
        let state = async |owner: &mut Person| {
            let mut state = Vec::new();
            for address in
                [film.at("/shares"), film.version_at("/decisions"), film.version_at(""), "/api/invitations".into()]
            {
                state.push(owner.get(&address).await.json);
            }
            state
        };
        let before = state(&mut owner).await;
        let addresses = [
            format!("/s/{}", link.0),
            format!("/s/{}?secret={}", link.0, link.1),
            format!("/api/shares/{}/open", link.0),
            format!("/api/shares/{}/open?secret={}", link.0, link.1),
            "/api/guest".to_owned(),
            film.version_at("/decisions"),
            film.version_at(&format!("/decisions?outcome=approve&content_hash={}", film.hash)),
            film.version_at("/watched"),
            film.at(&format!("/shares/{}", link.0)),
            film.at(&format!("/shares/{}/renew-link", link.0)),
            "/invitation".to_owned(),
            format!("/invitation?token={token}"),
            format!("/api/invitations/accept?token={token}"),
            format!("/api/invitations/look-up?token={token}"),
        ];
        // A scanner without cookies, and one that sits in the browser of somebody who is in.
        for mut scanner in [server.visitor(), dana.clone(), owner.clone()] {
            for address in &addresses {
                for method in [Method::GET, Method::HEAD] {
                    scanner.send(scanner.request(method, address)).await;
                }
            }
        }
        assert_eq!(state(&mut owner).await, before);
        assert_eq!(dana.get("/api/guest").await.json["version"]["review"], "in_review");
        let accept = json!({"token": token, "name": "Ed", "password": "four unrelated words"});
        let accepted = server.visitor().post("/api/invitations/accept", accept).await;
        assert_eq!(accepted.status, StatusCode::CREATED, "the invitation still works");
    }
}

#[tokio::test]
async fn lists_and_the_stored_data_hold_no_secret() {
    let server = TestServer::start().await;
    let mut owner = server.owner().await;
    let film = server.screening(&mut owner, "Brand").await;
    let link = film.share(&mut owner, all_rights(), json!({"passphrase": "blue camera"})).await;
    let open = json!({"secret": link.1, "passphrase": "blue camera"});
    server.visitor().post(&format!("/api/shares/{}/open", link.0), open).await;
    for address in [film.at("/shares"), "/api/invitations".to_owned(), "/api/devices".to_owned()] {
        let text = owner.get(&address).await.json.to_string();
        for secret in [link.1.as_str(), "blue camera", "argon2", "secret_hash", "token_hash"] {
            assert!(!text.contains(secret), "{secret} in {address}");
        }
    }
    for file in ["picturelock.db", "picturelock.db-wal"] {
        let stored = std::fs::read(server.folder().join(file)).expect("the database");
        for secret in [link.1.as_bytes(), b"blue camera".as_slice()] {
            assert!(!stored.windows(secret.len()).any(|window| window == secret), "a secret in {file}");
        }
    }
}
