/** How figures are written for people. Times are shown in the viewer's zone, with the zone named. */

const locale = 'en-GB';

/** "412 MB": decimal units as disks are sold, three significant figures at most. */
export function bytes(count: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
  let value = count;
  let unit = 0;
  while (unit < units.length - 1 && roundedUp(value) >= 1000) {
    value /= 1000;
    unit += 1;
  }
  return `${value.toFixed(unit === 0 ? 0 : digits(value))} ${units[unit]}`;
}

function roundedUp(value: number): number {
  return Number(value.toFixed(digits(value)));
}

function digits(value: number): number {
  if (value >= 100) return 0;
  return value >= 10 ? 1 : 2;
}

/** "3:05" or "1:02:09" for clocks that count down. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  const rest = String(whole % 60).padStart(2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`;
}

/** "52 seconds", "1 minute 30 seconds", "1 hour 4 minutes": the length of a film in words. */
export function lengthInWords(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 60) return plural(seconds, 'second');
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) {
    const rest = seconds % 60;
    return rest === 0 ? plural(minutes, 'minute') : `${plural(minutes, 'minute')} ${plural(rest, 'second')}`;
  }
  const rest = minutes % 60;
  const hours = Math.floor(minutes / 60);
  return rest === 0 ? plural(hours, 'hour') : `${plural(hours, 'hour')} ${plural(rest, 'minute')}`;
}

/** "3 notes", "1 note". */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString(locale)} ${count === 1 ? one : many}`;
}

/** "Two projects", "14 projects": small counts as words, at the start of a sentence. */
export function counted(count: number, one: string, many = `${one}s`): string {
  const words = ['No', 'One', 'Two', 'Three', 'Four', 'Five', 'Six', 'Seven', 'Eight', 'Nine', 'Ten'];
  return `${words[count] ?? count.toLocaleString(locale)} ${count === 1 ? one : many}`;
}

/** "7f3a…c1": enough of a hash to compare by eye. */
export function hashPrefix(hash: string): string {
  return `${hash.slice(0, 4)}…${hash.slice(-2)}`;
}

/** "24 fps", "23.976 fps". */
export function rate(value: { num: number; den: number }): string {
  return `${Number((value.num / value.den).toFixed(3))} fps`;
}

/** "Tuesday 24 Nov, 18:00 CET". */
export function deadline(time: string, zone?: string): string {
  return `${parts(time, { weekday: 'long', day: 'numeric', month: 'short' }, zone)}, ${hour(time, zone)} ${zoneName(time, zone)}`;
}

/** "Tue 24 Nov, 18:00", as in tables, where the zone is named once above. */
export function shortDeadline(time: string, now = Date.now(), zone?: string): string {
  const today = dayKey(new Date(now), zone) === dayKey(new Date(time), zone);
  const day = today ? 'Today' : `${parts(time, { weekday: 'short', day: 'numeric', month: 'short' }, zone)},`;
  return `${day} ${hour(time, zone)}`;
}

/** "24 Nov 2025". */
export function day(time: string, zone?: string): string {
  return parts(time, { day: 'numeric', month: 'short', year: 'numeric' }, zone);
}

/** "24 Nov 2025, 18:00 CET". */
export function moment(time: string, zone?: string): string {
  return `${day(time, zone)}, ${hour(time, zone)} ${zoneName(time, zone)}`;
}

/** The short name of the zone in force then, "CET". */
export function zoneName(time: string, zone?: string): string {
  const found = new Intl.DateTimeFormat(locale, { timeZoneName: 'short', timeZone: zone })
    .formatToParts(new Date(time))
    .find((part) => part.type === 'timeZoneName');
  return found?.value ?? 'UTC';
}

/** "2 days left", "5 hours left", "1 day late". */
export function timeLeft(time: string, now = Date.now()): string {
  const minutes = Math.round((new Date(time).getTime() - now) / 60_000);
  const word = minutes < 0 ? 'late' : 'left';
  const away = Math.abs(minutes);
  if (away < 60) return `${plural(Math.max(1, away), 'minute')} ${word}`;
  if (away < (minutes < 0 ? 24 : 48) * 60) return `${plural(Math.round(away / 60), 'hour')} ${word}`;
  return `${plural(Math.round(away / 1440), 'day')} ${word}`;
}

/** How close a deadline is, for its colour and its icon. */
export function urgency(time: string, now = Date.now()): 'late' | 'soon' | 'calm' {
  const hours = (new Date(time).getTime() - now) / 3_600_000;
  if (hours < 0) return 'late';
  return hours < 48 ? 'soon' : 'calm';
}

/** "just now", "38 min ago", "yesterday", "2 Nov". */
export function ago(time: string, now = Date.now()): string {
  const then = new Date(time);
  const minutes = Math.round((now - then.getTime()) / 60_000);
  if (minutes < 1) return 'just now';
  if (minutes < 60) return `${minutes} min ago`;
  if (minutes < 12 * 60) return `${Math.round(minutes / 60)} h ago`;
  if (dayKey(then) === dayKey(new Date(now))) return 'today';
  if (dayKey(then) === dayKey(new Date(now - 86_400_000))) return 'yesterday';
  const sameYear = then.getFullYear() === new Date(now).getFullYear();
  return parts(time, { day: 'numeric', month: 'short', year: sameYear ? undefined : 'numeric' });
}

/** "A", "A and B", "A, B and C". */
export function listed(words: string[], joint = 'and'): string {
  if (words.length < 2) return words[0] ?? '';
  return `${words.slice(0, -1).join(', ')} ${joint} ${words.at(-1)}`;
}

/** Two letters that stand for a person. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const first = [...(words[0] ?? '?')][0] ?? '?';
  const last = words.length > 1 ? ([...(words.at(-1) ?? '')][0] ?? '') : '';
  return (first + last).toUpperCase();
}

function parts(time: string, options: Intl.DateTimeFormatOptions, zone?: string): string {
  return new Intl.DateTimeFormat(locale, { ...options, timeZone: zone }).format(new Date(time)).replace(',', '');
}

function hour(time: string, zone?: string): string {
  return new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', timeZone: zone }).format(new Date(time));
}

function dayKey(date: Date, zone?: string): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(date);
}
