// A page with nothing but a <video>: what a player without a frame table has to work with.
import { createReadStream, statSync } from 'node:fs';
import { createServer } from 'node:http';

const PAGE = '<!doctype html><title>plain</title><video id="video" src="/video.mp4" preload="auto" muted></video>';

/** Serves the page with `file` in it; gives `{url, close}`. */
export async function plainPage(file) {
  const server = createServer((request, response) => {
    if (request.url !== '/video.mp4') {
      response.writeHead(200, { 'content-type': 'text/html' }).end(PAGE);
      return;
    }
    const { size } = statSync(file);
    const [, from, to] = /bytes=(\d+)-(\d*)/.exec(request.headers.range ?? 'bytes=0-') ?? [];
    const start = Number(from ?? 0);
    const end = to ? Math.min(Number(to), size - 1) : size - 1;
    response.writeHead(206, {
      'content-type': 'video/mp4',
      'accept-ranges': 'bytes',
      'content-length': end - start + 1,
      'content-range': `bytes ${start}-${end}/${size}`,
    });
    createReadStream(file, { start, end })
      .on('error', () => response.destroy())
      .pipe(response);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://localhost:${server.address().port}/`,
    close: () => new Promise((resolve) => (server.closeAllConnections(), server.close(resolve))),
  };
}
