import { actionOf } from '../player/keys';
import type { Desk } from './desk.svelte';

/** Turns key presses anywhere on the page into actions, and leaves alone whoever types. Returns what stops it. */
export function listenToKeys(desk: Desk): () => void {
  const end = new AbortController();
  const { signal } = end;
  let stopHeld = false;

  window.addEventListener(
    'keydown',
    (event) => {
      if (event.defaultPrevented || event.isComposing || !(event.target instanceof Element)) return;
      if (event.key === 'Escape' && isText(event.target)) return leaveText(event, desk);
      if (belongsElsewhere(event.target, event.key)) return;
      const action = actionOf(event, { drawing: desk.draw.tool !== null, characters: desk.preferences.characters });
      if (!action || action === 'send') return;
      event.preventDefault();
      if (action === 'stop') stopHeld = true;
      if (stopHeld && action === 'reverse') return desk.act('step_back');
      if (stopHeld && action === 'forward') return desk.act('step_forward');
      if (event.repeat && !REPEATS.has(action)) return;
      desk.act(action);
    },
    { signal },
  );
  window.addEventListener('keyup', (event) => event.key.toLowerCase() === 'k' && (stopHeld = false), { signal });
  window.addEventListener('blur', () => (stopHeld = false), { signal });
  return () => end.abort();
}

/** Actions that a held key repeats. */
const REPEATS = new Set([
  'step_back',
  'step_forward',
  'second_back',
  'second_forward',
  'zoom_in',
  'zoom_out',
  'undo',
  'redo',
]);

function leaveText(event: KeyboardEvent, desk: Desk): void {
  if (event.target instanceof HTMLElement && !event.target.closest('[role="dialog"]')) {
    event.preventDefault();
    if (desk.draw.tool) desk.draw.leave();
    else event.target.blur();
  }
}

function belongsElsewhere(target: Element, key: string): boolean {
  if (isText(target) || target.closest('[role="dialog"], [role="menu"], select, [contenteditable="true"]')) return true;
  const presses = key === ' ' || key === 'Enter';
  if (presses && target.closest('button, a, summary, input')) return true;
  return key.startsWith('Arrow') && target.closest('input, [role="tablist"]') !== null;
}

function isText(target: Element): boolean {
  if (target instanceof HTMLTextAreaElement) return true;
  const others = ['checkbox', 'radio', 'range', 'button', 'submit'];
  return target instanceof HTMLInputElement && !others.includes(target.type);
}
