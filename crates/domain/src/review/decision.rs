//! Decisions: on one exact version, named by its content hash; append-only.

use serde::{Deserialize, Serialize};

use crate::Refusal;
use crate::id::ContentHash;
use crate::project::Stage;
use crate::text::Name;
use crate::version::VersionState;

/// What a person decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DecisionOutcome {
    /// The version is right as it is.
    Approve,
    /// Right but for small things that need no new viewing.
    ApproveWithChanges,
    /// A new version is wanted.
    RequestRevisions,
}

/// Where a version stands in its review.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReviewState {
    /// Nobody has decided yet.
    InReview,
    /// Approved as it is.
    Approved,
    /// Approved but for listed small things.
    ApprovedWithChanges,
    /// A new version is wanted.
    ChangesRequested,
}

/// What a decision is about, and what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ballot {
    /// What was decided.
    pub outcome: DecisionOutcome,
    /// The hash of the file the page displayed.
    pub seen: ContentHash,
    /// How many open comments the person listed, for `ApproveWithChanges`.
    pub listed_comments: usize,
}

/// Where the version stands after `ballot`. A later decision supersedes an earlier one.
///
/// # Errors
/// When the file seen is not the version's file, the version is not the newest or not ready,
/// or *approve with changes* lists no change.
pub fn decide(
    version: &VersionState,
    file: Option<ContentHash>,
    newest: bool,
    ballot: &Ballot,
) -> Result<ReviewState, Refusal> {
    if *version != VersionState::Ready {
        return Err(Refusal::conflict("not_ready", "This version cannot be decided on: it is not ready to watch."));
    }
    if !newest || file != Some(ballot.seen) {
        return Err(Refusal::conflict(
            "newer_version",
            "A newer version exists. Reload the page, watch it, and decide on that one.",
        ));
    }
    match ballot.outcome {
        DecisionOutcome::Approve => Ok(ReviewState::Approved),
        DecisionOutcome::RequestRevisions => Ok(ReviewState::ChangesRequested),
        DecisionOutcome::ApproveWithChanges if ballot.listed_comments == 0 => Err(Refusal::invalid(
            "no_changes_listed",
            "“Approve with changes” needs at least one note that says what to change. Pick one, or approve.",
        )),
        DecisionOutcome::ApproveWithChanges => Ok(ReviewState::ApprovedWithChanges),
    }
}

/// What a statement is about.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The client it is decided for.
    pub client: &'a str,
    /// The stage of the reviewable.
    pub stage: Stage,
    /// The version's number.
    pub number: u32,
    /// The version's file.
    pub file: ContentHash,
}

/// The sentence that `signed`, the full name typed under it, agrees to.
pub fn statement(signed: &Name, subject: Subject<'_>) -> String {
    let Subject { client, stage, number, file } = subject;
    let (stage, file) = (stage.title().to_lowercase(), file.to_string());
    let file = format!("{}…{}", &file[..4], &file[62..]);
    format!("{signed}: I have authority to decide for {client} on {stage} v{number}, file {file}.")
}

impl DecisionOutcome {
    /// The word used in code, database and interface.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Approve => "approve",
            Self::ApproveWithChanges => "approve_with_changes",
            Self::RequestRevisions => "request_revisions",
        }
    }

    /// The outcome a word names.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Approve, Self::ApproveWithChanges, Self::RequestRevisions].into_iter().find(|it| it.code() == code)
    }
}

impl ReviewState {
    /// The word used in code, database and interface.
    pub const fn code(self) -> &'static str {
        match self {
            Self::InReview => "in_review",
            Self::Approved => "approved",
            Self::ApprovedWithChanges => "approved_with_changes",
            Self::ChangesRequested => "changes_requested",
        }
    }

    /// The state a word names.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::InReview, Self::Approved, Self::ApprovedWithChanges, Self::ChangesRequested]
            .into_iter()
            .find(|it| it.code() == code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: ContentHash = ContentHash::from_bytes([7; 32]);

    fn ballot(outcome: DecisionOutcome) -> Ballot {
        Ballot { outcome, seen: FILE, listed_comments: 0 }
    }

    #[test]
    fn a_decision_needs_the_very_file_that_was_shown() {
        let approve = ballot(DecisionOutcome::Approve);
        assert_eq!(decide(&VersionState::Ready, Some(FILE), true, &approve), Ok(ReviewState::Approved));
        let other = ContentHash::from_bytes([8; 32]);
        for (file, newest) in [(Some(other), true), (None, true), (Some(FILE), false)] {
            let refusal = decide(&VersionState::Ready, file, newest, &approve).expect_err("refused");
            assert_eq!(refusal.code, "newer_version");
        }
    }

    #[test]
    fn a_statement_names_person_client_and_file() {
        let subject = Subject { client: "Acme", stage: Stage::FineCut, number: 4, file: FILE };
        let signed = Name::new("Dana Client").expect("a name");
        let words = "Dana Client: I have authority to decide for Acme on fine cut v4, file 0707…07.";
        assert_eq!(statement(&signed, subject), words);
    }

    #[test]
    fn only_a_ready_version_can_be_decided_on() {
        for state in [VersionState::Processing, VersionState::Failed { reason: String::new() }, VersionState::Deleted] {
            let refusal = decide(&state, Some(FILE), true, &ballot(DecisionOutcome::Approve)).expect_err("refused");
            assert_eq!(refusal.code, "not_ready");
        }
    }

    #[test]
    fn approve_with_changes_names_its_changes() {
        let empty = ballot(DecisionOutcome::ApproveWithChanges);
        assert!(decide(&VersionState::Ready, Some(FILE), true, &empty).is_err());
        let listed = Ballot { listed_comments: 1, ..empty };
        assert_eq!(decide(&VersionState::Ready, Some(FILE), true, &listed), Ok(ReviewState::ApprovedWithChanges));
    }
}
