import { describe, expect, it } from 'vitest';
import { isGuestRoute, match, paths } from './routes';

describe('routes', () => {
  it('finds every page with its parameters', () => {
    expect(match('/')).toEqual({ screen: 'dashboard' });
    expect(match('/settings/people')).toEqual({ screen: 'settings', section: 'people' });
    expect(match('/projects/p1')).toEqual({ screen: 'project', project: 'p1' });
    expect(match('/projects/p1/versions/v1')).toEqual({ screen: 'version', project: 'p1', version: 'v1' });
    expect(match('/projects/p1/versions/v1/decision')).toEqual({ screen: 'decision', project: 'p1', version: 'v1' });
    expect(match('/s/abc')).toEqual({ screen: 'share-link', share: 'abc' });
    expect(match('/review/decision')).toEqual({ screen: 'guest-decision' });
  });

  it('reads every address it writes', () => {
    expect(match(paths.project('p')).screen).toBe('project');
    expect(match(paths.version('p', 'v')).screen).toBe('version');
    expect(match(paths.decision('p', 'v')).screen).toBe('decision');
    expect(match(paths.settings('system')).screen).toBe('settings');
    expect(match(paths.guestWatch()).screen).toBe('guest-watch');
  });

  it('ignores a slash at the end', () => {
    expect(match('/projects/p1/')).toEqual({ screen: 'project', project: 'p1' });
  });

  it('answers not found for what it does not know, and for broken escapes', () => {
    for (const path of ['/projects', '/settings/nothing', '/projects/a/versions', '/s/%E0%A4%A', '/x/y/z/w/v']) {
      expect(match(path), path).toEqual({ screen: 'not-found' });
    }
  });

  it('knows which pages need no account', () => {
    expect(isGuestRoute(match('/s/abc'))).toBe(true);
    expect(isGuestRoute(match('/review'))).toBe(true);
    expect(isGuestRoute(match('/projects/p/versions/v'))).toBe(false);
  });
});
