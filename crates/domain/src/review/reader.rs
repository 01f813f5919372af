//! Who wrote, who reads, and what of it they see.

use serde::{Deserialize, Serialize};

use crate::id::{GuestId, UserId};
use crate::people::{Action, Principal, Standing, authorise};
use crate::review::Audience;
use crate::{Refusal, RefusalKind};

/// Who wrote a comment or a reply. On the wire `{kind, id}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", content = "id", rename_all = "snake_case")]
pub enum Writer {
    /// A person with an account.
    Account(UserId),
    /// A person who came by a share link.
    Guest(GuestId),
}

/// Who reads comments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reader {
    /// Somebody of the project's team.
    Team,
    /// A guest.
    Guest {
        /// Who.
        guest: GuestId,
        /// Whether the link lets guests see each other's comments.
        sees_others: bool,
    },
}

impl Reader {
    /// Whether this reader sees what `by` wrote for `audience`: a guest sees what the team wrote for everyone,
    /// their own, and other guests' where the link says so.
    pub fn sees(self, audience: Audience, by: Writer) -> bool {
        match (self, audience) {
            (Self::Team, Audience::Everyone | Audience::Team) => true,
            (Self::Guest { .. }, Audience::Team) => false,
            (Self::Guest { guest, sees_others }, Audience::Everyone) => match by {
                Writer::Account(_) => true,
                Writer::Guest(writer) => writer == guest || sees_others,
            },
        }
    }
}

impl Writer {
    /// Refuses whoever may not change what this writer wrote: that is for the writer and for moderators.
    ///
    /// # Errors
    /// *Forbidden*, in words.
    pub fn check_change(self, principal: &Principal) -> Result<(), Refusal> {
        if self.is(principal) || moderates(principal) {
            return Ok(());
        }
        Err(Refusal::forbidden("Only the person who wrote this note, or a producer, can change it."))
    }

    /// Refuses whoever may not bring back what `deleted_by` deleted: what a moderator took away stays away until
    /// a moderator brings it back.
    ///
    /// # Errors
    /// *Forbidden*, in words.
    pub fn check_restore(self, deleted_by: Self, principal: &Principal) -> Result<(), Refusal> {
        if (self.is(principal) && deleted_by == self) || moderates(principal) {
            return Ok(());
        }
        Err(Refusal::forbidden("Only the person who deleted this note, or a producer, can bring it back."))
    }

    /// Who `principal` is when they write.
    ///
    /// # Errors
    /// *Unauthenticated* for somebody without a name to write under.
    pub fn of(principal: &Principal) -> Result<Self, Refusal> {
        match *principal {
            Principal::Account { user, .. } => Ok(Self::Account(user)),
            Principal::Guest { guest, .. } => Ok(Self::Guest(guest)),
            Principal::Anonymous | Principal::Operator => {
                Err(Refusal::new(RefusalKind::Unauthenticated, "sign_in", "Sign in first."))
            }
        }
    }

    fn is(self, principal: &Principal) -> bool {
        Self::of(principal) == Ok(self)
    }
}

fn moderates(principal: &Principal) -> bool {
    authorise(principal, Standing::Member, Action::ModerateComment).is_ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::id::ShareId;
    use crate::people::Role;
    use crate::share::Rights;

    fn guest_id(number: u128) -> GuestId {
        GuestId::from_uuid(Uuid::from_u128(number))
    }

    fn user_id(number: u128) -> UserId {
        UserId::from_uuid(Uuid::from_u128(number))
    }

    fn writer() -> impl Strategy<Value = Writer> {
        (0..3_u128, any::<bool>()).prop_map(|(number, guest)| {
            if guest { Writer::Guest(guest_id(number)) } else { Writer::Account(user_id(number)) }
        })
    }

    proptest! {
        #[test]
        fn a_guest_never_sees_the_teams_words(number in 0..3_u128, sees_others: bool, by in writer()) {
            let reader = Reader::Guest { guest: guest_id(number), sees_others };
            prop_assert!(!reader.sees(Audience::Team, by));
            let others = matches!(by, Writer::Guest(guest) if guest != guest_id(number));
            prop_assert_eq!(reader.sees(Audience::Everyone, by), sees_others || !others);
            prop_assert!(Reader::Team.sees(Audience::Team, by));
        }

        #[test]
        fn only_the_writer_and_moderators_change_a_note(by in writer(), deleted_by in writer(), number in 0..3_u128) {
            let rights = Rights { comment: true, decide: true, download: true };
            let share = ShareId::from_uuid(Uuid::nil());
            let guest = Principal::Guest { guest: guest_id(number), share, rights, named: true };
            let own = by == Writer::Guest(guest_id(number));
            prop_assert_eq!(by.check_change(&guest).is_ok(), own);
            prop_assert_eq!(by.check_restore(deleted_by, &guest).is_ok(), own && deleted_by == by);
            for role in Role::ALL {
                let account = Principal::Account { user: user_id(number), role };
                let moderator = matches!(role, Role::Owner | Role::Producer);
                let own = by == Writer::Account(user_id(number));
                prop_assert_eq!(by.check_change(&account).is_ok(), own || moderator);
                prop_assert_eq!(by.check_restore(deleted_by, &account).is_ok(), moderator || own && deleted_by == by);
            }
            prop_assert!(by.check_change(&Principal::Anonymous).is_err());
        }
    }
}
