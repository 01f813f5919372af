//! The one authorisation function.

use serde::{Deserialize, Serialize};

use super::Role;
use crate::id::{GuestId, ShareId, UserId};
use crate::share::Rights;
use crate::{Refusal, RefusalKind};

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Principal {
    /// Somebody unknown.
    Anonymous,
    /// A person with an account.
    Account {
        /// The account.
        user: UserId,
        /// The role in the studio.
        role: Role,
    },
    /// A person who came by a share link.
    Guest {
        /// The guest.
        guest: GuestId,
        /// The link.
        share: ShareId,
        /// What the link allows.
        rights: Rights,
        /// Whether the guest has given a name; needed to write anything.
        named: bool,
    },
    /// The person at the server's own command line.
    Operator,
}

/// How the principal stands to the object that an action is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The action is about the studio, not about a project.
    Studio,
    /// An account that belongs to the project.
    Member,
    /// An account that does not belong to the project.
    Stranger,
    /// A guest whose live share link shows this object.
    Shared,
    /// A guest whose link does not show this object, or works no longer.
    NotShared,
}

/// Everything that can be done; each HTTP route names one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Read one's own account and devices, sign out, change one's password.
    UseAccount,
    /// List the projects one belongs to.
    ListProjects,
    /// Make a project.
    CreateProject,
    /// Invite people, change roles, block accounts.
    ManagePeople,
    /// See the people of the studio.
    ListPeople,
    /// See what the server runs on.
    ViewSystem,
    /// Read a project, its reviewables, people and jobs.
    ViewProject,
    /// Change a project, its people and briefs.
    EditProject,
    /// Add a reviewable or a version.
    Upload,
    /// Delete a version.
    DeleteVersion,
    /// Cancel or retry a job.
    ControlJobs,
    /// See the page of the share link one came by, and say who one is.
    UseLink,
    /// Watch a version and read what guests may read of it.
    Watch,
    /// Write a comment or a reply, edit or delete one's own.
    Comment,
    /// Resolve and reopen comments.
    ResolveComment,
    /// Delete or edit anybody's comment.
    ModerateComment,
    /// Take comments into an editing program.
    ExportComments,
    /// Fetch the original file.
    Download,
    /// Make, change and revoke share links, see who opened them.
    ManageShares,
    /// Approve or request revisions.
    Decide,
}

impl Action {
    /// Every action.
    pub const ALL: [Self; 20] = [
        Self::UseAccount,
        Self::ListProjects,
        Self::CreateProject,
        Self::ManagePeople,
        Self::ListPeople,
        Self::ViewSystem,
        Self::ViewProject,
        Self::EditProject,
        Self::Upload,
        Self::DeleteVersion,
        Self::ControlJobs,
        Self::UseLink,
        Self::Watch,
        Self::Comment,
        Self::ResolveComment,
        Self::ModerateComment,
        Self::ExportComments,
        Self::Download,
        Self::ManageShares,
        Self::Decide,
    ];
}

/// Whether `principal`, standing so to the object, may do `action`.
///
/// # Errors
/// *Unauthenticated* for somebody unknown; *not found* where even the object's existence is not theirs to know;
/// *forbidden* where they see the object but may not do this.
pub fn authorise(principal: &Principal, standing: Standing, action: Action) -> Result<(), Refusal> {
    match *principal {
        Principal::Operator => Ok(()),
        Principal::Anonymous => {
            Err(Refusal::new(RefusalKind::Unauthenticated, "sign_in", "Sign in, or open the share link again."))
        }
        Principal::Account { role, .. } => match standing {
            Standing::Studio | Standing::Member => allow(role_may(role, action)),
            // Owners see every project of their studio.
            Standing::Stranger if role == Role::Owner => Ok(()),
            Standing::Stranger | Standing::Shared | Standing::NotShared => Err(Refusal::not_found("project")),
        },
        Principal::Guest { rights, named, .. } => match standing {
            Standing::Shared => guest_may(rights, named, action),
            Standing::Studio => Err(Refusal::forbidden("This needs an account in the studio.")),
            Standing::Member | Standing::Stranger | Standing::NotShared => Err(Refusal::not_found("page")),
        },
    }
}

fn allow(may: bool) -> Result<(), Refusal> {
    if may { Ok(()) } else { Err(Refusal::forbidden("Your role does not allow this. Ask a producer or the owner.")) }
}

fn role_may(role: Role, action: Action) -> bool {
    use Action::{
        Comment, ControlJobs, CreateProject, Decide, DeleteVersion, Download, EditProject, ExportComments, ListPeople,
        ListProjects, ManagePeople, ManageShares, ModerateComment, ResolveComment, Upload, UseAccount, UseLink,
        ViewProject, ViewSystem, Watch,
    };
    match action {
        UseAccount | ListProjects | ListPeople | ViewProject | Watch | Comment | ExportComments | Upload => true,
        ResolveComment | ControlJobs | Download => role != Role::Assistant,
        CreateProject | EditProject | DeleteVersion | ManageShares | ModerateComment | Decide => {
            matches!(role, Role::Owner | Role::Producer)
        }
        ManagePeople | ViewSystem => role == Role::Owner,
        // Links are for people without an account; who has both is asked as the guest they are.
        UseLink => false,
    }
}

fn guest_may(rights: Rights, named: bool, action: Action) -> Result<(), Refusal> {
    let given = match action {
        Action::Watch | Action::UseLink => return Ok(()),
        Action::Comment => rights.comment,
        Action::Decide => rights.decide,
        Action::Download => return if rights.download { Ok(()) } else { Err(withheld()) },
        Action::UseAccount
        | Action::ListProjects
        | Action::CreateProject
        | Action::ManagePeople
        | Action::ListPeople
        | Action::ViewSystem
        | Action::ViewProject
        | Action::EditProject
        | Action::Upload
        | Action::DeleteVersion
        | Action::ControlJobs
        | Action::ResolveComment
        | Action::ModerateComment
        | Action::ExportComments
        | Action::ManageShares => false,
    };
    match (given, named) {
        (true, true) => Ok(()),
        (true, false) => Err(Refusal::forbidden("Type your name first, so that the studio knows who writes.")),
        (false, _) => Err(withheld()),
    }
}

fn withheld() -> Refusal {
    Refusal::forbidden("This link does not allow that. Ask the studio if you need it.")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn guest(rights: Rights, named: bool) -> Principal {
        Principal::Guest {
            guest: GuestId::from_uuid(Uuid::nil()),
            share: ShareId::from_uuid(Uuid::nil()),
            rights,
            named,
        }
    }

    fn account(role: Role) -> Principal {
        Principal::Account { user: UserId::from_uuid(Uuid::nil()), role }
    }

    proptest! {
        #[test]
        fn a_guest_never_does_more_than_the_link_says(
            comment: bool, decide: bool, download: bool, named: bool, at in 0..Action::ALL.len()
        ) {
            let rights = Rights { comment, decide, download };
            let action = Action::ALL[at];
            let allowed = authorise(&guest(rights, named), Standing::Shared, action).is_ok();
            let expected = match action {
                Action::Watch | Action::UseLink => true,
                Action::Comment => comment && named,
                Action::Decide => decide && named,
                Action::Download => download,
                _ => false,
            };
            prop_assert_eq!(allowed, expected);
            prop_assert!(authorise(&guest(rights, named), Standing::NotShared, action).is_err());
        }
    }

    #[test]
    fn a_stranger_does_not_learn_that_a_project_exists() {
        for action in Action::ALL {
            for role in [Role::Producer, Role::Editor, Role::Specialist, Role::Assistant] {
                let refusal = authorise(&account(role), Standing::Stranger, action).expect_err("a stranger");
                assert_eq!(refusal.kind, RefusalKind::NotFound);
            }
            let refusal = authorise(&Principal::Anonymous, Standing::Member, action).expect_err("unknown");
            assert_eq!(refusal.kind, RefusalKind::Unauthenticated);
        }
    }

    #[test]
    fn roles_only_lose_rights_from_owner_to_assistant() {
        for action in Action::ALL {
            let may: Vec<bool> =
                Role::ALL.iter().map(|role| authorise(&account(*role), Standing::Member, action).is_ok()).collect();
            assert!(may.windows(2).all(|pair| pair[0] || !pair[1]), "{action:?}: {may:?}");
        }
    }
}
