//! On which versions who may write.

use crate::review::Reader;
use crate::{Refusal, RefusalKind};

/// The most notes and replies one guest may leave on one version, deleted ones included.
pub const GUEST_NOTES: u32 = 2000;

/// How a version stands for somebody who wants to write on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum VersionStanding {
    /// Still being made ready for the player, or failed: there are no frames to point at.
    Unwatchable,
    /// Ready, and the newest of its reviewable.
    Newest,
    /// Ready, but there is a newer one.
    Superseded,
    /// Its files are gone.
    Deleted,
}

impl VersionStanding {
    /// Refuses to take words for a version that is not up for review: the team may write on every version that can
    /// be watched, guests on the newest.
    ///
    /// # Errors
    /// *Conflict*, in words.
    pub fn check_writable(self, writer: Reader) -> Result<(), Refusal> {
        match (self, writer) {
            (Self::Newest, Reader::Team | Reader::Guest { .. }) | (Self::Superseded, Reader::Team) => Ok(()),
            (Self::Superseded, Reader::Guest { .. }) => Err(Refusal::conflict(
                "superseded",
                "A newer version exists, so notes on this one are closed. Open the newest version and write there.",
            )),
            (Self::Unwatchable, _) => Err(Refusal::conflict(
                "not_ready",
                "This version cannot be watched yet, so there is no frame to write a note on. Try again when it is ready.",
            )),
            (Self::Deleted, _) => Err(Refusal::conflict(
                "version_deleted",
                "This version was deleted. Its notes can be read, but no new ones written.",
            )),
        }
    }

    /// Refuses one note more from a guest who has left `written` on the version.
    ///
    /// # Errors
    /// *Too many*, in words.
    pub fn check_quota(written: u32) -> Result<(), Refusal> {
        if written < GUEST_NOTES {
            return Ok(());
        }
        let words = format!("You have left {GUEST_NOTES} notes on this version, the most a guest can. Ask the studio.");
        Err(Refusal::new(RefusalKind::TooMany, "too_many_notes", words))
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::id::GuestId;

    #[test]
    fn guests_write_on_the_newest_version_only() {
        let guest = Reader::Guest { guest: GuestId::from_uuid(Uuid::nil()), sees_others: true };
        for (standing, team, guests) in [
            (VersionStanding::Newest, None, None),
            (VersionStanding::Superseded, None, Some("superseded")),
            (VersionStanding::Unwatchable, Some("not_ready"), Some("not_ready")),
            (VersionStanding::Deleted, Some("version_deleted"), Some("version_deleted")),
        ] {
            let code = |reader| standing.check_writable(reader).err().map(|refusal| refusal.code);
            assert_eq!((code(Reader::Team), code(guest)), (team, guests), "{standing:?}");
        }
        assert!(VersionStanding::check_quota(GUEST_NOTES - 1).is_ok());
        assert_eq!(VersionStanding::check_quota(GUEST_NOTES).expect_err("full").code, "too_many_notes");
    }
}
