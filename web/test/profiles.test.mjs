// A bundle for browsers holds plans for several kinds of device over one set of weights; a software device gets the one
// made for it.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openPage, quern, setStage, skip } from './stage.mjs';
import { QUANTISED, writeTinyModel } from './tiny-model.mjs';

let stage, page;

before(async () => {
  if (skip) return;
  stage = await setStage((folder) => {
    writeTinyModel(join(folder, 'floats.gguf'));
    writeTinyModel(join(folder, 'quantised.gguf'), { seed: 7, encoding: QUANTISED });
    for (const name of ['floats', 'quantised']) {
      execFileSync(quern, ['export-web', join(folder, `${name}.gguf`), '-o', join(folder, name)], { stdio: 'ignore' });
    }
  });
  page = await openPage(stage);
});

after(() => stage?.close());

/** What a model says in the browser: greedily, after a prompt of several chunks of four tokens and one over. */
function complete(name, profile, options = {}) {
  return page.evaluate(
    async ([address, options, prompt]) => {
      const engine = await window.quern.createEngine(address, options);
      try {
        const { tokens } = await engine.completions.create({ prompt, max_tokens: 40 });
        return { tokens, profile: engine.model.profile, slow: engine.slow.map(({ kind }) => kind) };
      } finally {
        await engine.unload();
      }
    },
    [`/bundles/${name}/bundle/`, { ...options, ...(profile && { profile }) }, PROMPT],
  );
}

const PROMPT = 'a window in the mill';

test('plans for several devices share one set of weights', { skip }, () => {
  const bundle = join(stage.folder, 'quantised', 'bundle');
  const { profiles } = JSON.parse(readFileSync(join(bundle, 'manifest.json'), 'utf8'));
  assert.deepEqual(
    profiles.map(({ name }) => name),
    ['cpu-swiftshader', 'portable'],
  );
  // The weights, and the tables that grow with the context.
  assert.deepEqual(readdirSync(join(bundle, 'weights')), ['000.bin', '001.bin']);
});

for (const name of ['floats', 'quantised']) {
  test(`the software device runs the plan made for it, and says what the others say: ${name}`, { skip }, async () => {
    const chosen = await complete(name);
    assert.equal(chosen.profile, 'cpu-swiftshader');
    const portable = await complete(name, 'portable');
    assert.equal(portable.profile, 'portable');
    assert.deepEqual(chosen.tokens, portable.tokens);
    const jvm = ['run', join(stage.folder, name, 'bundle'), '-p', PROMPT, '-n', '40', '--json'];
    assert.deepEqual(chosen.tokens, JSON.parse(execFileSync(quern, jvm, { encoding: 'utf8' })).tokens);
  });
}

test('what is slow is told, with what to do', { skip }, async () => {
  assert.deepEqual((await complete('floats')).slow, ['software-device']);
  assert.deepEqual((await complete('floats', 'portable')).slow, ['software-device', 'plan']);
  const script = await complete('floats', undefined, { target: 'javascript' });
  assert.deepEqual(script.slow, ['software-device', 'javascript']);
  const told = await page.evaluate(async () => {
    const worker = () => new Worker('/quern/worker.js', { type: 'module' });
    const bundle = await window.quern.openWorkerBundle(worker, '/bundles/floats/bundle/', { profile: 'portable' });
    const engine = await bundle.load();
    try {
      return { before: bundle.slow, loaded: engine.slow };
    } finally {
      await engine.unload();
    }
  });
  assert.deepEqual(told.before, told.loaded);
  const [device] = told.loaded;
  assert.match(device.message + device.advice, /on the processor, which is slow.*hardware acceleration/);
  assert.match(told.loaded[1].advice, /quern compile MODEL --for web/);
});

test('compile --for web makes the plans that the page has', { skip }, () => {
  const target = join(stage.folder, 'for-web');
  const model = join(stage.folder, 'quantised.gguf');
  execFileSync(quern, ['compile', model, '--for', 'web', '-o', target], { stdio: 'ignore' });
  const files = (folder) => JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')).files;
  assert.deepEqual(files(target), files(join(stage.folder, 'quantised', 'bundle')));
});
