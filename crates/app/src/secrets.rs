//! Random secrets, their hashes, and passwords.

use argon2::Argon2;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use picturelock_domain::Refusal;
use sha2::{Digest as _, Sha256};

use crate::{App, AppError};

/// 256 random bits as URL-safe text.
pub(crate) fn random() -> Result<String, AppError> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).map_err(|error| AppError::Machine(format!("no random numbers: {error}")))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// What is stored of a random secret. It has 256 bits, so a plain hash cannot be searched.
pub(crate) fn digest(secret: &str) -> String {
    Sha256::digest(secret.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whether `secret` is the one behind `stored`, in constant time.
pub(crate) fn matches(secret: &str, stored: &str) -> bool {
    use subtle::ConstantTimeEq as _;
    digest(secret).as_bytes().ct_eq(stored.as_bytes()).into()
}

/// Refuses passwords that are guessed first (ASVS 6.2).
pub(crate) fn check_password(password: &str) -> Result<(), Refusal> {
    let length = password.chars().count();
    if length < 12 {
        return Err(Refusal::invalid(
            "password_short",
            format!("The password has {length} characters; use at least 12."),
        ));
    }
    if length > 256 {
        return Err(Refusal::invalid("password_long", "The password is longer than 256 characters."));
    }
    let distinct = password.chars().collect::<std::collections::BTreeSet<_>>().len();
    if distinct < 5 || COMMON.iter().any(|common| password.to_lowercase().contains(common) && length < common.len() + 6)
    {
        return Err(Refusal::invalid(
            "password_common",
            "That password is among the first to be guessed. Use four unrelated words.",
        ));
    }
    Ok(())
}

/// Stems of the passwords most often found in leaks.
const COMMON: [&str; 12] = [
    "password",
    "12345678",
    "qwertyuiop",
    "qwerty",
    "letmein",
    "iloveyou",
    "administrator",
    "welcome",
    "picturelock",
    "abcdefgh",
    "football",
    "sunshine",
];

/// Hashes a password with Argon2id, away from the threads that answer requests.
pub(crate) async fn hash(app: &App, password: &str) -> Result<String, AppError> {
    let _turn = turn(app).await?;
    let password = password.to_owned();
    let hashed = tokio::task::spawn_blocking(move || {
        Argon2::default().hash_password(password.as_bytes()).map(|hash| hash.to_string())
    });
    hashed.await.map_err(machine)?.map_err(machine)
}

/// Whether `password` is the one behind `stored`. Costs the same where there is no account to compare with.
pub(crate) async fn verify(app: &App, password: &str, stored: Option<&str>) -> Result<bool, AppError> {
    let Some(stored) = stored else {
        hash(app, password).await?;
        return Ok(false);
    };
    let _turn = turn(app).await?;
    let (password, stored) = (password.to_owned(), stored.to_owned());
    let verified = tokio::task::spawn_blocking(move || {
        Argon2::default().verify_password(password.as_bytes(), stored.as_str()).is_ok()
    });
    verified.await.map_err(machine)
}

async fn turn(app: &App) -> Result<tokio::sync::SemaphorePermit<'_>, AppError> {
    app.hashing.acquire().await.map_err(machine)
}

fn machine(error: impl std::fmt::Display) -> AppError {
    AppError::Machine(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weak_passwords_are_refused_in_words() {
        for weak in ["short", "aaaaaaaaaaaaaaaa", "Password1234", "123456789012", "picturelock12"] {
            assert!(check_password(weak).is_err(), "{weak}");
        }
        for good in ["correct horse battery", "Blaue-Kamera-77-Baum", "пароль из слов"] {
            assert!(check_password(good).is_ok(), "{good}");
        }
    }

    #[test]
    fn a_secret_matches_only_its_own_digest() {
        let (one, two) = (random().expect("random"), random().expect("random"));
        assert!(matches(&one, &digest(&one)));
        assert!(!matches(&two, &digest(&one)));
        assert_eq!(one.len(), 43);
    }
}
