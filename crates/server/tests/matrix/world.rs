//! Two projects with one of everything, and everybody who might ask for it.

use picturelock_app::files;
use picturelock_domain::id::{GuestId, ShareId, UserId};
use picturelock_domain::people::{Principal, Role};
use picturelock_domain::share::Rights;
use picturelock_testkit::{Engine, Person, Screening, Storage, TestServer};
use serde_json::json;
use uuid::Uuid;

/// Somebody who asks.
pub struct Asker {
    /// As the table names them.
    pub name: &'static str,
    /// Their browser.
    pub person: Person,
    /// Who they are to the rule.
    pub principal: Principal,
    /// How they came to the project.
    pub tie: Tie,
    /// The address they sign in with.
    pub email: Option<String>,
}

/// How somebody came to the project.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tie {
    /// Not at all.
    None,
    /// As one of its people.
    Member,
    /// By a link to the reviewable.
    Link,
    /// By a link to another reviewable of the project.
    OtherLink,
    /// By a link that was revoked.
    RevokedLink,
}

/// A project with one of everything.
pub struct Place {
    /// Its film.
    pub film: Screening,
    /// A share link nobody uses.
    pub share: String,
    /// A finished job.
    pub job: String,
}

/// Everything there is.
pub struct World {
    /// The server.
    pub server: TestServer,
    /// The owner's account.
    pub owner: String,
    /// The project people belong to.
    pub own: Place,
    /// A project they do not belong to.
    pub foreign: Place,
    /// Those who ask.
    pub askers: Vec<Asker>,
}

impl World {
    /// Makes everything.
    pub async fn new(engine: Engine) -> Self {
        let server = TestServer::start_on(engine, Storage::Local).await;
        let mut owner = server.owner().await;
        let owner_id = user_of(&mut owner).await;
        let own = place(&server, &mut owner, "Own").await;
        let foreign = place(&server, &mut owner, "Foreign").await;
        let mut world = Self { server, owner: owner_id, own, foreign, askers: Vec::new() };
        world.add_accounts(owner.clone()).await;
        world.add_guests(owner).await;
        world
    }

    async fn add_accounts(&mut self, mut owner: Person) {
        let anonymous = self.server.visitor();
        self.askers.push(Asker {
            name: "anonymous",
            person: anonymous,
            principal: Principal::Anonymous,
            tie: Tie::None,
            email: None,
        });
        let owner_account = account("owner", owner.clone(), Role::Owner, Tie::Member).await;
        self.askers.push(owner_account);
        for (name, role, tie) in [
            ("producer", Role::Producer, Tie::Member),
            ("editor", Role::Editor, Tie::Member),
            ("specialist", Role::Specialist, Tie::Member),
            ("assistant", Role::Assistant, Tie::Member),
            ("stranger", Role::Editor, Tie::None),
        ] {
            let word = serde_json::to_value(role).expect("a word");
            let (person, id) = self.server.person(&mut owner, word.as_str().expect("a word")).await;
            if tie == Tie::Member {
                owner.put(&self.own.film.at(&format!("/people/{id}")), json!({})).await;
            }
            self.askers.push(account(name, person, role, tie).await);
        }
    }

    async fn add_guests(&mut self, mut owner: Person) {
        let nothing = Rights { comment: false, decide: false, download: false };
        let all = Rights { comment: true, decide: true, download: true };
        let film = &self.own.film;
        let trailer = self.server.reviewable(&film.project, "Trailer").await;
        self.server.ready_version(&film.project, &trailer, "trailer").await;
        let trailer = Screening { reviewable: trailer, ..film.clone() };
        for (name, film, rights, named, tie) in [
            ("watcher", film, nothing, true, Tie::Link),
            ("guest", film, all, true, Tie::Link),
            ("unnamed", film, all, false, Tie::Link),
            ("elsewhere", &trailer, all, true, Tie::OtherLink),
            ("revoked", film, all, true, Tie::RevokedLink),
        ] {
            let (share, secret) = film.share(&mut owner, json!(rights), json!({})).await;
            let mut person = self.server.visitor();
            person.post(&format!("/api/shares/{share}/open"), json!({"secret": secret})).await;
            let page = match named {
                true => person.put("/api/guest", json!({"name": name, "email": ""})).await.json,
                false => person.get("/api/guest").await.json,
            };
            let guest = page["me"]["id"].as_str().map_or(Uuid::nil(), |id| id.parse().expect("an id"));
            if tie == Tie::RevokedLink {
                owner.delete(&film.at(&format!("/shares/{share}"))).await;
            }
            let share: ShareId = share.parse().expect("an id");
            let principal = Principal::Guest { guest: GuestId::from_uuid(guest), share, rights, named };
            self.askers.push(Asker { name, person, principal, tie, email: None });
        }
    }

    /// The id an address gets in place of `param` when it means something of `place`. What a request may use up is
    /// made anew for it.
    pub async fn id(&self, param: &str, place: &Place, asker: &Asker, spend: bool) -> String {
        let film = &place.film;
        match param {
            "project" => film.project.clone(),
            "reviewable" => film.reviewable.clone(),
            "version" if spend => self.server.ready_version(&film.project, &film.reviewable, "spent").await.0,
            "version" => film.version.clone(),
            "share" if spend => self.share_row(film).await,
            "share" => place.share.clone(),
            "job" => place.job.clone(),
            "comment" => self.comment_row(film, asker).await,
            "upload" => self.upload_row(film, asker).await,
            "user" => self.account_row(film).await,
            "session" => self.session_row(asker).await,
            "invitation" => self.invitation_row().await,
            "name" => "poster.jpg".to_owned(),
            "format" => "csv".to_owned(),
            unknown => panic!("no id for {{{unknown}}}: teach the matrix what it is"),
        }
    }

    async fn row(&self, id: Uuid, sql: String) -> String {
        self.server.sql(&sql).await.expect("a row");
        id.to_string()
    }

    async fn share_row(&self, film: &Screening) -> String {
        let id = Uuid::now_v7();
        let sql = format!(
            "INSERT INTO share (id, project_id, reviewable_id, label, secret_hash, can_comment, can_decide,
                 can_download, guests_see_each_other, created_by, created_at)
             VALUES ('{id}', '{}', '{}', 'Spent', '', 0, 0, 0, 0, '{}', 1)",
            film.project, film.reviewable, self.owner
        );
        self.row(id, sql).await
    }

    async fn comment_row(&self, film: &Screening, asker: &Asker) -> String {
        let id = Uuid::now_v7();
        let (kind, author) = match asker.principal {
            // Nobody writes before they give a name; what they see then is the team's.
            Principal::Guest { named: false, .. } | Principal::Anonymous | Principal::Operator => {
                ("account", self.owner.clone())
            }
            Principal::Guest { guest, .. } => ("guest", guest.to_string()),
            Principal::Account { user, .. } => ("account", user.to_string()),
        };
        let sql = format!(
            "INSERT INTO comment (id, project_id, version_id, author_kind, author_id, author_name, first_frame,
                 last_frame, body, kind, audience, status, client_key, created_at)
             VALUES ('{id}', '{}', '{}', '{kind}', '{author}', 'Somebody', 1, 1, 'words', 'change', 'everyone', 'open',
                 '{id}', 1)",
            film.project, film.version
        );
        self.row(id, sql).await
    }

    async fn upload_row(&self, film: &Screening, asker: &Asker) -> String {
        let id = Uuid::now_v7();
        let user = match asker.principal {
            Principal::Account { user, .. } => user.to_string(),
            Principal::Guest { .. } | Principal::Anonymous | Principal::Operator => self.owner.clone(),
        };
        let key = files::upload(id).expect("a key");
        let parts = self.server.app().store.begin_parts(&key).await.expect("an upload").0;
        let sql = format!(
            "INSERT INTO upload (id, project_id, user_id, file_name, relative_path, stage, fingerprint, bytes, received,
                 part_size, parts, blob_key, created_at, expires_at)
             VALUES ('{id}', '{}', '{user}', 'a.mov', '', 'fine_cut', '{id}', 10, 0, 10, '{parts}', '{key}', 1,
                 4000000000000000)",
            film.project
        );
        self.row(id, sql).await
    }

    async fn account_row(&self, film: &Screening) -> String {
        let id = Uuid::now_v7();
        let sql = format!(
            "INSERT INTO account (id, name, email, role, password, created_at)
             VALUES ('{id}', 'Somebody', '{id}@studio.example', 'editor', '', 1);
             INSERT INTO member (project_id, user_id, added_at) VALUES ('{}', '{id}', 1)",
            film.project
        );
        self.row(id, sql).await
    }

    async fn session_row(&self, asker: &Asker) -> String {
        let id = Uuid::now_v7();
        let user = match asker.principal {
            Principal::Account { user, .. } => user.to_string(),
            Principal::Guest { .. } | Principal::Anonymous | Principal::Operator => self.owner.clone(),
        };
        let sql = format!(
            "INSERT INTO session (id, token_hash, user_id, user_agent, created_at, last_seen_at, expires_at)
             VALUES ('{id}', '{id}', '{user}', 'other', 1, 1, 4000000000000000)"
        );
        self.row(id, sql).await
    }

    async fn invitation_row(&self) -> String {
        let id = Uuid::now_v7();
        let sql = format!(
            "INSERT INTO invitation (id, secret_hash, email, role, invited_by, created_at, expires_at)
             VALUES ('{id}', '', '{id}@studio.example', 'editor', '{}', 1, 4000000000000000)",
            self.owner
        );
        self.row(id, sql).await
    }
}

async fn place(server: &TestServer, owner: &mut Person, name: &str) -> Place {
    let film = server.screening(owner, name).await;
    let (share, _) = film.share(owner, json!({"comment": false, "decide": false, "download": false}), json!({})).await;
    let job = Uuid::now_v7();
    let payload = json!({"kind": "process_version", "version": film.version});
    let sql = format!(
        "INSERT INTO job (id, kind, project_id, version_id, subject, payload, class, priority, shown, state, run_after,
             unique_key, created_at, updated_at)
         VALUES ('{job}', 'process_version', '{}', '{}', 'a.mov',
             '{payload}', 'media', 1, 1, 'done', 1, '{job}', 1, 1)",
        film.project, film.version
    );
    server.sql(&sql).await.expect("a job");
    Place { film, share, job: job.to_string() }
}

async fn account(name: &'static str, mut person: Person, role: Role, tie: Tie) -> Asker {
    let me = person.get("/api/session").await.json;
    let user: UserId = me["user"]["id"].as_str().expect("an id").parse().expect("an id");
    let email = me["user"]["email"].as_str().map(str::to_owned);
    Asker { name, person, principal: Principal::Account { user, role }, tie, email }
}

async fn user_of(person: &mut Person) -> String {
    person.get("/api/session").await.json["user"]["id"].as_str().expect("an id").to_owned()
}
