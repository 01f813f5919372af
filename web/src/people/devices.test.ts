import { expect, it } from 'vitest';
import { deviceName } from './devices';

it('names a browser and its system, and shows what it does not know', () => {
  const chrome = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36';
  expect(deviceName(chrome)).toBe('Chrome on Linux');
  expect(deviceName('Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1')).toBe(
    'Safari on iPhone',
  );
  expect(deviceName('Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/150.0')).toBe('Firefox on Windows');
  expect(deviceName('curl/8.5')).toBe('curl/8.5');
  expect(deviceName('')).toBe('Unknown device');
});
