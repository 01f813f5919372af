/** Everything the review page can be told to do by a key or a button. */
export type Action =
  | 'play'
  | 'reverse'
  | 'stop'
  | 'forward'
  | 'step_back'
  | 'step_forward'
  | 'second_back'
  | 'second_forward'
  | 'first'
  | 'last'
  | 'go_to'
  | 'set_in'
  | 'set_out'
  | 'go_in'
  | 'go_out'
  | 'clear_range'
  | 'loop'
  | 'loop_here'
  | 'previous_note'
  | 'next_note'
  | 'next_open'
  | 'previous_open'
  | 'write_note'
  | 'reply'
  | 'send'
  | 'draw'
  | 'draw_note'
  | 'tool_pen'
  | 'tool_arrow'
  | 'tool_box'
  | 'tool_ellipse'
  | 'tool_text'
  | 'undo'
  | 'redo'
  | 'hide_marks'
  | 'full_screen'
  | 'zoom_in'
  | 'zoom_out'
  | 'zoom_fit'
  | 'help'
  | 'leave';

export interface Shortcut {
  action: Action;
  /** Combinations as `Shift+ArrowLeft`, `Ctrl+z`, `j`; `Ctrl` is also the Command key. */
  keys: string[];
  words: string;
  group: 'Play' | 'Move' | 'Range' | 'Notes' | 'Draw' | 'View';
  /** Only while drawing. */
  drawing?: true;
}

export const SHORTCUTS: readonly Shortcut[] = [
  { action: 'play', keys: ['Space'], words: 'Play or pause', group: 'Play' },
  { action: 'reverse', keys: ['j'], words: 'Backwards; again for 2, 4, 8 times', group: 'Play' },
  { action: 'stop', keys: ['k'], words: 'Stop; hold it and press J or L for one frame', group: 'Play' },
  { action: 'forward', keys: ['l'], words: 'Forwards; again for 2, 4, 8 times', group: 'Play' },
  { action: 'loop_here', keys: ['/'], words: 'Loop around this frame', group: 'Play' },
  { action: 'step_back', keys: ['ArrowLeft'], words: 'One frame back', group: 'Move' },
  { action: 'step_forward', keys: ['ArrowRight'], words: 'One frame on', group: 'Move' },
  { action: 'second_back', keys: ['Shift+ArrowLeft'], words: 'One second back', group: 'Move' },
  { action: 'second_forward', keys: ['Shift+ArrowRight'], words: 'One second on', group: 'Move' },
  { action: 'first', keys: ['Home'], words: 'First frame', group: 'Move' },
  { action: 'last', keys: ['End'], words: 'Last frame', group: 'Move' },
  { action: 'go_to', keys: ['g'], words: 'Go to a timecode or frame', group: 'Move' },
  { action: 'set_in', keys: ['i'], words: 'Set in', group: 'Range' },
  { action: 'set_out', keys: ['o'], words: 'Set out', group: 'Range' },
  { action: 'go_in', keys: ['Shift+i'], words: 'Go to in', group: 'Range' },
  { action: 'go_out', keys: ['Shift+o'], words: 'Go to out', group: 'Range' },
  { action: 'clear_range', keys: ['Alt+x'], words: 'Clear the range', group: 'Range' },
  { action: 'write_note', keys: ['m', 'c'], words: 'Write a note here', group: 'Notes' },
  { action: 'draw_note', keys: ['Shift+m'], words: 'Note with a drawing', group: 'Notes' },
  { action: 'send', keys: ['Ctrl+Enter'], words: 'Send the note', group: 'Notes' },
  { action: 'previous_note', keys: ['ArrowUp'], words: 'Previous note', group: 'Notes' },
  { action: 'next_note', keys: ['ArrowDown'], words: 'Next note', group: 'Notes' },
  { action: 'next_open', keys: ['n'], words: 'Next open note', group: 'Notes' },
  { action: 'previous_open', keys: ['Shift+n'], words: 'Previous open note', group: 'Notes' },
  { action: 'reply', keys: ['r'], words: 'Reply to the selected note', group: 'Notes' },
  { action: 'leave', keys: ['Escape'], words: 'Leave drawing, then the text, then the note', group: 'Notes' },
  { action: 'draw', keys: ['d'], words: 'Draw on this frame', group: 'Draw' },
  { action: 'tool_pen', keys: ['p'], words: 'Pen', group: 'Draw', drawing: true },
  { action: 'tool_arrow', keys: ['a'], words: 'Arrow', group: 'Draw', drawing: true },
  { action: 'tool_box', keys: ['b'], words: 'Box', group: 'Draw', drawing: true },
  { action: 'tool_ellipse', keys: ['e'], words: 'Ellipse', group: 'Draw', drawing: true },
  { action: 'tool_text', keys: ['t'], words: 'Text', group: 'Draw', drawing: true },
  { action: 'undo', keys: ['Ctrl+z'], words: 'Undo the last mark', group: 'Draw' },
  { action: 'redo', keys: ['Ctrl+Shift+z', 'Ctrl+y'], words: 'Redo', group: 'Draw' },
  { action: 'hide_marks', keys: ['h'], words: 'Hide or show all marks', group: 'View' },
  { action: 'full_screen', keys: ['f'], words: 'Full screen', group: 'View' },
  { action: 'zoom_in', keys: ['+', '='], words: 'Larger', group: 'View' },
  { action: 'zoom_out', keys: ['-'], words: 'Smaller', group: 'View' },
  { action: 'zoom_fit', keys: ['0'], words: 'Fit', group: 'View' },
  { action: 'help', keys: ['?'], words: 'This list', group: 'View' },
];

/** What of a keyboard event decides about its combination. */
export type Press = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>;

/** The combination pressed, written as in `SHORTCUTS`. */
export function combination(press: Press): string {
  let key = press.key === ' ' ? 'Space' : press.key;
  // With Alt many layouts give other characters; the key itself says which letter it is.
  if (press.altKey && press.code.startsWith('Key')) key = press.code.slice(3);
  const letter = /^\p{L}$/u.test(key);
  if (letter) key = key.toLowerCase();
  const ctrl = press.ctrlKey || press.metaKey ? 'Ctrl+' : '';
  const alt = press.altKey ? 'Alt+' : '';
  // Shift is part of how a sign such as "?" is typed, so it is told only for letters and named keys.
  const shift = press.shiftKey && (letter || key.length > 1) ? 'Shift+' : '';
  return ctrl + alt + shift + key;
}

/** Whether a combination is a single character, which a person can switch off. */
export function isCharacter(keys: string): boolean {
  return [...keys.replace(/^Shift\+/, '')].length === 1;
}

/** The action of `press`, if any. */
export function actionOf(press: Press, situation: { drawing: boolean; characters: boolean }): Action | null {
  const pressed = combination(press);
  if (!situation.characters && isCharacter(pressed)) return null;
  const found = SHORTCUTS.find((one) => one.keys.includes(pressed) && (!one.drawing || situation.drawing));
  return found?.action ?? null;
}

/** A combination as a person reads it: `Shift ←`. */
export function keyWords(keys: string): string[] {
  const names: Record<string, string> = {
    ArrowLeft: '←',
    ArrowRight: '→',
    ArrowUp: '↑',
    ArrowDown: '↓',
    Escape: 'Esc',
  };
  const parts = keys === '+' ? ['+'] : keys.split('+');
  return parts.map((part) => names[part] ?? (part.length === 1 ? part.toUpperCase() : part));
}
