//! The authorisation matrix: every route, asked by everybody, about their own things, other people's, and both at once.
//!
//! Routes come from the API's own document, expectations from the one rule in the domain, and the outcome is kept in
//! `matrix.txt` beside this file's folder for people to read. A route that is new or behaves otherwise fails the test;
//! `UPDATE_MATRIX=1` writes the table anew once somebody has looked at the difference.

mod routes;
mod world;

use std::fmt::Write as _;

use picturelock_domain::people::{Action, Principal, Role, Standing, authorise};
use picturelock_domain::{Refusal, RefusalKind};
use picturelock_testkit::{Engine, engines};
use reqwest::StatusCode;
use serde_json::json;

use routes::{Access, Route};
use world::{Asker, Place, Tie, World};

/// What an answer says about permission.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Allowed,
    SignIn,
    Forbidden,
    Hidden,
    Gone,
}

impl Outcome {
    const fn word(self) -> &'static str {
        match self {
            Self::Allowed => "yes",
            Self::SignIn => "401",
            Self::Forbidden => "403",
            Self::Hidden => "404",
            Self::Gone => "410",
        }
    }

    fn of(rule: Result<(), Refusal>) -> Self {
        match rule.map_err(|refusal| refusal.kind) {
            Ok(()) => Self::Allowed,
            Err(RefusalKind::Unauthenticated) => Self::SignIn,
            Err(RefusalKind::NotFound) => Self::Hidden,
            Err(_) => Self::Forbidden,
        }
    }
}

#[tokio::test]
async fn every_route_answers_everybody_as_the_rule_says() {
    for engine in engines() {
        compare(&table(engine).await);
    }
}

/// The table, made by asking.
async fn table(engine: Engine) -> String {
    let mut world = World::new(engine).await;
    let mut askers = std::mem::take(&mut world.askers);
    let mut table = heading(&askers);
    let mut wrong = Vec::new();
    for route in routes::all() {
        let mut line = route.title();
        let (mut own, mut foreign) = (String::new(), String::new());
        for asker in &mut askers {
            let ids = ids(&world, &route, &world.own, asker).await;
            let outcome = ask(&route, asker, &ids).await;
            sign_in_again(&route, asker).await;
            if outcome != expected_own(&route, asker) {
                wrong.push(format!("{} as {}: {outcome:?}", route.title(), asker.name));
            }
            let _ = write!(own, " {:<10}", outcome.word());
            if let Some(outcome) = elsewhere(&world, &route, asker, &mut wrong).await {
                let _ = write!(foreign, " {:<10}", outcome.word());
            }
        }
        let _ = write!(line, "\n    own    {}\n", own.trim_end());
        if !foreign.is_empty() {
            let _ = writeln!(line, "    foreign{}", foreign.trim_end());
        }
        table.push_str(&line);
    }
    assert!(wrong.is_empty(), "the rule says otherwise:\n{}", wrong.join("\n"));
    table
}

#[tokio::test]
async fn a_device_of_somebody_else_is_hidden_even_from_the_owner() {
    let world = World::new(Engine::Sqlite).await;
    let named = |name: &str| world.askers.iter().find(|asker| asker.name == name).expect("somebody");
    let (owner, editor) = (named("owner"), named("editor"));
    for (asker, other) in [(owner, editor), (editor, owner)] {
        let session = world.id("session", &world.own, other, true).await;
        let path = format!("/api/devices/{session}");
        assert_eq!(asker.person.clone().delete(&path).await.status, StatusCode::NOT_FOUND);
        assert_eq!(other.person.clone().delete(&path).await.status, StatusCode::NO_CONTENT);
    }
}

/// Asks about another project's things, then about every mixture of both projects: a thing of one under the address of
/// the other. Gives the outcome for another project; mixtures are always hidden.
async fn elsewhere(world: &World, route: &Route, asker: &Asker, wrong: &mut Vec<String>) -> Option<Outcome> {
    if !route.has("project") || route.access == Access::Public {
        return None;
    }
    let own = ids(world, route, &world.own, asker).await;
    let foreign = ids(world, route, &world.foreign, asker).await;
    let outcome = ask(route, asker, &foreign).await;
    if outcome != expected_foreign(route, asker) {
        wrong.push(format!("{} as {}, foreign: {outcome:?}", route.title(), asker.name));
    }
    for (at, param) in route.params.iter().enumerate().filter(|(_, param)| routes::belongs_to_a_project(param)) {
        for (base, other) in [(&own, &foreign), (&foreign, &own)] {
            let mut mixed = base.clone();
            mixed[at] = other[at].clone();
            let outcome = ask(route, asker, &mixed).await;
            if outcome != hidden(asker) {
                wrong.push(format!("{} as {}, {param} mixed: {outcome:?}", route.title(), asker.name));
            }
        }
    }
    Some(outcome)
}

/// What hides a thing from somebody: whoever is nobody is asked to sign in, whoever held a link hears that it ended.
fn hidden(asker: &Asker) -> Outcome {
    match (asker.principal, asker.tie) {
        (Principal::Anonymous, _) => Outcome::SignIn,
        (_, Tie::RevokedLink) => Outcome::Gone,
        (Principal::Account { .. } | Principal::Guest { .. } | Principal::Operator, _) => Outcome::Hidden,
    }
}

fn expected_own(route: &Route, asker: &Asker) -> Outcome {
    let Access::Action(action) = route.access else { return Outcome::Allowed };
    match (action, asker.principal) {
        (Action::UseAccount, Principal::Guest { .. }) | (Action::UseLink, Principal::Account { .. }) => {
            return Outcome::SignIn;
        }
        _ => {}
    }
    if asker.tie == Tie::RevokedLink {
        return Outcome::Gone;
    }
    let standing = match (asker.principal, asker.tie) {
        (Principal::Guest { .. }, _) if route.params.is_empty() => Standing::Shared,
        (Principal::Guest { .. }, tie) if route.has("project") => {
            let unseen = ["share", "upload", "job"].iter().any(|param| route.has(param));
            let of_film = ["reviewable", "version", "comment"].iter().any(|param| route.has(param));
            if unseen || (of_film && tie == Tie::OtherLink) { Standing::NotShared } else { Standing::Shared }
        }
        (_, _) if !route.has("project") => Standing::Studio,
        (Principal::Account { .. }, Tie::Member) => Standing::Member,
        (Principal::Account { .. }, _) => Standing::Stranger,
        (Principal::Anonymous | Principal::Guest { .. } | Principal::Operator, _) => Standing::NotShared,
    };
    Outcome::of(authorise(&asker.principal, standing, action))
}

fn expected_foreign(route: &Route, asker: &Asker) -> Outcome {
    let Access::Action(action) = route.access else { return Outcome::Allowed };
    match asker.principal {
        // Owners see every project of their studio.
        Principal::Account { role: Role::Owner, .. } => {
            Outcome::of(authorise(&asker.principal, Standing::Stranger, action))
        }
        Principal::Account { .. } | Principal::Guest { .. } | Principal::Anonymous | Principal::Operator => {
            hidden(asker)
        }
    }
}

async fn ids(world: &World, route: &Route, place: &Place, asker: &Asker) -> Vec<String> {
    let mut ids = Vec::with_capacity(route.params.len());
    for param in &route.params {
        // The last thing a deleting address names is gone afterwards.
        let spend = route.method == "DELETE" && route.params.last() == Some(param);
        ids.push(world.id(param, place, asker, spend).await);
    }
    ids
}

async fn ask(route: &Route, asker: &Asker, ids: &[String]) -> Outcome {
    let method = route.method.parse().expect("a method");
    let mut request = asker.person.request(method, &route.address(ids));
    if ["POST", "PUT", "PATCH"].contains(&route.method.as_str()) {
        request = request.json(&json!({}));
    }
    let answer = request.send().await.expect("an answer");
    match answer.status() {
        StatusCode::UNAUTHORIZED if route.access != Access::Public => Outcome::SignIn,
        StatusCode::FORBIDDEN => Outcome::Forbidden,
        StatusCode::GONE => Outcome::Gone,
        StatusCode::NOT_FOUND if route.access != Access::Public => {
            // A route may miss something of its own, such as a picture that was not made yet; permission is not that.
            let text = answer.text().await.unwrap_or_default();
            let by_the_door = ["no such page", "no such project"].iter().any(|words| text.contains(words));
            if by_the_door || route.method == "HEAD" { Outcome::Hidden } else { Outcome::Allowed }
        }
        StatusCode::INTERNAL_SERVER_ERROR => panic!("{} failed: {:?}", route.title(), answer.text().await),
        _ => Outcome::Allowed,
    }
}

/// Signs in again whom the request has signed out.
async fn sign_in_again(route: &Route, asker: &mut Asker) {
    if let ("DELETE", "/api/session", Some(email)) = (route.method.as_str(), route.path.as_str(), &asker.email) {
        let form = json!({"email": email, "password": "four unrelated words"});
        assert_eq!(asker.person.post("/api/session", form).await.status, StatusCode::OK);
    }
}

fn heading(askers: &[Asker]) -> String {
    let names: String = askers.iter().map(|asker| format!(" {:<10}", asker.name)).collect();
    format!(
        "Who may ask what. Generated by tests/matrix; written anew with UPDATE_MATRIX=1.\n\n\
         own      things of a project the person belongs to or has a link to (the stranger does not)\n\
         foreign  things of another project; mixtures of both projects are always hidden\n\
         yes      let in; 401 asked to sign in; 403 told they may not; 404 told there is nothing; 410 told the link ended\n\n\
         {:<10} {}\n",
        "",
        names.trim_end()
    )
}

fn compare(table: &str) {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/matrix.txt");
    if std::env::var_os("UPDATE_MATRIX").is_some() {
        std::fs::write(path, table).expect("written");
    }
    let known = std::fs::read_to_string(path).unwrap_or_default();
    let changed: Vec<&str> = table.lines().filter(|line| !known.lines().any(|other| other == *line)).collect();
    assert!(known == table, "not as in matrix.txt (look, then UPDATE_MATRIX=1):\n{}", changed.join("\n"));
}
