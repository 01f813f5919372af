//! Session cookies: one for accounts, one for guests, so that a producer can try a guest's link.

use axum::http::{HeaderMap, HeaderValue, header};

/// Whose session a cookie carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Jar {
    /// An account's.
    Account,
    /// A guest's.
    Guest,
}

/// Whether cookies may travel over plain HTTP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// HTTPS, or this very machine: browsers treat both as safe.
    Secure,
    /// Plain HTTP on a local network, chosen by the operator.
    Plain,
}

impl Transport {
    const fn name(self, jar: Jar) -> &'static str {
        match (self, jar) {
            (Self::Secure, Jar::Account) => "__Host-picturelock",
            (Self::Secure, Jar::Guest) => "__Host-picturelock-guest",
            (Self::Plain, Jar::Account) => "picturelock",
            (Self::Plain, Jar::Guest) => "picturelock-guest",
        }
    }

    /// The header that hands out a session for `seconds`; zero takes it back.
    pub fn set(self, jar: Jar, token: &str, seconds: u64) -> HeaderValue {
        let secure = match self {
            Self::Secure => "; Secure",
            Self::Plain => "",
        };
        let text = format!("{}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}", self.name(jar));
        HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""))
    }

    /// The session a request carries in `jar`.
    pub fn token(self, jar: Jar, headers: &HeaderMap) -> Option<String> {
        let name = self.name(jar);
        headers
            .get_all(header::COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(key, value)| *key == name && value.len() <= 64)
            .map(|(_, value)| value.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_jar_has_its_own_cookie() {
        let mut headers = HeaderMap::new();
        let cookie = "a=b; __Host-picturelock-guest=guest; __Host-picturelock=team";
        headers.insert(header::COOKIE, HeaderValue::from_static(cookie));
        assert_eq!(Transport::Secure.token(Jar::Account, &headers).as_deref(), Some("team"));
        assert_eq!(Transport::Secure.token(Jar::Guest, &headers).as_deref(), Some("guest"));
        assert_eq!(Transport::Plain.token(Jar::Account, &headers), None);
    }
}
