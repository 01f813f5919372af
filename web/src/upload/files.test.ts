import { describe, expect, it } from 'vitest';
import { fingerprint, isFilm } from './files';

describe('fingerprint', () => {
  const file = { name: 'Fine cut v4.mov', size: 640_000_000, lastModified: 1_760_000_000_000 };

  it('is the same for the same file and differs in name, size and time', () => {
    expect(fingerprint({ ...file })).toBe(fingerprint(file));
    expect(fingerprint({ ...file, name: 'Fine cut v5.mov' })).not.toBe(fingerprint(file));
    expect(fingerprint({ ...file, size: 640_000_001 })).not.toBe(fingerprint(file));
    expect(fingerprint({ ...file, lastModified: 1_760_000_000_001 })).not.toBe(fingerprint(file));
  });

  it('fits a header whatever the name is', () => {
    const long = fingerprint({ ...file, name: '影片'.repeat(400) });
    expect(long).toMatch(/^[a-z0-9-]{10,48}$/);
  });
});

it('takes films out of a folder and leaves the rest', () => {
  expect(['a.MOV', 'b.mxf', 'c d.mp4'].every(isFilm)).toBe(true);
  expect(['.DS_Store', '._a.mov', 'notes.txt', 'Thumbs.db', 'mov'].some(isFilm)).toBe(false);
});
