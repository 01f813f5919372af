export interface Toast {
  id: number;
  text: string;
  tone: 'plain' | 'bad';
  action: { word: string; run: () => void } | null;
}

/** Short messages at the foot of the page. What a person must act on does not belong here. */
class Toasts {
  list = $state<Toast[]>([]);
  #next = 1;

  say(text: string, action: Toast['action'] = null): void {
    this.#add({ id: this.#next++, text, tone: 'plain', action });
  }

  /** A failure; stays until closed. */
  fail(text: string): void {
    this.#add({ id: this.#next++, text, tone: 'bad', action: null });
  }

  close(id: number): void {
    this.list = this.list.filter((toast) => toast.id !== id);
  }

  #add(toast: Toast): void {
    this.list = [...this.list.filter(({ text }) => text !== toast.text), toast].slice(-4);
    if (toast.tone === 'plain') setTimeout(() => this.close(toast.id), toast.action ? 10_000 : 5_000);
  }
}

export const toasts = new Toasts();
