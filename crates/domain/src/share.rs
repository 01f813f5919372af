//! Share links: what a guest may do, and until when.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::VersionId;
use crate::{Refusal, RefusalKind};

/// What a guest may do, each apart. To look is always included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Rights {
    /// Write comments and replies.
    pub comment: bool,
    /// Approve or request revisions.
    pub decide: bool,
    /// Download the original file.
    pub download: bool,
}

/// Which version a link shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ShareTarget {
    /// Whatever version is newest when the guest looks.
    Newest,
    /// One version for ever.
    Version {
        /// The version.
        version: VersionId,
    },
}

/// What decides whether a link still works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShareLife {
    /// When it ends by itself.
    pub expires_at: Option<Timestamp>,
    /// When somebody ended it.
    pub revoked_at: Option<Timestamp>,
}

impl ShareLife {
    /// Whether the link works at `now`.
    ///
    /// # Errors
    /// When it was revoked or has expired, with the words a guest reads.
    pub fn check(self, now: Timestamp) -> Result<(), Refusal> {
        if self.revoked_at.is_some() {
            return Err(Refusal::new(
                RefusalKind::Gone,
                "revoked",
                "This link was withdrawn. Ask the studio for a new one.",
            ));
        }
        if self.expires_at.is_some_and(|end| now >= end) {
            return Err(Refusal::new(
                RefusalKind::Gone,
                "expired",
                "This link has expired. Ask the studio for a new one.",
            ));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_ends_at_its_moment_and_when_revoked() {
        let at = |second| Timestamp::from_second(second).expect("a time");
        let life = ShareLife { expires_at: Some(at(100)), revoked_at: None };
        assert!(life.check(at(99)).is_ok());
        assert_eq!(life.check(at(100)).expect_err("expired").code, "expired");
        let revoked = ShareLife { expires_at: None, revoked_at: Some(at(1)) };
        assert_eq!(revoked.check(at(0)).expect_err("revoked").code, "revoked");
    }
}
