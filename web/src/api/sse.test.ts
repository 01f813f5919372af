import { describe, expect, it } from 'vitest';
import { EventStreamParser } from './sse';

describe('event stream', () => {
  it('gives the same events however the text is cut', () => {
    const text =
      ': hello\r\n\r\nid: 7\nevent: message\ndata: {"a":1}\n\nid:8\ndata: one\ndata: two\r\n\r\nevent: ended\ndata:\n\n';
    const whole = new EventStreamParser().push(text);
    expect(whole).toEqual([
      { id: '7', event: 'message', data: '{"a":1}' },
      { id: '8', event: 'message', data: 'one\ntwo' },
      { id: '8', event: 'ended', data: '' },
    ]);
    for (let size = 1; size < text.length; size += 1) {
      const parser = new EventStreamParser();
      const events = [];
      for (let at = 0; at < text.length; at += size) events.push(...parser.push(text.slice(at, at + size)));
      expect(events, `pieces of ${size}`).toEqual(whole);
    }
  });

  it('keeps half an event back', () => {
    expect(new EventStreamParser().push('data: not yet\n')).toEqual([]);
  });
});
