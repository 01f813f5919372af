// A person of the studio who talks to the HTTP interface directly: sets scenes that a journey then looks at.
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { until } from './until.mjs';

export const OWNER = {
  studio_name: 'Northlight Studio',
  name: 'Olive Owner',
  email: 'owner@studio.test',
  password: 'a long enough pass phrase 4',
};

export class Account {
  #cookie = '';

  constructor(server) {
    this.server = server;
  }

  /** The owner of a studio that did not exist before. */
  static async first(server) {
    const account = new Account(server);
    await account.post('/api/setup', { ...OWNER, sample_project: false });
    return account;
  }

  /** The owner of a studio that exists. */
  static async owner(server) {
    const account = new Account(server);
    await account.post('/api/session', { email: OWNER.email, password: OWNER.password });
    return account;
  }

  get = (path) => this.#json('GET', path);
  post = (path, body) => this.#json('POST', path, body);
  patch = (path, body) => this.#json('PATCH', path, body);
  delete = (path) => this.#json('DELETE', path);

  /** The cookie that signs a browser in as this account. */
  get browserCookie() {
    const [name, value] = this.#cookie.split('=');
    return { name, value, domain: 'localhost', path: '/', secure: true, httpOnly: true, sameSite: 'Lax' };
  }

  /** Any request, with the session; fails on no status. */
  async request(method, path, { headers = {}, body } = {}) {
    const own = { cookie: this.#cookie, 'x-picturelock': '1' };
    const answer = await fetch(this.server.url + path, { method, headers: { ...own, ...headers }, body });
    const given = answer.headers.getSetCookie().map((cookie) => cookie.split(';')[0]);
    if (given.length > 0) this.#cookie = given[0];
    return answer;
  }

  /** A project with nothing in it. */
  project(name) {
    return this.post('/api/projects', { name, client: 'Acme' });
  }

  /** Uploads a file in parts and tells of its version, once it is ready. */
  async upload(project, path, { reviewable, name = basename(path) } = {}) {
    const bytes = readFileSync(path);
    const fields = { filename: name, ...(reviewable && { reviewable }) };
    const metadata = Object.entries(fields).map(([key, value]) => `${key} ${Buffer.from(value).toString('base64')}`);
    const tus = { 'tus-resumable': '1.0.0' };
    const created = await this.#must('POST', `/api/projects/${project}/uploads`, {
      headers: { ...tus, 'upload-length': String(bytes.length), 'upload-metadata': metadata.join(',') },
    });
    const part = Number(created.headers.get('picturelock-part-size')) || bytes.length;
    const location = new URL(created.headers.get('location'), this.server.url).pathname;
    let version = null;
    for (let offset = 0; offset < bytes.length; offset += part) {
      const answer = await this.#must('PATCH', location, {
        headers: { ...tus, 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream' },
        body: bytes.subarray(offset, offset + part),
      });
      version = answer.headers.get('picturelock-version') ?? version;
    }
    return this.ready(project, version);
  }

  /** The version, once it can be watched. */
  ready(project, version) {
    return until(
      `version ${version} is ready`,
      async () => {
        const seen = await this.get(`/api/projects/${project}/versions/${version}`);
        if (seen.state === 'failed') return Promise.reject(new Error(`${seen.file_name} failed: ${seen.reason}`));
        return seen.state === 'ready' && seen;
      },
      240_000,
    );
  }

  /** A new link `{share, link}` to the newest version. */
  share(project, reviewable, rights = {}, more = {}) {
    return this.post(`/api/projects/${project}/shares`, {
      reviewable_id: reviewable,
      label: 'Client',
      target: { type: 'newest' },
      rights: { comment: true, decide: true, download: false, ...rights },
      guests_see_each_other: true,
      ...more,
    });
  }

  /** A note of this account on frames `first` to `last`. */
  comment(version, text, first, { last = first, ...more } = {}) {
    return this.post(`/api/projects/${version.project_id}/versions/${version.id}/comments`, {
      anchor: { type: 'frames', first, last },
      text,
      kind: 'change',
      audience: 'everyone',
      client_key: crypto.randomUUID(),
      ...more,
    });
  }

  comments(version) {
    return this.get(`/api/projects/${version.project_id}/versions/${version.id}/comments`);
  }

  async #json(method, path, body) {
    const headers = body === undefined ? {} : { 'content-type': 'application/json' };
    const answer = await this.#must(method, path, { headers, body: body && JSON.stringify(body) });
    return answer.status === 204 ? null : answer.json();
  }

  async #must(method, path, request) {
    const answer = await this.request(method, path, request);
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer;
  }
}
