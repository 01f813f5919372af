import { describe, expect, it } from 'vitest';
import { moveOfVersion } from './move';

const ready = { state: 'ready', open_comment_count: 3 } as const;

describe('whose move', () => {
  it('is ours before there is anything to watch', () => {
    expect(moveOfVersion(null).side).toBe('us');
    expect(moveOfVersion({ ...ready, state: 'processing', review: 'in_review' }).side).toBe('us');
    expect(moveOfVersion({ ...ready, state: 'failed', review: 'in_review' }).tone).toBe('bad');
  });

  it('is the client’s while they watch, ours after they asked for changes, nobody’s once approved', () => {
    expect(moveOfVersion({ ...ready, review: 'in_review' }).side).toBe('client');
    const back = moveOfVersion({ ...ready, review: 'changes_requested' });
    expect(back.side).toBe('us');
    expect(back.what).toBe('Answer the notes, 3 open ones');
    expect(moveOfVersion({ ...ready, review: 'approved_with_changes' }).side).toBe('us');
    expect(moveOfVersion({ ...ready, review: 'approved' }).side).toBe('nobody');
  });
});
