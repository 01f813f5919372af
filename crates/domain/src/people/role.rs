//! Roles of people with an account.

use serde::{Deserialize, Serialize};

/// What a person with an account is in the studio.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Runs the studio: everything.
    Owner,
    /// Runs projects: shares, decides inside, invites.
    Producer,
    /// Cuts: uploads versions, answers comments.
    Editor,
    /// Grades, mixes, animates: uploads versions, answers comments.
    Specialist,
    /// Helps: uploads and comments, changes no state.
    Assistant,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 5] = [Self::Owner, Self::Producer, Self::Editor, Self::Specialist, Self::Assistant];

    /// The word used in code, database and interface.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Producer => "producer",
            Self::Editor => "editor",
            Self::Specialist => "specialist",
            Self::Assistant => "assistant",
        }
    }

    /// The role a word names.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.code() == code)
    }
}
