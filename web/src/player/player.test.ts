import { describe, expect, it } from 'vitest';
import { FrameTable } from '../lib/frames';
import { frameNamed, GoToError } from './goto';
import { actionOf, combination, SHORTCUTS, type Press } from './keys';
import { FrameLabels } from './labels';
import { SeekQueue } from './seek-queue';
import { faster, type Speed } from './shuttle';

function deferred() {
  let resolve!: () => void;
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}

describe('seek queue', () => {
  it('runs the first target, and of those asked for meanwhile only the newest', async () => {
    const ran: number[] = [];
    const gates = new Map<number, ReturnType<typeof deferred>>();
    const queue = new SeekQueue((frame) => {
      ran.push(frame);
      const gate = deferred();
      gates.set(frame, gate);
      return gate.promise;
    });
    const done = queue.request(1);
    for (let frame = 2; frame <= 50; frame += 1) void queue.request(frame);
    expect(ran).toEqual([1]);
    gates.get(1)!.resolve();
    await Promise.resolve();
    await Promise.resolve();
    expect(ran).toEqual([1, 50]);
    expect(queue.busy).toBe(true);
    gates.get(50)!.resolve();
    await done;
    expect(queue.busy).toBe(false);
  });

  it('goes on after a seek that failed', async () => {
    const ran: number[] = [];
    const queue = new SeekQueue(async (frame) => {
      ran.push(frame);
      if (frame === 1) throw new Error('gone');
    });
    await expect(queue.request(1)).rejects.toThrow('gone');
    await queue.request(2);
    expect(ran).toEqual([1, 2]);
  });

  it('can drop the target that has not begun', async () => {
    const ran: number[] = [];
    const gate = deferred();
    const queue = new SeekQueue((frame) => {
      ran.push(frame);
      return gate.promise;
    });
    const done = queue.request(1);
    void queue.request(2);
    queue.drop();
    gate.resolve();
    await done;
    expect(ran).toEqual([1]);
  });
});

describe('shuttle', () => {
  it('gets faster the same way and turns round the other way', () => {
    let speed: Speed = 0;
    const forward = [1, 2, 3, 4, 5].map(() => (speed = faster(speed, 1)));
    expect(forward).toEqual([1, 2, 4, 8, 8]);
    expect(faster(8, -1)).toBe(-1);
    expect(faster(-4, -1)).toBe(-8);
  });
});

const table = new FrameTable({ time_base: { num: 1, den: 24 }, runs: [[1, 1253]] });
const footage = { frame_rate: { num: 24, den: 1 }, rate_class: 'constant', start_timecode: null } as const;
const hour = { frames: 86_400, drop_frame: 'non_drop' } as const;

describe('labels', () => {
  it('name frames from the start timecode, the end of the last frame included', () => {
    const labels = new FrameLabels({ ...footage, start_timecode: hour }, table);
    expect(labels.of(0)).toBe('01:00:00:00');
    expect(labels.of(1253)).toBe('01:00:52:05');
    expect(labels.frameOf('01:00:29:06')).toBe(702);
    expect(labels.frameOf('00:00:29:06')).toBeNull();
    expect(labels.clock(702)).toBe('0:29.250');
  });

  it('are by time where frames last unequally long, and lead back to the frame', () => {
    const uneven = new FrameTable({
      time_base: { num: 1, den: 90000 },
      runs: [
        [3003, 40],
        [6006, 40],
        [3003, 40],
      ],
    });
    const labels = new FrameLabels(
      { frame_rate: { num: 30000, den: 1001 }, rate_class: 'variable', start_timecode: null },
      uneven,
    );
    expect(labels.of(40)).toBe('00:00:01:10');
    expect(labels.of(41)).toBe('00:00:01:12');
    for (let frame = 0; frame < uneven.length; frame += 1) expect(labels.frameOf(labels.of(frame))).toBe(frame);
    expect(labels.frameOf('00:00:01:11')).toBe(40);
  });
});

describe('go to', () => {
  const labels = new FrameLabels({ ...footage, start_timecode: hour }, table);
  it('reads timecodes, frames and steps', () => {
    for (const [typed, frame] of [
      ['01:00:29:06', 702],
      ['702', 702],
      ['+10', 710],
      ['-10', 690],
      ['−00:00:02:00', 652],
      ['+2:00', 748],
      ['+99999', 1252],
      ['-00:10:00:00', 0],
    ] as const) {
      expect([typed, frameNamed(typed, 700, labels)]).toEqual([typed, frame]);
    }
    expect(frameNamed('29:06', 0, new FrameLabels(footage, table))).toBe(702);
  });

  it('refuses what names no frame, in a sentence', () => {
    for (const typed of ['', '+', '1253', '00:00:29:06', '01:00:00:24', 'soon']) {
      expect(() => frameNamed(typed, 0, labels), typed).toThrow(GoToError);
    }
    expect(() => frameNamed('02:00:00:00', 0, labels)).toThrow('from 01:00:00:00 to 01:00:52:04');
  });
});

describe('keys', () => {
  const press = (key: string, more: Partial<Press> = {}): Press => ({
    key,
    code: '',
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    shiftKey: false,
    ...more,
  });
  const everywhere = { drawing: false, characters: true };

  it('find the action on any layout', () => {
    expect(actionOf(press(' '), everywhere)).toBe('play');
    expect(actionOf(press('J', { shiftKey: false }), everywhere)).toBe('reverse');
    expect(actionOf(press('?', { shiftKey: true }), everywhere)).toBe('help');
    expect(actionOf(press('M', { shiftKey: true }), everywhere)).toBe('draw_note');
    expect(actionOf(press('≈', { altKey: true, code: 'KeyX' }), everywhere)).toBe('clear_range');
    expect(actionOf(press('z', { metaKey: true }), everywhere)).toBe('undo');
    expect(combination(press('Z', { ctrlKey: true, shiftKey: true }))).toBe('Ctrl+Shift+z');
    expect(actionOf(press('c', { ctrlKey: true }), everywhere)).toBeNull();
  });

  it('leave single characters alone when they are switched off', () => {
    const off = { drawing: false, characters: false };
    expect(actionOf(press('j'), off)).toBeNull();
    expect(actionOf(press('/'), off)).toBeNull();
    expect(actionOf(press('ArrowLeft'), off)).toBe('step_back');
    expect(actionOf(press('ArrowLeft', { shiftKey: true }), off)).toBe('second_back');
  });

  it('take tools in hand only while drawing', () => {
    expect(actionOf(press('b'), everywhere)).toBeNull();
    expect(actionOf(press('b'), { drawing: true, characters: true })).toBe('tool_box');
  });

  it('never give one combination two meanings', () => {
    const all = SHORTCUTS.flatMap((one) => one.keys);
    expect(new Set(all).size).toBe(all.length);
  });
});
