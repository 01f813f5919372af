//! Share links as the team sees them.

use std::collections::HashMap;

use picturelock_api::{Share, UserName, Visitor};
use picturelock_db::{Tx, guests, shares, versions, watched};
use picturelock_domain::id::{ProjectId, ReviewableId, ShareId, VersionId};
use picturelock_domain::review::watched_percent;
use picturelock_domain::share::ShareTarget;
use picturelock_domain::version::VersionState;

use crate::AppError;

/// Views of links of one project, with who opened them: as many queries for one link as for a hundred.
pub(super) async fn many(tx: &mut Tx, project: ProjectId, links: Vec<shares::Share>) -> Result<Vec<Share>, AppError> {
    let mut visitors: HashMap<ShareId, Vec<guests::Visitor>> = HashMap::new();
    for visitor in guests::of_project(tx, project).await? {
        visitors.entry(visitor.guest.share).or_default().push(visitor);
    }
    let watched = watched::of_project(tx, project).await?;
    let (mut frames, mut newest) = (HashMap::new(), HashMap::new());
    // Newest first within each reviewable, so the first ready one is the one its guests look at.
    for version in versions::of_project(tx, project).await? {
        frames.insert(version.id, version.footage.as_ref().map_or(0, |footage| footage.frame_count));
        if version.state == VersionState::Ready {
            newest.entry(version.reviewable).or_insert(version.id);
        }
    }
    let percent = |version: Option<VersionId>, visitor: &guests::Visitor| {
        let version = version?;
        let count = watched.get(&(version, visitor.guest.id.to_string()))?;
        Some(watched_percent(*count, *frames.get(&version)?))
    };
    Ok(links
        .into_iter()
        .map(|share| {
            let version = shown(share.target, share.reviewable, &newest);
            let visitors = visitors.remove(&share.id).unwrap_or_default();
            let visitors = visitors.into_iter().map(|it| (percent(version, &it).unwrap_or(0), it));
            view(share, visitors.map(|(percent, visitor)| visitor_view(visitor, percent)).collect())
        })
        .collect())
}

fn shown(
    target: ShareTarget,
    reviewable: ReviewableId,
    newest: &HashMap<ReviewableId, VersionId>,
) -> Option<VersionId> {
    match target {
        ShareTarget::Newest => newest.get(&reviewable).copied(),
        ShareTarget::Version { version } => Some(version),
    }
}

fn view(share: shares::Share, visitors: Vec<Visitor>) -> Share {
    Share {
        id: share.id.uuid(),
        project_id: share.project.uuid(),
        reviewable_id: share.reviewable.uuid(),
        label: share.label,
        target: share.target,
        rights: share.rights,
        has_passphrase: share.passphrase.is_some(),
        guests_see_each_other: share.see_each_other,
        expires_at: share.life.expires_at,
        revoked_at: share.life.revoked_at,
        created_at: share.created_at,
        created_by: UserName { id: share.created_by.uuid(), name: share.creator },
        visitors,
    }
}

fn visitor_view(visitor: guests::Visitor, watched_percent: u32) -> Visitor {
    let guests::Visitor { guest, devices, .. } = visitor;
    Visitor {
        guest_id: guest.id.uuid(),
        name: guest.name,
        email: guest.email,
        opens: guest.opens,
        devices,
        last_opened_at: guest.last_opened_at,
        watched_percent,
    }
}
