import { api, sentenceOf } from '../api/client';
import type { Project, SystemFacts } from '../api/types';
import { counted, plural, urgency } from '../lib/format';
import { may } from '../people/permissions';
import { session } from '../people/session.svelte';
import { moveOf, type Move, type Side } from './move';

export interface Row {
  project: Project;
  move: Move;
  due: string | null;
}

export type Filter = 'all' | 'us' | 'client' | 'overdue';

/** The projects of the studio, sorted by whose move it is, then by due date. */
export class Dashboard {
  projects = $state<Project[] | null>(null);
  system = $state<SystemFacts | null>(null);
  failure = $state('');
  filter = $state<Filter>('all');

  rows = $derived.by((): Row[] =>
    (this.projects ?? []).map((project) => ({
      project,
      move: moveOf(project.latest, project.open_comment_count),
      due: project.latest?.answer_by ?? null,
    })),
  );

  counts = $derived.by((): Record<Filter, number> => {
    const overdue = this.rows.filter(isOverdue).length;
    return { all: this.rows.length, us: this.#of('us').length, client: this.#of('client').length, overdue };
  });

  groups = $derived.by(() => {
    const shown = this.rows.filter((row) => this.#passes(row));
    const sides: [Side, string][] = [
      ['us', 'On us'],
      ['client', 'On the client'],
      ['nobody', 'Approved, nobody waits'],
    ];
    return sides
      .map(([side, name]) => ({ side, name, rows: shown.filter(({ move }) => move.side === side).sort(byDue) }))
      .filter(({ rows }) => rows.length > 0);
  });

  headline = $derived.by((): { text: string; tone: Move['tone']; icon: Move['icon'] } => {
    const us = this.counts.us;
    const late = this.counts.overdue;
    const lateWords = late === 0 ? '' : `, ${late === 1 ? 'one is' : `${late} are`} late`;
    if (us > 0) {
      const text = `${counted(us, 'project')} ${us === 1 ? 'waits' : 'wait'} on us${lateWords}`;
      return { text, tone: late > 0 ? 'bad' : 'acc', icon: late > 0 ? 'warn' : 'user' };
    }
    const client = this.counts.client;
    if (client > 0) {
      const text = `${counted(client, 'project')} ${client === 1 ? 'waits' : 'wait'} on the client${lateWords}`;
      return { text, tone: late > 0 ? 'bad' : 'calm', icon: late > 0 ? 'warn' : 'clock' };
    }
    if (this.counts.all > 0) return { text: 'Nobody waits', tone: 'ok', icon: 'check' };
    return { text: 'Projects', tone: 'calm', icon: 'film' };
  });

  /** What to do first, in one line. */
  advice = $derived.by((): string => {
    const first = [...this.#of('us')].sort(byDue)[0] ?? [...this.#of('client')].sort(byDue)[0];
    if (!first) return '';
    const what = first.move.what.charAt(0).toLowerCase() + first.move.what.slice(1);
    return `${first.project.name} first: ${what}`;
  });

  openNotes = $derived(this.rows.reduce((sum, { project }) => sum + project.open_comment_count, 0));

  async load(): Promise<void> {
    try {
      this.projects = await api.get<Project[]>('/api/projects');
      this.failure = '';
    } catch (error) {
      this.failure = sentenceOf(error);
    }
    if (may(session.me, 'view_system')) {
      this.system = await api.get<SystemFacts>('/api/system').catch(() => null);
    }
  }

  waiting = $derived.by(() => {
    const client = this.counts.client;
    return client > 0 && this.counts.us > 0
      ? `${plural(client, 'other')} ${client === 1 ? 'waits' : 'wait'} on clients`
      : '';
  });

  #of(side: Side): Row[] {
    return this.rows.filter(({ move }) => move.side === side);
  }

  #passes(row: Row): boolean {
    switch (this.filter) {
      case 'all':
        return true;
      case 'us':
      case 'client':
        return row.move.side === this.filter;
      case 'overdue':
        return isOverdue(row);
    }
  }
}

function isOverdue(row: Row): boolean {
  return row.due !== null && row.move.side !== 'nobody' && urgency(row.due) === 'late';
}

function byDue(a: Row, b: Row): number {
  if (a.due === b.due) return a.project.name.localeCompare(b.project.name);
  if (a.due === null) return 1;
  if (b.due === null) return -1;
  return a.due < b.due ? -1 : 1;
}
