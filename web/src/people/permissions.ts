import type { Me, Role } from '../api/types';

export type Permission =
  | 'create_project'
  | 'edit_project'
  | 'upload'
  | 'delete_version'
  | 'control_jobs'
  | 'download'
  | 'manage_shares'
  | 'decide'
  | 'manage_people'
  | 'view_system';

/** Whether a control is worth showing. The server decides; this only spares people refusals. */
export function may(me: Me | null, permission: Permission): boolean {
  return me !== null && allowed[permission].includes(me.user.role);
}

const leads: Role[] = ['owner', 'producer'];
const makers: Role[] = ['owner', 'producer', 'editor', 'specialist'];

const allowed: Record<Permission, Role[]> = {
  create_project: leads,
  edit_project: leads,
  upload: [...makers, 'assistant'],
  delete_version: leads,
  control_jobs: makers,
  download: makers,
  manage_shares: leads,
  decide: leads,
  manage_people: ['owner'],
  view_system: ['owner'],
};
