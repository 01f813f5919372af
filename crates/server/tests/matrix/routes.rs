//! The routes, as the API's document lists them.

use picturelock_domain::people::Action;
use serde_json::Value;

/// Who may come to a route's door.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Access {
    /// Anybody; the route proves what it needs itself.
    Public,
    /// Whom the rule allows this.
    Action(Action),
}

/// A route.
#[derive(Clone, Debug)]
pub struct Route {
    /// Such as `GET`.
    pub method: String,
    /// With names in braces.
    pub path: String,
    /// Those names, in order.
    pub params: Vec<String>,
    /// Who may come.
    pub access: Access,
}

impl Route {
    /// The route in a line.
    pub fn title(&self) -> String {
        let access = match &self.access {
            Access::Public => "public".to_owned(),
            Access::Action(action) => {
                serde_json::to_value(action).expect("a word").as_str().expect("a word").to_owned()
            }
        };
        format!("{} {} [{access}]", self.method, self.path)
    }

    /// Whether the address names a thing of this kind.
    pub fn has(&self, param: &str) -> bool {
        self.params.iter().any(|known| known == param)
    }

    /// The address with ids in place of names.
    pub fn address(&self, ids: &[String]) -> String {
        let fill = |path: String, (param, id): (&String, &String)| path.replace(&format!("{{{param}}}"), id);
        self.params.iter().zip(ids).fold(self.path.clone(), fill)
    }
}

/// Whether such a thing is of one project, so that it can be asked for under the address of another.
pub fn belongs_to_a_project(param: &str) -> bool {
    ["reviewable", "version", "comment", "share", "upload", "job"].contains(&param)
}

/// Every route, in the order of the document. A route without a word on who may come fails here.
pub fn all() -> Vec<Route> {
    let document = serde_json::to_value(picturelock_server::document()).expect("json");
    let mut routes = Vec::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            if !["get", "put", "post", "delete", "options", "head", "patch"].contains(&method.as_str()) {
                continue;
            }
            let access = access(operation).unwrap_or_else(|| panic!("{method} {path} does not say who may come"));
            let params =
                path.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name.to_owned());
            routes.push(Route { method: method.to_uppercase(), path: path.clone(), params: params.collect(), access });
        }
    }
    routes
}

fn access(operation: &Value) -> Option<Access> {
    match (operation.get("x-action"), operation.get("x-public")) {
        (Some(action), None) => serde_json::from_value(action.clone()).ok().map(Access::Action),
        (None, Some(Value::String(reason))) if !reason.is_empty() => Some(Access::Public),
        _ => None,
    }
}
