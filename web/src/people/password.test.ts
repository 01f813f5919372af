import { describe, expect, it } from 'vitest';
import { strengthOf } from './password';

describe('password strength', () => {
  it('asks for twelve characters, counted as people see them', () => {
    expect(strengthOf('').level).toBe(0);
    expect(strengthOf('elevenchars').words).toBe('1 more character needed.');
    expect(strengthOf('🎬🎬🎬').words).toBe('9 more characters needed.');
  });

  it('calls runs, repeats and own words weak', () => {
    expect(strengthOf('aaaaaaaaaaaaaa').level).toBe(1);
    expect(strengthOf('abcdefghijkl').level).toBe(1);
    expect(strengthOf('123456123456').level).toBe(1);
    expect(strengthOf('studio-north-1', ['North Studio', 'north']).level).toBe(1);
  });

  it('rewards length and variety', () => {
    expect(strengthOf('lantern pigeon').level).toBeGreaterThanOrEqual(2);
    expect(strengthOf('lantern pigeon umbrella 4!').level).toBe(4);
  });
});
