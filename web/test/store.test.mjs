// What is kept on the device: room asked for, damage mended, tabs side by side, models listed and deleted, and what
// remains where a browser offers less.
import assert from 'node:assert/strict';
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { compileTiny, openPage, setStage, skip } from './stage.mjs';

let stage, server, page, manifest;

before(async () => {
  if (skip) return;
  stage = await setStage((folder) => {
    compileTiny(folder, 'tiny', 1);
    compileTiny(folder, 'next', 2);
    cpSync(join(folder, 'tiny'), join(folder, 'twin'), { recursive: true });
  });
  server = stage.server;
  manifest = JSON.parse(readFileSync(join(stage.folder, 'tiny', 'manifest.json'), 'utf8'));
});

after(() => stage?.close());

// Every test begins with a new page and nothing kept.
beforeEach(async () => {
  if (skip) return;
  await page?.close();
  page = await open();
  await page.evaluate(async () => {
    await (await navigator.storage.getDirectory()).removeEntry('quern', { recursive: true }).catch(() => undefined);
    await caches.delete('quern');
  });
  server.log.length = 0;
});

const open = (script, argument) => openPage(stage, script, argument);

/** Loads a bundle in a page and lets it speak; what was said, or the error. */
function load(where, options = {}, address = '/bundles/tiny') {
  return where.evaluate(
    async ([address, options]) => {
      const warnings = new Set();
      try {
        const engine = await window.quern.createEngine(address, {
          ...options,
          onProgress: ({ warning }) => warning && warnings.add(warning),
        });
        const { tokens } = await engine.completions.create({ prompt: 'ab', max_tokens: 4 });
        await engine.unload();
        return { tokens, warnings: [...warnings] };
      } catch ({ kind, message }) {
        return { kind, message };
      }
    },
    [address, options],
  );
}

/** The names of everything in the store. */
const stored = () =>
  page.evaluate(async () => {
    const names = [];
    const quern = await (await navigator.storage.getDirectory()).getDirectoryHandle('quern');
    for await (const name of quern.keys()) names.push(name);
    return names;
  });

const kept = (where = page) => where.evaluate(() => window.quern.models());
const weightRequests = () => server.log.filter((line) => line.includes('/weights/'));
const sum = (files) => files.reduce((total, file) => total + file.bytes, 0);
const totalBytes = () => sum(manifest.files);
const weightFiles = () => manifest.files.filter(({ name }) => name.startsWith('weights/'));
const weightBytes = () => sum(weightFiles());

test('without room the model is loaded and not kept, or refused with the numbers', { skip }, async () => {
  await page.evaluate(() => {
    navigator.storage.estimate = () => Promise.resolve({ quota: 2_500_000, usage: 2_400_000 });
  });
  const { kind, message } = await load(page, { keep: 'required' });
  assert.equal(kind, 'quota');
  assert.match(message, /0\.3 MB more are to be kept, and the browser has room for 0\.1 MB \(2\.4 of 2\.5 MB are used/);
  assert.match(message, /Delete another model/);
  assert.deepEqual(weightRequests(), []);

  const { tokens, warnings } = await load(page);
  assert.equal(tokens.length, 4);
  assert.equal(warnings.length, 1);
  assert.match(warnings[0], /must be fetched again at the next visit/);
  await load(page);
  assert.equal(weightRequests().length, 2 * weightFiles().length);
});

test('a browser that stops writing in the middle does not stop the model', { skip }, async () => {
  await page.evaluate(() => {
    FileSystemWritableFileStream.prototype.write = () => Promise.reject(new DOMException('full', 'QuotaExceededError'));
  });
  const { kind, message } = await load(page, { keep: 'required' });
  assert.equal(kind, 'quota');
  assert.match(message, /keeps no more files here \(full\)/);
  const { tokens, warnings } = await load(page);
  assert.equal(tokens?.length, 4);
  assert.match(warnings[0], /full/);
  assert.deepEqual(await stored(), []);
});

test('what is not to be kept is not', { skip }, async () => {
  const { tokens, warnings } = await load(page, { keep: 'never' });
  assert.equal(tokens.length, 4);
  assert.deepEqual(warnings, []);
  assert.deepEqual(await kept(), []);
});

test('a damaged copy on the device is fetched once more', { skip }, async () => {
  const first = await load(page);
  const [{ sha256 }] = manifest.files.filter(({ name }) => name === 'weights/000.bin');
  await page.evaluate(async (key) => {
    const quern = await (await navigator.storage.getDirectory()).getDirectoryHandle('quern');
    const handle = await quern.getFileHandle(key);
    const bytes = new Uint8Array(await (await handle.getFile()).arrayBuffer());
    bytes[1000] ^= 1;
    const writable = await handle.createWritable();
    await writable.write(bytes);
    await writable.close();
  }, `${sha256}.0`);
  server.log.length = 0;
  assert.deepEqual(await load(page), first);
  assert.equal(weightRequests().length, 1);
  assert.deepEqual(await load(page), first);
  assert.equal(weightRequests().length, 1);
});

test('models are listed and deleted; what two share stays for the other', { skip }, async () => {
  await load(page);
  await load(page, {}, '/bundles/twin');
  const models = await kept();
  assert.deepEqual(
    models.map(({ address, name }) => ({ address, name })),
    ['tiny', 'twin'].map((each) => ({ address: `${server.url}/bundles/${each}/`, name: 'tiny' })),
  );
  for (const { kept_bytes, total_bytes } of models) {
    assert.equal(kept_bytes, total_bytes);
    assert.ok(total_bytes > weightBytes() && total_bytes <= totalBytes());
  }
  assert.equal(await page.evaluate(() => window.quern.deleteModel('/bundles/tiny')), true);
  assert.equal(await page.evaluate(() => window.quern.deleteModel('/bundles/tiny')), false);
  server.log.length = 0;
  assert.equal((await load(page, {}, '/bundles/twin')).tokens.length, 4);
  assert.deepEqual(weightRequests(), []);

  await page.evaluate((address) => window.quern.deleteModel(address), models[1].address);
  assert.deepEqual(await kept(), []);
  const { store, used_bytes, quota_bytes, persisted } = await page.evaluate(() => window.quern.storage());
  assert.equal(store, 'private file system');
  assert.ok(used_bytes < quota_bytes && quota_bytes > 1e6);
  assert.equal(typeof persisted, 'boolean');
});

test('a model that is replaced on its server takes the place of the old one here', { skip }, async () => {
  const { tokens } = await load(page);
  const before = await stored();
  // Some weights are others; the kernels and the tokenizer are the same files.
  await page.route('**/bundles/tiny/**', (route) =>
    route.continue({ url: route.request().url().replace('/tiny/', '/next/') }),
  );
  const next = await load(page);
  assert.notDeepEqual(next.tokens, tokens);
  const [model, ...others] = await kept();
  assert.deepEqual(others, []);
  assert.equal(model.kept_bytes, model.total_bytes);
  assert.equal((await stored()).length, before.length);
});

test('a model that is kept opens when its server is gone', { skip }, async () => {
  const first = await load(page);
  await page.route('**/bundles/**', (route) => route.abort());
  assert.deepEqual(await load(page), first);
  await page.evaluate(() => window.quern.deleteModel('/bundles/tiny'));
  const { kind, message } = await load(page, { patience: { backoffMs: 1 } });
  assert.equal(kind, 'network');
  assert.match(message, /manifest\.json cannot be fetched/);
});

test('what is still being written is not listed, and what it will replace is', { skip }, async () => {
  const found = await page.evaluate(async () => {
    const { openPartStore } = await import('/quern/parts.js');
    const store = await openPartStore();
    const bytes = (text) => new TextEncoder().encode(text);
    await store.put('chat-one', bytes('before'));
    const quern = await (await navigator.storage.getDirectory()).getDirectoryHandle('quern');
    const writable = await (await quern.getFileHandle('chat-one')).createWritable();
    await writable.write(bytes('after that'));
    const during = await store.list();
    await writable.close();
    return { during, after: await store.list() };
  });
  assert.deepEqual(found.during, [{ key: 'chat-one', bytes: 6 }]);
  assert.deepEqual(found.after, [{ key: 'chat-one', bytes: 10 }]);
});

test('two tabs that load one model fetch its weights once', { skip }, async () => {
  const other = await open();
  const [mine, others] = await Promise.all([load(page), load(other)]);
  assert.equal(mine.tokens.length, 4);
  assert.deepEqual(others, mine);
  assert.equal(weightRequests().length, weightFiles().length);
  await other.close();
});

test(
  'a model that is deleted while another tab loads it is loaded there, and can be loaded again',
  { skip },
  async () => {
    const other = await open();
    let release;
    const held = new Promise((resolve) => (release = resolve));
    const asked = new Promise((resolve) => {
      void page.route('**/weights/**', async (route) => {
        resolve();
        await held;
        await route.continue();
      });
    });
    const loading = load(page);
    await asked;
    assert.equal(await other.evaluate(() => window.quern.deleteModel('/bundles/tiny')), true);
    release();
    const { tokens, warnings } = await loading;
    assert.equal(tokens.length, 4);
    assert.match(warnings.join(), /deleted from this device meanwhile/);
    assert.deepEqual(await kept(), []);
    assert.deepEqual((await load(other)).tokens, tokens);
    const [model] = await kept();
    assert.equal(model.kept_bytes, model.total_bytes);
    await other.close();
  },
);

test('in memory large models are not kept', async () => {
  // Node.js has none of the others.
  const { openPartStore, PART_BYTES } = await import('../dist/parts.js');
  const store = await openPartStore();
  assert.equal(store.name, 'memory');
  const part = new Uint8Array(PART_BYTES);
  for (let index = 0; index < 64; index++) await store.put(`part.${index}`, part);
  await assert.rejects(store.put('part.64', part), /in memory are 268 MB at most/);
  await store.put('part.0', part);
  await store.delete('part.0');
  await store.put('part.64', part);
  assert.equal((await store.list()).length, 64);
});

const LESS = {
  'no private file system': { hides: ['directory'], store: 'cache' },
  'a private file system that a page cannot write': { hides: ['writable'], store: 'cache' },
  'neither file system nor cache': { hides: ['directory', 'caches'], store: 'memory' },
};

for (const [what, { hides, store }] of Object.entries(LESS)) {
  test(`with ${what} the model is kept in: ${store}`, { skip }, async () => {
    const less = await open((hides) => {
      if (hides.includes('directory')) StorageManager.prototype.getDirectory = () => Promise.reject(new Error('none'));
      if (hides.includes('writable')) delete FileSystemFileHandle.prototype.createWritable;
      if (hides.includes('caches')) Object.defineProperty(window, 'caches', { value: undefined });
    }, hides);
    const first = await load(less);
    assert.equal(first.tokens.length, 4);
    assert.equal((await less.evaluate(() => window.quern.storage())).store, store);
    const [model] = await kept(less);
    assert.equal(model.kept_bytes, model.total_bytes);
    server.log.length = 0;
    assert.deepEqual(await load(less), first);
    assert.deepEqual(weightRequests(), []);
    await less.evaluate((address) => window.quern.deleteModel(address), model.address);
    assert.deepEqual(await kept(less), []);
    await less.close();
  });
}
