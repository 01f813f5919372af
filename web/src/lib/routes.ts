/** Every page of the application, with its parameters. */
export type Route =
  | { screen: 'dashboard' }
  | { screen: 'setup' }
  | { screen: 'sign-in' }
  | { screen: 'invitation' }
  | { screen: 'settings'; section: SettingsSection }
  | { screen: 'project'; project: string }
  | { screen: 'version'; project: string; version: string }
  | { screen: 'decision'; project: string; version: string }
  | { screen: 'share-link'; share: string }
  | { screen: 'guest-review' }
  | { screen: 'guest-watch' }
  | { screen: 'guest-decision' }
  | { screen: 'not-found' };

export type SettingsSection = 'account' | 'people' | 'system';

type Build = (parameters: Record<string, string>) => Route;

const sections: SettingsSection[] = ['account', 'people', 'system'];

const table: [pattern: string, build: Build][] = [
  ['/', () => ({ screen: 'dashboard' })],
  ['/setup', () => ({ screen: 'setup' })],
  ['/sign-in', () => ({ screen: 'sign-in' })],
  ['/invitation', () => ({ screen: 'invitation' })],
  [
    '/settings/:section',
    ({ section }) => {
      const known = sections.find((name) => name === section);
      return known ? { screen: 'settings', section: known } : { screen: 'not-found' };
    },
  ],
  ['/projects/:project', ({ project }) => ({ screen: 'project', project: project! })],
  ['/projects/:project/versions/:version', (p) => ({ screen: 'version', project: p.project!, version: p.version! })],
  [
    '/projects/:project/versions/:version/decision',
    (p) => ({ screen: 'decision', project: p.project!, version: p.version! }),
  ],
  ['/s/:share', ({ share }) => ({ screen: 'share-link', share: share! })],
  ['/review', () => ({ screen: 'guest-review' })],
  ['/review/watch', () => ({ screen: 'guest-watch' })],
  ['/review/decision', () => ({ screen: 'guest-decision' })],
];

/** The page a path names; `not-found` for everything else. Query and fragment are no part of a path. */
export function match(path: string): Route {
  const parts = split(path);
  for (const [pattern, build] of table) {
    const parameters = bind(split(pattern), parts);
    if (parameters) return build(parameters);
  }
  return { screen: 'not-found' };
}

/** Pages a client without an account sees. They act as the guest even where an account is signed in as well. */
export function isGuestRoute(route: Route): boolean {
  switch (route.screen) {
    case 'share-link':
    case 'guest-review':
    case 'guest-watch':
    case 'guest-decision':
      return true;
    case 'dashboard':
    case 'setup':
    case 'sign-in':
    case 'invitation':
    case 'settings':
    case 'project':
    case 'version':
    case 'decision':
    case 'not-found':
      return false;
  }
}

/** Addresses inside the application, so that no screen writes them by hand. */
export const paths = {
  dashboard: () => '/',
  signIn: () => '/sign-in',
  setup: () => '/setup',
  settings: (section: SettingsSection) => `/settings/${section}`,
  project: (project: string) => `/projects/${project}`,
  version: (project: string, version: string) => `/projects/${project}/versions/${version}`,
  decision: (project: string, version: string) => `/projects/${project}/versions/${version}/decision`,
  guestReview: () => '/review',
  guestWatch: () => '/review/watch',
  guestDecision: () => '/review/decision',
};

function split(path: string): string[] {
  return path.split('/').filter((part) => part !== '');
}

function bind(pattern: string[], parts: string[]): Record<string, string> | null {
  if (pattern.length !== parts.length) return null;
  const parameters: Record<string, string> = {};
  for (const [index, expected] of pattern.entries()) {
    const part = parts[index]!;
    if (expected.startsWith(':')) {
      const value = decode(part);
      if (value === null) return null;
      parameters[expected.slice(1)] = value;
    } else if (expected !== part) return null;
  }
  return parameters;
}

function decode(part: string): string | null {
  try {
    return decodeURIComponent(part);
  } catch {
    return null;
  }
}
