//! Accounts, devices, invitations.

use jiff::Timestamp;
use picturelock_domain::people::Role;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Whether the installation still needs its owner, and what it found on the machine.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SetUpState {
    /// No account exists yet.
    pub needed: bool,
    /// Picturelock's version.
    pub version: String,
    /// The version of ffmpeg that was found.
    pub ffmpeg: Option<String>,
    /// How media tools are confined: `landlock` or `none`.
    pub sandbox: String,
    /// What to know before going on.
    pub warnings: Vec<String>,
}

/// The first account and the studio.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct SetUp {
    /// The studio's name.
    pub studio_name: String,
    /// The owner's name.
    pub name: String,
    /// The owner's email address.
    pub email: String,
    /// At least 12 characters.
    pub password: String,
    /// Whether to add a sample project.
    pub sample_project: bool,
}

/// Email and password.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct SignIn {
    /// The account's email address.
    pub email: String,
    /// Its password.
    pub password: String,
}

/// The studio.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Studio {
    /// Its name.
    pub name: String,
}

/// An account, as its owner sees it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct User {
    /// Its id.
    pub id: Uuid,
    /// As shown to others.
    pub name: String,
    /// What it signs in with.
    pub email: String,
    /// `owner`, `producer`, `editor`, `specialist` or `assistant`.
    #[schema(value_type = String)]
    pub role: Role,
}

/// An account's id and name.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct UserName {
    /// Its id.
    pub id: Uuid,
    /// As shown to others.
    pub name: String,
}

/// Who is signed in.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Me {
    /// The account.
    pub user: User,
    /// The studio.
    pub studio: Studio,
    /// Whether the connection is plain HTTP, which others on the network can read.
    pub plain_http: bool,
}

/// A person of the studio.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Person {
    /// The account's id.
    pub id: Uuid,
    /// As shown to others.
    pub name: String,
    /// The email address.
    pub email: String,
    /// The role in the studio.
    #[schema(value_type = String)]
    pub role: Role,
    /// May not sign in any more.
    pub blocked: bool,
    /// When the account was made.
    #[schema(value_type = String)]
    pub created_at: Timestamp,
}

/// What can change of a person.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct EditPerson {
    /// Another role.
    #[schema(value_type = Option<String>)]
    pub role: Option<Role>,
    /// Whether they may sign in.
    pub blocked: Option<bool>,
}

/// A person of a project.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Member {
    /// The account.
    pub user: User,
    /// Since when.
    #[schema(value_type = String)]
    pub added_at: Timestamp,
}

/// A signed-in browser.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Device {
    /// The session's id.
    pub id: Uuid,
    /// Whether it is the one asking.
    pub current: bool,
    /// What the browser calls itself.
    pub user_agent: String,
    /// When it signed in.
    #[schema(value_type = String)]
    pub created_at: Timestamp,
    /// When it was last used.
    #[schema(value_type = String)]
    pub last_seen_at: Timestamp,
}

/// A new password.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct ChangePassword {
    /// The present one.
    pub current: String,
    /// The new one, at least 12 characters.
    pub new: String,
}

/// An invitation, without its secret.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Invitation {
    /// Its id.
    pub id: Uuid,
    /// Who is invited.
    pub email: String,
    /// As what.
    #[schema(value_type = String)]
    pub role: Role,
    /// When it was made.
    #[schema(value_type = String)]
    pub created_at: Timestamp,
    /// When it ends.
    #[schema(value_type = String)]
    pub expires_at: Timestamp,
    /// When it was used.
    #[schema(value_type = Option<String>)]
    pub accepted_at: Option<Timestamp>,
}

/// Whom to invite.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct NewInvitation {
    /// Their email address.
    pub email: String,
    /// As what.
    #[schema(value_type = String)]
    pub role: Role,
}

/// An invitation with its link, shown once.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct NewInvitationLink {
    /// The invitation.
    pub invitation: Invitation,
    /// The link to send.
    pub link: String,
}

/// The part of an invitation link after `#`.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct InvitationToken {
    /// `<id>.<secret>`.
    pub token: String,
}

/// What an invitation offers.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct InvitationOffer {
    /// The studio's name.
    pub studio: String,
    /// Who is invited.
    pub email: String,
    /// As what.
    #[schema(value_type = String)]
    pub role: Role,
}

/// The account that accepts an invitation.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct AcceptInvitation {
    /// `<id>.<secret>`.
    pub token: String,
    /// The person's name.
    pub name: String,
    /// At least 12 characters.
    pub password: String,
}
