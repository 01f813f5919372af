export const LEAST = 12;

export interface Strength {
  /** How many of four parts are filled. */
  level: 0 | 1 | 2 | 3 | 4;
  words: string;
}

/**
 * How hard a password is to guess, in words. Length counts most; repetition, runs and the person's own words count
 * against it. A hint for people: the server has the last word.
 */
export function strengthOf(password: string, own: string[] = []): Strength {
  const length = [...password].length;
  if (length === 0) return { level: 0, words: `At least ${LEAST} characters. A few random words are fine.` };
  if (length < LEAST) {
    const missing = LEAST - length;
    return { level: 0, words: `${missing} more ${missing === 1 ? 'character' : 'characters'} needed.` };
  }
  const lower = password.toLowerCase();
  if (own.some((word) => word.length >= 4 && lower.includes(word.toLowerCase()))) {
    return { level: 1, words: 'Weak: it contains your name, email or studio.' };
  }
  const real = length - predictable(lower);
  if (real < 6) return { level: 1, words: 'Weak: too regular to be hard to guess.' };
  const score = real + 2 * kinds(password);
  if (score < 15) return { level: 2, words: 'Fair: longer would be better.' };
  if (score < 21) return { level: 3, words: 'Good.' };
  return { level: 4, words: 'Strong.' };
}

/** Characters that repeat or continue the one before. */
function predictable(text: string): number {
  let count = 0;
  for (let i = 1; i < text.length; i += 1) {
    const step = text.charCodeAt(i) - text.charCodeAt(i - 1);
    if (step === 0 || step === 1 || step === -1) count += 1;
  }
  const half = text.length >> 1;
  if (text.slice(0, half) === text.slice(half, half * 2)) count = Math.max(count, half);
  return count;
}

function kinds(text: string): number {
  return [/\p{Ll}/u, /\p{Lu}/u, /\p{N}/u, /[^\p{L}\p{N}]/u].filter((kind) => kind.test(text)).length;
}
