// The real server, as a person would start it, in a folder of its own.
import { spawn } from 'node:child_process';
import { createWriteStream, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { binary, outFolder } from './places.mjs';
import { until } from './until.mjs';

export class Server {
  /** Starts a server with nothing in it. */
  static async start() {
    const server = new Server(mkdtempSync(join(tmpdir(), 'picturelock-e2e-')), await freePort());
    await server.begin();
    return server;
  }

  #process = null;

  constructor(data, port) {
    this.data = data;
    this.port = port;
    this.url = `http://localhost:${port}`;
    this.logFile = join(outFolder('logs'), `server-${port}.log`);
  }

  /** Starts (again) on the same port and data. */
  async begin() {
    const log = createWriteStream(this.logFile, { flags: 'a' });
    const args = ['serve', '--data', this.data, '--listen', `127.0.0.1:${this.port}`];
    this.#process = spawn(binary, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#process.stdout.pipe(log);
    this.#process.stderr.pipe(log);
    const gone = new Promise((_, fail) => {
      this.#process.once('error', fail);
      this.#process.once('exit', (code) => fail(new Error(`the server ended with ${code}: ${this.logTail()}`)));
    });
    gone.catch(() => {});
    await Promise.race([gone, until('the server answers', async () => (await fetch(`${this.url}/health`)).ok)]);
  }

  /** Ends it as a power cut would. */
  kill() {
    return this.#end('SIGKILL');
  }

  /** Ends it politely, and takes its data away. */
  async stop() {
    await this.#end('SIGTERM');
    rmSync(this.data, { recursive: true, force: true });
  }

  logTail(lines = 12) {
    return readFileSync(this.logFile, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
  }

  async #end(signal) {
    const running = this.#process;
    this.#process = null;
    if (!running || running.exitCode !== null || running.signalCode !== null) return;
    const ended = new Promise((resolve) => running.once('exit', resolve));
    running.kill(signal);
    // Open event streams may keep a polite end waiting.
    const impatience = setTimeout(() => running.kill('SIGKILL'), 5_000);
    await ended;
    clearTimeout(impatience);
  }
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
