import { describe, expect, it } from 'vitest';
import type { Shape } from '../api/types';
import { Draw } from './draw.svelte';
import { add, EMPTY, redo, undo } from './history';
import { begin, extend, inWords, isMeant, outline } from './shapes';

const box = (to: number): Shape => ({ type: 'box', colour: 'red', from: [0, 0], to: [to, to] });

describe('history', () => {
  it('undoes and redoes in order', () => {
    let history = [0.1, 0.2, 0.3].map(box).reduce(add, EMPTY);
    history = undo(undo(history));
    expect(history.shapes).toEqual([box(0.1)]);
    expect(redo(history).shapes).toEqual([box(0.1), box(0.2)]);
    expect(redo(redo(redo(history))).shapes).toEqual([box(0.1), box(0.2), box(0.3)]);
  });

  it('forgets what was undone once something new is drawn', () => {
    const history = add(undo(add(EMPTY, box(0.1))), box(0.9));
    expect(redo(history).shapes).toEqual([box(0.9)]);
  });

  it('has nothing to undo in an empty drawing', () => {
    expect(undo(EMPTY)).toEqual(EMPTY);
    expect(redo(EMPTY)).toEqual(EMPTY);
  });
});

describe('shapes', () => {
  it('stay on the picture however far the hand goes', () => {
    const arrow = extend(begin('arrow', 'white', [-0.2, 0.5]), [1.7, -3]);
    expect(arrow).toEqual({ type: 'arrow', colour: 'white', from: [0, 0.5], to: [1, 0] });
  });

  it('leave out points that add nothing', () => {
    let pen = begin('pen', 'cyan', [0.5, 0.5]);
    for (let i = 0; i < 50; i += 1) pen = extend(pen, [0.5 + i * 0.00001, 0.5]);
    pen = extend(pen, [0.6, 0.5]);
    expect(pen.type === 'pen' && pen.points).toEqual([
      [0.5, 0.5],
      [0.6, 0.5],
    ]);
  });

  it('are dropped when they are slips of the hand', () => {
    expect(isMeant(box(0.001))).toBe(false);
    expect(isMeant(box(0.1))).toBe(true);
  });

  it('are drawn in the proportions of the picture', () => {
    expect(outline(box(0.5), 900)).toBe('M0 0H800V450H0Z');
    expect(outline(box(0.5), 2844)).toBe('M0 0H800V1422H0Z');
  });

  it('are told in words', () => {
    const text: Shape = { type: 'text', colour: 'white', at: [0, 0], text: 'logo' };
    expect(inWords([box(1), text, box(0.5)])).toBe('2 boxes, text “logo”');
  });
});

describe('drawing by keys', () => {
  it('starts, moves and ends a box with the crosshair', () => {
    const draw = new Draw();
    draw.take('box');
    draw.press();
    draw.nudge(0.1, 0);
    draw.nudge(0, 0.2);
    draw.press();
    expect(draw.shapes).toEqual([{ type: 'box', colour: 'white', from: [0.5, 0.5], to: [0.6, 0.7] }]);
    expect(draw.pending).toBeNull();
  });

  it('sets a size without dragging', () => {
    const draw = new Draw();
    draw.take('ellipse');
    draw.nudge(0, 0);
    draw.nextSize();
    draw.nextSize();
    draw.press();
    expect(draw.shapes).toEqual([{ type: 'ellipse', colour: 'white', from: [0.4, 0.4], to: [0.6, 0.6] }]);
  });

  it('gives up the shape under way before it undoes a finished one', () => {
    const draw = new Draw();
    draw.open([box(0.5)]);
    draw.take('arrow');
    draw.start([0.1, 0.1]);
    draw.undo();
    expect(draw.shapes).toHaveLength(1);
    draw.undo();
    expect(draw.shapes).toHaveLength(0);
  });
});
