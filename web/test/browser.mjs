// Chromium with WebGPU on the processor, and a server for the pages that it opens.
import { createServer } from 'node:http';
import { createReadStream, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { chromium } from 'playwright-core';

const TYPES = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
  '.wgsl': 'text/plain',
};

/**
 * So long something in a page is waited for. What is there comes sooner; a machine that many jobs share may be ten
 * times as slow as one that a person sits at.
 */
export const WAIT_MS = process.env.CI ? 240_000 : 90_000;

/** The browser that is installed, or undefined. */
export const browserPath = ['chromium', 'google-chrome', 'chromium-browser']
  .flatMap((name) => (process.env.PATH ?? '').split(':').map((folder) => join(folder, name)))
  .find(existsSync);

/**
 * Serves folders: `mounts` maps a prefix such as `/bundle/` to a folder. `log` collects `METHOD PATH RANGE`; `cut`, if
 * set, is asked for each request after how many bytes the connection is to break. With `ranges` false it always sends
 * whole files. `headers` go with every file. `meddle` may answer a request in the server's place, and then says so.
 */
export async function serve(mounts, port = 0, headers = {}) {
  const state = { log: [], cut: () => undefined, ranges: true, meddle: () => false };
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url, 'http://localhost').pathname);
    const prefix = Object.keys(mounts).find((candidate) => path.startsWith(candidate));
    const file = prefix && normalize(join(mounts[prefix], path.slice(prefix.length) || 'index.html'));
    state.log.push(`${request.method} ${path} ${request.headers.range ?? ''}`.trim());
    if (state.meddle(request, response, file)) return;
    if (!file || !file.startsWith(normalize(mounts[prefix])) || !existsSync(file) || statSync(file).isDirectory()) {
      response.writeHead(404, headers).end();
      return;
    }
    const size = statSync(file).size;
    const range = state.ranges && /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
    const start = range ? Number(range[1]) : 0;
    const last = Math.min(size - 1, range && range[2] !== '' ? Number(range[2]) : size - 1);
    if (size === 0) {
      response.writeHead(range ? 416 : 200).end();
      return;
    }
    response.writeHead(range ? 206 : 200, {
      ...headers,
      'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
      'content-length': last + 1 - start,
      ...(range && { 'content-range': `bytes ${start}-${last}/${size}` }),
    });
    const limit = state.cut(path);
    const end = limit === undefined ? last : start + limit - 1;
    const stream = createReadStream(file, { start, end });
    stream.on('end', () => limit !== undefined && request.socket.destroy());
    stream.pipe(response, { end: limit === undefined });
  });
  await new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    ...state,
    state,
    url: `http://127.0.0.1:${server.address().port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}

/**
 * A browser with a profile of its own, in which preferences may be set; what it says on its console goes to the test's
 * output where it is an error.
 */
export async function launch(preferences = undefined) {
  const profile = mkdtempSync(join(tmpdir(), 'quern-browser-'));
  if (preferences) {
    mkdirSync(join(profile, 'Default'));
    writeFileSync(join(profile, 'Default', 'Preferences'), JSON.stringify(preferences));
  }
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: browserPath,
    args: [
      '--no-sandbox',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--enable-unsafe-webgpu',
    ],
  });
  context.setDefaultTimeout(WAIT_MS);
  return {
    context,
    close: async () => {
      await context.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}
