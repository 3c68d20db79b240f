// Downloads that go wrong on the way: they stall, break off, or are refused for a while; what comes is another file, or
// a web page. For bundles and for model files.
import assert from 'node:assert/strict';
import { createReadStream, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { compileTiny, openPage, setStage, skip } from './stage.mjs';

const PATIENCE = { backoffMs: 20, tries: 3 };
const HEAD = 50_000;

const SOURCES = {
  bundle: { address: '/bundles/tiny', file: '/bundles/tiny/weights/000.bin' },
  'model file': { address: '/bundles/tiny.gguf', file: '/bundles/tiny.gguf' },
};

let stage, server, page, expected;

before(async () => {
  if (skip) return;
  stage = await setStage(compileTiny);
  server = stage.server;
});

after(() => stage?.close());

// Every test begins with nothing kept.
beforeEach(async () => {
  if (skip) return;
  await page?.close();
  server.state.meddle = () => false;
  server.state.ranges = true;
  page = await openPage(stage);
  await page.evaluate(async () => {
    await (await navigator.storage.getDirectory()).removeEntry('quern', { recursive: true }).catch(() => undefined);
  });
  expected ??= (await load('/bundles/tiny')).tokens;
  await page.evaluate(async () => {
    for (const { address } of await window.quern.models()) await window.quern.deleteModel(address);
  });
  server.log.length = 0;
});

/** Loads a model and lets it speak; what was said meanwhile and in the end. */
function load(address, options = {}) {
  return page.evaluate(
    async ([address, options]) => {
      const waited = new Set();
      const begin = performance.now();
      const told = () => ({ waited: [...waited], ms: performance.now() - begin });
      try {
        const onProgress = ({ waiting, text }) => {
          if (waiting && !text.includes(waiting)) throw new Error(`the text ${text} does not say ${waiting}`);
          if (waiting) waited.add(waiting);
        };
        const engine = await window.quern.createEngine(address, { ...options, onProgress });
        const { tokens } = await engine.completions.create({ prompt: 'ab', max_tokens: 12 });
        await engine.unload();
        return { tokens, ...told() };
      } catch ({ kind, name, message }) {
        return { kind: kind ?? name, message, ...told() };
      }
    },
    [address, { patience: PATIENCE, ...options }],
  );
}

/** Answers the first so many requests for a file otherwise. */
function meddle(file, times, answer) {
  let left = times;
  server.state.meddle = (request, response, path) => {
    if (new URL(request.url, 'http://localhost').pathname !== file || left === 0) return false;
    left--;
    answer(request, response, path);
    return true;
  };
}

/** Sends the head of what was asked for, then nothing more or the end of the connection. */
function headOnly(stalls, headers = {}) {
  return (request, response, path) => {
    const size = statSync(path).size;
    const { range } = request.headers;
    const start = Number(/bytes=(\d+)-/.exec(range ?? '')?.[1] ?? 0);
    response.writeHead(range ? 206 : 200, {
      ...headers,
      'content-length': size - start,
      ...(range && { 'content-range': `bytes ${start}-${size - 1}/${size}` }),
    });
    createReadStream(path, { start, end: start + HEAD - 1 })
      .on('end', () => stalls || setTimeout(() => request.socket.destroy(), 50))
      .pipe(response, { end: false });
  };
}

const status =
  (code, headers = {}) =>
  (_request, response) =>
    response.writeHead(code, headers).end('busy');

const requests = (file) => server.log.filter((line) => line.includes(file));

const FAULTS = {
  // Long enough that a busy machine is not taken for a server that stalls.
  stalls: { answer: headOnly(true), stallMs: 2000, says: /^no data for 2 s, trying again$/, resumes: true },
  'breaks off': { answer: headOnly(false), says: /^the network failed \(.*\), trying again$/, resumes: true },
  'is refused once with 503': { answer: status(503), says: /^the server answered 503, trying again$/ },
  'is refused with 429 for a second': {
    answer: status(429, { 'retry-after': '1' }),
    says: /^the server answered 429, trying again in 1 s$/,
    least: 1000,
  },
};

for (const [what, { address, file }] of Object.entries(SOURCES)) {
  for (const [how, { answer, says, resumes, stallMs, least = 0 }] of Object.entries(FAULTS)) {
    test(`a ${what} that ${how} is loaded all the same`, { skip }, async () => {
      meddle(file, 1, answer);
      const patience = { ...PATIENCE, ...(stallMs && { stallMs }) };
      const { tokens, waited, ms, message } = await load(address, { patience });
      assert.deepEqual(tokens, expected, message);
      assert.ok(
        waited.some((text) => says.test(text)),
        waited.join('; '),
      );
      assert.ok(ms >= least);
      const [, second, ...more] = requests(file);
      assert.deepEqual(more, []);
      if (resumes) assert.equal(Number(/bytes=(\d+)-/.exec(second)[1]), HEAD);
    });
  }

  test(`a ${what} whose server stays busy is given up after so many tries`, { skip }, async () => {
    meddle(file, Infinity, status(502));
    const { kind, message } = await load(address);
    assert.equal(kind, 'network');
    assert.match(message, /cannot be fetched: the server answered 502\. (Load|Try) again/);
    assert.equal(requests(file).length, PATIENCE.tries);
  });

  test(`a ${what} whose server asks to be left alone for a day is not asked for again`, { skip }, async () => {
    meddle(file, Infinity, status(429, { 'retry-after': '86400' }));
    const { kind, message } = await load(address);
    assert.equal(kind, 'network');
    assert.match(message, /the server answered 429 and asks to be left alone for 24 h\./);
    assert.equal(requests(file).length, 1);
  });

  test(`a ${what} that is not there is not asked for twice`, { skip }, async () => {
    meddle(file, Infinity, status(404));
    assert.match((await load(address)).message, /the server answered 404/);
    assert.equal(requests(file).length, 1);
  });

  test(`a web page in the place of a ${what} is called one`, { skip }, async () => {
    meddle(file, Infinity, (_request, response) =>
      response
        .writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
        .end('<!doctype html><title>Welcome to our network</title>'),
    );
    const { kind, message } = await load(address);
    assert.equal(kind, 'network');
    assert.match(message, /a web page came in its place\. The network may want you to sign in first/);
    server.state.meddle = () => false;
    assert.deepEqual((await load(address)).tokens, expected);
  });

  test(`loading a ${what} is aborted while it waits`, { skip }, async () => {
    meddle(file, Infinity, status(503, { 'retry-after': '60' }));
    const found = await page.evaluate(
      async ([address, patience]) => {
        const abortion = new AbortController();
        const onProgress = ({ waiting }) => waiting && setTimeout(() => abortion.abort(), 50);
        const begin = performance.now();
        const problem = await window.quern
          .createEngine(address, { patience, onProgress, signal: abortion.signal })
          .catch((thrown) => thrown);
        return { name: problem.name, ms: performance.now() - begin };
      },
      [address, PATIENCE],
    );
    assert.equal(found.name, 'AbortError');
    assert.ok(found.ms < 20_000);
  });
}

test('weights that are replaced while they come are fetched as a whole once more', { skip }, async () => {
  const { address, file } = SOURCES.bundle;
  let tries = 0;
  meddle(file, 2, (request, response, path) => {
    if (++tries === 1) return headOnly(false, { etag: '"old"' })(request, response, path);
    const bytes = readFileSync(path).subarray(HEAD).fill(7);
    const size = HEAD + bytes.length;
    response
      .writeHead(206, {
        etag: '"new"',
        'content-range': `bytes ${HEAD}-${size - 1}/${size}`,
        'content-length': bytes.length,
      })
      .end(bytes);
  });
  const { tokens, message } = await load(address);
  assert.deepEqual(tokens, expected, message);
  assert.equal(requests(file).length, 3);
});

test('a model file that is replaced while it comes is named', { skip }, async () => {
  const { address, file } = SOURCES['model file'];
  let tries = 0;
  meddle(file, 2, (request, response, path) => headOnly(false, { etag: `"${++tries}"` })(request, response, path));
  const { kind, message } = await load(address);
  assert.equal(kind, 'network');
  assert.match(message, /has changed on its server meanwhile \(the server names another version\)\. Open it again/);
});

test('a server that sends other bytes than it was asked for is not believed', { skip }, async () => {
  const { address, file } = SOURCES.bundle;
  meddle(file, Infinity, headOnly(false));
  let first = true;
  const { meddle: cutting } = server.state;
  server.state.meddle = (request, response, path) => {
    if (request.url !== file || first) {
      first &&= request.url !== file;
      return cutting(request, response, path);
    }
    // Whatever was asked for, the beginning.
    response.writeHead(206, { 'content-range': 'bytes 0-99/100000', 'content-length': 100 }).end(Buffer.alloc(100));
    return true;
  };
  const { kind, message } = await load(address);
  assert.equal(kind, 'network');
  assert.match(message, new RegExp(`asked for the bytes from ${HEAD} on, the server sent those from 0 on`));
});

test('a model file of a server without ranges begins anew where no version is named', { skip }, async () => {
  const { address, file } = SOURCES['model file'];
  server.state.ranges = false;
  meddle(file, 1, (request, response, path) => {
    delete request.headers.range;
    headOnly(false)(request, response, path);
  });
  const { tokens, message } = await load(address);
  assert.deepEqual(tokens, expected, message);
});

test('the engine itself is waited for too', { skip }, async () => {
  meddle('/quern/quern.wasm', 1, status(503));
  assert.deepEqual((await load('/bundles/tiny')).tokens, expected);
  meddle('/quern/quern-compiler.wasm', 1, headOnly(false));
  assert.deepEqual((await load('/bundles/tiny.gguf')).tokens, expected);
});

test('a model that is kept does not wait for a server that is busy', { skip }, async () => {
  await load('/bundles/tiny');
  server.log.length = 0;
  meddle('/bundles/tiny/manifest.json', Infinity, status(503));
  assert.deepEqual((await load('/bundles/tiny')).tokens, expected);
  assert.equal(requests('manifest.json').length, 1);
});

test('waits grow, and are those that the server asks for', async () => {
  const { PATIENCE: usual, retryAfterMs, waitMs } = await import('../dist/patience.js');
  const between = (value, least, most) => assert.ok(value >= least && value <= most, `${value}`);
  for (const [failures, most] of [
    [0, 500],
    [1, 500],
    [2, 1000],
    [3, 2000],
    [5, 8000],
    [6, 16_000],
    [20, 16_000],
  ]) {
    between(waitMs(usual, failures, undefined), most / 2, most);
  }
  assert.equal(waitMs(usual, 1, 3000), 3000);
  assert.equal(waitMs(usual, 1, 3_600_000), 120_000);
  assert.equal(retryAfterMs('7'), 7000);
  assert.equal(retryAfterMs('Wed, 21 Oct 2026 07:28:10 GMT', Date.UTC(2026, 9, 21, 7, 28, 0)), 10_000);
  assert.equal(retryAfterMs('Wed, 21 Oct 2026 07:28:10 GMT', Date.UTC(2026, 9, 21, 8, 0, 0)), 0);
  assert.equal(retryAfterMs('soon'), undefined);
  assert.equal(retryAfterMs(null), undefined);
});
