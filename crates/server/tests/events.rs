//! Live events: nothing is lost, nothing comes twice.

#[path = "common/notes.rs"]
mod notes;

use notes::{answer, quiet, write};
use picturelock_app::events;
use picturelock_domain::id::ProjectId;
use picturelock_testkit::{Listener, Person, Screening, TestServer, engines};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

#[tokio::test]
async fn the_team_hears_of_each_change_with_the_note_as_it_stands() {
    for engine in engines() {
        let server = quiet(engine).await;
        let mut owner = server.owner().await;
        let film = server.screening(&mut owner, "Brand").await;
        let mut listener = Listener::open(&owner, &film.at(""), None).await;
        let made = write(&mut owner, &film, "Hold the logo", "team").await;
        let created = listener.next().await.expect("an event");
        assert_eq!(created.json["kind"], "comment_created");
        assert_eq!(created.id, created.json["seq"].as_i64());
        assert_eq!(created.json["version_id"], *film.version);
        let mut expected = made.clone();
        expected["mine"] = json!(false);
        assert_eq!(created.json["comment"], expected);
        let path = film.at(&format!("/comments/{}", made["id"].as_str().expect("an id")));
        answer(&mut owner, &film, &made, "How long?", "team").await;
        owner.patch(&path, json!({"text": "Hold the logo longer"})).await;
        owner.post(&format!("{path}/resolve"), json!({})).await;
        owner.delete(&path).await;
        let heard = listener.take(4).await;
        let kinds: Vec<&Value> = heard.iter().map(|heard| &heard.json["kind"]).collect();
        let seqs: Vec<i64> = heard.iter().map(|heard| heard.id.expect("a number")).collect();
        assert_eq!(kinds[3], "comment_deleted");
        assert!(kinds[..3].iter().all(|kind| *kind == "comment_changed" || *kind == "comment_deleted"), "{kinds:?}");
        assert!(seqs.windows(2).all(|pair| pair[1] == pair[0] + 1), "{seqs:?}");
        assert_eq!(heard[3].json["comment_id"], made["id"]);
    }
}

#[tokio::test]
async fn a_storm_reaches_every_listener_once_and_in_order_even_across_restarts() {
    const WRITERS: usize = 4;
    const NOTES: usize = 40;
    for engine in engines() {
        let mut server = quiet(engine).await;
        let mut owner = server.owner().await;
        let film = server.screening(&mut owner, "Brand").await;
        let mut heard: Vec<i64> = Vec::new();
        let mut after = 0;
        for half in 0..2 {
            let mut owner = owner.moved_to(&server.base);
            let steady = Listener::open(&owner, &film.at(""), Some(after)).await;
            let storm = (0..WRITERS).map(|writer| {
                let (mut owner, film) = (owner.clone(), film.clone());
                async move {
                    for note in 0..NOTES {
                        write(&mut owner, &film, &format!("{half}/{writer}/{note}"), "everyone").await;
                    }
                }
            });
            // One listener drops its connection every few events and resumes.
            let broken = async {
                let (mut at, mut seqs) = (after, Vec::new());
                while seqs.len() < WRITERS * NOTES {
                    let mut listener = Listener::open(&owner, &film.at(""), Some(at)).await;
                    for heard in listener.take(WRITERS * NOTES / 8).await {
                        at = heard.id.expect("a number");
                        seqs.push(at);
                    }
                }
                seqs
            };
            let whole = async {
                let mut steady = steady;
                steady.take(WRITERS * NOTES).await.iter().map(|heard| heard.id.expect("a number")).collect::<Vec<_>>()
            };
            let (_, broken, whole) = tokio::join!(futures::future::join_all(storm), broken, whole);
            assert_eq!(broken, whole, "resuming neither loses nor repeats");
            after = *whole.last().expect("events");
            heard.extend(whole);
            write(&mut owner, &film, "between", "everyone").await;
            // Whoever listens while the server stops is let go, and finds the rest afterwards.
            let mut left = Listener::open(&owner, &film.at(""), Some(after)).await;
            assert_eq!(left.next().await.expect("the note").json["comment"]["text"], "between");
            server.restart().await;
            assert_eq!(left.next().await, None);
            let mut again = Listener::open(&owner.moved_to(&server.base), &film.at(""), Some(after)).await;
            let between = again.next().await.expect("the note");
            assert_eq!(between.json["comment"]["text"], "between");
            after = between.id.expect("a number");
            heard.push(after);
        }
        let first = heard[0];
        let expected: Vec<i64> = (first..first + heard.len() as i64).collect();
        assert_eq!(heard, expected, "no gap and no repetition");
        let mut owner = owner.moved_to(&server.base);
        let listed = owner.get(&film.version_at("/comments")).await.json;
        assert_eq!(listed.as_array().map(Vec::len), Some(2 * (WRITERS * NOTES + 1)));
    }
}

#[tokio::test]
async fn whoever_leaves_the_project_or_signs_out_hears_no_more() {
    let server = TestServer::start().await;
    let mut owner = server.owner().await;
    let film = server.screening(&mut owner, "Brand").await;
    let (mut editor, editor_id) = server.person(&mut owner, "editor").await;
    let member = film.at(&format!("/people/{editor_id}"));
    owner.put(&member, json!({})).await;
    let mut live = Listener::open(&editor, &film.at(""), None).await;
    owner.delete(&member).await;
    write(&mut owner, &film, "Among ourselves", "team").await;
    let ended = live.next().await.expect("an end");
    assert_eq!((ended.event.as_str(), live.next().await), ("ended", None));

    owner.put(&member, json!({})).await;
    let mut live = Listener::open(&editor, &film.at(""), None).await;
    let out = editor.clone().request(Method::DELETE, "/api/session");
    assert_eq!(editor.send(out).await.status, StatusCode::NO_CONTENT);
    let ended = live.next().await.expect("an end");
    assert_eq!((ended.event.as_str(), live.next().await), ("ended", None), "without any event to remind it");
}

#[test]
fn readers_of_any_pace_read_the_same_log_while_it_grows() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    for engine in engines() {
        let (server, owner, film) = runtime.block_on(async {
            let server = quiet(engine).await;
            let mut owner = server.owner().await;
            let film = server.screening(&mut owner, "Brand").await;
            (server, owner, film)
        });
        let mut runner = TestRunner::new(Config { cases: 12, failure_persistence: None, ..Config::default() });
        let paces = (prop::collection::vec(1_u32..7, 1..4), prop::collection::vec(1_usize..6, 1..5));
        let outcome = runner.run(&paces, |(pages, notes)| {
            let (first, logs) = runtime.block_on(read_while_written(&server, &owner, &film, &pages, &notes));
            let expected: Vec<i64> = (first + 1..=first + notes.iter().sum::<usize>() as i64).collect();
            for log in logs {
                prop_assert_eq!(&log, &expected, "in order, without gap or repetition");
            }
            Ok(())
        });
        outcome.unwrap_or_else(|error| panic!("{error}"));
        runtime.block_on(async { drop(server) });
    }
}

/// Writers write so many notes each while readers read, each so many events at once. Gives the number the log had
/// before, and the numbers each reader read.
async fn read_while_written(
    server: &TestServer,
    owner: &Person,
    film: &Screening,
    pages: &[u32],
    notes: &[usize],
) -> (i64, Vec<Vec<i64>>) {
    let app = server.app();
    let project: ProjectId = film.project.parse().expect("an id");
    let first = events::position(app, project).await.expect("a position");
    let all = notes.iter().sum::<usize>();
    let writers = notes.iter().map(|count| async move {
        for note in 0..*count {
            write(&mut owner.clone(), film, &format!("Note {note}"), "everyone").await;
        }
    });
    let readers = pages.iter().map(|page| async move {
        let mut read: Vec<i64> = Vec::new();
        while read.len() < all {
            let after = read.last().copied().unwrap_or(first);
            let changes = events::since(app, project, after, *page).await.expect("changes");
            read.extend(changes.iter().map(events::Change::seq));
            tokio::task::yield_now().await;
        }
        read
    });
    let (_, logs) = tokio::join!(futures::future::join_all(writers), futures::future::join_all(readers));
    (first, logs)
}

#[tokio::test]
async fn fifty_watchers_hear_the_same() {
    let server = TestServer::start().await;
    let mut owner = server.owner().await;
    let film = server.screening(&mut owner, "Brand").await;
    let opened = (0..50).map(|_| {
        let (owner, project) = (owner.clone(), film.at(""));
        async move { Listener::open(&owner, &project, None).await }
    });
    let listeners = futures::future::join_all(opened).await;
    for note in 0..20 {
        write(&mut owner, &film, &format!("Note {note}"), "everyone").await;
    }
    let heard = listeners.into_iter().map(|mut listener| async move { listener.take(20).await });
    let all = futures::future::join_all(heard).await;
    for heard in &all {
        let seqs: Vec<_> = heard.iter().map(|heard| heard.id).collect();
        assert_eq!(seqs, all[0].iter().map(|heard| heard.id).collect::<Vec<_>>());
    }
}

#[tokio::test]
async fn a_position_that_is_no_number_is_refused() {
    let server = TestServer::start().await;
    let mut owner = server.owner().await;
    let film = server.screening(&mut owner, "Brand").await;
    assert_eq!(owner.get(&film.at("/events?after=yesterday")).await.json["code"], "after");
}
