import { api } from '../api/client';
import type {
  Author,
  Brief,
  FrameTable as Wire,
  GuestPage,
  Id,
  Me,
  Project,
  Reviewable,
  Rights,
  Version,
} from '../api/types';
import { FrameTable } from '../lib/frames';
import { may } from '../people/permissions';

/** One version in the switcher; guests learn numbers only. */
export interface VersionChoice {
  id: Id;
  number: number;
  current: boolean;
  facts: Version | null;
}

/** What the review page is about, before anything plays. */
export interface Opened {
  project: { id: Id; name: string };
  reviewable: { id: Id; name: string; brief: Brief };
  version: Version;
  /** Newest first. */
  versions: VersionChoice[];
  /** Null until the version is ready. */
  table: FrameTable | null;
  rights: Rights & { resolve: boolean; moderate: boolean; share: boolean; team: boolean };
  me: Author | null;
}

/** Asks the server for all that the page needs, as a member of the studio. */
export async function openForTeam(project: Id, version: Id, me: Me | null): Promise<Opened> {
  const base = `/api/projects/${project}`;
  const [about, current] = await Promise.all([api.get<Project>(base), api.get<Version>(`${base}/versions/${version}`)]);
  const [reviewable, table] = await Promise.all([
    api.get<Reviewable>(`${base}/reviewables/${current.reviewable_id}`),
    tableOf(current),
  ]);
  const versions = reviewable.versions
    .filter((one) => one.state !== 'deleted' || one.id === version)
    .map((one) => ({ id: one.id, number: one.number, current: one.current, facts: one }));
  return {
    project: about,
    reviewable,
    version: current,
    versions,
    table,
    rights: {
      comment: true,
      decide: may(me, 'decide'),
      download: may(me, 'download'),
      resolve: may(me, 'download'),
      moderate: may(me, 'delete_version'),
      share: may(me, 'manage_shares'),
      team: true,
    },
    me: me && { kind: 'account', id: me.user.id, name: me.user.name },
  };
}

/** The same for a guest, whose link shows one version. */
export async function openForGuest(version: Id, guest: GuestPage): Promise<Opened> {
  const { project, reviewable } = guest;
  const current =
    guest.version?.id === version
      ? guest.version
      : await api.get<Version>(`/api/projects/${project.id}/versions/${version}`);
  return {
    project,
    reviewable,
    version: current,
    versions: [...guest.versions].sort((a, b) => b.number - a.number).map((one) => ({ ...one, facts: null })),
    table: await tableOf(current),
    rights: { ...guest.rights, resolve: false, moderate: false, share: false, team: false },
    me: guest.me && { kind: 'guest', id: guest.me.id, name: guest.me.name },
  };
}

async function tableOf(version: Version): Promise<FrameTable | null> {
  if (version.state !== 'ready' || !version.footage || !version.media) return null;
  const path = `/api/projects/${version.project_id}/versions/${version.id}/frame-table`;
  return new FrameTable(await api.get<Wire>(path));
}
