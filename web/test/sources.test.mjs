// What holds of the sources: no module needs itself, and what browsers keep for a site is asked for in one place.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** The text of each module of a folder, by its name. */
function modules(folder) {
  const names = readdirSync(join(root, folder)).filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'));
  return new Map(names.map((name) => [name, readFileSync(join(root, folder, name), 'utf8')]));
}

/** The modules of the same folder that a text imports; with types, or only what is there when it runs. */
function imports(text, types) {
  const found = new Set();
  for (const [, type, name] of text.matchAll(/(?:import|export)\s+(type\s)?[^;'"]*?from '\.\/([\w-]+)\.js'/g)) {
    if (types || !type) found.add(`${name}.ts`);
  }
  for (const [, name] of text.matchAll(/import(?:\(|\s+)'\.\/([\w-]+)\.js'/g)) found.add(`${name}.ts`);
  return [...found];
}

/** A circle of modules, or undefined. */
function circle(graph) {
  const done = new Set();
  const visit = (name, path) => {
    if (path.includes(name)) return [...path.slice(path.indexOf(name)), name];
    if (done.has(name)) return undefined;
    for (const next of graph.get(name) ?? []) {
      const found = visit(next, [...path, name]);
      if (found) return found;
    }
    done.add(name);
    return undefined;
  };
  for (const name of graph.keys()) {
    const found = visit(name, []);
    if (found) return found;
  }
  return undefined;
}

for (const folder of ['src', 'page/src']) {
  test(`no module of web/${folder} imports itself, over whatever others`, () => {
    const texts = modules(folder);
    const graph = new Map([...texts].map(([name, text]) => [name, imports(text, true)]));
    const edges = [...graph.values()].flat();
    assert.ok(edges.length > 20 && edges.every((name) => texts.has(name) || name === 'quern-runtime.ts'), `${edges}`);
    assert.equal(circle(graph)?.join(' → '), undefined);
  });
}

test('a circle is found', () => {
  const graph = new Map([
    ['a', ['b']],
    ['b', ['c', 'd']],
    ['c', []],
    ['d', ['b']],
  ]);
  assert.deepEqual(circle(graph), ['b', 'd', 'b']);
});

test('what browsers keep for a site, and may refuse, is asked for in one module', () => {
  const asked =
    /\b(localStorage|sessionStorage|indexedDB|caches\.|navigator\.(locks|storage|serviceWorker)|document\.cookie)/;
  for (const folder of ['src', 'page/src']) {
    for (const [name, text] of modules(folder)) {
      // Who uses an engine in a service worker has registered one.
      if (name === 'site-data.ts' || name === 'service-worker-engine.ts') continue;
      assert.doesNotMatch(text, asked, `${folder}/${name}`);
    }
  }
});

test('no test waits for a promise as if it were an answer', () => {
  // Playwright takes the promise of an asynchronous function for true, and does not ask again.
  for (const name of readdirSync(join(root, 'test')).filter((name) => name !== 'sources.test.mjs')) {
    assert.doesNotMatch(readFileSync(join(root, 'test', name), 'utf8'), /waitForFunction\(\s*async/, name);
  }
});

test('no line is over 120 columns', () => {
  const folders = ['src', 'page', 'page/src', 'page/service-worker', 'test', 'tools'];
  const files = folders.flatMap((folder) => readdirSync(join(root, folder)).map((name) => `${folder}/${name}`));
  const sources = files.filter((name) => /\.(ts|mjs|js|css)$/.test(name));
  assert.ok(sources.length > 80, `${sources.length} files`);
  const long = sources.flatMap((name) => {
    const lines = readFileSync(join(root, name), 'utf8').split('\n');
    return lines.flatMap((line, index) => ([...line].length > 120 ? [`${name}:${index + 1}`] : []));
  });
  assert.deepEqual(long, []);
});
