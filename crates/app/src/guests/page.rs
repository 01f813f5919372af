//! The page a guest lands on. It is put together field by field: what is not named here does not reach a guest.

use picturelock_api::{
    GuestCounts, GuestMe, GuestPage, GuestProject, GuestReviewable, GuestShare, GuestVersion, Studio, UserName,
    Version, VersionStateCode,
};
use picturelock_db::{Tx, guests, projects, reviewables, shares, versions};
use picturelock_domain::Refusal;
use picturelock_domain::id::{GuestId, VersionId};
use picturelock_domain::share::ShareTarget;
use picturelock_domain::version::VersionState;

use crate::accounts::studio_name;
use crate::versions::{derived, without_the_team};
use crate::{AppError, decisions};

/// The page of `guest`, who came by `share`.
pub(super) async fn build(tx: &mut Tx, share: &shares::Share, guest: GuestId) -> Result<GuestPage, AppError> {
    let missing = || Refusal::not_found("page");
    let studio = Studio { name: studio_name(tx).await? };
    let project = projects::by_id(tx, share.project).await?.ok_or_else(missing)?;
    let reviewable = reviewables::by_id(tx, share.reviewable).await?.ok_or_else(missing)?;
    let guest = guests::by_id(tx, guest).await?.ok_or_else(missing)?;
    let stack = versions::of_reviewable(tx, share.reviewable).await?;
    let current = decisions::newest(&stack);
    let shown: Vec<&versions::Version> = stack.iter().filter(|version| shows(share.target, version)).collect();
    let first = shown.first().copied();
    let (comments, open) = match first {
        Some(version) => guests::comments_seen(tx, version.id, guest.id, share.see_each_other).await?,
        None => (0, 0),
    };
    let version = first.map(|version| version_view(version, current, &studio.name)).transpose()?;
    Ok(GuestPage {
        project: GuestProject { id: project.id.uuid(), name: project.name, client: project.client },
        reviewable: GuestReviewable { id: reviewable.id.uuid(), name: reviewable.name, brief: reviewable.brief },
        version: version.map(|view| Version { comment_count: comments, open_comment_count: open, ..view }),
        versions: shown
            .iter()
            .map(|version| GuestVersion {
                id: version.id.uuid(),
                number: version.number,
                current: current == Some(version.id),
            })
            .collect(),
        rights: share.rights,
        share: GuestShare { id: share.id.uuid(), expires_at: share.life.expires_at },
        me: guest.name.map(|name| GuestMe { id: guest.id.uuid(), name, email: guest.email.unwrap_or_default() }),
        counts: GuestCounts { comments },
        studio,
    })
}

/// Whether the link shows the version. Guests see what is ready to watch.
fn shows(target: ShareTarget, version: &versions::Version) -> bool {
    version.state == VersionState::Ready
        && match target {
            ShareTarget::Newest => true,
            ShareTarget::Version { version: only } => version.id == only,
        }
}

/// The version as it is before anybody's notes are counted.
fn version_view(version: &versions::Version, current: Option<VersionId>, studio: &str) -> Result<Version, AppError> {
    let view = Version {
        id: version.id.uuid(),
        reviewable_id: version.reviewable.uuid(),
        project_id: version.project.uuid(),
        number: version.number,
        file_name: version.file_name.clone(),
        bytes: version.bytes,
        content_hash: version.content_hash.map(|hash| hash.to_string()),
        uploaded_by: UserName { id: version.uploaded_by.uuid(), name: version.uploader.clone() },
        created_at: version.created_at,
        state: VersionStateCode::Ready,
        reason: None,
        review: version.review,
        current: current == Some(version.id),
        same_bytes_as: None,
        footage: version.footage.clone(),
        media: derived(version)?.map(|derived| derived.media),
        comment_count: 0,
        open_comment_count: 0,
        job: None,
    };
    Ok(without_the_team(view, studio))
}
