//! The job table and the worker loop, on every engine.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp};
use picturelock_app::App;
use picturelock_app::jobs::{self, Slots, Work};
use picturelock_db::jobs::{Class, State};
use picturelock_db::leases::{self, Standing};
use picturelock_domain::id::{JobId, ProjectId, VersionId};
use picturelock_server::{Options, Workers};
use picturelock_testkit::{
    Engine, Person, Storage, TestServer, add_reviewable, add_version, clip, engines, eventually,
};
use reqwest::StatusCode;
use serde_json::json;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

const LEASE: SignedDuration = SignedDuration::from_secs(30);

/// A server that leaves the queue to the test, its owner and a project.
async fn idle(engine: Engine) -> (TestServer, Person, ProjectId) {
    let server = TestServer::start_with(engine, Storage::Local, Workers::Exactly(0)).await;
    let mut owner = server.owner().await;
    let made = owner.post("/api/projects", json!({"name": "Film", "client": "Acme"})).await;
    let project = made.json["id"].as_str().expect("an id").parse().expect("an id");
    (server, owner, project)
}

/// Work that is about nothing in particular.
async fn ask(app: &App, project: ProjectId, now: Timestamp) -> JobId {
    let work = Work::MakeSample {
        reviewable: picturelock_domain::id::ReviewableId::from_uuid(Uuid::now_v7()),
        owner: picturelock_domain::id::UserId::from_uuid(Uuid::now_v7()),
    };
    let mut tx = app.db.write().await.expect("a transaction");
    let id = jobs::enqueue(&mut tx, project, "nothing", &work, now).await.expect("a job");
    tx.commit().await.expect("a commit");
    id
}

async fn claim(app: &App, worker: &str, now: Timestamp) -> Option<leases::Lease> {
    let mut tx = app.db.write().await.expect("a transaction");
    let claimed = leases::claim(&mut tx, worker, Class::Media, now, now + LEASE).await.expect("a claim");
    tx.commit().await.expect("a commit");
    claimed.map(|(_, lease)| lease)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn eight_workers_take_two_hundred_jobs_once_each() {
    for engine in engines() {
        let (server, _owner, project) = idle(engine).await;
        let app = server.app().clone();
        let now = Timestamp::now();
        for _ in 0..200 {
            ask(&app, project, now).await;
        }
        let workers = (0..8).map(|worker| {
            let app = app.clone();
            tokio::spawn(async move {
                let mut taken = Vec::new();
                while let Some(lease) = claim(&app, &format!("worker {worker}"), now).await {
                    let mut tx = app.db.write().await.expect("a transaction");
                    assert!(leases::finish(&mut tx, &lease, now).await.expect("an answer"));
                    tx.commit().await.expect("a commit");
                    taken.push(lease.job);
                }
                taken
            })
        });
        let mut times: BTreeMap<JobId, u32> = BTreeMap::new();
        for taken in futures::future::join_all(workers).await {
            taken.expect("a worker").into_iter().for_each(|job| *times.entry(job).or_default() += 1);
        }
        assert_eq!(times.len(), 200);
        assert!(times.values().all(|&count| count == 1));
    }
}

#[tokio::test]
async fn an_expired_lease_is_taken_over_and_the_late_worker_refused() {
    for engine in engines() {
        let (server, _owner, project) = idle(engine).await;
        let app = server.app();
        let now = Timestamp::now();
        ask(app, project, now).await;
        let slow = claim(app, "slow", now).await.expect("a job");
        assert!(claim(app, "other", now + LEASE).await.is_none(), "the lease still holds");
        let later = now + LEASE + SignedDuration::from_millis(1);
        let other = claim(app, "other", later).await.expect("the same job");
        assert_eq!((other.job, other.attempt), (slow.job, slow.attempt + 1));

        let mut tx = app.db.write().await.expect("a transaction");
        assert!(!leases::renew(&mut tx, &slow, later + LEASE).await.expect("an answer"));
        assert!(!leases::progress(&mut tx, &slow, 999, "late", later).await.expect("an answer"));
        assert!(!leases::fail(&mut tx, &slow, "late", later).await.expect("an answer"));
        assert!(!leases::put_off(&mut tx, &slow, "late", later, later).await.expect("an answer"));
        assert!(!leases::finish(&mut tx, &slow, later).await.expect("an answer"));
        assert_eq!(leases::standing(&mut tx, &slow).await.expect("an answer"), Standing::Lost);
        assert_eq!(leases::standing(&mut tx, &other).await.expect("an answer"), Standing::Held);
        assert!(leases::finish(&mut tx, &other, later).await.expect("an answer"));
    }
}

#[tokio::test]
async fn work_asked_for_in_a_transaction_that_fails_was_never_asked_for() {
    for engine in engines() {
        let (server, _owner, project) = idle(engine).await;
        let app = server.app();
        let now = Timestamp::now();
        let work = Work::DeleteFiles { version: VersionId::from_uuid(Uuid::now_v7()) };
        let reviewable = add_reviewable(app, project).await;
        let file = server.folder().join("notes.txt");
        std::fs::write(&file, "not a film").expect("a file");
        let version = add_version(app, project, reviewable, &file).await;
        let mut tx = app.db.write().await.expect("a transaction");
        let refused = jobs::enqueue(&mut tx, project, "x", &work, now).await;
        assert!(refused.is_err(), "there is no such version");
        drop(tx);
        let work = Work::DeleteFiles { version };
        let mut tx = app.db.write().await.expect("a transaction");
        let dropped = jobs::enqueue(&mut tx, project, "x", &work, now).await.expect("a job");
        drop(tx);
        let mut tx = app.db.write().await.expect("a transaction");
        assert!(picturelock_db::jobs::by_id(&mut tx, dropped).await.expect("an answer").is_none());
        let first = jobs::enqueue(&mut tx, project, "x", &work, now).await.expect("a job");
        let again = jobs::enqueue(&mut tx, project, "x", &work, now).await.expect("a job");
        assert_eq!(first, again, "the same work is one job");
    }
}

#[tokio::test]
async fn a_waiting_job_is_cancelled_and_tried_again() {
    for engine in engines() {
        let (server, mut owner, project) = idle(engine).await;
        let app = server.app();
        let reviewable = add_reviewable(app, project).await;
        let file = server.folder().join("notes.txt");
        std::fs::write(&file, "not a film").expect("a file");
        let version = add_version(app, project, reviewable, &file).await;
        let listed = owner.get("/api/jobs").await.json;
        assert_eq!(listed[0]["kind"], "process_version");
        assert_eq!(listed[0]["subject"], "notes.txt");
        assert_eq!(listed[0]["cancellable"], true);
        let path = format!("/api/projects/{project}/jobs/{}", listed[0]["id"].as_str().expect("an id"));
        let cancelled = owner.post(&format!("{path}/cancel"), json!({})).await;
        assert_eq!((cancelled.status, &cancelled.json["state"]), (StatusCode::OK, &json!("cancelled")));
        let again = owner.post(&format!("{path}/cancel"), json!({})).await;
        assert_eq!(again.json["code"], "job_ended");
        let mut tx = app.db.read().await.expect("a transaction");
        let stored = picturelock_db::versions::get(&mut tx, version).await.expect("an answer").expect("a version");
        assert!(format!("{:?}", stored.state).contains("cancelled"), "{:?}", stored.state);
        drop(tx);

        let retried = owner.post(&format!("{path}/retry"), json!({})).await;
        assert_eq!((retried.status, &retried.json["state"]), (StatusCode::OK, &json!("queued")));
        assert_eq!(owner.post(&format!("{path}/retry"), json!({})).await.json["code"], "job_going_on");
        let (mut assistant, id) = server.person(&mut owner, "assistant").await;
        assert_eq!(assistant.get(&format!("/api/projects/{project}/jobs")).await.status, StatusCode::NOT_FOUND);
        owner.put(&format!("/api/projects/{project}/people/{id}"), json!({})).await;
        assert_eq!(
            assistant.get(&format!("/api/projects/{project}/jobs")).await.json.as_array().map(Vec::len),
            Some(1)
        );
        assert_eq!(assistant.post(&format!("{path}/cancel"), json!({})).await.status, StatusCode::FORBIDDEN);
    }
}

#[tokio::test]
async fn what_a_dead_worker_left_is_taken_up_again() {
    for engine in engines() {
        let (server, _owner, project) = idle(engine).await;
        let app = server.app().clone();
        let reviewable = add_reviewable(&app, project).await;
        let film = clip(server.folder(), 1, 0);

        // One worker's folder tells that it is dead: its job goes on at once.
        let version = add_version(&app, project, reviewable, &film).await;
        let dead = app.settings.scratch.join("worker-dead");
        std::fs::create_dir_all(dead.join("task-x")).expect("a folder");
        std::fs::write(dead.join("lock"), "").expect("a lock");
        claim(&app, "worker-dead", Timestamp::now()).await.expect("a job");
        let stop = CancellationToken::new();
        let slots = Slots { media: 1, light: 1 };
        let working = tokio::spawn(jobs::run(app.clone(), slots, Arc::new(Timestamp::now), stop.clone()));
        ready(&app, version).await;
        assert!(!dead.exists(), "the dead worker's folder is gone");
        stop.cancel();
        working.await.expect("a worker").expect("a good end");

        // Another is never heard of again: its lease runs out.
        let version = add_version(&app, project, reviewable, &clip(server.folder(), 1, 90)).await;
        claim(&app, "elsewhere", Timestamp::now()).await.expect("a job");
        let ahead = Arc::new(AtomicI64::new(0));
        let shift = ahead.clone();
        let clock = Arc::new(move || Timestamp::now() + SignedDuration::from_secs(shift.load(Ordering::Relaxed)));
        let stop = CancellationToken::new();
        let working = tokio::spawn(jobs::run(app.clone(), slots, clock, stop.clone()));
        ahead.store(31, Ordering::Relaxed);
        ready(&app, version).await;
        stop.cancel();
        working.await.expect("a worker").expect("a good end");
        let left = std::fs::read_dir(&app.settings.scratch).expect("a folder").count();
        assert_eq!(left, 0, "nothing is left behind");
    }
}

#[tokio::test]
async fn a_worker_that_leaves_hands_its_job_back_and_a_running_job_is_cancelled() {
    let (server, mut owner, project) = idle(Engine::Sqlite).await;
    let app = server.app().clone();
    let reviewable = add_reviewable(&app, project).await;
    let version = add_version(&app, project, reviewable, &clip(server.folder(), 240, 0)).await;
    let slots = Slots { media: 1, light: 1 };
    let clock: jobs::Clock = Arc::new(Timestamp::now);

    let stop = CancellationToken::new();
    let working = tokio::spawn(jobs::run(app.clone(), slots, clock.clone(), stop.clone()));
    let begun = |job: picturelock_db::jobs::Job| (job.state == State::Running && job.progress > 200).then_some(job);
    eventually("proxies are being made", async || begun(job_of(&app, version).await)).await;
    stop.cancel();
    working.await.expect("a worker").expect("a good end");
    let job = job_of(&app, version).await;
    assert_eq!((job.state, job.interruptions, job.failures), (State::Queued, 0, 0));

    let stop = CancellationToken::new();
    let working = tokio::spawn(jobs::run(app.clone(), slots, clock, stop.clone()));
    eventually("proxies are being made again", async || begun(job_of(&app, version).await)).await;
    let asked = owner.post(&format!("/api/projects/{project}/jobs/{}/cancel", job.id), json!({})).await;
    assert_eq!((&asked.json["state"], &asked.json["cancellable"]), (&json!("running"), &json!(false)));
    let ended = async || Some(job_of(&app, version).await).filter(|job| job.state == State::Cancelled);
    eventually("the running job is cancelled", ended).await;
    stop.cancel();
    working.await.expect("a worker").expect("a good end");
    assert_eq!(std::fs::read_dir(&app.settings.scratch).expect("a folder").count(), 0, "nothing is left behind");
}

#[tokio::test]
async fn a_worker_elsewhere_does_the_work_and_the_server_hears_of_it() {
    for engine in engines().into_iter().filter(|engine| *engine == Engine::Postgres) {
        let (server, _owner, project) = idle(engine).await;
        let app = server.app();
        let reviewable = add_reviewable(app, project).await;
        let options = Options { workers: Workers::Exactly(1), ..server.options() };
        let node = picturelock_server::work(&options).await.expect("a worker");
        let mut heard = app.bell.listen();
        let mut heard_there = node.app.bell.listen();
        let version = add_version(app, project, reviewable, &clip(server.folder(), 1, 0)).await;
        ready(app, version).await;
        // The server's own ring is the first; what comes after it is the worker's.
        let rings = async {
            for _ in 0..3 {
                assert_eq!(heard.recv().await.expect("a ring"), project);
            }
        };
        tokio::time::timeout(std::time::Duration::from_secs(60), rings).await.expect("the worker's rings are heard");
        assert_eq!(heard_there.recv().await.expect("a ring"), project);
        node.stop().await;
    }
}

async fn job_of(app: &App, version: VersionId) -> picturelock_db::jobs::Job {
    let mut tx = app.db.read().await.expect("a transaction");
    let job = picturelock_db::jobs::of_version(&mut tx, version, Work::PROCESS_VERSION).await;
    job.expect("an answer").expect("a job")
}

async fn ready(app: &App, version: VersionId) {
    eventually("the version is ready", async || {
        let job = job_of(app, version).await;
        assert_ne!(job.state, State::Failed, "{job:?}");
        (job.state == State::Done).then_some(())
    })
    .await;
}
