/** `<input type="datetime-local">` speaks in wall-clock time without a zone; the API in UTC. */

/** "2026-11-24T18:00" in the viewer's zone, or "" for none. */
export function toLocal(time: string | null): string {
  if (!time) return '';
  const date = new Date(time);
  const shifted = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 16);
}

/** RFC 3339 UTC, or null for an empty or unfinished field. */
export function fromLocal(local: string): string | null {
  const date = new Date(local);
  return local === '' || Number.isNaN(date.getTime()) ? null : date.toISOString();
}
