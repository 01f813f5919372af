//! Why something was refused, in words a person can act on.

use std::fmt;

/// What kind of refusal it is; decides nothing about the words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RefusalKind {
    /// The input is wrong and must be changed.
    Invalid,
    /// Sign-in or a share link is needed.
    Unauthenticated,
    /// This person may not do this.
    Forbidden,
    /// It is not there, or not for this person.
    NotFound,
    /// It changed meanwhile, or its state forbids this.
    Conflict,
    /// It is there no longer: expired or revoked.
    Gone,
    /// Too much at once; try later.
    TooMany,
    /// There is not enough room.
    NoSpace,
}

/// A rule said no: what was wrong and what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct Refusal {
    /// The kind.
    pub kind: RefusalKind,
    /// A stable word for programs, such as `newer_version`.
    pub code: &'static str,
    /// What was wrong and what to do, for a person.
    pub message: String,
}

impl Refusal {
    /// A refusal of any kind.
    pub fn new(kind: RefusalKind, code: &'static str, message: impl Into<String>) -> Self {
        Self { kind, code, message: message.into() }
    }

    /// The input is wrong.
    pub fn invalid(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(RefusalKind::Invalid, code, message)
    }

    /// This person may not do this.
    pub fn forbidden(message: impl Into<String>) -> Self {
        Self::new(RefusalKind::Forbidden, "forbidden", message)
    }

    /// It is not there, or not for this person: the two look the same from outside.
    pub fn not_found(what: &str) -> Self {
        Self::new(RefusalKind::NotFound, "not_found", format!("There is no such {what}, or it is not shared with you."))
    }

    /// The state forbids this.
    pub fn conflict(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(RefusalKind::Conflict, code, message)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}
