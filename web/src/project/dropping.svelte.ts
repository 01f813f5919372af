import type { Id } from '../api/types';
import { readDrop, type Picked } from '../upload/files';

/** Files dragged over the page: whether they hang over it, over which reviewable, and what was dropped. */
export class Dropping {
  over = $state(false);
  reviewable = $state<Id | null>(null);

  constructor(readonly dropped: (picked: Picked, reviewable: Id | null) => void) {}

  /** Listens on the whole window until the returned function is called. */
  listen(): () => void {
    const stop = new AbortController();
    const options = { signal: stop.signal };
    window.addEventListener('dragover', (event) => this.#over(event), options);
    window.addEventListener('dragleave', (event) => event.relatedTarget === null && this.#left(), options);
    window.addEventListener('drop', (event) => void this.#drop(event), options);
    return () => stop.abort();
  }

  #over(event: DragEvent): void {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = 'copy';
    this.over = true;
    this.reviewable = reviewableUnder(event.target);
  }

  #left(): void {
    this.over = false;
    this.reviewable = null;
  }

  async #drop(event: DragEvent): Promise<void> {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    const reviewable = reviewableUnder(event.target);
    const reading = readDrop(event.dataTransfer);
    this.#left();
    this.dropped(await reading, reviewable);
  }
}

function reviewableUnder(target: EventTarget | null): Id | null {
  const card = target instanceof Element ? target.closest<HTMLElement>('[data-reviewable]') : null;
  return card?.dataset.reviewable ?? null;
}
