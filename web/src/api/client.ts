/** A refusal or failure of the server, in the words it gave. `status` 0 means it could not be reached. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    /** Seconds to wait before trying again, where the server said so. */
    readonly retryAfter: number | null = null,
  ) {
    super(detail);
    this.name = 'Problem';
  }

  get offline(): boolean {
    return this.status === 0;
  }
}

/** A sentence for a person, whatever was thrown. */
export function sentenceOf(error: unknown): string {
  if (error instanceof Problem) return error.detail;
  return 'Something unexpected happened. Reload the page; nothing that was confirmed is lost.';
}

export interface CallOptions {
  signal?: AbortSignal;
  /** Let the request outlive the page (for reports sent while leaving). */
  keepalive?: boolean;
}

type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';

class Client {
  /** Guest pages act as the guest even when an account is signed in too. Set once per page by the router. */
  asGuest = false;
  /** Told when the server says that the account's session has ended. */
  onSignedOut: (() => void) | null = null;

  get<T>(path: string, options?: CallOptions): Promise<T> {
    return this.#call<T>('GET', path, undefined, options);
  }

  post<T = void>(path: string, body?: unknown, options?: CallOptions): Promise<T> {
    return this.#call<T>('POST', path, body ?? {}, options);
  }

  patch<T = void>(path: string, body: unknown, options?: CallOptions): Promise<T> {
    return this.#call<T>('PATCH', path, body, options);
  }

  put<T = void>(path: string, body?: unknown, options?: CallOptions): Promise<T> {
    return this.#call<T>('PUT', path, body ?? {}, options);
  }

  del<T = void>(path: string, options?: CallOptions): Promise<T> {
    return this.#call<T>('DELETE', path, undefined, options);
  }

  /** An address for `<img>`, `<video>` and downloads, where no header can be sent. */
  url(path: string): string {
    if (!this.asGuest) return path;
    return `${path}${path.includes('?') ? '&' : '?'}as=guest`;
  }

  /** The headers every request carries, for callers that bring their own transport (uploads, events). */
  headers(): Record<string, string> {
    return this.asGuest ? { 'X-Picturelock': '1', 'X-Picturelock-As': 'guest' } : { 'X-Picturelock': '1' };
  }

  async #call<T>(method: Method, path: string, body: unknown, options: CallOptions = {}): Promise<T> {
    const headers: Record<string, string> = { Accept: 'application/json', ...this.headers() };
    if (body !== undefined) headers['Content-Type'] = 'application/json';
    let response: Response;
    try {
      response = await fetch(path, {
        method,
        headers,
        credentials: 'same-origin',
        body: body === undefined ? undefined : JSON.stringify(body),
        signal: options.signal,
        keepalive: options.keepalive,
      });
    } catch (cause) {
      if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
      throw new Problem(0, 'offline', 'The server cannot be reached. Check the connection and try again.');
    }
    if (!response.ok) {
      const problem = await problemOf(response);
      const ended = problem.status === 401 && problem.code === 'sign_in';
      if (ended && !this.asGuest && path !== '/api/session') this.onSignedOut?.();
      throw problem;
    }
    if (response.status === 204 || response.headers.get('content-length') === '0') return undefined as T;
    return (await response.json()) as T;
  }
}

async function problemOf(response: Response): Promise<Problem> {
  const wait = Number(response.headers.get('retry-after'));
  const retryAfter = Number.isFinite(wait) && wait > 0 ? wait : null;
  const body: unknown = await response.json().catch(() => null);
  const { code, detail, title } = (body ?? {}) as { code?: string; detail?: string; title?: string };
  return new Problem(response.status, code ?? 'unknown', detail ?? title ?? fallback(response.status), retryAfter);
}

function fallback(status: number): string {
  if (status === 404) return 'This does not exist, or you may not see it.';
  if (status === 413) return 'The server refused this because it is too large.';
  if (status >= 500) return 'The server failed to answer. Nothing was changed; try again in a moment.';
  return 'The server refused this.';
}

export const api = new Client();
